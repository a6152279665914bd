"""Slope and relative index of inequality across quantiles of deprivation (Pamuk 1985; Mackenbach and Kunst 1997).

A weighted straight line runs through the quantiles at the mid-points of their cumulative share of people. The slope index is its rise from
one end to the other, the relative index the ratio of its ends. Where the line is linear in normal figures, limits are exact in closed
form (normal for the slope, Fieller's theorem for the ratio); where values are log or logit normal but the line is not, they are simulated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from esteem.methods import inequality_limits, inputs
from esteem.methods import reasons as reason
from esteem.terms.problems import Problem

VALUE_TYPES = {"other": 0, "rate": 1, "proportion": 2}
_Z95 = 1.959964  # published limits of quantiles are 95% ones
SEED = 20_171_001
DRAWS = 2**16


def _identity(x):
    return x


_TO_SCALE = (_identity, np.log, logit)
_FROM_SCALE = (_identity, np.exp, expit)


@dataclass(frozen=True)
class Inequality:
    """Arrays, one figure for each row of input. `draws` is 0 when limits are in closed form; `seed` repeats the others."""

    slope: np.ndarray
    slope_lower: np.ndarray
    slope_upper: np.ndarray
    relative: np.ndarray
    relative_lower: np.ndarray
    relative_upper: np.ndarray
    intercept: np.ndarray
    conf: float
    method: str
    draws: int
    seed: int
    reason_code: np.ndarray
    warnings: tuple[str, ...] = ()

    @property
    def reasons(self) -> np.ndarray:
        return reason.texts(self.reason_code)


def index(
    population,
    value,
    *,
    lower=None,
    upper=None,
    standard_error=None,
    value_type="other",
    transform=False,
    multiplier=1.0,
    conf=0.95,
    draws=DRAWS,
    seed=SEED,
) -> Inequality:
    """Slope and relative index of each row: `population`, `value`, and 95% limits or standard errors, shape (..., quantiles).

    Quantiles are in order, 5 to 100 of them (a warning above 10); population above zero. value_type: other, rate (log scale) or
    proportion (logit scale, fractions within 0 and 1). standard_error is on that scale. transform: fit the line on that scale.
    multiplier below zero turns the direction round (the relative index is inverted). A row with a missing figure is left out with a
    warning (`areas_dropped`) and comes back missing; where the low end of the line may be zero the relative index has no limits
    (`intercept_may_be_zero`). Raises Problem naming the row.
    """
    kind = VALUE_TYPES[inputs.choice(value_type, tuple(VALUE_TYPES), "value type")]
    population, given = inputs.above_zero(population, "population"), inputs.numbers(value, "value")
    _check_figures(given, kind, transform)
    error = _standard_errors(standard_error, lower, upper, kind)
    population, given, error = np.broadcast_arrays(population, given, error)
    missing = np.isnan(population + given + error).any(axis=-1)
    conf, multiplier = float(inputs.confidence(conf)), float(multiplier)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = _TO_SCALE[kind](given)
        parts = inequality_limits.Parts(*_line(population), centre, error, multiplier, conf)
        fitted = centre if transform else given
        c, m = (parts.to_intercept * fitted).sum(axis=-1), (parts.to_slope * fitted).sum(axis=-1)
        back = _FROM_SCALE[kind] if transform else _identity
        slope, relative = (back(c + m) - back(c)) * multiplier, _inverted(back(c + m) / back(c), multiplier)
        ends = _limits(parts, c, m, kind, transform, draws, seed)
    by_draws = not transform and kind != 0
    method, used = (f"simulation {draws} reps", (draws, seed)) if by_draws else ("closed form", (0, 0))
    loose = np.isnan(ends[2]) | ~np.isfinite(relative)
    why = reason.first_that_applies(missing.shape, (missing, reason.MISSING_INPUT), (loose, reason.INTERCEPT_MAY_BE_ZERO))
    said = ((given.shape[-1] > 10, reason.MORE_THAN_TEN_QUANTILES), (missing.any(), reason.AREAS_DROPPED))
    warnings = tuple(code for applies, code in said if applies)
    intercept = back(c) * abs(multiplier) if transform else c
    relative = np.where(np.isfinite(relative), relative, np.nan)
    return Inequality(slope, ends[0], ends[1], relative, ends[2], ends[3], intercept, conf, method, *used, why, warnings)


def _limits(parts, c, m, kind: int, transform: bool, draws: int, seed: int) -> inequality_limits.Ends:
    if transform:
        return inequality_limits.on_scale(parts, c, m, _FROM_SCALE[kind])
    if kind == 0:
        return inequality_limits.closed(parts, c, m)
    return inequality_limits.simulated(parts, _FROM_SCALE[kind], draws, seed)


def _inverted(ratio, multiplier: float):
    return 1 / ratio if multiplier < 0 else ratio


def _check_figures(given: np.ndarray, kind: int, transform: bool) -> None:
    quantiles = given.shape[-1]
    if not 5 <= quantiles <= 100:
        raise Problem("quantile-count", "A slope index needs 5 to 100 quantiles.", str(quantiles), "Use quintiles or deciles.")
    if kind == 2:
        rule = "A proportion lies within 0 and 1."
        inputs.insist(~((given < 0) | (given > 1)), given, "value", "proportion-range", rule)
    if kind == 2 and transform:
        rule = "A proportion fitted on the logit scale lies inside 0 and 1."
        inputs.insist(~((given == 0) | (given == 1)), given, "value", "proportion-range", rule)
    if transform and kind == 0:
        remedy = "Say rate or proportion, or fit without it."
        raise Problem("transform-type", "Only rates and proportions have a scale to fit on.", "value type other", remedy)
    if kind == 1:
        inputs.insist(~(given <= 0), given, "value", "not-above-zero", "A rate on the log scale is above zero.")


def _standard_errors(standard_error, lower, upper, kind: int) -> np.ndarray:
    if standard_error is not None:
        return inputs.not_negative(standard_error, "standard error")
    if lower is None or upper is None:
        raise Problem("missing-figure", "Each quantile has 95% limits or a standard error.", "neither", "Give one of them.")
    low, high = inputs.numbers(lower, "lower limit"), inputs.numbers(upper, "upper limit")
    inputs.insist(~(low > high), low, "lower limit", "limits-order", "The lower limit is at most the upper one.")
    if kind:
        inputs.insist(~(low <= 0), low, "lower limit", "not-above-zero", "A lower limit is above zero on the log and logit scale.")
    if kind == 2:
        inputs.insist(~(high >= 1), high, "upper limit", "proportion-range", "An upper limit is below 1 on the logit scale.")
    return (_TO_SCALE[kind](high) - _TO_SCALE[kind](low)) / (2 * _Z95)


def _line(population: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights that turn values into intercept and slope: least squares with the population shares as weights."""
    share = population / population.sum(axis=-1, keepdims=True)
    middle = np.cumsum(share, axis=-1) - share / 2
    centre = (share * middle).sum(axis=-1, keepdims=True)
    spread = (share * (middle - centre) ** 2).sum(axis=-1, keepdims=True)
    to_slope = share * (middle - centre) / spread
    return share - to_slope * centre, to_slope


def reliability(population, value, *, reruns: int = 10, seed: int = SEED, **options) -> tuple[np.ndarray, np.ndarray]:
    """Mean absolute difference of the limits over `reruns` with other seeds: (slope, relative); zero for limits in closed form."""
    first = index(population, value, seed=seed, **options)
    slope, relative = np.zeros_like(first.slope), np.zeros_like(first.relative)
    for extra in range(1, reruns + 1):
        again = index(population, value, seed=seed + extra, **options)
        slope += abs(again.slope_lower - first.slope_lower) + abs(again.slope_upper - first.slope_upper)
        relative += abs(again.relative_lower - first.relative_lower) + abs(again.relative_upper - first.relative_upper)
    return slope / (2 * reruns), relative / (2 * reruns)
