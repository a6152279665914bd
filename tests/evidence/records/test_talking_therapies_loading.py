"""Talking therapies records: loaded like the others, though sessions and people carry no month of their own."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.evidence.records.small_extract import rows

from esteem.evidence.records.quarantine import quarantine_rows
from esteem.evidence.records.record_loading import Wanted, load_records
from esteem.evidence.records.record_store import RecordStore
from esteem.evidence.records.schema import iapt_v21, mhsds_v6
from esteem.evidence.records.scorecard import scorecard_of
from esteem.terms.problems import Problem, Problems

MONTHS = {1499: ("2025-02-01", "2025-02-28"), 1500: ("2025-03-01", "2025-03-31")}


def right(*months: int) -> dict[str, list[dict]]:
    """Two people of one service in each month: a course begun, and one still waiting."""
    tables = {name: [] for name in ("IsLatest_SubmissionID", "IDS001mpi", "IDS101referral", "IDS201carecontact")}
    for month in months:
        first, last = MONTHS[month]
        sent = {"UniqueSubmissionID": month, "AuditId": month, "Unique_MonthID": month}
        days = {"ReportingPeriodStartDate": first, "ReportingPeriodEndDate": last}
        tables["IsLatest_SubmissionID"].append(sent | days | {"IsLatest": "true"})
        for person in (1, 2):
            record = {"RecordNumber": month * 10 + person}
            tables["IDS001mpi"].append(record | {"Person_ID": f"P{person}", "Validated_EthnicCategory": "A"})
            pathway = {"PathwayID": f"W{person}", "Unique_ServiceRequestID": f"S{person}", "OrgID_Provider": "XT1"}
            course = {"ReferralRequestReceivedDate": "2025-01-05"} | ({"TherapySession_FirstDate": "2025-02-03"} if person == 1 else {})
            tables["IDS101referral"].append(record | sent | pathway | course)
        contact = {"PathwayID": "W1", "AuditId": month, "Unique_CareContactID": f"C{month}", "CareContactId": f"C{month}"}
        tables["IDS201carecontact"].append(contact | {"CareContDate": f"{first[:8]}03"})
    return tables


def put(folder: Path, tables: dict[str, list[dict]]) -> Path:
    for name, found in tables.items():
        path = folder / iapt_v21().folder_of(name) / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(iapt_v21().columns(name)), restval="")
            writer.writeheader()
            writer.writerows(found)
    return folder


def load(folder: Path, home: Path, **wanted):
    at = datetime(2025, 5, 20, tzinfo=UTC)
    return load_records("talking-therapies", folder, at=at, by="a person", home=home, wanted=Wanted(**wanted))


def test_the_schema_shares_reference_tables_and_codes_with_mhsds():
    assert iapt_v21().reference == mhsds_v6().reference
    assert iapt_v21().codes["employment"]["08"] == "retired"
    assert iapt_v21().folder_of("IDS101referral") == "talking_therapies"


def test_right_records_are_kept_and_opened(tmp_path):
    report = load(put(tmp_path / "in", right(1499, 1500)), tmp_path / "home")
    assert (report.manifest.kept, report.found, report.manifest.months) == (12, (), (1499, 1500))
    extract = RecordStore(tmp_path / "home").current("talking-therapies").extract()
    (first, *_) = rows(extract, extract.table("IDS101referral"), "RecordNumber")
    assert (first["PathwayID"], str(first["TherapySession_FirstDate"])) == ("W1", "2025-02-03")


@pytest.mark.parametrize(
    ("table", "index", "change", "rule", "row"),
    [
        ("IDS101referral", 0, {"ServDischDate": "2024-12-31"}, "date-order", 2),
        ("IDS101referral", 1, {"TherapySession_FirstDate": "2025-04-01"}, "date-future", 3),
        ("IDS101referral", 1, {"RecordNumber": 7}, "parent-missing", 3),
        ("IDS101referral", 1, {"Unique_MonthID": 1501}, "month-wrong", 3),
        ("IDS201carecontact", 0, {"PathwayID": "W9"}, "parent-missing", 2),
        ("IDS201carecontact", 0, {"CareContDate": ""}, "value-missing", 2),
        ("IDS001mpi", 0, {"AgeRP_EndDate": -2}, "age-impossible", 2),
        ("IDS001mpi", 0, {"Validated_EthnicCategory": "?"}, "code-unknown", 2),
    ],
)
def test_faults_are_found_where_they_stand(table, index, change, rule, row, tmp_path):
    planted = right(1499, 1500)
    planted[table][index] |= change
    report = load(put(tmp_path / "in", planted), tmp_path / "home")
    found = list(quarantine_rows(report.loaded.quarantine, table=table, rule=rule))
    assert [one["row"] for one in found] == [row]
    assert report.manifest.rows_in == report.manifest.kept + report.manifest.quarantined == 12


def test_a_month_without_referrals_is_half_loaded(tmp_path):
    planted = right(1499, 1500)
    planted["IDS101referral"] = planted["IDS101referral"][:2]
    with pytest.raises(Problems) as found:
        load(put(tmp_path / "in", planted), tmp_path / "home")
    rule = "IDS101referral has rows for March 2025, which the header lists."
    assert [(p.code, p.rule) for p in found.value.problems] == [("records-month-half", rule)]


def test_months_join_but_are_not_replaced_one_by_one(tmp_path):
    load(put(tmp_path / "first", right(1499)), tmp_path / "home")
    both = load(put(tmp_path / "second", right(1500)), tmp_path / "home")
    assert both.manifest.months == (1499, 1500)
    with pytest.raises(Problem) as found:
        load(put(tmp_path / "again", right(1500)), tmp_path / "home", replace=True, label="again")
    assert found.value.code == "records-replace-whole"
    assert load(tmp_path / "again", tmp_path / "home", fresh=True).manifest.months == (1500,)


def test_the_scorecard_tells_providers_where_the_tables_name_them(tmp_path):
    report = load(put(tmp_path / "in", right(1499, 1500)), tmp_path / "home")
    found = {(row.provider, row.table, row.aspect): row for row in scorecard_of(report.loaded) if not row.column}
    assert found["XT1", "IDS101referral", "timeliness"].words == "newest is March 2025"
    assert found["XT1", "IDS101referral", "coverage"].share == 1
    assert found["all", "IDS001mpi", "completeness"].share == 4 / 16
    assert ("all", "IDS001mpi", "coverage") not in found
