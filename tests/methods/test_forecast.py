"""Forecasts: what is certain is found, ranges are kept, intervals hold what they promise, silence has a reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esteem.methods import forecast as forecasting
from esteem.methods import reasons
from esteem.methods.forecast import forecast
from esteem.terms.problems import Problem


def test_a_straight_line_goes_on():
    found = forecast(10 + 2.5 * np.arange(10), 4)
    assert found.value[0].tolist() == pytest.approx([35, 37.5, 40, 42.5])
    assert found.back_test.error[0] == pytest.approx(0, abs=1e-9)
    assert found.back_test.naive_error[0] > 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.floats(0, 1), st.just(0.0), st.just(1.0), st.none()), min_size=5, max_size=20), st.integers(1, 4))
def test_fractions_stay_within_nought_and_one(values, steps):
    found = forecast(values, steps, scale="fraction")
    known = found.reason_code == 0
    assert ((found.lower[known] >= 0) & (found.lower[known] <= found.value[known])).all()
    assert ((found.upper[known] <= 1) & (found.upper[known] >= found.value[known])).all()
    assert np.isnan(found.value[~known]).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1e4), min_size=5, max_size=20), st.integers(1, 4))
def test_rates_never_fall_below_nought(values, steps):
    found = forecast(values, steps, scale="positive")
    known = found.reason_code == 0
    assert ((found.lower[known] >= 0) & (found.lower[known] <= found.value[known])).all()


@pytest.mark.parametrize("kind", ["walk", "noise", "line"])
@pytest.mark.parametrize("points", [8, 12, 24])
def test_intervals_hold_what_they_promise(kind, points):
    noise = np.random.default_rng(7).normal(size=(400, 30))
    series = {"walk": noise.cumsum(axis=1), "noise": noise, "line": noise + 0.3 * np.arange(30)}[kind]
    found = forecast(series[:, :points], 3)
    held = (series[:, points : points + 3] >= found.lower) & (series[:, points : points + 3] <= found.upper)
    assert held.mean() > 0.88


def test_the_season_is_found():
    t = np.arange(48)
    wave = 50 + 10 * np.sin(2 * np.pi * t / 12) + np.random.default_rng(2).normal(0, 0.5, 48)
    found = forecast(wave[:36], 12, season=12)
    assert found.model.tolist() == ["season ago"]
    assert np.abs(found.value[0] - wave[36:]).max() < 4
    assert found.back_test.error[0] < found.back_test.naive_error[0] / 3


def test_the_back_test_is_what_it_says():
    """Errors of the last value carried one step, by hand, from the origins with four points behind them."""
    y = np.array([3.0, 5, 2, 6, 3, 5, 2])
    found = forecast(y, 1)
    assert found.back_test.tests[0] == 3
    assert found.back_test.naive_error[0] == pytest.approx(np.mean(np.abs(np.diff(y)[3:])))
    assert found.back_test.error[0] <= found.back_test.naive_error[0]


def test_no_forecast_without_a_reason():
    rows = [[1, 2, 3, 4, np.nan, np.nan, np.nan], [5, 5, 5, 5, 5, 5, 5], [np.nan, 4, 5, 3, 4, 6, 5]]
    found = forecast(rows, 7)
    assert set(found.reasons[0]) == {reasons.TOO_FEW_POINTS}
    assert set(found.reasons[1]) == {reasons.NO_VARIATION}
    assert found.reasons[2].tolist() == [""] * 5 + [reasons.TOO_FAR_AHEAD] * 2
    assert np.array_equal(np.isnan(found.value), found.reason_code > 0)
    assert found.model.tolist()[:2] == ["", ""]
    assert set(found.warnings[2]) >= {reasons.SHORT_SERIES, reasons.LONG_HORIZON}
    assert found.warnings[0] == ()


def test_many_series_at_once_agree_with_one_at_a_time():
    rows = np.random.default_rng(4).uniform(0.2, 0.6, (6, 14))
    rows[2, 5:7] = np.nan
    many = forecast(rows, 3, scale="fraction")
    for s in range(6):
        one = forecast(rows[s], 3, scale="fraction")
        assert np.allclose(many.upper[s], one.upper[0])
        assert many.model[s] == one.model[0]


def test_uncertainty_grows_with_the_distance():
    walk = np.random.default_rng(9).normal(size=30).cumsum()
    width = np.diff([forecast(walk, 6).lower[0], forecast(walk, 6).upper[0]], axis=0)[0]
    assert width[-1] > width[0]


@pytest.mark.parametrize(
    ("values", "steps", "options", "code"),
    [
        ([1, 2, 3, 4, 5], 0, {}, "steps-range"),
        ([0.1, 0.2, 1.3, 0.4, 0.5], 1, {"scale": "fraction"}, "value-range"),
        ([0.1, 0.2, -1.3, 0.4, 0.5], 1, {"scale": "positive"}, "value-range"),
        ([0.1, 0.2, 0.3, 0.4, 0.5], 1, {"scale": "log"}, "not-a-choice"),
    ],
)
def test_wrong_input(values, steps, options, code):
    with pytest.raises(Problem) as caught:
        forecast(values, steps, **options)
    assert caught.value.code == code


def test_fewest_points_are_as_documented():
    assert forecasting.FEWEST_POINTS == 5
    assert forecast([1, 2, 4, 3, 5], 1).reasons.tolist() == [[""]]
