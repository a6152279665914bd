"""When things begin and end: stays of mixed length, seen through a window of time as a steady flow would be seen.

People arrive evenly; each stays for the sum of a few phases. Those who are there at some time in the window are drawn directly: long stays
are met more often than short ones, in proportion to the window and the stay together. So nobody is drawn who is not met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

EARLIEST = 16_802  # 2 January 2016: no referral is older


@dataclass(frozen=True)
class Lengths:
    """A mix of exponential lengths for each area: `weights` and `means` (days) are [areas, parts]; weights add up to one in a row."""

    weights: np.ndarray
    means: np.ndarray

    @classmethod
    def same(cls, areas: int, *parts: tuple[float, float]) -> Lengths:
        """The same parts (weight, mean) in each area."""
        weights, means = np.array(parts, float).T
        return cls(np.tile(weights / weights.sum(), (areas, 1)), np.tile(means, (areas, 1)))

    @property
    def mean(self) -> np.ndarray:
        return (self.weights * self.means).sum(axis=1)

    def draw(self, chance: np.random.Generator, area: np.ndarray, biased: np.ndarray) -> np.ndarray:
        """One length for each row of `area`; where `biased`, as met in passing: in proportion to its own length."""
        by_length = self.weights * self.means
        by_length = by_length / np.maximum(by_length.sum(axis=1, keepdims=True), 1e-12)
        pick = chance.random(len(area))
        part = np.where(biased, _picked(by_length, area, pick), _picked(self.weights, area, pick))
        mean = self.means[area, part]
        return mean * (chance.standard_exponential(len(area)) + np.where(biased, chance.standard_exponential(len(area)), 0.0))


def _picked(weights: np.ndarray, row: np.ndarray, at: np.ndarray) -> np.ndarray:
    reached = np.cumsum(weights, axis=1)[row]
    return np.minimum((at[:, None] >= reached).sum(axis=1), weights.shape[1] - 1)


def pick(chance: np.random.Generator, weights: np.ndarray, row: np.ndarray) -> np.ndarray:
    """A column for each row, in proportion to `weights[row]`: for long lists of columns."""
    reached = np.cumsum(weights, axis=1)
    reached = reached / reached[:, -1:] + np.arange(len(weights))[:, None]
    found = np.searchsorted(reached.reshape(-1), chance.random(len(row)) + row, side="right")
    return np.minimum(found - row * weights.shape[1], weights.shape[1] - 1).astype(np.int32)


def present(phases: Sequence[Lengths], window: float) -> np.ndarray:
    """How many are met in a window of days, for an inflow of one a day, by area."""
    return window + sum(phase.mean for phase in phases)


def timelines(
    chance: np.random.Generator, area: np.ndarray, phases: Sequence[Lengths], start: int, window: int
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Day of arrival and length of each phase (floats), for people met in the window of days that begins on `start`."""
    met = np.stack([np.full(len(phases[0].means), float(window)), *(phase.mean for phase in phases)], axis=1)
    met = met / met.sum(axis=1, keepdims=True)
    longest = _picked(met, area, chance.random(len(area)))
    lengths = [phase.draw(chance, area, longest == number) for number, phase in enumerate(phases, start=1)]
    total = sum(lengths)
    arrived = start - total + chance.random(len(area)) * (total + window)
    return np.maximum(arrived, EARLIEST), lengths
