"""Straight lines through many short series at once: weighted least squares, and regression of counts by reweighting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_ROUNDS = 30
_WIDEST = 30.0  # fitted log odds and logarithms are kept within this, so that a separated series stays finite


@dataclass(frozen=True)
class Line:
    """One figure a series: slope per unit of time and its standard error (dispersion taken in), fitted value at mid-span, span of time."""

    slope: np.ndarray
    error: np.ndarray
    middle: np.ndarray
    span: np.ndarray
    points: np.ndarray
    dispersion: np.ndarray  # at least 1 where weights are known; infinite in effect (t) for plain least squares
    varies: np.ndarray


def _sums(t: np.ndarray, z: np.ndarray, weight: np.ndarray):
    """Weighted mean time, intercept there, slope, and the sum of squares of time."""
    total = weight.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (weight * t).sum(axis=1) / total
        away = t - centre[:, None]
        squares = (weight * away**2).sum(axis=1)
        slope = (weight * away * z).sum(axis=1) / squares
        return centre, (weight * z).sum(axis=1) / total, slope, squares


def _span(t: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Length of time covered, and its middle."""
    first = np.min(np.where(known, t, np.inf), axis=1, initial=np.inf)
    last = np.max(np.where(known, t, -np.inf), axis=1, initial=-np.inf)
    with np.errstate(invalid="ignore"):
        return np.where(last > first, last - first, np.nan), (first + last) / 2


def fit_values(t: np.ndarray, z: np.ndarray, error: np.ndarray | None) -> Line:
    """Least squares; with `error` (standard error of each point) weighted, and dispersion floored at 1."""
    known = ~np.isnan(z) if error is None else ~np.isnan(z + error)
    weight = np.where(known, 1.0 if error is None else 1 / np.where(known, error, 1.0) ** 2, 0.0)
    filled = np.where(known, z, 0.0)
    centre, level, slope, squares = _sums(t, filled, weight)
    fitted = level[:, None] + slope[:, None] * (t - centre[:, None])
    points = known.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        scatter = (weight * (filled - fitted) ** 2).sum(axis=1) / (points - 2)
        dispersion = np.full(points.shape, np.inf) if error is None else np.maximum(scatter, 1.0)
        uncertainty = np.sqrt((scatter if error is None else dispersion) / squares)
    span, middle = _span(t, known)
    values = np.where(known, z, np.nan)
    varies = np.nanmax(np.where(known, values, -np.inf), axis=1, initial=-np.inf) > np.nanmin(
        np.where(known, values, np.inf), axis=1, initial=np.inf
    )
    # With standard errors known, a flat series is a finding (no change); without, there is nothing to judge by.
    varies = varies if error is None else points > 0
    return Line(slope, uncertainty, level + slope * (middle - centre), span, points, dispersion, varies)


def fit_counts(t: np.ndarray, x: np.ndarray, n: np.ndarray, *, binomial: bool) -> Line:
    """Binomial (logit) or Poisson (log) line through x / n by iteratively reweighted least squares; Pearson dispersion, at least 1."""
    known = ~np.isnan(x + n)
    x, n = np.where(known, x, 0.0), np.where(known, n, 1.0)
    events, people = x.sum(axis=1), np.where(known, n, 0.0).sum(axis=1)
    varies = (events > 0) & ((events < people) if binomial else True)
    eta = _start(x, n, binomial)
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-eta)) if binomial else np.exp(eta)
        variance = n * p * (1 - p) if binomial else n * p
        weight = np.where(known, variance, 0.0)
        working = eta + (x - n * p) / variance
        centre, level, slope, squares = _sums(t, working, weight)
        update = np.clip(level[:, None] + slope[:, None] * (t - centre[:, None]), -_WIDEST, _WIDEST)
        update = np.where(np.isnan(update), eta, update)
        if np.max(np.abs(update - eta), initial=0) < 1e-12:
            break
        eta = update
    points = known.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        pearson = np.where(known, (x - n * p) ** 2 / variance, 0.0).sum(axis=1) / (points - 2)
        dispersion = np.maximum(np.where(points > 2, pearson, 1.0), 1.0)
        uncertainty = np.sqrt(dispersion / squares)
    span, middle = _span(t, known)
    return Line(slope, uncertainty, level + slope * (middle - centre), span, points, dispersion, varies)


def _start(x: np.ndarray, n: np.ndarray, binomial: bool) -> np.ndarray:
    share = (x + 0.5) / (n + 1)
    return np.log(share / (1 - share)) if binomial else np.log(share)
