"""One search for everything: measures, places (postcodes too), promises and the glossary."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.evidence.definitions import all_measures
from esteem.evidence.geography import written_postcode
from esteem.terms.problems import Problem
from esteem.web import reading
from esteem.web.words import search

LONGEST = 200  # letters of a search that are read
HEADINGS = {"measure": "Measures", "place": "Places", "promise": "Promises", "term": "Words explained"}


@reading.remembered
def _index(snapshot, promises) -> search.Index:
    entries = [
        *search.measure_entries(all_measures().values()),
        *search.place_entries(snapshot.geography),
        *search.promise_entries(promises),
        *search.term_entries(),
    ]
    return search.Index(entries)


def results(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    snapshot = reading.snapshot()
    at_postcode, problem = (), None
    if written_postcode(text):
        try:
            at_postcode = tuple(snapshot.geography.places_of_postcode(text))
        except Problem as raised:
            problem = raised
    found = _index(snapshot, tuple(reading.strategies().values())).search(text) if text else None
    context = {
        "title": f"Search: {text}" if text else "Search",
        "section": "search",
        "query": text,
        "found": found,
        "headings": HEADINGS,
        "at_postcode": search.place_entries(at_postcode),
        "problem": problem,
        "breadcrumbs": [("Home", "/")],
    }
    return render(request, "search.jinja", context)


routes = [path("search", results, name="search")]
