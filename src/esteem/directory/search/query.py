"""What is asked, and what was read out of the words. Words are looked at and forgotten: neither value is ever stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

WHO = ("self", "parent", "carer", "partner", "family", "friend", "professional")
GENDERS = ("women", "men")
CHANNELS = ("in_person", "phone", "text", "online", "home_visit")
ACCESS = ("step_free", "easy_read", "hearing_loop", "british_sign_language", "quiet_space")
WHEN = ("now", "today", "evening", "weekend", *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
# Kinds of constraints that can be read out of words, and undone one by one.
KINDS = ("age", "who", "gender", "cost", "channel", "language", "access", "when", "place")


@dataclass(frozen=True)
class Query:
    """A question. Choices in one field are alternatives (OR); fields must all be met (AND).

    `ages`: (lowest, highest) of the person the help is for. `point`: (latitude, longitude) of a cell. `areas`: codes that hold it.
    `when`: one of WHEN, or a day and a part of it: "sunday-evening". `undo`: KINDS that must not be read out of the words.
    """

    text: str = ""
    needs: tuple[str, ...] = ()
    ages: tuple[int | None, int | None] | None = None
    who: str = ""
    genders: tuple[str, ...] = ()
    free: bool = False
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    when: str = ""
    point: tuple[float, float] | None = None
    areas: frozenset[str] = frozenset()
    place_name: str = ""
    within_km: float | None = None
    open_now: bool = False
    undo: frozenset[str] = frozenset()
    as_typed: bool = False  # do not repair the spelling
    at: datetime | None = None
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True)
class Understood:
    """One constraint read out of the words: "Showing help for a 16-year-old". `undo` is the value of the parameter that takes it away."""

    kind: str
    value: str
    words: str

    @property
    def undo(self) -> str:
        return self.kind


@dataclass
class Reading:
    """A text after reading: what is left of the words, the constraints and where they came from. `masked`: words that are no subject."""

    words: list[str]
    masked: set[int] = field(default_factory=set)
    understood: list[Understood] = field(default_factory=list)
