"""Funnel plots: control limits, x axis, significance labels and points (Spiegelhalter 2005).

Limits of ratios and rates are exact Poisson ones in closed form; labels of ratios and rates use each area's own interval (exact below 10
events, else Byar's), so a point on a line may disagree with its label by a hair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainccinv, gammaincinv, ndtri

from esteem.methods import counts, inputs
from esteem.methods import reasons as reason
from esteem.methods.funnel_axis import axis
from esteem.terms.problems import Problem

KINDS = ("proportion", "ratio_count", "ratio_isr", "rate_crude", "rate_dsr")
TAIL_2S, TAIL_3S = 0.025, 0.001
NOT_APPLICABLE = "Not applicable for events less than 10 for dsrs"
NOT_SIGNIFICANT = "Not significant"
_LOW_3S, _LOW_2S, _HIGH_3S, _HIGH_2S = "Low (0.001)", "Low (0.025)", "High (0.001)", "High (0.025)"


@dataclass(frozen=True)
class Areas:
    """Areas of one funnel, looked at. `derived` is the population behind each figure over all years; `average` a fraction or ratio."""

    kind: str
    numerator: np.ndarray
    denominator: np.ndarray  # as given; for rates the derived one
    average: float
    years: float
    multiplier: float


@dataclass(frozen=True)
class FunnelLimits:
    """100 rows: `x` is the population (proportion), observed events (ratio) or events (rate). Limits carry the multiplier.

    `expected` (ratio) and `population_one_year` (rate) hold the same four limits on the other axis: keys lower_2s, upper_2s, lower_3s,
    upper_3s. `baseline` is the average times the multiplier, NaN for ratios.
    """

    x: np.ndarray
    limits: dict[str, np.ndarray]
    baseline: float
    expected: dict[str, np.ndarray]
    population_one_year: dict[str, np.ndarray]


@dataclass(frozen=True)
class FunnelPoints:
    """One row for each area: rate to draw (NaN with `too_few_events` for a standardised rate on fewer than 10) and yearly population."""

    rate: np.ndarray
    denominator_per_year: np.ndarray
    reason_code: np.ndarray


def areas(kind, numerator, denominator=None, *, rate=None, years=None, multiplier=None) -> Areas:
    """Check one funnel's input. Proportions and ratios need `denominator` (people; expected events); rates need `rate` and `years`.

    kind: one of KINDS. Default multiplier: 100 for a proportion or `ratio_isr`, 1 for `ratio_count`, 100,000 for a rate. Raises Problem
    naming the row.
    """
    inputs.choice(kind, KINDS, "kind of funnel")
    numerator = inputs.not_negative(inputs.present(numerator, "numerator"), "numerator")
    if kind.startswith("rate"):
        multiplier = float(100_000 if multiplier is None else multiplier)
        years = float(inputs.above_zero(_needed(years, "years of data"), "years of data"))
        below = _derived(kind, numerator, denominator, inputs.not_negative(_needed(rate, "rate"), "rate"), multiplier)
        known = ~np.isnan(below)
        average = float(numerator[known].sum() / below[known].sum())
        return Areas(kind, numerator, below, average, years, multiplier)
    below = inputs.above_zero(inputs.present(_needed(denominator, "denominator"), "denominator"), "denominator")
    if kind != "proportion":
        return Areas(kind, numerator, below, 1.0, 1.0, float(multiplier or (100 if kind == "ratio_isr" else 1)))
    rule = "The numerator of a proportion is at most its denominator."
    inputs.insist(numerator <= below, numerator, "numerator", "numerator-above-denominator", rule)
    return Areas(kind, numerator, below, float(numerator.sum() / below.sum()), 1.0, float(multiplier or 100))


def _needed(figure, column: str):
    if figure is None:
        raise Problem("missing-figure", f"A funnel of this kind needs its {column}.", "none", "Give it for every area.", column=column)
    return figure


def _derived(kind: str, numerator, denominator, rate, multiplier: float) -> np.ndarray:
    """Population that gives the rate: multiplier x numerator / rate. With no events: the one given (crude) or missing (standardised)."""
    inputs.insist(~((rate == 0) & (numerator > 0)), rate, "rate", "rate-zero-with-events", "A rate with events behind it is above zero.")
    some = numerator > 0
    below = np.full(numerator.shape, np.nan)
    below[some] = multiplier * numerator[some] / rate[some]
    if kind == "rate_crude" and (~some).any():
        given = inputs.above_zero(_needed(denominator, "denominator"), "denominator")
        below[~some] = given[~some]
    return below


def limits(of: Areas) -> FunnelLimits:
    """Control limits at 100 places along the x axis."""
    x = axis(of.kind, of.denominator, of.average, of.years)
    if of.kind == "proportion":
        return FunnelLimits(x, _proportion_limits(of, x), of.average * of.multiplier, {}, {})
    expected = _expected_events(x)
    if of.kind.startswith("ratio"):
        shift = 1.0 if of.kind == "ratio_count" else 0.0
        drawn = {name: (x / events - shift) * of.multiplier for name, events in expected.items()}
        return FunnelLimits(x, drawn, np.nan, expected, {})
    drawn = {name: x * of.average / events * of.multiplier for name, events in expected.items()}
    people = {name: events / of.average / of.years for name, events in expected.items()}
    return FunnelLimits(x, drawn, of.average * of.multiplier, {}, people)


def _proportion_bounds(average: float, n: np.ndarray, tail: float) -> tuple[np.ndarray, np.ndarray]:
    """Proportions whose Wilson limit at population `n` equals the average, kept within 0 and 1."""
    reach = ndtri(1 - tail) * np.sqrt(average * (1 - average) / n)
    return np.clip(average - reach, 0, 1), np.clip(average + reach, 0, 1)


def _proportion_limits(of: Areas, x: np.ndarray) -> dict[str, np.ndarray]:
    drawn = {}
    for sigma, tail in (("2s", TAIL_2S), ("3s", TAIL_3S)):
        low, high = _proportion_bounds(of.average, x, tail)
        drawn |= {f"lower_{sigma}": low * of.multiplier, f"upper_{sigma}": high * of.multiplier}
    return drawn


def _expected_events(x: np.ndarray) -> dict[str, np.ndarray]:
    """Expected events at which `x` observed ones lie just on each limit (a halved chi-square quantile is a gamma quantile)."""
    events = {}
    for sigma, tail in (("2s", TAIL_2S), ("3s", TAIL_3S)):
        events |= {f"lower_{sigma}": gammainccinv(x + 1, tail), f"upper_{sigma}": gammaincinv(x, tail)}
    return events


def significance(of: Areas) -> np.ndarray:
    """Label of each area against the average (1 for ratios); empty text where the area's figure is missing."""
    tests = _proportion_tests(of) if of.kind == "proportion" else _count_tests(of)
    labels = np.full(of.numerator.shape, NOT_SIGNIFICANT, dtype=object)
    for mask, text in reversed(tests):
        labels[mask] = text
    labels[np.isnan(of.denominator)] = ""
    if of.kind == "rate_dsr":
        labels[of.numerator < counts.EXACT_BELOW] = NOT_APPLICABLE
    return labels


