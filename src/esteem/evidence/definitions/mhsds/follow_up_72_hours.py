"""M10: follow-up within 72 hours of discharge from an adult acute bed (pipeline menh_publications)."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import (
    ENGLAND,
    PROVIDER_OF_RESPONSIBILITY,
    SUB_ICB_DASH,
    SUB_ICB_PROVIDER_OF_RESPONSIBILITY,
)
from esteem.evidence.definitions.mhsds.publication import PUBLICATIONS
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.contacts import FIRST_MONTH_V5, CodeSet, attended
from esteem.evidence.definitions.mhsds.rules.moments import HOUR, moment
from esteem.evidence.definitions.mhsds.rules.states import in_months, lives_in_england
from esteem.evidence.definitions.mhsds.rules.teams import FIRST_MONTH_V6
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, total
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

DIED_OR_STILLBORN = ("4", "5")  # method of discharge
FIRST_MONTH_METHOD_MAY_BE_EMPTY = 1465
NOT_DISCHARGED_HOME = (  # courts, prisons, other hospitals, death: another organisation has the person in its care
    CodeSet(("30", "37", "48", "49", "50", "53", "79", "84", "87")),
    CodeSet(("38",), last_month=FIRST_MONTH_V5 - 1),
    CodeSet(("40", "42", "89"), first_month=FIRST_MONTH_V5),
)
ACUTE_BEDS = (
    CodeSet(("10", "11", "12", "16", "17", "18"), last_month=FIRST_MONTH_V6 - 1),
    CodeSet(("200", "201", "202", "205", "212", "213"), first_month=FIRST_MONTH_V6),
)
FOLLOW_UP = (
    CodeSet(("01", "02", "04")),
    CodeSet(("03",), last_month=FIRST_MONTH_V5 - 1),
    CodeSet(("11",), first_month=FIRST_MONTH_V5),
)
LAG = timedelta(days=4)  # discharges of the last days of a month are followed up in the next
DAYS, HOURS = 3, 72
VOLUNTARY = "8"  # first character of the code of a voluntary service, which has more than three

_CALENDAR_DAYS, _READMISSION = "quirk:fu72-calendar-days", "quirk:fu72-readmission-is-follow-up"
_ONWARD_8, _ROWS_SUMMED = "quirk:fu72-onward-8-codes-dropped", "quirk:fu72-rows-summed"
_ANY_RECEIVER = "quirk:fu72-any-receiver-follow-up"
_DEATH_BEFORE, _DEATH_LATER = "quirk:fu72-death-before-discharge", "quirk:fu72-death-reads-next-month"
_SPELL = ("Person_ID", "UniqServReqID", "UniqHospProvSpellID")


def _in_any(sets: tuple[CodeSet, ...], code: ir.StringValue, month: ir.IntegerValue) -> ir.BooleanValue:
    """True where one of the sets holds the code; an empty code is in none."""
    found = ibis.literal(False)
    for codes in sets:
        found = found | codes.holds(code, month)
    return found.fill_null(False)


@prepared
def spells_of_two_months(work: Workbench) -> ir.Table:
    """Hospital spells of residents of England, as last submitted in this month or the one before."""
    window = work.month.months(2)
    people = in_months(work.t.MHS001MPI, window)
    spells = in_months(work.t.MHS501HospProvSpell, window).semi_join(people.filter(lives_in_england(people)), "RecordNumber")
    spells = spells.mutate(place=ibis.row_number().over(group_by=list(_SPELL), order_by=ibis.desc("UniqMonthID")))
    return spells.filter(spells.place == 0)


def _last_beds(work: Workbench) -> ir.Table:
    """The bed of each spell's newest ward stay."""
    stays = in_months(work.t.MHS502WardStay, work.month.months(2))
    newest = [ibis.desc(column, nulls_first=False) for column in ("UniqMonthID", "InactTimeWS", "EndDateWardStay", "MHS502UniqID")]
    stays = stays.mutate(place=ibis.row_number().over(group_by=list(_SPELL), order_by=newest))
    return stays.filter(stays.place == 0).select(*_SPELL, bed=_.MHAdmittedPatientClass)


