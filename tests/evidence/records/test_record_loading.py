"""Loading folders of records: months carried over and replaced, killed loads, versions, forms, and that no row is ever lost."""

from __future__ import annotations

import copy
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from tests.bad_inputs.record_folders import put, right
from tests.evidence.records.small_extract import rows

from esteem.evidence.records.checks import built, checks_of, rules
from esteem.evidence.records.quarantine import quarantine_rows
from esteem.evidence.records.record_loading import Wanted, load_records
from esteem.evidence.records.record_store import RecordStore
from esteem.evidence.records.schema import mhsds_v6
from esteem.evidence.verification import verify
from esteem.terms.problems import Problem, Problems

NOW = datetime(2025, 5, 20, 9, 30, tzinfo=UTC)


def load(folder: Path, home: Path, **wanted):
    return load_records("mhsds", folder, at=NOW, by="a person", home=home, wanted=Wanted(**wanted))


def months(*kept: int):
    return {name: [row for row in table if row["UniqMonthID"] in kept] for name, table in right().items()}


def table(home: Path, name: str, *order: str) -> list[dict]:
    extract = RecordStore(home).current("mhsds").extract()
    return rows(extract, extract.table(name), *order)


def test_a_new_month_joins_those_that_are_loaded(tmp_path):
    load(put(tmp_path / "first", months(1499)), tmp_path / "home")
    load(put(tmp_path / "both"), tmp_path / "whole")
    added = load(put(tmp_path / "second", months(1500)), tmp_path / "home")
    assert added.manifest.months == (1499, 1500)
    assert [one.months for one in added.manifest.loads] == [(1499,), (1500,)]
    for name in right():
        order = [column for column in mhsds_v6().columns(name) if column != "RowNumber"]
        assert table(tmp_path / "home", name, *order) == table(tmp_path / "whole", name, *order)


def test_a_contact_may_belong_to_a_referral_of_a_month_loaded_before(tmp_path):
    later = months(1500)
    later["MHS101Referral"] = [row for row in later["MHS101Referral"] if row["Person_ID"] != "PXA12"]
    alone = load(put(tmp_path / "second", later), tmp_path / "alone")
    assert ("MHS201CareContact", "parent-missing") in {(f["table"], f["rule"]) for f in alone.found}
    load(put(tmp_path / "first", months(1499)), tmp_path / "home")
    after = load(put(tmp_path / "second", later), tmp_path / "home")
    assert after.manifest.quarantined == 0
    assert ("MHS201CareContact", "parent-other-month") in {(f["table"], f["rule"]) for f in after.found}


def test_replaced_months_come_from_the_new_folder_and_the_others_stay(tmp_path):
    load(put(tmp_path / "first"), tmp_path / "home")
    newer = months(1500)
    newer["MHS201CareContact"][0] |= {"AttendStatus": "3"}
    report = load(put(tmp_path / "second", newer), tmp_path / "home", replace=True)
    assert [one.months for one in report.manifest.loads] == [(1499,), (1500,)]
    found = {(row["UniqMonthID"], row["UniqCareContID"]): row["AttendStatus"] for row in table(tmp_path / "home", "MHS201CareContact")}
    assert len(found) == 8
    assert (found[1500, "XA1C11500"], found[1499, "XA1C11499"]) == ("3", "5")


def test_reference_tables_are_carried_over_until_new_ones_come(tmp_path):
    one = {"calendar_financial_year": [{"LABEL": "2024/25", "START_DATE": "2024-04-01", "END_DATE": "2025-03-31"}]}
    load(put(tmp_path / "first", months(1499) | one), tmp_path / "home")
    load(put(tmp_path / "second", months(1500)), tmp_path / "home")
    assert [row["LABEL"] for row in table(tmp_path / "home", "calendar_financial_year")] == ["2024/25"]
    assert RecordStore(tmp_path / "home").current("mhsds").manifest.reference == {"calendar_financial_year": 1}


def test_a_table_the_edition_before_had_must_come_again(tmp_path):
    load(put(tmp_path / "first", months(1499)), tmp_path / "home")
    folder = put(tmp_path / "second", months(1500))
    (folder / "mhsds" / "MHS401MHActPeriod.csv").unlink()
    with pytest.raises(Problems) as found:
        load(folder, tmp_path / "home")
    assert [(p.code, p.rule) for p in found.value.problems] == [
        ("records-table-missing", "The table MHS401MHActPeriod is there: the edition before has it.")
    ]


