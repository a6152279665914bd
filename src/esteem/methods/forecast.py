"""Forecast of short series to a date ahead, with a prediction interval and the record of its own back-test.

Five plain models compete, fitted on a scale that keeps forecasts inside their range: the last value, the mean, the last value with drift,
a straight line, and a damped trend (Hyndman and others 2008; a sixth, the value a season ago, when a season is given). Each is put to the
test on the series' own past: from every point with at least four behind it (rolling origin), it forecasts what followed. The model with the
least mean absolute error wins; a less plain one must be 5% better. The interval is the widest among the winner and those the tests
cannot tell from it (error at most a quarter larger), since on a short series the choice itself is uncertain. Where past intervals held
the truth less often than they promised, the interval is widened until they would have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from esteem.methods import forecast_models, inputs
from esteem.methods import reasons as reason
from esteem.methods.forecast_models import Ahead
from esteem.methods.scales import SCALES
from esteem.terms.problems import Problem

FEWEST_POINTS = 5
SHORT = 8
FEWEST_BEHIND = 4  # points behind an origin of the back-test
BETTER_BY = 0.95
NOT_TOLD_APART = 1.25


@dataclass(frozen=True)
class BackTest:
    """How the chosen model did on the past of each series. Errors are mean absolute ones, in the unit of the values.

    `naive_error` is that of the last value carried on, over the same tests. `coverage` is the share of tests whose interval, before any
    widening, held what followed. All NaN where `tests` is 0.
    """

    tests: np.ndarray
    error: np.ndarray
    naive_error: np.ndarray
    coverage: np.ndarray


@dataclass(frozen=True)
class Forecast:
    """Arrays (series, steps): step h stands h units of time after the last column given. `model` is the one chosen for each series.

    `widened` is the factor on the interval (1 = as the model has it). `reason_code` (series, steps) says why there is no forecast;
    `warnings` holds a tuple of reason codes for each series.
    """

    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    model: np.ndarray
    widened: np.ndarray
    back_test: BackTest
    reason_code: np.ndarray
    warnings: tuple[tuple[str, ...], ...]
    conf: float

    @property
    def reasons(self) -> np.ndarray:
        return reason.texts(self.reason_code)


def forecast(values, steps: int, *, scale: str = "free", season: int | None = None, conf=0.95) -> Forecast:
    """Forecast each series (series, times) or (times), evenly spaced, NaN = missing, 1 to `steps` units of time ahead.

    scale: `free`, `positive` (rates, counts, days: never below zero) or `fraction` (proportions as fractions: never outside 0 and 1).
    season: units of time in a season (12 for months); used with two full seasons. Fewer than five points: `too_few_points`; a step
    further ahead than the series reaches back: `too_far_ahead`; a series that never moves: `no_variation`. Raises Problem for a wrong
    figure.
    """
    y = np.atleast_2d(inputs.numbers(values, "value"))
    conf = float(inputs.confidence(conf))
    if int(steps) != steps or steps < 1:
        raise Problem("steps-range", "A forecast is for one step ahead or more.", repr(steps), "Give a date after the last point.")
    of = SCALES[inputs.choice(scale, tuple(SCALES), "scale")]
    z, clipped = of.to(y)
    models = forecast_models.all_models(z, int(steps), season)
    trial = _Trial.of(z, models, conf)
    chosen = trial.choose()
    pick = trial.of_chosen(chosen)
    why = _reasons(z, int(steps))
    point, reach = _at_the_end(models, chosen, trial.rivals(chosen), conf)
    wide = pick.widening(conf)
    known = why == 0
    point, reach = np.where(known, point, np.nan), np.where(known, reach * wide[:, None], np.nan)
    with np.errstate(over="ignore"):
        value, lower, upper = of.back(point), of.back(point - reach), of.back(point + reach)
    names = np.array([m.name for m in models], dtype=object)[chosen]
    some = known.any(axis=1)
    names[~some] = ""
    test = _back_test(pick, trial.of_chosen(np.zeros_like(chosen)), of.back, z, some)
    warnings = _warnings(z, clipped, wide, some, int(steps))
    return Forecast(value, lower, upper, names, np.where(some, wide, np.nan), test, why, warnings, conf)


def _at_the_end(models: list[Ahead], chosen: np.ndarray, rivals: np.ndarray, conf: float) -> tuple[np.ndarray, np.ndarray]:
    """Point forecast of the chosen model of each series from the last column, and the widest half-width among it and its rivals."""
    point = np.stack([m.point[:, -1] for m in models])[chosen, np.arange(chosen.size)]
    quantile = [stdtrit(np.maximum(m.freedom[:, -1], 1), (1 + conf) / 2)[:, None] for m in models]
    reach = np.stack([q * m.error[:, -1] for q, m in zip(quantile, models, strict=True)])
    return point, np.max(np.where(rivals[..., None] & ~np.isnan(reach), reach, 0.0), axis=0)


def _extent(z: np.ndarray) -> np.ndarray:
    """Units of time from the first known point of each series to the last column."""
    known = ~np.isnan(z)
    return np.where(known.any(axis=1), z.shape[1] - 1 - np.argmax(known, axis=1), 0)


def _reasons(z: np.ndarray, steps: int) -> np.ndarray:
    shape = (z.shape[0], steps)
    points = (~np.isnan(z)).sum(axis=1)
    low = np.min(np.where(np.isnan(z), np.inf, z), axis=1, initial=np.inf)
    flat = low == np.max(np.where(np.isnan(z), -np.inf, z), axis=1, initial=-np.inf)
    far = np.arange(1, steps + 1) > _extent(z)[:, None]
    return reason.first_that_applies(
        shape,
        ((points < FEWEST_POINTS)[:, None], reason.TOO_FEW_POINTS),
        (flat[:, None], reason.NO_VARIATION),
        (far, reason.TOO_FAR_AHEAD),
    )


def _warnings(z, clipped, wide, some, steps: int) -> tuple[tuple[str, ...], ...]:
    points = (~np.isnan(z)).sum(axis=1)
    said = (
        (points < SHORT, reason.SHORT_SERIES),
        (clipped, reason.CLIPPED),
        (wide > 1, reason.WIDENED),
        (steps > _extent(z) / 2, reason.LONG_HORIZON),
    )
    return tuple(tuple(code for applies, code in said if applies[s]) if some[s] else () for s in range(points.size))


def _fair(tested: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Tests that every model can make; where these are fewer than five, those that the plain models can make."""
    all_can, plain_can = (~np.isnan(p).any(axis=0) for p in (point, point[: forecast_models.PLAIN]))
    enough = (tested & all_can).sum(axis=(1, 2)) >= FEWEST_POINTS
    return np.where(enough[:, None, None], all_can, plain_can)


