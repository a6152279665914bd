"""The lines of `services_*.txt`: needs | name | who | how | when | cost | where | more | in our own words.

who   ages and for whom: `18+`, `11-18`, `all`, with `men` or `women` where it is for them alone
how   i in person, p phone, t text, o online, h home visit
when  `MO-FR 9-17; SA 10-13`, `2WE 14-16` second Wednesday of the month; short: D office hours, L long days with Saturday, X every day from
      8 to 22, 24 day and night
cost  pounds; 0 is free
where a town, or an area of several districts (`towns.py`)
more  r:self,gp,school routes; w:14 days to wait; int interpreters; er easy read; qs quiet space; hl hearing loop; sens, refuge, carers;
      anything else is a list of languages
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from esteem.directory.weekdays import DAYS

FOLDER = Path(__file__).parent
_CHANNELS = {"i": "in_person", "p": "phone", "t": "text", "o": "online", "h": "home_visit"}
_ROUTES = {"self": "self", "gp": "gp", "school": "school", "prof": "professional", "drop": "drop_in", "any": "any"}
_SHORT = {"D": "MO-FR 9-17", "L": "MO-FR 8-20; SA 9-17", "X": "MO-SU 8-22", "24": "MO-SU 0-24"}
_MARKS = {"int", "er", "qs", "hl", "sens", "refuge", "carers"}


@dataclass(frozen=True)
class Slot:
    """Days and times: `byday` like "MO,TU", or "2WE" with `monthly`."""

    byday: str
    opens: time
    closes: time
    monthly: bool = False


@dataclass(frozen=True)
class Line:
    needs: tuple[str, ...]
    name: str
    youngest: int | None
    oldest: int | None
    gender: str
    channels: tuple[str, ...]
    slots: tuple[Slot, ...]
    short: str  # D, L, X, 24 or empty
    cost: float
    where: str
    words: str
    routes: tuple[str, ...] = ("self",)
    wait: int | None = None
    marks: frozenset[str] = frozenset()
    languages: tuple[str, ...] = field(default=())


def lines() -> Iterator[Line]:
    """Every invented service, in the order of the files."""
    for path in sorted(FOLDER.glob("services_*.txt")):
        for text in path.read_text(encoding="utf-8").splitlines():
            if text.strip() and not text.startswith("#"):
                yield read_line(text)


def read_line(text: str) -> Line:
    needs, name, who, how, when, cost, where, more, words = (cell.strip() for cell in text.split("|"))
    youngest, oldest, gender = _who(who)
    return Line(
        tuple(needs.split()),
        name,
        youngest,
        oldest,
        gender,
        tuple(_CHANNELS[letter] for letter in how.split()),
        tuple(_slots(_SHORT.get(when, when))),
        when if when in _SHORT else "",
        float(cost),
        where,
        words,
        **_more(more),
    )


def _who(text: str) -> tuple[int | None, int | None, str]:
    ages, _, gender = text.partition(" ")
    if ages == "all":
        return None, None, gender
    if ages.endswith("+"):
        return int(ages[:-1]), None, gender
    youngest, oldest = ages.split("-")
    return int(youngest), int(oldest), gender


def _slots(text: str) -> Iterator[Slot]:
    for part in text.split(";"):
        days, hours = _SHORT.get(part.strip(), part).split()
        opens, closes = (_time(hour) for hour in hours.split("-"))
        yield Slot(_byday(days), opens, closes, monthly=days[0].isdigit())


def _time(text: str) -> time:
    """`18:30`, `9`; 24 is the last minute of the day, as the schema writes it."""
    hour, _, minute = text.partition(":")
    return time(23, 59) if hour == "24" else time(int(hour), int(minute or 0))


def _byday(text: str) -> str:
    first, _, last = text.partition("-")
    return ",".join(DAYS[DAYS.index(first) : DAYS.index(last) + 1]) if last else text


def _more(text: str) -> dict:
    found: dict = {"marks": frozenset()}
    for word in text.split():
        if word.startswith("r:"):
            found["routes"] = tuple(_ROUTES[route] for route in word[2:].split(","))
        elif word.startswith("w:"):
            found["wait"] = int(word[2:])
        elif word in _MARKS:
            found["marks"] |= {word}
        elif re.fullmatch(r"[a-z]{2,3}(,[a-z]{2,3})*", word):
            found["languages"] = (*found.get("languages", ()), *word.split(","))
        else:
            raise ValueError(f"not a mark, a route, a wait or a language: {word!r}")
    return found
