"""M21: people in contact, open and new referrals, admissions, bed days and contacts of a month (pipeline menh_analysis)."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_DASH, PEOPLE_ANALYSIS
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, sub_icb_of_month, with_area
from esteem.evidence.definitions.mhsds.rules.contacts import attended
from esteem.evidence.definitions.mhsds.rules.demographics import ALL_AGES, age_band, newest_statuses, people_of_month
from esteem.evidence.definitions.mhsds.rules.states import in_months, open_at, open_referrals, within
from esteem.evidence.record_model import ROWS, Cohort, Counted, Family, RecordMeasure, distinct, total
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

_STATUSES = ("ld_status", "autism_status")  # the newest of the person, whoever sent it
_ATTRIBUTES = ("gender", "ethnicity", "imd_decile", *_STATUSES)


@prepared
def _attributes(work: Workbench) -> ir.Table:
    """Person_ID, age_band and _ATTRIBUTES of everyone with a master row in the month."""
    people = people_of_month(work).drop(*_STATUSES).left_join(newest_statuses(work, work.t.MHS005PatInd), "Person_ID")
    statuses = {status: people[status].fill_null(UNKNOWN) for status in _STATUSES}
    people = people.mutate(**statuses, age_band=age_band(people.AgeRepPeriodEnd, ALL_AGES))
    return people.select("Person_ID", "age_band", *_ATTRIBUTES)


def of_people_of_month(work: Workbench, events: ir.Table) -> ir.Table:
    """Events of people with a master row in the month, with provider, sub-ICB (month variant) and the person's attributes."""
    joined = events.inner_join(_attributes(work), "Person_ID")
    return with_area(joined.mutate(provider=joined.OrgIDProv), sub_icb_of_month(work))


def _open_referrals(work: Workbench, window: Window) -> ir.Table:
    return of_people_of_month(work, open_referrals(work))


def _new_referrals(work: Workbench, window: Window) -> ir.Table:
    referrals = in_months(work.t.MHS101Referral, window)
    return of_people_of_month(work, referrals.filter(within(referrals.ReferralRequestReceivedDate, window)))


def _spells(work: Workbench, window: Window) -> ir.Table:
    spells = in_months(work.t.MHS501HospProvSpell, window)
    opened = open_referrals(work)
    spells = spells.mutate(
        admitted=within(spells.StartDateHospProvSpell, window),
        discharged=within(spells.DischDateHospProvSpell, window),
        in_hospital=open_at(spells.DischDateHospProvSpell, window.end) & spells.UniqServReqID.isin(opened.UniqServReqID),
    )
    if not work.as_published("quirk:admissions-count-rows"):
        spells = spells.mutate(admitted=_once(spells, "admitted"), discharged=_once(spells, "discharged"))
    return of_people_of_month(work, spells)


def _once(spells: ir.Table, flag: str) -> ir.BooleanValue:
    """The flag on one row of each spell that has it."""
    place = ibis.row_number().over(group_by=["UniqHospProvSpellID", flag], order_by=["RecordNumber", "MHS501UniqID"])
    return spells[flag] & (place == 0)


def _ward_stays(work: Workbench, window: Window) -> ir.Table:
    stays = in_months(work.t.MHS502WardStay, window)
    first = ibis.greatest(stays.StartDateWardStay, ibis.literal(window.start))
    last = stays.EndDateWardStay.fill_null(window.end + timedelta(days=1))
    stays = stays.mutate(days=last.delta(first, unit="day"), is_open=open_at(stays.EndDateWardStay, window.end))
    if not work.as_published("quirk:mhs24-ward-rows-summed"):
        stays = _with_days_of_spells(work, window, stays.mutate(first=first, last=last))
    return of_people_of_month(work, stays)


