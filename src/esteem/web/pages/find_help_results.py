"""Results of find help, and the same for another site to show in a frame. Words typed are looked at and forgotten."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from esteem.directory import actions
from esteem.directory.crisis import panel as crisis
from esteem.directory.eligible import Person
from esteem.directory.needs import scheme
from esteem.directory.opening import open_at
from esteem.directory.search import Found, Query, search
from esteem.web import directory_reading, directory_search
from esteem.web.find_help import answer_page, person_of
from esteem.web.languages import say
from esteem.web.words import crisis_numbers, find_help_choices
from esteem.web.words import find_help_results as words
from esteem.web.words.find_help_state import State

LONDON = ZoneInfo("Europe/London")
PAGE = 10
_SAFE_PLACES = 3


def results(request: HttpRequest) -> HttpResponse:
    state = State.of(request.GET)
    if not state.asked and not words.filters_open(state) and not state.postcode:
        return redirect(state.at("/find-help"))
    response = answer_page(request, "find_help/results.jinja", state, _context(state))
    response["Cache-Control"] = "no-store"  # what somebody typed stays out of a shared browser's cache
    return response


def embed(request: HttpRequest) -> HttpResponse:
    """A short list for a frame on another site: no form, links that open here."""
    state = State.of(request.GET)
    return answer_page(request, "find_help/embed.jinja", state, _context(state))


def _context(state: State) -> dict:
    index, now = directory_search.index(), datetime.now(LONDON)
    found = search(index, query_of(state, now), directory_search.place_named_in)
    asking = _asking(state, found, now)
    _count(found, asking)
    rows = [(one, words.row(one, index.services[one.number], asking)) for one in found.results]
    return {
        "title": say("Results"),
        "panel": crisis_numbers.view(_panel(found, state, asking)),
        "corrected": found.corrected,
        "understood": words.understood(found, state),
        "relaxed": " ".join(found.relaxed),
        "place_problem": directory_reading.place_problem(state.postcode),
        "options": words.options(index.columns.language_names, state),
        "filters_open": words.filters_open(state),
        "clear": State(q=state.q, needs=state.needs, postcode=state.postcode, saved=state.saved, lang=state.lang).at("/find-help/results"),
        "count_words": words.count_words(found),
        "rows": [row for one, row in rows if row.answer != "no"],
        "not_for_you": [row for one, row in rows if row.answer == "no"],
        "first": (state.page - 1) * PAGE + 1,
        "previous": state.but(page=state.page - 1).at("/find-help/results") if state.page > 1 else "",
        "next": state.but(page=state.page + 1).at("/find-help/results") if state.page * PAGE < found.total else "",
        "near_needs": _near(found, state),
        "found_address": state.but(q="", needs=found.understood_needs[:3]).at("/find-help/found"),
        "invented": any(row.invented for _, row in rows),
        "sensitive": any(scheme().by_id[need].crisis != "none" for need in found.understood_needs[:1] if need in scheme().by_id),
    }


def _asking(state: State, found: Found, now: datetime) -> words.Asking:
    """What is known of the person, from choices and from what was read out of the words."""
    asked, chosen = found.query, person_of(state)
    low, high = asked.ages or (None, None)
    gender = asked.genders[0] if len(asked.genders) == 1 else chosen.gender
    person = Person(low, high, gender, asked.who, asked.areas, found.understood_needs)
    known = person.age_said or person.gender or person.who or person.areas
    place = directory_reading.place(state.postcode) or directory_reading.place(asked.place_name)
    return words.Asking(state, person if known else None, place, now)


def query_of(state: State, now: datetime) -> Query:
    person, place = person_of(state), directory_reading.place(state.postcode)
    return Query(
        text=state.q,
        needs=state.needs,
        ages=(person.age_from, person.age_to) if person.age_said else None,
        who=state.who,
        genders=(state.gender,) if state.gender in ("women", "men") else (),
        free=state.free,
        channels=state.channels,
        languages=(state.language,) if state.language else (),
        access=state.access,
        when=state.when,
        point=(place.latitude, place.longitude) if place else None,
        areas=place.areas if place else frozenset(),
        place_name=place.name if place else "",
        undo=frozenset(state.off),
        as_typed="spelling" in state.off,
        at=now,
        page=state.page,
        per_page=PAGE,
    )


def _panel(found: Found, state: State, asking: words.Asking) -> crisis.Panel:
    ages = found.query.ages
    age = ages[1] if ages and ages[1] is not None else state.age
    what = crisis.about(state.q, age, found.query.who, found.query.areas)
    return crisis.panel(found.crisis, what, _safe_places(asking) if found.crisis == "crisis" else ())


def _safe_places(asking: words.Asking) -> tuple[tuple[str, str], ...]:
    """Places that help in a crisis, take people as they come and are open now. Invented ones never stand in the panel."""
    near = directory_search.index().safe_places
    opened = [
        one for one in near if open_at((*one.schedules, *(s for at in one.locations for s in at.schedules)), asking.now).state == "open"
    ]
    return tuple((one.id, one.name) for one in opened[:_SAFE_PLACES])


def _near(found: Found, state: State) -> list[find_help_choices.Choice]:
    """Needs close to the first that was understood."""
    first = next((need for need in found.understood_needs if need in scheme().by_id), None)
    if not first:
        return []
    return [
        find_help_choices.Choice(say(near.label), state.but(q="", needs=(near.id,), off=()).at("/find-help/results"))
        for near in scheme().near(first)
        if near.id not in found.understood_needs
    ][:3]


def _count(found: Found, asking: words.Asking) -> None:
    """Which needs were looked for in which district, and whether anything was there: never the words. First pages alone are counted."""
    if asking.state.page == 1 and found.understood_needs:
        area = asking.place.district if asking.place else ""
        actions.count_search(found.understood_needs[:3], area, found=bool(found.results) and not found.helplines, at=asking.now)


routes = [
    path("find-help/results", results, name="find-help-results"),
    path("find-help/embed", embed, name="find-help-embed"),
]
