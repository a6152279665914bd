"""Standardised rates: worked by hand, by symmetry, and at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.methods import reasons, standardise
from esteem.terms.problems import Problem

bands = st.lists(st.tuples(st.integers(0, 400), st.integers(500, 90_000), st.integers(1, 9000)), min_size=2, max_size=19)


def test_worked_by_hand():
    """Rates 10 and 40 per 1,000, weights 3 to 1: 17.5 per 1,000; variance (30 x (3/3000)^2 + 20 x (1/500)^2) / 16."""
    found = standardise.direct([30, 20], [3000, 500], [3, 1], multiplier=1000)
    assert found.value == pytest.approx(17.5)
    byar = 50 * (1 - 1 / 450 - 1.959963984540054 / (3 * 50**0.5)) ** 3
    variance = (30 * (3 / 3000) ** 2 + 20 * (1 / 500) ** 2) / 16
    assert found.lower == pytest.approx(17.5 + 1000 * (variance / 50) ** 0.5 * (byar - 50))
    assert (float(found.observed), float(found.denominator)) == (50, 3500)


@given(bands, st.floats(0.01, 100))
def test_the_size_of_the_standard_population_does_not_matter(rows, factor):
    x, n, w = (np.array(c, dtype=float) for c in zip(*rows, strict=True))
    one, other = standardise.direct(x, n, w), standardise.direct(x, n, w * factor)
    assert np.allclose([one.value, one.lower, one.upper], [other.value, other.lower, other.upper], rtol=1e-9, equal_nan=True)


@given(bands)
def test_events_that_happen_once_each_are_independent(rows):
    x, n, w = (np.array(c, dtype=float) for c in zip(*rows, strict=True))
    one, other = standardise.direct(x, n, w), standardise.direct_non_independent(x[None], [1], n, w)
    assert np.allclose([one.value, one.lower, one.upper], [other.value, other.lower, other.upper], equal_nan=True)


def test_repeat_events_widen_the_interval():
    n, w = [4000, 4000], [1, 1]
    once = standardise.direct([40, 20], n, w)
    repeated = standardise.direct_non_independent([[20, 0], [10, 10]], [1, 2], n, w)
    assert repeated.value == pytest.approx(float(once.value))
    assert repeated.upper - repeated.lower > once.upper - once.lower


def test_fewer_than_ten_events_give_no_rate_and_say_why():
    found = standardise.direct([[4, 5], [5, 5], [np.nan, 12]], [[900, 900]] * 3, [1, 1])
    assert found.reasons.tolist() == [reasons.TOO_FEW_EVENTS, "", ""]
    assert np.isnan([found.value[0], found.lower[0], found.upper[0]]).all()
    assert found.statistic.tolist()[:2] == ["dsr NA for total count < 10", "dsr per 100000"]


@pytest.mark.parametrize(
    ("x", "n", "w", "code", "row", "column"),
    [
        ([[1, 2], [3, -4]], [[9, 9], [9, 9]], [1, 1], "negative-figure", 2, "events, position 2"),
        ([[1, 2], [3, 4]], [[9, 9], [0, 9]], [1, 1], "not-above-zero", 2, "population, position 1"),
        ([[1, 2]], [[9, np.nan]], [1, 1], "missing-figure", 1, "population, position 2"),
        ([[1, 2]], [[9, 9]], [1, 1, 1], "bands-differ", None, ""),
        ([[1, 2]], [[9, 9]], [0, 0], "not-above-zero", 1, "standard population"),
    ],
)
def test_a_wrong_figure_names_row_and_band(x, n, w, code, row, column):
    with pytest.raises(Problem) as caught:
        standardise.direct(x, n, w)
    assert (caught.value.code, caught.value.row, caught.value.column) == (code, row, column)


def test_populations_that_differ_between_frequencies_are_refused():
    with pytest.raises(Problem) as caught:
        standardise.direct_non_independent([[9, 9], [9, 9]], [1, 2], [[90, 90], [90, 91]], [1, 1])
    assert caught.value.code == "unequal-bands"


@given(bands)
def test_the_reference_population_has_a_ratio_of_100(rows):
    x, n, _ = (np.array(c, dtype=float) for c in zip(*rows, strict=True))
    if x.sum():
        ratio = standardise.indirect_ratio(x, n, x, n)
        assert ratio.value == pytest.approx(100)
        rate = standardise.indirect_rate(x, n, x, n)
        assert rate.value == pytest.approx(x.sum() / n.sum() * 100_000)


def test_indirect_edges():
    given_total = standardise.indirect_ratio(None, [[100, 100]], [[1, 2]], [[1000, 1000]], observed=[6])
    assert given_total.value == pytest.approx([2000])
    nothing = standardise.indirect_ratio([[1, 1]], [[100, 100]], [[0, 0]], [[1000, 1000]])
    assert nothing.reasons.tolist() == [reasons.NO_EXPECTED_EVENTS]
    assert np.isnan(nothing.value).all()


def test_the_european_standard_population_adds_up():
    assert (len(standardise.ESP2013), sum(standardise.ESP2013)) == (19, 100_000)
