"""What the small model sees of a sentence: words, pairs and triples of words, and pieces of words, hashed into fixed places."""

from __future__ import annotations

from itertools import pairwise
from zlib import crc32

import numpy as np

PLACES = 1 << 16


def features(repaired: str) -> np.ndarray:
    """Sorted places (int64) that the repaired even text turns on."""
    words = repaired.split()[:60]
    padded = ["<", *words, ">"]
    parts = [f"w {word}" for word in words]
    parts += [f"b {one} {two}" for one, two in pairwise(padded)]
    parts += [f"t {a} {b} {c}" for a, b, c in zip(padded, padded[1:], padded[2:], strict=False)]
    parts += [f"s {a} {c}" for a, c in zip(padded, padded[2:], strict=False)]
    for word in words:
        marked = f"<{word}>"
        parts += [f"c {marked[i : i + 4]}" for i in range(len(marked) - 3)]
    return np.unique(np.fromiter((crc32(part.encode()) % PLACES for part in parts), np.int64, len(parts)))