def _proportion_tests(of: Areas):
    value = of.numerator / of.denominator
    low2, high2 = _proportion_bounds(of.average, of.denominator, TAIL_2S)
    low3, high3 = _proportion_bounds(of.average, of.denominator, TAIL_3S)
    return (value < low3, _LOW_3S), (value < low2, _LOW_2S), (value > high3, _HIGH_3S), (value > high2, _HIGH_2S)


def _count_tests(of: Areas):
    mean = of.average * of.denominator
    low3, high3, _ = counts.limits(of.numerator, 1 - 2 * TAIL_3S)
    low2, high2, _ = counts.limits(of.numerator, 1 - 2 * TAIL_2S)
    return (low3 > mean, _HIGH_3S), (low2 > mean, _HIGH_2S), (high3 < mean, _LOW_3S), (high2 < mean, _LOW_2S)


def points(of: Areas) -> FunnelPoints:
    """Where each area of a rate funnel is drawn."""
    if not of.kind.startswith("rate"):
        raise Problem("not-a-choice", "Points are worked out for funnels of rates.", of.kind, "Draw the figure over its denominator.")
    value = of.numerator / of.denominator * of.multiplier
    few = (of.numerator < counts.EXACT_BELOW) if of.kind == "rate_dsr" else np.zeros(value.shape, dtype=bool)
    why = reason.first_that_applies(value.shape, (few, reason.TOO_FEW_EVENTS), (np.isnan(value), reason.MISSING_INPUT))
    return FunnelPoints(np.where(few, np.nan, value), of.denominator / of.years, why)
