"""The words of a text as the detector reads them: made even, words that ran together taken apart, spelling repaired."""

from __future__ import annotations

import math
from functools import cache

from esteem.directory.crisis.features import kinds
from esteem.directory.spelling import english, speller
from esteem.directory.typed import even

_SHORTEST = 8  # shorter words are not taken apart
_COMMON = 2e7  # how often a part must stand in the frequency list of English: rarer parts would take names of places apart


def read(text: str) -> str:
    """ "IWANTTODIE pls" gives "i want to die please"."""
    return speller().text(" ".join(_apart(word) for word in even(text).split()))


@cache
def _costs() -> dict[str, float]:
    common = {word: count for word, count in english().items() if count >= _COMMON and (len(word) > 1 or word in "ia")}
    common |= {"dont": 3e8, "cant": 3e8, "myself": 2e8, "suicidal": 5e7, "anymore": 1e8, "wanna": 1e8}
    total = sum(common.values())
    return {word: math.log(total / count) for word, count in common.items()}


def _apart(word: str) -> str:
    if len(word) < _SHORTEST or len(word) > 40 or word in english() or word in kinds() or not word.isascii() or not word.isalpha():
        return word
    costs = _costs()
    best: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(word) + 1):
        options = [
            (best[start][0] + costs[word[start:end]], [*best[start][1], word[start:end]])
            for start in range(max(0, end - 12), end)
            if word[start:end] in costs
        ]
        best.append(min(options, default=(math.inf, [])))
    cost, parts = best[-1]
    return " ".join(parts) if parts and cost < math.inf and len(word) / len(parts) >= 2.5 else word
