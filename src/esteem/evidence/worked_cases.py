"""Worked cases: a few rows in, the answer out. They are the definition's example on its page, and a test on every engine.

Written as plain text, in a family's own file (`Family.cases`) or in `definitions/mhsds/cases/<family>.txt`:

    # Two referrals of one person                      a title; the paragraphs that follow say why the answer is what it is
    month: 2025-03                                     the reporting month (this one when nothing is said)
    corrected: quirk:admissions-count-rows             quirks put right in the column `corrected` (every quirk of the family when not said)

    MHS101Referral                                     a table by its name, then its columns, then its rows
    Person_ID | UniqServReqID | ServDischDate
    P1        | R1            |
    P1        | R2            | 2025-03-20

    answer                                             what every engine must give
    measure | period | breakdown | level   | value | corrected
    MHS01   | M      | England   | England | 1     | 1

An empty cell is null. A column that is not shown holds what a valid row of the month holds (see `_usual`), else null. People have a master
row (MHS001MPI) of their own unless the case shows that table, and the areas are those of AREAS unless it shows those tables. In the answer
`period`, `breakdown` and `level` may be left out (the measure's first, England); `-` is no figure. Levels not listed have no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from esteem.evidence.record_model import Family
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.schema import Schema, schema_of
from esteem.terms.problems import Problem

FOLDER = Path(__file__).parent / "definitions" / "mhsds" / "cases"
MARCH_2025 = Reporting(1500)
PROVIDER = "PRA"
_BEGAN = date(2010, 4, 1)
_SUB_ICBS = (("7A1", "QA"), ("7A2", "QA"), ("7B1", "QB"))
_ICBS = (("QA", "YA"), ("QB", "YB"))
# Sub-ICBs 7A1 and 7A2 lie in the ICB QA of the region YA, 7B1 in QB of YB; two small areas are of the tenths 1 and 7.
AREAS: dict[str, list[dict[str, Any]]] = {
    "ODSAPIRoleDetails": [{"OrganisationID": code, "RoleId": "RO319", "PrimaryRole": 0, "StartDate": _BEGAN} for code, _ in _SUB_ICBS],
    "ORG_RELATIONSHIP_DAILY": [
        {"REL_TYPE_CODE": kind, "REL_FROM_ORG_CODE": below, "REL_TO_ORG_CODE": above, "REL_OPEN_DATE": _BEGAN}
        for kind, pairs in (("CCST", _SUB_ICBS), ("STCE", _ICBS))
        for below, above in pairs
    ],
    "english_indices_of_dep_v02": [
        {"LSOA_CODE_2011": area, "DECI_IMD": tenth, "IMD_YEAR": "2019"} for area, tenth in (("E01000001", 1), ("E01000002", 7))
    ],
}


@dataclass(frozen=True)
class ShownTable:
    """A table as the case writes it: `rows` of texts in the order of `columns`, "" for null."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class CaseAnswer:
    """One expected figure; None = no figure. `corrected` is what it is with the case's quirks put right ("" = the case does not say)."""

    measure: str
    period: str
    breakdown: str
    level: str
    value: float | None
    corrected: float | str | None = ""


@dataclass(frozen=True)
class WorkedCase:
    """`tables` and `answers` are for showing; `filled()` gives the complete rows that are counted."""

    title: str
    words: str = ""
    month: Reporting = MARCH_2025
    corrected: tuple[str, ...] = ()
    tables: tuple[ShownTable, ...] = ()
    answers: tuple[CaseAnswer, ...] = ()
    source: str = field(default="", compare=False)
    data_set: str = "mhsds"

    @property
    def schema(self) -> Schema:
        return schema_of(self.data_set)

    def filled(self, schema: Schema | None = None) -> dict[str, list[dict[str, Any]]]:
        """Table -> rows with typed values: what the case shows, and what a valid row has besides."""
        schema = schema or self.schema
        tables = {shown.name: list(_rows(shown, schema, self.month)) for shown in self.tables}
        if self.data_set != "mhsds":
            return AREAS | _with_submissions(tables, schema)
        if "MHS001MPI" not in tables:
            tables["MHS001MPI"] = _master_rows(tables, schema, self.month)
        _number_records(tables, schema)
        return AREAS | tables


def cases_of(family: Family) -> tuple[WorkedCase, ...]:
    """The family's worked cases, first those in its own file. Problem `case-invalid` names the line that cannot be read."""
    return _parsed(family.name, family.cases, family.data_set)


