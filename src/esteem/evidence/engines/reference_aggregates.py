"""Aggregates and windows of the reference engine: a list of values in, one value out; or one value for each row."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any


def reduce_values(kind: str, values: Sequence[Any], share: float = 0.5):
    """An aggregate over values; null values do not count. Of no value: a count is 0, anything else null."""
    present = [value for value in values if value is not None]
    if kind in COUNTS:
        return COUNTS[kind](present)
    if not present:
        return None
    if kind == "percentile":
        return _percentile(sorted(present), share)
    return AGGREGATES[kind](present)


COUNTS: dict[str, Callable] = {"rows": len, "distinct": lambda values: len(set(values))}
AGGREGATES: dict[str, Callable] = {
    "sum": sum,
    "mean": lambda values: math.fsum(values) / len(values),
    "median": median,
    "min": min,
    "max": max,
    "any": any,
    "all": all,
    "first": lambda values: values[0],
}


def _percentile(ordered: list, share: float) -> float:
    """Between the two nearest values, each weighed by its distance; in the order of sums of the national engine (R9)."""
    position = (len(ordered) - 1) * share
    low, high = math.floor(position), math.ceil(position)
    if low == high:
        return float(ordered[low])
    return (high - position) * ordered[low] + (position - low) * ordered[high]


def sorted_places(places: Sequence[int], keys: Sequence[tuple[list, bool, bool]]) -> list[int]:
    """Places in the order of the keys: (values by place, ascending, nulls first). Stable, so ties stay in the order of the rows."""
    ordered = list(places)
    for values, ascending, nulls_first in reversed(keys):
        present = [place for place in ordered if values[place] is not None]
        absent = [place for place in ordered if values[place] is None]
        present.sort(key=values.__getitem__, reverse=not ascending)
        ordered = absent + present if nulls_first else present + absent
    return ordered


def partitions(keys: Sequence[list], size: int) -> list[list[int]]:
    """Places of the rows that share the values of all keys (null is a value here)."""
    found: dict[tuple, list[int]] = {}
    for place in range(size):
        found.setdefault(tuple(values[place] for values in keys), []).append(place)
    return list(found.values())


def ranks(ordered: Sequence[int], keys: Sequence[tuple[list, bool, bool]], dense: bool) -> list[int]:
    """The rank from 0 of each place of `ordered`: equal keys share one; `dense` leaves no gap after them."""
    found: list[int] = []
    for number, place in enumerate(ordered):
        same = number and all(values[place] == values[ordered[number - 1]] for values, _, _ in keys)
        found.append(found[-1] if same else found[-1] + 1 if dense and number else number)
    return found
