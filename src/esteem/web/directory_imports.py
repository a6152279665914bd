"""One import from beginning to end: what kind of source it is, who reads it, what is put into the directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from esteem.directory import actions
from esteem.directory.importing.feeds import read_feed
from esteem.directory.importing.fetching import Fetcher
from esteem.directory.importing.files import read_path
from esteem.directory.importing.openreferral_records import Locate, read_service
from esteem.directory.importing.template import read_template
from esteem.directory.places import locator
from esteem.directory.record import Service
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.actors import Actor
from esteem.terms.problems import Problem, Problems

_TEMPLATES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods")
_MOST_WRONG = 200


@dataclass(frozen=True)
class Request:
    source: str
    name: str = ""
    licence: str = ""
    attribution: str = ""
    allow_private: bool = False
    dry_run: bool = False
    by: str = "directory team"


class _WriteNothing(Exception):
    """Ends a dry run inside its transaction, so that everything is tried and nothing stays."""


def bring_in(request: Request, *, at: datetime, tell: Callable[[str, int], None] = lambda words, done: None) -> actions.Received:
    """Read the whole source, then write it in one transaction. Raises Problem or Problems; then nothing was written."""
    services, owners, source = _read(request, locator(open_snapshot()), tell)
    by = Actor("importer", f"{request.by}, from {source}"[:300])
    received = None
    try:
        with transaction.atomic():
            received = actions.receive(services, source, by=by, at=at)
            _name_owners(services, owners, source, by, at)
            if request.dry_run:
                raise _WriteNothing
    except _WriteNothing:
        pass
    return received


def _read(request: Request, locate: Locate, tell) -> tuple[list[Service], dict[str, str], str]:
    """(services, source id -> e-mail of the owner, name of the source)."""
    path = Path(request.source)
    if "://" not in request.source and path.suffix.lower() in _TEMPLATES:
        rows = read_template(path, locate)
        source = f"file:{path.name}"
        return [r.service for r in rows], {r.service.provenance[0].source_id: r.owner_email for r in rows if r.owner_email}, source
    if "://" in request.source:
        source = request.name or request.source.split("?")[0].rstrip("/").removesuffix("/services")
        with Fetcher(private=request.allow_private) as fetcher:
            records = list(read_feed(request.source, fetcher, tell))
    else:
        source = request.name or f"file:{path.name}"
        records = list(read_path(path))
    return _services(records, source, request, locate), {}, source


def _services(records: list[dict], source: str, request: Request, locate: Locate) -> list[Service]:
    found, wrong = [], []
    for record in records:
        try:
            found.append(read_service(record, source, locate=locate, licence=request.licence, attribution=request.attribution))
        except Problem as problem:
            wrong.append(problem)
    if wrong:
        raise Problems(wrong[:_MOST_WRONG])
    return found


def _name_owners(services: list[Service], owners: dict[str, str], source: str, by: Actor, at: datetime) -> None:
    from esteem.directory import queries

    entries = queries.services_of_sources(source, owners)
    known = {(owner.service_id, owner.email) for owner in queries.owners()}
    for source_id, email in owners.items():
        if (entries[source_id], email) not in known:
            actions.name_owner(entries[source_id], email, by=by, at=at)