@cache
def _parsed(name: str, text: str, data_set: str) -> tuple[WorkedCase, ...]:
    beside = FOLDER / f"{name}.txt"
    written = read_cases(beside.read_text(encoding="utf-8"), str(beside), data_set) if beside.is_file() else ()
    return (*read_cases(text, name, data_set), *written)


def read_cases(text: str, source: str = "", data_set: str = "mhsds") -> tuple[WorkedCase, ...]:
    """The cases written in `text`. Problem `case-invalid` for what is not of the form above, an unknown table or column, a wrong value."""
    schema, cases = schema_of(data_set), []
    for row, lines in _blocks(text):
        try:
            if lines[0].startswith("# "):
                cases.append(WorkedCase(lines[0][2:].strip(), source=source, data_set=data_set))
                lines = lines[1:]
            if lines:
                if not cases:
                    raise _wrong("A case begins with a line `# title`.", lines[0])
                cases[-1] = _with_block(cases[-1], lines, schema)
        except Problem as problem:
            raise Problem(problem.code, problem.rule, problem.found, problem.remedy, source, row, problem.column) from None
    for case in cases:
        if not case.tables or not case.answers:
            raise Problem("case-invalid", "A case shows a table and an answer.", case.title, "Add what is missing.", source)
    return tuple(cases)


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between empty ones, each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            block.append(line.strip())
        elif block:
            yield number - len(block), block
            block = []


def _with_block(case: WorkedCase, lines: list[str], schema: Schema) -> WorkedCase:
    while lines and (setting := re.fullmatch(r"(month|corrected): *(.+)", lines[0])):
        case, lines = _with_setting(case, *setting.groups()), lines[1:]
    if not lines:
        return case
    if lines[0] == "answer":
        return replace(case, answers=(*case.answers, *_answers(lines[1:])))
    if len(lines) > 1 and re.fullmatch(r"\w+", lines[0]):
        return replace(case, tables=(*case.tables, _shown(lines, schema)))
    return replace(case, words="\n\n".join(filter(None, (case.words, " ".join(lines)))))


def _with_setting(case: WorkedCase, name: str, said: str) -> WorkedCase:
    if name == "corrected":
        return replace(case, corrected=tuple(said.split()))
    try:
        return replace(case, month=Reporting.of(date.fromisoformat(f"{said}-01")))
    except ValueError:
        raise _wrong("A month is written 2025-03.", said) from None


def _cells(line: str, columns: int | None = None) -> tuple[str, ...]:
    cells = tuple(cell.strip() for cell in line.split("|"))
    if columns is not None and len(cells) != columns:
        raise _wrong(f"A row has as many cells as its table has columns, {columns}.", line)
    return cells


def _shown(lines: list[str], schema: Schema) -> ShownTable:
    name, columns = lines[0], _cells(lines[1])
    known = schema.columns(name)
    if known is None:
        raise _wrong(f"A table of {schema.version} is named.", name)
    if absent := [column for column in columns if column not in known]:
        raise _wrong(f"Columns are those of {name}.", ", ".join(absent))
    shown = ShownTable(name, columns, tuple(_cells(line, len(columns)) for line in lines[2:]))
    for row in shown.rows:
        for column, text in zip(columns, row, strict=True):
            _typed(text, known[column], column)
    return shown


ANSWER_COLUMNS = ("measure", "period", "breakdown", "level", "value", "corrected")


def _answers(lines: list[str]) -> Iterator[CaseAnswer]:
    columns = _cells(lines[0])
    if not {"measure", "value"} <= set(columns) <= set(ANSWER_COLUMNS):
        raise _wrong(f"An answer has measure and value, and of {', '.join(ANSWER_COLUMNS)} what it needs.", lines[0])
    for line in lines[1:]:
        said = dict(zip(columns, _cells(line, len(columns)), strict=True))
        right = _figure(said["corrected"]) if said.get("corrected") else ""
        breakdown = said.get("breakdown") or "England"
        level = said.get("level") or "England"
        yield CaseAnswer(said["measure"], said.get("period", ""), breakdown, level, _figure(said["value"]), right)


def _figure(text: str) -> float | None:
    if text == "-":
        return None
    try:
        return float(text)
    except ValueError:
        raise _wrong("A figure is a number, or - for none.", text) from None


def _typed(text: str, kind: str, column: str = "") -> Any:
    """The text as a value of one of the schema's types. A time of day goes with the dummy day of the data set."""
    if text == "":
        return None
    try:
        return _TYPED[kind](text)
    except (ValueError, KeyError):
        raise _wrong(f"Values of {column} are of the type {kind}.", text) from None


