"""Engines give the same figures: on rows made by Hypothesis, and on every worked case.

The reference engine says what a definition means; DuckDB is what people run; Spark is for data that has outgrown one machine.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.agree.invented_rows import rows_for

from esteem.evidence.case_running import differences
from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import families_of
from esteem.evidence.engines.duckdb_engine import DuckDBEngine
from esteem.evidence.engines.reference import ReferenceEngine
from esteem.evidence.engines.spark_engine import SparkEngine, cannot_run
from esteem.evidence.record_model import Family
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.rows_extract import RowsExtract
from esteem.evidence.records.workbench import Workbench
from esteem.evidence.verification import verify
from esteem.evidence.worked_cases import cases_of
from esteem.terms.problems import Problem

FAMILIES = {family.name: family for family in families_of("mhsds")}
EVERY_TIME = (  # counts, shares, rates; months, quarters, years; clocks, attribution, episodes: one of each kind
    "monthly-activity",
    "community-contacts",
    "crisis-and-liaison",
    "early-intervention",
    "follow-up-72-hours",
    "perinatal-access",
    "populations",
    "young-access",
)
ON_SPARK = ("monthly-activity", "crisis-and-liaison", "populations")
ON_SPARK_EVERY_TIME = ("populations",)
THE_REST = [name for name in FAMILIES if name not in EVERY_TIME]
# No shrinking: an example takes about a second, and the rows are few to begin with.
small = settings(max_examples=3, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate))


@pytest.fixture(scope="session")
def spark():
    if why := cannot_run():
        pytest.skip(why)
    engine = SparkEngine("local[1]")
    yield engine
    engine.close()


def _figures(family: Family, rows, corrected, engine) -> dict[tuple, dict[str, float]]:
    """Every measure of the family by every breakdown it is published by."""
    work = Workbench(RowsExtract(rows, engine), Reporting(1500), corrected)
    found = {}
    requests = [Request(measure, period, b) for measure in family.measures for period in measure.periods for b in measure.breakdowns]
    for request, levels in compute(work, requests).items():
        key = (request.measure.id, request.period, request.breakdown.name)
        found[key] = {level: figure.value for level, figure in levels.items()}
    return found


def _assert_same(here: dict, there: dict) -> None:
    assert here.keys() == there.keys()
    differing = {key: (here[key], there[key]) for key in here if here[key] != pytest.approx(there[key], rel=1e-9)}
    assert differing == {}


def _assert_agree(name: str, data, one, other) -> None:
    family = FAMILIES[name]
    rows = data.draw(rows_for(family))
    corrected = data.draw(st.sampled_from((frozenset(), "all")))
    told = [_figures_or_problem(family, rows, corrected, engine) for engine in (one, other)]
    if isinstance(told[0], str) or isinstance(told[1], str):
        assert told[0] == told[1]  # a rate without its population is refused by every engine in the same words
        return
    _assert_same(*told)


def _figures_or_problem(family: Family, rows, corrected, engine) -> dict | str:
    try:
        return _figures(family, rows, corrected, engine)
    except Problem as refused:
        return str(refused)


@pytest.mark.parametrize("name", EVERY_TIME)
@small
@given(data=st.data())
def test_duckdb_gives_what_the_reference_gives(name, data):
    _assert_agree(name, data, ReferenceEngine(), DuckDBEngine(threads=1))


@pytest.mark.slow
@pytest.mark.parametrize("name", THE_REST)
@small
@given(data=st.data())
def test_duckdb_gives_what_the_reference_gives_for_every_other_family(name, data):
    _assert_agree(name, data, ReferenceEngine(), DuckDBEngine(threads=1))


@pytest.mark.slow
@pytest.mark.parametrize("name", ON_SPARK)
@settings(small, max_examples=2)
@given(data=st.data())
def test_spark_gives_what_the_reference_gives(name, data, spark):
    _assert_agree(name, data, ReferenceEngine(), spark)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_reference_gives_the_answers_of_the_worked_cases(name):
    engine = ReferenceEngine()
    assert [str(each) for case in cases_of(FAMILIES[name]) for each in differences(FAMILIES[name], case, engine)] == []


@pytest.mark.parametrize("name", ON_SPARK_EVERY_TIME)
def test_spark_gives_the_answers_of_the_worked_cases(name, spark):
    assert [str(each) for case in cases_of(FAMILIES[name]) for each in differences(FAMILIES[name], case, spark)] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in ON_SPARK_EVERY_TIME])
def test_spark_gives_the_answers_of_every_other_worked_case(name, spark):
    assert [str(each) for case in cases_of(FAMILIES[name]) for each in differences(FAMILIES[name], case, spark)] == []


@pytest.mark.slow
def test_spark_gives_the_national_figures(shared, spark):
    checked = verify(shared / "oracles" / "mhsds", engine=spark)
    assert len(checked) == 16_495
    assert [row for row in checked if not row.equal] == []
