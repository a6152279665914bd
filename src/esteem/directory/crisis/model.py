"""The small model: three weights for each place of `features`, learned from `sentences.txt` by `packaging/train_crisis.py`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from esteem.directory.crisis.features import features

FILE = Path(__file__).with_name("weights.npz")
LEVELS = ("none", "signpost", "crisis")


@cache
def _weights() -> tuple[np.ndarray, np.ndarray]:
    with np.load(FILE) as kept:
        dense = np.zeros((int(kept["places"]), len(LEVELS)), np.float32)
        dense[kept["rows"]] = kept["weights"]
        return dense, kept["constant"].astype(np.float32)


def probabilities(repaired: str) -> np.ndarray:
    """Probabilities of (none, signpost, crisis) for a repaired even text; they add up to 1."""
    weights, constant = _weights()
    on = features(repaired)
    score = constant + (weights[on].sum(0) / np.sqrt(len(on)) if len(on) else 0)
    score = np.exp(score - score.max())
    return score / score.sum()