def as_parquet(source: Path, target: Path, parts: int = 1) -> Path:
    """The CSV tables of a folder as Parquet with the types of the schema, in `parts` files each."""
    for path in source.glob("*/*.csv"):
        kinds = {"string": "VARCHAR", "int64": "BIGINT", "int32": "INTEGER", "float64": "DOUBLE"}
        columns = {c: kinds.get(kind, kind.upper()) for c, kind in mhsds_v6().columns(path.stem).items()}
        sql = f"SELECT * FROM read_csv('{path}', header = true, columns = {columns!r}, nullstr = '')"
        read: pa.Table = duckdb.sql(sql).to_arrow_table()
        folder = target / path.parent.name / (path.stem if parts > 1 else "")
        folder.mkdir(parents=True, exist_ok=True)
        size = -(-read.num_rows // parts) or 1
        for number in range(parts):
            pq.write_table(read.slice(number * size, size), folder / (f"{number}.parquet" if parts > 1 else f"{path.stem}.parquet"))
    return target


@pytest.mark.parametrize("parts", [1, 3])
def test_parquet_files_and_folders_of_parts_are_checked_like_csv(parts, tmp_path):
    planted = right()
    planted["MHS201CareContact"][4] |= {"CareContDate": "2025-02-28"}
    load(put(tmp_path / "csv", planted), tmp_path / "one")
    load(as_parquet(tmp_path / "csv", tmp_path / "parquet", parts), tmp_path / "two")
    (first,), (second,) = (quarantine_rows(RecordStore(tmp_path / home).current("mhsds").quarantine) for home in ("one", "two"))
    assert (first["rule"], first["row"]) == ("date-outside-month", 6)
    assert {k: first[k] for k in ("table", "column", "rule", "value")} == {k: second[k] for k in ("table", "column", "rule", "value")}
    place = ("MHS201CareContact.parquet", 5) if parts == 1 else ("1.parquet", 2)
    assert (Path(second["file"]).name, second["row"]) == place
    assert table(tmp_path / "one", "MHS201CareContact", "UniqCareContID") == table(tmp_path / "two", "MHS201CareContact", "UniqCareContID")


def test_tables_may_lie_in_the_folder_itself_and_other_files_are_told(tmp_path):
    folder = put(tmp_path / "in")
    for path in list(folder.glob("mhsds/*.csv")):
        path.rename(folder / path.name)
    (folder / "notes.csv").write_text("a,b\n", encoding="utf-8")
    report = load(folder, tmp_path / "home")
    assert report.not_read == ("notes.csv",)
    assert report.manifest.kept == sum(map(len, right().values()))


def test_version_5_months_may_lack_what_came_with_version_6(tmp_path):
    v5 = right()
    for found in v5.values():
        for row in found:
            row |= {column: value.replace("2025-", "2023-") for column, value in row.items() if isinstance(value, str)}
            row["UniqMonthID"] -= 24
            row.pop("ServTeamType", None)
    for row in v5["MHS502WardStay"]:
        row["MHAdmittedPatientClass"] = "10"
    person = {column: v5["MHS002GP"][0][column] for column in ("Person_ID", "OrgIDProv", "UniqMonthID", "RecordNumber")}
    v5["MHS102OtherServiceType"] = [person | {"UniqServReqID": "XA1R1", "ServTeamTypeRefToMH": "A06", "MHS102UniqID": 1}]
    folder = put(tmp_path / "in", v5, without={"MHS101Referral": "ServTeamType"})
    (folder / "mhsds" / "MHS102OtherServiceType.csv").rename(folder / "mhsds" / "MHS102ServiceTypeReferredTo.csv")
    report = load(folder, tmp_path / "home")
    assert (report.found, report.manifest.months) == ((), (1475, 1476))
    assert {row["ServTeamType"] for row in table(tmp_path / "home", "MHS101Referral")} == {None}
    assert [row["ServTeamTypeRefToMH"] for row in table(tmp_path / "home", "MHS102OtherServiceType")] == ["A06"]


def test_columns_the_schema_does_not_know_are_told(tmp_path):
    folder = put(tmp_path / "in")
    path = folder / "mhsds" / "MHS002GP.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{lines[0]},ShoeSize", *(f"{line},43" for line in lines[1:])]) + "\n", encoding="utf-8")
    assert load(folder, tmp_path / "home").manifest.ignored == {"MHS002GP": ("ShoeSize",)}


