"""Points in time from a day and a time of day, which the data set keeps apart."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds


def moment(day: ir.DateValue, time: ir.TimestampValue) -> ir.IntegerValue:
    """Seconds since the first day of 1970; a time that is not given is midnight. Times carry a dummy date."""
    seconds = time.hour() * HOUR + time.minute() * MINUTE + time.second()
    return day.delta(ibis.date(1970, 1, 1), unit="day") * DAY + seconds.fill_null(0)
