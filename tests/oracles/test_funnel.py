"""Funnel limits, labels and points against the reference figures."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles import figures

from esteem.methods import funnel

KINDS = {
    "proportion": "proportion",
    "ratio (count)": "ratio_count",
    "ratio (isr)": "ratio_isr",
    "rate (crude": "rate_crude",
    "rate (dsr": "rate_dsr",
}


def _kind(statistic: str) -> str:
    return next(kind for start, kind in KINDS.items() if statistic.startswith(start))


def _areas(name: str):
    """Areas of one set; kind and multiplier are read from the reference's own words and baseline."""
    rows = [r for r in figures.rows("funnel_in") if r["set"] == name]
    limits = [r for r in figures.rows("funnel_limits_out") if r["set"] == name]
    kind = _kind(limits[0]["statistic"])
    numerator, denominator = figures.column(rows, "numerator"), figures.column(rows, "denominator")
    options = {}
    if kind == "proportion":
        baseline = figures.number(limits[0]["baseline"])
        options["multiplier"] = float(f"{baseline / (numerator.sum() / denominator.sum()):.12g}")
    if kind.startswith("rate"):
        options["multiplier"] = figures.multiplier(limits[0]["statistic"].rstrip(")"), 100_000)
        options |= {"rate": figures.column(rows, "rate"), "years": figures.number(rows[0]["years_of_data"])}
    return rows, limits, funnel.areas(kind, numerator, denominator, **options)


def _sets() -> list[str]:
    return list(dict.fromkeys(r["set"] for r in figures.rows("funnel_in")))


@pytest.mark.parametrize("name", _sets())
def test_limits(name):
    _, rows, areas = _areas(name)
    rows = sorted(rows, key=lambda r: int(r["row"]))
    ours = funnel.limits(areas)
    x = next(c for c in ("Population", "Observed_events", "Events") if rows[0][c])
    assert ours.x.tolist() == figures.column(rows, x).tolist()
    rel = 1e-10 if areas.kind == "proportion" else 1e-4
    for prefix in ("lower_2s", "upper_2s", "lower_3s", "upper_3s"):
        theirs = figures.column(rows, f"{prefix}_limit")
        if areas.kind == "proportion":  # the reference caps at 100 whatever the multiplier
            assert (ours.limits[prefix] <= areas.multiplier).all()
            theirs = np.minimum(theirs, areas.multiplier)
            capped = theirs == 100
            assert (ours.limits[prefix][capped] >= 100 * (1 - rel)).all()
            theirs = np.where(capped, ours.limits[prefix], theirs)
        figures.agree(ours.limits[prefix], theirs, rel, prefix)
        for found, suffix in ((ours.expected, "exp_events"), (ours.population_one_year, "population_1_year")):
            if found:
                figures.agree(found[prefix], figures.column(rows, f"{prefix}_{suffix}"), rel, f"{prefix}_{suffix}")
    if rows[0]["baseline"]:
        figures.agree(ours.baseline, figures.number(rows[0]["baseline"]), 1e-10, "baseline")


@pytest.mark.parametrize("name", _sets())
def test_significance(name):
    rows, _, areas = _areas(name)
    theirs = {r["area"]: r["significance"] for r in figures.rows("funnel_significance_out") if r["set"] == name}
    ours = dict(zip([r["area"] for r in rows], funnel.significance(areas), strict=True))
    assert ours == theirs


@pytest.mark.parametrize("name", [s for s in _sets() if s.startswith("rate")])
def test_points(name):
    rows, _, areas = _areas(name)
    theirs = {r["area"]: r for r in figures.rows("funnel_points_out") if r["set"] == name}
    ordered = [theirs[r["area"]] for r in rows]
    ours = funnel.points(areas)
    figures.agree(ours.rate, figures.column(ordered, "rate_chart"), 1e-10, "rate_chart")
    figures.agree(ours.denominator_per_year, figures.column(ordered, "denominator_derived"), 1e-10, "denominator")
