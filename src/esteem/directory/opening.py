"""Whether a service is open at a moment, until when, and when it opens next. Unknown hours are never read as open.

Times are those of Europe/London as they stand on the wall, so a change of the clocks moves nothing. HSDS 3.0 schedules: WEEKLY or MONTHLY,
`byday` with ordinals in months, `bymonthday`, `interval` counted from `dtstart`. Hours that end at or before they begin run past midnight;
23:59 is read as midnight, since the standard has no other way to say it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from esteem.directory.record import Schedule
from esteem.directory.weekdays import DAYS

LONDON = ZoneInfo("Europe/London")
STATES = ("open", "closed", "check", "open_days_only")
AHEAD = 62  # days in which the next opening is looked for: the last Friday of next month lies in them
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PART = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_LAST_MINUTE, _MIDNIGHT = time(23, 59), time(0)


@dataclass(frozen=True)
class Opening:
    """`state` of STATES. `until`: when it shuts, unless it never does; `next`: when it opens next, if known. Both Europe/London."""

    state: str
    until: datetime | None
    next: datetime | None
    words: str


@dataclass(frozen=True)
class _Span:
    """Opening hours of one day; `doubtful` when it is a bank holiday and nobody has said what happens then."""

    start: datetime
    end: datetime
    doubtful: bool


def open_at(schedules: Iterable[Schedule], moment: datetime) -> Opening:
    """`moment` carries a time zone. Raises ValueError for one that does not: whose clock it is cannot be guessed."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    rows, now = tuple(schedules), moment.astimezone(LONDON).replace(tzinfo=None)
    timed = [row for row in rows if _has_times(row)]
    current = [span for row in timed for span in _spans(row, now.date() - timedelta(days=1), 2) if span.start <= now < span.end]
    sure = [span for span in current if not span.doubtful]
    if sure:
        return _open(timed, now, max(span.end for span in sure))
    if current:
        return Opening("check", None, None, "It is a bank holiday: check before you go or call")
    if any(_days_only(row, now.date()) for row in rows if not _has_times(row)):
        return Opening("open_days_only", None, None, f"Usually open on {_NAMES[now.weekday()]}s: check the times")
    return _shut(rows, timed, now)


def _open(timed: list[Schedule], now: datetime, end: datetime) -> Opening:
    """Spans that touch are one: a line of every day and hour does not shut at midnight."""
    for _ in range(9):
        later = [span.end for row in timed for span in _spans(row, end.date(), 1) if span.start <= end < span.end and not span.doubtful]
        if not later:
            break
        end = max(later)
    if end - now > timedelta(days=7):
        return Opening("open", None, None, "Open now, all day and all night")
    return Opening("open", end.replace(tzinfo=LONDON), None, f"Open now, until {_clock(end.time())}{_when(end, now, same='')}")


def _shut(rows: tuple[Schedule, ...], timed: list[Schedule], now: datetime) -> Opening:
    if not rows:
        return Opening("check", None, None, "Opening hours are not known: check first")
    unclear = [row for row in rows if _unclear(row)]
    following = _next(timed, now)
    if following is None:
        if unclear or len(timed) < len(rows) or all(_over(row, now.date()) for row in rows):
            return Opening("check", None, None, "Opening hours are not known for now: check first")
        return Opening("closed", None, None, "Closed, and no opening is planned")
    if unclear:
        return Opening("check", None, None, "Some of its hours are not clear: check first")
    start, doubt = following.start, " (a bank holiday: check first)" if following.doubtful else ""
    words = f"Closed now. Opens{_when(start, now, same=' today')} at {_clock(start.time())}{doubt}"
    return Opening("closed", None, start.replace(tzinfo=LONDON), words)


def _next(timed: list[Schedule], now: datetime) -> _Span | None:
    for days in range(AHEAD + 1):
        day = now.date() + timedelta(days=days)
        spans = [span for row in timed for span in _spans(row, day, 1) if span.start > now]
        if spans:
            return min(spans, key=lambda span: span.start)
    return None


