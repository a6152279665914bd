"""The engine against plain Python over the same rows: aggregates, conditions, breakdowns, crosses, values made of values."""

from __future__ import annotations

import csv
from statistics import fmean

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ibis import _
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.computing import Request, compute, steps_of
from esteem.evidence.record_model import (
    ROWS,
    Aggregate,
    Breakdown,
    Cohort,
    Counted,
    Family,
    Ratio,
    RecordMeasure,
    Sum,
    distinct,
    mean,
    median,
    percentile,
    total,
)
from esteem.terms.problems import Problem, Problems

BY_AREA = Breakdown("By area", ("sub_icb",))
BY_AREA_AND_SEX = Breakdown("By area; sex", ("sub_icb", "gender"))
ENGLAND = Breakdown("England", ("england",))


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return workbench(tmp_path_factory.mktemp("extract"), {"MHS001MPI": [person(1, 11)]})


COLUMNS = {"unit": "string", "days": "int64", "sub_icb": "string", "gender": "string", "counts_in_england": "boolean"}


def table_of(work, data: list[dict]):
    path = work.extract.folder / "invented.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(data)
    return work.extract.engine.scan(path, COLUMNS)


def cohort_of(work, data: list[dict], **more) -> Cohort:
    table = table_of(work, data)
    return Cohort("invented", lambda work, window: table, **more)


def levels(work, value, breakdown) -> dict[str, float]:
    request = Request(RecordMeasure("X1", "Invented", value, ("M",), (breakdown,)), "M", breakdown)
    return {level: figure.value for level, figure in compute(work, [request])[request].items()}


def linear(values: list[int], share: float) -> float:
    return float(np.quantile(values, share, method="linear"))


NAIVE = {
    "distinct": (distinct("unit"), lambda rows: len({r["unit"] for r in rows if r["unit"] is not None}) or None),
    "rows": (ROWS, lambda rows: len(rows) or None),
    "sum": (total("days"), lambda rows: sum(v) if (v := [r["days"] for r in rows if r["days"] is not None]) else None),
    "mean": (mean("days"), lambda rows: fmean(v) if (v := [r["days"] for r in rows if r["days"] is not None]) else None),
    "median": (median("days"), lambda rows: linear(v, 0.5) if (v := [r["days"] for r in rows if r["days"] is not None]) else None),
    "percentile": (
        percentile("days", 0.9),
        lambda rows: linear(v, 0.9) if (v := [r["days"] for r in rows if r["days"] is not None]) else None,
    ),
}
ROW = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["a", "b", "c", None]),
        "days": st.none() | st.integers(-5, 400),
        "sub_icb": st.sampled_from(["7A1", "7B1", None]),
        "gender": st.sampled_from(["1", "2", None]),
    }
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, min_size=1, max_size=30))
def test_every_aggregate_equals_plain_python(work, data):
    cohort = cohort_of(work, data)
    counts = {name: Counted(cohort, aggregate) for name, (aggregate, _naive) in NAIVE.items()}
    counts |= {f"{name} of few": Counted(cohort, aggregate, _.days <= 30) for name, (aggregate, _naive) in NAIVE.items()}
    asked = {
        (name, b.name): Request(RecordMeasure(name, name, value, ("M",), (b,)), "M", b)
        for name, value in counts.items()
        for b in (BY_AREA, BY_AREA_AND_SEX)
    }
    found = compute(work, asked.values())
    for (name, breakdown), request in asked.items():
        few = name.endswith(" of few")
        rows = [r for r in data if not few or (r["days"] is not None and r["days"] <= 30)]
        columns = request.breakdown.columns
        groups = {";".join(r[c] for c in columns) for r in rows if all(r[c] is not None for c in columns)}
        naive = NAIVE[name.removesuffix(" of few")][1]
        wanted = {g: naive([r for r in rows if ";".join(str(r[c]) for c in columns) == g]) for g in groups}
        got = {level: figure.value for level, figure in found[request].items()}
        assert got == pytest.approx({g: v for g, v in wanted.items() if v is not None}), (name, breakdown)


