"""The template for people without a feed: one row a service, in CSV or XLSX. All rows are read or none is; each wrong cell says where."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from esteem.directory.importing.openreferral_records import Locate
from esteem.directory.importing.template_rows import COLUMNS, RowReader
from esteem.directory.record import Service
from esteem.terms.problems import Problem, Problems

MOST_ROWS = 100_000
_REQUIRED = [column.name for column in COLUMNS if column.required]


@dataclass(frozen=True)
class TemplateRow:
    """A service and what belongs to it privately: whom to ask whether it is still right."""

    service: Service
    owner_email: str = ""


def write_template(path: Path) -> None:
    """An empty template with an example row and, in XLSX, what each column means. By the ending of the name: .csv or .xlsx."""
    names, example = [c.name for c in COLUMNS], [c.example for c in COLUMNS]
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([names, example])
        return
    if path.suffix.lower() != ".xlsx":
        raise Problem("ending-unknown", "A template ends in .csv or .xlsx.", path.name, "Choose one of them.")
    with xlsxwriter.Workbook(str(path)) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Services")
        sheet.write_row(0, 0, names, bold)
        sheet.write_row(1, 0, example)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(names) - 1, 22)
        notes = book.add_worksheet("What to write")
        notes.write_row(0, 0, ["Column", "Must be filled", "What to write", "Example"], bold)
        notes.set_column(0, 3, 40)
        for row, column in enumerate(COLUMNS, 1):
            notes.write_row(row, 0, [column.name, "yes" if column.required else "", column.help, column.example], wrap)


def read_template(path: Path, locate: Locate) -> list[TemplateRow]:
    """The services of a filled template. Raises Problem for the file, or Problems with every wrong row and column."""
    rows = list(_rows(path))
    if not rows:
        raise Problem("template-empty", "A template has a row of names and at least one service.", path.name, "Fill it in.", path.name)
    header = [str(cell).strip().lower().lstrip("\ufeff").replace(" ", "_") for cell in rows[0][1]]
    _insist_on_columns(header, path.name)
    reader = RowReader(f"file:{path.name}", path.name, locate)
    found: list[TemplateRow] = []
    for number, cells in rows[1:]:
        if any(str(cell).strip() for cell in cells):
            values = dict(zip(header, (str(cell).strip() for cell in cells), strict=False))
            service = reader.read(number, values)
            if service is not None:
                found.append(TemplateRow(service, values.get("owner_email", "")))
    if reader.wrong:
        raise Problems(reader.wrong)
    return found


def _insist_on_columns(header: list[str], name: str) -> None:
    missing = [column for column in _REQUIRED if column not in header]
    if missing:
        remedy = "Begin with an empty template: esteem directory template services.csv"
        raise Problem("columns-missing", "The first row names the columns.", f"missing: {', '.join(missing)}", remedy, name, 1)
    double = sorted({column for column in header if column and header.count(column) > 1})
    if double:
        raise Problem("columns-double", "Each column stands once.", ", ".join(double), "Leave one of them out.", name, 1)


def _rows(path: Path) -> Iterator[tuple[int, list]]:
    """(row number, cells), the first row being 1."""
    ending = path.suffix.lower()
    if not path.is_file():
        raise Problem("file-missing", "The file is there.", str(path), "Check the name.")
    if ending == ".csv":
        held = _csv(path)
    elif ending in (".xlsx", ".xlsm", ".xls", ".ods"):
        try:
            held = enumerate(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(), 1)
        except Exception as failure:  # the reader has no error class of its own that covers all damage
            remedy = "Open it in a spreadsheet program and save it again."
            raise Problem("file-unreadable", "The file is a spreadsheet.", str(failure)[:100], remedy, path.name) from None
    else:
        raise Problem("ending-unknown", "A template ends in .csv or .xlsx.", path.name, "Save it as one of them.")
    for number, cells in held:
        if number > MOST_ROWS:
            raise Problem("file-huge", f"A template has at most {MOST_ROWS:,} rows.", path.name, "Split it.", path.name)
        yield number, [_written(cell) for cell in cells]


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("windows-1252", errors="replace")  # how Excel saves CSV by default
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        before = 0
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num  # a cell may hold line breaks: rows count physical lines
    except csv.Error as failure:
        raise Problem("file-unreadable", "The file is CSV.", str(failure), "Save it again as CSV (UTF-8).", path.name) from None


def _written(cell: object) -> object:
    """A cell as a person wrote it: a spreadsheet gives 18 as 18.0 and a day with a time."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return str(cell)[:10] if type(cell).__name__ == "datetime" else cell
