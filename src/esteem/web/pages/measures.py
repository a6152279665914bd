"""Measures: all of them, one of them for a place, how one figure was computed, and each table and chart as a file."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from esteem.evidence import computed_how, publish
from esteem.evidence.ask import ask
from esteem.evidence.definitions import all_measures, find_measure
from esteem.evidence.model import Measure
from esteem.terms.periods import parse
from esteem.terms.problems import Problem
from esteem.web import as_at, reading
from esteem.web.downloads import files
from esteem.web.pages.computed import counted_beside
from esteem.web.pages.places import places_index
from esteem.web.words import addresses, place_names
from esteem.web.words.figures import by_latest, table_of
from esteem.web.words.groups import WORDS
from esteem.web.words.measure_view import Asked, MeasureView, default_place, measure_view
from esteem.web.words.place_search import find_places, places_with_figures
from esteem.web.words.place_view import KINDS

LONGEST = 200  # letters of a place that are read
CHARTS = ("history", "beside", "funnel", "map", "groups")


@dataclass(frozen=True)
class Topic:
    name: str
    measures: tuple[Measure, ...]


def measure_list(request: HttpRequest) -> HttpResponse:
    found: dict[str, list[Measure]] = {}
    for measure in all_measures().values():
        found.setdefault(measure.topic, []).append(measure)
    topics = [Topic(name, tuple(measures)) for name, measures in found.items()]
    context = {"title": "All measures", "section": "measures", "topics": topics, "breadcrumbs": [("Home", "/")]}
    return render(request, "measures.jinja", context)


def one_measure(request: HttpRequest, measure: str) -> HttpResponse:
    found = find_measure(measure)
    if found.id != measure:
        return redirect(addresses.measure(found.id))
    text = request.GET.get("place", "").strip()[:LONGEST]
    if text and not _is_code(text):
        return _choose_place(request, found, text)
    view, asked = _view_of(request, found)
    named = place_names.told(reading.snapshot().geography)
    context = {
        "title": found.question,
        "section": "measures",
        "view": view,
        "asked": asked,
        "state": _state(asked),
        "how": addresses.computed(view.latest) if view.latest else "",
        "counted": counted_beside(found, asked.place),
        "places": [(code, named(name)) for code, name in reading.places_of_strategies() if _has_figures(found, code)],
        "breadcrumbs": [("Home", "/"), ("Measures", "/measures")],
    }
    return render(request, "measure.jinja", context)


def _choose_place(request: HttpRequest, measure: Measure, text: str) -> HttpResponse:
    """A name or postcode in place of a code: straight on when one place of that name has figures, else the reader chooses."""
    snapshot = reading.snapshot()
    found = find_places(snapshot.geography, places_index(snapshot), text)
    with_figures = [place for place in found.places if _has_figures(measure, place.code)]
    if len(with_figures) == 1:
        query = request.GET.dict() | {"place": with_figures[0].code}
        return redirect(f"{addresses.measure(measure.id)}?{urlencode(query)}")
    context = {
        "title": f"{measure.title}: which place?",
        "section": "measures",
        "measure": measure,
        "text": text,
        "found": found,
        "with_figures": with_figures,
        "state": {name: value for name, value in request.GET.items() if name in ("by", "limits")},
        "kinds": KINDS,
        "breadcrumbs": [("Home", "/"), ("Measures", "/measures"), (measure.title, addresses.measure(measure.id))],
    }
    return render(request, "measure_place.jinja", context)


def _is_code(text: str) -> bool:
    geography = reading.snapshot().geography
    return all(geography.knows(part) for part in _joined(text).split("+") if part)


def _joined(text: str) -> str:
    """Codes joined by +, also where an address wrote the + unquoted and it came as a space."""
    parts = text.replace("+", " ").split()
    geography = reading.snapshot().geography
    return "+".join(parts) if len(parts) > 1 and all(geography.knows(part) for part in parts) else text


def _has_figures(measure: Measure, code: str) -> bool:
    snapshot = reading.snapshot()
    held = _held(snapshot, measure)
    return any(part in held for part in snapshot.geography.groups.get(code, (code,)))


@reading.remembered
def _held(snapshot, measure: Measure) -> frozenset[str]:
    return places_with_figures(snapshot, measure)


def measure_file(request: HttpRequest, measure: str, part: str, extension: str) -> HttpResponse:
    """`part` is "figures" (the history), "everywhere", "groups", or the name of a chart."""
    found = find_measure(measure)
    view, asked = _view_of(request, found)
    name = f"{found.id}-{asked.place.replace('+', '-')}-{part}"
    if extension in files.PICTURES:
        return files.chart_response(_chart(view, part), extension, name)
    return files.table_response(_tables(view, part), extension, name, found.title)


def how_computed(request: HttpRequest, measure: str) -> HttpResponse:
    found = find_measure(measure)
    snapshot = reading.snapshot()
    how = _how(snapshot, found, *_figure_asked(request), request.as_at)
    policies = [publish.POLICIES[name].words for name in how.answer.policies]
    context = {
        "title": "How this was computed",
        "section": "measures",
        "measure": found,
        "how": how,
        "value": publish.text(how.answer, found),
        "sentence": place_names.told(snapshot.geography)(publish.sentence(how.answer, found)),
        "policies": [words for words in policies if words not in how.withheld],
        "script_address": as_at.link(f"/measures/{found.id}/how.py?{request.GET.urlencode()}", request.as_at),
        "breadcrumbs": [("Home", "/"), ("Measures", "/measures"), (found.title, addresses.measure(found.id, place=how.answer.place))],
    }
    return render(request, "how.jinja", context)


def how_script(request: HttpRequest, measure: str) -> HttpResponse:
    found = find_measure(measure)
    told = _how(reading.snapshot(), found, *_figure_asked(request), request.as_at)
    return files.response(told.script.encode(), "py", f"{found.id}-{told.answer.place.replace('+', '-')}")


def _figure_asked(request: HttpRequest) -> tuple[str, str, str, str]:
    """(place, period, breakdown, category) of the figure to explain, as the address gives them."""
    return tuple(request.GET.get(name, "").strip() for name in ("place", "over", "by", "category"))


@reading.remembered
def _how(snapshot, measure: Measure, place: str, over: str, by: str, category: str, day):
    place = place or default_place(snapshot, measure)
    answers = ask(snapshot, measure, [place], parse(over) if over else None, by or None, as_at=day)
    chosen = [a for a in answers if a.category == (category or "All")] or ([] if category else answers)
    if not chosen:
        rule = f"{measure.title} has no figure for this place, period and group."
        raise Problem("figure-missing", rule, f"{place}, {over}, {category}", "Choose a figure from the page of the measure.")
    return computed_how.how(snapshot, measure, by_latest(chosen))


def _view_of(request: HttpRequest, measure: Measure) -> tuple[MeasureView, Asked]:
    get = request.GET
    by = get.get("by", "")
    if by and by not in measure.breakdowns:
        raise Problem("by-unknown", f"{measure.title} is broken down by: {_breakdowns(measure)}.", by, "Choose one of these.")
    snapshot = reading.snapshot()
    place = _joined(get.get("place", "").strip()) or default_place(snapshot, measure)
    asked = Asked(place, by, get.get("against", ""), get.get("limits") != "off", request.as_at, get.get("over", "").strip())
    return _remembered_view(snapshot, measure, asked), asked


def _breakdowns(measure: Measure) -> str:
    return ", ".join(WORDS.get(b, b) for b in measure.breakdowns) or "nothing"


@reading.remembered
def _remembered_view(snapshot, measure: Measure, asked: Asked) -> MeasureView:
    return measure_view(snapshot, measure, asked)


def _state(asked: Asked) -> dict:
    return {
        "place": asked.place,
        "over": asked.over or None,
        "by": asked.by or None,
        "against": asked.against or None,
        "limits": None if asked.limits else "off",
    }


def _chart(view: MeasureView, part: str):
    charts = {
        "history": view.history.chart,
        "beside": view.beside and view.beside.chart,
        "funnel": view.everywhere and view.everywhere.funnel,
        "map": view.everywhere and view.everywhere.map,
        "groups": view.groups and view.groups[0].chart,
    }
    if not charts.get(part):
        raise Problem(
            "chart-missing",
            "This page has no such chart for this place.",
            part,
            f"Charts are: {', '.join(c for c in charts if charts[c])}.",
        )
    return charts[part]


def _tables(view: MeasureView, part: str):
    measure = view.measure
    tables = {"figures": table_of(list(view.answers), measure, "Figures", f"{measure.title}, {view.place_name}", spc=True)}
    if view.everywhere:
        title = f"{measure.title}: {view.everywhere.kind_words}, {view.everywhere.period}"
        tables["everywhere"] = table_of(list(view.everywhere.answers), measure, "Every place", title)
    if view.groups:
        group = view.groups[0]
        title = f"{measure.title} by {group.by_words}, {group.place}, {group.period}"
        tables["groups"] = table_of(list(group.answers), measure, "Groups", title, against=bool(group.against))
    if part not in tables:
        raise Problem("table-missing", "This page has no such table for this place.", part, f"Tables are: {', '.join(tables)}.")
    return [tables[part], *(table for name, table in tables.items() if name != part)] if part == "figures" else [tables[part]]


routes = [
    path("measures", measure_list, name="measures"),
    path("measures/<slug:measure>", one_measure, name="measure"),
    path("measures/<slug:measure>/how", how_computed, name="how"),
    path("measures/<slug:measure>/how.py", how_script, name="how-script"),
    path("measures/<slug:measure>/<slug:part>.<str:extension>", measure_file, name="measure-file"),
]
