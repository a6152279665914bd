"""MHSDS code lists: what the codes of team types, bed types, ethnic groups and the like mean, and the months in which they are valid.

Every list becomes one reference table `code_list_<name>`, with codes as text (leading zeros count). FirstMonth and LastMonth are MHSDS
month numbers (1390 is January 2016) and become dates; an empty LastMonth means still valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Source, Tidy
from esteem.terms import periods

_FIRST_MONTH = 1390
_MONTHS = ("FirstMonth", "LastMonth")


@dataclass(frozen=True)
class CodeList:
    """`columns` is the header; `names` what the columns are called in the table, months left out; `key` those that identify a row."""

    title: str
    columns: tuple[str, ...]
    names: tuple[str, ...]
    key: tuple[str, ...] = ("code",)


def _dated(*columns: str) -> tuple[str, ...]:
    return (*columns, *_MONTHS)


_CODE = ("code", "description")
LISTS = {
    "team_type": CodeList("Service or team type", _dated("ServTeamTypeRefToMH", "ServTeamTypeRefToMHDesc"), _CODE),
    "team_type_category": CodeList(
        "Team type to Mental Health Bulletin category", ("code", "team_type", "bulletin_category"), ("code", "description", "category"),
        ("code", "description"),
    ),
    "referral_reason": CodeList("Primary reason for referral", _dated("PrimReasonReferralMH", "PrimReasonReferralMHName"), _CODE),
    "bed_type": CodeList("Hospital bed type", _dated("MHAdmittedPatientClass", "MHAdmittedPatientClassName"), _CODE),
    "ethnicity": CodeList(
        "Ethnic category groups",
        _dated("Census21EthnicityCode", "LowerEthnicityCode", "LowerEthnicityName", "UpperEthnicity", "WNWEthnicity"),
        ("census_2021_code", "code", "description", "broad_group", "white_british_or_not"),
    ),
    "gender": CodeList("Gender", _dated("Der_Gender", "Der_Gender_Desc"), _CODE),
    "deprivation": CodeList(
        "Deprivation tenths, 1 is the most deprived",
        _dated("IMD_Number", "IMD_Decile", "IMD_Quintile", "IMD_Core20"), ("code", "description", "fifth", "core20"),
    ),
    "autism_status": CodeList("Autism status", _dated("AutismStatus", "AutismStatus_desc"), _CODE),
    "learning_disability_status": CodeList("Learning disability status", _dated("LDStatus", "LDStatus_desc"), _CODE),
    "measure": CodeList("Published measures", ("measure_id", "measure_name", "found_in"), ("code", "description", "found_in")),
}  # fmt: skip


def _list_of(raw: RawFile) -> str | None:
    found = delimited.header(raw)
    return next((name for name, code_list in LISTS.items() if delimited.matches(found, code_list.columns)), None)


def recognise(raw: RawFile) -> Edition | None:
    name = _list_of(raw)
    return Edition(f"MHSDS code list: {LISTS[name].title}", covers=name, status="final") if name else None


def month_start(text: str) -> date | None:
    """First day of an MHSDS month number: `1390` is 1 January 2016. None for an empty cell; ValueError for anything else."""
    if not text:
        return None
    months = int(text) - _FIRST_MONTH
    return date(2016 + months // 12, months % 12 + 1, 1)


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    out, code_list = Tidy(), LISTS[edition.covers]
    dated = code_list.columns[-2:] == _MONTHS
    found: dict[tuple, dict] = {}
    for line, fields in delimited.records(raw, code_list.columns, progress, out.rejected):
        out.rows_read += 1
        cells = [" ".join(field.split()) for field in fields[: len(code_list.columns)]]
        row = dict(zip(code_list.names, cells, strict=False))
        if dated and not _add_months(row, cells[-2:], line, out.rejected):
            continue
        row["source_row"] = f"row {line}"
        key = tuple(row[name] for name in code_list.key)
        if key in found:
            rule = f"Each code stands once; this one repeats {found[key]['source_row']}, which is kept."
            out.rejected.append(Rejected(f"row {line}", code_list.columns[0], rule, ", ".join(cells), "Ask the publisher.", "repeated"))
            continue
        found[key] = row
    names = (*code_list.names, *(("valid_from", "valid_to") if dated else ()), "source_row")
    schema = pa.schema([(name, pa.date32() if name.startswith("valid_") else pa.string()) for name in names])
    out.tables[f"code_list_{edition.covers}"] = pa.Table.from_pylist(list(found.values()), schema)
    out.rows_kept = len(found)
    return out


def _add_months(row: dict, months: list[str], line: int, rejected: list[Rejected]) -> bool:
    try:
        row["valid_from"], last = month_start(months[0]), month_start(months[1])
    except ValueError:
        rule = "A month is an MHSDS month number such as 1390, or empty."
        rejected.append(Rejected(f"row {line}", "FirstMonth, LastMonth", rule, ", ".join(months), "Correct the row.", "unreadable"))
        return False
    row["valid_to"] = periods.month(last.year, last.month).end if last else None
    return True


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """Every row of the list has a code and words, and no code ends before it begins."""
    ((name, table),) = tidy.tables.items()
    rows = table.to_pylist()
    bare = [r["source_row"] for r in rows if not r["code"] or not r["description"]]
    backwards = [r["source_row"] for r in rows if r.get("valid_to") and r["valid_from"] and r["valid_to"] < r["valid_from"]]
    return [
        Check(f"{name}: every code has words", not bare, ", ".join(bare) or f"{len(rows)} codes"),
        Check(f"{name}: no code ends before it begins", not backwards, ", ".join(backwards) or f"{len(rows)} codes"),
    ]


SOURCE = Source(
    id="code_lists",
    title="MHSDS code lists (reference values)",
    publisher="NHS England (NHS Digital); NHS Data Dictionary",
    licence="MIT (source repository) and Open Government Licence v3.0",
    attribution=(
        "Copyright (c) 2023 NHS Digital, MIT Licence. Contains public sector information licensed under the Open Government Licence v3.0."
    ),
    homepage="NHSDigital/mental-health-monthly-statistics; NHSDigital/mental-health-bulletin",
    layout=" or ".join(",".join(code_list.columns) for code_list in LISTS.values()),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, *(code_list.columns for code_list in LISTS.values())),
)
