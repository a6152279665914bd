"""From words to needs: phrases of the scheme, longest first, and what was learned from them; the two are added up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from esteem.directory.needs import NeedsScheme, scheme
from esteem.directory.search.learned import STOP, chances
from esteem.directory.spelling import speller
from esteem.directory.typed import even, stem

LONGEST_PHRASE = 9
# Least weight with which a need counts as understood, and as a fair second thought.
CLEAR, FAIR = 0.3, 0.12
# How much is learned counts beside what a phrase of the scheme names.
LEARNED, NAMED = 1.6, 0.4


@dataclass(frozen=True)
class Meaning:
    """`weights`: need -> how much the words speak of it (the strongest is 1). `phrases`: need -> the words that named it."""

    weights: dict[str, float]
    phrases: dict[str, str]
    sure: float  # chance of the likeliest need before scaling

    @property
    def understood(self) -> tuple[str, ...]:
        return tuple(need for need, weight in self.weights.items() if weight >= CLEAR)[:4]


@cache
def _phrases() -> dict[tuple[str, ...], list[tuple[str, float]]]:
    """Stems of a phrase -> needs and how telling it is; look-alikes lead to no need."""
    known: dict[tuple[str, ...], list[tuple[str, float]]] = {}
    for need in scheme().needs:
        for phrase in (*need.says, *need.formal, need.label):
            words = even(phrase).split()
            telling = [word for word in words if word not in STOP]
            if telling:
                weight = 0.35 * len(telling) + 0.1 * (len(words) - len(telling))
                known.setdefault(tuple(map(stem, words)), []).append((need.id, min(weight, 1.5)))
        for phrase in need.not_:
            known.setdefault(tuple(map(stem, even(phrase).split())), []).append((f"not {need.id}", 0.0))
    return known


def meaning(text: str, known: NeedsScheme | None = None) -> Meaning:
    """`text` is even and repaired. Nothing in it, or nothing known: no weights."""
    words = text.split()
    stems = [stem(word) for word in words]
    named, phrases, shut = _named(words, stems)
    telling = [word for word in words if word not in STOP]
    if not telling and not named:
        return Meaning({}, {}, 0.0)
    order = (known or scheme()).position
    learned = chances(text)
    sure = float(learned.max())
    score = dict(zip(order, (learned * LEARNED).tolist(), strict=True))
    for need, weight in named.items():
        score[need] = score.get(need, 0.0) + NAMED * weight
    _give_way(score)
    for need in shut:
        score[need] = score.get(need, 0.0) * 0.2
    best = max(score.values())
    if best < 0.12:
        return Meaning({}, {}, sure)
    ranked = sorted(score.items(), key=lambda pair: -pair[1])
    return Meaning({need: weight / best for need, weight in ranked if weight / best >= 0.05}, phrases, sure)


# Ways to get help: "grief counselling" is about grief first.
_WAYS = ("talking-therapy", "peer-support", "recovery-learning", "where-to-start", "mental-health-team")


def _give_way(score: dict[str, float]) -> None:
    """A way to get help gives way to what the help is for, when the words say both."""
    subject = max(value for need, value in score.items() if need not in _WAYS)
    if subject >= 0.3:
        for way in _WAYS:
            score[way] = min(score[way], 0.75 * subject)


def _named(words: list[str], stems: list[str]) -> tuple[dict[str, float], dict[str, str], set[str]]:
    """Needs that a phrase of the scheme names, longest first and no word used twice for one need."""
    known = _phrases()
    named: dict[str, float] = {}
    phrases: dict[str, str] = {}
    shut: set[str] = set()
    used: set[tuple[str, int]] = set()
    for length in range(min(LONGEST_PHRASE, len(stems)), 0, -1):
        for at in range(len(stems) - length + 1):
            found = known.get(tuple(stems[at : at + length]))
            for need, weight in found or ():
                if any((need, place) in used for place in range(at, at + length)):
                    continue
                used.update((need, place) for place in range(at, at + length))
                if need.startswith("not "):
                    shut.add(need[4:])
                else:
                    named[need] = min(named.get(need, 0.0) + weight, 1.8)
                    phrases.setdefault(need, " ".join(words[at : at + length]))
    return named, phrases, shut


def warm() -> None:
    """Read and learn everything once, so that the first person does not wait for it."""
    meaning(speller().text("cant sleep"))


def as_array(weights: dict[str, float]) -> np.ndarray:
    """Weights in the order of the scheme."""
    position = scheme().position
    made = np.zeros(len(position), np.float32)
    made[[position[need] for need in weights]] = list(weights.values())
    return made
