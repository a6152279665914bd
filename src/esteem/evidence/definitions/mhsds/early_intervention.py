"""M1: starting treatment for a first episode of psychosis, and waiting for it (pipeline menh_publications)."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import (
    AREAS_DASH,
    ETHNICITY_GROUPS,
    PROVIDER_ETHNICITY,
    SUB_ICB_ETHNICITY,
)
from esteem.evidence.definitions.mhsds.publication import PUBLICATIONS
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.contacts import CodeSet, attended
from esteem.evidence.definitions.mhsds.rules.demographics import Bands, age_band, with_demographics
from esteem.evidence.definitions.mhsds.rules.states import live, live_referrals, open_at, within
from esteem.evidence.definitions.mhsds.rules.teams import FIRST_MONTH_V6, service_teams
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

TEAM = "A14"
SUSPECTED_PSYCHOSIS = "01"
STANDARD_BEGAN = date(2016, 1, 1)
TWO_WEEKS = 14  # days
MEETING = CodeSet(("01", "02", "04", "11"))
AGES: Bands = ((0, "a"), (18, "b"), (35, "c"))  # suffixes of the published ids: 0 to 17, 18 to 34, 35 and over

_REFERRAL = ("UniqServReqID", "Person_ID", "OrgIDProv", "UniqMonthID", "ReferralRequestReceivedDate", "ServDischDate")
_WANTED = (*_REFERRAL, "AgeServReferRecDate", "UniqCareProfTeamLocalID", "is_open", "is_closed")


@prepared
def _referrals(work: Workbench) -> ir.Table:
    """Referrals for a suspected first episode of psychosis that went to an early intervention team, with its rejection date."""
    referrals = live_referrals(work)
    referrals = referrals.filter(
        (referrals.ReferralRequestReceivedDate >= STANDARD_BEGAN) & (referrals.PrimReasonReferralMH == SUSPECTED_PSYCHOSIS)
    ).select(*_WANTED)
    teams = service_teams(work)
    teams = teams.filter(live(teams, work.rp_end) & (teams.team_type == TEAM))
    teams = teams.select("UniqServReqID", "closed", rejected="ReferRejectionDate", team_month="UniqMonthID")
    both = referrals.inner_join(teams, "UniqServReqID")
    end = work.rp_end
    current = open_at(both.closed, end) & open_at(both.rejected, end) & (both.team_month == both.UniqMonthID)
    ended = (both.closed <= end).fill_null(False) | (both.rejected <= end).fill_null(False)
    return both.filter(current | ended).group_by(*_WANTED).aggregate(rejected=_.rejected.min())


@prepared
def _first_contacts(work: Workbench) -> ir.Table:
    """The first attended direct contact with the team on or after the referral: UniqServReqID, first_contact."""
    contacts = work.t.MHS201CareContact
    contacts = contacts.filter(attended(contacts) & MEETING.holds(contacts.ConsMechanismMH, contacts.UniqMonthID))
    contacts = contacts.select(
        "UniqServReqID",
        "UniqMonthID",
        "OrgIDProv",
        "CareContDate",
        "UniqCareProfTeamID",
        "OtherCareProfTeamLocalID",
        "UniqOtherCareProfTeamLocalID",
    )
    referrals = _referrals(work).select("UniqServReqID", "ReferralRequestReceivedDate", own_team="UniqCareProfTeamLocalID")
    seen = contacts.inner_join(referrals, "UniqServReqID")
    seen = seen.filter(seen.CareContDate >= seen.ReferralRequestReceivedDate)
    given = seen.OtherCareProfTeamLocalID.notnull().ifelse(seen.UniqOtherCareProfTeamLocalID, seen.own_team)
    seen = seen.mutate(team=(seen.UniqMonthID >= FIRST_MONTH_V6).ifelse(given, seen.UniqCareProfTeamID))
    teams = _teams_by_month(work)
    seen = seen.semi_join(teams, ["UniqMonthID", "OrgIDProv", "team"])
    return seen.group_by("UniqServReqID").aggregate(first_contact=seen.CareContDate.min())


def _teams_by_month(work: Workbench) -> ir.Table:
    """Early intervention teams as each provider named them in each month: from its own list, before version 6 from referrals."""
    listed = work.t.MHS902ServiceTeamDetails
    listed = listed.filter((listed.ServTeamTypeMH == TEAM) & (listed.UniqMonthID >= FIRST_MONTH_V6))
    named = service_teams(work)
    named = named.filter((named.team_type == TEAM) & (named.UniqMonthID < FIRST_MONTH_V6))
    return ibis.union(
        listed.select("UniqMonthID", "OrgIDProv", team="UniqCareProfTeamLocalID"), named.select("UniqMonthID", "OrgIDProv", team="team_id")
    )


def _coordinators(work: Workbench) -> ir.Table:
    """The first care coordinator of an early intervention team after the referral: UniqServReqID, coordinator_from."""
    assigned = work.t.MHS006MHCareCoord
    current = open_at(assigned.EndDateAssCareCoord, work.rp_end) & (assigned.UniqMonthID == work.month_id)
    assigned = assigned.filter(
        live(assigned, work.rp_end)
        & (assigned.CareProfServOrTeamTypeAssoc == TEAM)
        & (current | (assigned.EndDateAssCareCoord <= work.rp_end).fill_null(False))
    ).select("Person_ID", "StartDateAssCareCoord", coordinator_provider="OrgIDProv")
    both = _referrals(work).inner_join(assigned, "Person_ID")
    started = both.StartDateAssCareCoord
    both = both.filter((started >= both.ReferralRequestReceivedDate) & (~both.is_closed | (started <= both.ServDischDate).fill_null(False)))
    if not work.as_published("quirk:eip-coordinator-person-only"):
        both = both.filter(both.coordinator_provider == both.OrgIDProv)
    return both.group_by("UniqServReqID").aggregate(coordinator_from=both.StartDateAssCareCoord.min())


def _clocks(work: Workbench, window: Window) -> ir.Table:
    """One row for each referral with both dates, the day the clock stopped and what the measures ask of it."""
    referrals = _referrals(work)
    joined = referrals.left_join(_first_contacts(work), "UniqServReqID").left_join(_coordinators(work), "UniqServReqID")
    joined = joined.select(*_WANTED, "rejected", "first_contact", "coordinator_from")
    has_both = joined.first_contact.notnull() & joined.coordinator_from.notnull()
    stopped = has_both.ifelse(ibis.greatest(joined.first_contact, joined.coordinator_from), None)
    joined = joined.mutate(stopped=stopped, has_both=has_both)
    if not work.as_published("quirk:eip-rejected-referral-counts"):
        joined = joined.filter(joined.rejected.isnull() | (joined.rejected >= joined.stopped).fill_null(False))
    in_scope = joined.is_open | joined.is_closed
    return joined.mutate(
        entered=(within(joined.stopped, window) & in_scope).fill_null(False),
        contact_in_period=(within(joined.first_contact, window) & in_scope).fill_null(False),
        coordinator_in_period=(within(joined.coordinator_from, window) & in_scope).fill_null(False),
        waiting=joined.is_open & ~joined.has_both,
        treated_and_open=joined.is_open & joined.has_both,
        days_to_start=joined.stopped.delta(joined.ReferralRequestReceivedDate, unit="day"),
        days_waited=ibis.literal(work.rp_end).delta(joined.ReferralRequestReceivedDate, unit="day"),
    )


def _pathways(work: Workbench, window: Window) -> ir.Table:
    clocks = _clocks(work, window)
    people = work.t.MHS001MPI
    people = with_demographics(work, people.filter(people.PatMRecInRP))
    people = people.select("Person_ID", "UniqMonthID", "AgeRepPeriodEnd", "ethnicity_group_short")
    joined = clocks.left_join(people, ["Person_ID", "UniqMonthID"])
    joined = joined.mutate(
        provider=joined.OrgIDProv,
        ethnicity_group_short=joined.ethnicity_group_short.fill_null("Unknown"),
        age_when_referred=age_band(joined.AgeServReferRecDate, AGES, None),
        age_at_end=age_band(joined.AgeRepPeriodEnd, AGES, None),
    )
    joined = joined.drop("Person_ID_right", "UniqMonthID_right")
    return with_area(work.step(joined, "referrals to an early intervention team"), sub_icb_of_window(work, window))


PATHWAYS = Cohort("suspected first episodes of psychosis", _pathways)
_REFERRALS = distinct("UniqServReqID")
_BY_ETHNICITY = (ETHNICITY_GROUPS, PROVIDER_ETHNICITY, SUB_ICB_ETHNICITY)

# (id, title, rows counted, attribute that gives the age of the suffixes a, b, c)
_COUNTS = (
    ("EIP23a", "Started treatment", _.entered, "age_when_referred"),
    ("EIP23b", "Started treatment within two weeks", _.entered & (_.days_to_start <= TWO_WEEKS), "age_when_referred"),
    ("EIP23c", "Started treatment after more than two weeks", _.entered & (_.days_to_start > TWO_WEEKS), "age_when_referred"),
    ("EIP23d", "Waiting for treatment at the end", _.waiting, "age_when_referred"),
    ("EIP23e", "Waiting for two weeks or less", _.waiting & (_.days_waited <= TWO_WEEKS), "age_when_referred"),
    ("EIP23f", "Waiting for more than two weeks", _.waiting & (_.days_waited > TWO_WEEKS), "age_when_referred"),
    ("EIP01", "In treatment at the end", _.treated_and_open, "age_at_end"),
)
_OF_AGE = {"": "all ages", "a": "0 to 17", "b": "18 to 34", "c": "35 and over"}
_COUNTED = {
    name + suffix: Counted(PATHWAYS, _REFERRALS, where if not suffix else where & (getattr(_, age) == suffix))
    for name, _title, where, age in _COUNTS
    for suffix in _OF_AGE
}


def _measure(name: str, title: str, value, breakdowns) -> RecordMeasure:
    return RecordMeasure(name, title, value, ("Q",), breakdowns)


_COUNT_MEASURES = tuple(
    _measure(
        name + suffix,
        f"{title}, {ages}",
        _COUNTED[name + suffix],
        AREAS_DASH if suffix else (*AREAS_DASH, *_BY_ETHNICITY),
    )
    for name, title, _where, _age in _COUNTS
    for suffix, ages in _OF_AGE.items()
)
_SHARES = tuple(
    _measure(share + suffix, f"{title}, {ages}", Ratio(_COUNTED[above + suffix], _COUNTED[below + suffix]), AREAS_DASH)
    for share, title, above, below in (
        ("EIP23i", "Share who started treatment within two weeks", "EIP23b", "EIP23a"),
        ("EIP23j", "Share of those waiting who waited more than two weeks", "EIP23f", "EIP23d"),
    )
    for suffix, ages in _OF_AGE.items()
)

FAMILY = Family(
    name="early-intervention",
    title="Early intervention in psychosis",
    question="How many people with a first episode of psychosis start treatment, and how soon?",
    why="Untreated psychosis does lasting harm; early treatment saves years of life and work.",
    source="NHSDigital/mental-health-monthly-statistics, menh_publications 07_EIP (design page M1)",
    checked_against="the national code's own figures for an invented extract",
    publication=PUBLICATIONS,
    quirks=("quirk:eip-rejected-referral-counts", "quirk:eip-coordinator-person-only"),
    measures=(
        *_COUNT_MEASURES,
        *_SHARES,
        _measure("EIP23g", "First contact in the period", Counted(PATHWAYS, _REFERRALS, "contact_in_period"), AREAS_DASH),
        _measure("EIP23h", "Care coordinator in the period", Counted(PATHWAYS, _REFERRALS, "coordinator_in_period"), AREAS_DASH),
    ),
)
