"""Putting what a source says beside what is kept: new entries, changes, doubles. All of a source or nothing.

What the source said last time is kept beside the entry. A field that the entry still has as the source had it follows the source; a field
that somebody changed here, or that another publisher filled, stays, and both values are shown (`queries.conflicts`). The same file again
changes no row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from esteem.directory import queries
from esteem.directory.actions.events import event, write
from esteem.directory.actions.keeping import keep_services
from esteem.directory.actions.merging import joined
from esteem.directory.actions.reporting import propose_merge
from esteem.directory.body import fingerprint, from_body, to_body
from esteem.directory.confidential import without_secret_places
from esteem.directory.duplicates import MERGE_ABOVE, Known, Likeness
from esteem.directory.freshness import state_on
from esteem.directory.record import Provenance, Service
from esteem.store import directory as kept
from esteem.store.transactions import together
from esteem.terms.actors import Actor

_EVERY_STATE = ("draft", *queries.SHOWN, "hidden", "closed")
_NOT_THE_SOURCES = ("state", "last_modified", "provenance")
_OUR_OWN = {"id", "state", "last_modified", "provenance", "assurance"}


@dataclass
class Received:
    """What an import did. `merged` and `proposed`: (name, name of the entry it is like, score)."""

    new: int = 0
    changed: int = 0
    same: int = 0
    merged: list[tuple[str, str, float]] = field(default_factory=list)
    proposed: list[tuple[str, str, float]] = field(default_factory=list)
    addresses_dropped: int = 0


def receive(found: Iterable[Service], source: str, *, by: Actor, at: datetime, state: str | None = None, doubles: bool = True) -> Received:
    """Services of one source. `state`: what new entries get (default: what their assurance says; never assured means stale).

    `doubles=False` leaves out the comparison with entries of other sources, as for a national list of places.
    """
    received = Received()
    services = [_safe(s, received) for s in found]
    services = list({s.provenance[0].source_id: s for s in services}.values())
    with together():
        work = _Work(source, at, by, state, received)
        work.sort(services, doubles)
        work.write()
    return received


def _safe(service: Service, received: Received) -> Service:
    """Without secret addresses before anything at all is kept of it, what the source said included."""
    safe = without_secret_places(service)
    received.addresses_dropped += safe is not service
    return safe


class _Work:
    """One import: which entry each record belongs to, and what is to be written."""

    def __init__(self, source: str, at: datetime, by: Actor, state: str | None, received: Received):
        self.source, self.at, self.by, self.state, self.received = source, at, by, state, received
        self.to_keep: dict[str, Service] = {}
        self.new_records: list[kept.SourceRecord] = []
        self.changed_records: list[kept.SourceRecord] = []
        self.proposals: list[tuple[str, Likeness]] = []
        self.merges: list[tuple[str, str, float]] = []

    def sort(self, services: list[Service], doubles: bool) -> None:
        rows = {r.source_id: r for r in kept.SourceRecord.objects.filter(source=self.source)}
        told = [s for s in services if s.provenance[0].source_id in rows]
        first_time = [s for s in services if s.provenance[0].source_id not in rows]
        entries = queries.services_by_id(rows[s.provenance[0].source_id].service_id for s in told)
        for service in told:
            self.follow(service, rows[service.provenance[0].source_id], entries)
        known = Known(self.others()) if doubles and first_time else None
        for service in first_time:
            self.take_in(service, known)

    def others(self) -> Iterable[Service]:
        return (s for s in queries.services(states=_EVERY_STATE) if s.state != "closed" and self.source not in _sources(s))

    def follow(self, service: Service, row: kept.SourceRecord, entries: dict[str, Service]) -> None:
        """A record that was here before."""
        body = _said(service)
        if row.fingerprint == (print_ := fingerprint(body)):
            self.received.same += 1
            return
        entry = self.to_keep.get(row.service_id) or entries[row.service_id]
        self.to_keep[entry.id] = self.updated(entry, row.body, body, service)
        row.body, row.fingerprint, row.imported_on = body, print_, self.at.date()
        self.changed_records.append(row)
        self.received.changed += 1

    def updated(self, entry: Service, before: dict, now: dict, service: Service) -> Service:
        held = to_body(entry, ("id", "last_modified"))
        for name in {*before, *now} - _OUR_OWN:
            if held.get(name) == before.get(name):
                held.pop(name, None)
                if name in now:
                    held[name] = now[name]
        follows = from_body(Service, held, id=entry.id, last_modified=None)
        if _later(service.assurance.assured_on, entry.assurance.assured_on):
            follows = replace(follows, assurance=service.assurance)
        return replace(follows, state=state_on(follows.assurance.assured_on, self.at.date(), entry.state))

    def take_in(self, service: Service, known: Known | None) -> None:
        """A record that was never here: a new entry, or one more publisher of an entry that is."""
        like = known.likest(service) if known else None
        if like and like.score > MERGE_ABOVE:
            entry = self.to_keep.get(like.other_id) or queries.service(like.other_id)
            self.to_keep[entry.id] = joined(entry, self.dated(service))
            self.record(service, entry.id)
            self.merges.append((service.name, entry.name, like.score))
            write(event("merged", "service", entry.id, by=self.by, at=self.at, source=self.source, score=like.score))
            self.received.changed += 1
            return
        if like:
            self.proposals.append((service.id, like))
            self.received.proposed.append((service.name, known.marks[like.other_id].name, like.score))
        self.to_keep[service.id] = self.dated(service)
        self.record(service, service.id)
        self.received.new += 1

    def dated(self, service: Service) -> Service:
        provenance = tuple(replace(p, imported_on=self.at.date()) for p in service.provenance)
        assured = service.assurance.assured_on
        state = self.state or (state_on(assured, self.at.date()) if assured else "stale")
        return replace(service, provenance=provenance, state=state)

    def record(self, service: Service, entry_id: str) -> None:
        body = _said(service)
        self.new_records.append(
            kept.SourceRecord(
                source=self.source,
                source_id=service.provenance[0].source_id,
                service_id=entry_id,
                imported_on=self.at.date(),
                fingerprint=fingerprint(body),
                body=body,
            )
        )

    def write(self) -> None:
        keep_services(self.to_keep.values(), by=self.by, at=self.at, why=f"read from {self.source}")
        kept.SourceRecord.objects.bulk_create(self.new_records, batch_size=400)
        kept.SourceRecord.objects.bulk_update(self.changed_records, ["body", "fingerprint", "imported_on"], batch_size=100)
        for service_id, like in self.proposals:
            propose_merge(service_id, like.other_id, like.score, list(like.reasons), by=self.by, at=self.at)
        self.received.merged = self.merges


def _said(service: Service) -> dict:
    return to_body(service, _NOT_THE_SOURCES)


def _sources(service: Service) -> set[str]:
    return {p.source for p in service.provenance if isinstance(p, Provenance)}


def _later(one: date | None, other: date | None) -> bool:
    return one is not None and (other is None or one > other)
