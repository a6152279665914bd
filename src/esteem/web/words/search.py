"""Search over measures, places, promises and the glossary: every word counts, the beginnings of words and small slips of spelling too."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from esteem.evidence.model import Measure
from esteem.strategy.promises import Strategy
from esteem.terms.glossary import Term, all_terms
from esteem.terms.places import Place
from esteem.web.words import addresses
from esteem.web.words.place_view import KINDS

SHOWN = 12  # of each kind; the reader is told how many more there are
_EXACT, _BEGINNING, _SLIP = 1.0, 0.7, 0.5
_NAME, _TEXT = 3.0, 1.0
_ALIKE = 0.75  # share of letters two words must have in common (difflib) to be taken for one another
_EMPTY = {"a", "an", "and", "are", "at", "by", "do", "for", "how", "in", "is", "many", "of", "on", "or", "the", "to", "what", "who", "with"}
_AREAS = ("country", "region", "nhs_region", "icb", "sub_icb", "unitary", "utla", "ltla", "trust", "ccg")


@dataclass(frozen=True)
class Entry:
    """What can be found. Words of `name` count more than `hidden` ones; `rank` orders entries that match as well (lower first)."""

    kind: str  # "measure", "place", "promise" or "term"
    name: str
    text: str  # shown under the name, not searched
    address: str
    rank: int = 0
    hidden: str = ""  # searched, not shown: questions, codes, earlier names
    key: str = ""  # code of a place


@dataclass(frozen=True)
class Found:
    """Entries of one kind, best first, and how many more there are. `instead` maps words typed to the words they were taken for."""

    kind: str
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True)
class Results:
    found: tuple[Found, ...]
    instead: tuple[tuple[str, str], ...]

    @property
    def number(self) -> int:
        return sum(len(one.entries) + one.more for one in self.found)


def words_of(text: str) -> list[str]:
    """Words in lower case without accents; an apostrophe joins, any other sign parts."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "").replace("'", ""))
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


class Index:
    """Words to entries. Made once for a snapshot; searching does not change it."""

    def __init__(self, entries: Iterable[Entry]):
        self._entries = tuple(entries)
        self._by_word: dict[str, dict[int, float]] = defaultdict(dict)
        for number, entry in enumerate(self._entries):
            for text, weight in ((entry.hidden, _TEXT), (entry.name, _NAME)):
                for word in words_of(text):
                    self._by_word[word][number] = max(weight, self._by_word[word].get(number, 0.0))
        self._vocabulary = sorted(self._by_word)

    def search(self, text: str) -> Results:
        """Entries that hold every word of `text`; where none does, those that hold most of them."""
        typed = [w for w in words_of(text) if w not in _EMPTY] or words_of(text)
        points: dict[int, float] = defaultdict(float)
        held: dict[int, int] = defaultdict(int)
        instead = []
        for word in dict.fromkeys(typed):
            alike = self._alike(word)
            if alike and all(strength == _SLIP for strength in alike.values()):
                instead.append((word, next(iter(alike))))
            best: dict[int, float] = {}
            for known, strength in alike.items():
                for number, weight in self._by_word[known].items():
                    best[number] = max(best.get(number, 0.0), strength * weight)
            for number, score in best.items():
                points[number] += score
                held[number] += 1
        most = max(held.values(), default=0)
        kept = [number for number, count in held.items() if count == most]
        return Results(self._in_kinds(kept, points), tuple(instead))

    def _alike(self, word: str) -> dict[str, float]:
        """Known words for a word typed, with how sure the match is: the word itself and its continuations, else near spellings."""
        found = {known: _BEGINNING for known in self._vocabulary if len(word) > 2 and known.startswith(word)}
        if word in self._by_word:
            found[word] = _EXACT
        if found or len(word) < 4:
            return found
        near = get_close_matches(word, self._vocabulary, n=1, cutoff=_ALIKE)
        return {known: _SLIP for close in near for known in self._vocabulary if known.startswith(close)}

    def _in_kinds(self, numbers: Sequence[int], points: dict[int, float]) -> tuple[Found, ...]:
        ordered = sorted(numbers, key=lambda n: (-points[n], self._entries[n].rank, len(self._entries[n].name), self._entries[n].name))
        kinds: dict[str, list[Entry]] = {}
        for number in ordered:
            kinds.setdefault(self._entries[number].kind, []).append(self._entries[number])
        return tuple(Found(kind, tuple(entries[:SHOWN]), max(0, len(entries) - SHOWN)) for kind, entries in kinds.items())


def measure_entries(measures: Iterable[Measure]) -> list[Entry]:
    return [
        Entry("measure", m.title, m.question, addresses.measure(m.id), hidden=f"{m.question} {m.topic} {' '.join(m.national_ids)}")
        for m in measures
    ]


def place_entries(places: Iterable[Place]) -> list[Entry]:
    """Places with a name; those that exist come before those that ended, areas before providers."""
    return [
        Entry(
            "place",
            p.name,
            (f"{p.note} " if p.note else "")
            + f"{p.code}, {KINDS.get(p.kind, p.kind)}"
            + (f", ended {p.valid_to:%B %Y}" if p.valid_to else ""),
            addresses.place(p.code),
            rank=(100 if p.valid_to else 0) + (_AREAS.index(p.kind) if p.kind in _AREAS else len(_AREAS)),
            hidden=f"{p.code} {p.note}",
            key=p.code,
        )
        for p in places
        if p.kind != "unknown"
    ]


def promise_entries(strategies: Iterable[Strategy]) -> list[Entry]:
    return [
        Entry("promise", promise.text, f"{strategy.short}, promise {promise.row}", addresses.promise(strategy.id, promise.row))
        for strategy in strategies
        for promise in strategy.promises
    ]


def term_entries(terms: Iterable[Term] = all_terms()) -> list[Entry]:
    return [Entry("term", t.name + (f" ({t.short})" if t.short else ""), t.meaning, f"/glossary#{t.key}", hidden=t.meaning) for t in terms]
