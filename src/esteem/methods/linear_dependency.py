"""Which hidden cells are exact sums and differences of shown ones, and the fewest further cells to hide so that none is.

Every cell of a set of linked tables is a whole-number vector over the innermost cells. A hidden cell can be worked out exactly when its
vector lies in the span of the vectors shown. Elimination runs in whole numbers modulo a prime, so that no rounding decides.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

# Products of two residues fit 64 bits. A dependency modulo this prime that is none in whole numbers needs a minor divisible by it.
PRIME = 2_147_483_629


def dependent(vectors: np.ndarray, shown: Iterable[int], hidden: Iterable[int]) -> list[int]:
    """Those of `hidden` (row numbers of `vectors`, cells x innermost cells) that follow exactly from the rows `shown`."""
    reduced = _Reduced(vectors, list(hidden))
    for row in shown:
        reduced.show(row)
    return [row for row, left in zip(reduced.watched, reduced.left, strict=True) if not left.any()]


def hide_by_dependency(vectors: np.ndarray, primary: Iterable[int], preferred: Iterable[int]) -> list[int]:
    """The cells to hide: `primary`, and each of `preferred` that with those shown before it would give a primary cell away.

    `preferred`: row numbers, those to show first at the front (totals, then large counts).
    """
    reduced = _Reduced(vectors, list(primary))
    return sorted({*reduced.watched, *(row for row in preferred if row not in reduced.known and not reduced.show(row, guard=True))})


class _Reduced:
    """The rows shown so far in echelon form, and what is left of each watched row once they are taken from it."""

    def __init__(self, vectors: np.ndarray, watched: list[int]):
        self.vectors = np.asarray(vectors, dtype=np.int64) % PRIME
        self.watched, self.known = watched, frozenset(watched)
        self.left = self.vectors[watched].copy()
        self.rows: list[np.ndarray] = []
        self.pivots: list[int] = []

    def show(self, row: int, guard: bool = False) -> bool:
        """Take a row as shown. With `guard` nothing happens, and the answer is False, when a watched row would follow from it."""
        rest = self.vectors[row].copy()
        for pivot, basis in zip(self.pivots, self.rows, strict=True):
            if rest[pivot]:
                rest = (rest - rest[pivot] * basis) % PRIME
        places = np.flatnonzero(rest)
        if not len(places):
            return True
        pivot = int(places[0])
        rest = rest * pow(int(rest[pivot]), -1, PRIME) % PRIME
        after = (self.left - self.left[:, [pivot]] * rest) % PRIME
        if guard and bool(np.any(~after.any(axis=1) & self.left.any(axis=1))):
            return False
        self.left = after
        self.rows.append(rest)
        self.pivots.append(pivot)
        return True
