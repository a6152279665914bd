"""Worked cases: every family's on the default engine; what the text must look like; what a row holds that the case does not show."""

from __future__ import annotations

from datetime import date

import pytest

from esteem.evidence.case_running import differences
from esteem.evidence.definitions.mhsds import families
from esteem.evidence.engines.duckdb_engine import DuckDBEngine
from esteem.evidence.worked_cases import FOLDER, cases_of, read_cases
from esteem.terms.problems import Problem

FAMILIES = {family.name: family for family in families()}
SMALL = """
# One referral
Why the answer is one.

MHS101Referral
ReferralRequestReceivedDate
2025-03-04

answer
measure | value
MHS32   | 1
"""


@pytest.fixture(scope="module")
def engine():
    with_duckdb = DuckDBEngine(threads=1)
    yield with_duckdb
    with_duckdb.close()


@pytest.mark.parametrize("name", FAMILIES)
def test_the_answers_of_each_family(name, engine):
    cases = cases_of(FAMILIES[name])
    assert cases, f"{name} has no worked case: write one in its own file (cases=) or in {FOLDER / name}.txt"
    assert [str(each) for case in cases for each in differences(FAMILIES[name], case, engine)] == []


def test_each_file_of_cases_belongs_to_a_family():
    assert {path.stem for path in FOLDER.glob("*.txt")} <= set(FAMILIES)


def test_a_wrong_answer_is_told():
    (case,) = read_cases(SMALL.replace("| 1\n", "| 2\n"))
    (difference,) = differences(FAMILIES["monthly-activity"], case, DuckDBEngine(threads=1))
    assert str(difference) == "One referral: MHS32  England England: expected 2.0, found 1.0"


def test_a_level_that_the_answer_leaves_out_must_have_no_figure():
    (case,) = read_cases(SMALL.replace("measure | value\nMHS32   | 1", "measure | breakdown | level | value\nMHS32 | Provider | XXX | -"))
    (difference,) = differences(FAMILIES["monthly-activity"], case, DuckDBEngine(threads=1))
    assert (difference.answer.level, difference.expected, difference.found) == ("PRA", None, 1)


def test_what_a_row_holds_that_the_case_does_not_show():
    (case,) = read_cases(SMALL)
    rows = case.filled()
    (referral,), (person,) = rows["MHS101Referral"], rows["MHS001MPI"]
    assert (referral["Person_ID"], referral["UniqServReqID"], referral["UniqMonthID"]) == ("P1", "R1", 1500)
    assert (referral["RecordStartDate"], referral["RecordEndDate"]) == (date(2025, 3, 1), None)
    assert referral["RecordNumber"] == person["RecordNumber"] and person["PatMRecInRP"] is True
    assert (case.title, case.words) == ("One referral", "Why the answer is one.")


def test_later_months_have_higher_records():
    rows = read_cases(SMALL.replace("ReceivedDate\n2025-03-04", "ReceivedDate | UniqMonthID\n2025-03-04 | 1500\n2025-02-04 | 1499"))[
        0
    ].filled()
    assert [(row["UniqMonthID"], row["RecordNumber"]) for row in rows["MHS101Referral"]] == [(1500, 2), (1499, 1)]


@pytest.mark.parametrize(
    ("was", "becomes", "row", "found"),
    [
        ("# One referral", "One referral", 2, "One referral"),
        ("MHS101Referral", "MHS101Referrals", 5, "MHS101Referrals"),
        ("ReferralRequestReceivedDate", "ReferralDate", 5, "ReferralDate"),
        ("2025-03-04", "4 March", 5, "4 March"),
        ("2025-03-04", "2025-03-04 | 1", 5, "2025-03-04 | 1"),
        ("MHS32   | 1", "MHS32   | one", 9, "one"),
        ("measure | value", "measure | number", 9, "measure | number"),
        ("Why the answer", "month: March\nWhy the answer", 2, "March"),
        ("\nanswer\nmeasure | value\nMHS32   | 1", "", None, "One referral"),
    ],
)
def test_a_case_that_cannot_be_read_says_where(was, becomes, row, found):
    assert was in SMALL
    with pytest.raises(Problem) as problem:
        read_cases(SMALL.replace(was, becomes), "small.txt")
    told = problem.value
    assert (told.code, told.file, told.row, told.found) == ("case-invalid", "small.txt", row, found)


def test_a_case_names_measures_and_breakdowns_that_are_defined():
    (case,) = read_cases(SMALL.replace("MHS32 ", "MHS99 "))
    with pytest.raises(Problem, match="MHS99"):
        differences(FAMILIES["monthly-activity"], case, DuckDBEngine(threads=1))
