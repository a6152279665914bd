from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.evidence.records.reporting import KINDS, Reporting, months_in
from esteem.terms.problems import Problem


@pytest.mark.parametrize(
    ("day", "number"), [("1900-04-01", 1), ("2021-10-31", 1459), ("2022-07-01", 1468), ("2024-04-15", 1489), ("2025-03-31", 1500)]
)
def test_months_have_the_numbers_of_the_data_set(day, number):
    assert Reporting.of(date.fromisoformat(day)).month_id == number


def test_march_2025_and_the_periods_that_end_with_it():
    month = Reporting(1500)
    assert (month.start, month.end) == (date(2025, 3, 1), date(2025, 3, 31))
    assert (month.quarter_start, month.twelve_month_start) == (date(2025, 1, 1), date(2024, 4, 1))
    assert (month.window("Q").first_month, month.window("12M").first_month) == (1498, 1489)
    assert month.months(2).start == date(2025, 2, 1)


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.sampled_from(KINDS))
def test_a_window_ends_with_its_month_and_holds_whole_months(day, kind):
    window = Reporting.of(day).window(kind)
    assert window.start.day == 1
    assert window.start <= day.replace(day=1) <= day <= window.end
    assert window.last_month - window.first_month + 1 == months_in(kind, window.last_month)
    assert Reporting.of(window.start).month_id == window.first_month


def test_an_unknown_kind_of_period_is_a_problem():
    with pytest.raises(Problem, match=r"M, Q, 12M") as found:
        Reporting(1500).window("fortnight")
    assert found.value.code == "period-kind"
