"""R11: the "standardised" rates of the national code, as published (quirk:dsr-own-weights).

A group's strata are weighed by the group's own population, so the rate is a crude one over the strata that have a case. The true
standardised rate is in true_rates.py; the two are shown side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from esteem.evidence.definitions.mhsds.rules.true_rates import true_rates
from esteem.evidence.record_model import Breakdown, Counted, Figure, Levels, Read, stays_as_published

OWN_WEIGHTS = "quirk:dsr-own-weights"
PER = 100_000
Z = 1.96
STRATA = ("stratum_age", "stratum_sex")


@dataclass(frozen=True)
class _Strata:
    """One group's strata that have at least one case: cases and population, side by side."""

    cases: tuple[float, ...]
    people: tuple[float, ...]

    @property
    def rate(self) -> Figure:
        return Figure(PER * sum(self.cases) / sum(self.people), sum(self.cases), sum(self.people))

    @property
    def half_width(self) -> Figure:
        """Half the width of the 95% interval, from the variance of each stratum's rate at its own weight."""
        whole = sum(self.people)
        variance = sum((people / whole) ** 2 * cases / people**2 for cases, people in zip(self.cases, self.people, strict=True))
        return Figure(PER * Z * sqrt(variance), sum(self.cases), whole)


@dataclass(frozen=True, eq=False)
class OwnWeightRate:
    """The rate, or with `half_width` half its interval. Both cohorts have the columns STRATA; null leaves a row out of them.

    Corrected (quirk:dsr-own-weights) it is the true standardised rate: every group's strata are weighed by the population of all groups
    together, and half the width of its interval after Dobson.
    """

    cases: Counted
    people: Counted
    half_width: bool = False
    kind: str = "rate"

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return [(self.cases, breakdown.by(*STRATA)), (self.people, breakdown.by(*STRATA))]

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        cases, people = read(self.cases, breakdown.by(*STRATA)), read(self.people, breakdown.by(*STRATA))
        if not stays_as_published(read, OWN_WEIGHTS):
            return true_rates(cases, people, self.half_width)
        groups = _strata(cases, people)
        return {level: group.half_width if self.half_width else group.rate for level, group in groups.items()}


@dataclass(frozen=True, eq=False)
class Gap:
    """How far the rates of one split lie apart: the rate of `group` less that of `other`, as one figure for England."""

    rate: OwnWeightRate
    split: Breakdown
    group: str
    other: str
    kind: str = "rate"

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return self.rate.counts(self.split)

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        rates = self.rate.figures(self.split, read)
        if self.group not in rates or self.other not in rates:
            return {}
        return {"England": Figure(rates[self.group].value - rates[self.other].value)}


def _strata(cases: Mapping[str, Figure], people: Mapping[str, Figure]) -> dict[str, _Strata]:
    pairs: dict[str, list[tuple[float, float]]] = {}
    for code, count in cases.items():
        if code in people and people[code].value:  # a stratum in which nobody lives has no rate
            pairs.setdefault(code.rsplit(";", len(STRATA))[0], []).append((count.value, people[code].value))
    return {level: _Strata(*map(tuple, zip(*found, strict=True))) for level, found in pairs.items()}
