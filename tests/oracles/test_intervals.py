"""Proportions, rates, counts and means against the reference figures."""

from __future__ import annotations

import numpy as np
from tests.oracles import figures

from esteem.methods import counts, means, proportions, rates


def test_wilson_proportions():
    rows = figures.rows("proportions")
    x, n, conf, multiplier = (figures.column(rows, c) for c in ("x", "n", "conf", "multiplier"))
    ours = proportions.wilson(x, n, conf, multiplier)
    for name, figure in (("value", ours.value), ("lowercl", ours.lower), ("uppercl", ours.upper)):
        figures.agree(figure, figures.column(rows, name), 1e-11, name)
    assert (ours.lower[x == 0] == 0).all()
    assert (ours.upper[x == n] == multiplier[x == n]).all()


def test_grouped_proportions_add_up_first():
    inputs = figures.split_by(figures.rows("proportions_grouped_in"), "area")
    for row in figures.rows("proportions_grouped_out"):
        own = inputs[(row["area"],)]
        x, n = figures.column(own, "x").sum(), figures.column(own, "n").sum()
        assert (x, n) == (figures.number(row["x"]), figures.number(row["n"]))
        scale = figures.multiplier(row["statistic"], 100.0)
        for conf, lower, upper in figures.limit_columns(row):
            ours = proportions.wilson(x, n, conf, scale)
            given = [figures.number(row[c]) for c in ("value", lower, upper)]
            figures.agree([ours.value, ours.lower, ours.upper], given, 1e-11, row["area"])


def test_rates_exact_below_ten_events_byar_from_ten():
    rows = figures.rows("rates")
    ours = rates.rate(*(figures.column(rows, c) for c in ("x", "n", "conf", "multiplier")))
    for name, figure in (("value", ours.value), ("lowercl", ours.lower), ("uppercl", ours.upper)):
        figures.agree(figure, figures.column(rows, name), 1e-10, name)
    assert ours.method.tolist() == [row["method"] for row in rows]
    assert (ours.lower[figures.column(rows, "x") == 0] == 0).all()


def test_byar_limits_of_counts():
    rows = figures.rows("byars")
    ours = counts.byar(figures.column(rows, "x"), figures.column(rows, "conf"))
    figures.agree(ours.lower, figures.column(rows, "lower"), 1e-11, "lower")
    figures.agree(ours.upper, figures.column(rows, "upper"), 1e-11, "upper")
    assert (ours.reasons[np.isnan(ours.lower)] == "lower_limit_below_zero").all()


def test_means():
    inputs = figures.rows("means_in")
    for (conf,), rows in figures.split_by(figures.rows("means_out"), "conf").items():
        ours = means.grouped(figures.column(inputs, "x"), [r["area"] for r in inputs], figures.number(conf))
        place = {area: i for i, area in enumerate(ours.groups)}
        pick = [place[row["area"]] for row in rows]
        found = {
            "value_sum": ours.total,
            "value_count": ours.count,
            "stdev": ours.deviation,
            "value": ours.estimate.value,
            "lowercl": ours.estimate.lower,
            "uppercl": ours.estimate.upper,
        }
        for name, figure in found.items():
            figures.agree(figure[pick], figures.column(rows, name), 1e-10, f"{name} at {conf}")
