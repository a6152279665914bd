"""The numbers for a crisis: one file of reviewed data, checked when it is read and for the age of its reviews."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from esteem.terms.problems import Problem, Problems

FILE = Path(__file__).with_name("numbers.toml")
GROUPS = ("danger", "urgent", "talk", "abuse")
KINDS = ("call", "text", "chat")
WARN_AFTER, FAIL_AFTER = 60, 92  # days since the review: the design of find help, section 4
_NEEDED = ("id", "group", "label", "number", "kind", "hours", "words", "source", "reviewed_on", "reviewed_by")


@dataclass(frozen=True)
class CrisisNumber:
    """`ages`: from and to, both included; None for everyone. `areas` empty: all England. `young`: leads for people under 18.
    `confirmed`: somebody has compared the entry with the service itself.
    """

    id: str
    group: str
    label: str
    number: str
    kind: str
    hours: str
    words: str
    source: str
    reviewed_on: date
    reviewed_by: str
    confirmed: bool = False
    ages: tuple[int, int] | None = None
    areas: tuple[str, ...] = ()
    young: bool = False
    strip: bool = False
    body: str = ""  # what to write in a text message

    @property
    def address(self) -> str:
        """`tel:`, `sms:` or the address of a chat."""
        dialled = re.sub(r"\D", "", self.number)
        if self.kind == "chat":
            return self.number
        return f"tel:{dialled}" if self.kind == "call" else f"sms:{dialled}" + (f"?&body={self.body}" if self.body else "")

    @property
    def national(self) -> bool:
        return not self.areas

    def suits(self, age: int | None) -> bool:
        return self.ages is None or age is None or self.ages[0] <= age <= self.ages[1]


@cache
def numbers() -> tuple[CrisisNumber, ...]:
    return read_numbers(FILE)


def read_numbers(path: Path) -> tuple[CrisisNumber, ...]:
    """The numbers in the order of the file. Problems `crisis-numbers` name the entry and what is wrong in it."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["number"]
    except (tomllib.TOMLDecodeError, KeyError) as wrong:
        raise Problem("crisis-numbers", "The file is TOML with [[number]] entries.", str(wrong), "Correct it.", path.name) from None
    problems = [problem for row in rows for problem in _wrong(row, path)]
    if problems:
        raise Problems(problems)
    return tuple(_number(row) for row in rows)


def _number(row: dict) -> CrisisNumber:
    ages = tuple(row["ages"]) if "ages" in row else None
    return CrisisNumber(**row | {"ages": ages, "areas": tuple(row.get("areas", ()))})


def _wrong(row: dict, path: Path) -> list[Problem]:
    name = str(row.get("id", "an entry without id"))
    rules = [
        (not [key for key in _NEEDED if not row.get(key)], f"Every number has {', '.join(_NEEDED)}."),
        (row.get("group") in GROUPS, f"The group is one of {', '.join(GROUPS)}."),
        (row.get("kind") in KINDS, f"The kind is one of {', '.join(KINDS)}."),
        (isinstance(row.get("reviewed_on"), date), "reviewed_on is a day, written 2026-11-28."),
        (row.get("kind") == "chat" or bool(re.fullmatch(r"[\d ]{3,14}", str(row.get("number", "")))), "A number is digits and spaces."),
        (isinstance(row.get("confirmed", False), bool), "confirmed is true or false."),
        (_ages_fit(row.get("ages")), "ages are two whole numbers, the lower first."),
        (not set(row) - set(CrisisNumber.__dataclass_fields__), "Fields are those that the head of the file names."),
    ]
    return [
        Problem("crisis-numbers", rule, name, "Look the number up at its source and correct it.", path.name)
        for fits, rule in rules
        if not fits
    ]


def _ages_fit(ages) -> bool:
    return ages is None or (isinstance(ages, list) and len(ages) == 2 and all(isinstance(one, int) for one in ages) and ages[0] <= ages[1])


@dataclass(frozen=True)
class Review:
    """How the reviews stand on a day: `due` are 60 days old and more, `over` 92 and more or dated later than the day itself."""

    due: tuple[CrisisNumber, ...]
    over: tuple[CrisisNumber, ...]


def review(on: date, found: tuple[CrisisNumber, ...] | None = None) -> Review:
    rows = numbers() if found is None else found
    over = tuple(one for one in rows if not 0 <= (on - one.reviewed_on).days < FAIL_AFTER)
    due = tuple(one for one in rows if one not in over and (on - one.reviewed_on).days >= WARN_AFTER)
    return Review(due, over)
