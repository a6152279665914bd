"""Quantiles and the slope and relative index of inequality against the reference figures."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles import figures

from esteem.methods import inequality, quantiles

TYPES = {0: "other", 1: "rate", 2: "proportion"}


def test_quantiles():
    inputs = figures.rows("quantile_in")
    values = {(r["grp"], r["area"]): figures.number(r["value"]) for r in inputs}
    for (count, invert), rows in figures.split_by(figures.rows("quantile_out"), "nquantiles", "invert").items():
        given = [values[r["grp"], r["area"]] for r in rows]
        ours = quantiles.quantiles(given, int(count), [r["grp"] for r in rows], figures.truth(invert))
        theirs = figures.column(rows, "quantile")
        assert np.array_equal(ours.quantile, theirs, equal_nan=True), f"{count} quantiles, invert {invert}"
        assert ((ours.reasons == "") == ~np.isnan(theirs)).all()


def _sets() -> list[str]:
    return [r["set"] for r in figures.rows("sii_out")]


@pytest.mark.parametrize("name", _sets())
def test_slope_and_relative_index(name):
    rows = sorted((r for r in figures.rows("sii_in") if r["set"] == name), key=lambda r: figures.number(r["quantile"]))
    theirs = next(r for r in figures.rows("sii_out") if r["set"] == name)
    options = {
        "value_type": TYPES[int(rows[0]["value_type"])],
        "transform": figures.truth(rows[0]["transform"]),
        "multiplier": figures.number(rows[0]["multiplier"]),
    }
    columns = [figures.column(rows, c) for c in ("population", "value")]
    spread = {"standard_error": figures.column(rows, "se")} if rows[0].get("se") else {}
    spread = spread or {"lower": figures.column(rows, "lower_cl"), "upper": figures.column(rows, "upper_cl")}
    for conf, lower, upper in figures.limit_columns(theirs):
        if not theirs[lower] or not lower.startswith("sii"):
            continue
        ours = inequality.index(*columns, **spread, **options, conf=conf)
        point = [figures.number(theirs[c]) for c in ("sii", "rii", "intercept")]
        figures.agree([ours.slope, ours.relative, ours.intercept], point, 1e-9, name)
        allowed = 0.015 if conf < 0.99 else 0.04
        _near(ours.slope_lower, ours.slope_upper, theirs, lower, upper, allowed)
        _near(ours.relative_lower, ours.relative_upper, theirs, lower.replace("sii", "rii"), upper.replace("sii", "rii"), allowed)


def _near(low, high, theirs, lower, upper, allowed):
    """Each limit within a share of the interval's width. Limits that the reference swaps (multiplier between 0 and 1) are put in order."""
    given = sorted(figures.number(theirs[c]) for c in (lower, upper))
    width = given[1] - given[0]
    assert low <= high
    assert abs(low - given[0]) <= allowed * width, (lower, float(low), given)
    assert abs(high - given[1]) <= allowed * width, (upper, float(high), given)
