"""Spelling repair: a word that English does not know becomes the likeliest word of ours. Words that English knows are left alone.

Targets are words that matter here (the needs scheme, the crisis sentences, the index) and the commonest words of English; so a slip such as
"colage" can become "college", while a name that is rightly spelt stays. Deletes index by symspellpy, at most two letters away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from symspellpy import SymSpell, Verbosity

from esteem.directory.needs import scheme
from esteem.directory.typed import even

_COMMONEST = 6000  # words of English, by frequency, that may be what somebody meant
_KNOWN_FROM = 20_000  # a word rarer than this in the frequency list is no proof of right spelling
_SHORTEST = 4  # shorter words are not repaired: too many are abbreviations
FILE = Path(__file__).with_name("spelling.txt")
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
    phrases = (phrase for need in scheme().needs for phrase in (*need.says, *need.formal, need.label))
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
        for word in targets:
            if len(word) >= 3:
                self._index.create_dictionary_entry(word, frequency.get(word, 1000) + (20_000_000 if word in mine else 0))
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
        reach = 1 if len(word) < 6 else 2
        found = self._index.lookup(word, Verbosity.CLOSEST, max_edit_distance=reach)
        found = [one for one in found if one.distance < 2 or one.term[0] == word[0] or len(word) >= 8]
        return found[0].term if found else self._sounds.get(sound(word), word) if len(word) >= 6 else word


def sound(word: str) -> str:
    """How a word sounds, roughly: "skitzofrenia" and "schizophrenia" are one. For words that no distance reaches."""
    for written, heard in (
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
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouy]+", "a", word))


@cache
def speller() -> Speller:
    """The speller over English and the scheme, without words of an index. Shared; safe between threads."""
    return Speller()
