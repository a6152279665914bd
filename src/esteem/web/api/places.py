"""Places: found by name, code or postcode, and what is known of one."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router

from esteem.terms.places import KINDS, Place
from esteem.web import reading
from esteem.web.api import parameters, shapes
from esteem.web.api.answering import answered, page
from esteem.web.api.parameters import AS_AT, CURSOR, LIMIT
from esteem.web.words.place_view import place_view

router = Router(tags=["Places"])
_MOST_FOUND = 10_000  # more than there are
SEARCH = Query("", max_length=100, description="Part of a name, a code, or a postcode. Nothing lists every place.", examples=["Southend"])
KIND = Query("", pattern=f"^(?:|{'|'.join(KINDS)})$", description=f"Only places of one kind: {', '.join(KINDS)}.", examples=["icb"])


@router.get("/places", response=shapes.Page[shapes.PlaceAnswer], summary="Find places")
@answered
def places(request: HttpRequest, q: str = SEARCH, kind: str = KIND, limit: int = LIMIT, cursor: str = CURSOR):
    """Places by name, code or postcode, best first; without `q` every place by code."""
    geography = reading.snapshot().geography
    found = geography.search(q, _MOST_FOUND) if q.strip() else sorted(geography, key=lambda place: place.code)
    return page(request, [_place(place) for place in found if not kind or place.kind == kind], limit, cursor)


@router.get("/places/{code}", response=shapes.PlaceDetails, summary="One place")
@answered
def one_place(request: HttpRequest, code: str, as_at: str = AS_AT):
    """What a place is, what holds it, what it holds, what it followed, places like it, and the measures that have a figure for it."""
    geography = reading.snapshot().geography
    view = place_view(reading.snapshot(), parameters.where(code), request.as_at)
    return _place(geography.place(view.code)) | {
        "parts": [part for part, _ in view.parts],
        "related": [{"relation": relation, "code": near, "name": name} for relation, near, name in view.near],
        "comparators": [] if view.parts else _comparators(geography, view.code, request.as_at),
        "similar": [_place(geography.place(near)) for near, _ in view.similar],
        "similarity_rule": view.similarity_rule,
        "measures": [measure.id for _, measures in view.topics for measure in measures],
    }


def _comparators(geography, code: str, on) -> list[dict]:
    return [{"relation": role, "code": place.code, "name": place.name} for role, place in geography.comparators(code, on)]


def _place(place: Place) -> dict:
    return {
        "code": place.code,
        "name": place.name,
        "kind": place.kind,
        "valid_from": place.valid_from.isoformat() if place.valid_from else None,
        "valid_to": place.valid_to.isoformat() if place.valid_to else None,
        "note": place.note,
    }
