"""Segments: the groups of points of many series, laid out as rows of one matrix, and back again.

Ghosted points are taken out before and put back after, so that every rule sees the remaining points as neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Segments:
    """Where each point of a (series, points) matrix stands in a (groups, width) matrix.

    `plain` means one group for each series and no ghost: both matrices are the same and nothing is moved.
    """

    shape: tuple[int, int]
    series: np.ndarray  # series of each group
    length: np.ndarray  # points of each group
    width: int
    plain: bool
    kept: np.ndarray  # flat positions of the points that count, in order
    first: np.ndarray  # where each group starts in `kept`
    last_of_series: np.ndarray  # last group of each series that has one

    @classmethod
    def of(cls, hidden: np.ndarray, groups: np.ndarray | None) -> Segments:
        """Groups end where the series or the group number changes; a series with no point that counts has no group."""
        rows, columns = hidden.shape
        kept = np.flatnonzero(~hidden.ravel())
        if groups is None and columns and kept.size == rows * columns:
            each = np.arange(rows)
            return cls((rows, columns), each, np.full(rows, columns), columns, True, kept, each * columns, each)
        series = kept // max(columns, 1)
        starts = np.ones(kept.size, dtype=bool)
        starts[1:] = series[1:] != series[:-1]
        if groups is not None:
            number = groups.ravel()[kept]
            starts[1:] |= number[1:] != number[:-1]
        first = np.flatnonzero(starts)
        length = np.diff(np.append(first, kept.size))
        own = series[first]
        ends = np.append(own[1:] != own[:-1], True) if own.size else np.zeros(0, dtype=bool)
        width = int(length.max(initial=0))
        return cls((rows, columns), own, length, width, False, kept, first, np.flatnonzero(ends))

    def cells(self, group: int) -> np.ndarray:
        """Flat positions of the points of one group."""
        return self.kept[self.first[group] : self.first[group] + self.length[group]]

    def _inside(self) -> np.ndarray:
        return np.arange(self.width) < self.length[:, None]

    def gather(self, y: np.ndarray) -> np.ndarray:
        """Points laid out one group a row, NaN after the end of a shorter group."""
        if self.plain:
            return y
        laid_out = np.full((self.series.size, self.width), np.nan)
        laid_out[self._inside()] = y.ravel()[self.kept]
        return laid_out

    def scatter(self, laid_out: np.ndarray, elsewhere) -> np.ndarray:
        """What `gather` undoes; ghosted points get `elsewhere`."""
        if self.plain:
            return laid_out
        back = np.full(self.shape, elsewhere, dtype=laid_out.dtype)
        back.ravel()[self.kept] = laid_out[self._inside()]
        return back

    def spread(self, of_group: np.ndarray) -> np.ndarray:
        """One figure a group, given to each of its points; a ghosted point gets that of the group it stands in."""
        if self.plain:
            return np.broadcast_to(of_group[:, None], self.shape)
        spread = np.full(self.shape, np.nan)
        spread.ravel()[self.kept] = np.repeat(of_group, self.length)
        return np.take_along_axis(spread, self._standing_in, axis=1) if spread.size else spread

    @cached_property
    def _standing_in(self) -> np.ndarray:
        """Column of the point whose group each cell stands in: its own, else the last before it that counts, else the first."""
        shown = np.zeros(self.shape, dtype=bool)
        shown.ravel()[self.kept] = True
        column = np.maximum.accumulate(np.where(shown, np.arange(self.shape[1]), -1), axis=1)
        return np.where(column < 0, np.argmax(shown, axis=1)[:, None], column)
