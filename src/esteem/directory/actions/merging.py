"""Making one entry of two: what both publishers said is kept, the history names both."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from esteem.directory import queries
from esteem.directory.actions.events import event, write
from esteem.directory.actions.keeping import keep_service
from esteem.directory.record import Service
from esteem.store import directory as kept
from esteem.store.transactions import together
from esteem.terms.actors import Actor

# What a second publisher may add where the first says nothing.
_FILLED = (
    *("description", "summary", "what_happens_next", "url", "email", "phones", "contacts", "channels", "costs", "languages"),
    *("accessibility", "coverage", "schedules", "locations", "application_process", "interpretation_services"),
)


def joined(service: Service, other: Service) -> Service:
    """The first entry with its gaps filled from the second, and the provenance of both."""
    gaps = {name: getattr(other, name) for name in _FILLED if not getattr(service, name) and getattr(other, name)}
    sources = dict.fromkeys((*service.provenance, *other.provenance))
    needs = tuple(dict.fromkeys((*service.needs, *other.needs)))[:4]
    return replace(service, **gaps, needs=needs, provenance=tuple(sources))


def merge(kept_id: str, other_id: str, *, by: Actor, at: datetime) -> Service:
    """One entry of two. The second is closed and points to the first; its sources speak for the first from now on."""
    service, other = queries.service(kept_id), queries.service(other_id)
    with together():
        kept.SourceRecord.objects.filter(service_id=other.id).update(service_id=service.id)
        keep_service(replace(other, state="closed", locations=(), alert=f"Now part of: {service.name}"), by=by, at=at, why="merged")
        write(event("merged", "service", service.id, by=by, at=at, other=other.id, other_name=other.name))
        return keep_service(joined(service, other), by=by, at=at, why=f"merged with {other.name}")
