"""M15: adults with two or more contacts with community mental health services, and the wait for the second (pipeline menh_bbrb)."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_BBRB
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_record
from esteem.evidence.definitions.mhsds.rules.contacts import CodeSet, attended, direct
from esteem.evidence.definitions.mhsds.rules.states import in_months, lives_in_england, open_at, within
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.definitions.mhsds.rules.wait_measures import wait_measures
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

ADULT = 18
COMMUNITY_TEAMS = CodeSet(("A05", "A06", "A08", "A09", "A12", "A13", "A16", "C03", "C10"))
ADDED_TEAMS = CodeSet(("A14", "D05"), first_month=1477)  # April 2023: early intervention in psychosis, employment support
WAITS_BEGAN = date(2019, 4, 1)
SECOND = 1  # place of the second contact when the first has place 0

_REFERRAL = ("RecordNumber", "UniqServReqID", "Person_ID", "OrgIDProv", "UniqMonthID", "ReferralRequestReceivedDate", "ServDischDate")
_IN_ORDER = ("CareContDate", "CareContTime", "MHS201UniqID")


def _financial_year(month: ir.IntegerValue) -> ir.IntegerValue:
    """A number for each financial year: reporting month 1 is an April."""
    return (month - 1) // 12


@prepared
def _referrals(work: Workbench) -> ir.Table:
    """Referrals of adults to core community teams in the twelve months, one row for each record and team, without in-patients."""
    months = work.month.window("12M")
    people = in_months(work.t.MHS001MPI, months)
    people = people.filter(lives_in_england(people)).select("RecordNumber")
    referrals = in_months(work.t.MHS101Referral, months)
    referrals = referrals.filter(referrals.AgeServReferRecDate >= ADULT).select(*_REFERRAL).semi_join(people, "RecordNumber")
    referrals = work.step(referrals, "referrals of the months, residents of England aged 18 or over when referred")
    teams = service_teams(work)
    month = ibis.literal(work.month_id)
    teams = teams.filter(COMMUNITY_TEAMS.holds(teams.team_type, month) | ADDED_TEAMS.holds(teams.team_type, month))
    referrals = referrals.inner_join(teams.select("RecordNumber", "UniqServReqID"), ["RecordNumber", "UniqServReqID"])
    referrals = work.step(referrals, "to a core community team: one row for each team")
    return work.step(_without_in_patients(work, referrals), "without a hospital spell on the referral in the same financial year")


def _without_in_patients(work: Workbench, referrals: ir.Table) -> ir.Table:
    spells = work.t.MHS501HospProvSpell
    spells = spells.select("Person_ID", "UniqServReqID", year=_financial_year(spells.UniqMonthID))
    referrals = referrals.mutate(year=_financial_year(referrals.UniqMonthID))
    return referrals.anti_join(spells, ["Person_ID", "UniqServReqID", "year"])


def _contacts(work: Workbench) -> ir.Table:
    """Attended direct contacts of every month so far. Anonymous services count like any other here."""
    contacts = work.t.MHS201CareContact
    contacts = contacts.filter(attended(contacts) & direct(contacts))
    return contacts.select("RecordNumber", "UniqServReqID", *_IN_ORDER)


def _order(table: ir.Table) -> list[ir.Value]:
    """By date, then time (an empty one first), then identifier."""
    return [table[column].asc(nulls_first=True) for column in _IN_ORDER]


def _second_contacts(work: Workbench, window: Window) -> ir.Table:
    """The second contact of each person's referral with a community team in the window."""
    referrals = _referrals(work)
    if not work.as_published("quirk:mhs108-contact-per-team"):
        referrals = referrals.distinct()
    seen = referrals.inner_join(_contacts(work), ["RecordNumber", "UniqServReqID"])
    place = ibis.row_number().over(group_by=["Person_ID", "UniqServReqID"], order_by=_order(seen))
    seen = work.step(seen.mutate(place=place), "attended direct contacts on those records")
    second = work.step(seen.filter(seen.place == SECOND), "the second on each referral")
    return _with_places(work, second)


def _with_places(work: Workbench, rows: ir.Table) -> ir.Table:
    joined = rows.left_join(sub_icb_of_record(work), "RecordNumber").drop("RecordNumber_right")
    return joined.mutate(provider=joined.OrgIDProv)


@prepared
def _newest_records(work: Workbench) -> ir.Table:
    """The newest record of each referral to a community team, with its second contact (`second`, a date) when it has had one."""
    referrals = _referrals(work).distinct()
    newest = ibis.row_number().over(
        group_by="UniqServReqID", order_by=[referrals.UniqMonthID.desc(), referrals.RecordNumber.desc(), referrals.Person_ID]
    )
    referrals = referrals.mutate(newest=newest)
    referrals = referrals.filter((referrals.newest == 0) & (referrals.ReferralRequestReceivedDate >= WAITS_BEGAN))
    contacts = _contacts(work)
    place = ibis.row_number().over(group_by="UniqServReqID", order_by=_order(contacts))
    contacts = contacts.mutate(place=place)
    second = contacts.filter(contacts.place == SECOND).select("UniqServReqID", second="CareContDate")
    return _with_places(work, referrals.left_join(second, "UniqServReqID").drop("UniqServReqID_right"))


def _waited(work: Workbench, window: Window) -> ir.Table:
    rows = _newest_records(work)
    rows = rows.filter(within(rows.second, window))
    rows = rows.mutate(days=rows.second.delta(rows.ReferralRequestReceivedDate, unit="day"))
    return work.step(rows, "referrals since April 2019 whose second contact was in the window")


def _waiting(work: Workbench, window: Window) -> ir.Table:
    rows = _newest_records(work)
    rows = rows.filter(rows.second.isnull() & (rows.UniqMonthID == work.month_id) & open_at(rows.ServDischDate, window.end))
    after = ibis.literal(window.end + timedelta(days=1))
    rows = rows.mutate(days=after.delta(rows.ReferralRequestReceivedDate, unit="day"))
    return work.step(rows, "referrals since April 2019, open at the end, without a second contact")


SEEN_TWICE = Cohort("second contacts with community teams", _second_contacts)
WAITED = Cohort("referrals to community teams with a second contact", _waited)
WAITING = Cohort("referrals to community teams still waiting for a second contact", _waiting)


def _waits(numbers: tuple[str, str, str], title: str, cohort: Cohort) -> list[RecordMeasure]:
    return wait_measures(numbers, title, cohort, "UniqServReqID", "days", "Q", AREAS_BBRB)


FAMILY = Family(
    name="community-contacts",
    title="Community mental health services for adults",
    question="How many adults are seen at least twice by community mental health services, and how long do they wait for that?",
    why="Care near home keeps people out of hospital; one contact is often an assessment, the second begins the help.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 03_cmh (design page M15)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=("quirk:mhs108-contact-per-team",),
    measures=(
        RecordMeasure(
            "MHS108",
            "Adults with two or more contacts with community mental health services",
            Counted(SEEN_TWICE, distinct("Person_ID")),
            ("12M",),
            AREAS_BBRB,
        ),
        *_waits(("MHS124", "MHS125", "MHS126"), "Referrals with a second contact", WAITED),
        *_waits(("MHS127", "MHS128", "MHS129"), "Referrals waiting for a second contact", WAITING),
    ),
)
