"""The daily round of the directory: time moves entries, owners are asked, the team gets its tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from esteem.directory import actions, queries
from esteem.directory.freshness import MOVED_BY_TIME
from esteem.directory.reminders import Due, due, message
from esteem.terms.actors import CLOCK
from esteem.web.mail import signed

# Where a link of a message leads; the pages stand in web/pages/find_help_keeping.py
CONFIRM_PATH, EDIT_PATH = "/find-help/confirm/", "/find-help/edit/"


@dataclass
class Round:
    """What one round did."""

    moved: list[actions.Moved]
    asked: int = 0
    tasks: int = 0
    without_owner: int = 0


def remind(*, at: datetime, site: str, send: Callable[[str, str, Sequence[str]], int], token: Callable[[], str]) -> Round:
    """Move entries by time and climb every rung that is due, each once. `send(subject, text, recipients)`; `token()` gives random texts.

    A rung is noted in the same transaction as its links, after the server has taken the mail: a failure leaves it to the next round.
    """
    done = Round(actions.move_by_time(by=CLOCK, at=at))
    owners: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for owner in queries.owners():
        owners[owner.service_id].append((owner.email, owner.fallback))
    services = queries.services(states=MOVED_BY_TIME, layer="services")
    for one in due(services, owners, queries.reminders_sent(), at.date()):
        with transaction.atomic():
            _climb(one, at, site, send, token, done)
    return done


def _climb(one: Due, at: datetime, site: str, send, token, done: Round) -> None:
    if one.rung.asks == "team" or not one.recipients:
        found = "nobody has said that this entry is right" if one.recipients or one.rung.asks == "team" else "it has no owner to ask"
        remedy = "Ring the service, or name an owner."
        done.tasks += actions.open_task(f"unassured:{one.service.id}", "unassured", one.service.id, found, remedy, by=CLOCK, at=at)
        done.without_owner += one.rung.asks != "team"
    for recipient in one.recipients:
        tokens = {purpose: token() for purpose in ("confirm", "edit")}
        for purpose, text in tokens.items():
            actions.make_link(one.service.id, text, purpose=purpose, by=CLOCK, at=at)
        addresses = (site + CONFIRM_PATH + signed(tokens["confirm"]), site + EDIT_PATH + signed(tokens["edit"]))
        mail = message(one, *addresses, at.date())
        done.asked += send(mail.subject, mail.text, [recipient])
    actions.note_reminder(one.service.id, one.counted_from, one.rung.day, len(one.recipients), by=CLOCK, at=at)
