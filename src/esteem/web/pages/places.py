"""Places: find one by name, code or postcode; one place with what holds it, what it was, and its figures; several added together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.web import reading
from esteem.web.words.place_group import built, choices
from esteem.web.words.place_search import find_places, place_index
from esteem.web.words.place_view import KINDS, place_view

LONGEST = 100  # letters of a search that are read
MOST = 60  # places of a group


def place_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    snapshot = reading.snapshot()
    context = {
        "title": "Find a place",
        "section": "places",
        "text": text,
        "found": find_places(snapshot.geography, places_index(snapshot), text) if text else None,
        "kinds": KINDS,
        "shortcuts": reading.places_of_strategies(),
        "breadcrumbs": [("Home", "/")],
    }
    return render(request, "places.jinja", context)


def group(request: HttpRequest) -> HttpResponse:
    """Build a group of places: `in` holds its codes joined by +, `q` what to look for to add. Nothing is kept but the address."""
    snapshot = reading.snapshot()
    codes = [code for part in request.GET.getlist("in")[:MOST] for code in part.replace("+", " ").split()]
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = find_places(snapshot.geography, places_index(snapshot), text, 12) if text else None
    context = {
        "title": "Your own group of places",
        "section": "places",
        "group": built(snapshot.geography, codes),
        "text": text,
        "found": found,
        "choices": choices(snapshot.geography, codes, found.places) if found else (),
        "kinds": KINDS,
        "breadcrumbs": [("Home", "/"), ("Places", "/places")],
    }
    return render(request, "group.jinja", context)


def one_place(request: HttpRequest, code: str) -> HttpResponse:
    view = _view(reading.snapshot(), code, request.as_at)
    context = {"title": view.name, "section": "places", "view": view, "breadcrumbs": [("Home", "/"), ("Places", "/places")]}
    return render(request, "place.jinja", context)


@reading.remembered
def places_index(snapshot):
    return place_index(snapshot.geography)


@reading.remembered
def _view(snapshot, code: str, as_at):
    return place_view(snapshot, code, as_at)


routes = [
    path("places", place_list, name="places"),
    path("places/group", group, name="group"),
    path("places/<str:code>", one_place, name="place"),
]
