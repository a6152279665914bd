"""Whether a service is open: cases worked out by hand with a calendar of England. 2026-11-28 is a Saturday."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.directory.opening import LONDON, bank_holidays, matches, open_at
from esteem.directory.record import Schedule

EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"


def row(byday="", opens=None, closes=None, **other) -> Schedule:
    def at(hour):
        return None if hour is None else time(int(hour), round(hour % 1 * 60))

    return Schedule("1", byday=byday, opens_at=at(opens), closes_at=time(23, 59) if closes == 24 else at(closes), **other)


OFFICE = row("MO,TU,WE,TH,FR", 9, 17)
ALWAYS = row(EVERY_DAY, 0, 24)
NIGHT = row("SA", 20, 2)
NIGHTS = row("SA,SU", 20, 2)
LAST_FRIDAY = row("-1FR", 10, 12, freq="MONTHLY")
SECOND_MONDAY = row("2MO", 10, 12, freq="MONTHLY")
FORTNIGHT = row("TU", 18, 20, interval=2, dtstart=date(2026, 11, 3))
QUARTERLY = row("1WE", 14, 16, freq="MONTHLY", interval=3, dtstart=date(2026, 1, 7))
FIRST_AND_LAST = row("", 9, 10, freq="MONTHLY", bymonthday="1,-1")
PART_OF_DAY = row("MO,TU", description="Open morning and afternoon on Mondays and Tuesdays")
ENDED = row("MO", 9, 17, valid_to=date(2026, 11, 1))
TO_COME = row("MO", 9, 17, valid_from=date(2026, 12, 7))
CLOSED_ON_HOLIDAYS = row(EVERY_DAY, 9, 17, bank_holidays="closed")
OPEN_ON_HOLIDAYS = row(EVERY_DAY, 9, 17, bank_holidays="open")
SPLIT = (row("MO", 9, 12), row("MO", 13, 17))
FROM_FIRST = row("", 9, 10, dtstart=date(2026, 11, 4))

CASES = [
    (OFFICE, "2026-11-27 09:00", "open"),
    (OFFICE, "2026-11-27 08:59", "closed"),
    (OFFICE, "2026-11-27 16:59", "open"),
    (OFFICE, "2026-11-27 17:00", "closed"),
    (OFFICE, "2026-11-28 12:00", "closed"),
    (ALWAYS, "2026-11-28 00:00", "open"),
    (ALWAYS, "2026-11-28 23:59:30", "open"),
    (ALWAYS, "2026-11-28 12:00", "open"),
    (ALWAYS, "2026-12-25 12:00", "open"),
    (row("FR", 12, 24), "2026-11-27 23:59:59", "open"),
    (row("FR", 12, 24), "2026-11-28 00:00", "closed"),
    (NIGHT, "2026-11-28 19:59", "closed"),
    (NIGHT, "2026-11-28 20:00", "open"),
    (NIGHT, "2026-11-29 01:00", "open"),
    (NIGHT, "2026-11-29 02:00", "closed"),
    (NIGHT, "2026-11-29 21:00", "closed"),
    (NIGHT, "2026-11-28 01:00", "closed"),
    (NIGHTS, "2026-11-30 01:30", "open"),
    (NIGHTS, "2026-11-30 20:30", "closed"),
    (LAST_FRIDAY, "2026-11-27 11:00", "open"),
    (LAST_FRIDAY, "2026-11-20 11:00", "closed"),
    (LAST_FRIDAY, "2026-10-30 10:00", "open"),
    (LAST_FRIDAY, "2026-02-27 11:59", "open"),
    (SECOND_MONDAY, "2026-11-09 10:00", "open"),
    (SECOND_MONDAY, "2026-11-02 10:00", "closed"),
    (SECOND_MONDAY, "2026-11-16 10:00", "closed"),
    (row("-2SU", 10, 12, freq="MONTHLY"), "2026-11-22 11:00", "open"),
    (row("5SA", 10, 12, freq="MONTHLY"), "2026-10-31 11:00", "open"),
    (row("5SA", 10, 12, freq="MONTHLY"), "2026-11-28 11:00", "closed"),
    (row("TU", 10, 12, freq="MONTHLY"), "2026-11-17 11:00", "open"),
    (row("1MO,3MO", 10, 12, freq="MONTHLY"), "2026-11-16 11:00", "open"),
    (FORTNIGHT, "2026-11-03 18:30", "open"),
    (FORTNIGHT, "2026-11-10 18:30", "closed"),
    (FORTNIGHT, "2026-11-17 18:30", "open"),
    (FORTNIGHT, "2026-10-20 18:30", "closed"),
    (row("MO,TU", 18, 20, interval=2, dtstart=date(2026, 11, 3)), "2026-11-16 18:30", "open"),
    (row("MO,TU", 18, 20, interval=2, dtstart=date(2026, 11, 3)), "2026-11-09 18:30", "closed"),
    (row("TU", 18, 20, interval=2), "2026-11-17 18:30", "check"),
    (QUARTERLY, "2026-10-07 15:00", "open"),
    (QUARTERLY, "2026-11-04 15:00", "closed"),
    (FIRST_AND_LAST, "2026-11-30 09:30", "open"),
    (FIRST_AND_LAST, "2026-12-01 09:30", "open"),
    (FIRST_AND_LAST, "2026-11-29 09:30", "closed"),
    (FROM_FIRST, "2026-11-11 09:30", "open"),
    (FROM_FIRST, "2026-11-12 09:30", "closed"),
    (FROM_FIRST, "2026-10-28 09:30", "closed"),
    (PART_OF_DAY, "2026-11-23 10:00", "open_days_only"),
    (PART_OF_DAY, "2026-11-23 23:00", "open_days_only"),
    (PART_OF_DAY, "2026-11-25 10:00", "check"),
    (ENDED, "2026-11-23 10:00", "check"),
    (TO_COME, "2026-11-23 10:00", "closed"),
    (TO_COME, "2026-12-07 10:00", "open"),
    (row("MO", 9, 17, valid_from=date(2026, 12, 7), valid_to=date(2026, 12, 1)), "2026-12-07 10:00", "check"),
    (CLOSED_ON_HOLIDAYS, "2026-12-25 10:00", "closed"),
    (CLOSED_ON_HOLIDAYS, "2026-12-24 10:00", "open"),
    (OPEN_ON_HOLIDAYS, "2026-12-25 10:00", "open"),
    (OFFICE, "2026-12-25 10:00", "check"),
    (OFFICE, "2026-12-28 10:00", "check"),
    (OFFICE, "2026-05-04 10:00", "check"),
    (OFFICE, "2026-12-25 18:00", "closed"),
    (row("", 9, 17), "2026-11-23 10:00", "check"),
    (row("MO", 9, 9), "2026-11-23 10:00", "check"),
    (row("XX", 9, 17), "2026-11-23 10:00", "closed"),
    # The clocks go back on 2026-10-25 at 2am and forward on 2026-03-29 at 1am: hours stay those on the wall.
    (row("SU", 1, 3), "2026-10-25 01:30", "open"),
    (row("SU", 1, 3), "2026-10-25 02:59", "open"),
    (row("SU", 1, 3), "2026-10-25 03:00", "closed"),
    (row("SU", 2, 4), "2026-03-29 02:30", "open"),
    (row("SA", 22, 4), "2026-03-29 03:30", "open"),
    (row("SA", 22, 4), "2026-10-25 04:00", "closed"),
]


@pytest.mark.parametrize(("schedule", "at", "state"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_cases_worked_by_hand(schedule, at, state):
    assert open_at([schedule], datetime.fromisoformat(at).replace(tzinfo=LONDON)).state == state


def test_there_are_cases_enough():
    assert len(CASES) >= 60


def test_without_any_hours_nothing_is_claimed():
    assert open_at([], datetime(2026, 11, 28, 12, tzinfo=LONDON)).state == "check"


def test_one_open_row_is_enough_and_a_gap_at_noon_is_a_gap():
    monday = datetime(2026, 11, 23, tzinfo=LONDON)
    assert [open_at(SPLIT, monday.replace(hour=hour)).state for hour in (11, 12, 13)] == ["open", "closed", "open"]


@pytest.mark.parametrize(
    ("schedules", "at", "words"),
    [
        ([OFFICE], "2026-11-27 10:00", "Open now, until 5pm"),
        ([OFFICE], "2026-11-27 18:00", "Closed now. Opens on Monday at 9am"),
        ([OFFICE], "2026-11-23 08:00", "Closed now. Opens today at 9am"),
        ([OFFICE], "2026-11-23 18:00", "Closed now. Opens tomorrow at 9am"),
        ([NIGHT], "2026-11-28 21:00", "Open now, until 2am tomorrow"),
        ([ALWAYS], "2026-11-28 21:00", "Open now, all day and all night"),
        ([SECOND_MONDAY], "2026-11-28 21:00", "Closed now. Opens on 14 December at 10am"),
        ([PART_OF_DAY], "2026-11-23 10:00", "Usually open on Mondays: check the times"),
        ([row("MO", 9, 12), row("MO", 12, 15)], "2026-11-23 10:00", "Open now, until 3pm"),
    ],
)
def test_words_say_until_when_and_when_next(schedules, at, words):
    assert open_at(schedules, datetime.fromisoformat(at).replace(tzinfo=LONDON)).words == words


def test_a_moment_of_another_clock_is_the_same_moment():
    assert open_at([OFFICE], datetime(2026, 7, 1, 8, 30, tzinfo=UTC)).state == "open"  # half past nine in summer
    with pytest.raises(ValueError, match="time zone"):
        open_at([OFFICE], datetime(2026, 7, 1, 8, 30))


def test_bank_holidays_are_those_of_england():
    assert {date(2026, 4, 3), date(2026, 8, 31), date(2026, 12, 28)} <= bank_holidays(2026)
    assert date(2026, 1, 2) not in bank_holidays(2026)  # Scotland's
    assert date(2026, 3, 17) not in bank_holidays(2026)  # Northern Ireland's


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)), st.sampled_from([PART_OF_DAY, row("MO"), row()]))
def test_without_times_it_is_never_open(at, schedule):
    assert open_at([schedule], at.replace(tzinfo=LONDON)).state in ("check", "open_days_only")


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)), st.sampled_from([OFFICE, NIGHT, LAST_FRIDAY, FORTNIGHT]))
def test_it_is_open_when_it_next_opens_and_shut_when_it_shuts(at, schedule):
    found = open_at([schedule], at.replace(tzinfo=LONDON))
    if found.next and found.next.date() not in bank_holidays(found.next.year):
        assert open_at([schedule], found.next).state == "open"
    if found.until:
        assert open_at([schedule], found.until).state != "open"


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_a_last_friday_is_followed_by_another_month(day):
    assert matches(LAST_FRIDAY, day) == (day.weekday() == 4 and (day + timedelta(days=7)).month != day.month)
