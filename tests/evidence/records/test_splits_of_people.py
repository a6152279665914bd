"""Splits that no definition names: by what the records know of the people in a cohort, one or two at a time; and rates made comparable."""

from __future__ import annotations

import pytest

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_record_measures
from esteem.evidence.definitions.mhsds.rules.own_weights import OwnWeightRate
from esteem.evidence.definitions.mhsds.rules.true_rates import StandardisedRate, true_rates
from esteem.evidence.engines.duckdb_engine import DuckDBEngine
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Figure, Ratio, distinct
from esteem.evidence.records.rows_extract import RowsExtract
from esteem.evidence.records.workbench import Workbench
from esteem.evidence.worked_cases import read_cases
from esteem.terms.problems import Problem

THREE_PEOPLE = """
# Three people with open referrals
P1 and P2 live in the most deprived tenth, in two councils; P3 has no master row.

MHS001MPI
Person_ID | LADistrictAuth | LSOA2011  | NHSDEthnicity | Gender | AgeRepPeriodEnd | PatMRecInRP
P1        | E06000033      | E01000001 | A             | 1      | 30              | true
P2        | E09000004      | E01000001 | M             | 2      | 30              | true
P3        | E09000004      | E01000002 | M             | 2      | 30              | false

MHS005PatInd
Person_ID | LDStatus | AutismStatus
P1        | 1        | 5

MHS101Referral
Person_ID | ReferralRequestReceivedDate
P1        | 2025-03-04
P2        | 2025-03-05
P3        | 2025-03-06

answer
measure | value
MHS32   | 2
"""
BY_GROUP = Breakdown("", ("group",))


@pytest.fixture(scope="module")
def work():
    (case,) = read_cases(THREE_PEOPLE)
    return Workbench(RowsExtract(case.filled(), DuckDBEngine(threads=1)), case.month)


def _levels(work, name: str, period: str, *columns: str) -> dict[str, float]:
    (found,) = (each for each in find_record_measures(name) if period in each.measure.periods)
    request = Request(found.measure, period, Breakdown("as asked", columns))
    return {level: figure.value for level, figure in compute(work, [request])[request].items()}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("local_authority",), {"E06000033": 1, "E09000004": 1}),
        (("imd_quintile",), {"01 of 5": 2}),
        (("ld_status",), {"1": 1, "UNKNOWN": 1}),
        (("ethnicity_group", "gender"), {"White or White British;1": 1, "Black or Black British;2": 1}),
        (("local_authority", "imd_decile"), {"E06000033;01 Most deprived": 1, "E09000004;01 Most deprived": 1}),
    ],
)
def test_a_measure_is_split_by_what_is_known_of_its_people(work, columns, expected):
    assert _levels(work, "MHS32", "M", *columns) == expected


def test_a_cohort_of_people_needs_no_attribute_of_its_own(work):
    """P3 has a referral and no master row: UNKNOWN, not lost."""
    bare = Cohort("referrals", lambda work, window: work.t.MHS101Referral.select("Person_ID", "UniqServReqID"))
    count = Counted(bare, distinct("UniqServReqID"))
    (found,) = (each for each in find_record_measures("MHS32") if "M" in each.measure.periods)
    request = Request(type(found.measure)("X", "referrals", count, ("M",), ()), "M", Breakdown("by council", ("local_authority",)))
    found = {level: figure.value for level, figure in compute(work, [request])[request].items()}
    assert found == {"E06000033": 1, "E09000004": 1, "UNKNOWN": 1}


def test_rows_that_name_nobody_are_not_split(work):
    nobody = Cohort("wards", lambda work, window: work.t.MHS903WardDetails.select("UniqWardCode"))
    (found,) = (each for each in find_record_measures("MHS32") if "M" in each.measure.periods)
    wards = type(found.measure)("X", "wards", Counted(nobody, distinct("UniqWardCode")), ("M",), ())
    with pytest.raises(Problem, match="name no person") as wrong:
        compute(work, [Request(wards, "M", Breakdown("by gender", ("gender",)))])
    assert wrong.value.code == "definition-column"


# ---------------------------------------------------------------- rates made comparable


def _figures(counts: dict[str, float]) -> dict[str, Figure]:
    return {level: Figure(value) for level, value in counts.items()}


# Two groups, the young of both with 200 cases per 100,000, the old with 2,000; one group is young, the other old.
CASES = {"A;young;1": 180, "A;old;1": 200, "B;young;1": 20, "B;old;1": 1800}
PEOPLE = {"A;young;1": 90_000, "A;old;1": 10_000, "B;young;1": 10_000, "B;old;1": 90_000}


def test_groups_with_the_same_rates_at_every_age_have_the_same_standardised_rate():
    """The example of the design page, R11: crude rates 380 and 1,820, the true standardised rate 1,100 for both."""
    found = true_rates(_figures(CASES), _figures(PEOPLE))
    assert {group: round(figure.value, 6) for group, figure in found.items()} == {"A": 1100, "B": 1100}


def test_the_interval_holds_the_rate_and_is_wider_for_the_rarer_group():
    half = true_rates(_figures(CASES), _figures(PEOPLE), half_width=True)
    assert 0 < half["B"].value < half["A"].value
    assert (half["A"].numerator, half["A"].denominator) == (380, 100_000)


def test_fewer_than_ten_cases_have_no_standardised_rate():
    found = true_rates(_figures({"A;young;1": 9, "B;young;1": 10}), _figures({"A;young;1": 1000, "B;young;1": 1000}))
    assert list(found) == ["B"]
    assert true_rates({}, _figures(PEOPLE)) == {}


class _Reads:
    """Reads two counts; as published or not."""

    def __init__(self, *counts, published=True):
        self.counts, self.published = dict(counts), published

    def __call__(self, value, breakdown):
        return _figures(self.counts[value])

    def as_published(self, quirk):
        return self.published


def test_the_national_rate_is_crude_and_put_right_is_standardised():
    cases, people = (Counted(Cohort("", lambda work, window: None), distinct("x")) for _ in range(2))
    counts = ((cases, CASES), (people, PEOPLE))
    rate = OwnWeightRate(cases, people)
    national = rate.figures(BY_GROUP, _Reads(*counts))
    right = rate.figures(BY_GROUP, _Reads(*counts, published=False))
    assert {group: round(figure.value, 6) for group, figure in national.items()} == {"A": 380, "B": 1820}
    assert {group: round(figure.value, 6) for group, figure in right.items()} == {"A": 1100, "B": 1100}
    low, mid, high = (StandardisedRate(cases, people, limit).figures(BY_GROUP, _Reads(*counts))["A"].value for limit in (-1, 0, 1))
    assert low < mid < high and round(mid, 6) == 1100


def test_a_share_of_nobody_is_nothing_as_published_and_nought_put_right():
    """quirk:pct-needs-numerator-row."""
    part, whole = (Counted(Cohort("", lambda work, window: None), distinct("x")) for _ in range(2))
    counts = ((part, {"A": 1}), (whole, {"A": 4, "B": 5}))
    share = Ratio(part, whole)
    assert {k: v.value for k, v in share.figures(BY_GROUP, _Reads(*counts)).items()} == {"A": 25}
    assert {k: v.value for k, v in share.figures(BY_GROUP, _Reads(*counts, published=False)).items()} == {"A": 25, "B": 0}
