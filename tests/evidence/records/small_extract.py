"""A hand-made MHSDS extract of few rows, in the layout of the real one, for tests that must run anywhere."""

from __future__ import annotations

import csv
from pathlib import Path

from esteem.evidence.records.extract import Extract, open_extract
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.schema import mhsds_v6
from esteem.evidence.records.workbench import Workbench

MARCH_2025 = Reporting(1500)
LIVE = {"RecordStartDate": "2025-03-01", "RecordEndDate": ""}
ORGANISATIONS = {
    "ODSAPIRoleDetails": [
        {"OrganisationID": code, "RoleId": "RO319", "PrimaryRole": 0, "StartDate": "2010-04-01"} for code in ("7A1", "7A2", "7B1")
    ],
    "ORG_RELATIONSHIP_DAILY": [
        {"REL_TYPE_CODE": kind, "REL_FROM_ORG_CODE": below, "REL_TO_ORG_CODE": above, "REL_OPEN_DATE": "2010-04-01"}
        for kind, below, above in (
            ("CCST", "7A1", "QA"),
            ("CCST", "7A2", "QA"),
            ("CCST", "7B1", "QB"),
            ("STCE", "QA", "YA"),
            ("STCE", "QB", "YB"),
        )
    ],
    "english_indices_of_dep_v02": [
        {"LSOA_CODE_2011": "E01000001", "DECI_IMD": 1, "IMD_YEAR": "2019"},
        {"LSOA_CODE_2011": "E01000002", "DECI_IMD": 7, "IMD_YEAR": "2019"},
    ],
}


def write_extract(folder: Path, tables: dict[str, list[dict]], without: dict[str, str] | None = None) -> Path:
    """Writes each table as CSV with every column of the schema; `without` leaves one column out of a table."""
    schema = mhsds_v6()
    for name, rows in tables.items():
        part = folder / ("mhsds" if name in schema.records else "reference_data")
        part.mkdir(parents=True, exist_ok=True)
        columns = [column for column in schema.columns(name) if column != (without or {}).get(name)]
        with (part / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def workbench(folder: Path, tables: dict[str, list[dict]], corrected=frozenset()) -> Workbench:
    """The tables, with the organisations of this module, as they stood at the end of March 2025."""
    return Workbench(open_extract(write_extract(folder, ORGANISATIONS | tables)), MARCH_2025, corrected)


def rows(extract: Extract, table, *order: str) -> list[dict]:
    return extract.engine.run(table.order_by(list(order)) if order else table).to_pylist()


def person(number: int, record: int, month: int = 1500, **fields) -> dict:
    """A master row of MHS001 for one person and record."""
    return LIVE | {
        "Person_ID": f"P{number}",
        "RecordNumber": record,
        "UniqMonthID": month,
        "OrgIDProv": "PRA",
        "PatMRecInRP": "true",
        **fields,
    }
