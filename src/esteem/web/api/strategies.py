"""Strategies and their sheets: the same rows as `esteem sheet --format json`."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from esteem.strategy import rows
from esteem.strategy.promises import Strategy
from esteem.strategy.sheet import Sheet
from esteem.terms.problems import Problem
from esteem.web import reading
from esteem.web.api import shapes
from esteem.web.api.answering import answered, page
from esteem.web.api.parameters import AS_AT, CURSOR, LIMIT
from esteem.web.words.sheets import title_of

router = Router(tags=["Strategies"])


@router.get("/strategies", response=shapes.Page[shapes.StrategyAnswer], summary="Every strategy")
@answered
def strategies(request: HttpRequest, limit: int = LIMIT, cursor: str = CURSOR):
    """Every strategy with its vision, dates and places."""
    return page(request, [_strategy(found) for found in reading.strategies().values()], limit, cursor)


@router.get("/strategies/{strategy}/sheet", response=shapes.SheetAnswer, summary="A strategy's sheet")
@answered
def one_sheet(request: HttpRequest, strategy: str, as_at: str = AS_AT):
    """Every promise of a strategy: is it being kept, by which rule, and what it would take to tell. What needs attention comes first."""
    found = reading.sheet_of(strategy, request.as_at)
    return {
        "snapshot": found.snapshot_id,
        "strategy": strategy,
        "title": title_of(found.strategy),
        "as_at": _iso(found.as_at),
        "figures_to": _iso(found.figures_to),
        "counts": found.counts,
        "attention": [{"row": a.row, "text": a.text, "points": a.points, "reasons": list(a.reasons)} for a in found.attention],
        "promises": rows.as_rows(found),
    }


@router.get("/strategies/{strategy}/promises/{row}", response=shapes.Promise, summary="One promise")
@answered
def one_promise(request: HttpRequest, strategy: str, row: str, as_at: str = AS_AT):
    """One promise of a strategy, by its row (E14)."""
    found = reading.sheet_of(strategy, request.as_at)
    _check_promise(found, row)
    return next(one for one in rows.as_rows(found) if one["row"] == row.upper())


def _check_promise(sheet: Sheet, row: str) -> None:
    if sheet.promise(row.upper()) is None:
        known = f"{sheet.promises[0].promise.row} to {sheet.promises[-1].promise.row}"
        raise Problem("promise-unknown", "A promise is named by its row.", row[:80], f"Use one of {known}.")


def _strategy(found: Strategy) -> dict:
    return {
        "id": found.id,
        "title": title_of(found),
        "short": found.short,
        "vision": list(found.vision),
        "starts": found.starts.isoformat(),
        "ends": _iso(found.ends),
        "places": [{"name": one.name, "words": one.words, "codes": list(one.codes)} for one in found.places],
        "promises": len(found.promises),
        "sheet": f"/api/v1/strategies/{found.id}/sheet",
    }


def _iso(day) -> str | None:
    return day.isoformat() if day else None