def test_a_row_without_an_area_counts_in_england_alone(work):
    counted = Counted(cohort_of(work, [{"unit": "a", "sub_icb": "7A1"}, {"unit": "b"}]), distinct("unit"))
    assert levels(work, counted, ENGLAND) == {"England": 2}
    assert levels(work, counted, BY_AREA) == {"7A1": 1}


def test_counted_once_leaves_rows_out_of_one_geography(work):
    data = [{"unit": "a", "sub_icb": "7A1", "counts_in_england": True}, {"unit": "a", "sub_icb": "7B1", "counts_in_england": False}]
    counted = Counted(cohort_of(work, data, counts_in=("england",)), ROWS)
    assert levels(work, counted, ENGLAND) == {"England": 1}
    assert levels(work, counted, BY_AREA) == {"7A1": 1, "7B1": 1}


def test_a_ratio_needs_a_numerator_row_and_keeps_both_parts(work):
    data = [
        {"unit": "a", "days": 10, "sub_icb": "7A1"},
        {"unit": "b", "days": 90, "sub_icb": "7A1"},
        {"unit": "c", "days": 90, "sub_icb": "7B1"},
    ]
    cohort = cohort_of(work, data)
    soon, every = Counted(cohort, distinct("unit"), _.days <= 30), Counted(cohort, distinct("unit"))
    request = Request(RecordMeasure("X1", "Invented", Ratio(soon, every), ("M",), (BY_AREA,)), "M", BY_AREA)
    figures = compute(work, [request])[request]
    assert set(figures) == {"7A1"}
    assert (figures["7A1"].value, figures["7A1"].numerator, figures["7A1"].denominator) == (50, 1, 2)


def test_a_rate_reads_zero_for_a_group_without_a_population_only_when_it_says_so(work):
    cases = Counted(cohort_of(work, [{"unit": "a", "sub_icb": "7A1"}, {"unit": "b", "sub_icb": "7B1"}]), distinct("unit"))
    people = Counted(cohort_of(work, [{"days": 400, "sub_icb": "7A1"}]), total("days"))
    assert levels(work, Ratio(cases, people, 1000, "rate"), BY_AREA) == {"7A1": 2.5}
    assert levels(work, Ratio(cases, people, 1000, zero_without_denominator=True), BY_AREA) == {"7A1": 2.5, "7B1": 0}


def test_a_sum_adds_levels_that_any_part_has(work):
    first = Counted(cohort_of(work, [{"unit": "a", "sub_icb": "7A1"}]), ROWS)
    second = Counted(cohort_of(work, [{"unit": "a", "sub_icb": "7A1"}, {"unit": "b", "sub_icb": "7B1"}]), ROWS)
    assert levels(work, Sum((first, second)), BY_AREA) == {"7A1": 2, "7B1": 1}


def test_a_column_the_cohort_lacks_is_a_problem(work):
    with pytest.raises(Problem, match="no bed_type") as found:
        levels(work, Counted(cohort_of(work, [{"unit": "a"}]), ROWS), Breakdown("By bed", ("bed_type",)))
    assert found.value.code == "definition-column"
    with pytest.raises(Problem, match="no is_open"):
        levels(work, Counted(cohort_of(work, [{"unit": "a"}]), ROWS, "is_open"), ENGLAND)


def test_the_waterfall_gives_each_rule_and_the_rows_left(work):
    table = table_of(work, [{"unit": "a", "days": 1}, {"unit": "b", "days": 50}, {"unit": "c", "days": 90}])

    def rows(work, window):
        return work.step(work.step(table, "every row").filter(_.days > 30), "more than thirty days")

    assert steps_of(work, Cohort("invented", rows), "M") == [("every row", 3), ("more than thirty days", 2)]


def test_wrong_definitions_cannot_be_built(work):
    with pytest.raises(Problem):
        Aggregate("mode", "days")
    with pytest.raises(Problem):
        Aggregate("sum")
    value = Counted(cohort_of(work, []), ROWS)
    with pytest.raises(Problem):
        RecordMeasure("X1", "Invented", value, ("fortnight",), (ENGLAND,))
    twice = RecordMeasure("X1", "Invented", value, ("M",), (ENGLAND,))
    with pytest.raises(Problems) as found:
        Family("invented", "Invented", "Not a question", "", "", "", None, (twice, twice))
    assert len(found.value.problems) == 3
