"""The small model: three weights for each place of `features`, and the last step, which adds what the patterns say. numpy alone.

Both are learned by `packaging/train_crisis.py`: the weights from sentences, the last step from how far each was right about sentences that
the weights had not learned from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from esteem.directory.crisis.features import features

FILE = Path(__file__).with_name("weights.npz")
LEVELS = ("none", "signpost", "crisis")


@dataclass(frozen=True)
class Weights:
    """Shapes: `places` (PLACES, 3), `constant` (3,), `last` (9, 3): three logarithms of chances and six sums of patterns; `last_constant`
    (3,)."""

    places: np.ndarray
    constant: np.ndarray
    last: np.ndarray
    last_constant: np.ndarray


@cache
def _weights() -> Weights:
    with np.load(FILE) as kept:
        dense = np.zeros((int(kept["places"]), len(LEVELS)), np.float32)
        dense[kept["rows"]] = kept["weights"]
        return Weights(dense, kept["constant"].astype(np.float32), kept["last"], kept["last_constant"])


def softmax(score: np.ndarray) -> np.ndarray:
    score = np.exp(score - score.max(-1, keepdims=True))
    return score / score.sum(-1, keepdims=True)


def probabilities(repaired: str) -> np.ndarray:
    """Of (none, signpost, crisis) for a repaired even text, by its words alone; they add up to 1."""
    kept, on = _weights(), features(repaired)
    return softmax(kept.constant + (kept.places[on].sum(0) / np.sqrt(len(on)) if len(on) else 0))


def chances(repaired: str, spoken: np.ndarray) -> np.ndarray:
    """Of (none, signpost, crisis), by the words and by `spoken`, what the patterns said (patterns.Patterns.sums)."""
    kept = _weights()
    said = np.concatenate([np.log(probabilities(repaired) + 1e-6), spoken])
    return softmax(said @ kept.last + kept.last_constant)
