"""The open feed at /oruk: Open Referral UK 3.0, all endpoints and parameters, for anyone, without a key.

Every answer, errors too, may be read by a page of any site (sharing.py). What it says is decided in directory/open_feed.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

from esteem.directory import openreferral
from esteem.directory.open_feed import Feed, Filters, Point, page_of, searchable, taxonomy_keeps
from esteem.directory.weekdays import DAYS
from esteem.terms.problems import Problem
from esteem.web import directory_reading

SPECIFICATION = "https://openreferraluk.org/specifications/3.0/openapi.json"
FEW, MOST = 50, 1000  # items of a page when nobody says how many, and at most
CACHE = "public, max-age=300"

Answer = Callable[..., HttpResponse]


def _endpoint(work: Callable[..., HttpResponse | dict]) -> Answer:
    @wraps(work)
    def view(request: HttpRequest, **parts) -> HttpResponse:
        made = work(request, directory_reading.feed(), **parts)
        response = made if not isinstance(made, dict) else JsonResponse(made, json_dumps_params={"ensure_ascii": False})
        response.headers.setdefault("Cache-Control", CACHE)
        return response

    return view


@_endpoint
def root(request: HttpRequest, feed: Feed) -> dict:
    return {"version": openreferral.VERSION, "profile": openreferral.PROFILE, "openapi_url": SPECIFICATION}


@_endpoint
def services(request: HttpRequest, feed: Feed) -> HttpResponse | dict:
    filters = _filters(request)
    found = feed.services(filters) if taxonomy_keeps(filters, openreferral.taxonomy_id(feed.scheme)) else []
    today = date.today()

    def whole(service) -> dict:
        return openreferral.as_service(service, feed.scheme, today)

    if _wanted(request, "minimal"):
        return _in_one([_minimal(service) for service in found])
    if _format(request) == "ndjson":
        return _lines(whole(service) for service in found)
    return _paged(request, found, whole if _wanted(request, "full") else openreferral.as_listed)


@_endpoint
def service(request: HttpRequest, feed: Feed, identifier: str) -> dict:
    found = feed.service(_identifier(identifier))
    if not found:
        raise _nothing("service", identifier)
    return openreferral.as_service(found, feed.scheme, date.today())


@_endpoint
def taxonomies(request: HttpRequest, feed: Feed) -> HttpResponse | dict:
    return _listing(request, [taxonomy for taxonomy in [openreferral.as_taxonomy(feed.scheme)] if _says(taxonomy, request)])


@_endpoint
def taxonomy(request: HttpRequest, feed: Feed, identifier: str) -> dict:
    return _one([openreferral.as_taxonomy(feed.scheme)], "taxonomy", identifier)


@_endpoint
def taxonomy_terms(request: HttpRequest, feed: Feed) -> HttpResponse | dict:
    wanted, parent = request.GET.get("taxonomy_id", "").lower(), request.GET.get("parent_id", "").lower()
    kept = [
        term
        for term in feed.terms
        if _says(term, request)
        and wanted in ("", term["taxonomy_id"])
        and parent in ("", term.get("parent_id"))
        and not (_wanted(request, "top_only") and "parent_id" in term)
    ]
    return _listing(request, kept)


@_endpoint
def taxonomy_term(request: HttpRequest, feed: Feed, identifier: str) -> dict:
    return _one(feed.terms, "taxonomy term", identifier)


@_endpoint
def organizations(request: HttpRequest, feed: Feed) -> HttpResponse | dict:
    rows = [_organization(request, feed, one) for one in feed.organizations]
    return _listing(request, [row for row in rows if _says(row, request)])


@_endpoint
def organization(request: HttpRequest, feed: Feed, identifier: str) -> dict:
    wanted = _identifier(identifier)
    found = next((one for one in feed.organizations if one.id == wanted), None)
    if not found:
        raise _nothing("organization", identifier)
    return _organization(request, feed, found)


@_endpoint
def services_at_locations(request: HttpRequest, feed: Feed) -> HttpResponse | dict:
    filters = _filters(request)
    found = feed.services_at_locations(filters) if taxonomy_keeps(filters, openreferral.taxonomy_id(feed.scheme)) else []
    today = date.today()

    def written(pair) -> dict:
        return openreferral.as_service_at_location(*pair, feed.scheme, today)

    return _lines(map(written, found)) if _format(request) == "ndjson" else _paged(request, found, written)


@_endpoint
def service_at_location(request: HttpRequest, feed: Feed, identifier: str) -> dict:
    found = feed.places.get(_identifier(identifier))
    if not found:
        raise _nothing("service at location", identifier)
    return openreferral.as_service_at_location(*found, feed.scheme, date.today())


# ---------------------------------------------------------------- what was asked


def _filters(request: HttpRequest) -> Filters:
    return Filters(
        search=_text(request, "search"),
        taxonomy_term_id=_text(request, "taxonomy_term_id"),
        taxonomy_id=_text(request, "taxonomy_id"),
        organization_id=_text(request, "organization_id"),
        modified_after=_read(request, "modified_after", _moment, "a day or a moment such as 2026-11-01 or 2026-11-01T09:00:00Z"),
        minimum_age=_read(request, "minimum_age", float, "a number of years"),
        maximum_age=_read(request, "maximum_age", float, "a number of years"),
        start_time=_read(request, "start_time", _clock, "a time such as 09:00"),
        end_time=_read(request, "end_time", _clock, "a time such as 17:30"),
        day=_read(request, "day", _day, f"one of {', '.join(DAYS)}") or "",
        near=_read(request, "postcode", _point, "a postcode of the area that this directory serves"),
        proximity=_read(request, "proximity", _metres, "a number of metres"),
    )


def _text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").strip()


def _read(request: HttpRequest, name: str, read: Callable, rule: str):
    """The parameter as `read` gives it, None when it is not there. Problem `parameter-wrong`."""
    given = _text(request, name)
    if not given:
        return None
    try:
        return read(given)
    except (ValueError, Problem):
        raise Problem("parameter-wrong", f"{name} is {rule}.", given[:80], "Correct it, or leave it out.", column=name) from None


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text.replace("Z", "+00:00").replace(" ", "+"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _clock(text: str) -> time:
    return time.fromisoformat(text).replace(tzinfo=None)


def _day(text: str) -> str:
    if text.upper() not in DAYS:
        raise ValueError(text)
    return text.upper()


def _point(text: str) -> Point:
    return directory_reading.point(text)


def _metres(text: str) -> float:
    metres = float(text)
    if not 0 <= metres < float("inf"):
        raise ValueError(text)
    return metres


def _count(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if number < 1:
            raise ValueError(text)
        return min(number, most)

    return read


def _wanted(request: HttpRequest, name: str) -> bool:
    return _text(request, name).lower() in ("true", "1", "yes")


def _format(request: HttpRequest) -> str:
    found = _text(request, "format").lower() or "json"
    if found not in ("json", "ndjson"):
        raise Problem("parameter-wrong", "format is json or ndjson.", found[:80], "Correct it, or leave it out.", column="format")
    return found


def _identifier(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise Problem("identifier-wrong", "An identifier is a UUID.", text[:80], "Take it from a list of this feed.") from None


def _nothing(what: str, identifier: str) -> Problem:
    return Problem(f"{what.replace(' ', '-')}-unknown", f"There is no {what} with this identifier.", identifier, "Take it from a list.")


# ---------------------------------------------------------------- how it is answered


def _says(row: dict, request: HttpRequest) -> bool:
    text = searchable(row["name"], row.get("description", ""))
    return all(word in text for word in searchable(_text(request, "search")).split())


def _one(rows: Iterable[dict], what: str, identifier: str) -> dict:
    wanted = _identifier(identifier)
    found = next((row for row in rows if row["id"] == wanted), None)
    if not found:
        raise _nothing(what, identifier)
    return found


def _organization(request: HttpRequest, feed: Feed, found) -> dict:
    made = openreferral.as_organization(found)
    if _wanted(request, "full_service") or _wanted(request, "full"):
        today = date.today()
        made["services"] = [openreferral.as_service(service, feed.scheme, today) for service in feed.services_of(found.id)]
    return made


def _minimal(found) -> dict:
    listed = openreferral.as_listed(found)
    return {name: listed[name] for name in ("id", "name", "status", "last_modified") if name in listed}


def _listing(request: HttpRequest, rows: list[dict]) -> HttpResponse | dict:
    return _lines(rows) if _format(request) == "ndjson" else _paged(request, rows, dict)


def _paged(request: HttpRequest, rows: list, write: Callable) -> dict:
    page = _read(request, "page", _count(10**9), "the number of a page, from 1") or 1
    size = _read(request, "per_page", _count(MOST), f"how many items a page holds, from 1 to {MOST}") or FEW
    return page_of(rows, page, size, write)


def _in_one(rows: list[dict]) -> dict:
    return page_of(rows, 1, max(len(rows), 1), dict)


def _lines(rows: Iterable[dict]) -> StreamingHttpResponse:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8")


routes = [
    path("oruk", root, name="open-referral"),
    path("oruk/", root),
    path("oruk/services", services),
    path("oruk/services/<str:identifier>", service),
    path("oruk/taxonomies", taxonomies),
    path("oruk/taxonomies/<str:identifier>", taxonomy),
    path("oruk/taxonomy_terms", taxonomy_terms),
    path("oruk/taxonomy_terms/<str:identifier>", taxonomy_term),
    path("oruk/organizations", organizations),
    path("oruk/organizations/<str:identifier>", organization),
    path("oruk/service_at_locations", services_at_locations),
    path("oruk/service_at_locations/<str:identifier>", service_at_location),
]
