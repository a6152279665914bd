"""M32: children's referrals for an eating disorder, with the days of their first two treatments and how long they have waited."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.coded_care import main_concept
from esteem.evidence.definitions.mhsds.rules.contacts import FIRST_MONTH_V5, CodeSet, attended, direct
from esteem.evidence.definitions.mhsds.rules.states import live, live_referrals, within
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

EATING_DISORDER = "12"  # reason of referral
LAST_AGE_OF_CHILDHOOD = 17
STANDARD_BEGAN = date(2016, 1, 1)
OTHER_PATHWAYS = ("A18", "F01")  # single point of access; mental health support team of a school
URGENT = (CodeSet(("1", "2")), CodeSet(("4",), FIRST_MONTH_V5))  # emergency, urgent; very urgent
ROUTINE = (CodeSet(("3",)),)

# Ways of meeting that stop the clock, and the treatments that do.
MEETING = (CodeSet(("01", "02")), CodeSet(("03",), None, 1458), CodeSet(("11",), FIRST_MONTH_V5), CodeSet(("04",), 1501))
TREATMENT = (
    CodeSet(("51484002", "443730003", "444175001")),
    CodeSet(("718023002", "984421000000104"), None, 1488),
    CodeSet(("1111811000000109",), None, 1500),
    CodeSet(("301781000000101",), 1477, 1500),
    CodeSet(("1323681000000103", "1362001000000104"), 1477),
    CodeSet(("1833251000000107", "1833011000000101"), 1501),
)

_REFERRAL = ("UniqServReqID", "Person_ID", "OrgIDProv", "RecordNumber", "ReferralRequestReceivedDate", "ServDischDate", "is_open")


def _holds(sets: tuple[CodeSet, ...], code: ir.StringValue, month: ir.IntegerValue) -> ir.BooleanValue:
    return ibis.or_(*(codes.holds(code, month) for codes in sets)).fill_null(False)


@prepared
def _referrals(work: Workbench) -> ir.Table:
    """Children's referrals for an eating disorder, valid at the end of the month, with their priority: Urgent or Routine."""
    referrals = live_referrals(work)
    code, month = referrals.ClinRespPriorityType, referrals.UniqMonthID
    priority = ibis.cases((_holds(URGENT, code, month), "Urgent"), (_holds(ROUTINE, code, month), "Routine"), else_=None)
    referrals = referrals.mutate(priority=priority).filter(
        (referrals.PrimReasonReferralMH == EATING_DISORDER)
        & referrals.AgeServReferRecDate.between(0, LAST_AGE_OF_CHILDHOOD)
        & referrals.ReferralRequestReceivedDate.between(STANDARD_BEGAN, work.rp_end)
        & priority.notnull()
    )
    referrals = work.step(
        referrals.select(*_REFERRAL, "priority").distinct(), "children's referrals for an eating disorder, urgent or routine"
    )
    teams = service_teams(work)
    teams = teams.filter(live(teams, work.rp_end) & teams.team_type.isin(OTHER_PATHWAYS)).select("Person_ID", "UniqServReqID")
    referrals = work.step(referrals.anti_join(teams, ["Person_ID", "UniqServReqID"]), "not to a single point of access or a school team")
    if work.as_published("quirk:ed-inpatients-not-excluded"):
        return referrals
    spells = work.t.MHS501HospProvSpell
    spells = spells.filter(live(spells, work.rp_end)).select("Person_ID", "UniqServReqID")
    return work.step(referrals.anti_join(spells, ["Person_ID", "UniqServReqID"]), "no hospital spell of the same referral")


def _meets(work: Workbench, contacts: ir.Table) -> ir.BooleanValue:
    if work.as_published("quirk:ed-mechanism-04-late"):
        return _holds(MEETING, contacts.ConsMechanismMH, contacts.UniqMonthID)
    return direct(contacts)


@prepared
def _treatments(work: Workbench) -> ir.Table:
    """UniqServReqID with the days of the first and the second treatment: attended contacts that carry a code of TREATMENT."""
    contacts = work.t.MHS201CareContact
    contacts = contacts.filter(attended(contacts) & _meets(work, contacts) & (contacts.CareContDate <= work.rp_end))
    contacts = contacts.select("UniqServReqID", "Person_ID", "UniqCareContID", "UniqMonthID", "CareContDate")
    referrals = _referrals(work).select("UniqServReqID", "Person_ID", "ReferralRequestReceivedDate")
    contacts = contacts.inner_join(referrals, ["UniqServReqID", "Person_ID"])
    contacts = contacts.filter(contacts.CareContDate >= contacts.ReferralRequestReceivedDate)
    activities = work.t.MHS202CareActivity
    activities = activities.filter(_holds(TREATMENT, main_concept(activities.Procedure).rstrip(), activities.UniqMonthID))
    activities = activities.select("Person_ID", "UniqCareContID", "UniqMonthID")
    given = contacts.inner_join(activities, ["Person_ID", "UniqCareContID", "UniqMonthID"])
    if not work.as_published("quirk:ed-second-activity-is-second-contact"):
        given = given.distinct(on=("UniqServReqID", "UniqCareContID"))
    place = ibis.row_number().over(group_by="UniqServReqID", order_by="CareContDate")
    given = given.mutate(place=place)
    return given.group_by("UniqServReqID").aggregate(
        first=given.CareContDate.min(where=given.place == 0), second=given.CareContDate.min(where=given.place == 1)
    )


def eating_disorder_waits(work: Workbench, window: Window) -> ir.Table:
    """One row for each referral not closed before the window, with what the measures ask of it.

    `started` and `seen_twice`: the first (second) treatment falls in the window; `waiting_as_child`, `waiting_as_adult`: open at the end
    without treatment, by the age on the record then. `days_to_start`, `days_between`, `days_waited` count from referral, from first to
    second treatment, and from referral to the end.
    """
    referrals = _referrals(work)
    referrals = referrals.filter(referrals.ServDischDate.isnull() | (referrals.ServDischDate >= window.start))
    referrals = work.step(referrals, "not closed before the period")
    people = work.t.MHS001MPI.select("Person_ID", "RecordNumber", age_at_end="AgeRepPeriodEnd")
    joined = referrals.left_join(people, ["Person_ID", "RecordNumber"]).drop("Person_ID_right", "RecordNumber_right")
    joined = joined.left_join(_treatments(work), "UniqServReqID").drop("UniqServReqID_right")
    waiting, received = joined.is_open & joined["first"].isnull(), joined.ReferralRequestReceivedDate
    is_child = joined.age_at_end <= LAST_AGE_OF_CHILDHOOD
    return joined.mutate(
        started=within(joined["first"], window).fill_null(False),
        seen_twice=within(joined.second, window).fill_null(False),
        waiting_as_child=(waiting & is_child).fill_null(False),
        waiting_as_adult=(waiting & ~is_child).fill_null(False),
        days_to_start=joined["first"].delta(received, unit="day"),
        days_between=joined.second.delta(joined["first"], unit="day"),
        days_waited=ibis.literal(work.rp_end).delta(received, unit="day"),
    )
