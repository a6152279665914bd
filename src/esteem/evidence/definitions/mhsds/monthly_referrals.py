"""M21: people in contact, open, new and closed referrals by service, kind of team and age (pipeline menh_analysis)."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_DASH, across
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.definitions.mhsds.rules.month_teams import teams_of_month
from esteem.evidence.definitions.mhsds.rules.monthly_people import COUNTS_IN, of_anyone, of_known_people
from esteem.evidence.definitions.mhsds.rules.service_areas import SERVICES, services_of_referrals
from esteem.evidence.definitions.mhsds.rules.states import in_months, open_referrals, within
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

_KEYS = ("Person_ID", "OrgIDProv", "UniqServReqID")
_TEAMS = ("perinatal", "crisis", "memory", "core_community")


def _with_services(work: Workbench) -> ir.Table:
    referrals = open_referrals(work).select(*_KEYS)
    return referrals.inner_join(services_of_referrals(work), "UniqServReqID").select(*_KEYS, *SERVICES)


def _with_teams(work: Workbench, referrals: ir.Table) -> ir.Table:
    """Referrals once for each of their teams of the month."""
    teams = teams_of_month(work).select("UniqServReqID", *_TEAMS).distinct()
    return referrals.select(*_KEYS).inner_join(teams, "UniqServReqID").select(*_KEYS, *_TEAMS)


def _dated(work: Workbench, window: Window, day: str) -> ir.Table:
    """Referrals of the month whose `day` lies in it."""
    referrals = in_months(work.t.MHS101Referral, window)
    return referrals.filter(within(referrals[day], window))


def _services_of_anyone(work: Workbench, window: Window) -> ir.Table:
    return of_anyone(work, _with_services(work))


def _services_of_known(work: Workbench, window: Window) -> ir.Table:
    return of_known_people(work, _with_services(work))


def _open_with_teams(work: Workbench, window: Window) -> ir.Table:
    return of_known_people(work, _with_teams(work, open_referrals(work)))


def _received_with_teams(work: Workbench, window: Window) -> ir.Table:
    return of_known_people(work, _with_teams(work, _dated(work, window, "ReferralRequestReceivedDate")))


def _closed_with_teams(work: Workbench, window: Window) -> ir.Table:
    return of_known_people(work, _with_teams(work, _dated(work, window, "ServDischDate")))


def _closed(work: Workbench, window: Window) -> ir.Table:
    return of_anyone(work, _dated(work, window, "ServDischDate").select(*_KEYS))


_IN_CONTACT = Cohort("open referrals and their services", _services_of_anyone)
_KNOWN_IN_CONTACT = Cohort("open referrals of known people and their services", _services_of_known)
_OPEN = Cohort("open referrals and their teams", _open_with_teams, COUNTS_IN)
_RECEIVED = Cohort("referrals received in the month and their teams", _received_with_teams, COUNTS_IN)
_CLOSED_BY_TEAM = Cohort("referrals closed in the month and their teams", _closed_with_teams, COUNTS_IN)
_CLOSED = Cohort("referrals closed in the month", _closed)


def _people(name: str, title: str, cohort: Cohort, where=None, breakdowns=AREAS_DASH) -> RecordMeasure:
    return RecordMeasure(name, title, Counted(cohort, distinct("Person_ID"), where), ("M",), breakdowns)


def _referrals(name: str, title: str, cohort: Cohort, where=None, breakdowns=AREAS_DASH) -> RecordMeasure:
    return RecordMeasure(name, title, Counted(cohort, distinct("UniqServReqID"), where), ("M",), breakdowns)


_BY_AGE = (*AREAS_DASH, *across("Age Group"))
_mental_health = _.adult | _.young

FAMILY = Family(
    name="monthly-referrals",
    title="Referrals by service and team",
    question="How many people and referrals do adult, young people's, learning disability and community services have?",
    why="Who is open to which service, and who comes and goes, is what a service is staffed for.",
    source="NHSDigital/mental-health-monthly-statistics, menh_analysis 1.Main_monthly (design page M21)",
    checked_against="the national code's own figures for an invented extract",
    publication=ANALYSIS,
    quirks=("quirk:sub-icb-month-no-fallback",),
    measures=(
        _people("AMH01", "People in contact with adult mental health services at the end of the month", _IN_CONTACT, "adult"),
        _people("CYP01", "People in contact with young people's services at the end of the month", _IN_CONTACT, "young"),
        _people("LDA01", "People in contact with learning disability and autism services", _IN_CONTACT, "learning_disability"),
        _people("MH01", "People in contact with mental health services", _KNOWN_IN_CONTACT, _mental_health),
        _people("MH01a", "People aged 0 to 18 in contact with mental health services", _KNOWN_IN_CONTACT, _mental_health & (_.age <= 18)),
        _people(
            "MH01b",
            "People aged 19 to 64 in contact with mental health services",
            _KNOWN_IN_CONTACT,
            _mental_health & _.age.between(19, 64),
        ),
        _people(
            "MH01c", "People aged 65 and over in contact with mental health services", _KNOWN_IN_CONTACT, _mental_health & (_.age >= 65)
        ),
        _referrals("AMH23", "Open referrals to adult mental health services", _IN_CONTACT, "adult"),
        _referrals("CYP23", "Open referrals to young people's services", _IN_CONTACT, "young"),
        _referrals("MHS23a", "Open referrals to perinatal teams", _OPEN, "perinatal"),
        _referrals("MHS23b", "Open referrals to crisis resolution teams", _OPEN, "crisis"),
        _referrals("MHS23c", "Open referrals to memory services", _OPEN, "memory"),
        _referrals("MHS23d", "Open referrals to core community teams", _OPEN, "core_community", _BY_AGE),
        _referrals("MHS32c", "Referrals received by core community teams", _RECEIVED, "core_community", _BY_AGE),
        _referrals("MHS32d", "Referrals received by perinatal teams", _RECEIVED, "perinatal"),
        _people("MHS57", "People discharged from a referral in the month", _CLOSED),
        _people("MHS57b", "People discharged by core community teams", _CLOSED_BY_TEAM, "core_community", _BY_AGE),
        _people("MHS57c", "People discharged by perinatal teams", _CLOSED_BY_TEAM, "perinatal"),
    ),
)
