"""Quantiles, slope and relative index of inequality, life expectancy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from esteem.methods import inequality, life_expectancy, quantiles, reasons
from esteem.terms.problems import Problem

people = arrays(float, 5, elements=st.floats(100, 1e6))


@given(st.permutations(range(40)), st.sampled_from([2, 4, 5, 8, 10]))
def test_quantiles_without_ties_are_of_equal_size_and_in_order(values, count):
    found = quantiles.quantiles(values, count, invert=False).quantile
    assert np.unique(found, return_counts=True)[1].tolist() == [40 // count] * count
    assert (np.diff(found[np.argsort(values)]) >= 0).all()
    assert np.array_equal(quantiles.quantiles(values, count, invert=True).quantile, count + 1 - found)


def test_quantiles_of_groups_with_gaps():
    values, groups = [1, 2, 3, 4, 5, 1, 2, np.nan, np.nan], list("aaaaabbbb")
    found = quantiles.quantiles(values, 5, groups)
    assert found.quantile[:5].tolist() == [5, 4, 3, 2, 1]
    assert found.reasons[5:].tolist() == [reasons.TOO_FEW_AREAS] * 2 + [reasons.MISSING_INPUT] * 2
    with pytest.raises(Problem) as caught:
        quantiles.quantiles([1, 2, 3], 2, invert=[True, True, False])
    assert (caught.value.code, caught.value.row) == ("invert-differs", 3)


@given(people, st.floats(-50, 50), st.floats(60, 100))
def test_values_on_a_straight_line_give_that_line(population, slope, intercept):
    share = population / population.sum()
    value = intercept + slope * (np.cumsum(share) - share / 2)
    found = inequality.index(population, value, standard_error=np.full(5, 1.0))
    assert found.slope == pytest.approx(slope, abs=1e-7)
    assert found.relative == pytest.approx((intercept + slope) / intercept)
    assert found.slope_lower <= found.slope <= found.slope_upper
    assert found.relative_lower <= found.relative <= found.relative_upper


def test_closed_form_limits_agree_with_a_simulation():
    rng = np.random.default_rng(5)
    population, value, error = rng.uniform(900, 3000, 7), np.linspace(80, 60, 7), rng.uniform(1, 3, 7)
    closed = inequality.index(population, value, standard_error=error)
    again = [inequality.index(population, v, standard_error=error) for v in rng.normal(value, error, (4000, 7))]
    for point, lower, upper in (("slope", "slope_lower", "slope_upper"), ("relative", "relative_lower", "relative_upper")):
        drawn = np.quantile([getattr(a, point) for a in again], [0.025, 0.975])
        width = drawn[1] - drawn[0]
        assert np.abs([getattr(closed, lower), getattr(closed, upper)] - drawn).max() < 0.05 * width


def test_simulated_limits_repeat_and_say_how():
    arguments = ([900.0] * 5, [0.2, 0.25, 0.3, 0.32, 0.4])
    options = {"lower": [0.18, 0.23, 0.27, 0.3, 0.37], "upper": [0.22, 0.27, 0.33, 0.35, 0.43], "value_type": "proportion"}
    one, same = (inequality.index(*arguments, **options) for _ in range(2))
    assert (float(one.slope_lower), float(one.relative_upper)) == (float(same.slope_lower), float(same.relative_upper))
    assert (one.draws, one.seed) == (inequality.DRAWS, inequality.SEED)
    slope, relative = inequality.reliability(*arguments, reruns=3, **options)
    assert 0 < slope < 0.02 * (one.slope_upper - one.slope_lower)
    assert 0 < relative < 0.02 * (one.relative_upper - one.relative_lower)


@pytest.mark.parametrize("transform", [False, True])
def test_a_multiplier_below_zero_turns_the_direction_round(transform):
    options = {"lower": [80, 70, 60, 50, 40], "upper": [121, 111, 99, 88, 77], "value_type": "rate", "transform": transform}
    plain, turned = (inequality.index([9.0] * 5, [98, 88, 77, 66, 55], multiplier=m, **options) for m in (1, -1))
    assert turned.slope == pytest.approx(-float(plain.slope))
    assert turned.relative == pytest.approx(1 / float(plain.relative))
    assert turned.slope_lower == pytest.approx(-float(plain.slope_upper), rel=0.02)
    assert turned.relative_upper == pytest.approx(1 / float(plain.relative_lower), rel=0.02)


def test_a_small_multiplier_does_not_swap_limits():
    options = {"lower": [80, 70, 60, 50, 40], "upper": [121, 111, 99, 88, 77], "value_type": "rate", "transform": True}
    found = inequality.index([9.0] * 5, [98, 88, 77, 66, 55], multiplier=0.01, **options)
    assert found.slope_lower < found.slope < found.slope_upper
    assert found.relative_lower < found.relative < found.relative_upper


def test_many_sets_at_once_and_a_warning_above_ten_quantiles():
    value = np.stack([np.linspace(10, 20, 12), np.linspace(30, 20, 12)])
    found = inequality.index(np.full((2, 12), 500.0), value, standard_error=np.full((2, 12), 1.0))
    assert found.slope.shape == (2,)
    assert found.slope[0] > 0 > found.slope[1]
    assert found.warnings == (reasons.MORE_THAN_TEN_QUANTILES,)


def test_rows_with_a_missing_figure_are_left_out_with_a_warning():
    value = np.array([[10, 12, 15, 18, 20], [10, 12, np.nan, 18, 20]])
    for options in ({}, {"value_type": "rate"}, {"value_type": "rate", "transform": True}):
        found = inequality.index(np.full(5, 100.0), value, standard_error=np.full((2, 5), 0.05), **options)
        assert found.reasons.tolist() == ["", reasons.MISSING_INPUT]
        assert found.warnings == (reasons.AREAS_DROPPED,)
        assert np.isnan([found.slope[1], found.slope_lower[1], found.relative_upper[1]]).all()
        assert found.slope_lower[0] < found.slope[0] < found.slope_upper[0]


def test_a_line_that_may_start_at_nought_has_no_limits_of_its_ratio():
    found = inequality.index([100.0] * 5, [0.1, 3, 5, 7, 9.0], standard_error=[1] * 5)
    assert str(found.reasons) == reasons.INTERCEPT_MAY_BE_ZERO
    assert np.isnan(found.relative_lower)
    assert found.slope_lower > 0


@pytest.mark.parametrize(
    ("value", "options", "code"),
    [
        ([1, 2, 3, 4], {"standard_error": [1] * 4}, "quantile-count"),
        ([1, 2, 3, 4, 5], {"standard_error": [1] * 5, "value_type": "proportion"}, "proportion-range"),
        ([1, 2, 3, 4, 5], {"standard_error": [1] * 5, "transform": True}, "transform-type"),
        ([0, 0.2, 0.3, 0.4, 0.5], {"standard_error": [1] * 5, "value_type": "proportion", "transform": True}, "proportion-range"),
        ([1, 2, 3, 4, 5], {}, "missing-figure"),
        ([1, 2, 3, 4, 5], {"lower": [2] * 5, "upper": [1] * 5}, "limits-order"),
        ([1, 2, 0, 4, 5], {"standard_error": [1] * 5, "value_type": "rate"}, "not-above-zero"),
    ],
)
def test_wrong_input(value, options, code):
    with pytest.raises(Problem) as caught:
        inequality.index([100.0] * len(value), value, **options)
    assert caught.value.code == code


def _table(rate=0.01):
    population = np.full(20, 10_000.0)
    return population * rate, population


def test_those_in_the_last_band_live_one_over_its_death_rate():
    deaths, population = _table(0.2)
    found = life_expectancy.expectancy(deaths, population)
    assert found.value[-1] == pytest.approx(5)
    assert (found.lower < found.value).all()
    assert (found.value < found.upper).all()
    assert found.population[0] == population.sum()


@given(st.integers(0, 18), st.floats(1.05, 3))
def test_more_deaths_shorten_life(band, factor):
    deaths, population = _table(0.1)
    more = deaths.copy()
    more[band] *= factor
    assert life_expectancy.expectancy(more, population).value[0] < life_expectancy.expectancy(deaths, population).value[0]


@pytest.mark.parametrize(
    ("place", "deaths", "population", "why"),
    [
        (3, -1, 10_000, reasons.NEGATIVE_DEATHS),
        (3, 1, 0, reasons.POPULATION_NOT_ABOVE_ZERO),
        (3, 11, 10, reasons.MORE_DEATHS_THAN_PEOPLE),
        (3, np.nan, 10, reasons.MISSING_INPUT),
        (19, 0, 10_000, reasons.NOT_FINITE),
    ],
)
def test_tables_that_give_no_answer_say_why(place, deaths, population, why):
    d, p = _table()
    d[place], p[place] = deaths, population
    found = life_expectancy.expectancy(np.stack([d, _table()[0]]), np.stack([p, _table()[1]]))
    assert found.reasons[0, 0] == why
    assert np.isnan(found.value[0, 0])
    assert found.reasons[1, 0] == ""
    assert found.value[1, 0] > 0


def test_small_places_wrong_bands_and_wide_intervals():
    deaths, population = _table()
    assert life_expectancy.expectancy(deaths / 40, population / 40).reasons[0] == reasons.POPULATION_TOO_SMALL
    assert life_expectancy.expectancy(deaths[:19], population[:19]).reasons[0] == reasons.NOT_TWENTY_BANDS
    population[-1], deaths[-1] = 100, 1
    assert life_expectancy.expectancy(deaths, population).reasons[-1] == reasons.INTERVAL_TOO_WIDE
