"""M21: contacts of the month by the kind of team that gave them, by attendance, way of meeting and age (pipeline menh_analysis)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_DASH, across
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN
from esteem.evidence.definitions.mhsds.rules.contacts import FIRST_MONTH_V5, CodeSet, attended
from esteem.evidence.definitions.mhsds.rules.month_teams import contacts_of_month, giving_team, team_flags, teams_of_month
from esteem.evidence.definitions.mhsds.rules.monthly_people import of_anyone, of_known_people
from esteem.evidence.definitions.mhsds.rules.states import in_months
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

INVALID, MISSING = "Invalid", "Missing"
ATTENDANCE = ("2", "3", "4", "5", "6", "7")
MISSED = ("2", "3", "4", "7")
MECHANISMS = (
    CodeSet(("01", "02", "04", "05", "98")),
    CodeSet(("03", "06"), None, FIRST_MONTH_V5 - 1),
    CodeSet(("09", "10", "11", "12", "13"), FIRST_MONTH_V5),
)


def _described(contacts: ir.Table) -> ir.Table:
    """Adds attendance and mechanism (level codes), was_attended and was_missed."""
    status, means, month = contacts.AttendStatus, contacts.ConsMechanismMH, contacts.UniqMonthID
    known = ibis.or_(*(codes.holds(means, month) for codes in MECHANISMS))
    return contacts.mutate(
        attendance=ibis.cases((status.isnull(), UNKNOWN), (status.isin(ATTENDANCE), status), else_=INVALID),
        mechanism=ibis.cases((means.isnull(), MISSING), (known, means), else_=INVALID),
        was_attended=attended(contacts).fill_null(False),
        was_missed=status.isin(MISSED).fill_null(False),
    )


_COLUMNS = ("Person_ID", "OrgIDProv", "UniqCareContID", "attendance", "mechanism", "was_attended", "was_missed")
_FLAGS = ("perinatal", "crisis", "memory", "core_community")


def _of_teams(work: Workbench, window: Window) -> ir.Table:
    """Contacts with the kind of team that gave them, by the list of teams of the month; the person need not be known."""
    contacts = _described(contacts_of_month(work))
    referrals = in_months(work.t.MHS101Referral, window)
    referrals = referrals.select("UniqServReqID", "UniqMonthID", team_of_referral="UniqCareProfTeamLocalID").distinct()
    contacts = contacts.left_join(referrals, ["UniqServReqID", "UniqMonthID"])
    contacts = contacts.mutate(giving_team=giving_team(contacts, contacts.team_of_referral)).select(*_COLUMNS, "giving_team")
    details = in_months(work.t.MHS902ServiceTeamDetails, window)
    flags = team_flags(details.ServTeamTypeMH, details.UniqMonthID)
    details = details.select(giving_team="UniqCareProfTeamLocalID", **flags).distinct()
    return of_anyone(work, contacts.inner_join(details, "giving_team").select(*_COLUMNS, *_FLAGS))


def _referral_teams(work: Workbench) -> ir.Table:
    """Every team that a referral's own row named in any month so far: UniqServReqID, Person_ID, team_of_referral."""
    referrals = work.t.MHS101Referral
    return referrals.select("UniqServReqID", "Person_ID", team_of_referral="UniqCareProfTeamLocalID").distinct()


def _of_referred_teams(work: Workbench, window: Window) -> ir.Table:
    """Contacts given by a core community team to which the referral was sent in the month."""
    contacts = _described(contacts_of_month(work)).inner_join(_referral_teams(work), ["UniqServReqID", "Person_ID"])
    contacts = contacts.mutate(team_id=giving_team(contacts, contacts.team_of_referral))
    teams = teams_of_month(work)
    found = contacts.semi_join(teams.filter(teams.core_community), ["UniqServReqID", "Person_ID", "team_id"])
    return of_known_people(work, found.select(*_COLUMNS))


def _of_known(work: Workbench, window: Window) -> ir.Table:
    """Contacts of people with a master row; `referred`: on a referral of theirs, `referred_now`: on one sent in the month."""
    contacts = _described(contacts_of_month(work)).select(*_COLUMNS, "UniqServReqID")
    ever = work.t.MHS101Referral.select("UniqServReqID", "Person_ID", referred=True).distinct()
    now = in_months(work.t.MHS101Referral, window).select("UniqServReqID", referred_now=True).distinct()
    rows = contacts.left_join(ever, ["UniqServReqID", "Person_ID"]).select(*contacts.columns, "referred")
    rows = rows.left_join(now, "UniqServReqID").select(*rows.columns, "referred_now")
    rows = rows.mutate(referred=rows.referred.fill_null(False), referred_now=rows.referred_now.fill_null(False))
    return of_known_people(work, rows)


_TEAMS = Cohort("contacts of the month and the kind of team that gave them", _of_teams)
_REFERRED_TEAMS = Cohort("contacts of the month with a core community team of the referral", _of_referred_teams)
_KNOWN = Cohort("contacts of the month with known people", _of_known)


def _measure(name: str, title: str, cohort: Cohort, where, breakdowns=AREAS_DASH) -> RecordMeasure:
    return RecordMeasure(name, title, Counted(cohort, distinct("UniqCareContID"), where), ("M",), breakdowns)


_ATTENDANCE, _MECHANISM, _AGE = across("Attendance"), across("ConsMechanismMH"), across("Age Group")

FAMILY = Family(
    name="team-contacts",
    title="Contacts by kind of team",
    question="How many contacts did perinatal, crisis, memory and core community teams give in the month, how, and were they kept?",
    why="Contacts by team show what work a service does; those missed or cancelled show work that reached nobody.",
    source="NHSDigital/mental-health-monthly-statistics, menh_analysis 1.Main_monthly (design page M21)",
    checked_against="the national code's own figures for an invented extract",
    publication=ANALYSIS,
    quirks=("quirk:sub-icb-month-no-fallback",),
    notes=("MHS29a to MHS29f hold contacts whether kept or not, MHS30a to MHS30h those attended (see quirk:mhs29-any-attendance).",),
    measures=(
        _measure("MHS29a", "Contacts with perinatal teams", _TEAMS, "perinatal", (*AREAS_DASH, *_ATTENDANCE)),
        _measure("MHS29b", "Contacts with crisis resolution teams", _TEAMS, "crisis"),
        _measure("MHS29c", "Contacts with memory services", _TEAMS, "memory"),
        _measure("MHS29d", "Contacts with core community teams", _TEAMS, "core_community", (*AREAS_DASH, *_ATTENDANCE, *_AGE)),
        _measure("MHS29f", "Contacts dated in the month, by attendance", _KNOWN, None, _ATTENDANCE),
        _measure("MHS30a", "Attended contacts with perinatal teams", _TEAMS, _.perinatal & _.was_attended, (*AREAS_DASH, *_MECHANISM)),
        _measure("MHS30b", "Attended contacts with crisis resolution teams", _TEAMS, _.crisis & _.was_attended),
        _measure("MHS30c", "Attended contacts with memory services", _TEAMS, _.memory & _.was_attended),
        _measure(
            "MHS30f", "Attended contacts with core community teams", _REFERRED_TEAMS, "was_attended", (*AREAS_DASH, *_MECHANISM, *_AGE)
        ),
        _measure("MHS30h", "Attended contacts, by way of meeting", _KNOWN, _.was_attended & _.referred, _MECHANISM),
        _measure("MHS58", "Contacts missed or cancelled in the month", _KNOWN, _.was_missed & _.referred_now),
    ),
)
