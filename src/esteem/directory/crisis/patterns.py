"""The patterns of `patterns.yaml`: read once, checked, and matched against words that were made even and repaired."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from esteem.directory.crisis.model import LEVELS
from esteem.directory.typed import without_accents
from esteem.terms.problems import Problem, Problems

FILE = Path(__file__).with_name("patterns.yaml")


@dataclass(frozen=True)
class Pattern:
    """`weight` is added to the odds (logarithm) of `level` when one of `any_` is found and none of `unless`."""

    id: str
    level: str
    weight: float
    any_: re.Pattern
    unless: re.Pattern | None

    def speaks(self, text: str) -> bool:
        return bool(self.any_.search(text)) and not (self.unless and self.unless.search(text))


@dataclass(frozen=True)
class Patterns:
    patterns: tuple[Pattern, ...]
    foreign: tuple[tuple[str, str], ...]  # (language, fragment)

    def speaking(self, text: str) -> list[Pattern]:
        return [pattern for pattern in self.patterns if pattern.speaks(text)]

    def sums(self, text: str) -> np.ndarray:
        """Of the patterns that speak for none, signpost, crisis: the sums of their weights, then the greatest of each. Shape (6,)."""
        return sums_of(self.speaking(text))

    def in_another_language(self, text: str) -> str:
        """The language in which the text holds a phrase of danger; "" for none."""
        if text.isascii() and len(text) < 5:
            return ""
        plain = plain_foreign(text)
        return next((language for language, fragment in self.foreign if fragment in plain), "")


def sums_of(speaking: Iterable[Pattern]) -> np.ndarray:
    sums, greatest = np.zeros(len(LEVELS)), np.zeros(len(LEVELS))
    for pattern in speaking:
        at = LEVELS.index(pattern.level)
        sums[at] += pattern.weight
        greatest[at] = max(greatest[at], pattern.weight)
    return np.concatenate([sums, greatest])


def plain_foreign(text: str) -> str:
    """Without case, accents (of Latin and Arabic letters) and double spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ı", "i").replace("ł", "l")
    folded = folded.translate({ord(c): "ا" for c in "أإآ"})
    return " ".join((without_accents(folded) if folded.isascii() or max(folded) < "Ԁ" else folded).split())


@cache
def patterns() -> Patterns:
    return read_patterns(FILE)


def read_patterns(path: Path) -> Patterns:
    """Raises Problems that name the pattern, when an expression does not compile or a level is unknown."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    words, wrong, made = content.get("words", {}), [], []
    for row in content["patterns"]:
        try:
            made.append(_pattern(row, words))
        except (re.error, KeyError, ValueError) as reason:
            remedy = "Correct the pattern; the head of the file says what each field is."
            wrong.append(Problem("crisis-pattern", f"The pattern {row.get('id', '?')} cannot be used.", str(reason), remedy, path.name))
    if wrong:
        raise Problems(wrong)
    foreign = content.get("languages", {}).get("crisis", {})
    return Patterns(tuple(made), tuple((language, plain_foreign(x)) for language, fragments in foreign.items() for x in fragments))


def _pattern(row: dict, words: dict[str, str]) -> Pattern:
    if row["level"] not in LEVELS:
        raise ValueError(f"level is one of {', '.join(LEVELS)}")

    def joined(parts: list[str]) -> re.Pattern:
        for name, meaning in words.items():
            parts = [part.replace("{" + name + "}", meaning) for part in parts]
        return re.compile("|".join(f"(?:{part})" for part in parts))

    unless = joined(row["unless"]) if row.get("unless") else None
    return Pattern(row["id"], row["level"], float(row["weight"]), joined(row["any"]), unless)
