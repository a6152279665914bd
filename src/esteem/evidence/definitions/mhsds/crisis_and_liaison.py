"""M27: how soon crisis teams and liaison teams see the people referred to them in the month (pipeline menh_bbrb)."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis.common.deferred import Deferred

from esteem.evidence.definitions.mhsds.breakdowns import ENGLAND, PROVIDER, SUB_ICB
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_month, with_area
from esteem.evidence.definitions.mhsds.rules.contacts import FACE_TO_FACE, attended
from esteem.evidence.definitions.mhsds.rules.demographics import people_of_month
from esteem.evidence.definitions.mhsds.rules.moments import DAY, HOUR, moment
from esteem.evidence.definitions.mhsds.rules.states import in_months, lives_in_england, within
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

CRISIS_TEAMS = ("A02", "A18", "A19")
LIAISON_TEAMS = ("A11", "C05")
EMERGENCY_DEPARTMENT = "H1"
EMERGENCY, URGENT, VERY_URGENT = "1", "2", "4"
LONGEST_STANDARD = timedelta(days=1)

_MONTH_BOUNDARY = "quirk:uec-month-boundary"
_NULL_TIME = "quirk:uec-null-time-midnight"
_NO_ENGLAND_FILTER = "quirk:england-filter-absent"


def _received(work: Workbench, window: Window) -> ir.Table:
    """Referrals of the month received in it, of people with a master record in the month: one row each, with the teams they went to."""
    people = people_of_month(work)
    if not work.as_published(_NO_ENGLAND_FILTER):
        people = people.filter(lives_in_england(people))
    referrals = in_months(work.t.MHS101Referral, window)
    referrals = referrals.filter(within(referrals.ReferralRequestReceivedDate, window)).semi_join(people, "Person_ID")
    referrals = work.step(referrals, "referrals received in the month, of people with a master record in it")
    teams = in_months(service_teams(work), window)
    teams = teams.group_by("UniqServReqID").aggregate(
        to_crisis=teams.team_type.isin(CRISIS_TEAMS).any(), to_liaison=teams.team_type.isin(LIAISON_TEAMS).any()
    )
    referrals = referrals.inner_join(teams, "UniqServReqID").select(
        "UniqServReqID",
        "Person_ID",
        to_crisis=_.to_crisis,
        to_liaison=_.to_liaison & (_.SourceOfReferralMH == EMERGENCY_DEPARTMENT),
        provider=_.OrgIDProv,
        priority=_.ClinRespPriorityType,
        age=_.AgeServReferRecDate,
        day=_.ReferralRequestReceivedDate,
        time=_.ReferralRequestReceivedTime,
    )
    return work.step(referrals.filter(_.to_crisis | _.to_liaison), "to a crisis team, or from an emergency department to a liaison team")


def _contacts(work: Workbench, window: Window) -> ir.Table:
    """Attended face-to-face contacts of the month; corrected: of the longest standard after it too."""
    if work.as_published(_MONTH_BOUNDARY):
        contacts = in_months(work.t.MHS201CareContact, window)
        contacts = contacts.filter(within(contacts.CareContDate, window))
    else:
        contacts = work.later.MHS201CareContact
        contacts = contacts.filter(contacts.CareContDate.between(window.start, window.end + LONGEST_STANDARD))
    met = FACE_TO_FACE.holds(contacts.ConsMechanismMH, contacts.UniqMonthID)
    return contacts.filter(attended(contacts) & met).select("UniqServReqID", contact_day=_.CareContDate, contact_time=_.CareContTime)


def _first_contacts(work: Workbench, referrals: ir.Table, window: Window) -> ir.Table:
    """UniqServReqID of the referrals that were answered, with the seconds from the referral to the first contact after it.

    Corrected: a contact on the day of the referral answers it when either has no time, and then it has no seconds.
    """
    pairs = referrals.inner_join(_contacts(work, window), "UniqServReqID")
    waited = moment(pairs.contact_day, pairs.contact_time) - moment(pairs.day, pairs.time)
    if work.as_published(_NULL_TIME):
        pairs = pairs.mutate(seconds=waited, answers=waited >= 0)
    else:
        timed = pairs.contact_time.notnull() & pairs.time.notnull()
        answers = ibis.ifelse(timed, waited >= 0, pairs.contact_day >= pairs.day)
        pairs = pairs.mutate(seconds=ibis.ifelse(timed, waited, None), answers=answers)
    return pairs.filter(pairs.answers).group_by("UniqServReqID").aggregate(seconds=_.seconds.min(), answered=_.answers.any())


def _referrals(work: Workbench, window: Window) -> ir.Table:
    referrals = _received(work, window)
    joined = referrals.left_join(_first_contacts(work, referrals, window), "UniqServReqID")
    return with_area(joined.drop("UniqServReqID_right"), sub_icb_of_month(work))


REFERRALS = Cohort("referrals to crisis and liaison teams", _referrals)
_AGES = (("", "", None), ("a", ", aged 18 and over", _.age >= 18), ("b", ", aged under 18", _.age.between(0, 17)))


def _of_all_ages(name: str, title: str, where: Deferred) -> list[RecordMeasure]:
    """The measure, and its versions for adults and for the young."""
    return [
        RecordMeasure(
            f"{name}{suffix}",
            f"{title}{ages}",
            Counted(REFERRALS, distinct("UniqServReqID"), where if condition is None else where & condition),
            ("M",),
            (ENGLAND, PROVIDER, SUB_ICB),
        )
        for suffix, ages, condition in _AGES
    ]


def _crisis(priority: str) -> Deferred:
    return _.to_crisis & (_.priority == priority)


FAMILY = Family(
    name="crisis-and-liaison",
    title="Crisis teams and liaison teams: time to the first contact",
    question="How soon is someone in a mental health crisis seen in person?",
    why="A person in crisis is safest when help comes within hours; without it people wait in emergency departments or with the police.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 07_uec (design page M27)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=(_MONTH_BOUNDARY, _NULL_TIME, _NO_ENGLAND_FILTER, "quirk:sub-icb-month-no-fallback"),
    measures=(
        *_of_all_ages("CCR70", "Emergency referrals to crisis teams", _crisis(EMERGENCY)),
        *_of_all_ages("CCR71", "Urgent referrals to crisis teams", _crisis(URGENT)),
        *_of_all_ages("CCR73", "Urgent referrals to crisis teams with a first contact", _crisis(URGENT) & _.answered),
        *_of_all_ages("CCR117", "Very urgent referrals to crisis teams", _crisis(VERY_URGENT)),
        *_of_all_ages("CCR118", "Very urgent referrals to crisis teams with a first contact", _crisis(VERY_URGENT) & _.answered),
        *_of_all_ages(
            "CCR119", "Very urgent referrals to crisis teams seen within 4 hours", _crisis(VERY_URGENT) & (_.seconds <= 4 * HOUR)
        ),
        *_of_all_ages("CCR120", "Urgent referrals to crisis teams seen within 24 hours", _crisis(URGENT) & (_.seconds <= DAY)),
        *_of_all_ages("PLS121", "Referrals from emergency departments to liaison teams", _.to_liaison),
        *_of_all_ages("PLS122", "Referrals from emergency departments to liaison teams with a first contact", _.to_liaison & _.answered),
        *_of_all_ages(
            "PLS123", "Referrals from emergency departments to liaison teams seen within 1 hour", _.to_liaison & (_.seconds <= HOUR)
        ),
    ),
)
