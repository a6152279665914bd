"""Directly and indirectly standardised rates and life expectancy against the reference figures."""

from __future__ import annotations

import numpy as np
from tests.oracles import figures

from esteem.methods import life_expectancy, standardise


def _check_direct(ours, row, conf_columns):
    figures.agree(ours.observed, figures.number(row["total_count"]), 1e-11, "events")
    figures.agree(ours.denominator, figures.number(row["total_pop"]), 1e-11, "population")
    given = [figures.number(row[c]) for c in ("value", *conf_columns)]
    figures.agree([ours.value, ours.lower, ours.upper], given, 1e-11, row["group"])
    assert (str(ours.statistic), ours.method) == (row["statistic"], row["method"])


def test_direct():
    inputs = figures.split_by(figures.rows("dsr_in"), "group")
    for row in figures.rows("dsr_out"):
        own = inputs[(row["group"],)]
        x, n, w = (figures.column(own, c) for c in ("x", "n", "stdpop"))
        ours = standardise.direct(x, n, w, figures.number(row["conf"]), figures.number(row["multiplier"]))
        _check_direct(ours, row, ("lowercl", "uppercl"))
        assert (str(ours.reasons) == "too_few_events") == np.isnan(ours.value)


def _by_frequency(own):
    """Long rows to (frequencies, bands): a frequency that lacks a band has nobody in it."""
    frequencies = sorted({figures.number(r["eventfreq"]) for r in own})
    bands = list(dict.fromkeys(r["ageband"] for r in own))
    x = np.zeros((len(frequencies), len(bands)))
    n, w = np.empty(len(bands)), np.empty(len(bands))
    for r in own:
        band = bands.index(r["ageband"])
        people = figures.number(r["x"])
        x[frequencies.index(figures.number(r["eventfreq"])), band] += 0 if np.isnan(people) else people
        n[band], w[band] = figures.number(r["n"]), figures.number(r["stdpop"])
    return x, frequencies, n, w


def test_direct_with_events_that_are_not_independent():
    inputs = figures.split_by(figures.rows("dsr_nonindependent_in"), "group")
    for row in figures.rows("dsr_nonindependent_out"):
        shaped = _by_frequency(inputs[(row["group"],)])
        for conf, lower, upper in figures.limit_columns(row):
            ours = standardise.direct_non_independent(*shaped, conf, figures.multiplier(row["statistic"], 100_000))
            _check_direct(ours, row, (lower, upper))


def _check_indirect(name, method, otherwise):
    inputs = figures.split_by(figures.rows("isr_in"), "group")
    for row in figures.rows(name):
        own = inputs[(row["group"],)]
        columns = [figures.column(own, c) for c in ("x", "n", "x_ref", "n_ref")]
        ours = method(*columns, figures.number(row["conf"]), figures.multiplier(row["statistic"], otherwise))
        found = (ours.observed, ours.expected, ours.value, ours.lower, ours.upper)
        given = [figures.number(row[c]) for c in ("observed", "expected", "value", "lowercl", "uppercl")]
        figures.agree(found, given, 1e-10, f"{name} {row['group']}")
        assert str(ours.method) == row["method"]
        if "ref_rate" in row:
            figures.agree(ours.value / ours.observed * ours.expected if ours.observed else np.nan, _ref(row, ours), 1e-10, "ref_rate")


def _ref(row, ours):
    return figures.number(row["ref_rate"]) if ours.observed else np.nan


def test_indirect_rate():
    _check_indirect("israte_out", standardise.indirect_rate, 100_000)


def test_indirect_ratio():
    _check_indirect("isratio_out", standardise.indirect_ratio, 100)


def test_life_expectancy():
    inputs = figures.split_by(figures.rows("life_expectancy_in"), "area")
    for (area,), rows in figures.split_by(figures.rows("life_expectancy_out"), "area").items():
        own = sorted(inputs[(area,)], key=lambda r: figures.number(r["startage"]))
        rows = sorted(rows, key=lambda r: figures.number(r["startage"]))
        deaths, people = figures.column(own, "deaths"), figures.column(own, "pops")
        starts = [figures.number(r["startage"]) for r in own]
        pick = [starts.index(figures.number(r["startage"])) for r in rows]
        for conf, lower, upper in figures.limit_columns(rows[0]):
            ours = life_expectancy.expectancy(deaths, people, conf)
            found = (("value", ours.value), (lower, ours.lower), (upper, ours.upper))
            for name, figure in (*found, ("pops_used", ours.population), ("dths_used", ours.deaths)):
                figures.agree(figure[pick], figures.column(rows, name), 1e-9, f"{area} {name}")
            assert ((ours.reasons == "") == ~np.isnan(ours.value)).all()
