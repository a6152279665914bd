"""What the small model sees of a sentence: words, pairs, triples and pieces of words, and the same with kinds of words in their place.

Kinds are of two makes: `concepts.txt`, written by hand, and groups of words that mean alike (`word_kinds.npz`: see docs/third-party.md). A
word that was never learned from still has a kind, so that "tramadol" may be heard as "tablets" are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np

PLACES = 1 << 18
MOST_WORDS = 60
CONCEPTS = Path(__file__).with_name("concepts.txt")
KINDS = Path(__file__).with_name("word_kinds.npz")


@cache
def _lists() -> dict[str, list[str]]:
    lines = (line.split(" = ", 1) for line in CONCEPTS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return {kind: words.split() for kind, words in lines}


@cache
def joining() -> frozenset[str]:
    """Words that hold a sentence together: they keep their own form beside kinds, since "i" and "you", "not" and "to" change the sense."""
    return frozenset(_lists()["joining"])


@cache
def concepts() -> dict[str, str]:
    """word -> kind, by hand."""
    return {word: kind for kind, words in _lists().items() if kind != "joining" for word in words}


@cache
def kinds() -> dict[str, tuple[str, str]]:
    """word -> its wide and its narrow group of meaning."""
    with np.load(KINDS) as kept:
        words = bytes(kept["words"]).decode("ascii").split("\n")
        return {word: (f"#{wide}", f"#{narrow}") for word, (wide, narrow) in zip(words, kept["groups"].tolist(), strict=True)}


def features(repaired: str) -> np.ndarray:
    """Sorted places (int64) that the repaired even text turns on."""
    words = repaired.split()[:MOST_WORDS]
    parts = [*_sequence("w", words), *_pieces(words), *_by_concept(words)]
    known, joined = kinds(), joining()
    for at in (0, 1):
        grouped = [word if word in joined else known[word][at] if word in known else "?" for word in words]
        parts += _sequence(f"g{at}", grouped)
    return np.unique(np.fromiter((crc32(part.encode()) % PLACES for part in parts), np.int64, len(parts)))


def _sequence(mark: str, words: Sequence[str]) -> Iterator[str]:
    padded = ["<", *words, ">"]
    yield from (f"{mark}w {word}" for word in words)
    yield from (f"{mark}b {one} {two}" for one, two in pairwise(padded))
    yield from (f"{mark}t {a} {b} {c}" for a, b, c in zip(padded, padded[1:], padded[2:], strict=False))
    yield from (f"{mark}s {a} {c}" for a, c in zip(padded, padded[2:], strict=False))


def _pieces(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        marked = f"<{word}>"
        yield from (f"c {marked[at : at + 4]}" for at in range(len(marked) - 3))


def _by_concept(words: Sequence[str]) -> Iterator[str]:
    """Kinds and joining words alone, in their order: what lies between is passed over, so that distant words meet."""
    by_hand, joined = concepts(), joining()
    heard = [by_hand.get(word) or (word if word in joined else "") for word in words]
    yield from _sequence("h", [one or "*" for one in heard])
    named = [by_hand[word] for word in words if word in by_hand]
    yield from (f"p {a} {b}" for at, a in enumerate(named) for b in named[at + 1 : at + 6])
    yield from (f"q {a} {b} {c}" for a, b, c in zip(named, named[1:], named[2:], strict=False))
    yield from (f"u {a} {b}" for a in sorted(set(named)) for b in sorted(set(named)) if a < b)
