"""XLSX: a cover sheet, a notes sheet and one table a sheet, marked as tables, without merged or empty cells that carry meaning."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

from esteem.web.downloads.tables import Table, all_notes, safe_text, sheet_names

_FORMATS = {"proportion": "0.0%", "number": "#,##0.##", "text": "@", "date": "@"}
# One fixed date keeps two downloads of the same figures identical byte for byte.
_MADE = datetime(2020, 1, 1)


def to_xlsx(tables: Sequence[Table], title: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "author": "Esteem", "created": _MADE})
    bold = book.add_format({"bold": True, "font_size": 14})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    _notes_sheet(book, tables, title, bold, wrap, head)
    for number, (table, name) in enumerate(zip(tables, sheet_names(tables), strict=True), 1):
        _table_sheet(book, table, name, f"Table_{number}", bold, wrap)
    book.close()
    return out.getvalue()


def _notes_sheet(book, tables: Sequence[Table], title: str, bold, wrap, head) -> None:
    sheet = book.add_worksheet("Notes")
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(1, 0, "About", head)
    sheet.write_string(1, 1, "Words", head)
    row = 2
    for heading, words in all_notes(tables):
        sheet.write_string(row, 0, heading, wrap)
        sheet.write_string(row, 1, words, wrap)
        row += 1


def _table_sheet(book, table: Table, name: str, table_name: str, bold, wrap) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, table.title, bold)
    sheet.write_string(1, 0, "One table on this sheet. Where a number is missing, the flags column says why.")
    formats = {kind: book.add_format({"num_format": shape, "valign": "top"}) for kind, shape in _FORMATS.items()}
    first = 3
    for r, row in enumerate(table.rows):
        for c, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            _cell(sheet, first + 1 + r, c, value, formats[column.kind], wrap)
    last = first + max(len(table.rows), 1)
    options = {"columns": [{"header": c.title} for c in table.columns], "name": table_name, "style": None}
    sheet.add_table(first, 0, last, len(table.columns) - 1, options)
    for c, column in enumerate(table.columns):
        widest = max([len(column.title), *(len(str(row[c])) for row in table.rows[:200] if row[c] is not None)])
        sheet.set_column(c, c, min(max(10, widest + 2), 60))
    sheet.freeze_panes(first + 1, 0)


def _cell(sheet, row: int, column: int, value, number_format, wrap) -> None:
    if value is None:
        sheet.write_blank(row, column, None, wrap)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", wrap)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, number_format)
    else:
        sheet.write_string(row, column, safe_text(str(value)), wrap)
