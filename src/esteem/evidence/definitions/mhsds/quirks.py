"""The quirk register: where the national figure differs from what its definition says. Each is a switch of the workbench."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Quirk:
    """`as_published` reproduces the national figure, `corrected` is what the definition means (`ours`: by a choice of this project).

    `measures` in words; `evidence`: read in the published code, confirmed by running it, or both.
    """

    id: str
    measures: str
    as_published: str
    corrected: str
    ours: bool
    evidence: str


@cache
def quirks() -> dict[str, Quirk]:
    raw = tomllib.loads(Path(__file__).with_name("quirks.toml").read_text(encoding="utf-8"))
    return {name: Quirk(name, **fields) for name, fields in raw.items()}


def find_quirk(name: str) -> Quirk:
    """Problem `quirk-unknown` for an id that the register does not hold."""
    if name not in quirks():
        near = get_close_matches(name, quirks(), n=3)
        raise Problem("quirk-unknown", "A quirk is one of the register.", name, f"Did you mean {', '.join(near)}?" if near else "")
    return quirks()[name]
