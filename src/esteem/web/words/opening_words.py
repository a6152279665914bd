"""Opening hours in the language of the page: now, until when, when next; and the hours of a week."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from esteem.directory import record
from esteem.directory.opening import Opening
from esteem.directory.weekdays import DAYS, NAMES
from esteem.web.languages import say

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
# What `opening.py` says without a time in it.
FIXED = (
    "It is a bank holiday: check before you go or call",
    "Opening hours are not known: check first",
    "Opening hours are not known for now: check first",
    "Closed, and no opening is planned",
    "Some of its hours are not clear: check first",
)
_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}


def now_words(found: Opening, now: datetime) -> str:
    """`Open now, until 5pm`; `Closed now. Opens on Monday at 9am`."""
    if found.state == "open":
        if found.until is None:
            return say("Open now, all day and all night")
        return say("Open now, until {time}").format(time=_at(found.until, now))
    if found.next is not None:
        return say("Closed now. Opens {when}").format(when=_when(found.next, now))
    if found.state == "open_days_only":
        return say("Usually open on {day}: check the times").format(day=say(_day_name(now.date())))
    return say(found.words)


def _at(at: datetime, now: datetime) -> str:
    late = at.date() != now.date() and at.time() != time(0)
    return f"{clock(at.time())} ({say(_day_name(at.date()))})" if late else clock(at.time())


def _when(at: datetime, now: datetime) -> str:
    return say("{day} at {time}").format(day=_day_from(at.date(), now.date()), time=clock(at.time()))


def _day_from(on: date, today: date) -> str:
    days = (on - today).days
    if days < 2:
        return say("tomorrow") if days else say("today")
    return say("on {day}").format(day=say(_day_name(on)) if days < 7 else day(on, year=False))


def _day_name(on: date) -> str:
    return NAMES[DAYS[on.weekday()]]


def day(on: date, year: bool = True) -> str:
    """`3 November 2026` in the language of the page."""
    return f"{on.day} {say(MONTHS[on.month - 1])}" + (f" {on.year}" if year else "")


def clock(at: time) -> str:
    """`9am`, `8:30pm`, `midday`, `midnight`; twenty-four hours in other languages than English."""
    if at == time(12):
        return say("midday")
    if at in (time(0), time(23, 59)):
        return say("midnight")
    hour, half = at.hour % 12 or 12, "am" if at.hour < 12 else "pm"
    return f"{hour}:{at.minute:02}{half}" if at.minute else f"{hour}{half}"


def hours(schedule: record.Schedule) -> str:
    """`Tuesday and Thursday, 6pm to 8:30pm`; the words of the record where it gives no times."""
    days = days_in_words(schedule)
    if schedule.opens_at is None or schedule.closes_at is None:
        return schedule.description or days
    if schedule.opens_at == time(0) and schedule.closes_at >= time(23, 59):
        span = say("all day and all night")
    else:
        span = say("{start} to {end}").format(start=clock(schedule.opens_at), end=clock(schedule.closes_at))
        if schedule.closes_at <= schedule.opens_at and schedule.closes_at != time(0):
            span = f"{span} {say('(after midnight)')}"
    ends = f", {say('until {day}').format(day=day(schedule.valid_to))}" if schedule.valid_to else ""
    return f"{days or say('Days not said')}, {span}{ends}"


def days_in_words(schedule: record.Schedule) -> str:
    parts = [part.strip() for part in schedule.byday.split(",") if part.strip()]
    if schedule.freq == "WEEKLY" and set(parts) == set(DAYS):
        return say("Every day")
    if schedule.freq == "WEEKLY" and parts == ["MO", "TU", "WE", "TH", "FR"]:
        return say("Monday to Friday")
    named = listed([_ordinal(part) for part in parts])
    if schedule.interval == 2 and schedule.freq == "WEEKLY":
        return say("Every other {days}").format(days=named)
    return named


def _ordinal(part: str) -> str:
    found = re.fullmatch(r"(-?\d)?(MO|TU|WE|TH|FR|SA|SU)", part)
    if not found:
        return part
    name = say(NAMES[found[2]])
    if not found[1]:
        return name
    return say("The {which} {day} of the month").format(which=say(_ORDINALS.get(found[1], found[1])), day=name)


def listed(words: list[str]) -> str:
    """`one, two and three`"""
    if len(words) < 2:
        return "".join(words)
    return say("{some} and {last}").format(some=", ".join(words[:-1]), last=words[-1])
