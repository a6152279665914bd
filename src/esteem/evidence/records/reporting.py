"""Reporting months: the number the data set gives a month, its days, and the periods that end with it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from esteem.terms.problems import Problem

# Months in a period of each kind of one length: the month itself, the rolling quarter, the twelve months.
_LENGTHS = {"M": 1, "Q": 3, "12M": 12}
FINANCIAL_YEAR = "FYTD"  # from April to the month
KINDS = (*_LENGTHS, FINANCIAL_YEAR)
IN_WORDS = {"M": "one month", "Q": "three months", "12M": "twelve months", FINANCIAL_YEAR: "the financial year to date"}


@dataclass(frozen=True)
class Window:
    """A period that ends with the reporting month: `start` and `end` days inside it, first and last month number."""

    kind: str
    start: date
    end: date
    first_month: int
    last_month: int


@dataclass(frozen=True)
class Reporting:
    """One reporting month by its number: April 1900 = 1, March 2025 = 1500."""

    month_id: int

    @classmethod
    def of(cls, day: date) -> Reporting:
        return cls((day.year - 1900) * 12 + day.month - 3)

    @property
    def start(self) -> date:
        return _first_day(self.month_id)

    @property
    def end(self) -> date:
        first = self.start
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])

    @property
    def quarter_start(self) -> date:
        return self.window("Q").start

    @property
    def twelve_month_start(self) -> date:
        return self.window("12M").start

    def window(self, kind: str) -> Window:
        """The period of this kind that ends with the month. Problem `period-kind` for a kind no measure has."""
        first = self.month_id - months_in(kind, self.month_id) + 1
        return Window(kind, _first_day(first), self.end, first, self.month_id)

    def months(self, count: int) -> Window:
        """The `count` months that end with this one, for rules that look over another length than the measure's own period."""
        first = self.month_id - count + 1
        return Window(f"{count} months", _first_day(first), self.end, first, self.month_id)


def months_in(kind: str, month_id: int) -> int:
    """How many months the period of this kind has that ends with the month. Problem `period-kind` for a kind no measure has."""
    if kind not in KINDS:
        raise Problem("period-kind", f"The kind of period is one of {', '.join(KINDS)}.", repr(kind))
    return _LENGTHS.get(kind) or (month_id - 1) % 12 + 1


def month_words(month_id: int) -> str:
    """`March 2025` for 1500."""
    first = _first_day(month_id)
    return f"{calendar.month_name[first.month]} {first.year}"


def _first_day(month_id: int) -> date:
    years, month = divmod(month_id + 2, 12)
    return date(1900 + years, month + 1, 1)
