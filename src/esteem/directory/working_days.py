"""Working days of England: Monday to Friday without bank holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays


@cache
def _bank_holidays():
    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays()


def working_days_after(day: date, number: int) -> date:
    """The working day that comes `number` working days after a day; 1 after a Friday is the next Monday that is no bank holiday."""
    while number:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day
