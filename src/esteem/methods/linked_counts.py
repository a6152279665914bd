"""Counts that are linked: what ties them together, and what each says when it is shown.

A reader is given shown counts (a range when rounded), shown percentages and rates (a range of the ratio of two counts), and every
relation that holds between counts (a total is the sum of its parts, a part is no more than its whole). All of these are linear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

NEAR = 1e-6  # what arithmetic in floats may be off by
_STEPS = 20  # how far a box round two true counts is tried


def rounded(count: float, to: int) -> float:
    """The nearest multiple of `to`, halves up."""
    return float(np.floor(count / to + 0.5) * to)


def rounded_range(shown: float, to: int, fewest: int) -> tuple[float, float]:
    """The whole counts that are shown as this multiple of `to` where no count below `fewest` is shown: 5 is 5 to 7, 10 is 8 to 12."""
    down, up = to // 2, (to - 1) // 2
    return max(shown - down, float(fewest)), shown + up


def rows_over(rows: Sequence[Mapping[int, float]], count: int) -> csr_array:
    """Rows of {number of a count: factor} as a matrix over `count` counts."""
    starts = np.cumsum([0, *(len(row) for row in rows)])
    places = np.fromiter((cell for row in rows for cell in row), dtype=np.int64, count=starts[-1])
    factors = np.fromiter((factor for row in rows for factor in row.values()), dtype=float, count=starts[-1])
    return csr_array((factors, places, starts), shape=(len(rows), count))


@dataclass(frozen=True)
class Shares:
    """k percentages or rates: `times` x above / below is printed as `shown`, to the nearest `step`, halves up.

    `above`, `below` (k,): numbers of counts; below -1 where it is a number that everybody knows, `constant`. `given`: printed, not hidden.
    `fixed`: out already, cannot be hidden.
    """

    above: np.ndarray
    below: np.ndarray
    constant: np.ndarray
    times: np.ndarray
    shown: np.ndarray
    step: np.ndarray
    given: np.ndarray
    fixed: np.ndarray

    @classmethod
    def of(cls, above=(), below=(), constant=(), times=(), shown=(), step=(), given=None, fixed=None) -> Shares:
        whole = (np.asarray(numbers, dtype=np.int64) for numbers in (above, below))
        count = len(above)
        flags = (np.full(count, start) if said is None else np.asarray(said, dtype=bool) for said, start in ((given, True), (fixed, False)))
        return cls(*whole, *(np.asarray(numbers, dtype=float) for numbers in (constant, times, shown, step)), *flags)

    def __len__(self) -> int:
        return len(self.above)

    def pick(self, which: np.ndarray) -> Shares:
        return Shares(**{name: column[which] for name, column in vars(self).items()})

    def says(self, above: np.ndarray, below: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(the ratio of these counts is high enough for the printed share, it is low enough), in whole numbers where all factors are."""
        up, least, most, end = self._factors()
        return up * above >= least * below - NEAR, (up * above <= most * below + end + NEAR) & (below > 0)

    def hold(self, counts: np.ndarray) -> np.ndarray:
        """Which shares are printed as they are of these counts (n,)."""
        below = np.where(self.below < 0, self.constant, counts[self.below])
        enough, not_too_much = self.says(counts[self.above], below)
        return (enough & not_too_much) | (self.above == self.below)

    def rows(self, count: int) -> tuple[csr_array, np.ndarray, np.ndarray]:
        """What the given shares say, as rows over `count` counts with their least and most."""
        own = self.pick(self.given & (self.above != self.below))
        up, least, most, end = own._factors()
        number, tied = np.arange(len(own)), own.below >= 0
        known = np.where(tied, 0.0, own.constant)
        places = [(number, own.above, up), (number[tied], own.below[tied], -least[tied])]
        places += [(len(own) + number, own.above, up), (len(own) + number[tied], own.below[tied], -most[tied])]
        rows, cells, factors = (np.concatenate(column) for column in zip(*places, strict=True))
        low = np.concatenate([least * known, np.full(len(own), -np.inf)])
        high = np.concatenate([np.full(len(own), np.inf), most * known + end])
        return coo_array((factors, (rows, cells)), shape=(2 * len(own), count)).tocsr(), low, high

    def _factors(self) -> tuple[np.ndarray, ...]:
        """Of above, and of below at the least and the most; and what the upper row may at most be: the end itself is not printed so."""
        scale = 2 / self.step  # makes every factor whole when the step is 1 or 0.1
        up, least, most = self.times * scale, self.shown * scale - 1, self.shown * scale + 1
        whole = np.all([np.abs(numbers - np.round(numbers)) < NEAR for numbers in (up, most, self.constant)], axis=0)
        return up, least, most, np.where(whole, -1.0, 0.0)

    def boxes(self, counts: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, ...]:
        """(least above, most above, least below, most below): round the true counts, within lower and upper, and every pair of whole
        counts inside would be printed as the same share. So who keeps both inside need not look at the share."""
        tied = self.below >= 0
        above, below = counts[self.above], np.where(tied, counts[self.below], self.constant)
        least, most, low, high = above.copy(), above.copy(), below.copy(), below.copy()
        floors, tops = lower[self.above], upper[self.above]
        low_end, high_end = (np.where(tied, ends[self.below], self.constant) for ends in (lower, upper))
        for _ in range(_STEPS):
            most += (most + 1 <= tops) & self.says(most + 1, low)[1]
            least -= (least - 1 >= floors) & self.says(least - 1, high)[0]
            high += (high + 1 <= high_end) & self.says(least, high + 1)[0]
            low -= (low - 1 >= np.maximum(low_end, 1)) & self.says(most, low - 1)[1]
        same = self.above == self.below
        ends = ((floors, least), (tops, most), (low_end, low), (high_end, high))
        return tuple(np.where(same, end, box) for end, box in ends)


