"""R11 put right: rates of groups directly standardised against one standard, with the interval of Dobson (methods/standardise.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from esteem.evidence.record_model import Breakdown, Counted, Figure, Levels, Read, RecordMeasure
from esteem.methods.estimates import Estimate
from esteem.methods.standardise import direct

STRATA = ("stratum_age", "stratum_sex")
PER = 100_000


def true_rates(cases: Mapping[str, Figure], people: Mapping[str, Figure], half_width: bool = False) -> Levels:
    """The standardised rate per 100,000 of each group, or half the width of its 95% interval. Fewer than ten cases have no rate."""
    groups, found = _standardised(cases, people)
    size = (np.asarray(found.upper) - np.asarray(found.lower)) / 2 if half_width else np.asarray(found.value)
    return _figures(groups, found, size)


@dataclass(frozen=True, eq=False)
class StandardisedRate:
    """The rate of each group at the age and sex of all groups together, per 100,000. `limit`: -1 or 1 for an end of its 95% interval.

    Both cohorts have the columns STRATA; null leaves a row out of them.
    """

    cases: Counted
    people: Counted
    limit: int = 0
    kind: str = "rate"

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return [(self.cases, breakdown.by(*STRATA)), (self.people, breakdown.by(*STRATA))]

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        strata = breakdown.by(*STRATA)
        groups, found = _standardised(read(self.cases, strata), read(self.people, strata))
        return _figures(groups, found, np.asarray((found.value, found.upper, found.lower)[self.limit]))


def standardised(
    name: str, title: str, cases: Counted, people: Counted, periods: tuple[str, ...], splits: tuple[Breakdown, ...]
) -> tuple[RecordMeasure, ...]:
    """Our own measures beside a national rate: the true standardised rate and the ends of its 95% interval."""
    words = ((0, "", ""), (-1, "_LOWER", ": lower end of its 95% interval"), (1, "_UPPER", ": upper end of its 95% interval"))
    return tuple(
        RecordMeasure(f"{name}_DSR{end}", f"{title}, standardised{more}", StandardisedRate(cases, people, limit), periods, splits)
        for limit, end, more in words
    )


def _figures(groups: list[str], found: Estimate, size: np.ndarray) -> Levels:
    events, people = np.asarray(found.observed), np.asarray(found.denominator)
    known = [place for place in range(len(groups)) if not np.isnan(size[place])]
    return {groups[place]: Figure(float(size[place]), float(events[place]), float(people[place])) for place in known}


def _standardised(cases: Mapping[str, Figure], people: Mapping[str, Figure]) -> tuple[list[str], Estimate]:
    """Weights: the population of all groups together, in the strata in which every group that has cases has residents."""
    events, residents = _by_group(cases), _by_group(people)
    groups = [group for group in sorted(events) if group in residents]
    strata = sorted({stratum for group in groups for stratum in residents[group] if all(residents[g].get(stratum) for g in groups)})
    if not groups or not strata:
        return [], direct(np.zeros((0, 1)), np.ones((0, 1)), np.ones(1), 0.95, PER)
    x = np.array([[events[group].get(stratum, 0.0) for stratum in strata] for group in groups])
    n = np.array([[residents[group][stratum] for stratum in strata] for group in groups])
    weights = np.array([sum(of.get(stratum, 0.0) for of in residents.values()) for stratum in strata])
    return groups, direct(x, n, weights, 0.95, PER)


def _by_group(counts: Mapping[str, Figure]) -> dict[str, dict[str, float]]:
    """Group -> stratum -> count, from levels that end with the stratum."""
    groups: dict[str, dict[str, float]] = {}
    for level, figure in counts.items():
        group, *stratum = level.rsplit(";", len(STRATA))
        groups.setdefault(group, {})[";".join(stratum)] = figure.value
    return groups
