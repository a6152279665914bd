"""Places: find one by name, code or postcode; one place with what holds it, what it was, and its figures; several added together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from esteem.terms.problems import Problem
from esteem.web import as_at, reading
from esteem.web.words import addresses
from esteem.web.words.place_view import KINDS, place_view


def place_list(request: HttpRequest) -> HttpResponse:
    if group := request.GET.get("group", "").strip()[:200]:
        return redirect(as_at.link(addresses.place(group), request.as_at))
    text = request.GET.get("q", "").strip()[:100]
    geography = reading.snapshot().geography
    problem, found = None, []
    if text:
        try:
            found = geography.search(text, 40)
        except Problem as raised:
            problem = raised
    context = {
        "title": "Find a place",
        "section": "places",
        "text": text,
        "found": found,
        "problem": problem,
        "kinds": KINDS,
        "shortcuts": reading.places_of_strategies(),
        "breadcrumbs": [("Home", "/")],
    }
    return render(request, "places.jinja", context)


def one_place(request: HttpRequest, code: str) -> HttpResponse:
    view = _view(reading.snapshot(), code, request.as_at)
    context = {"title": view.name, "section": "places", "view": view, "breadcrumbs": [("Home", "/"), ("Places", "/places")]}
    return render(request, "place.jinja", context)


@reading.remembered
def _view(snapshot, code: str, as_at):
    return place_view(snapshot, code, as_at)


routes = [
    path("places", place_list, name="places"),
    path("places/<str:code>", one_place, name="place"),
]