@prepared
def _eligible(work: Workbench) -> ir.Table:
    """Discharges from an adult acute bed to a home, four days before the month to four days before its end."""
    spells = spells_of_two_months(work)
    ended = spells.filter(spells.DischDateHospProvSpell.between(work.rp_start - LAG, work.rp_end - LAG))
    month, method = ended.UniqMonthID, ended.MethOfDischMHHospProvSpell
    alive = method.notin(DIED_OR_STILLBORN) | (method.isnull() & (month >= FIRST_MONTH_METHOD_MAY_BE_EMPTY))
    home = ended.filter(alive & ~_in_any(NOT_DISCHARGED_HOME, ended.DestOfDischHospProvSpell, month))
    home = home.inner_join(_last_beds(work), list(_SPELL))
    return home.filter(_in_any(ACUTE_BEDS, home.bed, home.UniqMonthID)).select(
        *_SPELL,
        discharger=_.OrgIDProv,
        month=_.UniqMonthID,
        admitted=_.StartDateHospProvSpell,
        discharged=_.DischDateHospProvSpell,
        discharge_time=_.DischTimeHospProvSpell,
    )


def _onward(work: Workbench) -> ir.Table:
    """Onward referrals to another organisation: its code where it submits to the data set, else none."""
    submitters = in_months(work.t.MHS000Header, work.month.months(2)).select(receiver="OrgIDProvider").distinct()
    onward = work.t.MHS105OnwardReferral
    code = onward.OrgIDReceiving
    voluntary = code.startswith(VOLUNTARY)
    receiver = ibis.ifelse(voluntary, code, code.left(3))
    if work.as_published(_ONWARD_8):
        elsewhere = ~voluntary & (receiver != onward.OrgIDProv)
    else:
        elsewhere = receiver != onward.OrgIDProv
    onward = onward.mutate(receiver=receiver).filter(elsewhere).select("Person_ID", "UniqServReqID", "OnwardReferDate", "receiver")
    joined = onward.left_join(submitters, "receiver")
    return joined.mutate(known=joined.receiver_right).select("Person_ID", "UniqServReqID", "OnwardReferDate", "known")


@prepared
def _with_responsible(work: Workbench) -> ir.Table:
    """A row for each discharge and provider responsible: those it was referred on to during the spell, else the discharging one.

    Corrected: one row for each discharge, with the receiver of the latest referral.
    """
    discharges, onward = _eligible(work), _onward(work)
    during = onward.OnwardReferDate.between(discharges.admitted, discharges.discharged)
    same = [discharges[key] == onward[key] for key in ("Person_ID", "UniqServReqID")]
    joined = discharges.left_join(onward, [*same, during])
    rows = joined.mutate(responsible_provider=ibis.coalesce(joined.known, joined.discharger))
    columns = (*discharges.columns, "responsible_provider")
    if work.as_published(_ROWS_SUMMED):
        return rows.select(*columns).distinct()
    latest = [ibis.desc("OnwardReferDate", nulls_first=False), "known"]
    rows = rows.mutate(place=ibis.row_number().over(group_by=list(_SPELL), order_by=latest))
    return rows.filter(rows.place == 0).select(*columns)


@prepared
def _discharges(work: Workbench) -> ir.Table:
    """Discharges with the provider responsible, without those of people who died before they could be followed up."""
    rows = _with_responsible(work)
    records = (work.later if work.as_published(_DEATH_LATER) else work.t).MHS001MPI
    records = records.filter(records.PersDeathDate.notnull()).select("Person_ID", "PersDeathDate", org="OrgIDProv", reported="UniqMonthID")
    told = (records.reported == rows.month) | (records.reported == rows.month + 1)
    deaths = rows.inner_join(records, [rows.Person_ID == records.Person_ID, rows.responsible_provider == records.org, told])
    days = deaths.PersDeathDate.delta(deaths.discharged, unit="day")
    early = days <= DAYS if work.as_published(_DEATH_BEFORE) else days.between(0, DAYS)
    key = [*_SPELL, "responsible_provider"]
    deaths = deaths.mutate(early=early).select(*key, "early").distinct()
    if work.as_published(_ROWS_SUMMED):  # conflicting dates of death make two rows, of which one stays
        joined = rows.left_join(deaths, key)
        return joined.filter(~joined.early.fill_null(False)).select(*rows.columns)
    return rows.anti_join(deaths.filter(deaths.early), key)


