"""Where the figures come from: the snapshot, the files it was read from, and its series."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Query, Router

from esteem import __version__
from esteem.evidence.definitions import all_measures
from esteem.terms.problems import Problem
from esteem.web import reading
from esteem.web.api import shapes
from esteem.web.api.answering import answered, page
from esteem.web.api.parameters import CURSOR, LIMIT

router = Router(tags=["Sources"])
SOURCE = Query("", max_length=100, description="Only what was read from this source.", examples=["eip_history"])
_EDITION = ", ".join(shapes.Edition.model_fields)
_SERIES = ", ".join(shapes.SeriesAnswer.model_fields)


@router.get("/sources", response=shapes.Page[shapes.Edition], summary="Every file")
@answered
def sources(request: HttpRequest, source: str = SOURCE, limit: int = LIMIT, cursor: str = CURSOR):
    """Every published file that was read: publisher, edition, checksum, licence, rows read and left out."""
    rows = reading.snapshot().rows(
        f"select {_EDITION} from editions where ? in ('', source) order by publisher, title, label, edition", [source]
    )
    return page(request, [_plain(row) for row in rows], limit, cursor)


@router.get("/sources/{edition}", response=shapes.Edition, summary="One file")
@answered
def one_source(request: HttpRequest, edition: str):
    """One published file, by the name of its edition."""
    rows = reading.snapshot().rows(f"select {_EDITION} from editions where edition = ?", [edition])
    if not rows:
        raise Problem("edition-unknown", "No file of this name was read.", edition[:80], "Choose one of /api/v1/sources.")
    return _plain(rows[0])


@router.get("/series", response=shapes.Page[shapes.SeriesAnswer], summary="Every series")
@answered
def series(request: HttpRequest, source: str = SOURCE, limit: int = LIMIT, cursor: str = CURSOR):
    """Every series of observations: what it holds, its unit and rounding, how it was published, its periods and checksum."""
    rows = reading.snapshot().rows(f"select {_SERIES} from series where ? in ('', source) order by id", [source])
    return page(request, [_plain(row) for row in rows], limit, cursor)


@router.get("/snapshots/current", response=shapes.SnapshotAnswer, summary="The snapshot")
@answered
def current_snapshot(request: HttpRequest):
    """The snapshot being served: all figures as they stood after one load."""
    snapshot = reading.snapshot()
    counts = {name: snapshot.rows(f"select count(*) as n from {name}")[0]["n"] for name in ("editions", "series", "observations")}
    return {
        "snapshot": snapshot.id,
        "created": snapshot.created.isoformat(),
        **counts,
        "measures": len(all_measures()),
        "places": len(snapshot.geography),
        "version": __version__,
    }


_OPTIONAL = {"covers", "status", "published", "loaded", "first_period", "last_period"}


def _plain(row: dict) -> dict:
    """Days as text; what the file does not say is empty text, save where the shape has null."""
    return {
        name: value.isoformat() if isinstance(value, date) else "" if value is None and name not in _OPTIONAL else value
        for name, value in row.items()
    }
