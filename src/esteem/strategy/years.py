"""Year on year: the steps of a yearly series, whether any goes the wrong way beyond chance, and its trend."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from esteem.evidence.answers import Answer
from esteem.evidence.model import Measure
from esteem.methods import trend
from esteem.strategy.outlook import SCALES

_DAYS_IN_YEAR = 365.25
FEWEST_FOR_TREND = trend.FEWEST_POINTS


@dataclass(frozen=True)
class Years:
    """`answers` are the yearly figures compared, oldest first; `facts` the fields of a Finding that follow from them."""

    answers: tuple[Answer, ...] = ()
    facts: dict = field(default_factory=dict)

    @property
    def change(self) -> float | None:
        """Last figure less the first, in the unit of the measure."""
        return self.answers[-1].number - self.answers[0].number if len(self.answers) > 1 else None


def compare_years(answers: tuple[Answer, ...], sign: int, starts: date, measure: Measure) -> Years:
    """Steps and trend from the baseline to the latest figure. `sign` +1: rising is promised."""
    compared = from_baseline(answers, starts)
    if len(compared) < 2:
        return Years(compared)
    values = np.array([a.number for a in compared])
    facts = {"steps": tuple(float(s) for s in sign * np.diff(values)), "trend": _trend(compared, values, sign, measure)}
    return Years(compared, facts | _sure_steps(compared, values, sign))


def from_baseline(answers: tuple[Answer, ...], starts: date) -> tuple[Answer, ...]:
    """The last figure whose time lies mostly before the strategy began (its baseline), and all later ones."""
    before = [a for a in answers if middle(a) <= starts.toordinal()]
    return (*before[-1:], *(a for a in answers if middle(a) > starts.toordinal()))


def middle(answer: Answer) -> float:
    """Day in the middle of the period, as an ordinal."""
    return (answer.period.start.toordinal() + answer.period.end.toordinal()) / 2


def _limits(answers: tuple[Answer, ...]) -> tuple[np.ndarray, np.ndarray] | None:
    if any(a.lower is None or a.upper is None for a in answers):
        return None
    return np.array([a.lower for a in answers]), np.array([a.upper for a in answers])


def _trend(answers: tuple[Answer, ...], values: np.ndarray, sign: int, measure: Measure) -> str:
    """ "better", "worse" or "unsure" at 95%; "" with fewer than three years. Counts behind the figures are used where published."""
    if len(answers) < FEWEST_FOR_TREND:
        return ""
    times = np.array([middle(a) / _DAYS_IN_YEAR for a in answers])
    limits = _limits(answers)
    if measure.kind == "proportion" and all(a.numerator is not None and a.denominator for a in answers):
        fitted = trend.of_counts(times, [a.numerator for a in answers], [a.denominator for a in answers])
    elif limits is not None:
        fitted = trend.of_values(times, values, lower=limits[0], upper=limits[1], scale=SCALES.get(measure.kind, "free"))
    else:
        fitted = trend.of_values(times, values, scale=SCALES.get(measure.kind, "free"))
    direction = {"rising": 1, "falling": -1}.get(str(fitted.direction[0]), 0) * sign
    return {1: "better", -1: "worse", 0: "unsure"}[direction]


def _sure_steps(answers: tuple[Answer, ...], values: np.ndarray, sign: int) -> dict:
    """Year-on-year test: a change is sure when its 95% interval leaves out no change. Nothing is sure without intervals."""
    limits = _limits(answers)
    if limits is None:
        return {}
    change = trend.year_on_year(values, *limits)
    low, high = (change.lower, change.upper) if sign > 0 else (-change.upper, -change.lower)
    return {"sure_step_against": bool(np.any(high < 0)), "sure_last_step": bool(low[-1] > 0)}