@dataclass(frozen=True)
class _Trial:
    """Every model's forecasts from every origin, beside what followed. Arrays (models, series, origins, steps); `tested` without models."""

    truth: np.ndarray
    point: np.ndarray
    reach: np.ndarray
    tested: np.ndarray

    @classmethod
    def of(cls, z: np.ndarray, models: list[Ahead], conf: float) -> _Trial:
        """Tests reach as far as the forecast, or a third of the series if that is less."""
        series, times = z.shape
        reach_of_tests = min(models[0].point.shape[2], max(1, times // 3))
        truth = np.full((series, times, reach_of_tests), np.nan)
        for h in range(1, min(reach_of_tests, times - 1) + 1):
            truth[:, :-h, h - 1] = z[:, h:]
        behind = np.cumsum(~np.isnan(z), axis=1)
        point = np.stack([m.point[:, :, :reach_of_tests] for m in models])
        quantile = [stdtrit(np.maximum(m.freedom, 1), (1 + conf) / 2)[..., None] for m in models]
        reach = np.stack([q * m.error[:, :, :reach_of_tests] for q, m in zip(quantile, models, strict=True)])
        tested = ~np.isnan(truth) & (behind >= FEWEST_BEHIND)[..., None] & ~np.isnan(z)[..., None]
        return cls(truth, point, reach, tested & _fair(tested, point))

    def misses(self) -> np.ndarray:
        """Mean absolute error (models, series) on the scale; NaN for a model that could not make every test."""
        counted = self.tested.sum(axis=(1, 2))
        return np.where(self.tested, np.abs(self.truth - self.point), 0.0).sum(axis=(2, 3)) / np.maximum(counted, 1)

    def choose(self) -> np.ndarray:
        """Position of the model chosen for each series: the plainest, unless a later one is 5% better. Without a test: the first."""
        misses = self.misses()
        best = np.zeros(misses.shape[1], dtype=int)
        least = misses[0].copy()
        for model in range(1, misses.shape[0]):
            better = misses[model] < BETTER_BY * least  # false for NaN: such a model is passed over
            best[better], least[better] = model, misses[model][better]
        return best

    def rivals(self, chosen: np.ndarray) -> np.ndarray:
        """True (models, series) for each model that the tests cannot tell from the chosen one: its error is at most a quarter larger."""
        misses = self.misses()
        return misses <= NOT_TOLD_APART * misses[chosen, np.arange(chosen.size)]

    def of_chosen(self, chosen: np.ndarray) -> _Trial:
        series = np.arange(chosen.size)
        return _Trial(self.truth, self.point[chosen, series], self.reach[chosen, series], self.tested)

    def _in_reaches(self) -> np.ndarray:
        """Each miss in half-widths of its interval; NaN where nothing was tested, infinite where the interval had no width."""
        miss = np.where(self.tested, np.abs(self.truth - self.point), np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(miss == 0, 0.0, miss / self.reach).reshape(miss.shape[0], -1)

    def coverage(self) -> np.ndarray:
        counted = self.tested.sum(axis=(1, 2))
        with np.errstate(invalid="ignore"):
            held = (self._in_reaches() <= 1).sum(axis=1)
        return np.where(counted > 0, held / np.maximum(counted, 1), np.nan)

    def widening(self, conf: float) -> np.ndarray:
        """Factor, at least 1, at which the past intervals would have held their share of what followed (the worst miss if need be)."""
        misses = self._in_reaches()
        misses = np.sort(np.where(np.isfinite(misses), misses, np.nan), axis=1)
        counted = (~np.isnan(misses)).sum(axis=1)
        place = np.clip(np.ceil(conf * (counted + 1)).astype(int), 1, np.maximum(counted, 1)) - 1
        worst = np.take_along_axis(misses, place[:, None], axis=1)[:, 0]
        return np.where(counted > 0, np.fmax(worst, 1.0), 1.0)


def _back_test(pick: _Trial, naive: _Trial, back, z: np.ndarray, some: np.ndarray) -> BackTest:
    def error(trial: _Trial) -> np.ndarray:
        with np.errstate(over="ignore"):
            miss = np.where(trial.tested, np.abs(back(trial.truth) - back(trial.point)), 0.0).sum(axis=(1, 2))
        return np.where(counted > 0, miss / np.maximum(counted, 1), np.nan)

    counted = np.where(some, pick.tested.sum(axis=(1, 2)), 0)
    return BackTest(counted, error(pick), error(naive), np.where(counted > 0, pick.coverage(), np.nan))
