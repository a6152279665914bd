"""The open feed: which services it holds, and what its filters keep. Open Referral UK 3.0 with the parameters of the UK profile.

A feed is made once of all services and asked many times; it knows no database and no address. Only what is confirmed leaves: services that
are published, of the service layer, with a day of assurance (the standard promises less than three months).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property

from esteem.directory import openreferral, record
from esteem.directory.distance import metres_between
from esteem.directory.needs import Need, NeedsScheme, term_id

ENGLAND = "E92000001"
OPEN_STATES = ("published", "due")


@dataclass(frozen=True)
class Point:
    """Where a postcode lies: degrees, and the codes of every area that holds it (district, ward, small area, board)."""

    latitude: float
    longitude: float
    areas: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Filters:
    """What a reader of the feed asked for; every field left at its default keeps everything. All must hold (AND)."""

    search: str = ""
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    organization_id: str = ""
    modified_after: datetime | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    start_time: time | None = None
    end_time: time | None = None
    day: str = ""
    near: Point | None = None
    proximity: float | None = None  # metres


@dataclass(frozen=True)
class Listed:
    """A service with what the filters look at, worked out once."""

    service: record.Service
    words: str
    terms: frozenset[str]
    schedules: tuple[record.Schedule, ...] = field(repr=False)


class Feed:
    """`services` in the order of their names and ids, so that a page is the same each time."""

    def __init__(self, services: Iterable[record.Service], scheme: NeedsScheme):
        self.scheme = scheme
        known = scheme.by_id
        shown = [service for service in services if is_open(service)]
        self._listed = [_listed(service, known) for service in sorted(shown, key=lambda one: (one.name.casefold(), one.id))]
        self._by_id = {one.service.id: one for one in self._listed}

    @cached_property
    def organizations(self) -> list[record.Organization]:
        found = {one.service.organization.id: one.service.organization for one in self._listed}
        return sorted(found.values(), key=lambda one: (one.name.casefold(), one.id))

    @cached_property
    def terms(self) -> list[dict]:
        return openreferral.as_terms(self.scheme)

    @cached_property
    def places(self) -> dict[str, tuple[record.ServiceAtLocation, record.Service]]:
        return {place.id: (place, one.service) for one in self._listed for place in one.service.locations}

    @property
    def all(self) -> list[record.Service]:
        return [one.service for one in self._listed]

    def service(self, identifier: str) -> record.Service | None:
        found = self._by_id.get(identifier.lower())
        return found.service if found else None

    def services_of(self, organization: str) -> list[record.Service]:
        return [one.service for one in self._listed if one.service.organization.id == organization]

    def services(self, filters: Filters) -> list[record.Service]:
        tests = _tests(filters)
        if filters.near:
            tests.append(lambda one: _within(one.service, filters.near, filters.proximity))
        return [one.service for one in self._listed if all(test(one) for test in tests)]

    def services_at_locations(self, filters: Filters) -> list[tuple[record.ServiceAtLocation, record.Service]]:
        tests = _tests(filters)
        kept = [one.service for one in self._listed if all(test(one) for test in tests)]
        pairs = [(place, service) for service in kept for place in service.locations]
        if not filters.near:
            return pairs
        return [pair for pair in pairs if _place_within(pair[0], pair[1], filters.near, filters.proximity)]


def is_open(service: record.Service) -> bool:
    return service.layer == "services" and service.state in OPEN_STATES and service.assurance.assured_on is not None


def searchable(*texts: str) -> str:
    return " ".join(" ".join(texts).casefold().split())


def _listed(service: record.Service, known: dict[str, Need]) -> Listed:
    needs = [known[need] for need in service.needs if need in known]
    groups = {openreferral.group_id(need.group) for need in needs}
    terms = frozenset({term_id(need.id) for need in needs} | groups)
    words = searchable(service.name, service.organization.name, service.description, service.summary, *(need.label for need in needs))
    schedules = (*service.schedules, *(one for place in service.locations for one in place.schedules))
    return Listed(service, words, terms, schedules)


def _tests(filters: Filters) -> list[Callable[[Listed], bool]]:
    tests: list[Callable[[Listed], bool]] = []
    for words in searchable(filters.search).split():
        tests.append(lambda one, words=words: words in one.words)
    if filters.taxonomy_term_id:
        tests.append(lambda one: filters.taxonomy_term_id.lower() in one.terms)
    if filters.organization_id:
        tests.append(lambda one: one.service.organization.id == filters.organization_id.lower())
    if filters.modified_after:
        tests.append(lambda one: one.service.last_modified is not None and one.service.last_modified >= filters.modified_after)
    return tests + _age_tests(filters) + _time_tests(filters)


def taxonomy_keeps(filters: Filters, taxonomy: str) -> bool:
    """Whether a wish for one taxonomy leaves anything: there is one here."""
    return filters.taxonomy_id.lower() in ("", taxonomy)


def _age_tests(filters: Filters) -> list[Callable[[Listed], bool]]:
    """Literally as the profile says: a service whose minimum age is at least this, whose maximum age at most this."""
    tests: list[Callable[[Listed], bool]] = []
    least, most = filters.minimum_age, filters.maximum_age
    if least is not None:
        tests.append(lambda one: (age := one.service.eligibility.minimum_age) is not None and age >= least)
    if most is not None:
        tests.append(lambda one: (age := one.service.eligibility.maximum_age) is not None and age <= most)
    return tests


def _time_tests(filters: Filters) -> list[Callable[[Listed], bool]]:
    """One schedule must fit all that is asked of day and hours."""
    if not (filters.day or filters.start_time or filters.end_time):
        return []

    def fits(schedule: record.Schedule) -> bool:
        days = {day.strip()[-2:] for day in schedule.byday.split(",")}
        if filters.day and filters.day.upper() not in days:
            return False
        if filters.start_time and not (schedule.opens_at and schedule.opens_at >= filters.start_time):
            return False
        return not filters.end_time or _ends_by(schedule, filters.end_time)

    return [lambda one: any(fits(schedule) for schedule in one.schedules)]


def _ends_by(schedule: record.Schedule, end: time) -> bool:
    """Hours that run past midnight end on the next day: after every time of this one."""
    opens, closes = schedule.opens_at, schedule.closes_at
    return closes is not None and closes <= end and not (opens is not None and closes <= opens)


def _within(service: record.Service, near: Point, proximity: float | None) -> bool:
    if proximity is None:
        return _covers(service, near)
    return any(_metres(place.location, near) <= proximity for place in service.locations)


def _place_within(place: record.ServiceAtLocation, service: record.Service, near: Point, proximity: float | None) -> bool:
    return _covers(service, near) if proximity is None else _metres(place.location, near) <= proximity


def _covers(service: record.Service, near: Point) -> bool:
    """Whether the area served holds the point; a service that names no area is not turned away by it."""
    named = [code for area in service.coverage for code in area.areas]
    return not named or ENGLAND in named or not near.areas.isdisjoint(named)


def _metres(location: record.Location, near: Point) -> float:
    """Along the surface of a sphere; infinitely far without a position, as every confidential place is."""
    if location.latitude is None or location.longitude is None or location.confidential:
        return float("inf")
    return metres_between((location.latitude, location.longitude), (near.latitude, near.longitude))


def page_of(rows: Sequence, page: int, per_page: int, write: Callable[[object], dict]) -> dict:
    """One page in the standard's envelope. `size` is what this page holds; a page past the end is empty."""
    pages = -(-len(rows) // per_page)
    contents = [write(row) for row in rows[(page - 1) * per_page : page * per_page]]
    return {
        "total_items": len(rows),
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }
