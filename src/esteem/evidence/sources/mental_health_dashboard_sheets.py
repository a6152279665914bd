"""Layout of the dashboard workbook: sheets by code, their seven lines of description, header in row 10, cells from row 11."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook

from esteem.evidence.sources.contract import RawFile
from esteem.evidence.sources.mental_health_dashboard_indicators import NOT_INDICATORS, SUPERSEDED
from esteem.terms.periods import Period, parse, quarter
from esteem.terms.problems import Problem

HEADER_ROW = 10
HEADERS = (
    ("Region Code", "STP Code", "Org code", "Org name", "Org Type"),
    ("Region Code", "Parent code", "Org code", "Org name", "Org Type"),
    ("ONS Area Codes", "Parent code", "Org code", "Org name", "Org Type"),
)
_PLACES = ("National", "Region", "STP", "CCG")
_LABELS = ("Title", "Unique ID", "Source", "Updated", "Last publication", "Period Covered", "Latest Period", "Format")


def sheet_code(name: str) -> str:
    """`EIP(i)` of `EIP(i)_FINAL CALC`; names without that ending stand for themselves."""
    return name.removesuffix("_FINAL CALC")


def column_letter(index: int) -> str:
    """Spreadsheet letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Column:
    """One period column: `index` from 0, the header as published, the period, and whether it holds a plan."""

    index: int
    header: str
    period: Period
    planned: bool

    @property
    def financial_year(self) -> int:
        """Year in which the financial year of the period begins."""
        start = self.period.start
        return start.year if start.month >= 4 else start.year - 1


@dataclass
class Sheet:
    """One indicator sheet: rows counted from 0, so sheet row = index + 1."""

    name: str
    rows: list[list]
    errors: set[tuple[int, int]] = field(default_factory=set)  # cells that hold #N/A, as (row, column) from 0
    indicator_name: str = ""  # as the Metadata sheet has it

    @property
    def code(self) -> str:
        return sheet_code(self.name)

    def label(self, name: str) -> str:
        """Text of a description line: the label in A and the value in B, or both in A."""
        for row in self.rows[: HEADER_ROW - 1]:
            first = str(row[0]).strip() if row else ""
            if first.casefold().startswith(name.casefold()):
                after = first[len(name) :].lstrip(" :").strip()
                return after or str(row[1] if len(row) > 1 else "").strip()
        return ""

    @property
    def title(self) -> str:
        """In two sheets the first row is the bare title."""
        bare = next((str(c).strip() for c in self.rows[0] if str(c).strip()), "")
        return self.label("Title") or (bare if not bare.startswith(_LABELS) else "")

    def header(self) -> list[str]:
        return [str(c).strip() for c in self.rows[HEADER_ROW - 1]] if len(self.rows) >= HEADER_ROW else []

    def organisations(self) -> Iterator[tuple[int, list]]:
        """(index, row) of the rows that belong to a place."""
        for index in range(HEADER_ROW, len(self.rows)):
            row = self.rows[index]
            if row[4] in _PLACES and str(row[2]).strip():
                yield index, row

    def other_rows(self) -> int:
        """Rows below the header that have text but no kind of place."""
        return sum(1 for row in self.rows[HEADER_ROW:] if row[4] not in _PLACES and any(c != "" for c in row))

    def cell(self, index: int, column: int):
        return self.rows[index][column]


def open_workbook(raw: RawFile) -> CalamineWorkbook | None:
    """The workbook, or None when the file is no workbook or not the dashboard's."""
    if not raw.head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return None
    try:
        with raw.open() as stream:
            return CalamineWorkbook.from_filelike(stream)
    except (CalamineError, zipfile.BadZipFile, OSError, EOFError):
        return None


def indicator_sheets(book: CalamineWorkbook) -> list[str]:
    """Names of the sheets that look like indicators."""
    return [n for n in book.sheet_names if n not in NOT_INDICATORS and n not in SUPERSEDED]


def read_sheets(raw: RawFile, book: CalamineWorkbook) -> Iterator[Sheet]:
    """Every indicator sheet, hidden ones included."""
    errors, names = error_cells(raw), metadata_names(book)
    for name in indicator_sheets(book):
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        yield Sheet(name, rows, errors.get(name, set()), names.get(sheet_code(name), ""))


def metadata_names(book: CalamineWorkbook) -> dict[str, str]:
    """Name of each indicator in the Metadata sheet, by sheet code (`CR(iii.a)` there is the sheet `CR(iii_a)`)."""
    names = {}
    for row in book.get_sheet_by_name("Metadata").to_python():
        cells = [" ".join(str(c).split()) for c in row]
        code = next((i for i, c in enumerate(cells[:2]) if re.match(r"[A-Z]+ ?\(", c)), None)
        if code is not None and len(cells) > code + 1:
            names[cells[code].split(" and ")[0].replace(" ", "").replace(".", "_")] = cells[code + 1]
    return names


def error_cells(raw: RawFile) -> dict[str, set[tuple[int, int]]]:
    """Cells that hold an error (#N/A), which the workbook reader gives back as empty: only the XML tells one from the other."""
    found = {}
    try:
        with raw.open() as stream, zipfile.ZipFile(stream) as archive:
            book = archive.read("xl/workbook.xml").decode()
            links = archive.read("xl/_rels/workbook.xml.rels").decode()
            for tag in re.findall(r"<sheet [^>]*>", book):
                target = _target(links, _attribute(tag, "r:id"))
                xml = archive.read(target).decode()
                cells = (m[1] for m in re.finditer(r"<c ([^>]*)>", xml) if 't="e"' in m[1])
                found[_attribute(tag, "name")] = {_position(_attribute(cell, "r")) for cell in cells}
    except (zipfile.BadZipFile, KeyError):
        return {}
    return found


def _attribute(tag: str, name: str) -> str:
    m = re.search(rf'(?:^|\s){re.escape(name)}="([^"]*)"', tag)
    return m[1].replace("&amp;", "&") if m else ""


def _target(links: str, identifier: str) -> str:
    tag = next(t for t in re.findall(r"<Relationship [^>]*>", links) if _attribute(t, "Id") == identifier)
    path = _attribute(tag, "Target")
    return path.lstrip("/") if path.startswith("/") else f"xl/{path}"


def _position(reference: str) -> tuple[int, int]:
    """(row, column) from 0 of a reference such as AB12."""
    letters, row = re.fullmatch(r"([A-Z]+)(\d+)", reference).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(row) - 1, column - 1


def header_problem(sheet: Sheet, file: str) -> Problem | None:
    """What is wrong with row 10, or None."""
    found = tuple(sheet.header()[:5])
    if found in HEADERS:
        return None
    expected = "; or ".join(",".join(h) for h in HEADERS)
    wrong = next((i for i, name in enumerate(found) if name not in {h[i] for h in HEADERS}), len(found))
    return Problem(
        "header-wrong",
        f"Row {HEADER_ROW} of sheet {sheet.name} begins with {expected}",
        ",".join(found) or "an empty row",
        "Load the workbook as the publisher gave it.",
        f"{file}, sheet {sheet.name}",
        HEADER_ROW,
        column_letter(wrong),
    )


def columns(sheet: Sheet) -> tuple[list[Column], list[str]]:
    """(period columns, notes on columns that hold something else and are left out). Empty columns are passed over in silence."""
    kept, left_out, before = [], [], None
    for index, header in enumerate(sheet.header()):
        if index < 5:
            continue
        if not any(len(row) > index and row[index] != "" for _, row in sheet.organisations()):
            before = _period(header, before) or before
            continue
        period = _period(header, before)
        if period is None:
            left_out.append(f"{sheet.name}: column {column_letter(index)} ({header or 'no header'}) names no period and is left out.")
            continue
        kept.append(Column(index, header, period, header.endswith("planned")))
        before = period
    return kept, left_out


def _period(header: str, before: Period | None) -> Period | None:
    """Period of a column; `End of Q2 Position` takes its year from the column before it."""
    if m := re.fullmatch(r"End of Q([1-4]) Position", header):
        if before is None:
            return None
        return quarter(before.start.year if before.start.month >= 4 else before.start.year - 1, int(m[1]))
    try:
        return parse(header.removesuffix("planned").strip())
    except Problem:
        return None
