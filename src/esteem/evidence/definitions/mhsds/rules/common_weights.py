"""Rates of groups made comparable: every group's strata are weighed by the same population, that of all groups together (M19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from esteem.evidence.definitions.mhsds.rules.own_weights import PER, STRATA, Z
from esteem.evidence.record_model import Breakdown, Counted, Figure, Levels, Read


@dataclass(frozen=True)
class _Rate:
    """A group's standardised rate for one person, its variance, and the cases and people behind it."""

    rate: float
    variance: float
    cases: float
    people: float


@dataclass(frozen=True, eq=False)
class CommonWeightRate:
    """The directly standardised rate per 100,000, or with `half_width` half its 95% interval (variance of a share in each stratum).

    Both cohorts have the columns STRATA, null where a row is in no stratum; a stratum without a case counts with a rate of nothing.
    """

    cases: Counted
    people: Counted
    half_width: bool = False
    kind: str = "rate"

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return [(self.cases, breakdown.by(*STRATA)), (self.people, breakdown.by(*STRATA))]

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        rates = self.rates(breakdown, read)
        value = {level: Z * sqrt(found.variance) if self.half_width else found.rate for level, found in rates.items()}
        return {level: Figure(PER * value[level], found.cases, found.people) for level, found in rates.items()}

    def rates(self, breakdown: Breakdown, read: Read) -> dict[str, _Rate]:
        """By level; a group without a case has no rate."""
        strata = breakdown.by(*STRATA)
        cases, people = _by_group(read(self.cases, strata)), _by_group(read(self.people, strata))
        weights: dict[str, float] = {}
        for group in people.values():
            for stratum, count in group.items():
                weights[stratum] = weights.get(stratum, 0.0) + count
        return {level: _standardised(found, people[level], weights) for level, found in cases.items() if level in people}


@dataclass(frozen=True, eq=False)
class RateRatio:
    """How many times as often as `other` the `group` is counted: the ratio of their standardised rates, as one figure for England.

    `limit` -1 or 1: the lower or upper end of its 95% interval, worked out on the logarithm.
    """

    rate: CommonWeightRate
    split: Breakdown
    group: str
    other: str
    limit: int = 0
    kind: str = "rate"

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return self.rate.counts(self.split)

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        rates = self.rate.rates(self.split, read)
        group, other = rates.get(self.group), rates.get(self.other)
        if group is None or other is None or not group.rate or not other.rate:
            return {}
        spread = sqrt(group.variance / group.rate**2 + other.variance / other.rate**2)
        value = exp(log(group.rate / other.rate) + self.limit * Z * spread)
        return {"England": Figure(value, group.cases, other.cases)}


def _by_group(counts: Mapping[str, Figure]) -> dict[str, dict[str, float]]:
    """Group -> stratum -> count, from levels that end with the stratum."""
    groups: dict[str, dict[str, float]] = {}
    for level, figure in counts.items():
        group, *stratum = level.rsplit(";", len(STRATA))
        groups.setdefault(group, {})[";".join(stratum)] = figure.value
    return groups


def _standardised(cases: Mapping[str, float], people: Mapping[str, float], weights: Mapping[str, float]) -> _Rate:
    whole = sum(weights.values())
    rate = variance = counted = 0.0
    for stratum, weight in weights.items():
        count, residents = cases.get(stratum, 0.0), people.get(stratum, 0.0)
        if residents:
            share = min(count / residents, 1.0)  # more cases than residents: the variance of a share has no meaning above one
            rate += weight / whole * count / residents
            variance += (weight / whole) ** 2 * share * (1 - share) / residents
            counted += count
    return _Rate(rate, variance, counted, sum(people.values()))
