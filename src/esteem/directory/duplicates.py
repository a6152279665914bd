"""Whether two entries are one service: how alike their names are, and whether telephone, postcode and web host agree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from esteem.directory.record import Service

MERGE_ABOVE = 0.92
PROPOSE_FROM = 0.75
_WEIGHTS = {"phone": 0.2, "postcode": 0.15, "web host": 0.15}
_NAME_WEIGHT = 0.5
# A name alone proves nothing ("Food bank"): without one more thing that agrees, a person decides.
_NAME_ALONE = 0.9
_SMALL_WORDS = {"the", "a", "of", "for", "and", "in", "at", "service", "services", "group"}


@dataclass(frozen=True)
class Likeness:
    other_id: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Marks:
    """What of a service is compared."""

    id: str
    name: str
    phone: frozenset[str]
    postcode: frozenset[str]
    host: frozenset[str]

    @classmethod
    def of(cls, service: Service) -> Marks:
        phones = (*service.phones, *(p for c in service.contacts for p in c.phones), *(p for at in service.locations for p in at.phones))
        addresses = (at.location.address for at in service.locations)
        host = urlsplit(service.url).hostname or ""
        return cls(
            service.id,
            " ".join(w for w in re.findall(r"[a-z0-9]+", service.name.lower().replace("'", "")) if w not in _SMALL_WORDS),
            frozenset(re.sub(r"\D", "", p.number) for p in phones),
            frozenset(a.postal_code.replace(" ", "").upper() for a in addresses if a and a.postal_code),
            frozenset({host.removeprefix("www.")} - {""}),
        )


def likeness(one: Marks, other: Marks) -> Likeness:
    """From 0 to 1. What either of the two does not say counts neither for nor against."""
    name = fuzz.token_sort_ratio(one.name, other.name) / 100
    held = {"phone": (one.phone, other.phone), "postcode": (one.postcode, other.postcode), "web host": (one.host, other.host)}
    compared = {what: bool(a & b) for what, (a, b) in held.items() if a and b}
    weight = _NAME_WEIGHT + sum(_WEIGHTS[what] for what in compared)
    score = (_NAME_WEIGHT * name + sum(_WEIGHTS[what] for what, same in compared.items() if same)) / weight
    agreeing = tuple(what for what, same in compared.items() if same)
    if not agreeing:
        score = min(score, _NAME_ALONE)
    return Likeness(other.id, round(score, 4), (f"names alike to {name:.0%}", *(f"same {what}" for what in agreeing)))


class Known:
    """The entries that are there, found by what they share with a new one."""

    def __init__(self, services: Iterable[Service]):
        self.marks: dict[str, Marks] = {}
        self.by: dict[tuple[str, str], set[str]] = defaultdict(set)
        for service in services:
            self.add(service)

    def add(self, service: Service) -> None:
        marks = Marks.of(service)
        self.marks[service.id] = marks
        for key in _keys(marks):
            self.by[key].add(service.id)

    def likest(self, service: Service) -> Likeness | None:
        """The entry most like this one, from PROPOSE_FROM up."""
        marks = Marks.of(service)
        candidates = {id_ for key in _keys(marks) for id_ in self.by.get(key, ())} - {service.id}
        found = max((likeness(marks, self.marks[id_]) for id_ in candidates), key=lambda like: (like.score, like.other_id), default=None)
        return found if found and found.score >= PROPOSE_FROM else None


def _keys(marks: Marks) -> Iterable[tuple[str, str]]:
    yield from (("phone", p) for p in marks.phone)
    yield from (("postcode", p) for p in marks.postcode)
    yield from (("host", h) for h in marks.host)
    words = sorted(marks.name.split(), key=lambda w: (-len(w), w))[:2]
    yield from (("word", word[:6]) for word in words)
