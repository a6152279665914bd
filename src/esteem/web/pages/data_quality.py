"""Data quality of the loaded records: every provider, and one with its tables, its emptiest columns and what was left out and why."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.evidence.records.provider_faults import provider_names
from esteem.evidence.records.record_store import RecordStore
from esteem.evidence.records.scorecard import ASPECTS
from esteem.terms.problems import Problem
from esteem.web import reading
from esteem.web.pages.computed import about, records
from esteem.web.words import place_names
from esteem.web.words.data_quality import ASPECT_WORDS, ProviderLine, ProviderView, provider_lines, provider_view

_CRUMBS = [("Home", "/"), ("Measures", "/measures"), ("Counted from records", "/computed")]


def every_provider(request: HttpRequest) -> HttpResponse:
    loaded = records()
    context = about(loaded) | {
        "title": "Data quality of providers",
        "providers": _lines(reading.snapshot(), loaded.id) if loaded else (),
        "aspects": [ASPECT_WORDS[aspect] for aspect in ASPECTS],
        "breadcrumbs": _CRUMBS,
        "section": "data-quality",
    }
    return render(request, "data_quality.jinja", context)


def one_provider(request: HttpRequest, provider: str) -> HttpResponse:
    loaded = RecordStore().current("mhsds")
    view = _view(reading.snapshot(), provider.upper(), loaded.id)
    if view is None:
        rule = "Data quality is told of the providers of the loaded records."
        raise Problem("provider-unknown", rule, provider, "Choose one from the list on /data-quality.")
    context = about(loaded) | {
        "title": f"Data quality: {view.name}",
        "view": view,
        "aspects": [ASPECT_WORDS[aspect] for aspect in ASPECTS],
        "breadcrumbs": [*_CRUMBS, ("Data quality", "/data-quality")],
        "section": "data-quality",
    }
    return render(request, "data_quality_provider.jinja", context)


def _name(snapshot, code: str, names: dict[str, str]) -> str:
    """As our figures name it, else as the records do."""
    geography = snapshot.geography
    return place_names.told(geography)(geography.place(code).name) if geography.knows(code) else names.get(code, code)


@reading.remembered
def _lines(snapshot, edition: str) -> list[ProviderLine]:
    loaded = RecordStore().find("mhsds", edition)
    names = provider_names(loaded)
    return [replace(line, name=_name(snapshot, line.code, names)) for line in provider_lines(loaded)]


@reading.remembered
def _view(snapshot, code: str, edition: str) -> ProviderView | None:
    loaded = RecordStore().find("mhsds", edition)
    return provider_view(loaded, code, _name(snapshot, code, provider_names(loaded)))


routes = [
    path("data-quality", every_provider, name="data-quality"),
    path("data-quality/<str:provider>", one_provider, name="data-quality-provider"),
]