KILLED = """
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from esteem.evidence.records.record_loading import load_records
from esteem.evidence.records.watching import Watch

class Stop(Watch):
    def table(self, name, number, total, rows):
        if number == 4:
            print("there", flush=True)
            time.sleep(60)

load_records("mhsds", Path(sys.argv[1]), at=datetime.now(UTC), by="a person", home=Path(sys.argv[2]), watch=Stop())
"""


def test_a_load_that_is_killed_leaves_the_edition_before_and_no_trace_after_the_next(tmp_path):
    home = tmp_path / "home"
    first = load(put(tmp_path / "first", months(1499)), home).loaded
    second = put(tmp_path / "second", months(1500))
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(second), str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "there\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
    process.stdout.close()
    assert RecordStore(home).current("mhsds") == first
    assert list(home.glob("records/mhsds/.unfinished-*"))
    load(second, home)
    assert RecordStore(home).current("mhsds").months == (1499, 1500)
    assert not list(home.glob("records/mhsds/.unfinished-*"))


VALUES = some.sampled_from(["", "1", "-1", "1500", "1499", "A", "X'Y", '"', "2025-03-14", "2025-13-01", "9" * 30, "Grüße", "a,b", "a\nb"])
COLUMNS = some.sampled_from(
    [(name, column) for name in ("MHS001MPI", "MHS101Referral", "MHS201CareContact") for column in mhsds_v6().columns(name)]
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.tuples(COLUMNS, some.integers(0, 7), VALUES), min_size=1, max_size=8), some.lists(some.integers(0, 7), max_size=3))
def test_whatever_comes_in_is_kept_or_quarantined(tmp_path_factory, changes, repeats):
    """Any values in any cells, and rows repeated: every row in is in the tables or in the list, and none is in both."""
    folder, planted = tmp_path_factory.mktemp("any"), copy.deepcopy(right())
    for (name, column), index, value in changes:
        planted[name][index][column] = value
    planted["MHS201CareContact"] += [planted["MHS201CareContact"][index] for index in repeats]
    report = load(put(folder / "in", planted), folder / "home", accept_missing=True)
    out = {(f["table"], f["row"]) for f in quarantine_rows(report.loaded.quarantine) if f["outcome"] == "quarantined"}
    for count in report.manifest.tables:
        assert count.rows_in == len(planted[count.table])
        assert count.quarantined == len([place for place in out if place[0] == count.table])
        assert len(table(folder / "home", count.table)) == count.rows_in - count.quarantined


def test_the_national_extract_loads_whole(shared, tmp_path):
    """Nothing that the nation counts is left out; what is kept with a warning is known and documented."""
    report = load(shared / "oracles" / "mhsds", tmp_path / "home")
    manifest = report.manifest
    assert sum(t.rows_in for t in manifest.tables if t.table in mhsds_v6().records) == 226_964
    assert (manifest.quarantined, manifest.months) == (0, tuple(range(1489, 1503)))
    assert {(f["table"], f["rule"]): f["rows"] for f in report.found} == {
        ("MHS001MPI", "child-missing"): 507,
        ("MHS201CareContact", "parent-other-month"): 12,
        ("MHS401MHActPeriod", "date-order"): 11,
        ("MHS501HospProvSpell", "parent-other-month"): 5,
        ("MHS105OnwardReferral", "parent-other-month"): 3,
    }


@pytest.mark.slow
def test_the_loaded_edition_gives_the_nations_figures(shared, tmp_path):
    oracle = shared / "oracles" / "mhsds"
    loaded = load(oracle, tmp_path / "home").loaded
    shutil.copytree(loaded.folder, tmp_path / "edition")
    shutil.copy(oracle / "expected.csv", tmp_path / "edition")
    checked = verify(tmp_path / "edition")
    assert [row for row in checked if not row.equal] == []
    assert len(checked) == 16_495


def test_the_rules_are_all_known_and_a_check_of_what_is_not_there_cannot_be_built():
    assert {rule.severity for rule in rules().values()} == {"quarantine", "warn"}
    assert checks_of("mhsds").of("MHS201CareContact").in_month == ("CareContDate",)
    with pytest.raises(Problem) as found:
        built({"tables": {"MHS201CareContact": {"required": "ShoeSize", "parents": [["UniqServReqID", "MHS101Referral"]]}}}, mhsds_v6())
    assert found.value.code == "check-wrong"
    assert found.value.found == "MHS201CareContact.ShoeSize, MHS101Referral stands after MHS201CareContact"
