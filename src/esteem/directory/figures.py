"""What the directory says of a place: which needs have help there, how fresh entries are, how near help is, how open its doors.

Counted over services that residents are shown. Nothing here knows of measures or sheets: `rows` gives plain counts, which
`esteem directory figures` writes as a file that Esteem reads as it reads any publication (evidence/sources/directory_figures.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from esteem.directory.freshness import age_on
from esteem.directory.gazetteer import Place
from esteem.directory.needs import NeedsScheme
from esteem.directory.record import Service
from esteem.directory.travel import travel
from esteem.terms.places import ENGLAND

FRESH_WITHIN = 92  # days: the promise of the open feed
NEAR = 30  # minutes
_OWN_WAY = {"self", "drop_in", "any"}
_FROM_ANYWHERE = {"phone", "text", "online", "home_visit"}


@dataclass(frozen=True)
class Figure:
    """One count of one district: `numerator` of `denominator`. `measure` is the last part of the series of the source."""

    measure: str  # coverage, fresh, near, own_way
    district: str
    numerator: int
    denominator: int


def rows(services: Iterable[Service], districts: Mapping[str, Place], scheme: NeedsScheme, on: date) -> list[Figure]:
    """`districts`: code -> the middle of the district and the areas that hold it. A district without any service still has its coverage."""
    shown = [one for one in services if one.layer == "services" and one.state in ("published", "due", "stale")]
    return [
        figure
        for code, middle in districts.items()
        for figure in _of_district(code, middle, [s for s in shown if _serves(s, middle)], scheme, on)
    ]


def _serves(service: Service, place: Place) -> bool:
    codes = {code for area in service.coverage for code in area.areas}
    return ENGLAND in codes or not codes.isdisjoint(place.areas)


def _of_district(code: str, middle: Place, there: Sequence[Service], scheme: NeedsScheme, on: date) -> list[Figure]:
    known = set(scheme.by_id)
    needs = {need for one in there for need in one.needs} & known
    near = {need for one in there if _within(one, middle) for need in one.needs} & known
    fresh = sum(1 for one in there if (age := age_on(one.assurance.assured_on, on)) is not None and age < FRESH_WITHIN)
    told = [one for one in there if one.eligibility.routes]
    own_way = sum(1 for one in told if _OWN_WAY & set(one.eligibility.routes))
    made = [Figure("coverage", code, len(needs), len(known)), Figure("near", code, len(near), len(known))]
    made += [Figure("fresh", code, fresh, len(there))] if there else []
    return made + ([Figure("own_way", code, own_way, len(told))] if told else [])


def _within(service: Service, middle: Place) -> bool:
    """Help that comes by telephone, screen or to the door is near everywhere; else the journey from the middle of the district counts."""
    if _FROM_ANYWHERE & set(service.channels):
        return True
    trip = travel(service, middle)
    return trip is not None and trip.minutes <= NEAR
