"""Witnesses, boxes round shares and what is hidden, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from esteem.methods.disclosure import possible_range
from esteem.methods.linked_counts import Linked, Shares, rounded_range, rows_over
from esteem.methods.protection import protect
from esteem.methods.witnesses import Witness, proven
from esteem.terms.problems import Problem


def one_total(parts: list[float], shown_total: bool = True, shares: Shares | None = None) -> tuple[Linked, np.ndarray, np.ndarray]:
    """Parts (under 5 hidden, others to the nearest 5) and their exact total: (linked, counts, small ones)."""
    counts = np.array([*parts, sum(parts)], dtype=float)
    ranges = [rounded_range(5 * np.floor(c / 5 + 0.5), 5, 5) for c in parts] + [(counts[-1], counts[-1])]
    sums = rows_over([dict.fromkeys(range(len(parts)), 1.0) | {len(parts): -1.0}], len(counts))
    shown = np.array([c >= 5 for c in parts] + [shown_total])
    low, high = np.array(ranges).T
    return Linked.of(sums, [0], [0], low, high, shown, None, shares), counts, np.flatnonzero(counts[:-1] < 5)


def test_a_lone_small_count_takes_another_along():
    """12 = 2 + 10: 10 is 8 to 12, so the small one would be 0 to 4 already. 8 = 2 + 6: 6 is 5 to 7, which leaves 1 to 3."""
    linked, counts, small = one_total([2, 10])
    assert protect(linked, small, 4.0, counts).because == {}
    linked, counts, small = one_total([2, 6])
    assert possible_range(linked, 0) == (1, 3)
    safe = protect(linked, small, 4.0, counts, last=linked.lower == linked.upper)
    assert (safe.because, safe.unprotected) == ({1: 0}, ())
    assert possible_range(safe.linked, 0, enough=4) == (0, 4)
    assert proven(safe.linked, counts, small, 4.0, safe.witnesses).all()


def test_what_is_out_already_is_said():
    linked, counts, small = one_total([2, 6])
    fixed = Linked(**{**vars(linked), "weight": np.array([1.0, np.inf, np.inf])})
    safe = protect(fixed, small, 4.0, counts)
    assert (safe.unprotected, safe.because) == ((0,), {})
    assert not proven(fixed, counts, small, 4.0, safe.witnesses).any()


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ([0], [0]),  # the total no longer adds up
        ([0, 1], [-1, 11]),  # no count is under nought
        ([0, 1], [4.5, 5.5]),  # no count is half
        ([0, 1], [0, 13]),  # 13 is printed as 15, not as 10
    ],
)
def test_a_false_witness_proves_nothing(cells, values):
    linked, counts, small = one_total([1, 11])
    other = Witness(4.0, np.array([0]), np.array([0, 1]), np.array([4.0, 8.0]))  # 4 + 8 = 12, and 8 is printed as 10
    assert proven(linked, counts, small, 4.0, [other, Witness(0.0, np.array([0]), np.array([0, 1]), np.array([0.0, 12.0]))]).all()
    false = Witness(0.0, np.array([0]), np.array(cells), np.array(values, dtype=float))
    assert not proven(linked, counts, small, 4.0, [other, false]).any()


def test_relations_that_do_not_hold_are_refused():
    linked, counts, small = one_total([2, 6])
    with pytest.raises(Problem, match="disclosure-untrue"):
        proven(linked, counts + np.array([0, 0, 1.0]), small, 4.0, [])


def share(above: int, below: int, shown: float) -> Shares:
    return Shares.of([above], [below], [0], [100], [shown], [1])


def test_every_pair_in_the_box_is_printed_the_same():
    """50 of 200 is 25%. 51 of 200 is 25.5, printed as 26; 50 of 204 is 24.51, of 205 24.39; 50 of 197 is 25.38, of 196 25.51."""
    counts = np.array([50.0, 200.0])
    box = [float(end[0]) for end in share(0, 1, 25).boxes(counts, np.array([48.0, 198.0]), np.array([52.0, 202.0]))]
    assert box[0] <= 50 <= box[1] and box[2] <= 200 <= box[3]
    assert box != [50, 50, 200, 200]
    pairs = [(a, b) for a in np.arange(box[0], box[1] + 1) for b in np.arange(box[2], box[3] + 1)]
    assert {np.floor(100 * a / b + 0.5) for a, b in pairs} == {25}


@pytest.mark.parametrize(
    ("above", "below", "holds"), [(50, 200, True), (51, 200, False), (50, 204, True), (50, 205, False), (49, 200, True)]
)
def test_a_share_holds_for_the_counts_that_print_it(above, below, holds):
    """Halves go up: 49 of 200 is 24.5 and prints as 25, 51 of 200 is 25.5 and prints as 26."""
    assert share(0, 1, 25).hold(np.array([above, below], dtype=float)).tolist() == [holds]


def test_a_share_that_gives_a_count_away_is_hidden_before_a_count():
    """2 + 10 = 12 leaves 0 to 4, until 10 of 20 is printed as 50%: then 10 can only be 9 to 11, which leaves 1 to 3."""
    counts = np.array([2.0, 10.0, 12.0, 20.0])
    sums = rows_over([{0: 1.0, 1: 1.0, 2: -1.0}], 4)
    low, high = np.array([0, 8, 12, 18.0]), np.array([4, 12, 12, 22.0])
    linked = Linked.of(sums, [0], [0], low, high, [False, True, True, True], None, share(1, 3, 50))
    assert possible_range(linked, 0) == (1, 3)
    safe = protect(linked, np.array([0]), 4.0, counts, last=low == high)
    assert (safe.because, safe.shares_because) == ({}, {0: 0})
    assert proven(safe.linked, counts, np.array([0]), 4.0, safe.witnesses).all()


def test_the_same_figures_give_the_same_answer():
    linked, counts, small = one_total([0, 3, 6, 1, 8, 0, 5])
    first, second = (protect(linked, small, 4.0, counts) for _ in range(2))
    assert first.because == second.because and (first.linked.shown == second.linked.shown).all()
