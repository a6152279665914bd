"""What waits for somebody: reports, tasks, proposals to merge; and whom to ask."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from esteem.store import directory as kept
from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Report:
    code: str
    service_id: str
    service_name: str
    kind: str
    words: str
    made_at: datetime
    due_on: date
    settled_at: datetime | None
    answer: str


def reports(*, settled: bool = False) -> list[Report]:
    """Reports that wait (or that are settled), the ones due first."""
    rows = kept.Report.objects.filter(settled_at__isnull=not settled).order_by("due_on", "made_at")
    return [_report(row) for row in rows.select_related("service")]


def report(code: str) -> Report:
    """One report, for whoever has its code. Raises Problem `report-unknown`."""
    row = kept.Report.objects.filter(code=code.strip().upper()[:12]).select_related("service").first()
    if row is None:
        raise Problem("report-unknown", "A report is found by the code it was given.", code[:20], "Check the code: 8 letters and numbers.")
    return _report(row)


def _report(row: kept.Report) -> Report:
    return Report(row.code, row.service_id, row.service.name, row.kind, row.words, row.made_at, row.due_on, row.settled_at, row.answer)


@dataclass(frozen=True)
class Task:
    id: int
    key: str
    kind: str
    service_id: str
    service_name: str
    found: str
    remedy: str
    made_at: datetime
    done_at: datetime | None


def tasks(*, done: bool = False, service_id: str | None = None) -> list[Task]:
    """What the team has to look at, oldest first."""
    rows = kept.Task.objects.filter(done_at__isnull=not done).order_by("made_at", "id")
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    columns = ("id", "key", "kind", "service_id", "service__name", "found", "remedy", "made_at", "done_at")
    return [Task(*row) for row in rows.values_list(*columns)]


@dataclass(frozen=True)
class MergeProposal:
    id: int
    kept_id: str
    kept_name: str
    other_id: str
    other_name: str
    score: float
    reasons: tuple[str, ...]
    made_at: datetime
    decision: str


def merge_proposals(*, decided: bool = False) -> list[MergeProposal]:
    """Pairs of entries that may be one, the likeliest first."""
    rows = kept.MergeProposal.objects.order_by("-score", "id")
    rows = rows.exclude(decision="") if decided else rows.filter(decision="")
    columns = ("id", "kept_id", "kept__name", "other_id", "other__name", "score", "reasons", "made_at", "decision")
    return [MergeProposal(*row[:6], tuple(row[6]), *row[7:]) for row in rows.values_list(*columns)]


@dataclass(frozen=True)
class Owner:
    """Private: shown to the directory's team and to nobody else."""

    service_id: str
    name: str
    email: str
    fallback: bool


def owners(service_id: str | None = None) -> list[Owner]:
    rows = kept.OwnerContact.objects.order_by("service_id", "fallback", "email")
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    return [Owner(*row) for row in rows.values_list("service_id", "name", "email", "fallback")]


def reminders_sent() -> set[tuple[str, date, int]]:
    """(service, day of the assurance it counted from, rung) of every rung that was climbed."""
    return set(kept.Reminder.objects.values_list("service_id", "counted_from", "day"))


@dataclass(frozen=True)
class Link:
    service_id: str
    purpose: str
    expires_at: datetime


def link(token: str, at: datetime) -> Link:
    """What a one-time link is for, without using it. Raises Problem `link-unknown`, `link-used` or `link-expired`."""
    row = kept.OneTimeLink.objects.filter(digest=digest(token)).first()
    ask = "Ask the directory's team for a new link."
    if row is None:
        raise Problem("link-unknown", "A link works as it stood in the message.", "a link that we did not make", ask)
    if row.used_at is not None:
        raise Problem("link-used", "A link works once.", f"used on {row.used_at:%d %B %Y}", ask)
    if row.expires_at < at:
        raise Problem("link-expired", "A link works until its last day.", f"its last day was {row.expires_at:%d %B %Y}", ask)
    return Link(row.service_id, row.purpose, row.expires_at)


def digest(token: str) -> str:
    """What is kept of a token: nobody who reads the database can follow its links."""
    return hashlib.sha256(token.encode()).hexdigest()
