"""MHS130 to MHS135: how long children and young people wait for their first contact (pipeline menh_bbrb)."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_BBRB
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, live_sub_icbs, sub_icb_of_window
from esteem.evidence.definitions.mhsds.rules.contacts import ANONYMOUS_SERVICES, attended_direct
from esteem.evidence.definitions.mhsds.rules.states import live, lives_in_england, open_at, within
from esteem.evidence.definitions.mhsds.rules.wait_measures import wait_measures
from esteem.evidence.record_model import Cohort, Family, RecordMeasure
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

YOUNG = (0, 17)
WAITS_BEGAN = date(2019, 4, 1)

_REFERRAL = (
    "Person_ID",
    "OrgIDProv",
    "OrgIDComm",
    "UniqMonthID",
    "RecordNumber",
    "UniqServReqID",
    "ReferralRequestReceivedDate",
    "ServDischDate",
)


def _begun_before_last_day(work: Workbench, table: ir.Table) -> ir.Table:
    """R1; as published with a strict start, so that a row that begins on the last day of the month is lost."""
    if not work.as_published("quirk:mhs130-strict-start"):
        return table.filter(live(table, work.rp_end))
    return table.filter(live(table, work.rp_end) & (table.RecordStartDate < work.rp_end))


@prepared
def _referrals(work: Workbench) -> ir.Table:
    """Referrals of children and young people since April 2019, valid at the end of the month, with area and day of first contact."""
    referrals = _begun_before_last_day(work, work.t.MHS101Referral)
    since = referrals.ReferralRequestReceivedDate >= WAITS_BEGAN
    referrals = referrals.filter(referrals.AgeServReferRecDate.between(*YOUNG) & since).select(*_REFERRAL)
    referrals = work.step(referrals, "referrals since April 2019, aged 0 to 17 when referred, valid at the end of the month")
    people = _begun_before_last_day(work, work.t.MHS001MPI)
    people = people.filter(people.PatMRecInRP).mutate(in_england=lives_in_england(people), known=True)
    people = people.select("Person_ID", "OrgIDProv", "in_england", "known").distinct()
    joined = referrals.left_join(people, ["Person_ID", "OrgIDProv"])
    joined = work.step(joined.filter(joined.known.isnull() | joined.in_england), "master record in England, or none")
    joined = joined.select(*_REFERRAL, "known").distinct()
    joined = joined.left_join(_first_contacts(work), "UniqServReqID").drop("UniqServReqID_right")
    return _with_places(work, joined)


def _first_contacts(work: Workbench) -> ir.Table:
    """UniqServReqID, first_contact: the day of the first attended direct contact at an age of 0 to 17."""
    contacts = (work.later if work.as_published("quirk:mhs133-reads-later-months") else work.t).MHS201CareContact
    contacts = contacts.filter(attended_direct(contacts) & contacts.AgeCareContDate.between(*YOUNG))
    return contacts.group_by("UniqServReqID").aggregate(first_contact=contacts.CareContDate.min())


def _with_places(work: Workbench, rows: ir.Table) -> ir.Table:
    """Area of the person over twelve months; for anonymous services that of the commissioner; UNKNOWN without a master record."""
    areas = sub_icb_of_window(work, work.month.window("12M")).select("Person_ID", area="sub_icb")
    rows = rows.left_join(areas, "Person_ID").drop("Person_ID_right")
    code = ibis.cases((rows.OrgIDProv.isin(ANONYMOUS_SERVICES), rows.OrgIDComm), (rows.known, rows.area), else_=None)
    rows = rows.mutate(code=code)
    live = live_sub_icbs(work)
    found = rows.left_join(live, rows.code == live.sub_icb)
    found = found.mutate(**{level: found[level].fill_null(UNKNOWN) for level in ("sub_icb", "icb", "region")})
    return found.mutate(provider=found.OrgIDProv)


def _seen(work: Workbench, window: Window) -> ir.Table:
    rows = _referrals(work)
    rows = work.step(rows.filter(within(rows.first_contact, window)), "first contact in the window")
    return rows.mutate(days=rows.first_contact.delta(rows.ReferralRequestReceivedDate, unit="day"))


def _waiting(work: Workbench, window: Window) -> ir.Table:
    rows = _referrals(work)
    rows = rows.filter(rows.first_contact.isnull() & (rows.UniqMonthID == work.month_id) & open_at(rows.ServDischDate, window.end))
    rows = work.step(rows, "no contact yet, sent in the month and open at its end")
    after = ibis.literal(window.end + timedelta(days=1))
    return rows.mutate(days=after.delta(rows.ReferralRequestReceivedDate, unit="day"))


SEEN = Cohort("referrals of the young with a first contact", _seen)
WAITING = Cohort("referrals of the young still waiting for a first contact", _waiting)


def _waits(numbers: tuple[str, str, str], title: str, cohort: Cohort) -> list[RecordMeasure]:
    return wait_measures(numbers, title, cohort, "UniqServReqID", "days", "Q", AREAS_BBRB)


FAMILY = Family(
    name="young-waits",
    title="Waits of children and young people for a first contact",
    question="How long do children and young people wait between referral and their first contact?",
    why="A wait of months is a long part of a childhood; those still waiting are seen in no count of people treated.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 04_cyp_perinatal (ids MHS130 to MHS135)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=("quirk:mhs130-strict-start", "quirk:mhs133-reads-later-months"),
    measures=(
        *_waits(("MHS130", "MHS131", "MHS132"), "Referrals of the young with a first contact", SEEN),
        *_waits(("MHS133", "MHS134", "MHS135"), "Referrals of the young waiting for a first contact", WAITING),
    ),
)
