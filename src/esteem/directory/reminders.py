"""Asking owners whether their entry is still right: who is due which rung, and the words of the message. Sending is the caller's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from esteem.directory.freshness import PROMISED, Rung, age_on, rungs_reached
from esteem.directory.record import Service


@dataclass(frozen=True)
class Due:
    """A rung that an entry has reached and that was not climbed yet. Of several passed at once only the last is climbed."""

    service: Service
    rung: Rung
    counted_from: date
    recipients: tuple[str, ...]


def due(services: Iterable[Service], owners: dict[str, list[tuple[str, bool]]], sent: set[tuple[str, date, int]], day: date) -> list[Due]:
    """`owners`: service id -> (e-mail, is it the fallback); `sent`: (service id, counted from, rung's day) that were climbed before.

    Invented entries have no owner to write to, and places of national lists were never assured: neither is asked.
    """
    found = []
    for service in services:
        assured_on = service.assurance.assured_on
        if service.invented or service.layer != "services" or assured_on is None or service.state in ("draft", "closed"):
            continue
        asking = [rung for rung in rungs_reached(assured_on, day) if rung.asks]
        if asking and (service.id, assured_on, asking[-1].day) not in sent:
            found.append(Due(service, asking[-1], assured_on, _recipients(asking[-1], owners.get(service.id, []))))
    return found


def _recipients(rung: Rung, owners: list[tuple[str, bool]]) -> tuple[str, ...]:
    if rung.asks == "team":
        return ()
    first = tuple(email for email, fallback in owners if not fallback)
    second = tuple(email for email, fallback in owners if fallback)
    return first + second if rung.asks == "fallback" else first or second


@dataclass(frozen=True)
class Message:
    subject: str
    text: str


def message(due: Due, confirm_address: str, edit_address: str, day: date) -> Message:
    """The mail in plain words. The first link leads to a page with two buttons; opening it changes nothing by itself."""
    service, age = due.service, age_on(due.counted_from, day) or 0
    left = PROMISED - age
    late = (
        f"If we hear nothing in {left} days, the entry will say that it has not been checked, and people will see it lower down."
        if left > 0
        else "The entry now says that it has not been checked."
    )
    lines = (
        "Hello,",
        "",
        f"{service.name} is in the directory of services. It was last checked {age} days ago, on {due.counted_from:%d %B %Y}.",
        "",
        "Is it still right? Open this page to say yes, or that the service has closed:",
        confirm_address,
        "",
        "To change something:",
        edit_address,
        "",
        "What people see now:",
        *_entry(service),
        "",
        late,
        "The links work once and only for this entry. You need no password.",
    )
    return Message(f"Is this still right? {service.name}"[:180], "\n".join(lines))


def _entry(service: Service) -> Iterable[str]:
    yield f"  Phone: {', '.join(p.number for p in service.phones) or 'none'}"
    yield f"  Web: {service.url or 'none'}"
    yield f"  Hours: {'; '.join(s.description or s.byday for s in service.schedules) or 'not said'}"
    places = [at.location for at in service.locations]
    yield f"  Places: {'; '.join(p.name if p.confidential else _place(p) for p in places) or 'none'}"


def _place(place) -> str:
    return f"{place.address.address_1}, {place.address.postal_code}" if place.address else place.name
