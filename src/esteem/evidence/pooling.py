"""Adding places or periods together, only where the sum is a valid figure.

Counts add up; shares and rates add up through their numerators and denominators; rounded shares without counts, averages, stocks over
time and overlapping periods do not. A sum with a missing part is missing, and a sum with a suppressed part says so: never the sum of
what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from esteem.evidence.answers import Cell
from esteem.evidence.model import Measure
from esteem.evidence.published_cells import missing_flags
from esteem.terms import flags as flag
from esteem.terms.periods import Period
from esteem.terms.problems import Problem
from esteem.terms.values import Value

_COUNTS = ("count", "pounds")
_KEPT = {
    flag.ROUNDED,
    flag.PROVISIONAL,
    flag.CARRIED_FORWARD,
    flag.METHOD_BREAK,
    flag.SUBMISSION_GAP,
    flag.MODELLED,
    flag.DERIVED,
    flag.REVISED,
    flag.OUTLIER,
}


def check_places(measure: Measure, places: tuple[str, ...]) -> None:
    """Problem `not-poolable` when figures of several places cannot be added for this measure."""
    if len(places) > 1 and measure.place_pooling == "none":
        rule = f"{measure.title}: the figures of several places cannot be added together, because {_reason(measure)}."
        raise Problem("not-poolable", rule, " + ".join(places), "Ask for each place by itself, or for a larger place that holds them.")


def _reason(measure: Measure) -> str:
    if measure.kind in ("mean", "score"):
        return "an average of averages is not the average of the people"
    if measure.kind == "yes_no":
        return "it is a yes or a no"
    if measure.kind == "difference":
        return "it is a difference of shares"
    if measure.kind in _COUNTS:
        return "a person may be counted in more than one of them"
    return "it is published as a share or rate without the counts behind it"


def pool_places(measure: Measure, by_place: dict[str, list[Cell]], places: tuple[str, ...], code: str) -> list[Cell]:
    """One cell for each period that any of `places` has, in the order of time.

    A period that one of the places lacks has no value; a period published as shares without counts is flagged `not_poolable`.
    """
    periods: dict[tuple[Period, int], dict[str, Cell]] = {}
    for place in places:
        for cell in by_place.get(place, ()):
            periods.setdefault((cell.period, cell.rank), {})[place] = cell
    in_time = sorted(periods.items(), key=lambda item: (item[0][0].start, item[0][0].end, item[0][1]))
    return [_pool(measure, [found.get(place) for place in places], code, period) for (period, _), found in in_time]


def check_pooled(measure: Measure, figures: Sequence[Cell | Value]) -> None:
    """Problem `not-poolable` when not one of the figures could be added up."""
    if figures and all(flag.NOT_POOLABLE in figure.flags for figure in figures):
        rule = f"{measure.title}: only shares without the counts behind them are published here, and shares cannot be added."
        found = f"{figures[0].place}, {figures[0].period.words}"
        raise Problem("not-poolable", rule, found, "Ask for each place or period by itself.")


def pool_period(measure: Measure, cells: list[Cell], period: Period) -> Cell:
    """The figure of `period` from native cells inside it.

    Problem `not-poolable` when periods of this measure do not add up; a figure without value when cells do not cover the whole period.
    """
    if measure.period_pooling == "none":
        reason = "each figure is for a moment or overlaps with its neighbours" if measure.kind in _COUNTS else _reason(measure)
        rule = f"{measure.title}: periods cannot be added together, because {reason}."
        remedy = f"Ask for {period.start:%Y-%m}..{period.end:%Y-%m} to see every published period inside it."
        raise Problem("not-poolable", rule, period.words, remedy)
    best = min((cell.rank for cell in cells), default=0)
    chosen = [cell for cell in cells if cell.rank == best]
    parts: list[Cell | None] = list(chosen)
    if not covers(period, chosen):
        parts.append(None)
    return _pool(measure, parts, chosen[0].place, period)


def covers(period: Period, cells: list[Cell]) -> bool:
    """True when the cells, in the order of time, fill the period without gap or overlap."""
    day = period.start
    for cell in cells:
        if cell.period.start != day:
            return False
        day = cell.period.end + timedelta(days=1)
    return day == period.end + timedelta(days=1)


def _pool(measure: Measure, parts: list[Cell | None], code: str, period: Period) -> Cell:
    present = [part for part in parts if part is not None]
    first = present[0]
    base = replace(
        first,
        place=code,
        period=period,
        number=None,
        numerator=None,
        denominator=None,
        lower=None,
        upper=None,
        flags=_flags(present),
        own=tuple(cell for part in present for cell in part.published),
    )
    if measure.kind in _COUNTS or measure.period_pooling == "sum_of_shares":
        return _total(base, parts, present)
    return _quotient(measure, base, parts, present)


def _flags(present: list[Cell]) -> frozenset[str]:
    flags = frozenset().union(*(part.flags for part in present)) & _KEPT | {flag.POOLED}
    return flags | {flag.EXACT} if all(flag.EXACT in part.flags for part in present) else flags


def _total(base: Cell, parts: list[Cell | None], present: list[Cell]) -> Cell:
    if len(present) < len(parts) or any(part.number is None for part in present):
        return replace(base, flags=base.flags - {flag.EXACT} | missing_flags(present))
    return replace(base, number=sum(part.number for part in present))


def _quotient(measure: Measure, base: Cell, parts: list[Cell | None], present: list[Cell]) -> Cell:
    """Sum of numerators over sum of denominators. A hidden share hides its counts as well."""
    hidden = [part for part in present if part.flags & {flag.SUPPRESSED, flag.SUPPRESSED_PART}]
    counted = [part for part in present if part.numerator is not None and part.denominator is not None]
    shares = any(part.number is not None or flag.NOT_POOLABLE in part.flags for part in present)
    if not hidden and not counted and shares:
        return replace(base, flags=base.flags - {flag.EXACT} | {flag.NOT_POOLABLE})
    if len(counted) < len(parts) or hidden:
        return replace(base, flags=base.flags - {flag.EXACT} | (missing_flags(hidden) if hidden else {flag.MISSING_PART}))
    numerator, denominator = sum(part.numerator for part in counted), sum(part.denominator for part in counted)
    whole = replace(base, numerator=numerator, denominator=denominator)
    if not denominator:
        return replace(whole, flags=whole.flags | {flag.TOO_FEW})
    return replace(whole, number=numerator / denominator * measure.multiplier, flags=whole.flags | {flag.DERIVED})
