"""What the pages of find help have in common: the language, the list and the trail of each page, and what we know of the person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from esteem.directory import record
from esteem.directory.crisis.panel import ADULT
from esteem.directory.eligible import Person
from esteem.directory.travel import travel
from esteem.web import directory_reading, languages
from esteem.web.words.find_help_state import State

LEAVE = "https://www.bbc.co.uk/weather"
TRAIL = [("Find help", "/find-help")]


def answer_page(request: HttpRequest, template: str, state: State, context: dict) -> HttpResponse:
    """Renders a page of find help in the language that the address asks for. A sensitive page is not kept by the browser."""
    trail = [(languages.say(text), address) for text, address in context.pop("trail", TRAIL)]
    given = {"section": "find-help", "state": state, "leave_address": LEAVE, "language": languages.spoken(), "breadcrumbs": trail}
    response = render(request, template, given | context)
    if context.get("sensitive"):
        response["Cache-Control"] = "no-store"
    return response


def person_of(state: State) -> Person:
    """What we know of the person the help is for."""
    found = directory_reading.place(state.postcode)
    least, most = (None, ADULT - 1) if state.young else (state.age, state.age)
    return Person(least, most, state.gender, state.who, found.areas if found else frozenset(), state.needs)


def knows_something(state: State) -> bool:
    return bool(state.age is not None or state.young or state.gender or state.who or directory_reading.place(state.postcode))


def travel_to(found: record.Service, state: State) -> str:
    place = directory_reading.place(state.postcode)
    known = travel(found, place, step_free="step_free" in state.access) if place else None
    return known.words if known else ""
