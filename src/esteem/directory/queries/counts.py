"""Counts over the directory: how fresh it is, what it covers, what people looked for. Tallies come out only where they hide everybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from esteem.directory.freshness import HIDDEN_FROM, MOVED_BY_TIME, PROMISED, age_on
from esteem.store import directory as kept

# A count of people's searches or answers below this is never shown, and no total is shown from which it could be worked out.
AT_LEAST = 10


@dataclass(frozen=True)
class Freshness:
    """Entries of one district or need by how long ago they were assured: within 92 days, to 182, longer, and never."""

    key: str
    fresh: int
    stale: int
    hidden: int
    never: int

    @property
    def entries(self) -> int:
        return self.fresh + self.stale + self.hidden + self.never

    @property
    def share_fresh(self) -> float | None:
        return self.fresh / self.entries if self.entries else None


def freshness_by_district(day: date, *, invented: bool = True) -> list[Freshness]:
    """By the districts in which people must live to use a service."""
    return _freshness("covers__area", day, invented)


def freshness_by_need(day: date, *, invented: bool = True) -> list[Freshness]:
    return _freshness("tags__need", day, invented)


def _freshness(by: str, day: date, invented: bool) -> list[Freshness]:
    rows = kept.Service.objects.filter(state__in=MOVED_BY_TIME, layer="services").exclude(**{by: None})
    if not invented:
        rows = rows.filter(invented=False)
    counted: dict[str, Counter] = defaultdict(Counter)
    for key, assured_on in rows.values_list(by, "assured_on"):
        counted[key][_age_group(age_on(assured_on, day))] += 1
    return [Freshness(key, n["fresh"], n["stale"], n["hidden"], n["never"]) for key, n in sorted(counted.items())]


def _age_group(age: int | None) -> str:
    if age is None:
        return "never"
    return "fresh" if age < PROMISED else "stale" if age < HIDDEN_FROM else "hidden"


def services_by_need_and_district(states: Iterable[str]) -> dict[tuple[str, str], int]:
    """(need, district) -> how many services in one of `states` are for it there. What stands at nought is left out."""
    rows = kept.Service.objects.filter(state__in=tuple(states), layer="services").exclude(tags__need=None).exclude(covers__area=None)
    return dict(Counter(rows.values_list("tags__need", "covers__area")))


@dataclass(frozen=True)
class Tally:
    """How often a need was looked for in an area, and how often nothing was found; None where the count is too small to show."""

    need: str
    area: str
    searches: int
    found_nothing: int | None


def searches(first: date, last: date) -> list[Tally]:
    """Need x coarse area, both days included; only where at least ten searches were made. No totals: they would give the small ones away.

    `found_nothing` is shown when it is 0, or when neither it nor the rest is below ten.
    """
    rows = kept.SearchTally.objects.filter(day__range=(first, last)).values_list("need", "area", "searches", "found_nothing")
    summed: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for need, area, made, nothing in rows:
        summed[need, area][0] += made
        summed[need, area][1] += nothing
    return [Tally(need, area, made, _shown(nothing, made)) for (need, area), (made, nothing) in sorted(summed.items()) if made >= AT_LEAST]


def helped(first: date, last: date) -> dict[tuple[str, str], tuple[int, int]]:
    """(need, area) -> (found help, answers), where neither the yes nor the no is between one and nine."""
    rows = kept.HelpTally.objects.filter(day__range=(first, last)).values_list("need", "area", "yes", "no")
    summed: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for need, area, yes, no in rows:
        summed[need, area][0] += yes
        summed[need, area][1] += no
    return {key: (yes, yes + no) for key, (yes, no) in sorted(summed.items()) if yes + no >= AT_LEAST and _shown(yes, yes + no) is not None}


def _shown(part: int, whole: int) -> int | None:
    return part if all(n == 0 or n >= AT_LEAST for n in (part, whole - part)) else None
