"""Value: one figure with all that must travel with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from esteem.terms import flags as flag
from esteem.terms.periods import Period

UNITS = (
    "proportion",  # number lies in 0..1; shown as per cent
    "percentage_points",
    "rate_per_100000",
    "rate_per_10000",
    "rate",  # any other base: the measure says which
    "count",
    "days",
    "mean",
    "score",
    "ratio",
    "years",
    "pounds",
    "yes_no",
)


@dataclass(frozen=True)
class Value:
    """A figure. `number` is None exactly when a flag in `flags.MISSING` says why. Proportions are fractions (0.67, not 67)."""

    measure: str
    place: str
    period: Period
    breakdown: str = "all"
    category: str = "All"
    number: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str = "count"
    method: str = ""
    sources: tuple[str, ...] = ()  # "edition#source_row" references, resolvable in the snapshot
    flags: tuple[str, ...] = ()

    @property
    def is_missing(self) -> bool:
        return self.number is None

    def flagged(self, *more: str) -> Value:
        return replace(self, flags=tuple(flag.split(flag.join((*self.flags, *more)))))
