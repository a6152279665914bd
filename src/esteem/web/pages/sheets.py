"""The sheets: the list, one sheet, one promise, their files, and how statuses are given."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.strategy import attention, rules
from esteem.strategy.sheet import Sheet
from esteem.terms.problems import Problem
from esteem.web import reading
from esteem.web.downloads import files, sheet_pdf
from esteem.web.words import addresses, promises, sheets
from esteem.web.words.sheet_tables import sheet_table

_RULE_GROUPS = (
    ("Every promise: is there a figure to judge by?", rules.FIGURE),
    ("Promises to reach a level", rules.LEVEL),
    ("Promises to rise or fall", rules.DIRECTION),
    ("Promises that groups fare alike", rules.PARITY),
)


@reading.remembered
def view_of(snapshot, name: str, as_at):
    found = reading.sheet_of(name, as_at)
    return sheets.sheet_view(found, promises.changes(found, lambda day: reading.sheet_of(name, day)))


def sheet_list(request: HttpRequest) -> HttpResponse:
    snapshot = reading.snapshot()
    views = [view_of(snapshot, name, request.as_at) for name in reading.strategies()]
    context = {"title": "Strategy sheets", "section": "sheets", "views": views, "breadcrumbs": [("Home", "/")]}
    return render(request, "sheets.jinja", context)


def one_sheet(request: HttpRequest, strategy: str) -> HttpResponse:
    view = view_of(reading.snapshot(), strategy, request.as_at)
    context = {
        "title": view.title,
        "section": "sheets",
        "view": view,
        "address": addresses.sheet(strategy),
        "breadcrumbs": [("Home", "/"), ("Sheets", "/sheets")],
    }
    return render(request, "sheet.jinja", context)


def sheet_file(request: HttpRequest, strategy: str, extension: str) -> HttpResponse:
    if extension == "pdf":
        view = view_of(reading.snapshot(), strategy, request.as_at)
        return files.response(sheet_pdf.to_pdf(view), "pdf", f"{strategy}-sheet")
    found = reading.sheet_of(strategy, request.as_at)
    return files.table_response([sheet_table(found)], extension, f"{strategy}-sheet", sheets.title_of(found.strategy))


def one_promise(request: HttpRequest, strategy: str, row: str) -> HttpResponse:
    found = reading.sheet_of(strategy, request.as_at)
    view = _promise_view(reading.snapshot(), strategy, row, request.as_at)
    context = {
        "title": view.line.text,
        "section": "sheets",
        "view": view,
        "breadcrumbs": [("Home", "/"), ("Sheets", "/sheets"), (sheets.title_of(found.strategy), addresses.sheet(strategy))],
    }
    return render(request, "promise.jinja", context)


@reading.remembered
def _promise_view(snapshot, strategy: str, row: str, as_at):
    found = reading.sheet_of(strategy, as_at)
    return promises.promise_view(found, _promise(found, row), snapshot)


def _promise(sheet: Sheet, row: str):
    found = sheet.promise(row.upper())
    if found is None:
        rows = f"{sheet.promises[0].promise.row} to {sheet.promises[-1].promise.row}"
        raise Problem("promise-unknown", "This strategy has no promise of this number.", row, f"Choose one of {rows} on the sheet.")
    return found


def statuses(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "How statuses are given",
        "section": "statuses",
        "groups": _RULE_GROUPS,
        "combining": rules.COMBINING,
        "words": rules.WORDS,
        "points": attention.POINTS,
        "breadcrumbs": [("Home", "/")],
    }
    return render(request, "statuses.jinja", context)


routes = [
    path("sheets", sheet_list, name="sheets"),
    path("sheets/<slug:strategy>", one_sheet, name="sheet"),
    path("sheets/<slug:strategy>.<str:extension>", sheet_file, name="sheet-file"),
    path("sheets/<slug:strategy>/<slug:row>", one_promise, name="promise"),
    path("statuses", statuses, name="statuses"),
]
