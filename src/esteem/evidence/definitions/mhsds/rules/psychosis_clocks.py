"""M1: the clock of a suspected first episode of psychosis, from referral to the later of first contact and care coordinator.

`own_team`: referrals to an early intervention team and that team's contacts and coordinators; else the referrals that went elsewhere,
with contacts and coordinators of any team.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.rules.contacts import CodeSet, attended
from esteem.evidence.definitions.mhsds.rules.states import live, live_referrals, open_at, within
from esteem.evidence.definitions.mhsds.rules.teams import FIRST_MONTH_V6, service_teams
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

TEAM = "A14"
SUSPECTED_PSYCHOSIS = "01"
STANDARD_BEGAN = date(2016, 1, 1)
MEETING = CodeSet(("01", "02", "04", "11"))

_REFERRAL = ("UniqServReqID", "Person_ID", "OrgIDProv", "UniqMonthID", "ReferralRequestReceivedDate", "ServDischDate")
_WANTED = (*_REFERRAL, "AgeServReferRecDate", "is_open", "is_closed")
ELSEWHERE = ("elsewhere_now", "elsewhere_ever")


@prepared
def _suspected(work: Workbench) -> ir.Table:
    referrals = live_referrals(work)
    referrals = work.step(referrals, "referrals valid at the end of the month")
    referrals = referrals.filter(referrals.PrimReasonReferralMH == SUSPECTED_PSYCHOSIS)
    referrals = work.step(referrals, "for a suspected first episode of psychosis")
    referrals = referrals.filter(referrals.ReferralRequestReceivedDate >= STANDARD_BEGAN)
    return work.step(referrals, "received since the standard began on 1 January 2016").select(*_WANTED)


def _live_teams(work: Workbench) -> ir.Table:
    teams = service_teams(work)
    return teams.filter(live(teams, work.rp_end))


def _referrals_elsewhere(work: Workbench) -> ir.Table:
    """Suspected first episodes without an early intervention team: in the referral's own month at least (`elsewhere_now`), or in any
    month and with another team in its own (`elsewhere_ever`)."""
    teams = _live_teams(work)
    teams = teams.mutate(early=(teams.team_type == TEAM).fill_null(False))
    ever = teams.group_by("UniqServReqID").aggregate(early_ever=teams.early.any())
    now = teams.group_by("UniqServReqID", "UniqMonthID").aggregate(early_now=teams.early.any())
    joined = _suspected(work).left_join(now, ["UniqServReqID", "UniqMonthID"]).drop("UniqServReqID_right", "UniqMonthID_right")
    joined = joined.left_join(ever, "UniqServReqID")
    joined = joined.mutate(
        elsewhere_now=~joined.early_now.fill_null(False),
        elsewhere_ever=joined.early_now.notnull() & ~joined.early_ever.fill_null(False),
        rejected=ibis.null("date"),
    )
    joined = joined.filter(joined.elsewhere_now | joined.elsewhere_ever)
    return work.step(joined, "with no early intervention team").select(*_WANTED, "rejected", *ELSEWHERE)


@prepared
def _referrals(work: Workbench, own_team: bool) -> ir.Table:
    """Referrals for a suspected first episode; `rejected`: the day the last early intervention team refused them, null when one did not."""
    if not own_team:
        return _referrals_elsewhere(work)
    referrals, teams = _suspected(work), _live_teams(work)
    teams = work.step(teams.filter(teams.team_type == TEAM), "rows of an early intervention team valid at the end of the month")
    teams = teams.select("UniqServReqID", "closed", rejected="ReferRejectionDate", team_month="UniqMonthID")
    both = referrals.inner_join(teams, "UniqServReqID")
    end = work.rp_end
    current = open_at(both.closed, end) & open_at(both.rejected, end) & (both.team_month == both.UniqMonthID)
    ended = (both.closed <= end).fill_null(False) | (both.rejected <= end).fill_null(False)
    found = both.filter(current | ended).group_by(*_WANTED).aggregate(kept=_.rejected.isnull().any(), last=_.rejected.max())
    found = work.step(found, "referred to an early intervention team, open with it in the referral's month, or closed or refused since")
    return found.mutate(rejected=ibis.ifelse(found.kept, ibis.null("date"), found["last"])).drop("kept", "last")


def _first_contacts(work: Workbench, own_team: bool) -> ir.Table:
    """The first attended direct contact on or after the referral: UniqServReqID, first_contact."""
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
    referrals = _referrals(work, own_team).select("UniqServReqID", "ReferralRequestReceivedDate")
    seen = contacts.inner_join(referrals, "UniqServReqID")
    seen = seen.filter(seen.CareContDate >= seen.ReferralRequestReceivedDate)
    if own_team:
        own = _referred_to(work)
        seen = seen.left_join(own, ["UniqServReqID", "UniqMonthID"]).drop("UniqServReqID_right", "UniqMonthID_right")
        given = seen.OtherCareProfTeamLocalID.notnull().ifelse(seen.UniqOtherCareProfTeamLocalID, seen.referred_to)
        seen = seen.mutate(team=(seen.UniqMonthID >= FIRST_MONTH_V6).ifelse(given, seen.UniqCareProfTeamID))
        seen = seen.semi_join(_teams_by_month(work), ["UniqMonthID", "OrgIDProv", "team"])
    return seen.group_by("UniqServReqID").aggregate(first_contact=seen.CareContDate.min())


def _referred_to(work: Workbench) -> ir.Table:
    """The team that each referral named in each month: it may change, and a contact was with the team of its own month."""
    referrals = work.t.MHS101Referral
    referrals = referrals.semi_join(_suspected(work), "UniqServReqID")
    return referrals.select("UniqServReqID", "UniqMonthID", referred_to="UniqCareProfTeamLocalID").distinct()


def _teams_by_month(work: Workbench) -> ir.Table:
    """Early intervention teams as each provider named them in each month: from its own list, before version 6 from referrals."""
    listed = work.t.MHS902ServiceTeamDetails
    listed = listed.filter((listed.ServTeamTypeMH == TEAM) & (listed.UniqMonthID >= FIRST_MONTH_V6))
    named = service_teams(work)
    named = named.filter((named.team_type == TEAM) & (named.UniqMonthID < FIRST_MONTH_V6))
    return ibis.union(
        listed.select("UniqMonthID", "OrgIDProv", team="UniqCareProfTeamLocalID"), named.select("UniqMonthID", "OrgIDProv", team="team_id")
    )


def _coordinators(work: Workbench, own_team: bool) -> ir.Table:
    """The first care coordinator after the referral: UniqServReqID, coordinator_from."""
    assigned = work.t.MHS006MHCareCoord
    if own_team:
        assigned = assigned.filter(assigned.CareProfServOrTeamTypeAssoc == TEAM)
    current = open_at(assigned.EndDateAssCareCoord, work.rp_end) & (assigned.UniqMonthID == work.month_id)
    assigned = assigned.filter(
        live(assigned, work.rp_end) & (current | (assigned.EndDateAssCareCoord <= work.rp_end).fill_null(False))
    ).select("Person_ID", "StartDateAssCareCoord", coordinator_provider="OrgIDProv")
    both = _referrals(work, own_team).inner_join(assigned, "Person_ID")
    started = both.StartDateAssCareCoord
    both = both.filter((started >= both.ReferralRequestReceivedDate) & (~both.is_closed | (started <= both.ServDischDate).fill_null(False)))
    if not work.as_published("quirk:eip-coordinator-person-only"):
        both = both.filter(both.coordinator_provider == both.OrgIDProv)
    return both.group_by("UniqServReqID").aggregate(coordinator_from=both.StartDateAssCareCoord.min())


def psychosis_clocks(work: Workbench, window: Window, own_team: bool) -> ir.Table:
    """One row for each referral, with what the measures ask of it: `entered` (treatment in the window), `waiting` and `treated_and_open`
    (at the end), `contact_in_period`, `coordinator_in_period`, `days_to_start`, `days_waited`; of the others also ELSEWHERE."""
    joined = _referrals(work, own_team).left_join(_first_contacts(work, own_team), "UniqServReqID")
    joined = joined.left_join(_coordinators(work, own_team), "UniqServReqID")
    joined = joined.select(*_WANTED, "rejected", "first_contact", "coordinator_from", *(() if own_team else ELSEWHERE))
    has_both = joined.first_contact.notnull() & joined.coordinator_from.notnull()
    stopped = has_both.ifelse(ibis.greatest(joined.first_contact, joined.coordinator_from), None)
    joined = joined.mutate(stopped=stopped, has_both=has_both)
    if not work.as_published("quirk:eip-rejected-referral-counts"):
        joined = joined.filter(joined.rejected.isnull() | (joined.rejected >= joined.stopped).fill_null(False))
        joined = work.step(joined, "not refused by every team before treatment began")
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
