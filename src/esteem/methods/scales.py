"""Scales on which a line is fitted: free, positive (logarithm), fraction (log odds), so that nothing leaves its range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from esteem.methods import inputs

_LEAST = 1e-12  # nearer to an edge than this, rounding would put a value back on it


@dataclass(frozen=True)
class Scale:
    """`raw` maps values as they are (edges become infinite), `to` moves edge values inside first, `back` undoes both."""

    name: str
    raw: Callable[[np.ndarray], np.ndarray]
    back: Callable[[np.ndarray], np.ndarray]
    ratio: bool  # a difference on the scale is the logarithm of a ratio
    edges: tuple[float, ...]
    rule: str = ""

    def to(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values (series, times) on the scale, and a mask of series with a value moved inside from the edge of the range.

        Such a value goes to half of the least distance that other values of its series keep from that edge; a series with no other
        value has nothing to go by, and its edge values become missing. Raises Problem `value-range` for a value outside the range.
        """
        if not self.edges:
            return values, np.zeros(values.shape[0], dtype=bool)
        highest = self.edges[1] if len(self.edges) == 2 else np.inf
        inputs.insist(~((values < self.edges[0]) | (values > highest)), values, "value", "value-range", self.rule)
        inside = values
        for edge in self.edges:
            inside = np.where(values == edge, _half_way_to_nearest(values, edge, self.edges), inside)
        return self.raw(inside), np.isin(values, self.edges).any(axis=1)


def _half_way_to_nearest(values: np.ndarray, edge: float, edges: tuple[float, ...]) -> np.ndarray:
    """For each series, the point half way from `edge` to its nearest value off all edges; NaN when there is none."""
    off = ~np.isin(values, edges) & ~np.isnan(values)
    nearest = np.min(np.where(off, np.abs(values - edge), np.inf), axis=1, keepdims=True, initial=np.inf)
    towards = 1 if edge == edges[0] else -1
    return np.where(np.isfinite(nearest), edge + towards * np.maximum(nearest / 2, _LEAST), np.nan)


def _logarithm(values: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(values)


def _same(values: np.ndarray) -> np.ndarray:
    return values


SCALES = {
    "free": Scale("free", _same, _same, False, ()),
    "positive": Scale("positive", _logarithm, np.exp, True, (0.0,), "A value on this scale is zero or more."),
    "fraction": Scale("fraction", logit, expit, True, (0.0, 1.0), "A fraction lies within 0 and 1."),
}
