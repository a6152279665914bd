"""M11: access to individual placement and support, which helps people into paid work, in twelve months (pipeline menh_bbrb)."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import AGE_BAND, AREAS_BBRB, GENDER, IMD_DECILE, UPPER_ETHNICITY
from esteem.evidence.definitions.mhsds.populations import population
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_record, with_area
from esteem.evidence.definitions.mhsds.rules.contacts import attended_direct
from esteem.evidence.definitions.mhsds.rules.demographics import BBRB_ALL_AGES, age_band, with_demographics
from esteem.evidence.definitions.mhsds.rules.states import in_months, lives_in_england
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

EMPLOYMENT_TEAM = "D05"
INTERVENTIONS = ("1082621000000104", "772822000")  # SNOMED CT: individual placement and support; supported employment
DECLINED = "443390004"  # SNOMED CT qualifier
FIRST_REFERRALS = date(2016, 1, 1)
_REFERRAL = ("RecordNumber", "UniqServReqID")
_CONTACT = (*_REFERRAL, "UniqCareContID")


def _is_given(procedure: ir.StringValue) -> ir.BooleanValue:
    """One of INTERVENTIONS, alone or with qualifiers behind a colon, and not declined."""
    code = procedure.strip()
    named = code.isin(INTERVENTIONS)
    for intervention in INTERVENTIONS:
        named = named | code.startswith(f"{intervention}:")
    return named & ~code.endswith(f"={DECLINED}")


def _support_contacts(work: Workbench, window: Window) -> ir.Table:
    """Attended direct contacts of referrals to an employment team, or with the intervention coded on the contact itself.

    Indirect activities have no contact, so a code on them (MHS204) identifies none.
    """
    contacts = in_months(work.t.MHS201CareContact, window)
    contacts = contacts.filter(attended_direct(contacts)).select(*_CONTACT, "CareContDate")
    teams = in_months(service_teams(work), window)
    of_team = contacts.semi_join(teams.filter(teams.team_type == EMPLOYMENT_TEAM), list(_REFERRAL))
    activities = in_months(work.t.MHS202CareActivity, window)
    coded = contacts.semi_join(activities.filter(_is_given(activities.Procedure)), list(_CONTACT))
    return ibis.union(of_team, coded, distinct=True)


def _access(work: Workbench, window: Window) -> ir.Table:
    people = in_months(work.t.MHS001MPI, window)
    people = with_demographics(work, people.filter(lives_in_england(people)))
    referrals = in_months(work.t.MHS101Referral, window)
    referrals = referrals.filter(referrals.ReferralRequestReceivedDate >= FIRST_REFERRALS).select(*_REFERRAL)
    referrals = work.step(referrals.semi_join(people, "RecordNumber"), "referrals of the months, received from 2016, residents of England")
    seen = referrals.inner_join(_support_contacts(work, window), list(_REFERRAL)).inner_join(people, "RecordNumber")
    seen = work.step(seen, "contacts in which employment support was given")
    order = ["CareContDate", "UniqMonthID", "UniqCareContID"]
    first = seen.mutate(place=ibis.row_number().over(group_by="UniqServReqID", order_by=order))
    first = work.step(first.filter(first.place == 0), "the first contact of each referral")
    first = first.mutate(provider=first.OrgIDProv, age_band=age_band(first.AgeRepPeriodEnd, BBRB_ALL_AGES))
    return with_area(first, sub_icb_of_record(work))


ACCESS = Cohort("first employment support contacts of referrals", _access)
_REFERRALS = Counted(ACCESS, distinct("UniqServReqID"))
_PEOPLE = (AGE_BAND, GENDER, IMD_DECILE, UPPER_ETHNICITY)

FAMILY = Family(
    name="individual-placement-support",
    title="Individual placement and support",
    question="How many referrals led to individual placement and support in the last twelve months?",
    why="Work is part of recovery; people with severe mental illness who want to work are helped into paid jobs and to keep them.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 06_ips (design page M11)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=("quirk:ips-counts-referrals",),
    notes=("MHS116 counts referrals: someone referred twice counts twice. MHS116_PEOPLE, our own, counts people.",),
    counterparts={"MHS116": "individual-placement-and-support"},
    measures=(
        RecordMeasure("MHS116", "Referrals with individual placement and support", _REFERRALS, ("12M",), (*AREAS_BBRB, *_PEOPLE)),
        RecordMeasure(
            "MHS116_PEOPLE",
            "People with individual placement and support",
            Counted(ACCESS, distinct("Person_ID")),
            ("12M",),
            (*AREAS_BBRB, *_PEOPLE),
        ),
        RecordMeasure(
            "MHS116a",
            "Referrals with individual placement and support, per 100,000 resident",
            Ratio(_REFERRALS, population(bands=BBRB_ALL_AGES), 100_000, "rate", zero_without_denominator=True),
            ("12M",),
            tuple(breakdown for breakdown in (*AREAS_BBRB, *_PEOPLE) if breakdown.name != "Provider"),
        ),
    ),
)
