"""The languages of find help: which there are, the one of this request, and `say`, which puts our words into it.

Catalogues are gettext .po files in `web/languages/`, one a language, whose msgid is the English text. What a catalogue lacks is said in
English. Crisis words are only translated when a person who speaks the language has reviewed them (`reviewed` in languages.toml).
"""

from __future__ import annotations

import tomllib
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "catalogues"
ENGLISH = "en"
_current: ContextVar[str] = ContextVar("language", default=ENGLISH)


@dataclass(frozen=True)
class Language:
    """`state`: complete (every text), begun (the texts of the first pages), or prepared (it waits for a translator; English stands in).

    `direction`: ltr or rtl. Until a speaker has `reviewed` the catalogue it is a draft: pages say so, and words for a crisis stay English.
    """

    code: str
    name: str  # in itself
    english: str
    direction: str = "ltr"
    state: str = "prepared"
    reviewed: str = ""  # the day on which a speaker last reviewed the catalogue

    @property
    def draft(self) -> bool:
        return self.code != ENGLISH and not self.reviewed


@cache
def languages() -> dict[str, Language]:
    rows = tomllib.loads((FOLDER / "languages.toml").read_text(encoding="utf-8"))["language"]
    return {row["code"]: Language(**row) for row in rows}


@cache
def catalogue(code: str) -> dict[str, str]:
    """msgid -> translation; empty for English and for a language without a catalogue."""
    path = FOLDER / f"{code}.po"
    if code == ENGLISH or not path.is_file():
        return {}
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id and message.string and not message.fuzzy}


def speak(code: str) -> object:
    """Sets the language of what this thread says from now on; returns a token for `restore`."""
    return _current.set(code if code in languages() else ENGLISH)


def restore(token: object) -> None:
    _current.reset(token)


def spoken() -> Language:
    return languages()[_current.get()]


def say(text: str) -> str:
    """Our own words in the language of the request. Never for what a service wrote of itself."""
    return catalogue(_current.get()).get(text, text)


def say_reviewed(text: str) -> str:
    """For words that a life may hang on: translated only where a speaker has reviewed them."""
    return text if spoken().draft else say(text)
