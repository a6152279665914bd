"""What the directory's pages and interfaces read from: the services as the store holds them now, kept in memory until the store changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock, Thread
from typing import TypeVar

from django.db import connection

from esteem.directory import queries, served
from esteem.directory.gazetteer import Place, PlaceFinder
from esteem.directory.needs import scheme
from esteem.directory.open_feed import Feed, Point
from esteem.directory.record import Service
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem
from esteem.web import directory_search
from esteem.web.words.find_help_state import code_of

Result = TypeVar("Result")

SMALL = 3000  # services that are read and indexed within a request; more are made ready beside it, while readers keep what they have


class Held:
    """The directory as it stood at one moment: services, feed, index. Never changed once made; what is made of it is kept with it."""

    def __init__(self, stamp: tuple, services: tuple[Service, ...]):
        self.stamp, self.services = stamp, services
        self.by_code = {code_of(one.id): one for one in services}
        self.made: dict[str, object] = {}

    @cached_property
    def feed(self) -> Feed:
        return Feed(self.services, scheme())


_lock = Lock()
_now: dict[str, Held] = {}  # under "held", when there is one
_making = Lock()


def held() -> Held:
    """The directory as it stands now. A changed store is read anew and swapped in whole; readers of the old one go on with it."""
    directory_search.until_filled()
    stamp = (queries.newest_change(), queries.count())
    current = _now.get("held")
    if current is not None and current.stamp == stamp:
        return current
    if current is not None and len(current.services) > SMALL:
        if _making.acquire(blocking=False):
            Thread(target=_make_beside, args=(stamp, current.services), daemon=True).start()
        return current
    with _lock:
        current = _now.get("held")
        if current is None or current.stamp != stamp:
            with directory_search.uncollected():
                known = current.services if current is not None else directory_search.indexed()
                _now["held"] = current = Held(stamp, tuple(queries.services_since(known)))
        return current


def _make_beside(stamp: tuple, known: Sequence[Service]) -> None:
    try:
        with directory_search.uncollected():
            made = Held(stamp, tuple(queries.services_since(known)))
            _ = made.feed
        _now["held"] = made
    finally:
        connection.close()  # a thread of our own has one of its own
        _making.release()


def services() -> tuple[Service, ...]:
    """Every service that residents may see."""
    return held().services


def feed() -> Feed:
    """The open feed, of what is confirmed."""
    return held().feed


def made_of_feed(work: Callable[[Feed], Result]) -> Result:
    """What `work` makes of the feed, made once for each state of the store."""
    current, key = held(), f"{work.__module__}.{work.__qualname__}"
    if key not in current.made:
        current.made[key] = work(current.feed)
    return current.made[key]


def warm() -> None:
    """Make ready what the first visitor would wait for: the index, the places, what words mean."""
    directory_search.index()
    places().names_known()


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
    known = held().by_code
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
    if code not in served.NAMES:
        raise Problem("area-unknown", "An area is a district that this directory serves.", code[:20], "Choose one from the list.")
    wanted = {code, ENGLAND, *places().counties_of(code)}
    return served.NAMES[code], [one for one in listed if wanted & _served_by(one)]


def _served_by(service: Service) -> set[str]:
    return {area for part in service.coverage for area in part.areas}


# ---------------------------------------------------------------- places


def places() -> PlaceFinder:
    return directory_search.finder()


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
    return sorted(served.NAMES.items(), key=lambda pair: pair[1])
