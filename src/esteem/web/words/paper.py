"""What stands on a printed page of services, before anything is set in type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    name: str
    organization: str
    summary: str
    lines: tuple[str, ...]
    mark: str = ""  # that it is made up, or has not been checked


@dataclass(frozen=True)
class Section:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Paper:
    """What stands on the paper. `crisis`: the lines that come first on every print."""

    title: str
    intro: str
    crisis_title: str
    crisis: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str
    qr: str = ""  # SVG
    qr_alt: str = ""
    lang: str = "en"
    rtl: bool = False


def sections_by(entries: Sequence[tuple[str, Entry]]) -> tuple[Section, ...]:
    """Entries gathered under their titles, in the order in which the titles first come."""
    gathered: dict[str, list[Entry]] = {}
    for title, entry in entries:
        gathered.setdefault(title, []).append(entry)
    return tuple(Section(title, tuple(found)) for title, found in gathered.items())
