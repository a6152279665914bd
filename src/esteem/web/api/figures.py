"""Figures: `ask` for programs, with the rows of `esteem ask --format json`."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router

from esteem.evidence.ask import ask, latest
from esteem.evidence.computed_witness import measure_of
from esteem.evidence.definitions import find_measure
from esteem.evidence.publish import as_rows, release
from esteem.evidence.records.record_store import RecordStore
from esteem.web import reading
from esteem.web.api import parameters, shapes
from esteem.web.api.answering import answered, page
from esteem.web.api.parameters import AS_AT, CURSOR, LIMIT

router = Router(tags=["Figures"])
_KEPT = 4  # answers kept for those who read on page by page; a long one holds some ten thousand rows
MEASURE = Query(..., min_length=1, max_length=100, description="Id of a measure.", examples=["psychosis-treated-within-two-weeks"])
WHERE = Query(
    ...,
    min_length=1,
    max_length=400,
    description="Code of a place; codes joined by a comma are added together where that is valid; all:ccg gives each CCG by itself.",
    examples=["99G"],
)
OVER = Query(
    "", max_length=40, description="A period, or the first and last joined by two dots. Default: the latest.", examples=["2018/19"]
)
BY = Query("", max_length=60, description="A breakdown of the measure: one row for each group.")
SPC = Query("false", description="`true` adds control limits, label, variation and assurance, over the whole series by default.")
AGAINST = Query("", max_length=100, description="A group of the breakdown, or a place: adds ratio and difference with their limits.")
WITNESS = Query("published", description="`computed` counts from the loaded records; `measure` may then be a national id: MHS95, EIP23i.")
MODE = Query("as-published", description="With `computed`: `corrected` puts the known quirks of the national code right.")


@router.get("/figures", response=shapes.Page[shapes.Figure], summary="Ask for figures")
@answered
def figures(
    request: HttpRequest,
    measure: str = MEASURE,
    where: str = WHERE,
    over: str = OVER,
    by: str = BY,
    spc: Literal["true", "false"] = SPC,
    against: str = AGAINST,
    witness: Literal["published", "computed"] = WITNESS,
    mode: Literal["as-published", "corrected"] = MODE,
    as_at: str = AS_AT,
    limit: int = LIMIT,
    cursor: str = CURSOR,
):
    """How many, where, when, for whom, compared with what. A value that is null has a flag that says why."""
    asked = (measure, parameters.where(where), over, by, spc == "true", against, request.as_at)
    if witness == "computed":
        return page(request, _counted(reading.snapshot(), RecordStore().current("mhsds").id, mode, *asked), limit, cursor)
    return page(request, _rows(reading.snapshot(), *asked), limit, cursor)


@lru_cache(maxsize=_KEPT)
def _rows(snapshot, measure: str, where: str, over: str, by: str, spc: bool, against: str, day: date | None) -> list[dict]:
    when = parameters.over(over)
    answers = ask(snapshot, find_measure(measure), where, when, by or None, spc=spc, against=against or None, as_at=day)
    return as_rows(release(answers if when or spc else latest(answers)), spc=spc, against=bool(against))


@lru_cache(maxsize=_KEPT)
def _counted(snapshot, edition: str, mode: str, measure: str, where: str, over: str, by: str, spc: bool, against: str, day) -> list[dict]:
    """`edition`: of the records, so that another load is counted anew."""
    when, asked = parameters.over(over), measure_of(measure)
    answers = ask(snapshot, asked, where, when, by or None, spc=spc, against=against or None, as_at=day, witness="computed", mode=mode)
    return as_rows(release(answers), spc=spc)
