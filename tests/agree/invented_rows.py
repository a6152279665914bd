"""Rows made by Hypothesis: a family's worked cases, three times over with other people, then changed cell by cell within the schema.

Starting from cases keeps the rows inside what the definition looks at; wholly random rows would almost never be counted.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from hypothesis import strategies as st

from esteem.evidence.definitions.mhsds import families_of
from esteem.evidence.record_model import Family
from esteem.evidence.records.schema import mhsds_v6
from esteem.evidence.worked_cases import cases_of

DAYS = (
    *(date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 31), date(2025, 2, 26)),
    *(date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 1), date(2025, 3, 2), date(2025, 3, 15), date(2025, 3, 27), date(2025, 3, 28)),
    *(date(2025, 3, 30), date(2025, 3, 31), date(2025, 4, 1), date(2025, 4, 2)),
)
TIMES = tuple(datetime(1970, 1, 1, *time) for time in ((0, 0), (9, 30), (10, 0), (23, 59)))
NUMBERS = (0, 5, 12, 17, 18, 24, 40, 64, 65, 90)
MONTHS = (1489, 1497, 1498, 1499, 1500, 1501)
FIXED = ("RecordNumber", "Person_ID")  # set for all tables together, below
COPIES = 3


@cache
def _reference_tables() -> dict[str, list[dict]]:
    """Every reference table that any worked case shows: areas, populations, code lists."""
    schema, found = mhsds_v6(), {}
    for family in families_of("mhsds"):
        for case in cases_of(family):
            found = {name: rows for name, rows in case.filled().items() if name in schema.reference} | found
    return found


@cache
def _texts() -> dict[str, list[str]]:
    """Every text that any worked case has in a column."""
    found: dict[str, set[str]] = {}
    for family in families_of("mhsds"):
        for case in cases_of(family):
            for rows in case.filled().values():
                for row in rows:
                    for column, value in row.items():
                        if isinstance(value, str):
                            found.setdefault(column, set()).add(value)
    return {column: sorted(values) for column, values in found.items()}


def _values(column: str, kind: str):
    if column == "UniqMonthID":
        return st.sampled_from(MONTHS)
    known = {"date": DAYS, "timestamp": TIMES, "boolean": (True, False), "string": _texts().get(column, ()), "float64": (0.0, 1.5)}
    return st.sampled_from((None, *known.get(kind, NUMBERS)))


@st.composite
def rows_for(draw, family: Family) -> dict[str, list[dict]]:
    """Table -> rows: of the family's cases, changed; and reference tables as the cases have them."""
    tables = {name: [dict(row) for row in rows] for name, rows in _reference_tables().items()}
    case = draw(st.sampled_from(cases_of(family)))
    schema = mhsds_v6()
    for name, rows in case.filled().items():
        if name not in schema.records:
            tables[name] = [dict(row) for row in rows]
            continue
        tables[name] = [_of_copy(row, copy) for copy in range(COPIES) for row in rows]
        kinds = {column: kind for column, kind in schema.columns(name).items() if column not in FIXED and not column.endswith("UniqID")}
        for row in tables[name]:
            for column in draw(st.lists(st.sampled_from(sorted(kinds)), max_size=2, unique=True)):
                row[column] = draw(_values(column, kinds[column]))
    _make_valid(tables, schema)
    return tables


def _of_copy(row: dict, copy: int) -> dict:
    """The row of another person, with referral, spell and episode of their own."""
    own = ("Person_ID", "UniqServReqID", "UniqHospProvSpellID", "UniqWardStayID", "UniqCareContID", "UniqMHActEpisodeID", "UniqCarePlanID")
    return {column: f"{value}{'abc'[copy]}" if column in own and value else value for column, value in row.items()}


def _make_valid(tables: dict[str, list[dict]], schema) -> None:
    """One record number for each person, provider and month (later months higher), a number of its own for each row, valid versions."""
    records = [row for name in tables if name in schema.records for row in tables[name]]
    for row in records:
        row["UniqMonthID"] = row.get("UniqMonthID") or 1500
    sent = sorted({(row["UniqMonthID"], str(row.get("Person_ID")), str(row.get("OrgIDProv"))) for row in records})
    for name in tables:
        for number, row in enumerate(tables[name] if name in schema.records else [], start=1):
            if "RecordNumber" in row:
                row["RecordNumber"] = 1 + sent.index((row["UniqMonthID"], str(row.get("Person_ID")), str(row.get("OrgIDProv"))))
            for column in row:
                if column.endswith("UniqID"):
                    row[column] = number
            if "RecordStartDate" in row:
                row["RecordStartDate"] = row["RecordStartDate"] or date(2025, 3, 1)
