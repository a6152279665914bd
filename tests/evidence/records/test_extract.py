from datetime import date

import pyarrow.csv
import pyarrow.parquet
import pytest
from tests.evidence.records.small_extract import person, rows, workbench, write_extract

from esteem.evidence.records.extract import open_extract
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.schema import TYPES, mhsds_v6
from esteem.evidence.records.workbench import Workbench, prepared
from esteem.terms.problems import Problem, Problems


def test_every_column_of_the_schema_has_a_known_type():
    schema = mhsds_v6()
    assert {kind for table in schema.tables for kind in schema.columns(table).values()} <= set(TYPES)
    assert schema.columns("MHS101Referral")["ReferralRequestReceivedDate"] == "date"
    assert {"MHS001MPI", "MHS502WardStay"} <= set(schema.records)
    assert set(schema.coded.values()) >= {"team_type", "bed_type"}


def test_a_csv_table_is_read_with_the_types_of_the_schema(tmp_path):
    extract = open_extract(write_extract(tmp_path, {"MHS001MPI": [person(1, 11, AgeRepPeriodEnd="17")]}))
    (row,) = rows(extract, extract.table("MHS001MPI"))
    assert (row["RecordNumber"], row["RecordStartDate"], row["RecordEndDate"]) == (11, date(2025, 3, 1), None)
    assert (row["PatMRecInRP"], row["AgeRepPeriodEnd"], row["Gender"]) == (True, 17, None)


def test_parquet_and_csv_give_the_same_table(tmp_path):
    write_extract(tmp_path / "csv", {"MHS001MPI": [person(1, 11), person(2, 12)]})
    (tmp_path / "parquet" / "mhsds").mkdir(parents=True)
    read = pyarrow.csv.read_csv(tmp_path / "csv" / "mhsds" / "MHS001MPI.csv")
    pyarrow.parquet.write_table(read, tmp_path / "parquet" / "mhsds" / "MHS001MPI.parquet")
    both = [open_extract(tmp_path / form) for form in ("csv", "parquet")]
    first, second = (
        rows(extract, extract.table("MHS001MPI").select("Person_ID", "RecordNumber", "RecordStartDate"), "RecordNumber") for extract in both
    )
    assert first == second
    assert len(first) == 2


def test_a_table_without_a_file_is_empty_and_listed(tmp_path):
    extract = open_extract(write_extract(tmp_path, {"MHS001MPI": [person(1, 11)]}))
    assert rows(extract, extract.table("MHS501HospProvSpell")) == []
    assert "MHS501HospProvSpell" in extract.absent


def test_columns_the_schema_does_not_know_are_listed(tmp_path):
    folder = write_extract(tmp_path, {"MHS001MPI": [person(1, 11)]})
    path = folder / "mhsds" / "MHS001MPI.csv"
    header, row = path.read_text().splitlines()
    path.write_text(f"{header},ShoeSize\n{row},43\n")
    assert open_extract(folder).ignored == {"MHS001MPI": ["ShoeSize"]}


def test_an_absent_column_is_a_problem_of_its_file(tmp_path):
    folder = write_extract(tmp_path, {"MHS001MPI": [person(1, 11)]}, without={"MHS001MPI": "NHSDEthnicity"})
    with pytest.raises(Problems) as found:
        open_extract(folder)
    (problem,) = found.value.problems
    assert (problem.code, problem.column) == ("column-absent", "NHSDEthnicity")
    assert problem.file.endswith("MHS001MPI.csv")


def test_a_value_of_the_wrong_type_is_named_by_row_and_column(tmp_path):
    extract = open_extract(write_extract(tmp_path, {"MHS001MPI": [person(1, 11), person(2, 12, RecordStartDate="31/03/2025")]}))
    with pytest.raises(Problem) as found:
        extract.table("MHS001MPI")
    assert (found.value.code, found.value.row, found.value.column) == ("value-type", 3, "RecordStartDate")
    assert "31/03/2025" in found.value.found


def test_a_folder_without_tables_and_a_table_in_two_files_are_problems(tmp_path):
    with pytest.raises(Problem) as found:
        open_extract(tmp_path)
    assert found.value.code == "extract-absent"
    folder = write_extract(tmp_path, {"MHS001MPI": [person(1, 11)]})
    (folder / "mhsds" / "MHS001MPI.parquet").write_bytes(b"")
    with pytest.raises(Problem) as found:
        open_extract(folder)
    assert found.value.code == "table-twice"


def test_an_unknown_table_is_a_problem(tmp_path):
    with pytest.raises(Problem) as found:
        open_extract(write_extract(tmp_path, {"MHS001MPI": [person(1, 11)]})).table("MHS999Nothing")
    assert found.value.code == "table-unknown"


def test_later_submissions_are_left_out_unless_asked_for(tmp_path):
    work = workbench(tmp_path, {"MHS001MPI": [person(1, 11), person(1, 12, month=1501)]})
    assert [row["RecordNumber"] for row in rows(work.extract, work.t.MHS001MPI)] == [11]
    assert [row["RecordNumber"] for row in rows(work.extract, work.later.MHS001MPI, "RecordNumber")] == [11, 12]


def test_a_prepared_rule_is_worked_out_once_for_each_argument(tmp_path):
    asked = []

    @prepared
    def people(work, month):
        asked.append(month)
        return work.t.MHS001MPI.filter(work.t.MHS001MPI.UniqMonthID == month)

    work = workbench(tmp_path, {"MHS001MPI": [person(1, 10, month=1499), person(1, 11)]})
    assert people(work, 1500) is people(work, 1500)
    assert [row["RecordNumber"] for row in rows(work.extract, people(work, 1499))] == [10]
    assert asked == [1500, 1499]


def test_a_measure_that_needs_an_absent_reference_table_says_which(tmp_path):
    work = Workbench(open_extract(write_extract(tmp_path, {"MHS001MPI": [person(1, 11)]})), Reporting(1500))
    with pytest.raises(Problem, match="ONS_POPULATION_V2") as found:
        work.require("ONS_POPULATION_V2")
    assert found.value.code == "reference-absent"
