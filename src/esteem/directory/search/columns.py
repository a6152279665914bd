"""What the search reckons with of each service, as columns of numbers: needs, ages, channels, hours, places. Built once with an index.

The answers of a constraint are +1 (met), 0 (nobody has said: check) and -1 (broken), one for each service asked about. They are made for
every service once and remembered for the next who asks the same (an age, an hour, a language: never words).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import time
from functools import cache

import numpy as np

from esteem.directory.needs import scheme
from esteem.directory.record import Schedule, Service
from esteem.directory.weekdays import DAYS

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
MOST_TAGS = 6
EVERYWHERE = frozenset(("E92000001", "K02000001", "K03000001", "K04000001"))
_EVENING = (18, 22)  # an evening is an hour of these, from 6pm
_MET, _UNKNOWN, _BROKEN = np.int8(1), np.int8(0), np.int8(-1)
_REMEMBERED = 128  # columns of answers, a byte for each service


class Columns:
    def __init__(self, services: Sequence[Service]):
        order = {need.id: at for at, need in enumerate(scheme().needs)}
        self.count = len(services)
        none = len(order)
        self.tags = np.full((self.count, MOST_TAGS), none, np.int16)
        for row, service in zip(self.tags, services, strict=True):
            known = [order[need] for need in service.needs if need in order][:MOST_TAGS]
            row[: len(known)] = known
        # Services share few sets of needs: what depends on needs alone is reckoned once for each set.
        self.sets, self.set_of = np.unique(self.tags, axis=0, return_inverse=True)
        self.set_sizes = (self.sets < none).sum(1)
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
        self._answers: dict[Hashable, np.ndarray] = {}
        self._languages(services)
        self._coverage(services)
        self._points(services)
        self._hours(services)

    # ------------------------------------------------------------ built once

    def _languages(self, services: Sequence[Service]) -> None:
        self.spoken: dict[str, np.ndarray] = {}
        self.language_names: dict[str, str] = {}
        self.interpreter = np.array([bool(s.interpretation_services) or any(x.interpreter for x in s.languages) for s in services], bool)
        self.languages_said = np.array([bool(s.languages) for s in services], bool)
        for at, service in enumerate(services):
            for language in service.languages:
                self.language_names[language.code] = language.name
                kind = 1 if language.interpreter else 2
                column = self.spoken.get(language.code)
                if column is None:
                    column = self.spoken[language.code] = np.zeros(self.count, np.int8)
                column[at] = max(column[at], kind)

    def _coverage(self, services: Sequence[Service]) -> None:
        """Services share few sets of areas: each set is looked at once a query."""
        known: dict[frozenset[str], int] = {}
        codes = [frozenset(code for area in s.coverage for code in area.areas) for s in services]
        self.cover_of = np.array([known.setdefault(one, len(known)) for one in codes], np.int32)
        # What each set says to somebody who lives nowhere in particular, and which sets hold each area.
        self._elsewhere = np.array([0 if not codes else 1 if codes & EVERYWHERE else -1 for codes in known], np.int8)
        self._covering: dict[str, list[int]] = {}
        for number, codes in enumerate(known):
            for code in codes:
                self._covering.setdefault(code, []).append(number)

    def _points(self, services: Sequence[Service]) -> None:
        """Places of all services one after another, and where those of each begin. Angles in radians, with what distances need of them."""
        spots = [_spots(service) for service in services]
        self._places = np.array([len(some) for some in spots], np.int64)
        self._first = np.cumsum(self._places) - self._places
        table = np.radians(np.array([spot for some in spots for spot in some], np.float64).reshape(-1, 2))
        self._latitude, self._longitude = np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])
        self._cosine, self._sine = np.cos(self._latitude / 2), np.sin(self._latitude / 2)

    def _hours(self, services: Sequence[Service]) -> None:
        """Services share few weeks: which hours are surely open in each, which only in some weeks, and whether any times are known."""
        kept: dict[tuple, int] = {}
        times: dict[tuple, int] = {}
        weeks: list[tuple] = []
        week_of = np.zeros(self.count, np.int32)
        self.times_of: list[int] = []  # the same number for services whose opening hours say the same
        for at, service in enumerate(services):
            rows = (*service.schedules, *(row for place in service.locations for row in place.schedules))
            key = tuple([(r.freq, r.byday, r.opens_at, r.closes_at, r.interval) for r in rows])
            number = kept.get(key)
            if number is None:
                number = kept[key] = len(weeks)
                weeks.append(_week(rows))
            week_of[at] = number
            further = tuple([(r.dtstart, r.valid_from, r.valid_to, r.bymonthday, r.bank_holidays) for r in rows])
            self.times_of.append(times.setdefault((number, further), len(times)))
        self._week_of = week_of
        self._sure = np.array([sure for sure, _, _ in weeks], bool).reshape(-1, 168)
        self._sometimes = np.array([sometimes for _, sometimes, _ in weeks], bool).reshape(-1, 168)
        self._hours_said = np.array([said for _, _, said in weeks], bool)

    # ------------------------------------------------------------ asked for each query

    def remembered(self, key: Hashable, make: Callable[[], np.ndarray]) -> np.ndarray:
        """The column of answers for every service. Two threads that make the same one at once do no harm."""
        found = self._answers.get(key)
        if found is None:
            found = make()
            if len(self._answers) >= _REMEMBERED:
                self._answers = {}
            self._answers[key] = found
        return found

    def age(self, rows: np.ndarray, ages: tuple[int | None, int | None]) -> np.ndarray:
        low, high = ages[0] if ages[0] is not None else 0, ages[1] if ages[1] is not None else 150

        def make() -> np.ndarray:
            admitted = (self.least <= high) & (self.most >= low)
            return np.where(~self.ages_said, _UNKNOWN, np.where(admitted, _MET, _BROKEN))

        return self.remembered(("age", low, high), make)[rows]

    def whole_age(self, rows: np.ndarray, ages: tuple[int | None, int | None]) -> np.ndarray:
        """True where the service admits every possible age."""
        low, high = ages[0] if ages[0] is not None else 0, ages[1] if ages[1] is not None else 100
        return self.remembered(("whole age", low, high), lambda: self.ages_said & (self.least <= low) & (self.most >= high))[rows]

    def gender(self, rows: np.ndarray, wanted: Iterable[str]) -> np.ndarray:
        mask = sum({GENDER_BITS.get(one, 0) for one in wanted})

        def make() -> np.ndarray:
            return np.where((self.genders == 0) | (self.genders & mask > 0), _MET, _BROKEN)

        return self.remembered(("gender", mask), make)[rows]

    def cost(self, rows: np.ndarray) -> np.ndarray:
        return self.free[rows]

    def channel(self, rows: np.ndarray, wanted: Iterable[str]) -> np.ndarray:
        mask = sum({CHANNEL_BITS.get(one, 0) for one in wanted})

        def make() -> np.ndarray:
            return np.where(self.channels == 0, _UNKNOWN, np.where(self.channels & mask, _MET, _BROKEN))

        return self.remembered(("channel", mask), make)[rows]

    def accessible(self, rows: np.ndarray, wanted: Iterable[str]) -> np.ndarray:
        """Every one that is wanted; help that reaches people at home has no steps. What is not said is unknown."""
        kinds = tuple(sorted(wanted))

        def make() -> np.ndarray:
            found = np.ones(self.count, np.int8)
            for one in kinds:
                met = (self.access & ACCESS_BITS.get(one, 0)) > 0
                if one == "step_free":
                    met |= (self.channels & 1) == 0
                found = np.minimum(found, np.where(met, _MET, _UNKNOWN))
            return found

        return self.remembered(("access", kinds), make)[rows]

    def language(self, rows: np.ndarray, wanted: Iterable[str]) -> np.ndarray:
        """Met when spoken or interpreted; broken when languages are named and this is not among them; else unknown."""
        best = np.full(len(rows), _BROKEN)
        for code in wanted:
            column = self.spoken.get(code)
            if column is not None:
                best = np.where(column[rows] > 0, _MET, best)
        return np.where((best == _BROKEN) & self.interpreter[rows], _UNKNOWN, best)

    def area(self, rows: np.ndarray, areas: frozenset[str]) -> np.ndarray:
        """Services share few sets of areas: each set is looked at, not each service."""
        answers = self._elsewhere.copy()
        for code in areas:
            if code in self._covering:
                answers[self._covering[code]] = _MET
        return answers[self.cover_of[rows]]

    def kilometres(self, rows: np.ndarray, point: tuple[float, float]) -> np.ndarray:
        """Straight line from (latitude, longitude) to the nearest place of each of these services; NaN where none is known."""
        found = np.full(len(rows), np.nan)
        count = self._places[rows]
        placed = np.flatnonzero(count)
        count = count[placed]
        if not len(placed):
            return found
        begins = np.cumsum(count) - count
        at = np.repeat(self._first[rows[placed]] - begins, count) + np.arange(count.sum())
        latitude, longitude = np.radians(point)
        middle = self._cosine[at] * np.cos(latitude / 2) - self._sine[at] * np.sin(latitude / 2)  # cosine of the latitude half-way
        x, y = (self._longitude[at] - longitude) * middle, self._latitude[at] - latitude
        found[placed] = np.minimum.reduceat(6371.0 * np.sqrt(x * x + y * y), begins)
        return found

    def open_then(self, rows: np.ndarray, hours: Sequence[int]) -> np.ndarray:
        """Open in one of these hours of the week (0 = Monday midnight)."""

        def make() -> np.ndarray:
            sure, maybe = self._sure[:, hours].any(1), self._sometimes[:, hours].any(1)
            return np.where(sure, _MET, np.where(maybe | ~self._hours_said, _UNKNOWN, _BROKEN))

        return self.remembered(("open", *hours), make)[self._week_of[rows]]


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
    @cache
    def bits(some: tuple[str, ...]) -> int:
        return sum({meaning[one] for one in some if one in meaning})

    return np.array([bits(tuple(some)) for some in values], np.int16)


def _access(service: Service) -> list[str]:
    kinds = [a.kind for a in service.accessibility]
    for at in service.locations:
        kinds += [a.kind for a in at.location.accessibility]
    return kinds


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
