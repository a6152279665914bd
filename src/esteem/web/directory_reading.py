"""What the directory's pages and interfaces read from: the services as the store holds them now, kept in memory until the store changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from threading import Lock
from typing import TypeVar

from esteem.directory import gazetteer, queries
from esteem.directory.gazetteer import Place, PlaceFinder
from esteem.directory.needs import scheme
from esteem.directory.open_feed import Feed, Point
from esteem.directory.record import Service
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem
from esteem.web import reading
from esteem.web.words.find_help_state import code_of

Result = TypeVar("Result")

# The place that this copy serves: the districts of Southend, Essex, Thurrock and Bexley.
SERVED = ("E06000033", "E06000034", "E09000004", *(f"E070000{number}" for number in range(66, 78)))

_lock = Lock()
_kept: dict[str, object] = {}  # the stamp of the store, its services and feed, and what was made of the feed


def services() -> tuple[Service, ...]:
    """Every service that residents may see. A changed store is read anew, whole; readers of the old one go on with it."""
    stamp = (queries.newest_change(), queries.count())
    with _lock:
        if _kept.get("stamp") != stamp:
            found = tuple(queries.services())
            _kept.clear()
            _kept.update(stamp=stamp, services=found, feed=Feed(found, scheme()), by_code={code_of(one.id): one for one in found})
        return _kept["services"]


def feed() -> Feed:
    """The open feed, of what is confirmed."""
    services()
    with _lock:
        return _kept["feed"]


def made_of_feed(work: Callable[[Feed], Result]) -> Result:
    """What `work` makes of the feed, made once for each state of the store."""
    current = feed()
    key = f"{work.__module__}.{work.__qualname__}"
    with _lock:
        if _kept.get("feed") is current and key in _kept:
            return _kept[key]
    made = work(current)
    with _lock:
        if _kept.get("feed") is current:
            _kept[key] = made
    return made


def service(identifier: object) -> Service:
    """One service that residents may see. Problem `service-unknown`, which says so when it was there once."""
    found = queries.service(str(identifier))
    if found.state not in queries.SHOWN:
        rule = "An entry is shown while somebody stands by it."
        raise Problem(
            "service-unknown", rule, "this entry has not been checked for too long, or has closed", "Search for other help near you."
        )
    return found


def by_codes(codes: Sequence[str]) -> tuple[list[Service], int]:
    """The services of a saved list in its order, and how many of them are no longer there."""
    services()
    with _lock:
        known = _kept["by_code"]
    found = [known[code] for code in codes if code in known]
    return found, len(codes) - len(found)


def of_area(code: str, around: str = "") -> tuple[str, list[Service]]:
    """(name, services) of a district, or of the ward in which the postcode `around` lies: those that serve it. Neither is the whole place.

    Problems `area-unknown`, `postcode-unknown`, `place-unknown`.
    """
    listed = [one for one in services() if one.layer == "services"]
    if around:
        found = places().find(around)
        return found.name, [one for one in listed if found.areas & _served_by(one)]
    if not code:
        return "Southend, Essex, Thurrock and Bexley", listed
    if code not in SERVED:
        raise Problem("area-unknown", "An area is a district that this directory serves.", code[:20], "Choose one from the list.")
    wanted = {code, ENGLAND, *places().counties_of(code)}
    return places().names[code], [one for one in listed if wanted & _served_by(one)]


def _served_by(service: Service) -> set[str]:
    return {area for part in service.coverage for area in part.areas}


# ---------------------------------------------------------------- places


@cache
def places() -> PlaceFinder:
    return gazetteer.place_finder(reading.snapshot())


def place(text: str) -> Place | None:
    """Where a postcode, town or district lies; None for nothing, or for what is not known (`place_problem` says so)."""
    try:
        return places().find(text) if text else None
    except Problem:
        return None


def place_problem(text: str) -> str:
    """What to tell somebody whose place we do not know; empty when there is nothing to tell."""
    try:
        if text:
            places().find(text)
    except Problem as wrong:
        return f"{wrong.rule} {wrong.remedy}"
    return ""


def point(text: str) -> Point:
    """Where a postcode lies. It is looked up and forgotten. Problems `postcode-unknown`, `place-unknown`."""
    found = places().find(text)
    return Point(found.latitude, found.longitude, found.areas)


def districts() -> list[tuple[str, str]]:
    return sorted(((code, places().names[code]) for code in SERVED), key=lambda pair: pair[1])
