"""The plain models that compete in a forecast, each fitted from the start of the series to every origin at once.

Missing points are skipped: a model sees the time between the points it has. Where too little lies behind an origin all is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

PLAIN = 5  # models that are always there
_LEVEL_WEIGHTS = (0.2, 0.5, 0.8)
_TREND_WEIGHTS = (0.1, 0.3)
_DAMPING = (0.8, 0.9)


@dataclass(frozen=True)
class Ahead:
    """Forecasts of one model: `point` and standard `error` (series, origins, steps), degrees of `freedom` (series, origins)."""

    name: str
    point: np.ndarray
    error: np.ndarray
    freedom: np.ndarray


@dataclass(frozen=True)
class _Past:
    """What lies behind each origin: running figures of shape (series, times)."""

    z: np.ndarray
    known: np.ndarray
    time: np.ndarray
    count: np.ndarray
    last: np.ndarray  # last known value
    last_time: np.ndarray
    first: np.ndarray  # first known value of the series
    first_time: np.ndarray
    ahead: np.ndarray  # (times, steps) time of each step

    @classmethod
    def of(cls, z: np.ndarray, steps: int) -> _Past:
        known = ~np.isnan(z)
        time = np.arange(z.shape[1], dtype=float)
        place = np.maximum.accumulate(np.where(known, np.arange(z.shape[1]), -1), axis=1)
        seen = place >= 0
        filled = np.take_along_axis(z, np.maximum(place, 0), axis=1)
        start = np.argmax(known, axis=1)[:, None]
        return cls(
            z,
            known,
            time,
            np.cumsum(known, axis=1),
            np.where(seen, filled, np.nan),
            np.where(seen, place, np.nan),
            np.take_along_axis(z, start, axis=1),
            start.astype(float),
            time[:, None] + np.arange(1, steps + 1),
        )

    def since_last(self) -> np.ndarray:
        """Time from the last known point to each step: (series, times, steps)."""
        return self.ahead[None] - self.last_time[..., None]

    def running(self, figures: np.ndarray) -> np.ndarray:
        return np.cumsum(np.where(self.known, figures, 0.0), axis=1)

    def moves(self) -> tuple[np.ndarray, np.ndarray]:
        """Change into each known point from the one before it, and the time between them; zero and one elsewhere."""
        change, gap = np.zeros(self.z.shape), np.ones(self.z.shape)
        both = self.known.copy()
        both[:, 0] = False
        both[:, 1:] &= ~np.isnan(self.last[:, :-1])
        previous, when = np.roll(self.last, 1, axis=1), np.roll(self.last_time, 1, axis=1)
        change[both] = (self.z - previous)[both]
        gap[both] = (self.time - when)[both]
        return change, gap


def all_models(z: np.ndarray, steps: int, season: int | None) -> list[Ahead]:
    """Models in order of plainness. The seasonal one comes last, and only when two full seasons are there."""
    past = _Past.of(z, steps)
    with np.errstate(divide="ignore", invalid="ignore"):
        models = [_last_value(past), _mean(past), _drift(past), _straight_line(past), _damped_trend(past)]
        if season and season > 1 and z.shape[1] >= 2 * season:
            models.append(_season_ago(past, season))
    return models


def _root(variance: np.ndarray) -> np.ndarray:
    return np.sqrt(np.maximum(variance, 0.0))


def _last_value(past: _Past) -> Ahead:
    """Random walk: variance grows with the time since the last known point."""
    change, gap = past.moves()
    freedom = past.count - 1
    variance = np.cumsum(change**2 / gap, axis=1) / freedom
    since = past.since_last()
    return Ahead("last value", past.last[..., None] + 0 * since, _root(variance[..., None] * since), freedom)


def _mean(past: _Past) -> Ahead:
    centre = np.nanmean(np.where(past.known.any(axis=1, keepdims=True), past.z, 0.0), axis=1, keepdims=True)
    away = past.z - centre
    total, squares = past.running(away), past.running(away**2)
    freedom = past.count - 1
    mean = total / past.count
    variance = (squares - past.count * mean**2) / freedom * (1 + 1 / past.count)
    flat = np.zeros(past.ahead.shape)
    return Ahead("mean", (centre + mean)[..., None] + flat, _root(variance)[..., None] + flat, freedom)


def _drift(past: _Past) -> Ahead:
    """Random walk with drift: the average change so far goes on."""
    change, gap = past.moves()
    reach = past.last_time - past.first_time
    drift = (past.last - past.first) / reach
    freedom = past.count - 2
    # Sum of (change - drift x gap)^2 / gap, multiplied out so that every origin has its own drift.
    scatter = np.cumsum(change**2 / gap, axis=1) - drift**2 * reach
    since = past.since_last()
    variance = (scatter / freedom)[..., None] * since * (1 + since / reach[..., None])
    return Ahead("last value with drift", past.last[..., None] + drift[..., None] * since, _root(variance), freedom)


def _straight_line(past: _Past) -> Ahead:
    middle = past.time.mean()
    t = np.broadcast_to(past.time - middle, past.z.shape)
    centre = np.nanmean(np.where(past.known.any(axis=1, keepdims=True), past.z, 0.0), axis=1, keepdims=True)
    y = past.z - centre
    n = past.count
    mean_t, mean_y = past.running(t) / n, past.running(y) / n
    tt = past.running(t**2) - n * mean_t**2
    ty = past.running(t * y) - n * mean_t * mean_y
    slope = ty / tt
    freedom = n - 2
    scatter = (past.running(y**2) - n * mean_y**2 - slope * ty) / freedom
    away = (past.ahead - middle)[None] - mean_t[..., None]
    variance = scatter[..., None] * (1 + 1 / n[..., None] + away**2 / tt[..., None])
    return Ahead("straight line", (centre + mean_y)[..., None] + slope[..., None] * away, _root(variance), freedom)


def _damped_trend(past: _Past) -> Ahead:
    """Damped additive trend; weights are chosen from a small grid at every origin by the one-step errors behind it."""
    grid = np.array(list(product(_LEVEL_WEIGHTS, _TREND_WEIGHTS, _DAMPING)))
    level, trend, squares, tests = _filter(past, *grid.T)
    best = np.argmin(np.where(np.isnan(squares), np.inf, squares), axis=2)[..., None]
    level, trend, squares = (np.take_along_axis(a, best, axis=2)[..., 0] for a in (level, trend, squares))
    alpha, beta, damping = (column[best[..., 0]] for column in grid.T)
    freedom = tests - 2
    steps = past.ahead.shape[1]
    damped = np.cumsum(damping[..., None] ** np.arange(1, steps + 1), axis=2)
    weights = alpha[..., None] * (1 + beta[..., None] * damped)
    growth = 1 + np.concatenate([np.zeros_like(weights[..., :1]), np.cumsum(weights**2, axis=2)[..., :-1]], axis=2)
    error = _root((squares / np.maximum(freedom, 1))[..., None] * growth)
    return Ahead("damped trend", level[..., None] + trend[..., None] * damped, error, np.maximum(freedom, 1))


def _filter(past: _Past, alpha: np.ndarray, beta: np.ndarray, damping: np.ndarray):
    """Level, trend and running sum of squared one-step errors after every time, for every set of weights: (series, times, sets)."""
    series, times = past.z.shape
    level = np.full((series, alpha.size), np.nan)
    trend, squares = np.zeros_like(level), np.zeros_like(level)
    found = np.full((3, series, times, alpha.size), np.nan)
    for t in range(times):
        now, seen = past.z[:, t, None], past.known[:, t, None]
        ahead = level + damping * trend
        miss = np.where(seen & ~np.isnan(ahead), now - ahead, 0.0)
        trend = damping * trend + alpha * beta * miss
        level = np.where(np.isnan(level), now, ahead + alpha * miss)
        squares = squares + miss**2
        found[:, :, t] = level, trend, squares
    return *found, np.maximum(past.count - 1, 0)


def _season_ago(past: _Past, season: int) -> Ahead:
    """The latest known value of the same part of the season; variance from changes over whole seasons."""
    series, times = past.z.shape
    steps = past.ahead.shape[1]
    point = np.full((series, times, steps), np.nan)
    seasons = np.ceil(np.arange(1, steps + 1) / season).astype(int)
    for h in range(1, steps + 1):
        back = seasons[h - 1] * season - h  # how far behind the origin its part of the season last stood
        point[:, back:, h - 1] = past.z[:, : times - back]
    change = np.full(past.z.shape, np.nan)
    change[:, season:] = past.z[:, season:] - past.z[:, :-season]
    known = ~np.isnan(change)
    freedom = np.cumsum(known, axis=1)
    variance = np.cumsum(np.where(known, change**2, 0.0), axis=1) / freedom
    return Ahead("season ago", point, _root(variance[..., None] * seasons), freedom)
