"""`esteem measures verify`: on a hand-made folder, and on the national code's own figures where they are to be had."""

from __future__ import annotations

import csv
import io

import pytest
from tests.evidence.records.small_extract import LIVE, ORGANISATIONS, person, write_extract
from typer.testing import CliRunner

from esteem.cli import application_for
from esteem.evidence.definitions.mhsds import defined, families
from esteem.evidence.definitions.mhsds.quirks import quirks
from esteem.evidence.records.extract import open_extract
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.schema import mhsds_v6
from esteem.evidence.records.workbench import Workbench
from esteem.evidence.verification import verify
from esteem.terms.problems import Problem

HEADER = "measure_id,period_type,period_start,period_end,breakdown,level_code,level_name,value_unrounded,value_published,pipeline"
MARCH = "M,2025-03-01,2025-03-31"


def folder_with(tmp_path, expected: list[str]):
    """Six people with an open referral, five of them at one provider; one referral is received in the month."""
    people = [person(number, 10 + number, AgeRepPeriodEnd=30) for number in range(6)]
    referrals = [
        LIVE
        | {
            "Person_ID": f"P{number}",
            "RecordNumber": 10 + number,
            "UniqMonthID": 1500,
            "UniqServReqID": f"R{number}",
            "OrgIDProv": "PRA" if number else "PRB",
            "ReferralRequestReceivedDate": "2025-03-09" if number == 5 else "2025-02-09",
        }
        for number in range(6)
    ]
    write_extract(tmp_path, ORGANISATIONS | {"MHS001MPI": people, "MHS101Referral": referrals})
    (tmp_path / "expected.csv").write_text("\n".join([HEADER, *expected]) + "\n")
    return tmp_path


RIGHT = [
    f"MHS01,{MARCH},England,England,England,6,6,analysis",
    f"MHS01,{MARCH},Provider,PRA,A,5,5,analysis",
    f"MHS01,{MARCH},Provider,PRB,B,1,*,analysis",
    f"MHS01,{MARCH},Provider,PRC,C,,*,analysis",
    f"MHS32,{MARCH},England,England,England,1,1,analysis",
]


def run(*arguments: str):
    return CliRunner().invoke(application_for(["measures"]), ["measures", "verify", *arguments])


def test_figures_that_agree_leave_with_0(tmp_path):
    result = run(str(folder_with(tmp_path, RIGHT)), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert result.exit_code == 0
    assert list(rows[0]) == [
        *("measure_id", "period_type", "period_start", "period_end", "breakdown", "level_code"),
        *("expected_unrounded", "value_unrounded", "expected_published", "value_published", "equal"),
    ]
    assert [(row["value_unrounded"], row["value_published"], row["equal"]) for row in rows] == [
        ("6", "6", "true"),
        ("5", "5", "true"),
        ("1", "*", "true"),
        ("", "*", "true"),
        ("1", "1", "true"),
    ]
    assert "5 of 5 figures equal; 2 of 2 measures wholly" in result.stderr


def test_a_figure_that_differs_leaves_with_1_and_is_shown(tmp_path):
    folder = folder_with(tmp_path, [*RIGHT, f"MHS01,{MARCH},Provider,PRA,A,5,10,analysis"])
    result = run(str(folder))
    assert result.exit_code == 1
    assert "PRA" in result.stdout
    assert "PRB" not in result.stdout
    assert run(str(folder), "--measures", "MHS3*").exit_code == 0


def test_a_measure_nobody_defines_is_blank_and_differs(tmp_path):
    (row,) = verify(folder_with(tmp_path, [f"XYZ99,{MARCH},England,England,England,,0,analysis"]))
    assert (row.unrounded, row.published, row.defined, row.equal) == (None, "", False, False)


@pytest.mark.parametrize(
    ("expected", "equal"),
    [("6.00005,6", True), ("6.0001,6", False), (",6", False), ("6,*", False), ("6,6.00002", True)],
)
def test_what_counts_as_equal(tmp_path, expected, equal):
    (row,) = verify(folder_with(tmp_path, [f"MHS01,{MARCH},England,England,England,{expected},analysis"]))
    assert row.equal is equal


def test_expected_figures_that_cannot_be_read_are_problems(tmp_path):
    folder = folder_with(tmp_path, ["MHS01,M,2025-03-01,31 March,England,England,England,6,6,analysis"])
    with pytest.raises(Problem) as found:
        verify(folder)
    assert (found.value.code, found.value.row) == ("expected-value", 2)
    (folder / "expected.csv").write_text("measure_id\nMHS01\n")
    with pytest.raises(Problem) as found:
        verify(folder)
    assert found.value.code == "expected-column"
    (folder / "expected.csv").unlink()
    with pytest.raises(Problem) as found:
        verify(folder)
    assert found.value.code == "expected-absent"


def test_every_definition_stands_on_columns_of_the_schema(tmp_path):
    """An empty extract builds every cohort, so that a column or rule that does not exist is found without data."""
    tables = {name: [] for name in ("MHS001MPI", *mhsds_v6().reference)}
    work = Workbench(open_extract(write_extract(tmp_path, tables)), Reporting(1500))
    built = set()
    of_services = {key: found for key, found in defined().items() if found.family.data_set == "mhsds"}  # the others have worked cases
    for (_name, period, _pipeline), found in of_services.items():
        for breakdown in found.measure.breakdowns:
            for counted, by in found.measure.value.counts(breakdown):
                table = counted.cohort.rows(work, work.month.window(period)) if (counted.cohort, period) not in built else None
                built.add((counted.cohort, period))
                assert table is None or {c for c in by.columns if c != "england"} <= set(table.columns), (_name, by)


def test_every_quirk_a_family_names_is_in_the_register():
    assert {name for family in families() for name in family.quirks} <= set(quirks())


@pytest.fixture(scope="session")
def compared(shared):
    return verify(shared / "oracles" / "mhsds")


def test_every_figure_that_is_defined_equals_the_nations(compared):
    differ = [
        f"{row.expected.measure_id} {row.expected.period_type} {row.expected.breakdown} {row.expected.level_code}: "
        f"{row.expected.unrounded_text} {row.expected.published} but {row.unrounded} {row.published}"
        for row in compared
        if row.defined and not row.equal
    ]
    assert differ == []


def test_the_first_families_are_compared_in_full(compared):
    first = ("MHS01", "MHS07", "MHS24", "MHS30", "MHS95", "MHS95a", "MHS95b", "MHS95g", "EIP23a", "EIP23i", "MHSPOPALL")
    assert {row.expected.measure_id for row in compared if row.equal} >= set(first)
    assert all(row.defined for row in compared if row.expected.measure_id in first)
