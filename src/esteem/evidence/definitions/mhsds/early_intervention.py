"""M1: starting treatment for a first episode of psychosis, and waiting for it (pipeline menh_publications)."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_DASH, ETHNICITY_GROUPS, PROVIDER_ETHNICITY, SUB_ICB_ETHNICITY
from esteem.evidence.definitions.mhsds.publication import PUBLICATIONS
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.demographics import Bands, age_band, with_demographics
from esteem.evidence.definitions.mhsds.rules.psychosis_clocks import SUSPECTED_PSYCHOSIS, psychosis_clocks
from esteem.evidence.definitions.mhsds.rules.received_referrals import received_referrals
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

TWO_WEEKS = 14  # days
AGES: Bands = ((0, "a"), (18, "b"), (35, "c"))  # suffixes of the published ids: 0 to 17, 18 to 34, 35 and over


def _with_people(work: Workbench, window: Window, clocks: ir.Table) -> ir.Table:
    people = work.t.MHS001MPI
    people = with_demographics(work, people.filter(people.PatMRecInRP))
    people = people.select("Person_ID", "UniqMonthID", "AgeRepPeriodEnd", "ethnicity_group_short")
    joined = clocks.left_join(people, ["Person_ID", "UniqMonthID"])
    joined = joined.mutate(
        provider=joined.OrgIDProv,
        ethnicity_group_short=joined.ethnicity_group_short.fill_null("Unknown"),
        age_when_referred=age_band(joined.AgeServReferRecDate, AGES, None),
        age_at_end=age_band(joined.AgeRepPeriodEnd, AGES, None),
        in_treatment=joined.treated_and_open & joined.UniqMonthID_right.notnull(),  # people with a master row of the month
    )
    return with_area(joined.drop("Person_ID_right", "UniqMonthID_right"), sub_icb_of_window(work, window))


def _to_the_team(work: Workbench, window: Window) -> ir.Table:
    clocks = work.step(psychosis_clocks(work, window, True), "suspected first episodes referred to an early intervention team")
    return _with_people(work, window, clocks)


def _elsewhere(work: Workbench, window: Window) -> ir.Table:
    clocks = work.step(psychosis_clocks(work, window, False), "suspected first episodes that went to no early intervention team")
    return _with_people(work, window, clocks)


def _received(work: Workbench, window: Window) -> ir.Table:
    referrals = received_referrals(work, window)
    return referrals.mutate(suspected=referrals.PrimReasonReferralMH == SUSPECTED_PSYCHOSIS)


PATHWAYS = Cohort("suspected first episodes of psychosis with an early intervention team", _to_the_team)
ELSEWHERE = Cohort("suspected first episodes of psychosis elsewhere", _elsewhere)
RECEIVED = Cohort("referrals received in the quarter", _received)
_REFERRALS = distinct("UniqServReqID")
_BY_ETHNICITY = (ETHNICITY_GROUPS, PROVIDER_ETHNICITY, SUB_ICB_ETHNICITY)

# (id, title, cohort, rows counted, attribute that gives the age of the suffixes a, b, c)
_AT_REFERRAL, _AT_END = "age_when_referred", "age_at_end"
_SOON, _LATE = _.days_to_start <= TWO_WEEKS, _.days_to_start > TWO_WEEKS
_STARTED_ELSEWHERE = _.entered & _.elsewhere_ever
_COUNTS = (
    ("EIP01", "In treatment at the end", PATHWAYS, _.in_treatment, _AT_END),
    ("EIP23a", "Started treatment", PATHWAYS, _.entered, _AT_REFERRAL),
    ("EIP23b", "Started treatment within two weeks", PATHWAYS, _.entered & _SOON, _AT_REFERRAL),
    ("EIP23c", "Started treatment after more than two weeks", PATHWAYS, _.entered & _LATE, _AT_REFERRAL),
    ("EIP23d", "Waiting for treatment at the end", PATHWAYS, _.waiting, _AT_REFERRAL),
    ("EIP23e", "Waiting for two weeks or less", PATHWAYS, _.waiting & (_.days_waited <= TWO_WEEKS), _AT_REFERRAL),
    ("EIP23f", "Waiting for more than two weeks", PATHWAYS, _.waiting & (_.days_waited > TWO_WEEKS), _AT_REFERRAL),
    ("EIP63", "Open elsewhere at the end", ELSEWHERE, _.is_open & _.elsewhere_now, _AT_REFERRAL),
    ("EIP64", "Started treatment elsewhere", ELSEWHERE, _STARTED_ELSEWHERE, _AT_REFERRAL),
    ("EIP65", "Started treatment elsewhere after more than two weeks", ELSEWHERE, _STARTED_ELSEWHERE & _LATE, _AT_REFERRAL),
    ("EIP66", "Started treatment elsewhere within two weeks", ELSEWHERE, _STARTED_ELSEWHERE & _SOON, _AT_REFERRAL),
)
_PERCENTAGES = (
    ("EIP23i", "Share who started treatment within two weeks", "EIP23b", "EIP23a"),
    ("EIP23j", "Share of those waiting who waited more than two weeks", "EIP23f", "EIP23d"),
    ("EIP67", "Share who started treatment elsewhere within two weeks", "EIP66", "EIP64"),
)
_OF_AGE = {"": "all ages", "a": "0 to 17", "b": "18 to 34", "c": "35 and over"}
_COUNTED = {
    name + suffix: Counted(cohort, _REFERRALS, where if not suffix else where & (_[age] == suffix))
    for name, _title, cohort, where, age in _COUNTS
    for suffix in _OF_AGE
}


def _measure(name: str, title: str, value, breakdowns=AREAS_DASH) -> RecordMeasure:
    return RecordMeasure(name, title, value, ("Q",), breakdowns)


def _by_age() -> list[RecordMeasure]:
    """Every count and percentage, for all ages (with ethnic groups where they are counts) and for each age."""
    measures = []
    for suffix, ages in _OF_AGE.items():
        splits = AREAS_DASH if suffix else (*AREAS_DASH, *_BY_ETHNICITY)
        measures += [_measure(name + suffix, f"{title}, {ages}", _COUNTED[name + suffix], splits) for name, title, *_rest in _COUNTS]
        measures += [
            _measure(name + suffix, f"{title}, {ages}", Ratio(_COUNTED[above + suffix], _COUNTED[below + suffix]))
            for name, title, above, below in _PERCENTAGES
        ]
    return measures


FAMILY = Family(
    name="early-intervention",
    title="Early intervention in psychosis",
    question="How many people with a first episode of psychosis start treatment, and how soon?",
    why="Untreated psychosis does lasting harm; early treatment saves years of life and work.",
    source="NHSDigital/mental-health-monthly-statistics, menh_publications 07_EIP (design page M1)",
    checked_against="the national code's own figures for an invented extract",
    publication=PUBLICATIONS,
    quirks=("quirk:eip-rejected-referral-counts", "quirk:eip-coordinator-person-only"),
    counterparts={"EIP23i": "psychosis-treated-within-two-weeks"},
    measures=(
        *_by_age(),
        _measure("EIP23g", "First contact in the period", Counted(PATHWAYS, _REFERRALS, "contact_in_period")),
        _measure("EIP23h", "Care coordinator in the period", Counted(PATHWAYS, _REFERRALS, "coordinator_in_period")),
        _measure("EIP32", "Referrals for a suspected first episode received", Counted(RECEIVED, _REFERRALS, "suspected")),
        _measure("MHS32", "Referrals received", Counted(RECEIVED, _REFERRALS)),
    ),
)
