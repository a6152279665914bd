"""What a wrong definition says: a column that is not there, codes that do not hold in the month, no population for a rate."""

from __future__ import annotations

import pytest
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_record_measures
from esteem.evidence.definitions.mhsds.breakdowns import ENGLAND
from esteem.evidence.definitions.mhsds.rules.contacts import CodeSet
from esteem.evidence.engines.reference import ReferenceEngine
from esteem.evidence.record_model import Breakdown, Cohort, Counted, RecordMeasure, distinct
from esteem.evidence.records.rows_extract import RowsExtract
from esteem.terms.problems import Problem


@pytest.fixture
def work(tmp_path):
    return workbench(tmp_path, {"MHS001MPI": [person(1, 1)]})


def _ask(work, value, breakdown=ENGLAND):
    return compute(work, [Request(RecordMeasure("X1", "Invented", value, ("M",), (breakdown,)), "M", breakdown)])


@pytest.mark.parametrize(
    ("value", "breakdown", "absent"),
    [("Persons", ENGLAND, "Persons"), ("Person_ID", Breakdown("By star sign", ("star_sign",)), "star_sign")],
)
def test_a_column_that_does_not_exist(work, value, breakdown, absent):
    people = Cohort("people", lambda work, window: work.t.MHS001MPI)
    with pytest.raises(Problem) as problem:
        _ask(work, Counted(people, distinct(value)), breakdown)
    assert problem.value.code == "definition-column"
    assert absent in problem.value.found


def test_a_table_that_the_data_set_has_not(work):
    with pytest.raises(Problem) as problem:
        _ask(work, Counted(Cohort("people", lambda work, window: work.t.MHS999Stars), distinct("Person_ID")))
    assert (problem.value.code, problem.value.found) == ("table-unknown", "MHS999Stars")


def test_a_rate_without_a_population(work):
    (found,) = find_record_measures("MHS81a")
    with pytest.raises(Problem) as problem:
        compute(work, [Request(found.measure, "M", ENGLAND)])
    assert problem.value.code == "reference-absent"
    assert "ONS_POPULATION_V2" in problem.value.remedy


@pytest.mark.parametrize(("codes", "first", "last"), [((), None, None), (("01",), 1500, 1499)])
def test_a_code_set_that_never_holds(codes, first, last):
    with pytest.raises(Problem) as problem:
        CodeSet(codes, first, last)
    assert problem.value.code == "code-set-invalid"


def test_an_operation_that_the_reference_engine_lacks():
    engine = ReferenceEngine()
    table = RowsExtract({"MHS001MPI": [{"Person_ID": "P1"}]}, engine).table("MHS001MPI")
    with pytest.raises(Problem) as problem:
        engine.run(table.mutate(reversed=table.Person_ID.reverse()))
    assert (problem.value.code, problem.value.found) == ("reference-operation", "Reverse")
