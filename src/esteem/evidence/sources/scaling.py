"""Published numbers in the unit they are stored in, without the noise of binary fractions (69.5 per cent is 0.695)."""

from __future__ import annotations


def scaled(number: float | None, multiplier: float) -> float | None:
    """`number` x `multiplier`, rounded at the fifteenth decimal: far below what anyone publishes, just above the noise."""
    return number if number is None or multiplier == 1 else round(number * multiplier, 15)
