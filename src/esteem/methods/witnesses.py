"""Witnesses: whole counts that fit everything shown, and so prove what a hidden count can be.

A witness stays one when more is hidden. Nothing of how it was found is taken on trust: `proven` checks each against every range, relation
and share in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from esteem.methods.linked_counts import NEAR, Linked
from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Witness:
    """Whole counts that fit everything shown: `values` at `cells`, the true ones elsewhere. `proves`: counts that are at `level` there."""

    level: float
    proves: np.ndarray
    cells: np.ndarray
    values: np.ndarray


def proven(linked: Linked, counts: np.ndarray, primary: np.ndarray, most: float, witnesses: Sequence[Witness]) -> np.ndarray:
    """Which of the `primary` counts (as booleans) the witnesses and the true counts prove safe, given all that is shown.

    Problem `disclosure-untrue` when what is shown is not true of the counts themselves.
    """
    rows, low, high = linked.rows()
    lower, upper = linked.bounds
    base = rows @ counts
    if outside(base, low, high).any() or outside(counts, lower, upper).any():
        rule = "What is shown of linked counts, and what ties them, is true of the counts."
        raise Problem("disclosure-untrue", rule, "a relation or a range that does not hold", "Nothing is released until it is right.")
    sound = _sound(linked, counts, (rows, low, high, base), (lower, upper), witnesses)
    zero, top = counts <= NEAR, counts >= most - NEAR
    for witness, good in zip(witnesses, sound, strict=True):
        if good:
            values = dict(zip(witness.cells.tolist(), witness.values.tolist(), strict=True))
            found = np.array([values.get(cell, counts[cell]) for cell in witness.proves.tolist()])
            zero[witness.proves[found <= NEAR]] = True
            top[witness.proves[found >= most - NEAR]] = True
    return (zero & top)[primary]


def outside(values, low, high) -> np.ndarray:
    """Which values are not from low to high."""
    return (values < low - NEAR) | (values > high + NEAR)


def _sound(linked: Linked, counts: np.ndarray, rows: tuple, bounds: tuple, witnesses: Sequence[Witness]) -> np.ndarray:
    """For each witness whether it is one: whole, in every range, true to every row."""
    sound = np.ones(len(witnesses), dtype=bool)
    if not len(witnesses):
        return sound
    number = np.repeat(np.arange(len(witnesses)), [len(witness.cells) for witness in witnesses])
    cells = np.concatenate([witness.cells for witness in witnesses])
    values = np.concatenate([witness.values for witness in witnesses]).astype(float)
    ratios = linked.shares.below[linked.shares.given]
    at_least = np.zeros(len(counts))
    at_least[ratios[ratios >= 0]] = 1  # of nothing there is no share
    wrong = outside(values, np.maximum(bounds[0], at_least)[cells], bounds[1][cells]) | (values != np.round(values))
    sound[number[wrong]] = False
    moved = csc_array((values - counts[cells], (cells, number)), shape=(len(counts), len(witnesses)))
    matrix, low, high, base = rows
    change = (matrix @ moved).tocoo()
    row, of = change.coords
    sound[of[outside(base[row] + change.data, low[row], high[row])]] = False
    return sound
