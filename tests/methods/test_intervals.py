"""Intervals of proportions, counts, rates and means: published examples, other people's code, and the rules at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from esteem.methods import counts, means, proportions, rates, reasons
from esteem.terms.problems import Problem

confidences = st.sampled_from([0.9, 0.95, 0.99, 0.998])


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_on_the_examples_of_newcombe_1998(x, n, lower, upper):
    found = proportions.wilson(x, n)
    assert (round(float(found.lower), 4), round(float(found.upper), 4)) == (lower, upper)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), confidences)
def test_wilson_agrees_with_scipy(pair, conf):
    x, n = pair
    theirs = stats.binomtest(x, n).proportion_ci(conf, method="wilson")
    ours = proportions.wilson(x, n, conf)
    assert np.allclose([ours.lower, ours.upper], [theirs.low, theirs.high], rtol=1e-9, atol=1e-14)


def test_wilson_edges():
    found = proportions.wilson([0, 7, 3, np.nan], [7, 7, 7, 7], [0.95, 0.95, 1.0, 0.95], 100)
    assert found.lower[0] == 0
    assert found.upper[1] == 100
    assert (found.lower[2], found.upper[2]) == (0, 100)
    assert np.isnan(found.value[3])
    assert found.reasons.tolist() == ["", "", "", reasons.MISSING_INPUT]


@given(st.floats(0.2, 2000), confidences)
def test_exact_limits_put_the_tail_where_it_belongs(x, conf):
    lower, upper = counts.exact_limits(np.array([x]), conf)
    tail = (1 - conf) / 2
    assert stats.gamma.cdf(lower[0], x) == pytest.approx(tail, rel=1e-8)
    assert stats.gamma.sf(upper[0], x + 1) == pytest.approx(tail, rel=1e-8)


@pytest.mark.parametrize("x", range(10))
def test_exact_limits_of_whole_counts_are_poisson_ones(x):
    found = counts.interval(x)
    assert stats.poisson.cdf(x, found.upper) == pytest.approx(0.025)
    if x:
        assert stats.poisson.sf(x - 1, found.lower) == pytest.approx(0.025)
    else:
        assert found.lower == 0


def test_rate_is_exact_below_ten_events_and_byar_from_ten():
    found = rates.rate([9, 9.5, 10, 11], 50_000)
    assert found.method.tolist() == ["Exact", "Exact", "Byars", "Byars"]
    assert np.allclose(found.value, [18, 19, 20, 22])
    assert (np.diff(found.lower) > 0).all()
    assert (np.diff(found.upper) > 0).all()


@given(st.floats(0, 1e6), st.floats(1, 1e8), confidences)
def test_a_rate_lies_within_its_limits(x, n, conf):
    found = rates.rate(x, n, conf)
    assert 0 <= found.lower <= found.value <= found.upper


def test_byar_limit_below_zero_is_missing_with_a_reason():
    found = counts.byar([1, 30], 0.998)
    assert np.isnan(found.lower[0])
    assert found.reasons.tolist() == [reasons.LOWER_LIMIT_BELOW_ZERO, ""]


@pytest.mark.parametrize(
    ("method", "arguments", "code", "row"),
    [
        (proportions.wilson, ([1, 2, -3], [9, 9, 9]), "negative-figure", 3),
        (proportions.wilson, ([1, 2], [9, 1]), "numerator-above-denominator", 2),
        (proportions.wilson, ([1, 2], [9, 0]), "not-above-zero", 2),
        (proportions.wilson, (["1", "*"], [9, 9]), "not-a-number", 2),
        (proportions.wilson, ([1], [9], 0.5), "confidence-range", 1),
        (rates.rate, ([1, np.inf], [9, 9]), "infinite", 2),
        (rates.rate, ([1], [9], 1.0), "confidence-range", 1),
        (rates.rate, ([1, 1], [9, -1]), "not-above-zero", 2),
    ],
)
def test_a_wrong_figure_names_its_row(method, arguments, code, row):
    with pytest.raises(Problem) as caught:
        method(*arguments)
    assert (caught.value.code, caught.value.row) == (code, row)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), confidences)
def test_mean_agrees_with_scipy(values, conf):
    ours = means.grouped(values, conf=conf).estimate
    error = stats.sem(values)
    if error > 1e-9 * (1 + np.abs(values).max()):
        theirs = stats.t.interval(conf, len(values) - 1, np.mean(values), error)
        assert np.allclose([ours.lower[0], ours.upper[0]], theirs, rtol=1e-8, atol=1e-7)


def test_means_of_groups():
    found = means.grouped([0.1, 0.1, 0.1, 5, np.nan, 2], ["same", "same", "same", "one", "gone", "gone"])
    assert found.groups.tolist() == ["gone", "one", "same"]
    assert found.estimate.reasons.tolist() == [reasons.MISSING_INPUT, reasons.ONE_VALUE, ""]
    assert found.estimate.lower[2] == found.estimate.upper[2] == found.estimate.value[2] == 0.1
    assert found.estimate.value[1] == 5


def test_every_reason_has_its_words():
    named = {v for k, v in vars(reasons).items() if k.isupper() and isinstance(v, str) and v}
    assert named == set(reasons.WORDS)
