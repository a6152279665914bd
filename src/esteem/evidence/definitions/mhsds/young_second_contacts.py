"""M13: children and young people who had a second contact, once in a financial year (pipeline menh_analysis, MHS69)."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import ENGLAND, ICB_DASH, PROVIDER, REGION, SUB_ICB_DASH
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_month
from esteem.evidence.definitions.mhsds.rules.contacts import ANONYMOUS_SERVICES, attended_direct
from esteem.evidence.definitions.mhsds.rules.states import live_referrals
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import FINANCIAL_YEAR, Window
from esteem.evidence.records.workbench import Workbench, prepared

AGES_AT_REFERRAL = (0, 18)
ADULT = 18  # the first contact comes before this birthday
_AREAS = ("sub_icb", "icb", "region")
_CONTACT = ("UniqServReqID", "Person_ID", "UniqMonthID", "day", "number", "age")
_SECOND = ("person", "provider", "month", "day", "number", "age")


def _contacts(work: Workbench) -> ir.Table:
    """Attended direct contacts (R4) and every indirect activity so far, with the age at a contact."""
    contacts = work.t.MHS201CareContact
    contacts = contacts.filter(attended_direct(contacts))
    contacts = contacts.mutate(day=contacts.CareContDate, number=contacts.MHS201UniqID, age=contacts.AgeCareContDate)
    indirect = work.t.MHS204IndirectActivity
    indirect = indirect.mutate(day=indirect.IndirectActDate, number=indirect.MHS204UniqID, age=ibis.null("int64"))
    return ibis.union(contacts.select(*_CONTACT), indirect.select(*_CONTACT))


@prepared
def _contacts_of_the_young(work: Workbench) -> ir.Table:
    """Contacts of live referrals of the young: referral, person, provider, month, day, number, age. Anonymous people are their referral."""
    referrals = live_referrals(work)
    referrals = work.step(referrals.filter(referrals.AgeServReferRecDate.between(*AGES_AT_REFERRAL)), "live referrals, aged 0 to 18")
    anonymous = referrals.OrgIDProv.isin(ANONYMOUS_SERVICES)
    referrals = referrals.select(
        "UniqServReqID", owner="Person_ID", provider="OrgIDProv", age_when_referred="AgeServReferRecDate", anonymous=anonymous
    )
    rows = _contacts(work).inner_join(referrals, "UniqServReqID")
    rows = rows.filter(rows.anonymous | (rows.Person_ID == rows.owner))
    rows = work.step(rows, "their contacts and indirect activities")
    named = {"referral": "UniqServReqID", "person": "owner", "month": "UniqMonthID"}
    return rows.select("provider", "day", "number", age=ibis.coalesce(rows.age, rows.age_when_referred), **named)


def _second_ones(rows: ir.Table) -> ir.Table:
    """The second contact of each referral whose first came before ADULT."""
    order = [rows.day, rows.number, rows.age]
    rows = rows.mutate(place=ibis.row_number().over(group_by=["person", "referral"], order_by=order))
    young = rows.filter((rows.place == 0) & (rows.age < ADULT)).select("person", "referral")
    return rows.filter(rows.place == 1).semi_join(young, ["person", "referral"]).select(*_SECOND)


def financial_year(end: date) -> tuple[date, date]:
    """First and last day of the financial year a day lies in."""
    first = end.year if end.month > 3 else end.year - 1
    return date(first, 4, 1), date(first + 1, 3, 31)


@prepared
def _people(work: Workbench) -> ir.Table:
    """Each person once in the financial year, at the first second contact: of all contacts so far, or of those of the year alone."""
    year = financial_year(work.rp_end)
    rows = _contacts_of_the_young(work)
    of_the_year = rows.filter(rows.day.between(*year))
    seconds = ibis.union(_second_ones(rows), _second_ones(of_the_year))
    seconds = work.step(seconds.filter(seconds.day.between(*year)), "second contacts in the financial year, the first before 18")
    order = [seconds.day, seconds.number, seconds.age]
    seconds = seconds.mutate(place=ibis.row_number().over(group_by="person", order_by=order))
    return work.step(seconds.filter(seconds.place == 0), "each person once in the financial year").drop("place")


def _of_window(work: Workbench, window: Window) -> ir.Table:
    """People whose second contact was sent in the months of the window; areas of those with a master row of the month."""
    people = _people(work)
    people = people.filter(people.month.between(window.first_month, window.last_month))
    areas = sub_icb_of_month(work)
    return people.left_join(areas, people.person == areas.Person_ID).select("provider", *_AREAS, Person_ID="person")


_PEOPLE = Counted(Cohort("children and young people with a second contact", _of_window), distinct("Person_ID"))

FAMILY = Family(
    name="young-second-contacts",
    title="Children and young people seen twice",
    question="How many children and young people had at least two contacts, counted once in a financial year?",
    why="A second contact tells treatment from an assessment alone; a national target was set on this count.",
    source="NHSDigital/mental-health-monthly-statistics, menh_analysis 3.CYP_2nd_contact (design page M13)",
    checked_against="the national code itself, run on the invented extract and on altered ones; it is in no published oracle",
    publication=ANALYSIS,
    quirks=("quirk:sub-icb-month-no-fallback",),
    notes=("A month holds the people who reach their second contact in it; the financial year to date holds all of them so far.",),
    measures=(
        RecordMeasure(
            "MHS69",
            "Children and young people with a second contact",
            _PEOPLE,
            ("M", FINANCIAL_YEAR),
            (ENGLAND, PROVIDER, SUB_ICB_DASH, ICB_DASH, REGION),
        ),
    ),
)
