"""Which needs a sentence speaks of, learned from the phrases of the needs scheme and from `examples.txt`. numpy alone.

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
from esteem.directory.spelling import speller
from esteem.directory.typed import even, stem

PLACES = 1 << 14
EXAMPLES = Path(__file__).with_name("examples.txt")
# Checksums of sentences that are too like a judged phrase to be learned from (packaging/leave_out.py).
LEFT_OUT = Path(__file__).with_name("left_out.txt")
WEIGHTS = Path(__file__).with_name("needs_weights.npz")
_ROUNDS, _STEP, _PULL = 60, 0.5, 2e-4
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


def features(even_text: str) -> np.ndarray:
    """Sorted places that the words turn on. The text is even and its spelling repaired."""
    words = even_text.split()[:40]
    stems = [stem(word) for word in words]
    telling = [s for word, s in zip(words, stems, strict=True) if word not in STOP]
    parts = [f"w {s}" for s in telling] + [f"b {a} {b}" for a, b in pairwise(stems)]
    parts += [f"k {a} {b}" for a, b in pairwise(telling)]
    for word, s in zip(words, stems, strict=True):
        if word not in STOP and len(s) >= 5:
            parts += [f"c {s[:5]}", f"e {word[-5:]}"]
    return np.unique(np.fromiter((crc32(part.encode()) % PLACES for part in parts), np.int64, len(parts)))


def fingerprint(even_text: str) -> str:
    return hashlib.sha256(even_text.encode()).hexdigest()[:16]


@cache
def left_out() -> frozenset[str]:
    return frozenset(LEFT_OUT.read_text(encoding="utf-8").split())


def examples() -> list[tuple[tuple[str, ...], str, float]]:
    """(needs, main one first; sentence; weight) of the scheme and of `examples.txt`."""
    rows: list[tuple[tuple[str, ...], str, float]] = []
    for need in scheme().needs:
        rows += [((need.id,), phrase, 1.0) for phrase in need.says]
        rows += [((need.id,), phrase, 0.7) for phrase in (*need.formal, need.label)]
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            needs, sentence = line.split("|", 1)
            rows.append((tuple(needs.split()), sentence.strip(), 1.5))
    return [row for row in rows if fingerprint(even(row[1])) not in left_out()]


def checksum() -> str:
    return hashlib.sha256(SCHEME.read_bytes() + EXAMPLES.read_bytes()).hexdigest()


def learn() -> tuple[np.ndarray, np.ndarray]:
    """(weights PLACES x needs, constant). The same input gives the same weights."""
    order = {need.id: at for at, need in enumerate(scheme().needs)}
    repair = speller().text
    rows = examples()
    on = [features(repair(even(sentence))) for _, sentence, _ in rows]
    kept = np.unique(np.concatenate(on))
    table = np.zeros((len(rows), len(kept)), np.float32)
    for at, places in enumerate(on):
        if len(places):
            table[at, np.searchsorted(kept, places)] = 1 / np.sqrt(len(places))
    right = np.zeros((len(rows), len(order)), np.float32)
    for at, (needs, _, _) in enumerate(rows):
        shares = np.array([1.0, 0.45, 0.3, 0.2][: len(needs)])
        right[at, [order[need] for need in needs]] = shares / shares.sum()
    worth = np.array([weight for _, _, weight in rows], np.float32)[:, None]
    weights, constant = np.zeros((len(kept), len(order)), np.float32), np.zeros(len(order), np.float32)
    sizes, shift = np.full_like(weights, 1e-6), np.zeros_like(weights)
    for _ in range(_ROUNDS):  # gradient with a step for each weight (RMSprop with momentum)
        chance = _softmax(table @ weights + constant)
        slope = (chance - right) * worth / len(rows)
        gradient = table.T @ slope + _PULL * weights / len(order)
        sizes = 0.9 * sizes + 0.1 * gradient**2
        shift = 0.8 * shift + 0.2 * gradient / np.sqrt(sizes + 1e-12)
        weights -= _STEP * shift
        constant -= slope.sum(0)
    dense = np.zeros((PLACES, len(order)), np.float32)
    dense[kept] = weights
    return dense, constant


def _softmax(score: np.ndarray) -> np.ndarray:
    score = np.exp(score - score.max(-1, keepdims=True))
    return score / score.sum(-1, keepdims=True)


def write() -> Path:
    """Learn and write the weights that ship."""
    weights, constant = learn()
    ids = np.array([need.id for need in scheme().needs])
    weights[np.abs(weights) < 0.03] = 0.0
    np.savez_compressed(WEIGHTS, weights=weights.astype(np.float16), constant=constant, checksum=checksum(), ids=ids)
    return WEIGHTS


@cache
def _weights() -> tuple[np.ndarray, np.ndarray]:
    """As shipped, put in the order of the scheme; a need that was added since says nothing until it is learned."""
    with np.load(WEIGHTS) as kept:
        at = {need: place for place, need in enumerate(kept["ids"].tolist())}
        stored, constants = kept["weights"].astype(np.float32), kept["constant"]
    weights, constant = np.zeros((PLACES, len(scheme().needs)), np.float32), np.full(len(scheme().needs), -20.0, np.float32)
    for place, need in enumerate(scheme().needs):
        if need.id in at:
            weights[:, place], constant[place] = stored[:, at[need.id]], constants[at[need.id]]
    return weights, constant


def chances(even_text: str) -> np.ndarray:
    """Chance of each need, in the order of the scheme; all alike when the words say nothing."""
    weights, constant = _weights()
    on = features(even_text)
    score = constant + weights[on].sum(0) / np.sqrt(max(len(on), 1))
    return _softmax(score)
