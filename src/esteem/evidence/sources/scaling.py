"""Published numbers in the unit they are stored in, without the noise of binary fractions (69.5 per cent is 0.695)."""

from __future__ import annotations


def scaled(number: float | None, multiplier: float) -> float | None:
    """`number` x `multiplier`. A multiplier below 1 divides by its whole inverse: correctly rounded, where multiplying is not."""
    if number is None or multiplier == 1:
        return number
    inverse = round(1 / multiplier)
    return number / inverse if multiplier < 1 and abs(inverse * multiplier - 1) < 1e-12 else number * multiplier
