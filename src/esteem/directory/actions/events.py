"""The history: one row for everything that is done to a record, written in the same transaction as the thing itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from esteem.store import directory as kept
from esteem.terms.actors import Actor


def event(
    what: str, subject: str, subject_id: str, *, by: Actor, at: datetime, why: str = "", before: dict[str, Any] | None = None, **after: Any
) -> kept.Event:
    """An event that is not saved yet, so that many can be saved at once. `at` carries its time zone."""
    if at.tzinfo is None:
        raise ValueError("an event's time carries its time zone")
    return kept.Event(
        at=at,
        actor_kind=by.kind,
        actor=by.name,
        what=what,
        subject=subject,
        subject_id=subject_id,
        why=why,
        before=before or {},
        after=after,
    )


def write(*events: kept.Event) -> None:
    kept.Event.objects.bulk_create(events)
