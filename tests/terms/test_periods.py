"""Periods as people and publishers write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.terms.periods import Period, between, parse, parse_day
from esteem.terms.problems import Problem


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("2018-09", date(2018, 9, 1), date(2018, 9, 30), "month"),
        ("July 2022", date(2022, 7, 1), date(2022, 7, 31), "month"),
        ("2021/22 Q4", date(2022, 1, 1), date(2022, 3, 31), "quarter"),
        ("Q4 2021/22", date(2022, 1, 1), date(2022, 3, 31), "quarter"),
        ("2021/22", date(2021, 4, 1), date(2022, 3, 31), "financial_year"),
        ("2005/6", date(2005, 4, 1), date(2006, 3, 31), "financial_year"),
        ("2018", date(2018, 1, 1), date(2018, 12, 31), "year"),
        ("2011-2013", date(2011, 1, 1), date(2013, 12, 31), "three_years"),
        ("2021-04-01..2022-03-31", date(2021, 4, 1), date(2022, 3, 31), "financial_year"),
        ("0001-01-01..9999-12-31", date.min, date.max, "range"),
    ],
)
def test_each_form_is_read(text, start, end, kind):
    assert parse(text) == Period(start, end, kind)


@pytest.mark.parametrize("text", ["", "yesterday", "0000", "0000-01", "2021-13-01", "2021-02-30..2021-03-31", "9999/00 Q4"])
def test_what_is_no_period_is_refused_with_what_was_found(text):
    with pytest.raises(Problem) as wrong:
        parse(text)
    assert wrong.value.code in ("period-form", "date-form") and repr(text) in wrong.value.found


@pytest.mark.parametrize("text", ["31 February 2024", "2024-02-30", "30/02/24", "1 Smarch 2024"])
def test_a_day_that_does_not_exist_is_refused(text):
    with pytest.raises(Problem) as wrong:
        parse_day(text)
    assert wrong.value.code == "date-form"


@given(st.text("0123456789/-. Q:TMarch", max_size=24))
def test_any_text_is_a_period_or_a_problem(text):
    try:
        assert parse(text).start <= parse(text).end
    except Problem as wrong:
        assert wrong.code in ("period-form", "period-order", "date-form")


@given(st.dates(date(1, 1, 1), date.max), st.dates(date(1, 1, 1), date.max))
def test_a_period_between_two_days_has_these_days(one, other):
    start, end = sorted((one, other))
    made = between(start, end)
    assert (made.start, made.end) == (start, end)


@pytest.mark.parametrize("text", ["2019-13", "2019/2113", "2019-00"])
def test_a_slip_for_a_month_is_no_span_of_a_century(text):
    with pytest.raises(Problem) as raised:
        parse(text)
    assert raised.value.code == "period-form"
