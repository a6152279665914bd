"""XmR charts: a second, plain reading of the rules must agree; symmetries; behaviour where the reference has none."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esteem.methods import reasons, spc
from esteem.terms.problems import Problem

points = st.one_of(st.none(), st.integers(0, 12))
series = st.lists(points, min_size=1, max_size=40)


def _months(count: int) -> list[date]:
    return [date(2019 + m // 12, m % 12 + 1, 1) for m in range(count)]


def plain_labels(values, screen=True) -> list[str]:
    """The rules word by word, one point and one window at a time. None = missing. No limits: None in place of the whole answer."""
    known = [v for v in values if v is not None]
    ranges = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    if not ranges:
        return None
    mean, average = sum(known) / len(known), sum(ranges) / len(ranges)
    kept = [r for r in ranges if r < 3.267 * average] if screen else ranges
    if not kept:
        return None
    reach = 2.66 * sum(kept) / len(kept)
    return [_plain_label(values, i, mean, reach) for i in range(len(values))]


def _windows(values, i, size):
    """Windows of `size` points that hold point i and no missing one."""
    for start in range(max(0, i - size + 1), min(i, len(values) - size) + 1):
        window = values[start : start + size]
        if None not in window:
            yield window


def _plain_label(values, i, mean, reach):
    def near(v):
        return abs(v - mean) > 2 / 3 * reach and abs(v - mean) <= reach

    v = values[i]
    if v is None:
        return "Common Cause"
    if abs(v - mean) > reach:
        return "Above UCL" if v > mean else "Below LCL"
    steps = [[b - a for a, b in pairwise(w)] for w in _windows(values, i, 7)]
    up, down = (any(all(sign * s > 0 for s in window) for window in steps) for sign in (1, -1))
    if up and down:
        up = values[i + 1] > v
        down = not up
    if up or down:
        return "7 Point Trend (Increasing)" if up else "7 Point Trend (Decreasing)"
    for sign, word in ((1, "Above"), (-1, "Below")):
        if near(v) and any(all(sign * (w - mean) > 0 for w in three) and sum(map(near, three)) >= 2 for three in _windows(values, i, 3)):
            return f"2 in 3 {word} CL"
    for sign, word in ((1, "Above"), (-1, "Below")):
        if any(all(sign * (w - mean) > 0 for w in seven) for seven in _windows(values, i, 7)):
            return f"7 Points {word} CL"
    return "Common Cause"


def _on_a_line(values, screen) -> bool:
    """True when rounding alone decides whether a point lies beyond a limit, or a range beyond the screen."""
    chart = spc.xmr(values, screen=screen)
    lines = np.stack([chart.lower, chart.upper, chart.near_lower, chart.near_upper, chart.mean])
    gaps = np.abs(np.array([np.nan if v is None else v for v in values]) - lines)
    ranges = np.abs(np.diff(chart.values))
    near_screen = np.abs(ranges - 3.267 * np.nanmean(ranges)) if (~np.isnan(ranges)).any() else np.ones(1)
    return bool(((gaps > 0) & (gaps < 1e-9)).any() or (near_screen < 1e-9).any())


@settings(max_examples=400, deadline=None)
@given(series, st.booleans())
def test_labels_follow_the_rules_read_plainly(values, screen):
    if all(v is None for v in values) or _on_a_line(values, screen):
        return
    mean = sum(v for v in values if v is not None) / sum(v is not None for v in values)
    expected = plain_labels(values, screen)
    found = spc.xmr(values, screen=screen)
    if expected is None:
        assert set(found.labels) == {"No Limits"}
        assert found.groups[0].reason
    elif float(mean).is_integer() or mean not in (v for v in values if v is not None):
        assert found.labels.tolist() == expected


def _runs(size=30):
    return np.random.default_rng(3).normal(50, 5, (60, size)).round(1) + np.linspace(0, 12, size) * (np.arange(60) % 3 - 1)[:, None]


def test_turned_upside_down_labels_turn_too():
    high, low = (spc.xmr_many(sign * _runs(), improvement=way) for sign, way in ((1, "increase"), (-1, "decrease")))
    turned = {"Above": "Below", "Below": "Above", "(Increasing)": "(Decreasing)", "(Decreasing)": "(Increasing)"}
    swapped = [[" ".join(turned.get(w, w) for w in text.split()).replace("UCL", "~") for text in row] for row in high.labels]
    swapped = [[t.replace("LCL", "UCL").replace("~", "LCL") for t in row] for row in swapped]
    assert low.labels.tolist() == swapped
    assert (low.point_types == high.point_types).all()
    assert len(np.unique(high.labels)) > 5


def test_direction_of_improvement_decides_the_point_type():
    up, down, neutral = (spc.xmr_many(_runs(), improvement=d) for d in ("increase", "decrease", "neutral"))
    assert (up.labels == down.labels).all()
    better = up.point_types == "special_cause_improvement"
    assert (down.point_types[better] == "special_cause_concern").all()
    assert set(np.unique(neutral.point_types)) == {"common_cause", "special_cause_neutral_high", "special_cause_neutral_low"}
    assert up.variation.tolist() == up.point_types[:, -1].tolist()


@pytest.mark.parametrize(
    ("target", "increase", "decrease"),
    [(10_000, "consistent_fail", "consistent_pass"), (-10_000, "consistent_pass", "consistent_fail"), (50, "inconsistent", "inconsistent")],
)
def test_assurance(target, increase, decrease):
    y = 50 + np.tile([1.0, -1.0], 12)
    assert spc.xmr(y, improvement="increase", target=target).assurance == increase
    assert spc.xmr(y, improvement="decrease", target=target).assurance == decrease
    assert spc.xmr(y, improvement="neutral", target=target).assurance is None
    assert spc.xmr(y, improvement="increase").assurance is None


def test_limits_belong_to_groups_and_a_rebase_keeps_its_reason():
    y = np.concatenate([10 + np.tile([1, -1], 8), 30 + np.tile([1, -1], 8)])
    chart = spc.xmr(y, dates=_months(32), rebase=[spc.Rebase(date(2020, 5, 1), "New community team")], improvement="increase", target=20)
    assert [g.mean for g in chart.groups] == [10, 30]
    assert [g.rebase_reason for g in chart.groups] == ["", "New community team"]
    assert [g.assurance for g in chart.groups] == [None, "consistent_pass"]
    assert set(chart.labels) == {"Common Cause"}
    with pytest.raises(Problem) as caught:
        spc.Rebase(date(2020, 5, 1), " ")
    assert caught.value.code == "rebase-reason"


def test_warnings_for_dates():
    days = _months(20)
    chart = spc.xmr(range(20), dates=days[:9] + days[11:] + days[9:10] + [date(2020, 12, 1)], rebase=[spc.Rebase("2020-02-15", "x")])
    assert chart.warnings == (reasons.REBASE_DATE_NOT_IN_SERIES, reasons.GAPS_IN_DATES)
    assert (np.diff(chart.dates.astype(int)) > 0).all()
    weeks = [date(2024, 1, 1) + timedelta(weeks=w) for w in range(15)]
    assert spc.xmr(range(15), dates=weeks).warnings == ()
    assert spc.xmr(range(14), dates=weeks[:5] + weeks[6:]).warnings == (reasons.GAPS_IN_DATES,)
    month_ends = [m - timedelta(days=1) for m in _months(15)]
    assert spc.xmr(range(15), dates=month_ends).warnings == ()
    assert spc.xmr(range(12), dates=[date(2020 + q // 4, 3 * (q % 4) + 1, 1) for q in range(12)]).warnings == ()


def test_a_date_twice_names_its_row():
    with pytest.raises(Problem) as caught:
        spc.xmr([1, 2, 3], dates=["2020-01-01", "2020-02-01", "2020-01-01"])
    assert (caught.value.code, caught.value.row) == ("duplicate-date", 3)


def test_a_constant_series_or_single_point_says_no_limits():
    for values, why in (([7] * 20, reasons.NO_VARIATION), ([7], reasons.ONE_VALUE), ([7, None, 8], reasons.NO_NEIGHBOURS)):
        chart = spc.xmr(values, improvement="increase", target=7)
        assert (chart.groups[0].reason, chart.variation, chart.assurance) == (why, "no_limits", "no_limits")
        assert np.isnan(chart.upper).all()
        assert not chart.special.any()


def test_one_step_warns_that_limits_collapse():
    chart = spc.xmr([4] * 12 + [6] * 12, improvement="increase")
    assert reasons.LIMITS_EQUAL_MEAN in chart.groups[0].warnings
    assert (chart.upper == chart.mean).all()


@pytest.mark.parametrize(("count", "short"), [(12, True), (13, False)])
def test_short_groups_are_twelve_points_or_fewer(count, short):
    chart = spc.xmr(np.arange(count) % 3)
    assert (reasons.SHORT_GROUP in chart.groups[0].warnings) == short


def test_a_missing_point_breaks_runs_and_is_never_flagged():
    y = [5.0] * 2 + [9, 8, 9, np.nan, 9, 8, 9, 8] + [1, 2] * 8
    chart = spc.xmr(y)
    assert not any("7 Points Above" in label for label in chart.labels)
    assert not chart.special[5]
    assert reasons.LAST_POINT_MISSING in spc.xmr([*y, np.nan]).groups[0].warnings
    rising = [1, 2, 3, np.nan, 5, 6, 7, 8]
    assert not any("Trend" in label for label in spc.xmr(rising).labels)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=3, max_size=40))
def test_ghosted_points_are_as_if_they_were_not_there(rows):
    y, ghost = np.array([v for v, _ in rows], dtype=float), np.array([g for _, g in rows])
    if ghost.all():
        assert spc.xmr(y, ghost=ghost).variation is None
        return
    with_ghosts, without = spc.xmr(y, ghost=ghost), spc.xmr(y[~ghost])
    assert with_ghosts.labels[~ghost].tolist() == without.labels.tolist()
    assert np.array_equal(with_ghosts.upper[~ghost], without.upper, equal_nan=True)
    assert (with_ghosts.labels[ghost] == "").all()
    assert np.isnan(with_ghosts.upper).all() == np.isnan(without.upper).all()


def test_limits_fixed_on_the_first_points():
    y = np.concatenate([np.tile([9.0, 11.0], 6), np.linspace(10, 40, 12)])
    fixed, free = spc.xmr(y, fix_after=12), spc.xmr(y)
    assert fixed.mean[0] == 10
    assert fixed.upper[0] < free.upper[0]
    with pytest.raises(Problem) as caught:
        spc.xmr(y, fix_after=11)
    assert caught.value.code == "fix-after-range"


def test_nothing_in_nothing_out():
    assert spc.xmr([]).groups == ()
    assert spc.xmr_many(np.empty((0, 5))).labels.shape == (0, 5)
    hidden = np.array([[True] * 6, [False] * 6])
    many = spc.xmr_many(np.array([[1, 2, 3, 4, 5, 6]] * 2), ghost=hidden)
    assert many.variation.tolist() == [None, "common_cause"]
    assert many.groups(0) == ()


@pytest.mark.parametrize(
    ("values", "options", "code"),
    [
        ([1, "x"], {}, "not-a-number"),
        ([1, np.inf], {}, "infinite"),
        ([1, 2], {"improvement": "up"}, "not-a-choice"),
        ([1, 2], {"dates": ["2020-01-01"]}, "dates-length"),
        ([1, 2], {"dates": ["2020-01-01", "soon"]}, "date-form"),
        ([1, 2], {"rebase": [spc.Rebase("2020-01-01", "why")]}, "rebase-position"),
        ([1, 2], {"rebase": [spc.Rebase(1, "why")], "groups": [0, 1]}, "groups-or-rebase"),
        ([[1, 2]], {}, "series-shape"),
    ],
)
def test_wrong_input(values, options, code):
    with pytest.raises(Problem) as caught:
        spc.xmr(values, **options)
    assert caught.value.code == code
