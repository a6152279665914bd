"""Automatic checks of every entry. What one finds becomes a task for a person, never a silent change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers

from esteem.directory.importing import texts
from esteem.directory.reading_age import SERVICE_TEXT_AT_MOST, grade
from esteem.directory.record import Phone, Schedule, Service
from esteem.evidence.sources.postcodes import written_postcode

# Ranges nobody can be reached on: Ofcom keeps them for drama. An invented entry may use them and nothing else.
DRAMA = ("01632960", "02079460", "07700900", "08081570", "03069990", "01134960", "01154960", "01164960", "01174960", "01214960")
_ORDINARY_TEXT = 40  # words; the reading grade of less is chance


@dataclass(frozen=True)
class Found:
    """One thing to look at. `key` is the same when the same thing is found again."""

    key: str
    kind: str
    service_id: str
    found: str
    remedy: str


def check(services: Iterable[Service], known_postcode: Callable[[str], bool]) -> Iterator[Found]:
    """Everything that can be seen without asking anybody. `known_postcode` is asked only for postcodes of our own area."""
    services = list(services)
    for service in services:
        for kind, about, found, remedy in _of_one(service, known_postcode):
            yield Found(f"{kind}:{service.id}:{about}"[:200], kind, service.id, found, remedy)
    yield from _claimed_twice(services)


def _of_one(service: Service, known_postcode: Callable[[str], bool]) -> Iterator[tuple[str, str, str, str]]:
    for phone in _phones(service):
        if problem := phone_problem(phone.number, service.invented):
            yield "phone", phone.number, f"{phone.number}: {problem}", "Ring the service and correct the number."
    for address in filter(None, (service.url, service.organization.website)):
        if not texts.web(address):
            yield "link", address, f"{address} is no web address", "Correct it or leave it empty."
    for at in service.locations:
        postcode = at.location.address.postal_code if at.location.address else ""
        if postcode and (written_postcode(postcode) is None or not known_postcode(postcode)):
            yield "postcode", postcode, f"{postcode} is not in the list of postcodes", "Look the address up and correct it."
    for schedule in (*service.schedules, *(s for at in service.locations for s in at.schedules)):
        if problem := hours_problem(schedule):
            yield "hours", schedule.id, f"{schedule.description or schedule.byday}: {problem}", "Ask the service for its hours."
    if not service.needs and service.layer == "services":
        yield "needs", "", "the service has no need: no search by need finds it", "Choose one to four needs."
    if len(service.description.split()) >= _ORDINARY_TEXT and (found := grade(service.description)) > SERVICE_TEXT_AT_MOST:
        yield "reading", "", f"the text is hard to read (grade {found:g})", "Shorter sentences, plainer words; or write a summary."


def _phones(service: Service) -> list[Phone]:
    every = (*service.phones, *(p for c in service.contacts for p in c.phones), *(p for at in service.locations for p in at.phones))
    return list({p.number: p for p in every}.values())


def phone_problem(number: str, invented: bool = False) -> str:
    """Why a number cannot be right, in words; empty when nothing speaks against it."""
    digits = "".join(c for c in number if c.isdigit())
    if 3 <= len(digits) <= 6:
        return ""
    if digits.startswith(DRAMA):
        return "" if invented else "nobody has this number: it is kept for drama"
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return "it cannot be dialled"
    return "" if phonenumbers.is_valid_number(parsed) else "no such number is given out"


def hours_problem(schedule: Schedule) -> str:
    """Why these hours never open or cannot be meant; empty when nothing speaks against them."""
    if schedule.opens_at is not None and schedule.opens_at == schedule.closes_at:
        return "it opens and closes at the same minute"
    if (schedule.opens_at is None) != (schedule.closes_at is None):
        return "one of the two times is missing"
    if schedule.valid_from and schedule.valid_to and schedule.valid_from > schedule.valid_to:
        return "it ends before it begins"
    if not (schedule.byday or schedule.bymonthday or schedule.description):
        return "no day is said"
    if schedule.interval > 1 and schedule.dtstart is None:
        return "every second or third week, and no first day is said"
    if schedule.freq == "WEEKLY" and any(day[:-2] for day in schedule.byday.split(",") if day):
        return "an ordinal day such as 2MO needs a monthly schedule"
    return ""


def _claimed_twice(services: list[Service]) -> Iterator[Found]:
    """Two organisations that claim one telephone number; services of one organisation may share theirs."""
    owners: dict[str, dict[str, Service]] = defaultdict(dict)
    for service in services:
        for phone in _phones(service):
            owners["".join(c for c in phone.number if c.isdigit())].setdefault(service.organization.id, service)
    for number, by_owner in owners.items():
        if len(by_owner) > 1 and len(number) > 6:
            first, *others = sorted(by_owner.values(), key=lambda s: s.id)
            names = ", ".join(s.name for s in (first, *others))
            yield Found(f"claimed twice:{number}", "claimed twice", first.id, f"{number} stands at {names}", "Ring it and ask whose it is.")


def check_links(services: Iterable[Service], ask: Callable[[str], str]) -> Iterator[Found]:
    """Whether web addresses answer. `ask(address)` gives why one does not, in words; each address is asked once."""
    asked: dict[str, str] = {}
    for service in services:
        address = service.url
        if not address or (urlsplit(address).hostname or "").endswith((".example.org", ".example", "example.org")):
            continue
        if address not in asked:
            asked[address] = ask(address)
        if asked[address]:
            remedy = "Open the page and correct the address."
            yield Found(f"link answers:{service.id}"[:200], "link answers", service.id, f"{address}: {asked[address]}", remedy)


PARKED = (
    "domain is for sale",
    "buy this domain",
    "this domain is parked",
    "domain parking",
    "website coming soon",
    "hugedomains",
    "sedo.com",
)


def page_problem(body: str) -> str:
    """Whether what answers is a parked name rather than a page."""
    low = body[:20_000].lower()
    return "a parked page answers, with the name for sale" if any(sign in low for sign in PARKED) else ""
