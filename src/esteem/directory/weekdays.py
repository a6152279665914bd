"""Days of the week as Open Referral (RFC 5545, BYDAY) writes them, from Monday on."""

from __future__ import annotations

NAMES = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
DAYS = tuple(NAMES)