def _events(work: Workbench) -> ir.Table:
    """What follows someone up: an attended direct contact, or as published also a new hospital spell."""
    contacts = work.t.MHS201CareContact
    contacts = contacts.filter(attended(contacts) & (contacts.CareContDate >= work.rp_start - LAG))
    contacts = contacts.filter(_in_any(FOLLOW_UP, contacts.ConsMechanismMH, contacts.UniqMonthID))
    events = contacts.select("Person_ID", org=_.OrgIDProv, day=_.CareContDate, time=_.CareContTime)
    if work.as_published(_READMISSION):
        spells = spells_of_two_months(work)
        starts = spells.select("Person_ID", org=_.OrgIDProv, day=_.StartDateHospProvSpell, time=_.StartTimeHospProvSpell)
        events = ibis.union(events, starts)
    return events


def _is_in_time(work: Workbench, pairs: ir.Table) -> ir.BooleanValue:
    """On one of the three days after the day of discharge; corrected: within 72 hours of it, where both times are given."""
    days = pairs.day.delta(pairs.discharged, unit="day").between(1, DAYS)
    if work.as_published(_CALENDAR_DAYS):
        return days
    seconds = moment(pairs.day, pairs.time) - moment(pairs.discharged, pairs.discharge_time)
    timed = pairs.time.notnull() & pairs.discharge_time.notnull()
    return ibis.ifelse(timed, (seconds > 0) & (seconds <= HOURS * HOUR), days)


def _followed_up(work: Workbench, window: Window) -> ir.Table:
    work.step(spells_of_two_months(work), "hospital spells of residents of England, as last submitted in two months")
    work.step(_eligible(work), "ended four days before the month to four days before its end: alive, to a home, from an adult acute bed")
    rows = work.step(_with_responsible(work), "a row for each provider responsible afterwards")
    discharges = work.step(_discharges(work), "without people who died within three days")
    events = _events(work)
    pairs = rows.inner_join(events, [rows.Person_ID == events.Person_ID, rows.responsible_provider == events.org])
    key = [*_SPELL] if work.as_published(_ANY_RECEIVER) else [*_SPELL, "responsible_provider"]
    seen = pairs.filter(_is_in_time(work, pairs)).select(*key).distinct().mutate(seen=ibis.literal(True))
    joined = discharges.left_join(seen, key)
    joined = joined.mutate(discharge=ibis.literal(1), followed_up=joined.seen.fill_null(False).cast("int64"))
    joined = joined.select(*discharges.columns, "discharge", "followed_up")
    return with_area(joined, sub_icb_of_window(work, work.month.months(2)))


DISCHARGES = Cohort("discharges from adult acute beds", _followed_up)
_ALL, _SEEN = Counted(DISCHARGES, total("discharge")), Counted(DISCHARGES, total("followed_up"))
_LEVELS = (ENGLAND, PROVIDER_OF_RESPONSIBILITY, SUB_ICB_DASH, SUB_ICB_PROVIDER_OF_RESPONSIBILITY)

FAMILY = Family(
    name="follow-up-72-hours",
    title="Follow-up within 72 hours of discharge",
    question="Is everyone who leaves an adult acute ward seen again within three days?",
    why="The risk of suicide is highest in the first days after leaving a psychiatric ward; a contact in those days saves lives.",
    source="NHSDigital/mental-health-monthly-statistics, menh_publications 02_72HOURS (design page M10)",
    checked_against="the national code's own figures for an invented extract",
    publication=PUBLICATIONS,
    quirks=(_CALENDAR_DAYS, _READMISSION, _ONWARD_8, _ROWS_SUMMED, _ANY_RECEIVER, _DEATH_BEFORE, _DEATH_LATER),
    notes=(
        "Indirect activity never counts: it has no way of meeting (quirk:fu72-indirect-dead-branch).",
        "Beds of class 205 are acute here; that they are other beds too changes nothing (quirk:fu72-bed205-in-both-groups).",
        "A discharge counts with the provider responsible after it, which an onward referral moves.",
    ),
    counterparts={"MHS80": "follow-up-within-72-hours"},
    measures=(
        RecordMeasure("MHS78", "Discharges from adult acute beds eligible for follow-up", _ALL, ("M",), _LEVELS),
        RecordMeasure("MHS79", "Discharges followed up within 72 hours", _SEEN, ("M",), _LEVELS),
        RecordMeasure("MHS80", "Share of discharges followed up within 72 hours", Ratio(_SEEN, _ALL), ("M",), _LEVELS),
    ),
)
