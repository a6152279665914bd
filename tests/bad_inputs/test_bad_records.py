"""Every fault in records is found, named and listed through the front door; a month that is not whole stops the load."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.bad_inputs.record_folders import FAULTS, change_line, lines_of, planted, put, right

from esteem.cli import main
from esteem.evidence.records.quarantine import quarantine_rows
from esteem.evidence.records.record_store import RecordStore

ROWS = sum(map(len, right().values()))


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ESTEEM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def esteem(*words) -> int:
    with pytest.raises(SystemExit) as left:
        main([*map(str, words)])
    return left.value.code or 0


def load(*words) -> int:
    return esteem("load", "mhsds", *words)


def refused(capsys, code: str, *words: str) -> str:
    """What was said; the code, the words and what to do are in it."""
    told = capsys.readouterr().err
    assert f"[{code}]" in told
    assert [part for part in (*words, "Found: ", "What to do: ") if part not in told] == []
    return told


def nothing_loaded(home) -> bool:
    return RecordStore(home).editions("mhsds") == [] and not list((home / "records").glob("mhsds/.unfinished*"))


def test_right_records_are_kept_to_the_last_row(home, tmp_path, capsys):
    assert load(put(tmp_path / "in")) == 0
    loaded = RecordStore(home).current("mhsds")
    assert (loaded.manifest.rows_in, loaded.manifest.kept, loaded.manifest.warned) == (ROWS, ROWS, 0)
    assert list(quarantine_rows(loaded.quarantine)) == []
    assert f"{ROWS} rows in = {ROWS} kept + 0 quarantined" in capsys.readouterr().out


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_where_it_stands_and_nothing_else_is_lost(name, home, tmp_path):
    fault, rows = FAULTS[name], planted(name)
    assert load(put(tmp_path / "in", rows)) == 0
    loaded = RecordStore(home).current("mhsds")
    found = list(quarantine_rows(loaded.quarantine))
    (row,) = [f for f in found if (f["table"], f["row"], f["rule"]) == (fault.table, fault.row, fault.rule)]
    assert (row["column"], row["reason"], row["value"]) == (fault.column, fault.reason, fault.value)
    assert row["outcome"] == ("kept with a warning" if fault.kept else "quarantined")
    assert row["file"].endswith(f"mhsds/{fault.table}.csv")
    assert row["remedy"]
    assert {(f["table"], f["rule"]) for f in found} == {(fault.table, fault.rule), *fault.also}
    counts = loaded.manifest
    assert counts.rows_in == sum(map(len, rows.values())) == counts.kept + counts.quarantined
    assert counts.quarantined == len({(f["table"], f["row"]) for f in found if f["outcome"] == "quarantined"})
    extract = loaded.extract()
    kept = extract.engine.run(extract.table(fault.table).count().as_table()).column(0)[0].as_py()
    gone = {f["row"] for f in found if f["table"] == fault.table and f["outcome"] == "quarantined"}
    assert kept == len(rows[fault.table]) - len(gone)


def test_lines_that_are_no_rows_are_listed_and_the_numbers_of_the_others_still_fit(home, tmp_path):
    folder = put(tmp_path / "in", planted("an unknown code"))
    change_line(folder, "MHS201CareContact", 2, lambda line: line + ",too,much")
    change_line(folder, "MHS201CareContact", 4, lambda line: line[:30])
    rows = lines_of(folder, "MHS201CareContact")
    change_line(folder, "MHS201CareContact", 5, lambda line: line.replace("2025-02-14", "2025-14-02"))
    assert load(folder) == 0
    found = [f for f in quarantine_rows(RecordStore(home).current("mhsds").quarantine) if f["table"] == "MHS201CareContact"]
    assert [(f["row"], f["rule"]) for f in found] == [(2, "row-shape"), (4, "row-shape"), (5, "value-type")]
    assert "too many columns" in found[0]["value"]
    assert RecordStore(home).current("mhsds").manifest.rows_in == ROWS
    assert len(rows) == 9


def without(table: str, *, month: int | None = None, provider: str | None = None):
    rows = right()
    column = "OrgIDProvider" if table == "MHS000Header" else "OrgIDProv"
    rows[table] = [
        r for r in rows[table] if (month is not None and r["UniqMonthID"] != month) or (provider is not None and r[column] != provider)
    ]
    return rows


def half(capsys, rule: str) -> None:
    refused(capsys, "records-month-half", rule, "no row that can be kept", "--accept-missing")


def test_a_month_without_a_providers_people_is_half_loaded(home, tmp_path, capsys):
    rows = right()
    rows["MHS001MPI"] = [r for r in rows["MHS001MPI"] if (r["OrgIDProv"], r["UniqMonthID"]) != ("XB2", 1500)]
    assert load(put(tmp_path / "in", rows)) == 2
    half(capsys, "MHS001MPI has rows of XB2 for March 2025, which the header lists.")
    assert nothing_loaded(home)


def test_a_month_without_any_contacts_is_half_loaded_though_other_months_have_some(home, tmp_path, capsys):
    folder = put(tmp_path / "in", without("MHS201CareContact", month=1500))
    assert load(folder) == 2
    half(capsys, "MHS201CareContact has rows for March 2025, as for other months.")
    assert nothing_loaded(home)
    assert load(folder, "--accept-missing") == 0
    (accepted,) = RecordStore(home).current("mhsds").manifest.loads[0].accepted
    assert "MHS201CareContact" in accepted


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("MHS000Header", "every month has rows in it"),
        ("MHS101Referral", "every month has rows in it"),
        ("MHS501HospProvSpell", "rows of MHS502WardStay belong to rows of it"),
    ],
)
def test_a_table_that_is_not_there_stops_the_load(table, why, home, tmp_path, capsys):
    folder = put(tmp_path / "in")
    (folder / "mhsds" / f"{table}.csv").unlink()
    assert load(folder) == 2
    refused(capsys, "records-table-missing", f"The table {table} is there: {why}.", "no such file")
    assert nothing_loaded(home)


def test_two_submissions_of_one_month_stop_the_load(home, tmp_path, capsys):
    rows = right()
    rows["MHS000Header"].append(rows["MHS000Header"][0] | {"UniqSubmissionID": 2})
    assert load(put(tmp_path / "in", rows)) == 2
    refused(capsys, "records-month-twice", "A provider's month is submitted once.", "XA1, February 2025: 2 headers")
    assert nothing_loaded(home)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"UniqMonthID": 1499}, "records-header-dates", "month 1500 is March 2025"),
        ({"ReportingPeriodEndDate": "2025-03-30"}, "records-header-dates", "XA1, March 2025 (1500): 2025-03-01 to 2025-03-30"),
        (
            {"UniqMonthID": 1450, "ReportingPeriodStartDate": "2021-01-01", "ReportingPeriodEndDate": "2021-01-31"},
            "records-month-early",
            "Months from October 2021 can be read.",
        ),
    ],
)
def test_a_header_that_contradicts_itself_stops_the_load(change, code, words, home, tmp_path, capsys):
    rows = right()
    rows["MHS000Header"] = [r for r in rows["MHS000Header"] if r["UniqMonthID"] == 1500]
    rows["MHS000Header"][0] |= change
    assert load(put(tmp_path / "in", rows)) == 2
    refused(capsys, code, words)


def test_a_header_without_rows_stops_the_load(home, tmp_path, capsys):
    assert load(put(tmp_path / "in", right() | {"MHS000Header": []})) == 2
    refused(capsys, "records-header-empty", "MHS000Header lists what was submitted.", "no row")


def test_two_editions_of_one_month_stop_the_load_until_one_is_chosen(home, tmp_path, capsys):
    assert load(put(tmp_path / "in")) == 0
    rows = without("MHS101Referral", month=-1)
    rows["MHS201CareContact"] = rows["MHS201CareContact"][:-1]
    newer = put(tmp_path / "newer", rows)
    capsys.readouterr()
    assert load(newer) == 2
    refused(capsys, "records-month-twice", "A month is counted from one edition.", "February 2025 to March 2025 is loaded", "--replace")
    (first,) = RecordStore(home).editions("mhsds")
    assert load(newer, "--replace", "--label", "refreshed") == 0
    now = RecordStore(home).current("mhsds")
    assert (now.label, now.months, now.manifest.parent) == ("refreshed", (1499, 1500), first.id)
    assert first in RecordStore(home).editions("mhsds")


def test_the_same_folder_twice_changes_nothing(home, tmp_path, capsys):
    folder = put(tmp_path / "in")
    assert load(folder) == 0
    before = RecordStore(home).editions("mhsds")
    assert load(folder) == 0
    assert "Nothing changed: this folder is loaded already" in capsys.readouterr().out
    assert RecordStore(home).editions("mhsds") == before


def test_invented_and_real_people_never_stand_in_one_edition(home, tmp_path, capsys):
    folder = put(tmp_path / "in")
    (folder / "extract.json").write_text(json.dumps({"label": "Invented place", "invented": True}), encoding="utf-8")
    assert load(folder) == 0
    assert RecordStore(home).current("mhsds").invented
    real = put(tmp_path / "real")
    assert load(real, "--replace") == 2
    refused(capsys, "records-invented-mixed", "Invented and real people never stand in one edition.", "--fresh")
    assert load(real, "--fresh") == 0
    assert not RecordStore(home).current("mhsds").invented


def test_a_column_that_is_not_there_stops_the_load(home, tmp_path, capsys):
    assert load(put(tmp_path / "in", without={"MHS201CareContact": "AttendStatus"})) == 2
    refused(capsys, "column-absent", "MHS201CareContact.csv, row 1, column AttendStatus", "leave it empty where nothing is known")


def test_a_quote_that_is_never_closed_stops_the_load(home, tmp_path, capsys):
    folder = put(tmp_path / "in")
    change_line(folder, "MHS201CareContact", 3, lambda line: '"' + line)
    assert load(folder) == 2
    refused(capsys, "records-file-broken", "MHS201CareContact.csv, row 3", "A quote that opens a value is closed.")
    assert nothing_loaded(home)


@pytest.mark.parametrize("form", [".parquet", ".csv"])
def test_a_file_that_cannot_be_read_stops_the_load(form, home, tmp_path, capsys):
    folder = put(tmp_path / "in")
    (folder / "mhsds" / "MHS201CareContact.csv").unlink()
    (folder / "mhsds" / f"MHS201CareContact{form}").write_bytes(b"\xff\xfe\x00PAR1")
    assert load(folder) == 2
    refused(capsys, "records-file-broken", f"MHS201CareContact{form}")


def test_a_file_of_no_table_stops_the_load_and_the_near_name_is_told(home, tmp_path, capsys):
    folder = put(tmp_path / "in")
    (folder / "mhsds" / "MHS201CareContact.csv").rename(folder / "mhsds" / "MHS201CareContacts.csv")
    assert load(folder) == 2
    refused(capsys, "records-file-unknown", "Rename it to MHS201CareContact")


def test_a_folder_that_is_not_there_and_a_folder_without_records(home, tmp_path, capsys):
    assert load(tmp_path / "nowhere") == 2
    refused(capsys, "records-folder-absent", "Records are loaded from a folder of tables.")
    (tmp_path / "empty").mkdir()
    assert load(tmp_path / "empty") == 2
    refused(capsys, "records-table-missing", "MHS001MPI")
    assert load() == 2
    refused(capsys, "records-folder", "esteem load mhsds DIR")


def test_wrong_reference_data_stop_the_load(home, tmp_path, capsys):
    people = {"GEOGRAPHIC_GROUP_CODE": "E38", "GEOGRAPHIC_SUBGROUP_CODE": "E38000001", "AGE_LOWER": 40, "GENDER": "M"}
    people |= {"POPULATION_COUNT": "many", "YEAR_OF_COUNT": "2023", "RECORD_TYPE": "E"}
    assert load(put(tmp_path / "in", right() | {"ONS_POPULATION_V2": [people]})) == 2
    refused(capsys, "reference-wrong", "ONS_POPULATION_V2.csv, row 2, column POPULATION_COUNT", "Found: many")
    assert nothing_loaded(home)


def test_a_table_that_is_mostly_wrong_stops_the_load_and_is_listed_all_the_same(home, tmp_path, capsys):
    rows = right()
    rows["MHS002GP"] = [rows["MHS002GP"][0] | {"GMPReg": f"F{n}", "RecordNumber": 5} for n in range(1_200)]
    folder, listed = put(tmp_path / "in", rows), tmp_path / "rejected.csv"
    assert load(folder, "--accept-missing", "--rejected", listed) == 2
    refused(capsys, "records-many-quarantined", "At most a tenth of the rows of a table is quarantined (MHS002GP).", "1,200 of 1,200 rows")
    with listed.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 1_200
    assert load(folder, "--accept-missing", "--accept-quarantine") == 0


def test_a_dry_run_says_what_would_be_and_loads_nothing(home, tmp_path, capsys):
    assert load(put(tmp_path / "in", planted("an end before the start")), "--dry-run") == 0
    told = capsys.readouterr().out
    assert "date-order" in told
    assert "Dry run: nothing was loaded." in told
    assert nothing_loaded(home)


def test_too_little_memory_is_said_and_nothing_is_loaded(home, tmp_path, capsys):
    assert load(put(tmp_path / "in"), "--memory", "much") == 2
    refused(capsys, "memory-limit", "--memory 2GB")
    assert nothing_loaded(home)


def test_the_list_of_rows_is_written_as_csv(home, tmp_path, capsys):
    assert load(put(tmp_path / "in", planted("an end before the start"))) == 0
    capsys.readouterr()
    assert esteem("records", "quarantine", "--rule", "date-order", "--format", "csv") == 0
    (row,) = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (row["table"], row["row"], row["provider"], row["month"]) == ("MHS101Referral", "3", "XA1", "1499")
    assert Path(row["file"]).name == "MHS101Referral.csv"