@dataclass(frozen=True)
class Linked:
    """n counts, all at least 0, and what may be known about them. `shown` says which are given out.

    `relations` (m, n) with `relation_lower` and `relation_upper`: true of the counts and known to everybody.
    `lower`, `upper` (n,): what a count says when it is shown. `weight` (n,): how dear hiding one is; infinity where it is out already.
    """

    relations: csr_array
    relation_lower: np.ndarray
    relation_upper: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    shown: np.ndarray
    weight: np.ndarray
    shares: Shares

    @classmethod
    def of(cls, relations, relation_lower, relation_upper, lower, upper, shown, weight=None, shares: Shares | None = None) -> Linked:
        """The matrix may come from `rows_over`."""
        numbers = (np.asarray(values, dtype=float) for values in (relation_lower, relation_upper, lower, upper))
        dear = np.ones(len(lower)) if weight is None else np.asarray(weight, dtype=float)
        return cls(csr_array(relations), *numbers, np.asarray(shown, dtype=bool), dear, Shares.of() if shares is None else shares)

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """What is known of each count by itself: its range where it is shown, else anything from 0."""
        return np.where(self.shown, self.lower, 0.0), np.where(self.shown, self.upper, np.inf)

    def rows(self) -> tuple[csr_array, np.ndarray, np.ndarray]:
        """Everything else that is known, as one matrix with the least and the most of each row."""
        shares, low, high = self.shares.rows(len(self.lower))
        matrix = vstack([self.relations, shares], format="csr")
        return matrix, np.concatenate([self.relation_lower, low]), np.concatenate([self.relation_upper, high])

    def hiding(self, shown: np.ndarray, given: np.ndarray) -> Linked:
        """The same counts with these shown, and these shares."""
        return replace(self, shown=shown, shares=replace(self.shares, given=given))

    def groups(self) -> Iterator[tuple[np.ndarray, Linked]]:
        """The groups of counts that nothing ties to others, once counts shown exactly stand as known numbers: (which counts, their Linked).

        The known numbers of a group are among its counts.
        """
        exact = self.shown & (self.lower == self.upper)
        matrix = self.rows()[0]
        label = tied_together(matrix, ~exact)
        of_row = label_of_rows(matrix, label)
        for group in np.flatnonzero(np.bincount(label[label >= 0])) if (label >= 0).any() else ():
            inside = np.unique(np.concatenate([matrix[np.flatnonzero(of_row == group)].indices, np.flatnonzero(label == group)]))
            yield inside, self._only(inside)

    def _only(self, cells: np.ndarray) -> Linked:
        place = np.full(len(self.lower) + 1, -1)  # the last is that of no count
        place[cells] = np.arange(len(cells))
        whole = np.diff(self.relations.indptr) == np.diff(self.relations[:, cells].indptr)
        rows = np.flatnonzero(whole & (np.diff(self.relations.indptr) > 0))
        shares = self.shares.pick((place[self.shares.above] >= 0) & ((self.shares.below < 0) | (place[self.shares.below] >= 0)))
        return Linked(
            *(self.relations[rows][:, cells], self.relation_lower[rows], self.relation_upper[rows]),
            *(self.lower[cells], self.upper[cells], self.shown[cells], self.weight[cells]),
            replace(shares, above=place[shares.above], below=place[shares.below]),
        )


def tied_together(matrix: csr_array, free: np.ndarray) -> np.ndarray:
    """For each count the number of its group; -1 for those that are not free. Counts are tied by a row that names both."""
    inside = abs(matrix[:, np.flatnonzero(free)])
    label = np.full(len(free), -1)
    label[free] = connected_components(inside.T @ inside, directed=False)[1]
    return label


def label_of_rows(matrix: csr_array, label: np.ndarray) -> np.ndarray:
    """The group of each row; -1 for a row that names no free count."""
    found = np.full(matrix.shape[0], -1)
    of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    np.maximum.at(found, of, label[matrix.indices])
    return found
