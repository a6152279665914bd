"""Trend test: agrees with scipy where that speaks, solves its own equations, is honest about short and empty series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from esteem.methods import comparison, reasons, trend
from esteem.terms.problems import Problem


@given(st.lists(st.floats(-100, 100), min_size=4, max_size=15))
def test_least_squares_agrees_with_scipy(values):
    t = np.arange(len(values))
    theirs = stats.linregress(t, values)
    if np.ptp(values) == 0 or theirs.stderr < 1e-6:
        return
    ours = trend.of_values(t, values)
    assert ours.change[0] == pytest.approx(theirs.slope, abs=1e-9)
    assert ours.p_value[0] == pytest.approx(theirs.pvalue, abs=1e-7)
    reach = stats.t.ppf(0.975, len(values) - 2) * theirs.stderr
    assert ours.change_upper[0] == pytest.approx(theirs.slope + reach, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("family", ["proportion", "rate"])
def test_counts_meet_the_equations_of_the_fit(family):
    """At the best fit the residuals, and the residuals times time, add up to nothing."""
    rng = np.random.default_rng(1)
    n = rng.uniform(200, 900, (20, 8))
    x = rng.binomial(n.astype(int), 0.1 + 0.02 * np.arange(8)).astype(float)
    t = np.arange(8.0)
    found = trend.of_counts(t, x, n, family)
    for s in range(20):
        eta = _line_through(found, s, t, family)
        p = 1 / (1 + np.exp(-eta)) if family == "proportion" else np.exp(eta)
        residual = x[s] - n[s] * p
        assert abs(residual.sum()) < 1e-6 * x[s].sum()
        assert abs((residual * t).sum()) < 1e-6 * (x[s] * t).sum()


def _line_through(found, s, t, family):
    """Fitted line rebuilt from slope and average change: the middle is where that slope gives that change."""
    slope, span = np.log(found.ratio[s]), t[-1] - t[0]
    if family == "rate":  # exp(m + h) - exp(m - h) = change x span
        middle = np.log(found.change[s] * span / (2 * np.sinh(slope * span / 2)))
    else:
        half, total = slope * span / 2, found.change[s] * span
        logistic = stats.logistic.cdf
        grid = np.linspace(-8, 0, 200_001)
        middle = grid[np.argmin(np.abs(logistic(grid + half) - logistic(grid - half) - total))]
        for _ in range(50):
            gap = logistic(middle + half) - logistic(middle - half) - total
            middle -= gap / (stats.logistic.pdf(middle + half) - stats.logistic.pdf(middle - half))
    return middle + slope * (t - t.mean())


def test_a_clear_rise_a_clear_fall_and_neither():
    n = np.full(6, 1000)
    found = trend.of_counts(
        range(2015, 2021), [[100, 130, 150, 190, 220, 260], [300, 260, 220, 190, 150, 120], [100, 104, 98, 101, 99, 102]], n
    )
    assert found.direction.tolist() == ["rising", "falling", "no_clear_change"]
    assert (found.change_lower < found.change).all()
    assert (found.change < found.change_upper).all()
    assert found.change[0] == pytest.approx(0.032, abs=0.002)


def test_scatter_beyond_chance_widens_the_interval():
    n = np.full(6, 10_000)
    smooth, rough = [1000, 1100, 1200, 1300, 1400, 1500], [1000, 1400, 900, 1600, 1100, 1500]
    found = trend.of_counts(range(6), [smooth, rough], n)
    assert found.dispersion[0] == 1
    assert found.dispersion[1] > 10
    assert found.direction.tolist() == ["rising", "no_clear_change"]


def test_weights_follow_the_limits():
    values, narrow, wide = [10, 11, 12, 20], 0.5, 50
    half = np.array([narrow, narrow, narrow, wide])
    found = trend.of_values(range(4), values, lower=values - half, upper=values + half)
    assert found.change[0] == pytest.approx(1, abs=0.01)


def test_a_missing_point_is_left_out():
    full = trend.of_values([0, 1, 3, 4], [1, 2.1, 4, 5.2])
    gap = trend.of_values([0, 1, 2, 3, 4], [1, 2.1, np.nan, 4, 5.2])
    assert gap.change[0] == pytest.approx(full.change[0])
    assert gap.points[0] == 4


def test_series_without_a_trend_say_why():
    x = [[1, 2, np.nan, np.nan, np.nan], [0, 0, 0, 0, 0], [0, 0, 0, 0, 40], [9, 8, 7, np.nan, np.nan]]
    found = trend.of_counts(range(5), x, np.full(5, 100), "rate")
    assert found.reasons.tolist() == [reasons.TOO_FEW_POINTS, reasons.NO_VARIATION, reasons.NOT_FINITE, ""]
    assert found.direction.tolist()[:3] == ["", "", ""]
    assert np.isnan(found.change[:3]).all()
    assert found.short.tolist() == [False, False, False, True]
    assert trend.of_values(range(4), [3, 3, 3, 3]).reasons.tolist() == [reasons.NO_VARIATION]
    known = trend.of_values(range(4), [3, 3, 3, 3], lower=[2] * 4, upper=[4] * 4)
    assert known.direction.tolist() == ["no_clear_change"]


def test_fractions_at_the_edge_keep_their_place():
    values = [[0, 0.1, 0.2, 0.3, 0.4]]
    found = trend.of_values(range(5), values, lower=[[0, 0.05, 0.15, 0.25, 0.35]], upper=[[0.05, 0.15, 0.25, 0.35, 0.45]], scale="fraction")
    assert found.points[0] == 5
    assert found.direction.tolist() == ["rising"]


def test_year_on_year():
    found = trend.year_on_year([0.1, 0.2, np.nan, 0.2, 0.21], [0.08, 0.18, np.nan, 0.18, 0.15], [0.12, 0.22, np.nan, 0.22, 0.27])
    assert comparison.verdict(found, 0).tolist() == ["higher", "", "", "similar"]
    assert found.reasons.tolist() == ["", reasons.MISSING_INPUT, reasons.MISSING_INPUT, ""]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: trend.of_counts([0, 1], [1, 2, 3], 5), "times-length"),
        (lambda: trend.of_counts([0, 1, 2], [1, 2, 9], 5), "numerator-above-denominator"),
        (lambda: trend.of_counts([0, 1, 2], [1, 2, 3], 5, "odds"), "not-a-choice"),
        (lambda: trend.of_values([0, 1, 2], [1, 2, 3], scale="fraction"), "value-range"),
        (lambda: trend.of_values([0, 1, None], [1, 2, 3]), "missing-figure"),
        (lambda: trend.of_values([0, 1, 2], [1, 2, 3], lower=[0, 3, 2], upper=[2, 4, 4]), "limits-order"),
    ],
)
def test_wrong_input(call, code):
    with pytest.raises(Problem) as caught:
        call()
    assert caught.value.code == code
