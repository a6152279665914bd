"""Dates of an XmR chart: order, duplicates, gaps, and where a rebase starts new limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Rebase:
    """New limits start at this point (a date, or a position from 0 in a series without dates). Nobody rebases without a reason."""

    at: date | str | int
    reason: str

    def __post_init__(self):
        if not self.reason.strip():
            remedy = "Say what changed in the service or the data, and who decided."
            raise Problem("rebase-reason", "A rebase gives its reason.", f"rebase at {self.at} without one", remedy)


def in_date_order(dates: Sequence | None, size: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Positions that sort the points by date, and the sorted days. Raises `dates-length`, `date-form` and `duplicate-date`."""
    if dates is None:
        return np.arange(size), None
    if len(dates) != size:
        raise Problem("dates-length", "There is one date for each value.", f"{len(dates)} dates, {size} values", "Give both in full.")
    days = np.array([_day(d, row + 1) for row, d in enumerate(dates)], dtype="datetime64[D]")
    order = np.argsort(days, kind="stable")
    sorted_days = days[order]
    again = np.flatnonzero(sorted_days[1:] == sorted_days[:-1])
    if again.size:
        row = int(order[again[0] + 1]) + 1
        raise Problem("duplicate-date", "A series has one value for each date.", str(sorted_days[again[0]]), "Keep one.", row=row)
    return order, sorted_days


def _day(value, row: int | None) -> np.datetime64:
    try:
        return np.datetime64(value, "D")
    except (TypeError, ValueError):
        raise Problem("date-form", "A date is written year-month-day.", repr(value), "Correct the date.", row=row, column="date") from None


def group_of_each_point(groups, rebase: Sequence[Rebase], order, days, hidden) -> tuple[np.ndarray, dict[int, Rebase], bool]:
    """Group number of each sorted point, the rebase that starts at each position, and whether one was not used.

    A rebase counts when its date is that of a point that is not ghosted; the number of a group is the number of rebases passed.
    """
    if groups is not None:
        if rebase:
            raise Problem("groups-or-rebase", "Groups are given, or made by rebases, not both.", "both", "Leave one out.")
        return np.asarray(groups, dtype=int)[order], {}, False
    starts, unused = {}, False
    for r in rebase:
        position = _position(r.at, days, order.size)
        if position is None or hidden[position]:
            unused = True
        else:
            starts[position] = r
    marks = np.zeros(order.size, dtype=int)
    marks[list(starts)] = 1
    return np.cumsum(marks), starts, unused


def _position(at, days, size: int) -> int | None:
    if days is None:
        if not isinstance(at, int | np.integer):
            raise Problem("rebase-position", "A rebase of a series without dates is a position from 0.", repr(at), "Give the dates.")
        return int(at) if 0 <= at < size else None
    day = _day(at, None)
    found = int(np.searchsorted(days, day))
    return found if found < size and days[found] == day else None


def gaps(days: np.ndarray | None) -> bool:
    """True when a step between dates is longer than the usual one (counted in months when every date is the same day of the month)."""
    if days is None or days.size < 3:
        return False
    months = days.astype("datetime64[M]")
    day_of_month = (days - months.astype("datetime64[D]")).astype(int)
    month_ends = (days + 1).astype("datetime64[M]") > months
    if (day_of_month == day_of_month[0]).all() or month_ends.all():
        steps = np.diff(months.astype(int))
        return bool((steps > _usual(steps)).any())
    steps = np.diff(days.astype(int))
    return bool((steps > 1.5 * _usual(steps)).any())


def _usual(steps: np.ndarray) -> int:
    """The commonest step; the shortest of several."""
    lengths, times = np.unique(steps, return_counts=True)
    return int(lengths[np.argmax(times)])
