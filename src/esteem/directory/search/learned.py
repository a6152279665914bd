"""Which needs a sentence speaks of, learned from the needs scheme, `examples.txt` and `phrasings.txt`. numpy alone.

One linear layer and a softmax over words, pairs of words and pieces of words. Weights ship; `python packaging/learn_needs.py` learns them
again. A phrase added to the scheme works at once through the thesaurus (`understanding.py`); learning spreads it to words that are like it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np

from esteem.directory.needs import FILE as SCHEME
from esteem.directory.needs import scheme
from esteem.directory.typed import even, stem

PLACES = 1 << 15
EXAMPLES = Path(__file__).with_name("examples.txt")
PHRASINGS = Path(__file__).with_name("phrasings.txt")
# Checksums of sentences that are too like a judged phrase to be learned from (packaging/leave_out.py).
LEFT_OUT = Path(__file__).with_name("left_out.txt")
WEIGHTS = Path(__file__).with_name("needs_weights.npz")
# Words that carry no subject, on their own.
STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "the",
        "i",
        "am",
        "my",
        "me",
        "you",
        "your",
        "he",
        "she",
        "it",
        "we",
        "they",
        "is",
        "are",
        "was",
        "be",
        "been",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "from",
        "with",
        "about",
        "by",
        "or",
        "but",
        "so",
        "if",
        "as",
        "that",
        "this",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "can",
        "cant",
        "could",
        "would",
        "should",
        "will",
        "just",
        "really",
        "very",
        "some",
        "any",
        "there",
        "their",
        "his",
        "her",
        "our",
        "get",
        "got",
        "need",
        "want",
        "help",
        "please",
        "someone",
        "something",
        "anyone",
        "who",
        "what",
        "where",
        "when",
        "how",
        "not",
        "no",
        "dont",
        "im",
        "want",
        "like",
        "go",
        "going",
        "out",
        "up",
        "too",
        "much",
        "more",
        "near",
        "live",
    ]
)


# How much each kind of feature weighs: words, pairs as they stand, pairs without stop words, beginnings and endings of words.
_WORTH = {"w": 1.0, "b": 0.7, "k": 0.7, "c": 0.5, "e": 0.4}


def features(even_text: str) -> tuple[np.ndarray, np.ndarray]:
    """(places that the words turn on, how strongly: a row of length one). The text is even and its spelling repaired."""
    words = even_text.split()[:40]
    stems = [stem(word) for word in words]
    telling = [s for word, s in zip(words, stems, strict=True) if word not in STOP]
    parts = [f"w {s}" for s in telling] + [f"b {a} {b}" for a, b in pairwise(stems)]
    parts += [f"k {a} {b}" for a, b in pairwise(telling)]
    for word, s in zip(words, stems, strict=True):
        if word not in STOP and len(s) >= 5:
            parts += [f"c {s[:5]}", f"e {word[-5:]}"]
    on = {crc32(part.encode()) % PLACES: _WORTH[part[0]] for part in parts}
    strength = np.fromiter(on.values(), np.float32, len(on))
    return np.fromiter(on.keys(), np.int64, len(on)), strength / max(float(np.sqrt(strength @ strength)), 1e-6)


def fingerprint(even_text: str) -> str:
    return hashlib.sha256(even_text.encode()).hexdigest()[:16]


@cache
def left_out() -> frozenset[str]:
    return frozenset(LEFT_OUT.read_text(encoding="utf-8").split())


def examples() -> list[tuple[tuple[str, ...], str, float]]:
    """(needs, main one first; sentence; weight) of the scheme, of `examples.txt` and of `phrasings.txt`."""
    rows: list[tuple[tuple[str, ...], str, float]] = []
    for need in scheme().needs:
        rows += [((need.id,), phrase, 1.0) for phrase in need.says]
        rows += [((need.id,), phrase, 0.7) for phrase in (*need.formal, need.label)]
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            needs, sentence = line.split("|", 1)
            rows.append((tuple(needs.split()), sentence.strip(), 1.5))
    rows += [(needs, sentence, 1.0) for needs, sentence in phrasings()]
    return [row for row in rows if fingerprint(even(row[1])) not in left_out()]


def phrasings() -> list[tuple[tuple[str, ...], str]]:
    """(needs, main one first; sentence) of `phrasings.txt`."""
    rows, needs = [], ()
    for line in PHRASINGS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            needs = tuple(line.strip("[]").split())
        elif line and not line.startswith("#"):
            rows.append((needs, line))
    return rows


def checksum() -> str:
    return hashlib.sha256(SCHEME.read_bytes() + EXAMPLES.read_bytes() + PHRASINGS.read_bytes() + LEFT_OUT.read_bytes()).hexdigest()


def _softmax(score: np.ndarray) -> np.ndarray:
    score = np.exp(score - score.max(-1, keepdims=True))
    return score / score.sum(-1, keepdims=True)


def write(weights: np.ndarray, constant: np.ndarray) -> Path:
    """Write the weights that ship: those that count, in steps of 1/127 of the greatest."""
    step = np.float32(np.abs(weights).max() / 127)
    kept = np.flatnonzero((np.abs(weights) > step).any(1)).astype(np.int32)
    ids = np.array([need.id for need in scheme().needs])
    steps = np.round(weights[kept] / step).astype(np.int8)
    np.savez_compressed(WEIGHTS, kept=kept, steps=steps, step=step, constant=constant, checksum=checksum(), ids=ids)
    return WEIGHTS


@cache
def _weights() -> tuple[np.ndarray, np.ndarray]:
    """As shipped, put in the order of the scheme; a need that was added since says nothing until it is learned."""
    with np.load(WEIGHTS) as kept:
        at = {need: place for place, need in enumerate(kept["ids"].tolist())}
        stored, constants = np.zeros((PLACES, len(at)), np.float32), kept["constant"]
        stored[kept["kept"]] = kept["steps"] * kept["step"]
    weights, constant = np.zeros((PLACES, len(scheme().needs)), np.float32), np.full(len(scheme().needs), -20.0, np.float32)
    for place, need in enumerate(scheme().needs):
        if need.id in at:
            weights[:, place], constant[place] = stored[:, at[need.id]], constants[at[need.id]]
    return weights, constant


def chances(even_text: str) -> np.ndarray:
    """Chance of each need, in the order of the scheme; all alike when the words say nothing."""
    weights, constant = _weights()
    on, strength = features(even_text)
    return _softmax(constant + strength @ weights[on])
