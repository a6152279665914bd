"""Measures, as they are defined."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from ninja import Query, Router

from esteem.evidence.definitions import all_measures, find_measure
from esteem.evidence.model import Measure, Note, Published
from esteem.web.api import shapes
from esteem.web.api.answering import answered, page
from esteem.web.api.parameters import CURSOR, LIMIT

router = Router(tags=["Measures"])
TOPIC = Query("", max_length=100, description="Only measures whose topic holds this text.", examples=["Crisis"])


@router.get("/measures", response=shapes.Page[shapes.MeasureAnswer], summary="Every measure")
@answered
def measures(request: HttpRequest, topic: str = TOPIC, limit: int = LIMIT, cursor: str = CURSOR):
    """Every measure: its question, unit, standard, breakdowns and published series."""
    found = [one for one in all_measures().values() if topic.casefold() in one.topic.casefold()]
    return page(request, [_measure(one) for one in found], limit, cursor)


@router.get("/measures/{measure}", response=shapes.MeasureDefinition, summary="One measure")
@answered
def one_measure(request: HttpRequest, measure: str):
    """All there is to know about one measure, by its id or its national id."""
    found = find_measure(measure)
    return _measure(found) | {
        "interval": found.interval,
        "multiplier": found.multiplier,
        "place_pooling": found.place_pooling,
        "period_pooling": found.period_pooling,
        "control_limits": found.independent_periods,
        "joined": _published(found).joined,
        "checked_against": found.checked_against,
        "author": found.author,
        "review_date": found.review_date.isoformat(),
        "notes": [_note(note) for note in found.notes],
    }


def _measure(found: Measure) -> dict:
    standard = found.standard
    return {
        "id": found.id,
        "title": found.title,
        "topic": found.topic,
        "question": found.question,
        "why": found.why,
        "unit": found.unit,
        "kind": found.kind,
        "better": found.better,
        "standard": standard
        and {
            "value": standard.value,
            "words": standard.words,
            "source": standard.source,
            "since": standard.since.isoformat() if standard.since else None,
        },
        "breakdowns": list(found.breakdowns),
        "series": list(_published(found).series),
        "national_ids": list(found.national_ids),
        "figures": f"/api/v1/figures?measure={quote(found.id)}&where=E92000001",
    }


def _published(found: Measure) -> Published:
    """The published witness; one that names no series where the measure has none."""
    return found.published or Published(series=())


def _note(note: Note) -> dict:
    return {
        "text": note.text,
        "start": note.start.isoformat() if note.start else None,
        "end": note.end.isoformat() if note.end else None,
        "places": list(note.places),
        "author": note.author,
        "source": note.source,
        "rebase": note.rebase,
        "exclude": note.exclude,
    }
