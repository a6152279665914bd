"""Saying that an entry is right, closing it, and what time alone does to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from esteem.directory import queries
from esteem.directory.actions.events import event, write
from esteem.directory.actions.keeping import keep_service, keep_services
from esteem.directory.freshness import MOVED_BY_TIME, state_on
from esteem.directory.record import Assurance, Service
from esteem.store import directory as kept
from esteem.store.transactions import together
from esteem.terms.actors import Actor

HOW = ("owner", "council", "phone call", "visit", "review")


def confirm(service_id: str, *, how: str, by: Actor, at: datetime) -> Service:
    """Somebody with authority says that the entry is right: it is assured on that day, and shown."""
    if how not in HOW:
        raise ValueError(f"an assurance is given by one of {', '.join(HOW)}: {how!r}")
    service = queries.service(service_id)
    assured = replace(service, assurance=Assurance(at.date(), by.name, how), state="published")
    with together():
        _done_with(service_id, ("unassured",), by, at)
        return keep_service(assured, by=by, at=at, why=f"confirmed by {how}")


def close(service_id: str, *, by: Actor, at: datetime, why: str) -> Service:
    """The service is no longer there. It leaves every list; its page says so."""
    return keep_service(replace(queries.service(service_id), state="closed", status="defunct"), by=by, at=at, why=why)


@dataclass(frozen=True)
class Moved:
    service_id: str
    name: str
    before: str
    after: str


def move_by_time(*, by: Actor, at: datetime) -> list[Moved]:
    """Entries whose age has brought them to another state, each with its event."""
    services = [s for s in queries.services(states=MOVED_BY_TIME) if s.layer == "services"]
    late = [replace(s, state=state) for s in services if (state := state_on(s.assurance.assured_on, at.date(), s.state)) != s.state]
    before = {s.id: s.state for s in services}
    keep_services(late, by=by, at=at, why="days since it was last checked")
    return [Moved(s.id, s.name, before[s.id], s.state) for s in late]


def name_owner(service_id: str, email: str, *, name: str = "", fallback: bool = False, by: Actor, at: datetime) -> None:
    """Whom to ask about an entry. The history says that somebody was named, not who: the address is private."""
    with together():
        kept.OwnerContact.objects.update_or_create(service_id=service_id, email=email, defaults={"name": name, "fallback": fallback})
        write(event("owner named", "service", service_id, by=by, at=at))


def _done_with(service_id: str, kinds: tuple[str, ...], by: Actor, at: datetime) -> None:
    for task in kept.Task.objects.filter(service_id=service_id, kind__in=kinds, done_at=None):
        task.done_at = at
        task.save()
        write(event("task done", "task", task.key[:60], by=by, at=at))
