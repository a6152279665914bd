"""XmR charts against the reference figures; where the reference misbehaves, the better behaviour."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from tests.oracles import figures

from esteem.methods import reasons, spc


@lru_cache
def _options() -> dict[str, dict]:
    return {r["series_id"]: r for r in figures.rows("spc_options")}


@lru_cache
def _split(name: str) -> dict:
    return {key[0]: rows for key, rows in figures.split_by(figures.rows(name), "series_id").items()}


def _chart(series: str) -> spc.XmR:
    rows, options = _split("spc_in")[series], _options()[series]
    rebase = [] if options["rebase"].upper() == "NULL" else options["rebase"].split(";")
    fix = figures.number(options["fix_after_n_points"])
    return spc.xmr(
        figures.column(rows, "value"),
        dates=[r["date"] for r in rows],
        improvement=options["improvement_direction"],
        target=None if np.isnan(figures.number(options["target"])) else figures.number(options["target"]),
        rebase=[spc.Rebase(d.strip(), "as in the reference figures") for d in rebase if d.strip()],
        fix_after=None if np.isnan(fix) else int(fix),
        screen=figures.truth(options["screen_outliers"]),
        ghost=[figures.truth(r.get("ghost", "")) for r in rows],
    )


def _series(ok: bool) -> list[str]:
    return [s for s, o in _options().items() if (o["peer_status"] == "ok") == ok]


@pytest.mark.parametrize("series", _series(ok=True))
def test_points(series):
    ours = _chart(series)
    theirs = sorted(_split("spc_out")[series], key=lambda r: r["x"])
    shown = ~ours.ghost
    assert [str(d) for d in ours.dates[shown]] == [r["x"] for r in theirs]
    assert (ours.labels[ours.ghost] == "").all()
    peer_group = figures.column(theirs, "rebase_group")
    assert np.array_equal(ours.group[shown], peer_group)
    for name, figure in (("mean_col", ours.mean), ("lpl", ours.lower), ("upl", ours.upper)):
        figures.agree(figure[shown], figures.column(theirs, name), 1e-10, f"{series} {name}")
    no_limits = np.isnan(ours.upper[shown])
    unknown = no_limits | ours.missing[shown]
    labels = np.array([r["special_cause_type"] for r in theirs], dtype=object)
    types = np.array([r["point_type"] for r in theirs], dtype=object)
    silent = no_limits & (labels == "Common Cause")  # the reference says common cause where there is nothing to judge by
    assert ours.labels[shown].tolist() == np.where(silent, "No Limits", labels).tolist()
    assert ours.point_types[shown].tolist() == np.where(silent, "no_limits", types).tolist()
    assert ours.special[shown].tolist() == [figures.truth(r["special_cause_flag"]) for r in theirs]
    for name, figure in (("outside_limits", ours.outside), ("close_to_limits", ours.near)):
        assert [r[name] == "" for r in theirs] == unknown.tolist()
        assert figure[shown][~unknown].tolist() == [figures.truth(r[name]) for r, u in zip(theirs, unknown, strict=True) if not u]
    sides = figures.column(theirs, "relative_to_mean")
    known = ~np.isnan(sides)
    assert np.array_equal(ours.side[shown][known], sides[known])
    short = {g: reasons.SHORT_GROUP in group.warnings for g, group in zip(np.unique(peer_group), ours.groups, strict=True)}
    assert [short[g] for g in peer_group] == [figures.truth(r["short_group_warning"]) for r in theirs]


@pytest.mark.parametrize("series", _series(ok=True))
def test_summary(series):
    ours = _chart(series)
    theirs = sorted(_split("spc_summary_out")[series], key=lambda r: figures.number(r["rebase_group"]))
    assert len(ours.groups) == len(theirs)
    for group, row in zip(ours.groups, theirs, strict=True):
        found = (group.mean, group.lower, group.upper, group.points)
        figures.agree(found, [figures.number(row[c]) for c in ("mean_col", "lpl", "upl", "n")], 1e-10, series)
        if np.isnan(group.upper):  # the reference: a silent "common cause / inconsistent"
            assert group.reason in (reasons.ONE_VALUE, reasons.NO_VALUES, reasons.NO_VARIATION, reasons.NO_NEIGHBOURS)
            assert group.variation == ("no_limits" if row["variation_type"] == "common_cause" else row["variation_type"])
            assert group.assurance == ("no_limits" if row["assurance_type"] else None)
            continue
        assert (group.reason, group.variation, group.assurance or "") == ("", row["variation_type"], row["assurance_type"])
        for name in ("common_cause", "special_cause_improvement", "special_cause_concern"):
            assert group.counts[name] == figures.number(row[name])
        if group.lower == group.upper:
            assert {reasons.LIMITS_EQUAL_MEAN, reasons.NO_VARIATION} & set(group.warnings)


@pytest.mark.parametrize("series", _series(ok=True))
def test_warns_of_rebase_dates_and_gaps_the_reference_does_not_see(series):
    ours = _chart(series)
    dates = {str(d) for d in ours.dates[~ours.ghost]}
    asked = [d for d in _options()[series]["rebase"].split(";") if d.upper() not in ("NULL", "")]
    assert (reasons.REBASE_DATE_NOT_IN_SERIES in ours.warnings) == any(d not in dates for d in asked)
    months = [int(d[:4]) * 12 + int(d[5:7]) for d in sorted(map(str, ours.dates))]
    if len(months) > 2 and all(str(d).endswith("-01") for d in ours.dates) and 1 in np.diff(months):
        assert (reasons.GAPS_IN_DATES in ours.warnings) == bool((np.diff(months) > 1).any())


@pytest.mark.parametrize("series", _series(ok=False))
def test_a_missing_value_the_reference_stops_at_breaks_windows(series):
    """No reference rows: limits by the rules, and no run, trend or moving range reaches across a missing point."""
    ours = _chart(series)
    y = ours.values
    ranges = np.abs(np.diff(y))
    ranges = ranges[~np.isnan(ranges)]
    kept = ranges[ranges < 3.267 * ranges.mean()]
    figures.agree(ours.upper - ours.mean, np.full(y.size, 2.66 * kept.mean()), 1e-10, series)
    figures.agree(ours.mean, np.full(y.size, np.nanmean(y)), 1e-10, series)
    gone = np.flatnonzero(np.isnan(y))
    assert gone.size
    for point in np.flatnonzero([("Point" in label) for label in ours.labels]):
        before = gone[gone < point].max(initial=-1)
        after = gone[gone > point].min(initial=y.size)
        assert after - before - 1 >= 7
    assert not ours.outside[gone].any()
    assert (ours.labels[gone] == "Common Cause").all()


def test_many_at_once_agree_with_one_at_a_time():
    """The same charts from one matrix: shorter series padded, groups and ghosts in place."""
    names = _series(ok=True)
    charts = [_chart(s) for s in names]
    width = max(c.values.size for c in charts)
    matrix = np.full((len(names), width), np.nan)
    ghost = np.ones(matrix.shape, dtype=bool)
    groups = np.zeros(matrix.shape, dtype=int)
    for row, chart in enumerate(charts):
        matrix[row, : chart.values.size] = chart.values
        ghost[row, : chart.values.size] = chart.ghost
        groups[row, : chart.values.size] = chart.group
    options = [_options()[s] for s in names]
    many = spc.xmr_many(
        matrix,
        ghost=ghost,
        groups=groups,
        improvement=[o["improvement_direction"] for o in options],
        target=[figures.number(o["target"]) for o in options],
        fix_after=np.nan_to_num([figures.number(o["fix_after_n_points"]) for o in options]),
        screen=[figures.truth(o["screen_outliers"]) for o in options],
    )
    for row, chart in enumerate(charts):
        size = chart.values.size
        assert many.labels[row, :size].tolist() == chart.labels.tolist()
        figures.agree(many.upper[row, :size], chart.upper, 1e-12, names[row])
        assert (many.variation[row], many.assurance[row]) == (chart.variation, chart.assurance)
