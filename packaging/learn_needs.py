"""Learns the need classifier from the needs scheme, `examples.txt` and `phrasings.txt`: the same input, the same weights. Some seconds.

Run: python packaging/learn_needs.py [--check]     (--check: learn from three quarters, tell how the rest fares, write nothing)
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.sparse import csr_matrix

from esteem.directory.needs import scheme
from esteem.directory.search.learned import PLACES, examples, features, write
from esteem.directory.spelling import speller
from esteem.directory.typed import even

_ROUNDS, _STEP, _PULL = 100, 0.3, 4e-6
_SHARES = (1.0, 0.2, 0.15, 0.1)  # of the main need and of those beside it


def table(texts: list[str]) -> csr_matrix:
    on = [features(text) for text in texts]
    starts = np.concatenate([[0], np.cumsum([len(places) for places, _ in on])])
    data = np.concatenate([strength for _, strength in on])
    return csr_matrix((data, np.concatenate([places for places, _ in on]), starts), shape=(len(on), PLACES), dtype=np.float32)


def answers(rows: list[tuple[tuple[str, ...], str, float]]) -> np.ndarray:
    order = {need.id: at for at, need in enumerate(scheme().needs)}
    right = np.zeros((len(rows), len(order)), np.float32)
    for at, (needs, _, _) in enumerate(rows):
        shares = np.array(_SHARES[: len(needs)])
        right[at, [order[need] for need in needs]] = shares / shares.sum()
    return right


def learn(seen: csr_matrix, right: np.ndarray, worth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(weights PLACES x needs, constant): softmax by gradient descent with a step for each weight (Adam)."""
    used = np.unique(seen.indices)
    here = seen[:, used].tocsr()
    across = here.T.tocsr()
    share = (worth / worth.sum()).astype(np.float32)[:, None]
    weights, constant = np.zeros((len(used), right.shape[1]), np.float32), np.zeros(right.shape[1], np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(1, _ROUNDS + 1):
        slope = (softmax(here @ weights + constant) - right) * share
        gradient = across @ slope + _PULL * weights
        first += 0.1 * (gradient - first)
        second += 0.02 * (gradient * gradient - second)
        step = _STEP * (1 - 0.7 * turn / _ROUNDS)
        weights -= step * (first / (1 - 0.9**turn)) / (np.sqrt(second / (1 - 0.98**turn)) + 3e-7)
        constant -= 2 * slope.sum(0)
    full = np.zeros((PLACES, right.shape[1]), np.float32)
    full[used] = weights
    return full, constant


def softmax(score: np.ndarray) -> np.ndarray:
    score = np.exp(score - score.max(1, keepdims=True))
    return score / score.sum(1, keepdims=True)


def check(seen: csr_matrix, right: np.ndarray, worth: np.ndarray, lengths: np.ndarray) -> str:
    """How sentences of six words or more fare that were not learned from: share with the right need first, and among the first three."""
    fold = np.random.RandomState(0).randint(0, 4, len(worth))
    inside, outside = fold > 0, (fold == 0) & (lengths >= 6)
    weights, constant = learn(seen[inside], right[inside], worth[inside])
    best = np.argsort(-(seen[outside] @ weights + constant), 1)[:, :3] == right[outside].argmax(1)[:, None]
    return f"{outside.sum()} sentences: {best[:, 0].mean():.3f} first, {best.any(1).mean():.3f} among the first three"


def main() -> None:
    rows = examples()
    repair = speller().text
    texts = [repair(even(sentence)) for _, sentence, _ in rows]
    seen, right, worth = table(texts), answers(rows), np.array([weight for _, _, weight in rows])
    if "--check" in sys.argv:
        print(check(seen, right, worth, np.array([len(text.split()) for text in texts])))
        return
    made = write(*learn(seen, right, worth))
    print(f"{made}: {len(rows)} sentences, {made.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
