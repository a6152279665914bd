"""Answers to requests for a file: the right type, a plain name, and what to do when the extension is not one of ours."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from esteem.terms.problems import Problem
from esteem.web.charts.svg import Chart
from esteem.web.downloads.open_document import to_ods
from esteem.web.downloads.pictures import to_png
from esteem.web.downloads.tables import Table
from esteem.web.downloads.text import to_csv, to_json
from esteem.web.downloads.workbook import to_xlsx

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "png": "image/png",
    "py": "text/x-python; charset=utf-8",
    "sql": "application/sql; charset=utf-8",
}
TABLES = ("csv", "xlsx", "ods", "json")
PICTURES = ("svg", "png")


def response(body: bytes, extension: str, name: str) -> HttpResponse:
    """A file to keep, named `name.extension`."""
    answer = HttpResponse(body, content_type=TYPES[extension])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return answer


def table_response(tables: Sequence[Table], extension: str, name: str, title: str) -> HttpResponse:
    """The tables in one of TABLES; CSV and JSON hold the first table. Problem `file-kind-unknown`."""
    writers = {
        "csv": lambda: to_csv(tables[0]),
        "json": lambda: to_json(tables[0]),
        "xlsx": lambda: to_xlsx(tables, title),
        "ods": lambda: to_ods(tables, title),
    }
    return response(_written(writers, extension), extension, name)


def chart_response(chart: Chart, extension: str, name: str) -> HttpResponse:
    """The chart in one of PICTURES. Problem `file-kind-unknown`."""
    return response(_written({"svg": lambda: chart.standalone().encode(), "png": lambda: to_png(chart)}, extension), extension, name)


def _written(writers: dict, extension: str) -> bytes:
    if extension not in writers:
        raise Problem(
            "file-kind-unknown", "This page is not kept as that kind of file.", extension, f"Choose one of: {', '.join(writers)}."
        )
    return writers[extension]()
