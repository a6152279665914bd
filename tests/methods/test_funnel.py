"""Funnels: limits turn back into the average, labels follow the rule, the axis climbs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from esteem.methods import funnel, proportions
from esteem.terms.problems import Problem


def _proportions(multiplier=1.0):
    return funnel.areas("proportion", [20, 300, 55, 41], [100, 1000, 210, 130], multiplier=multiplier)


def test_wilson_at_the_limit_gives_the_average():
    found = funnel.limits(_proportions())
    inside = (found.limits["lower_2s"] > 0) & (found.limits["upper_2s"] < 1)
    x, average = found.x[inside], found.baseline
    assert np.allclose(proportions.wilson_limits(found.limits["lower_2s"][inside] * x, x, 0.95)[1], average)
    assert np.allclose(proportions.wilson_limits(found.limits["upper_2s"][inside] * x, x, 0.95)[0], average)


@pytest.mark.parametrize("multiplier", [1.0, 100.0, 1000.0])
def test_upper_limit_stops_at_one_times_the_multiplier(multiplier):
    found = funnel.limits(_proportions(multiplier))
    assert found.limits["upper_3s"].max() == multiplier


def test_ratio_limits_are_exact_poisson():
    found = funnel.limits(funnel.areas("ratio_isr", [12, 40, 9], [10.5, 33.0, 14.2]))
    x = found.x.astype(int)
    assert np.allclose(stats.poisson.cdf(x, found.expected["lower_2s"]), 0.025)
    assert np.allclose(stats.poisson.sf(x - 1, found.expected["upper_3s"]), 0.001)


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=20))
def test_the_axis_climbs_from_first_to_last_place(people):
    areas = funnel.areas("proportion", np.zeros(len(people)) + 1, people)
    x = funnel.limits(areas).x
    assert len(x) == 100
    assert (np.diff(x) >= 1).all()
    assert x[0] <= max(1, min(people))
    assert x[-1] >= max(people)


def test_labels():
    areas = funnel.areas("ratio_count", [10, 30, 25, 1, 4], [10, 10, 15, 10, 11])
    assert funnel.significance(areas).tolist() == ["Not significant", "High (0.001)", "High (0.025)", "Low (0.001)", "Low (0.025)"]


def test_standardised_rates_on_few_events_are_not_judged_or_drawn():
    areas = funnel.areas("rate_dsr", [9, 40, 0], rate=[30, 21.0, np.nan], years=3)
    assert funnel.significance(areas)[0] == funnel.NOT_APPLICABLE
    points = funnel.points(areas)
    assert np.isnan(points.rate[[0, 2]]).all()
    assert points.rate[1] == pytest.approx(21.0)
    assert points.denominator_per_year[1] == pytest.approx(100_000 * 40 / 21 / 3)


@pytest.mark.parametrize(
    ("arguments", "options", "code"),
    [
        (("pie", [1], [2]), {}, "not-a-choice"),
        (("proportion", [3], [2]), {}, "numerator-above-denominator"),
        (("proportion", [3]), {}, "missing-figure"),
        (("rate_crude", [3], [20]), {"rate": [4.0]}, "missing-figure"),
        (("rate_crude", [3], [20]), {"rate": [0.0], "years": 1}, "rate-zero-with-events"),
        (("ratio_isr", [3, np.nan], [2, 2]), {}, "missing-figure"),
    ],
)
def test_wrong_input(arguments, options, code):
    with pytest.raises(Problem) as caught:
        funnel.areas(*arguments, **options)
    assert caught.value.code == code
