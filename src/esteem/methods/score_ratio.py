"""Score limits of a ratio of two proportions (Koopman 1984; Miettinen and Nurminen 1985 without their small-sample factor)."""

from __future__ import annotations

import numpy as np

_HALVINGS = 100
_FAR = 60.0  # limits are sought between e^-60 and e^60


def _score(ratio, x, n, x0, n0):
    """Signed score: how far the first proportion lies above `ratio` times the second, in standard errors at the best fit under it."""
    a = (n + n0) * ratio
    b = -(n * ratio + x + n0 + x0 * ratio)
    p0 = (-b - np.sqrt(np.maximum(b * b - 4 * a * (x + x0), 0))) / (2 * a)
    p = np.minimum(p0 * ratio, 1.0)
    variance = p * (1 - p) / n + ratio**2 * p0 * (1 - p0) / n0
    gap = x / n - ratio * x0 / n0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(variance > 0, gap / np.sqrt(variance), np.sign(gap) * np.inf)


def _crossing(level, x, n, x0, n0):
    """The ratio at which the falling score passes `level`, by halving its logarithm."""
    low, high = np.full(x.shape, -_FAR), np.full(x.shape, _FAR)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = _score(np.exp(middle), x, n, x0, n0) > level
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.exp((low + high) / 2)


def score_limits(x, n, x0, n0, z) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit of (x / n) / (x0 / n0) at `z` standard errors; lower 0 at x = 0; NaN where x0 = 0 or input is missing."""
    known = (x0 > 0) & ~np.isnan(x + n + n0)
    lower, upper = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    given = [np.asarray(figure)[known] for figure in (x, n, x0, n0)]
    z = np.broadcast_to(z, x.shape)[known]
    lower[known] = np.where(given[0] > 0, _crossing(z, *given), 0.0)
    upper[known] = _crossing(-z, *given)
    return lower, upper
