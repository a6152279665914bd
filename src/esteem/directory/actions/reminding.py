"""One-time links, and the record of who was reminded when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from esteem.directory import queries
from esteem.directory.actions.assuring import close, confirm
from esteem.directory.actions.events import event, write
from esteem.directory.queries.work import digest
from esteem.directory.record import Service
from esteem.store import directory as kept
from esteem.store.transactions import together
from esteem.terms.actors import Actor

LINK_DAYS = 75  # a link of the first message still works when the last of the ladder is sent
PURPOSES = ("confirm", "edit")


def make_link(service_id: str, token: str, *, purpose: str = "confirm", by: Actor, at: datetime, days: int = LINK_DAYS) -> None:
    """A link for the owner of an entry. `token` is a random text of at least 32 characters; only its digest is kept."""
    if purpose not in PURPOSES or len(token) < 32:
        raise ValueError("a link has one of the known purposes and a token of at least 32 characters")
    with together():
        kept.OneTimeLink.objects.create(
            digest=digest(token), service_id=service_id, purpose=purpose, made_at=at, expires_at=at + timedelta(days=days)
        )
        write(event("link made", "service", service_id, by=by, at=at, purpose=purpose))


def use_link(token: str, *, at: datetime) -> queries.Link:
    """Use up a link; the second time it is a Problem. The caller does what it was for in the same transaction."""
    with together():
        found = queries.link(token, at)
        used = kept.OneTimeLink.objects.filter(digest=digest(token), used_at=None).update(used_at=at)
        if not used:  # somebody else was faster
            return queries.link(token, at)
        return found


def answer_by_link(token: str, answer: str, *, at: datetime) -> Service:
    """One click of the owner: `right` confirms the entry, `closed` closes it. A change goes through the edit form, then confirms."""
    if answer not in ("right", "closed"):
        raise ValueError("the owner says right or closed")
    with together():
        link = use_link(token, at=at)
        service = queries.service(link.service_id)
        owner = Actor("owner", service.organization.name)
        if answer == "right":
            return confirm(service.id, how="owner", by=owner, at=at)
        return close(service.id, by=owner, at=at, why="The owner says that it has closed.")


def note_reminder(service_id: str, counted_from: date, day: int, recipients: int, *, by: Actor, at: datetime) -> None:
    """That a rung of the ladder was climbed, so that it is climbed once."""
    with together():
        kept.Reminder.objects.create(service_id=service_id, counted_from=counted_from, day=day, at=at, recipients=recipients)
        write(event("reminded", "service", service_id, by=by, at=at, day=day, recipients=recipients))