_TYPED = {
    "string": str,
    "date": date.fromisoformat,
    "timestamp": lambda text: datetime.fromisoformat(text if "-" in text else f"1970-01-01 {text}"),
    "int32": int,
    "int64": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "float64": float,
}


def _rows(shown: ShownTable, schema: Schema, month: Reporting) -> Iterator[dict[str, Any]]:
    kinds = schema.columns(shown.name)
    for number, row in enumerate(shown.rows, start=1):
        values = {column: _typed(text, kinds[column]) for column, text in zip(shown.columns, row, strict=True)}
        usual = _usual(shown.name, kinds, values, month, number) if shown.name in schema.records else {}
        yield dict.fromkeys(kinds) | usual | values


def _usual(table: str, kinds, values: dict[str, Any], month: Reporting, number: int) -> dict[str, Any]:
    """What a valid row has in columns that the case does not show: person P1, the referral R1 of P1 (R2 of P2), the provider PRA, the
    case's month, a version that began with the row's month, the master row of its person, and a number of its own."""
    person = values.get("Person_ID", "P1")
    of_month = Reporting(values.get("UniqMonthID") or values.get("Unique_MonthID") or month.month_id)
    usual = {
        "Person_ID": person,
        "UniqServReqID": "R" + (person or "").removeprefix("P"),
        "OrgIDProv": PROVIDER,
        "UniqMonthID": of_month.month_id,
        "Unique_MonthID": of_month.month_id,
        "UniqueSubmissionID": of_month.month_id,
        "AuditId": of_month.month_id,
        "UsePathway_Flag": "True",
        "OrgID_Provider": PROVIDER,
        "PathwayID": f"W{number}",
        "RecordStartDate": of_month.start,
        "PatMRecInRP": True,
        f"{table[:6]}UniqID": number,
    }
    return {column: value for column, value in usual.items() if column in kinds}


def _master_rows(tables: dict[str, list[dict]], schema: Schema, month: Reporting) -> list[dict[str, Any]]:
    """One row of MHS001MPI for each person, provider and month of the other tables, as a provider sends it."""
    kinds = schema.columns("MHS001MPI")
    found = dict.fromkeys(_sent(row) for name, rows in tables.items() if name in schema.records for row in rows if row.get("Person_ID"))
    columns = ("Person_ID", "OrgIDProv", "UniqMonthID")
    rows = (dict(zip(columns, sent, strict=True)) for sent in found)
    return [dict.fromkeys(kinds) | _usual("MHS001MPI", kinds, row, month, number) | row for number, row in enumerate(rows, start=1)]


def _with_submissions(tables: dict[str, list[dict]], schema: Schema) -> dict[str, list[dict]]:
    """Talking therapies: a row's number is that of its record and its person; each month's submission is the latest."""
    for rows in tables.values():
        for number, row in enumerate(rows, start=1):
            if "RecordNumber" in row and row["RecordNumber"] is None:
                row["RecordNumber"] = number
    referrals = tables.get("IDS101referral", [])
    people = ({"RecordNumber": row["RecordNumber"], "Person_ID": f"P{row['RecordNumber']}"} for row in referrals)
    sent = (
        {"UniqueSubmissionID": number, "AuditId": number, "Unique_MonthID": number, "IsLatest": True}
        | {"ReportingPeriodStartDate": Reporting(number).start, "ReportingPeriodEndDate": Reporting(number).end}
        for number in sorted({row["Unique_MonthID"] for row in referrals})
    )
    usual = {"IDS001mpi": people, "IsLatest_SubmissionID": sent}
    return {name: [dict.fromkeys(schema.columns(name)) | row for row in rows] for name, rows in usual.items()} | tables


def _sent(row: dict[str, Any]) -> tuple:
    return row.get("Person_ID"), row.get("OrgIDProv"), row.get("UniqMonthID")


def _number_records(tables: dict[str, list[dict]], schema: Schema) -> None:
    """RecordNumber, where a case does not show it: one for each person, provider and month, later months higher."""
    rows = [row for name, of_table in tables.items() if name in schema.records for row in of_table if "RecordNumber" in row]
    numbers = {sent: number for number, sent in enumerate(sorted(dict.fromkeys(map(_sent, rows)), key=lambda s: s[2] or 0), start=1)}
    for row in rows:
        if row["RecordNumber"] is None:
            row["RecordNumber"] = numbers[_sent(row)]


def _wrong(rule: str, found: str) -> Problem:
    return Problem("case-invalid", rule, found, "Write it as the head of evidence/worked_cases.py shows.")
