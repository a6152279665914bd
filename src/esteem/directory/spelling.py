"""Spelling repair: a word that English does not know becomes the likeliest word of ours. Words that English knows are left alone.

Targets are words that matter here (the needs scheme, the crisis sentences, the index) and the commonest words of English; so a slip such as
"colage" can become "college", while a name that is rightly spelt stays. Deletes index by symspellpy, at most two letters away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from math import log10
from pathlib import Path

from symspellpy import SymSpell, Verbosity

from esteem.directory.needs import scheme
from esteem.directory.typed import even

_COMMONEST = 6000  # words of English, by frequency, that may be what somebody meant
_KNOWN_FROM = 20_000  # a word rarer than this in the frequency list is no proof of right spelling
_CANDIDATES = 8  # words as near as each other that are weighed against each other
_SHORTEST = 4  # shorter words are not repaired: too many are abbreviations
FILE = Path(__file__).with_name("spelling.txt")
PHRASINGS = Path(__file__).parent / "search" / "phrasings.txt"  # what the search learns from
_WORD = re.compile(r"[a-z]+")


@cache
def english() -> dict[str, int]:
    """word -> frequency, from the list that comes with symspellpy."""
    text = resources.files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return {word: int(count) for word, count in (line.split() for line in text.splitlines() if line)}


@cache
def _ours() -> tuple[frozenset[str], dict[str, str]]:
    """Words of our own, and the slips that no distance finds (wrong -> right), from `spelling.txt`."""
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    slips = dict(line.split("=", 1) for line in lines if "=" in line)
    return frozenset(word for line in lines if "=" not in line for word in line.split()), slips


@cache
def _scheme_words() -> frozenset[str]:
    phrases = [phrase for need in scheme().needs for phrase in (*need.says, *need.formal, need.label)]
    phrases += [line for line in PHRASINGS.read_text(encoding="utf-8").splitlines() if line[:1] not in "#["]
    return frozenset(word for phrase in phrases for word in even(phrase).split() if _WORD.fullmatch(word))


class Speller:
    """Repairs words. `words` are further right words and targets, such as those of an index."""

    def __init__(self, words: Iterable[str] = ()):
        frequency = english()
        ours, self._slips = _ours()
        targets = dict.fromkeys(_scheme_words() | ours | set(words), 0)
        targets |= dict.fromkeys(sorted(frequency, key=frequency.get, reverse=True)[:_COMMONEST], 0)
        self._right = {word for word, count in frequency.items() if count >= _KNOWN_FROM} | set(targets)
        self._right -= self._slips.keys() - set(self._slips.values())
        self._index = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        mine = _scheme_words() | ours
        self._weight = {word: frequency.get(word, 1000) + (50_000_000 if word in mine else 0) for word in targets if len(word) >= 3}
        for word, weight in self._weight.items():
            self._index.create_dictionary_entry(word, weight)
        self._sounds = {sound(word): word for word in sorted(mine, key=len) if len(word) >= 6}
        self._word = lru_cache(maxsize=20_000)(self._repaired)

    def word(self, word: str) -> str:
        """The word, repaired when it is not right and something near is."""
        return self._word(word)

    def text(self, even_text: str) -> str:
        """Each word of an even text repaired."""
        return " ".join(self._word(word) for word in even_text.split())

    def _repaired(self, word: str) -> str:
        if word in self._slips:
            return self._slips[word]
        if word in self._right or not _WORD.fullmatch(word):
            return word
        single = re.sub(r"(.)\1", r"\1", word)
        if single in self._right:
            return single
        last = re.sub(r"(.)\1$", r"\1", word)
        if last in self._right:
            return last
        if len(word) < _SHORTEST or len(word) > 24:
            return word
        if len(word) >= 6 and (heard := self._sounds.get(sound(word))):
            return heard
        found = self._index.lookup(word, Verbosity.CLOSEST, max_edit_distance=1 if len(word) < 6 else 2)
        found = [one for one in found if one.distance < 2 or one.term[0] == word[0] or len(word) >= 8]
        likeliest = sorted(found, key=lambda one: -one.count)[:_CANDIDATES]
        return min(likeliest, key=lambda one: slip(word, one.term) - 0.12 * log10(one.count)).term if found else word


_VOWELS = frozenset("aeiouy")
_ALIKE = {letter: group for group in ("ckqsxz", "fv", "mn", "dt", "gj", "bp") for letter in group}


def slip(typed: str, right: str) -> float:
    """How unlikely a slip is: letters doubled or swapped, vowels and letters that sound alike go wrong most. 0 for the same word."""
    before: list[float] = []
    row = [0.0]
    for letter, last in zip(right, "\0" + right, strict=False):
        row.append(row[-1] + (0.35 if letter == last else 0.75))
    for at, here in enumerate(typed, 1):
        extra = 0.35 if here == typed[at - 2 : at - 1] else 0.8
        new = [row[0] + extra]
        for to, there in enumerate(right, 1):
            missing = 0.35 if there == right[to - 2 : to - 1] else 0.75
            best = min(row[to - 1] + _changed(here, there, at == 1), row[to] + extra, new[-1] + missing)
            if at > 1 and to > 1 and here == right[to - 2] and typed[at - 2] == there and here != there:
                best = min(best, before[to - 2] + 0.6)
            new.append(best)
        before, row = row, new
    return row[-1]


def _changed(typed: str, right: str, first: bool) -> float:
    if typed == right:
        return 0.0
    if typed in _VOWELS and right in _VOWELS:
        return 0.5
    return (0.6 if right in _ALIKE.get(typed, "") else 1.1) + 0.4 * first


def sound(word: str) -> str:
    """How a word sounds, roughly: "skitzofrenia" and "schizophrenia" are one. For words that distance does not reach, or not first."""
    for written, heard in (
        ("tion", "shun"),
        ("sion", "shun"),
        ("cian", "shun"),
        ("sch", "sk"),
        ("ph", "f"),
        ("ck", "k"),
        ("tz", "s"),
        ("ce", "se"),
        ("ci", "si"),
        ("c", "k"),
        ("z", "s"),
        ("gh", ""),
    ):
        word = word.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouy]+", "a", word)).rstrip("a")


@cache
def speller() -> Speller:
    """The speller over English and the scheme, without words of an index. Shared; safe between threads."""
    return Speller()
