"""R9: how a pipeline prints a figure; R11: the rate it calls standardised. The cases are those that the design page states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.evidence.definitions.mhsds.publication import ANALYSIS, ASCOF, BBRB, PUBLICATIONS, plain
from esteem.evidence.definitions.mhsds.rules.own_weights import OwnWeightRate
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Figure, distinct, total

AREA = Breakdown("Provider", ("provider",))
ENGLAND = Breakdown("England", ("england",))
ENGLAND_BY_GENDER = Breakdown("England;Gender", ("gender",))


@pytest.mark.parametrize(
    ("publication", "figure", "kind", "breakdown", "text"),
    [
        (ANALYSIS, Figure(4), "count", AREA, "*"),
        (ANALYSIS, Figure(0), "count", AREA, "*"),
        (ANALYSIS, None, "count", AREA, "*"),
        (ANALYSIS, Figure(5), "count", AREA, "5"),
        (ANALYSIS, Figure(7), "count", AREA, "5"),
        (ANALYSIS, Figure(8), "count", AREA, "10"),
        (ANALYSIS, Figure(3), "count", ENGLAND, "3"),
        (ANALYSIS, None, "count", ENGLAND, "0"),
        (PUBLICATIONS, Figure(46.5), "mean", AREA, "45"),
        (BBRB, Figure(46.5), "mean", AREA, "47"),
        (BBRB, Figure(27.5, 11, 40), "percent", AREA, "28"),
        (BBRB, Figure(100, 4, 4), "percent", AREA, "*"),
        (BBRB, Figure(200, 8, 4), "percent", AREA, "200"),
        (PUBLICATIONS, Figure(200, 8, 4), "percent", AREA, "*"),
        (PUBLICATIONS, Figure(30.39216, 31, 102), "percent", AREA, "30"),
        (PUBLICATIONS, Figure(3), "count", ENGLAND_BY_GENDER, "3"),
        (ASCOF, Figure(3), "count", ENGLAND_BY_GENDER, "*"),
        (ASCOF, Figure(3), "count", ENGLAND, "3"),
    ],
)
def test_what_is_printed(publication, figure, kind, breakdown, text):
    assert publication.text(figure, kind, breakdown) == text


@given(st.integers(5, 10_000_000))
def test_a_count_goes_to_the_nearest_five(count):
    printed = int(BBRB.text(Figure(count), "count", AREA))
    assert printed % 5 == 0
    assert abs(printed - count) <= 2


def test_values_of_bbrb_pass_through_a_32_bit_float():
    assert BBRB.unrounded(Figure(1e5 / 3)) == 33333.33203125
    assert PUBLICATIONS.unrounded(Figure(1e5 / 3)) == 1e5 / 3
    assert BBRB.unrounded(None) is None


def test_a_number_keeps_its_whole_part():
    assert [plain(x) for x in (12345678.0, 0.0, 30.392156862745097, 4172.6308)] == ["12345678", "0", "30.39216", "4172.631"]


def test_the_own_weight_rate_is_a_crude_rate():
    """Two groups with identical rates by age and opposite age mixes: 380 and 1,820 as published, though both stand at 1,100."""
    cohort = Cohort("invented", lambda work, window: None)
    cases, people = Counted(cohort, distinct("person")), Counted(cohort, total("people"))
    strata = {"young": ({"x": 9_000, "y": 1_000}, 0.002), "old": ({"x": 1_000, "y": 9_000}, 0.02)}
    counts = {f"{g};{a};1": Figure(n * rate) for a, (groups, rate) in strata.items() for g, n in groups.items()}
    residents = {f"{g};{a};1": Figure(n) for a, (groups, _rate) in strata.items() for g, n in groups.items()}
    read = {id(cases): counts, id(people): residents | {"x;nobody;1": Figure(0)}}
    rates = OwnWeightRate(cases, people).figures(AREA, lambda value, breakdown: read[id(value)])
    assert {level: round(figure.value, 6) for level, figure in rates.items()} == {"x": 380, "y": 1820}
    widths = OwnWeightRate(cases, people, half_width=True).figures(AREA, lambda value, breakdown: read[id(value)])
    assert widths["x"].value == pytest.approx(1e5 * 1.96 * (18 + 20) ** 0.5 / 10_000)
