"""The sheets: the list, one sheet, one promise, their files, and how statuses are given."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.strategy import attention, rules
from esteem.strategy.promises import Strategy
from esteem.strategy.sheet import Sheet
from esteem.terms.problems import Problem
from esteem.web import reading
from esteem.web.downloads import files
from esteem.web.printing import sheet_pdf
from esteem.web.words import addresses, promises, sheets
from esteem.web.words.place_names import told
from esteem.web.words.sheet_tables import sheet_table
from esteem.web.words.sheet_view import SheetView

_RULE_GROUPS = (
    ("Every promise: is there a figure to judge by?", rules.FIGURE),
    ("Promises to reach a level", rules.LEVEL),
    ("Promises to rise or fall", rules.DIRECTION),
    ("Promises that groups fare alike", rules.PARITY),
)


def view_of(name: str, as_at, span: str = "") -> SheetView:
    """The sheet in words; `span` ("month", "quarter", "year") adds what changed in it, which takes a second sheet."""
    return _view(reading.snapshot(), reading.strategy(name), as_at, span)


@reading.remembered
def _view(snapshot, strategy: Strategy, as_at, span: str) -> SheetView:
    found = reading.sheet_of(strategy.id, as_at)
    named = told(snapshot.geography)
    changes = promises.changes(found, span, lambda day: reading.sheet_of(strategy.id, day), named) if span else None
    return sheets.sheet_view(found, named, changes)


def span_asked(request: HttpRequest) -> str:
    """How far back to look for changes: the `since` of the address. Problem `since-unknown`."""
    span = request.GET.get("since") or "year"
    if span not in promises.SPANS:
        raise Problem("since-unknown", "What changed is told for a month, a quarter or a year.", span, "Choose month, quarter or year.")
    return span


def sheet_list(request: HttpRequest) -> HttpResponse:
    views = [view_of(name, request.as_at) for name in reading.strategies()]
    context = {"title": "Strategy sheets", "section": "sheets", "views": views, "breadcrumbs": [("Home", "/")]}
    return render(request, "sheets.jinja", context | {"unreadable": reading.unreadable()})


def one_sheet(request: HttpRequest, strategy: str) -> HttpResponse:
    view = view_of(strategy, request.as_at, span_asked(request))
    context = {
        "title": view.title,
        "days": looking_back(reading.strategy(strategy).starts, date.today(), request.as_at),
        "spans": promises.SPANS,
        "section": "sheets",
        "view": view,
        "address": addresses.sheet(strategy),
        "breadcrumbs": [("Home", "/"), ("Sheets", "/sheets")],
    }
    return render(request, "sheet.jinja", context)


def sheet_file(request: HttpRequest, strategy: str, extension: str) -> HttpResponse:
    if extension == "pdf":
        view = view_of(strategy, request.as_at)
        return files.response(sheet_pdf.to_pdf(view), "pdf", f"{strategy}-sheet")
    found = reading.sheet_of(strategy, request.as_at)
    return files.table_response([sheet_table(found)], extension, f"{strategy}-sheet", sheets.title_of(found.strategy))


def one_promise(request: HttpRequest, strategy: str, row: str) -> HttpResponse:
    found = reading.sheet_of(strategy, request.as_at)
    view = _promise_view(reading.snapshot(), found.strategy, row, request.as_at)
    context = {
        "title": view.line.text,
        "section": "sheets",
        "view": view,
        "breadcrumbs": [("Home", "/"), ("Sheets", "/sheets"), (sheets.title_of(found.strategy), addresses.sheet(strategy))],
    }
    return render(request, "promise.jinja", context)


@reading.remembered
def _promise_view(snapshot, strategy: Strategy, row: str, as_at):
    found = reading.sheet_of(strategy.id, as_at)
    return promises.promise_view(found, _promise(found, row), snapshot)


def looking_back(starts: date, today: date, chosen: date | None) -> list[date]:
    """Days a reader may choose: the ends of quarters since the strategy began, latest first, and the day chosen if it is another."""
    ends = [date(year, month, 31 if month in (3, 12) else 30) for year in range(starts.year, today.year + 1) for month in (3, 6, 9, 12)]
    return sorted({day for day in ends if starts <= day < today} | ({chosen} if chosen else set()), reverse=True)


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