def _has_times(row: Schedule) -> bool:
    return row.opens_at is not None and row.closes_at is not None and not _unclear(row)


def _unclear(row: Schedule) -> bool:
    """Times without days, hours of no length, or "every other week" without a first week: nobody can say when that is."""
    if row.opens_at is None or row.closes_at is None:
        return False
    whole = row.opens_at == row.closes_at
    return whole or (row.interval > 1 and row.dtstart is None) or not (row.byday or row.bymonthday or row.dtstart)


def _days_only(row: Schedule, day: date) -> bool:
    known = row.opens_at is None or row.closes_at is None
    return known and bool(row.byday or row.bymonthday) and matches(row, day)


def _over(row: Schedule, day: date) -> bool:
    return row.valid_to is not None and row.valid_to < day


def _spans(row: Schedule, first: date, count: int) -> list[_Span]:
    made = []
    for day in (first + timedelta(days=number) for number in range(count)):
        holiday = day in bank_holidays(day.year)
        if not matches(row, day) or (holiday and row.bank_holidays == "closed"):
            continue
        past_midnight = row.closes_at <= row.opens_at or row.closes_at == _LAST_MINUTE
        closes = _MIDNIGHT if row.closes_at == _LAST_MINUTE else row.closes_at
        end = datetime.combine(day + timedelta(days=past_midnight), closes)
        made.append(_Span(datetime.combine(day, row.opens_at), end, holiday and not row.bank_holidays and not _round_the_clock(row)))
    return made


def _round_the_clock(row: Schedule) -> bool:
    return row.opens_at == _MIDNIGHT and row.closes_at == _LAST_MINUTE and {part for part, _ in _parts(row.byday)} == set(range(7))


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Bank holidays of England."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def matches(row: Schedule, day: date) -> bool:
    """Whether the schedule holds on this day, whatever the hour. Bank holidays are not looked at."""
    if (row.valid_from and day < row.valid_from) or _over(row, day) or (row.dtstart and day < row.dtstart):
        return False
    return _in_interval(row, day) and _on_day(row, day)


def _in_interval(row: Schedule, day: date) -> bool:
    if row.interval <= 1 or row.dtstart is None:
        return row.interval <= 1
    if row.freq == "MONTHLY":
        return ((day.year - row.dtstart.year) * 12 + day.month - row.dtstart.month) % row.interval == 0
    weeks = (_monday(day) - _monday(row.dtstart)).days // 7
    return weeks % row.interval == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _on_day(row: Schedule, day: date) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    if row.bymonthday:
        wanted = {int(part) for part in re.findall(r"-?\d+", row.bymonthday)}
        return bool(wanted & {day.day, day.day - length - 1})
    parts = _parts(row.byday)
    if not parts:
        return row.dtstart is not None and _as_at_first(row, day)
    which = {0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)}  # every one, the nth from the start, the nth from the end
    return any(weekday == day.weekday() and (row.freq == "WEEKLY" or ordinal in which) for weekday, ordinal in parts)


def _as_at_first(row: Schedule, day: date) -> bool:
    """Without days, the first day says which: the same weekday, or the same day of the month."""
    return day.weekday() == row.dtstart.weekday() if row.freq == "WEEKLY" else day.day == row.dtstart.day


@lru_cache(maxsize=4096)
def _parts(byday: str) -> tuple[tuple[int, int], ...]:
    """(weekday, ordinal); ordinal 0 means every one. What cannot be read is left out."""
    found = [_PART.fullmatch(part.strip().upper()) for part in byday.split(",")]
    return tuple((DAYS.index(one[2]), int(one[1] or 0)) for one in found if one)


def _when(at: datetime, now: datetime, same: str) -> str:
    days = (at.date() - now.date()).days
    if days == 0:
        return same
    if days == 1:
        return " tomorrow" if at.time() != _MIDNIGHT or same else ""
    return f" on {_NAMES[at.weekday()]}" if days < 7 else f" on {at.day} {at:%B}"


def _clock(at: time) -> str:
    if at in (_MIDNIGHT, time(12)):
        return "midnight" if at == _MIDNIGHT else "midday"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
