"""Ratios and differences: published examples, the equations that define the limits, and symmetry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import optimize, stats

from esteem.methods import comparison, counts, proportions, rates, reasons
from esteem.terms.problems import Problem

two_shares = st.tuples(st.integers(0, 200), st.integers(0, 300), st.integers(0, 200), st.integers(0, 300)).map(
    lambda t: (t[0], t[0] + t[1] + 1, t[2], t[2] + t[3] + 1)
)


@pytest.mark.parametrize(
    ("x", "n", "x0", "n0", "lower", "upper"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 20, 0.6791, 1.0)],
)
def test_differences_on_the_examples_of_newcombe_1998(x, n, x0, n0, lower, upper):
    found = comparison.proportion_difference(x, n, x0, n0)
    assert (round(float(found.lower), 4), round(float(found.upper), 4)) == (lower, upper)


def _score_by_search(ratio, x, n, x0, n0):
    """The score at one ratio, with the best fit found by a search of the likelihood."""

    def minus_log_likelihood(p0):
        p = ratio * p0
        return -(stats.binom.logpmf(x, n, p) + stats.binom.logpmf(x0, n0, p0))

    p0 = optimize.minimize_scalar(
        minus_log_likelihood, bounds=(1e-9, min(1, 1 / ratio) - 1e-9), method="bounded", options={"xatol": 1e-12}
    ).x
    p = ratio * p0
    return (x / n - ratio * x0 / n0) / np.sqrt(p * (1 - p) / n + ratio**2 * p0 * (1 - p0) / n0)


@pytest.mark.parametrize("case", [(15, 100, 10, 100), (4, 40, 9, 30), (3, 50, 40, 60), (199, 250, 1, 90)])
def test_limits_of_a_ratio_of_proportions_solve_the_score_equation(case):
    found = comparison.proportion_ratio(*case)
    assert _score_by_search(float(found.lower), *case) == pytest.approx(1.959964, abs=2e-3)
    assert _score_by_search(float(found.upper), *case) == pytest.approx(-1.959964, abs=2e-3)


@given(two_shares)
def test_ratio_and_difference_of_proportions_agree_on_the_side(case):
    x, n, x0, n0 = case
    difference = comparison.proportion_difference(*case)
    assert -1 <= difference.lower <= difference.value <= difference.upper <= 1
    turned = comparison.proportion_difference(x0, n0, x, n)
    assert np.allclose([turned.lower, turned.upper], [-difference.upper, -difference.lower])
    ratio = comparison.proportion_ratio(*case)
    if x0 == 0:
        assert str(ratio.reasons) == reasons.REFERENCE_ZERO
        return
    assert ratio.lower <= ratio.value * (1 + 1e-9)
    assert ratio.value <= ratio.upper * (1 + 1e-9)
    if x:
        back = comparison.proportion_ratio(x0, n0, x, n)
        assert ratio.lower * back.upper == pytest.approx(1, rel=1e-6)


@given(st.integers(0, 60), st.integers(1, 60), st.floats(10, 1e6), st.floats(10, 1e6))
def test_rate_ratio(x, x0, n, n0):
    found = comparison.rate_ratio(x, n, x0, n0)
    assert found.value == pytest.approx((x / n) / (x0 / n0))
    if min(x, x0) < 10:
        share = stats.binomtest(x, x + x0).proportion_ci(0.95, method="exact")
        assert found.lower == pytest.approx(share.low / (1 - share.low) * n0 / n)
        assert found.upper == pytest.approx(share.high / (1 - share.high) * n0 / n)
    else:
        factor = np.exp(1.959963984540054 * np.sqrt(1 / x + 1 / x0))
        assert found.lower == pytest.approx(found.value / factor)
        assert found.upper == pytest.approx(found.value * factor)


@given(st.integers(0, 500), st.integers(0, 500), st.floats(100, 1e6), st.floats(100, 1e6))
def test_rate_difference_is_the_same_from_counts_and_from_published_limits(x, x0, n, n0):
    found = comparison.rate_difference(x, n, x0, n0)
    one, other = rates.rate(x, n), rates.rate(x0, n0)
    published = comparison.difference_from_limits(one.value, one.lower, one.upper, other.value, other.lower, other.upper)
    assert np.allclose([found.value, found.lower, found.upper], [published.value, published.lower, published.upper], atol=1e-9)


@given(two_shares)
def test_ratio_from_published_limits(case):
    x, n, x0, n0 = case
    assume(x0 > 0)
    one, other = proportions.wilson(x, n), proportions.wilson(x0, n0)
    found = comparison.ratio_from_limits(one.value, one.lower, one.upper, other.value, other.lower, other.upper)
    difference = comparison.difference_from_limits(one.value, one.lower, one.upper, other.value, other.lower, other.upper)
    assert found.lower <= found.value * (1 + 1e-9)
    assert found.value <= found.upper * (1 + 1e-9)
    clear = min(abs(difference.lower), abs(difference.upper)) > 1e-9
    if clear:  # both say the same of "no difference"
        assert (found.lower > 1) == (difference.lower > 0)
        assert (found.upper < 1) == (difference.upper < 0)


def test_verdicts_and_missing_figures():
    found = comparison.rate_ratio([90, 50, 10, 5, np.nan], 1000, [50, 50, 50, 0, 50], 1000)
    assert comparison.verdict(found, 1).tolist() == ["higher", "similar", "lower", "", ""]
    assert found.reasons.tolist() == ["", "", "", reasons.REFERENCE_ZERO, reasons.MISSING_INPUT]
    none = comparison.ratio_from_limits([2, 2], [1, np.nan], [3, np.nan], [1, 1], [0, 0.5], [2, 2])
    assert none.reasons.tolist() == [reasons.NO_UPPER_LIMIT, reasons.MISSING_INPUT]


def test_count_limits_lie_behind_a_rate_difference_from_nothing():
    found = comparison.rate_difference(0, 1, 0, 1, multiplier=1)
    assert found.upper == pytest.approx(float(counts.interval(0).upper))
    assert found.lower == pytest.approx(-float(found.upper))


@pytest.mark.parametrize(
    ("method", "arguments", "code", "row"),
    [
        (comparison.rate_ratio, ([1, -1], 5, [1, 1], 5), "negative-figure", 2),
        (comparison.proportion_ratio, ([1, 6], 5, [1, 1], 5), "numerator-above-denominator", 2),
        (comparison.difference_from_limits, ([1, 2], [0, 3], [2, 4], 1, 0, 2), "limits-order", 2),
        (comparison.ratio_from_limits, (1, -1, 2, 1, 0.5, 2), "negative-figure", 1),
    ],
)
def test_wrong_input(method, arguments, code, row):
    with pytest.raises(Problem) as caught:
        method(*arguments)
    assert (caught.value.code, caught.value.row) == (code, row)
