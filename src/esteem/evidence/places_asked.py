"""Which places a question is about: one code, several added together, a named group, or every place of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from esteem.terms.problems import Problem

EVERY = "all:"
# What a reader may write after `all:`, and the kinds of place it stands for (a CCG and its sub-ICB location are one place).
KINDS_OF = {
    "ccg": ("ccg", "sub_icb"),
    "sub_icb": ("ccg", "sub_icb"),
    "icb": ("icb",),
    "stp": ("icb",),
    "nhs_region": ("nhs_region",),
    "region": ("region", "nhs_region"),
    "council": ("ltla", "utla", "unitary"),
    "district": ("ltla", "unitary"),
    "county": ("utla", "unitary"),
    "trust": ("trust", "provider"),
    "provider": ("trust", "provider"),
    "country": ("country",),
}


@dataclass(frozen=True)
class PlaceAsked:
    """One place of the answer. `parts` are the codes to add together: its own alone when it is a single place."""

    code: str
    name: str
    parts: tuple[str, ...]

    @property
    def is_group(self) -> bool:
        return self.parts != (self.code,)


def kinds_asked(where: str | Sequence[str]) -> tuple[str, ...]:
    """Kinds of place when the question is about every place of a kind (`all:ccg`), else nothing. Problem `kind-unknown`."""
    texts = [where] if isinstance(where, str) else list(where)
    if len(texts) != 1 or not texts[0].lower().startswith(EVERY):
        return ()
    kind = texts[0][len(EVERY) :].strip().lower().replace("-", "_")
    if kind not in KINDS_OF:
        found = f"Use one of: {', '.join(EVERY + name for name in KINDS_OF)}."
        raise Problem("kind-unknown", "After `all:` comes a kind of place.", texts[0], found)
    return KINDS_OF[kind]


def place_asked(geography, where: str | Sequence[str]) -> PlaceAsked:
    """The place of a question. Several codes are one pooled place. Problems `place-unknown`, `group-overlap`, `group-empty`."""
    text = where if isinstance(where, str) else "+".join(where)
    parts = geography.members(text)
    if text.strip() in geography.groups:
        return PlaceAsked(text.strip(), geography.place(text.strip()).name, parts)
    code = "+".join(parts)
    return PlaceAsked(code, geography.place(code).name, parts)
