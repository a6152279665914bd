"""A measure, or a breakdown, is one file: a family put beside the others is found, counted and shown with its cases, with no other edit."""

from __future__ import annotations

import sys

import pytest
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.case_running import differences
from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions import mhsds
from esteem.evidence.engines.duckdb_engine import DuckDBEngine
from esteem.evidence.worked_cases import cases_of

NEW_FILE = '''
from esteem.evidence.definitions.mhsds.breakdowns import ENGLAND
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.definitions.mhsds.rules.demographics import people_of_month
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Family, RecordMeasure, distinct

BY_LANGUAGE = Breakdown("England; Language", ("language",))

def _people(work, window):
    people = people_of_month(work).select("Person_ID", "RecordNumber")
    languages = work.t.MHS001MPI.select("RecordNumber", language="LanguageCodePreferred")
    return people.inner_join(languages, "RecordNumber")

COUNT = Counted(Cohort("people of the month and their language", _people), distinct("Person_ID"))
FAMILY = Family(
    name="languages", title="Languages", question="Which languages do people prefer?", why="Interpreters.", source="This test",
    checked_against="its case", publication=ANALYSIS, measures=(RecordMeasure("OWN1", "People", COUNT, ("M",), (ENGLAND, BY_LANGUAGE)),),
    cases="""
# Two languages
MHS001MPI
Person_ID | LanguageCodePreferred
P1 | en
P2 | pl

answer
measure | breakdown | level | value
OWN1 | England | England | 2
OWN1 | England; Language | en | 1
OWN1 | England; Language | pl | 1
""",
)
'''


@pytest.fixture
def with_new_file(tmp_path, monkeypatch):
    """The folder of definitions with one file more."""
    (tmp_path / "languages_of_test.py").write_text(NEW_FILE, encoding="utf-8")
    caches = (mhsds.families, mhsds.defined, mhsds._breakdowns)
    monkeypatch.setattr(mhsds, "__path__", [*mhsds.__path__, str(tmp_path)])
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()
    sys.modules.pop(f"{mhsds.__name__}.languages_of_test", None)


def test_a_measure_and_a_breakdown_in_one_new_file(with_new_file, tmp_path):
    (found,) = mhsds.find_record_measures("OWN1")
    by_language = mhsds.find_breakdown(found, "England; Language")
    work = workbench(tmp_path / "extract", {"MHS001MPI": [person(1, 1, LanguageCodePreferred="en"), person(2, 2)]})
    request = Request(found.measure, "M", by_language)
    assert {level: figure.value for level, figure in compute(work, [request])[request].items()} == {"en": 1}


def test_its_worked_case_is_run_like_any_other(with_new_file):
    (found,) = mhsds.find_record_measures("OWN1")
    engine = DuckDBEngine(threads=1)
    assert [str(each) for case in cases_of(found.family) for each in differences(found.family, case, engine)] == []


def test_every_family_is_still_there_afterwards():
    assert "languages" not in {family.name for family in mhsds.families()}
