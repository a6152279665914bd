"""What the search reckons with of each service, as columns of numbers: needs, ages, channels, hours, places. Built once with an index.

The answers of a constraint are +1 (met), 0 (nobody has said: check) and -1 (broken), one for each service asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time

import numpy as np

from esteem.directory.needs import scheme
from esteem.directory.record import Schedule, Service

CHANNEL_BITS = {"in_person": 1, "phone": 2, "text": 4, "online": 8, "home_visit": 16}
GENDER_BITS = {"women": 1, "men": 2, "non_binary": 4}
ACCESS_BITS = {
    "step_free": 1,
    "easy_read": 2,
    "hearing_loop": 4,
    "british_sign_language": 8,
    "quiet_space": 16,
    "accessible_toilet": 32,
    "parking": 64,
}
FROM_HOME = 2 | 4 | 8 | 16
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_TAGS = 6
EVERYWHERE = frozenset(("E92000001", "K02000001", "K03000001", "K04000001"))
_EVENING = (18, 22)  # an evening is an hour of these, from 6pm
_MET, _UNKNOWN, _BROKEN = np.int8(1), np.int8(0), np.int8(-1)


class Columns:
    def __init__(self, services: Sequence[Service]):
        order = {need.id: at for at, need in enumerate(scheme().needs)}
        self.count = len(services)
        none = len(order)
        self.tags = np.full((self.count, MOST_TAGS), none, np.int16)
        for row, service in zip(self.tags, services, strict=True):
            known = [order[need] for need in service.needs if need in order][:MOST_TAGS]
            row[: len(known)] = known
        self.tag_count = (self.tags < none).sum(1)
        flat = self.tags.ravel()
        owner = np.repeat(np.arange(self.count), MOST_TAGS)
        self.postings = [owner[flat == at] for at in range(none)]
        rules = [service.eligibility for service in services]
        self.all_ages = np.array([rule.all_ages for rule in rules], bool)
        self.ages_said = self.all_ages | np.array([rule.minimum_age is not None or rule.maximum_age is not None for rule in rules], bool)
        self.least = np.array([0 if rule.all_ages else rule.minimum_age or 0 for rule in rules], np.int16)
        self.most = np.array([150 if rule.all_ages or rule.maximum_age is None else rule.maximum_age for rule in rules], np.int16)
        self.genders = _bits(GENDER_BITS, (rule.genders for rule in rules))
        self.channels = _bits(CHANNEL_BITS, (service.channels for service in services))
        self.access = _bits(ACCESS_BITS, (_access(service) for service in services))
        self.free = np.array([0 if service.free is None else 1 if service.free else -1 for service in services], np.int8)
        self.stale = np.array([service.state == "stale" for service in services], bool)
        self.community = np.array([service.layer == "community" for service in services], bool)
        self.full = np.array([service.capacity in ("full", "closed_to_new") for service in services], bool)
        self.carers = np.array([rule.for_carers is True for rule in rules], bool)
        self.closed = np.array([service.status != "active" for service in services], bool)
        self._languages(services)
        self._coverage(services)
        self._points(services)
        self._hours(services)

    # ------------------------------------------------------------ built once

    def _languages(self, services: Sequence[Service]) -> None:
        self.spoken: dict[str, np.ndarray] = {}
        self.interpreter = np.array([bool(s.interpretation_services) or any(x.interpreter for x in s.languages) for s in services], bool)
        self.languages_said = np.array([bool(s.languages) for s in services], bool)
        for at, service in enumerate(services):
            for language in service.languages:
                kind = 1 if language.interpreter else 2
                column = self.spoken.setdefault(language.code, np.zeros(self.count, np.int8))
                column[at] = max(column[at], kind)

    def _coverage(self, services: Sequence[Service]) -> None:
        """Services share few sets of areas: each set is looked at once a query."""
        known: dict[frozenset[str], int] = {}
        codes = [frozenset(code for area in s.coverage for code in area.areas) for s in services]
        self.cover_of = np.array([known.setdefault(one, len(known)) for one in codes], np.int32)
        self.covers = list(known)
        self._areas_seen: dict[frozenset[str], np.ndarray] = {}
        self._distances: dict[tuple[float, float], np.ndarray] = {}

    def _points(self, services: Sequence[Service]) -> None:
        placed = [(at, *spot) for at, service in enumerate(services) for spot in _spots(service)]
        table = np.array(placed, np.float64).reshape(-1, 3)
        self._point_owner = table[:, 0].astype(np.int32)
        self._latitude, self._longitude = np.radians(table[:, 1]), np.radians(table[:, 2])
        self._owners, self._starts = np.unique(self._point_owner, return_index=True)

    def _hours(self, services: Sequence[Service]) -> None:
        """Hours of the week with something surely weekly open in them; `hours_said`: whether any times are known."""
        self.hours = np.zeros((self.count, 168), bool)
        self.sometimes = np.zeros((self.count, 168), bool)
        self.hours_said = np.zeros(self.count, bool)
        kept: dict[tuple, tuple] = {}
        for at, service in enumerate(services):
            rows = (*service.schedules, *(row for place in service.locations for row in place.schedules))
            key = tuple((r.freq, r.byday, r.opens_at, r.closes_at, r.interval) for r in rows)
            if key not in kept:
                kept[key] = _week(rows)
            self.hours[at], self.sometimes[at], self.hours_said[at] = kept[key]

    # ------------------------------------------------------------ asked for each query

    def age(self, rows: np.ndarray, ages: tuple[int | None, int | None]) -> np.ndarray:
        low, high = ages[0] if ages[0] is not None else 0, ages[1] if ages[1] is not None else 150
        admitted = (self.least[rows] <= high) & (self.most[rows] >= low)
        return np.where(~self.ages_said[rows], _UNKNOWN, np.where(admitted, _MET, _BROKEN))

    def whole_age(self, rows: np.ndarray, ages: tuple[int | None, int | None]) -> np.ndarray:
        """True where the service admits every possible age."""
        low, high = ages[0] if ages[0] is not None else 0, ages[1] if ages[1] is not None else 100
        return self.ages_said[rows] & (self.least[rows] <= low) & (self.most[rows] >= high)

    def gender(self, rows: np.ndarray, wanted: Iterable[str]) -> np.ndarray:
        bits, mask = self.genders[rows], sum(GENDER_BITS.get(one, 0) for one in wanted)
        return np.where(bits == 0, _MET, np.where(bits & mask, _MET, _BROKEN))

    def cost(self, rows: np.ndarray) -> np.ndarray:
        return self.free[rows]

    def channel(self, rows: np.ndarray, wanted: Iterable[str]) -> np.ndarray:
        bits, mask = self.channels[rows], sum(CHANNEL_BITS.get(one, 0) for one in wanted)
        return np.where(bits == 0, _UNKNOWN, np.where(bits & mask, _MET, _BROKEN))

    def accessible(self, rows: np.ndarray, wanted: Iterable[str]) -> np.ndarray:
        """Every one that is wanted; help that reaches people at home has no steps. What is not said is unknown."""
        found = np.ones(len(rows), np.int8)
        for one in wanted:
            met = (self.access[rows] & ACCESS_BITS.get(one, 0)) > 0
            if one == "step_free":
                met |= (self.channels[rows] & 1) == 0
            found = np.minimum(found, np.where(met, _MET, _UNKNOWN))
        return found

    def language(self, rows: np.ndarray, wanted: Iterable[str]) -> np.ndarray:
        """Met when spoken or interpreted; broken when languages are named and this is not among them; else unknown."""
        best = np.full(len(rows), _BROKEN)
        for code in wanted:
            column = self.spoken.get(code)
            if column is not None:
                best = np.where(column[rows] > 0, _MET, best)
        return np.where((best == _BROKEN) & self.interpreter[rows], _UNKNOWN, best)

    def area(self, rows: np.ndarray, areas: frozenset[str]) -> np.ndarray:
        answers = self._areas_seen.get(areas)
        if answers is None:
            said = [0 if not codes else 1 if codes & EVERYWHERE or codes & areas else -1 for codes in self.covers]
            answers = np.array(said, np.int8)
            if len(self._areas_seen) > 64:
                self._areas_seen = {}
            self._areas_seen[areas] = answers
        return answers[self.cover_of[rows]]

    def kilometres(self, point: tuple[float, float]) -> np.ndarray:
        """Straight line from (latitude, longitude) to the nearest place of every service; NaN where none is known."""
        known = self._distances.get(point)
        if known is None:
            known = self._distances_from(point)
            if len(self._distances) > 64:
                self._distances = {}
            self._distances[point] = known
        return known

    def _distances_from(self, point: tuple[float, float]) -> np.ndarray:
        found = np.full(self.count, np.nan)
        if len(self._owners):
            latitude, longitude = np.radians(point)
            x = (self._longitude - longitude) * np.cos((self._latitude + latitude) / 2)
            found[self._owners] = np.minimum.reduceat(6371.0 * np.hypot(x, self._latitude - latitude), self._starts)
        return found

    def open_then(self, rows: np.ndarray, hours: Sequence[int]) -> np.ndarray:
        """Open in one of these hours of the week (0 = Monday midnight)."""
        sure, maybe = self.hours[rows][:, hours].any(1), self.sometimes[rows][:, hours].any(1)
        return np.where(sure, _MET, np.where(maybe | ~self.hours_said[rows], _UNKNOWN, _BROKEN))


def hours_of(when: str, weekday: int, hour: int) -> list[int]:
    """Hours of the week that a word means, at this weekday (0 = Monday) and hour: now, today, evening, weekend, sunday, sunday-evening."""
    named = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    day, _, part = when.partition("-")
    if when == "now":
        return [weekday * 24 + hour]
    days = [named.index(day)] if day in named else [5, 6] if day == "weekend" else [weekday] if day == "today" else list(range(7))
    parts = {"evening": _EVENING, "night": (20, 24), "morning": (6, 12), "afternoon": (12, 18)}
    first, last = parts.get(part or (day if day in parts else ""), (0, 24))
    return [d * 24 + h for d in days for h in range(first, last)]


def _bits(meaning: dict[str, int], values: Iterable[Iterable[str]]) -> np.ndarray:
    return np.array([sum({meaning[one] for one in some if one in meaning}) for some in values], np.int16)


def _access(service: Service) -> list[str]:
    return [a.kind for a in (*service.accessibility, *(a for at in service.locations for a in at.location.accessibility))]


def _spots(service: Service) -> list[tuple[float, float]]:
    places = (at.location for at in service.locations)
    return [(p.latitude, p.longitude) for p in places if p.latitude is not None and p.longitude is not None and not p.confidential]


def _week(rows: Sequence[Schedule]) -> tuple[np.ndarray, np.ndarray, bool]:
    """(hours surely open every week, hours open in some weeks, whether any time is known)."""
    sure, sometimes, said = np.zeros(168, bool), np.zeros(168, bool), False
    for row in rows:
        if row.opens_at is None or row.closes_at is None:
            continue
        said = True
        column = sure if row.freq == "WEEKLY" and row.interval <= 1 else sometimes
        first = row.opens_at.hour
        length = _length(row.opens_at, row.closes_at)
        for day in (DAYS.index(part.strip()[-2:]) for part in row.byday.split(",") if part.strip()[-2:] in DAYS):
            for hour in range(length):
                column[(day * 24 + first + hour) % 168] = True
    return sure, sometimes, said


def _length(opens: time, closes: time) -> int:
    """How many hours of the clock are touched."""
    minutes = (closes.hour * 60 + closes.minute) - (opens.hour * 60)
    if closes <= opens:
        minutes += 24 * 60
    return max(1, -(-minutes // 60))
