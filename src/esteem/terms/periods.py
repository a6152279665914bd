"""Periods: a closed range of days with the kind of range it is, and every form in which publishers write one."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from esteem.terms.problems import Problem

KINDS = (
    "day",
    "month",
    "quarter",
    "year",  # calendar year
    "financial_year",  # April to March
    "academic_year",  # August or September to the next August
    "rolling_12_months",
    "survey_year",  # twelve months that start on another day (ONS surveys)
    "three_years",
    "five_years",
    "range",  # anything else
)

# No publication pools more years than this: `2019-13` is a slip for a month, not 2019 to 2113.
_LONGEST_YEARS = 20
_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}


@dataclass(frozen=True, order=True)
class Period:
    """`start` and `end` are both inside the period. Ordered by start, then end."""

    start: date
    end: date
    kind: str = "range"

    def __post_init__(self):
        if self.kind not in KINDS:
            raise Problem("period-kind", f"A period's kind is one of {', '.join(KINDS)}.", self.kind)
        if self.end < self.start:
            raise Problem("period-order", "A period ends on or after the day it starts.", f"{self.start} to {self.end}")

    @property
    def label(self) -> str:
        """Short canonical form: `2018-09`, `2021/22 Q4`, `2018/19`, `2018`, `2018-2020`, else `start..end`."""
        s, e = self.start, self.end
        if self.kind == "month":
            return f"{s:%Y-%m}"
        if self.kind == "quarter":
            fy = s.year if s.month >= 4 else s.year - 1
            return f"{fy}/{(fy + 1) % 100:02d} Q{((s.month - 4) % 12) // 3 + 1}"
        if self.kind in ("financial_year", "academic_year", "survey_year"):
            return f"{s.year}/{(s.year + 1) % 100:02d}"
        if self.kind == "year":
            return f"{s.year}"
        if self.kind in ("three_years", "five_years"):
            return f"{s.year}-{e.year}"
        if self.kind == "day":
            return s.isoformat()
        return f"{s.isoformat()}..{e.isoformat()}"

    @property
    def words(self) -> str:
        """For sentences: `March 2022`, `April 2018 to March 2019`, `2018 to 2020`."""
        s, e = self.start, self.end
        if self.kind == "month":
            return f"{s:%B %Y}"
        if self.kind == "day":
            return f"{s.day} {s:%B %Y}"
        if self.kind == "year":
            return f"{s.year}"
        if self.kind in ("three_years", "five_years") and s.month == 1:
            return f"{s.year} to {e.year}"
        if s.day == 1 and (e + timedelta(days=1)).day == 1:
            return f"{s:%B %Y} to {e:%B %Y}"
        return f"{s.day} {s:%B %Y} to {e.day} {e:%B %Y}"

    def holds(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end


def month(year: int, m: int) -> Period:
    return Period(date(year, m, 1), date(year, m, calendar.monthrange(year, m)[1]), "month")


def quarter(financial_year: int, q: int) -> Period:
    """Quarter `q` (1 = April to June) of the financial year that starts in April of `financial_year`."""
    m = 4 + 3 * (q - 1)
    year = financial_year + (m > 12)
    m = (m - 1) % 12 + 1
    return Period(date(year, m, 1), date(year, m + 2, calendar.monthrange(year, m + 2)[1]), "quarter")


def financial_year(year: int) -> Period:
    return Period(date(year, 4, 1), date(year + 1, 3, 31), "financial_year")


def calendar_year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31), "year")


def years(first: int, last: int) -> Period:
    """Whole calendar years, both included: 1, 3 and 5 have kinds of their own."""
    kind = {1: "year", 3: "three_years", 5: "five_years"}.get(last - first + 1, "range")
    return Period(date(first, 1, 1), date(last, 12, 31), kind)


def _full_year(text: str, near: int) -> int:
    """`22` after 2021 is 2022; `6` after 2005 is 2006; four digits stand for themselves."""
    if len(text) == 4:
        return int(text)
    return near // 10 ** len(text) * 10 ** len(text) + int(text) + (10 ** len(text) if int(text) < near % 10 ** len(text) else 0)


def parse_day(text: str) -> date:
    """A day in `2022-02-01`, `01/09/2018`, `1/6/2024`, `01/06/24`, `01-04-2025`, `1 April 2024` form (day first)."""
    t = text.strip()
    for pattern, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$", "ymd"),
        (r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?: .*)?$", "dmy"),
    ):
        if m := re.match(pattern, t):
            parts = dict(zip(order, m.groups(), strict=True))
            y = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
            try:
                return date(y, int(parts["m"]), int(parts["d"]))
            except ValueError:
                break
    if m := re.match(r"(\d{1,2}) ([A-Za-z]+) (\d{4})$", t):
        mon = _MONTHS.get(m[2].lower())
        if mon is not None and 1 <= int(m[1]) <= calendar.monthrange(int(m[3]) or 1, mon)[1] and int(m[3]):
            return date(int(m[3]), mon, int(m[1]))
    raise Problem("date-form", "A date is written year-month-day or day/month/year.", repr(text), "Correct the date in the file.")


def parse(text: str) -> Period:
    """A period in any form seen in the published files; slashes between years one apart mean a financial year.

    `2018-09`, `2018/09`, `July 2022`, `Q4 2021/22`, `2021/22 Q4`, `2021/22`, `2021-22`, `2020/2021`, `2005/6`, `2018`, `2015.0`,
    `2018/2020`, `2011-2013`, `April 2021 - March 2022`, `2022-04-01/P1Y`, `2021-04-01..2022-03-31`, `2023-10-05`.
    Raises Problem `period-form` for anything else, a month 13 or a year 0 among them.
    """
    try:
        found = _read(" ".join(text.strip().split()))
    except (ValueError, OverflowError):  # the form is right, the days do not exist
        found = None
    if found is None:
        raise Problem(
            "period-form",
            "A period is written like 2018-09, 2021/22, 2021/22 Q4, 2018-2020 or 2021-04-01..2022-03-31.",
            repr(text),
            "Write the period in one of these forms.",
        )
    return found


def _read(t: str) -> Period | None:
    if m := re.fullmatch(r"(\d{4}-\d\d-\d\d)/P(\d+)([YM])", t):
        start, n = date.fromisoformat(m[1]), int(m[2]) * (12 if m[3] == "Y" else 1)
        return from_months(start, n)
    if m := re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:\.\.|/| to )(\d{4}-\d\d-\d\d)", t):
        return between(date.fromisoformat(m[1]), date.fromisoformat(m[2]))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", t) or re.fullmatch(r"\d{1,2}/\d{1,2}/\d{2,4}", t):
        d = parse_day(t)
        return Period(d, d, "day")
    if m := re.fullmatch(r"(\d{4})(?:\.0)?", t):
        return calendar_year(int(m[1]))
    if m := re.fullmatch(r"Q([1-4]) (\d{4})[/-](\d{1,4})", t, re.I) or None:
        return quarter(int(m[2]), int(m[1]))
    if m := re.fullmatch(r"(\d{4})[/-](\d{1,4}) Q([1-4])", t, re.I):
        return quarter(int(m[1]), int(m[3]))
    if m := re.fullmatch(r"(\d{4})/(\d\d)", t):
        if int(m[2]) != (int(m[1]) + 1) % 100 and 1 <= int(m[2]) <= 12:
            return month(int(m[1]), int(m[2]))
    if m := re.fullmatch(r"(\d{4})-(\d\d)", t):
        if 1 <= int(m[2]) <= 12 and int(m[2]) != (int(m[1]) + 1) % 100:
            return month(int(m[1]), int(m[2]))
    if m := re.fullmatch(r"(\d{4}) ?[/-] ?(\d{1,4})", t):
        first = int(m[1])
        last = _full_year(m[2], first)
        if last == first + 1:
            return financial_year(first)
        if first <= last <= first + _LONGEST_YEARS:
            return years(first, last)
    if m := re.fullmatch(r"([A-Za-z]+)[ -](\d{4})", t):
        if (mon := _MONTHS.get(m[1].lower())) is not None:
            return month(int(m[2]), mon)
    if m := re.fullmatch(r"([A-Za-z]+) (\d{4}) ?(?:-|to|–) ?([A-Za-z]+) (\d{4})", t):
        a, b = _MONTHS.get(m[1].lower()), _MONTHS.get(m[3].lower())
        if a and b:
            return between(month(int(m[2]), a).start, month(int(m[4]), b).end)
    return None


def from_months(start: date, n: int) -> Period:
    """The period of `n` months that begins on `start`."""
    y, m = divmod(start.year * 12 + start.month - 1 + n, 12)
    end = date(y, m + 1, min(start.day, calendar.monthrange(y, m + 1)[1])) - timedelta(days=1)
    return between(start, end)


def between(start: date, end: date) -> Period:
    """The period from `start` to `end` with the kind that its length and first day imply."""
    if end == date.max:
        return Period(start, end, "range")
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month if after.day == start.day else 0
    if start == end:
        return Period(start, end, "day")
    if months == 1 and start.day == 1:
        return Period(start, end, "month")
    if months == 3 and start.day == 1 and start.month % 3 == 1:
        return Period(start, end, "quarter")
    if months == 12:
        kind = (
            "financial_year"
            if (start.month, start.day) == (4, 1)
            else "year"
            if (start.month, start.day) == (1, 1)
            else "rolling_12_months"
        )
        if kind == "rolling_12_months" and start.day != 1:
            kind = "survey_year"
        if (start.month, start.day) in ((8, 1), (9, 1)):
            kind = "academic_year"
        return Period(start, end, kind)
    if months in (36, 60):
        return Period(start, end, "three_years" if months == 36 else "five_years")
    return Period(start, end, "range")
