"""Estimate: the figure, its interval, how it was got, and why it is missing where it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from esteem.methods import reasons as reason


@dataclass(frozen=True)
class Estimate:
    """Arrays of one shape (0-d for scalar input). NaN in `value`, `lower` or `upper` always has a reason.

    `reason_code` holds positions in `reasons.CODES`; `reasons` gives them as text. `method` is one text, or an object array of texts when
    it differs from row to row. `conf` is the confidence as a fraction, `multiplier` what one unit of the figure stands for.
    """

    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    reason_code: np.ndarray
    method: str | np.ndarray
    conf: float | np.ndarray = 0.95
    multiplier: float | np.ndarray = 1.0
    statistic: str | np.ndarray = ""
    observed: np.ndarray | None = None  # events counted
    expected: np.ndarray | None = None  # events expected, for indirect standardisation
    denominator: np.ndarray | None = None

    @property
    def reasons(self) -> np.ndarray:
        return reason.texts(self.reason_code)


def plain(number: float) -> str:
    """A multiplier in words of digits: `100000`, `1`, `0.5` (never `1e+05`)."""
    return f"{number:.15g}" if number < 1e15 else f"{number:.0f}"
