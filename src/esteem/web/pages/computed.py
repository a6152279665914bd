"""Measures counted from records: all of them, and one with its definition, its figures from the loaded records and its waterfall."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.evidence.computed_figures import MODES
from esteem.evidence.definitions.mhsds import Family, families
from esteem.evidence.explaining import Explanation, explain
from esteem.evidence.model import Measure
from esteem.evidence.record_measures import counted_for, find_slug, found_for, published_for, slug
from esteem.evidence.record_model import RecordMeasure
from esteem.evidence.records.record_store import LoadedRecords, RecordStore, months_in_words
from esteem.evidence.worked_cases import cases_of
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem
from esteem.web import reading
from esteem.web.downloads import files
from esteem.web.words.computed_view import ComputedView, CountedFor, computed_view, months_of
from esteem.web.words.figures import table_of

LONGEST = 100  # letters of a search or place that are read
INVENTED = "The records loaded here are of invented people. No figure on this page is about a real person or place."


@dataclass(frozen=True)
class FamilyLine:
    family: Family
    measures: tuple[tuple[str, RecordMeasure], ...]  # (id as an address has it, measure)


def records(data_set: str = "mhsds") -> LoadedRecords | None:
    """The records in use, if any."""
    return RecordStore().current_or_none(data_set)


def about(loaded: LoadedRecords | None) -> dict:
    """What every page of counted figures says of the records: for the banner, the phase line and the empty state."""
    return {
        "records": loaded,
        "invented": INVENTED if loaded and loaded.invented else "",
        "months_loaded": months_in_words(loaded.months) if loaded else "",
        "phase": "Counted from records; nothing here is advice.",
        "section": "computed",
    }


def computed_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = [line for family in families() if (line := _matching(family, text)).measures]
    context = about(records()) | {
        "title": "Measures counted from records",
        "families": found,
        "count": sum(len(line.measures) for line in found),
        "text": text,
        "breadcrumbs": [("Home", "/"), ("Measures", "/measures")],
    }
    return render(request, "computed_list.jinja", context)


def _matching(family: Family, text: str) -> FamilyLine:
    words = text.casefold().split()

    def fits(measure: RecordMeasure) -> bool:
        said = f"{measure.id} {measure.title} {family.title} {family.question}".casefold()
        return all(word in said for word in words)

    own = {slug(measure.id): measure for measure in reversed(family.measures) if fits(measure)}
    return FamilyLine(family, tuple(reversed(own.items())))


def one_computed(request: HttpRequest, measure: str) -> HttpResponse:
    name = find_slug(measure)
    found = found_for(name)[0]
    loaded = records(found.family.data_set)
    asked = _asked(request, name)
    view = _view(reading.snapshot(), asked, loaded.id) if loaded else None
    published = published_for(found)
    context = about(loaded) | {
        "title": f"{name}: {found.measure.title}",
        "view": view,
        "asked": asked,
        "slug": measure,
        "state": {"place": asked.place, "over": asked.over or None, "by": asked.by or None, "mode": _said_mode(asked)},
        "explained": _explained(reading.snapshot(), name),
        "published": published,
        "cases": cases_of(found.family),
        "months": months_of(loaded) if loaded else (),
        "breadcrumbs": [("Home", "/"), ("Measures", "/measures"), ("Counted from records", "/computed")],
    }
    return render(request, "computed.jinja", context)


def computed_file(request: HttpRequest, measure: str, extension: str) -> HttpResponse:
    """The figures of the page: of the place, its groups and every place."""
    name = find_slug(measure)
    loaded = RecordStore().current(found_for(name)[0].family.data_set)
    view = _view(reading.snapshot(), _asked(request, name), loaded.id)
    table = table_of(list(view.answers), view.measure, "Figures", f"{name}: {view.measure.title}, {view.period}")
    return files.table_response([table], extension, f"{measure}-{view.answers[0].place}", view.measure.title)


def computed_sql(request: HttpRequest, measure: str, engine: str) -> HttpResponse:
    """The SQL of the definition, to read or to run elsewhere."""
    name = find_slug(measure)
    found = _with_sql(reading.snapshot(), name)
    if engine not in found.sql:
        raise Problem("engine-unknown", f"The SQL is written for: {', '.join(found.sql)}.", engine)
    return files.response(found.sql[engine].encode(), "sql", f"{measure}-{engine}")


@dataclass(frozen=True)
class Counted:
    """What the page of a published measure says of counting it: ids that can be counted, and the first beside what is published."""

    ids: tuple[tuple[str, str, str], ...]  # (id as an address has it, national id, title)
    view: ComputedView | None
    invented: str
    why_not: str


def counted_beside(measure: Measure, place: str) -> Counted | None:
    """None where no definition counts the measure. Without records, or for a place that they do not hold, only why not."""
    found = counted_for(measure)
    if not found:
        return None
    ids = tuple((slug(one.measure.id), one.measure.id, one.measure.title) for one in found)
    loaded, view, why_not = records(found[0].family.data_set), None, "No records are loaded here."
    if loaded:
        try:
            view, why_not = _view(reading.snapshot(), CountedFor(found[0].measure.id, place), loaded.id), ""
        except Problem as problem:
            why_not = f"The loaded records give no figure for this place: {problem.rule} {problem.found}"
    return Counted(ids, view, about(loaded)["invented"], why_not)


def _asked(request: HttpRequest, name: str) -> CountedFor:
    get = {key: request.GET.get(key, "").strip()[:LONGEST] for key in ("place", "over", "by", "mode")}
    if get["mode"] not in ("", *MODES):
        raise Problem("mode-unknown", f"Records are counted in one of two modes: {', '.join(MODES)}.", get["mode"])
    return CountedFor(name, get["place"] or ENGLAND, get["over"], get["by"], get["mode"] or MODES[0])


def _said_mode(asked: CountedFor) -> str | None:
    return None if asked.mode == MODES[0] else asked.mode


@reading.remembered
def _view(snapshot, asked: CountedFor, edition: str) -> ComputedView:
    """Remembered for the edition, whose figures never change."""
    return computed_view(snapshot, RecordStore().find(found_for(asked.name)[0].family.data_set, edition), asked)


@reading.remembered
def _explained(snapshot, name: str) -> Explanation:
    """Without SQL, which takes longer to write than all the rest."""
    return explain(name, engines=())


@reading.remembered
def _with_sql(snapshot, name: str) -> Explanation:
    return explain(name)


routes = [
    path("computed", computed_list, name="computed-list"),
    path("computed/<slug:measure>", one_computed, name="computed"),
    path("computed/<slug:measure>/figures.<str:extension>", computed_file, name="computed-file"),
    path("computed/<slug:measure>/<slug:engine>.sql", computed_sql, name="computed-sql"),
]