def _with_days_of_spells(work: Workbench, window: Window, stays: ir.Table) -> ir.Table:
    """Each day of a spell once: `days` from the first to the last day that a ward stay of the month gives it, no longer than the spell, on
    one row of the spell."""
    spells = in_months(work.t.MHS501HospProvSpell, window)
    spells = spells.group_by("UniqHospProvSpellID").aggregate(gone=spells.DischDateHospProvSpell.max())
    joined = stays.left_join(spells, "UniqHospProvSpellID").drop("UniqHospProvSpellID_right")
    whole = {"group_by": ["Person_ID", "UniqHospProvSpellID"]}
    begun, over = joined.first.min().over(**whole), joined.last.max().over(**whole)
    days = ibis.least(over, joined.gone.fill_null(window.end + timedelta(days=1))).delta(begun, unit="day")
    place = ibis.row_number().over(**whole, order_by=["StartDateWardStay", "MHS502UniqID"])
    return joined.mutate(days=ibis.ifelse((place == 0) & (days > 0), days, 0))


def _contacts(work: Workbench, window: Window) -> ir.Table:
    contacts = in_months(work.t.MHS201CareContact, window)
    contacts = contacts.filter(within(contacts.CareContDate, window))
    if not work.as_published("quirk:mhs29-any-attendance"):
        contacts = contacts.filter(attended(contacts))
    return of_people_of_month(work, contacts.mutate(was_attended=attended(contacts)))


OPEN_REFERRALS = Cohort("referrals open at the end of the month", _open_referrals)
NEW_REFERRALS = Cohort("referrals received in the month", _new_referrals)
SPELLS = Cohort("hospital spells of the month", _spells)
WARD_STAYS = Cohort("ward stays of the month", _ward_stays)
CONTACTS = Cohort("care contacts dated in the month", _contacts)

_PEOPLE = (*AREAS_DASH, *PEOPLE_ANALYSIS)


def _monthly(name: str, title: str, value: Counted, breakdowns=AREAS_DASH) -> RecordMeasure:
    return RecordMeasure(name, title, value, ("M",), breakdowns)


FAMILY = Family(
    name="monthly-activity",
    title="Monthly stock and flow",
    question="How many people are in contact with services, and what was done in the month?",
    why="The size of the service and its flow are the ground every other measure stands on.",
    source="NHSDigital/mental-health-monthly-statistics, menh_analysis 1.Main_monthly (design page M21)",
    checked_against="the national code's own figures for an invented extract",
    publication=ANALYSIS,
    quirks=(
        "quirk:sub-icb-month-no-fallback",
        "quirk:admissions-count-rows",
        "quirk:mhs29-any-attendance",
        "quirk:mhs24-ward-rows-summed",
    ),
    counterparts={"MHS01": "people-in-contact", "MHS24": "hospital-bed-days"},
    measures=(
        _monthly(
            "MHS01", "People in contact with services at the end of the month", Counted(OPEN_REFERRALS, distinct("Person_ID")), _PEOPLE
        ),
        _monthly("MHS23", "Open referrals at the end of the month", Counted(OPEN_REFERRALS, distinct("UniqServReqID"))),
        _monthly("MHS32", "Referrals received in the month", Counted(NEW_REFERRALS, distinct("UniqServReqID")), _PEOPLE),
        _monthly("MHS07", "People with an open hospital spell", Counted(SPELLS, distinct("Person_ID"), "in_hospital"), _PEOPLE),
        _monthly("MHS27", "Admissions in the month", Counted(SPELLS, ROWS, "admitted")),
        _monthly("MHS28", "Discharges in the month", Counted(SPELLS, ROWS, "discharged")),
        _monthly("MHS21", "Open ward stays at the end of the month", Counted(WARD_STAYS, distinct("UniqWardStayID"), "is_open")),
        _monthly("MHS24", "Bed days in the month", Counted(WARD_STAYS, total("days"))),
        _monthly("MHS29", "Contacts dated in the month", Counted(CONTACTS, distinct("UniqCareContID")), _PEOPLE),
        _monthly("MHS30", "Attended contacts in the month", Counted(CONTACTS, distinct("UniqCareContID"), "was_attended")),
    ),
)
