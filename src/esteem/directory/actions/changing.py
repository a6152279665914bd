"""What an owner changes through the link of a reminder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from esteem.directory import queries
from esteem.directory.actions.assuring import confirm
from esteem.directory.actions.keeping import keep_service
from esteem.directory.actions.reminding import use_link
from esteem.directory.actions.reporting import open_task
from esteem.directory.record import Service
from esteem.store.transactions import together
from esteem.terms.actors import Actor


def change_by_link(token: str, changed: Service, *, looked_at: Sequence[str] = (), at: datetime) -> Service:
    """Keep the owner's values and count the entry as confirmed; what needs a second look becomes a task. The link is used up.

    Raises Problems `link-unknown`, `link-used`, `link-expired`. A link of one entry changes no other.
    """
    with together():
        link = use_link(token, at=at)
        service = queries.service(link.service_id)
        owner = Actor("owner", service.organization.name)
        said = changed.wait if changed.wait.kind != "said" or changed.wait.said_on else replace(changed.wait, said_on=at.date())
        keep_service(replace(changed, id=service.id, organization=service.organization, wait=said), by=owner, at=at, why="the owner's form")
        if looked_at:
            found = f"The owner changed: {', '.join(looked_at)}."
            open_task(f"owner-change:{service.id}", "owner change", service.id, found, "Read the entry and its history.", by=owner, at=at)
        return confirm(service.id, how="owner", by=owner, at=at)
