"""The x axis of a funnel: 100 places that lie closer together where limits bend most."""

from __future__ import annotations

import math

import numpy as np

PLACES = 100


def axis(kind: str, denominator: np.ndarray, average: float, years: float) -> np.ndarray:
    """100 whole numbers from the smallest to the largest place. For rates they count events, otherwise people or expected events."""
    known = denominator[~np.isnan(denominator)] / years
    smallest, largest = float(known.min()), float(known.max())
    start = 0.0 if largest > 2 * smallest else _down(smallest)
    end = _up(largest)
    if kind.startswith("rate"):
        start, end = math.floor(start * years * average), math.ceil(end * years * average)
    return _places(start, end, 1 if kind.startswith("ratio") else 0)


def _digits(number: float) -> int:
    return len(str(int(number)))


def _down(value: float) -> float:
    """95% of a value, down to its leading digit."""
    shrunk = 0.95 * value
    step = 10 ** (_digits(math.floor(shrunk)) - 1)
    return math.floor(shrunk / step) * step if value else 0.0


def _up(value: float) -> float:
    """105% of a value, up to its two leading digits."""
    grown = 1.05 * value
    step = 10.0 ** (_digits(math.ceil(grown)) - 2)
    return math.ceil(grown / step) * step if value else 0.0


def _places(start: float, end: float, lag: int) -> np.ndarray:
    """Each place is the last one times the ratio that would reach the end in even steps, at least one more; halves round to even."""
    places = [max(1.0, float(start))]
    for j in range(2, PLACES + 1):
        last = places[-1]
        places.append(max(float(round((end / last) ** (1 / (PLACES + 1 - j + lag)) * last)), last + 1))
    return np.array(places)
