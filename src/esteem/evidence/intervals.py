"""The 95% interval of each figure, by the measure's own method, for many figures at once."""

from __future__ import annotations

import numpy as np

from esteem.evidence.answers import Cell
from esteem.evidence.model import Measure
from esteem.methods import counts
from esteem.methods.proportions import wilson

PUBLISHED = "published by the source"
Limits = tuple[float | None, float | None, str]  # lower, upper, method in words


def limits_of(measure: Measure, cells: list[Cell], grouped: list[bool]) -> list[Limits]:
    """Limits and method of each figure; `grouped` says which are of several places. One that lacks what the method needs gets none."""
    if measure.interval in ("none", "published"):
        return [_as_published(measure, cell, group) for cell, group in zip(cells, grouped, strict=True)]
    usable = [cell for cell in cells if _usable(measure, cell)]
    if not usable:
        return [_without(cell, group) for cell, group in zip(cells, grouped, strict=True)]
    lower, upper, words = _limits(measure, usable)
    limits = zip(lower, upper, strict=True)

    def found(cell: Cell, group: bool) -> Limits:
        if not _usable(measure, cell):
            return _without(cell, group)
        low, high = next(limits)
        return _number(low), _number(high), f"{figure_words(cell, group)}; {words}"

    return [found(cell, group) for cell, group in zip(cells, grouped, strict=True)]


def _number(limit) -> float | None:
    return None if np.isnan(limit) else float(limit)


def _usable(measure: Measure, cell: Cell) -> bool:
    if cell.number is None:
        return False
    if measure.interval == "poisson_count":
        return cell.number >= 0
    if cell.numerator is None:
        return False
    if measure.interval == "byar":
        return cell.numerator > 0
    return bool(cell.denominator) and 0 <= cell.numerator <= cell.denominator


def _limits(measure: Measure, cells: list[Cell]) -> tuple[np.ndarray, np.ndarray, str]:
    if measure.interval == "wilson":
        whole = np.array([a.denominator for a in cells], dtype=float)
        events = np.array([a.numerator for a in cells], dtype=float)
        found = wilson(events, whole, multiplier=measure.multiplier)
        # Counts and shares are rounded apart: where the published share lies outside the limits of its counts, use the share.
        share = np.array([a.number for a in cells], dtype=float) / measure.multiplier
        outside = (share < found.lower / measure.multiplier) | (share > found.upper / measure.multiplier)
        found = wilson(np.where(outside & (share >= 0) & (share <= 1), share * whole, events), whole, multiplier=measure.multiplier)
        return found.lower, found.upper, "95% interval by Wilson's score method"
    if measure.interval == "byar":
        # The published rate stands for counts over a population that is not published: the interval of the count, scaled to the rate.
        events = np.array([a.numerator for a in cells], dtype=float)
        found = counts.interval(events)
        scale = np.array([a.number for a in cells], dtype=float) / events
        return found.lower * scale, found.upper * scale, "95% interval of the count (exact below 10 events, Byar's from 10 up)"
    found = counts.interval([a.number for a in cells])
    return found.lower, found.upper, "95% interval of the count (exact below 10 events, Byar's from 10 up)"


def figure_words(cell: Cell, grouped: bool) -> str:
    """How the figure itself came about, in words."""
    if len(cell.published) == 1 and not grouped:
        return "as published"
    if "pooled" in cell.flags:
        return "published counts added up" if cell.denominator is not None else "published figures added up"
    return "worked out from published figures" if "derived" in cell.flags else "as published, with its published counts"


def _as_published(measure: Measure, cell: Cell, grouped: bool) -> Limits:
    if measure.interval == "published" and cell.number is not None and cell.lower is not None and not grouped:
        return cell.lower, cell.upper, f"{figure_words(cell, grouped)}; 95% interval {PUBLISHED}"
    return _without(cell, grouped)


def _without(cell: Cell, grouped: bool) -> Limits:
    return None, None, f"{figure_words(cell, grouped)}; no interval can be given"
