"""Limits of the slope and relative index of inequality: in closed form where they can be, else by simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from esteem.methods import inputs
from esteem.terms.problems import Problem

BLOCK = 4096
_SMALLEST = 1e-12  # keeps a draw from standing infinitely far out
Ends = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # slope lower and upper, relative lower and upper


@dataclass(frozen=True)
class Parts:
    """Weights from values to intercept and slope, centres and standard errors on the scale on which values are normal."""

    to_intercept: np.ndarray
    to_slope: np.ndarray
    centre: np.ndarray
    error: np.ndarray
    multiplier: float
    conf: float

    def slope_reach(self) -> np.ndarray:
        """Half-width of the slope on the scale on which values are normal."""
        return inputs.normal_quantile(self.conf) * np.sqrt(((self.to_slope * self.error) ** 2).sum(axis=-1))


def _ordered(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.minimum(one, other), np.maximum(one, other)


def closed(parts: Parts, c: np.ndarray, m: np.ndarray) -> Ends:
    """Values normal as they are: the slope is normal, the ratio (c + m) / c follows Fieller's theorem.

    The ratio has no limits (NaN) where the intercept itself could be zero at this confidence.
    """
    reach = parts.slope_reach()
    slope = _ordered((m - reach) * parts.multiplier, (m + reach) * parts.multiplier)
    top = parts.to_intercept + parts.to_slope
    squares = parts.error**2
    v_top, v_low = (top**2 * squares).sum(axis=-1), (parts.to_intercept**2 * squares).sum(axis=-1)
    shared = (top * parts.to_intercept * squares).sum(axis=-1)
    zz = inputs.normal_quantile(parts.conf) ** 2
    a, b, e = c**2 - zz * v_low, (c + m) * c - zz * shared, (c + m) ** 2 - zz * v_top
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(np.where(a > 0, b**2 - a * e, np.nan))
        ends = (b - root) / a, (b + root) / a
        relative = _ordered(*((1 / ends[0], 1 / ends[1]) if parts.multiplier < 0 else ends))
    return *slope, *relative


def on_scale(parts: Parts, c: np.ndarray, m: np.ndarray, back: Callable) -> Ends:
    """Line fitted on the scale on which values are normal: limits of its slope there, turned about the fitted mid-point."""
    reach, middle = parts.slope_reach(), c + m / 2
    highs = [back(middle + half) for half in ((m - reach) / 2, (m + reach) / 2)]
    lows = [back(middle - half) for half in ((m - reach) / 2, (m + reach) / 2)]
    slope = _ordered(*((high - low) * parts.multiplier for high, low in zip(highs, lows, strict=True)))
    ratios = [high / low for high, low in zip(highs, lows, strict=True)]
    relative = _ordered(*(1 / r if parts.multiplier < 0 else r for r in ratios))
    return *slope, *relative


@lru_cache(maxsize=4)
def _standard_normals(draws: int, quantiles: int, seed: int) -> np.ndarray:
    """Normal draws, shape (blocks, quantiles, BLOCK), from a scrambled Sobol sequence: about three times as even as random ones."""
    from scipy.stats import qmc  # a slow import that few need

    even = qmc.Sobol(quantiles, scramble=True, rng=np.random.default_rng(seed)).random_base2(draws.bit_length() - 1)
    normals = ndtri(np.clip(even, _SMALLEST, 1 - _SMALLEST)).reshape(-1, min(BLOCK, draws), quantiles)
    normals = np.ascontiguousarray(normals.transpose(0, 2, 1))
    normals.flags.writeable = False
    return normals


def simulated(parts: Parts, back: Callable, draws: int, seed: int) -> Ends:
    """Draw values on their normal scale, turn them back, fit the line to each draw; limits are sorted draws R(1 - q) and R q.

    `draws` is a power of two (Problem `draws-range`).
    """
    if draws < 2 or draws & (draws - 1):
        raise Problem("draws-range", "The number of draws is a power of two.", str(draws), "Use 65536.")
    shape = parts.centre.shape[:-1]
    normals = _standard_normals(draws, parts.centre.shape[-1], seed)
    places = _places(draws, parts.conf)
    found = np.empty((4, *shape))
    for row in np.ndindex(shape):
        weights = np.stack([np.broadcast_to(w, parts.centre.shape)[row] for w in (parts.to_intercept, parts.to_slope)])
        c, m = _lines(weights, parts.centre[row][:, None], parts.error[row][:, None], normals, back)
        relative = c / (c + m) if parts.multiplier < 0 else (c + m) / c
        found[(slice(0, 2), *row)] = np.partition(m * parts.multiplier, places)[places]
        found[(slice(2, 4), *row)] = np.partition(relative, places)[places]
    return tuple(found)


def _lines(weights, centre, error, normals, back) -> np.ndarray:
    """Intercept and slope of every draw, block by block so that the work stays in the processor's cache."""
    lines = np.empty((2, normals.shape[0], normals.shape[2]))
    for block, drawn in enumerate(normals):
        figures = drawn * error
        figures += centre
        lines[:, block] = weights @ back(figures)
    return lines.reshape(2, -1)


def _places(draws: int, conf: float) -> list[int]:
    upper = (1 + conf) / 2
    return [max(round(draws * (1 - upper)), 1) - 1, round(draws * upper) - 1]
