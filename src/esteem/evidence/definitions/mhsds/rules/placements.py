"""M7 to M9: out-of-area placements and all hospital spells, each row with the wards and the person it belongs to.

A placement is a referral whose reason is that no bed was free at home. The tables keep one row for each referral, spell and ward stay (and
for each other ward stay that decides the bed at the start, at the end of the period or at the end), as menh_bbrb does: its sums of bed days
depend on it.
"""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, sub_icb_of_month, sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.demographics import Bands, age_band, with_demographics
from esteem.evidence.definitions.mhsds.rules.states import in_months, open_at, within
from esteem.evidence.definitions.mhsds.rules.wards import acute_bed
from esteem.evidence.records.reporting import Reporting, Window
from esteem.evidence.records.workbench import Workbench, prepared

NO_BED_AT_HOME = "10"  # reason for out-of-area treatment: the placement is inappropriate
NO_SPELL = "No Hospital Spell"
AGE_BANDS: Bands = (
    (0, "0 to 17"),
    (18, "18 to 24"),
    *((age, f"{age} to {age + 4}") for age in range(25, 65, 5)),
    (65, "65 or over"),
)
STRICT_START, CURRENT_WARD = "quirk:oap-strict-start", "quirk:oap-current-ward-unknown-bed"
ROW_RANK, START_DIFFERS = "quirk:oap-beddays-row-rank", "quirk:oap-beddays-start-differs"
_ATTRIBUTES = ("gender", "ethnicity", "ethnicity_group", "white_british", "imd_decile", "imd_core20", "age_band")
_STATUSES = ("ld_status", "autism_status")
_AREAS = ("sub_icb", "icb", "region")


def strictly_live(work: Workbench, table: ir.Table) -> ir.BooleanValue:
    """R1 with a strict start: the row version began before the last day of the month; corrected: on it too."""
    start, end = table.RecordStartDate, table.RecordEndDate
    begun = start < work.rp_end if work.as_published(STRICT_START) else start <= work.rp_end
    return begun & (end.isnull() | (end >= work.rp_end))


def _in_own_month(work: Workbench, table: ir.Table, start: ir.DateValue, end: ir.DateValue) -> ir.BooleanValue:
    """Under way in the month in which the row was submitted, one of the last twelve."""
    months = [Reporting(work.month_id - back) for back in range(12)]
    return reduce(or_, ((table.UniqMonthID == m.month_id) & (start <= m.end) & (end.isnull() | (end >= m.start)) for m in months))


@prepared
def _referrals_out_of_area(work: Workbench) -> ir.Table:
    rows = in_months(work.t.MHS101Referral, work.month.months(12))
    return rows.filter(strictly_live(work, rows) & (rows.ReasonOAT == NO_BED_AT_HOME)).select(
        "Person_ID",
        "UniqServReqID",
        month=_.UniqMonthID,
        provider=_.OrgIDProv,
        sending_provider=_.OrgIDReferringOrg.fill_null(UNKNOWN),
        received=_.ReferralRequestReceivedDate,
        closed=_.ServDischDate,
        reason=_.PrimReasonReferralMH,
    )


@prepared
def placement_referrals(work: Workbench) -> ir.Table:
    """Referrals of twelve months for want of a bed at home; `ended`: at the latest when the person's last overlapping one was received."""
    rows = _referrals_out_of_area(work)
    later = rows.view().select("Person_ID", other="UniqServReqID", next_received="received")
    pairs = rows.inner_join(later, "Person_ID")
    overlaps = (pairs.UniqServReqID != pairs.other) & (pairs.received < pairs.next_received)
    overlaps = overlaps & (pairs.closed.isnull() | (pairs.next_received < pairs.closed))
    cut = pairs.filter(overlaps).group_by("UniqServReqID").aggregate(cut=_.next_received.max())
    joined = rows.left_join(cut, "UniqServReqID")
    return joined.mutate(ended=ibis.coalesce(joined.cut, joined.closed)).select(*rows.columns, "ended")


@prepared
def _spells(work: Workbench) -> ir.Table:
    rows = work.t.MHS501HospProvSpell
    start, end = rows.StartDateHospProvSpell, rows.DischDateHospProvSpell
    return rows.filter(strictly_live(work, rows) & _in_own_month(work, rows, start, end)).select(
        spell_person=_.Person_ID,
        spell_referral=_.UniqServReqID,
        spell_provider=_.OrgIDProv,
        spell_month=_.UniqMonthID,
        spell=_.UniqHospProvSpellID,
        admitted=_.StartDateHospProvSpell,
        discharged=_.DischDateHospProvSpell,
    )


@prepared
def _ward_stays(work: Workbench) -> ir.Table:
    rows = work.t.MHS502WardStay
    start, end = rows.StartDateWardStay, rows.EndDateWardStay
    return rows.filter(strictly_live(work, rows) & _in_own_month(work, rows, start, end)).select(
        stay_person=_.Person_ID,
        stay_provider=_.OrgIDProv,
        stay_spell=_.UniqHospProvSpellID,
        stay_month=_.UniqMonthID,
        ward=_.UniqWardStayID,
        bed=_.MHAdmittedPatientClass.fill_null(UNKNOWN),
        acute=acute_bed(rows.MHAdmittedPatientClass, rows.UniqMonthID).notnull(),
        ward_start=_.StartDateWardStay,
        ward_end=_.EndDateWardStay,
        ward_type=_.WardType,
        reported_days=_.BedDaysWSEndRP,
    )


def _during(table: ir.Table, month: str, window: Window) -> ir.Table:
    return table.filter(table[month].between(window.first_month, window.last_month))


@prepared
def _people(work: Workbench) -> ir.Table:
    """Master rows of twelve months with R7, age band and the latest known statuses of learning disability and autism."""
    people = in_months(work.t.MHS001MPI, work.month.months(12))
    people = with_demographics(work, people.filter(people.PatMRecInRP)).drop(*_STATUSES)
    made = people.mutate(age_band=age_band(people.AgeRepPeriodEnd, AGE_BANDS), is_live=strictly_live(work, people))
    people = made.select(*_ATTRIBUTES, "is_live", known_as="Person_ID", known_in="UniqMonthID")
    return _with_statuses(work, people, "known_as", "known_in")


def _with_statuses(work: Workbench, rows: ir.Table, person: str, month: str) -> ir.Table:
    """Adds the latest known statuses of learning disability and autism, where they were known by the row's month."""
    for status, column in zip(_STATUSES, ("LDStatus", "AutismStatus"), strict=True):
        latest = _latest_status(work, column).rename({status: "status"})
        told = rows[month] >= latest.told_in
        rows = rows.left_join(latest, [rows[person] == latest.told_of, told]).drop("told_of", "told_in")
    return rows


def _latest_status(work: Workbench, column: str) -> ir.Table:
    """The status on each person's newest record that gives a valid one."""
    rows = work.t.MHS005PatInd
    rows = rows.filter(rows[column].isin(("1", "2", "3", "4", "5", "U", "X", "Z")))
    newest = [ibis.desc("UniqMonthID"), ibis.desc("RecordNumber"), column]
    rows = rows.mutate(place=ibis.row_number().over(group_by="Person_ID", order_by=newest))
    return rows.filter(rows.place == 0).select(told_of=_.Person_ID, told_in=_.UniqMonthID, status=rows[column])


def _with_unknown(table: ir.Table) -> ir.Table:
    """A row without a person's record has every attribute and area UNKNOWN."""
    return table.mutate(**{column: table[column].fill_null(UNKNOWN) for column in (*_ATTRIBUTES, *_STATUSES, *_AREAS)})


def _bed_days(work: Workbench, rows: ir.Table, window: Window, start: ir.DateValue) -> ir.Table:
    """Adds what is summed as bed days: `days` where `counts_days`, in acute beds `acute_days` where `counts_acute_days`.

    The day of discharge is not counted, the last day of the period is. As published the days of the whole spell go to its ward stay with
    the highest id; corrected each spell counts once, and its acute days are those on acute wards.
    """
    after = ibis.literal(window.end + timedelta(days=1))
    last = _until(rows.discharged, window, after)
    first = ibis.greatest(start, ibis.literal(window.start))
    days = _between(first, last)
    if work.as_published(START_DIFFERS):  # a clock that starts after the period runs backwards
        begun_later = (first > last) & (rows.discharged.isnull() | (rows.discharged > first))
        days = ibis.ifelse(begun_later, last.delta(first, unit="day"), days)
    days = ibis.ifelse(rows.spell.isnull(), 0, days)
    highest = rows.ward.max().over(group_by="spell")
    if work.as_published(ROW_RANK):
        ranked = rows.spell.isnull() | highest.isnull() | (rows.ward == highest).fill_null(False)
        return rows.mutate(days=days, counts_days=ranked, acute_days=days, counts_acute_days=ranked & rows.acute.fill_null(False))
    on_ward = _between(ibis.greatest(first, rows.ward_start), ibis.least(last, _until(rows.ward_end, window, after)))
    place = ibis.row_number()
    return rows.mutate(
        days=days,
        counts_days=place.over(group_by=["row", "spell"], order_by="ward") == 0,
        acute_days=on_ward.fill_null(0),
        counts_acute_days=rows.acute.fill_null(False) & (place.over(group_by=["row", "ward"], order_by="ward_start") == 0),
    )


def _ward_days(work: Workbench, rows: ir.Table, window: Window) -> ir.Table:
    """Adds `ward_days`, those of the ward stay itself, where `counts_ward_days`; as published every row of a stay counts."""
    after = ibis.literal(window.end + timedelta(days=1))
    days = _between(ibis.greatest(rows.ward_start, ibis.literal(window.start)), _until(rows.ward_end, window, after))
    counts = ibis.literal(True)
    if not work.as_published(ROW_RANK):
        counts = ibis.row_number().over(group_by="ward", order_by=ibis.desc("stay_month")) == 0
    return rows.mutate(ward_days=ibis.ifelse(rows.ward.isnull(), 0, days), counts_ward_days=counts)


def _until(end: ir.DateValue, window: Window, after: ir.DateScalar) -> ir.DateValue:
    return ibis.ifelse(open_at(end, window.end), after, end)


def _between(first: ir.DateValue, last: ir.DateValue) -> ir.IntegerValue:
    return ibis.ifelse(last > first, last.delta(first, unit="day"), 0)


def _is_on(work: Workbench, day: ir.DateValue, stays: ir.Table) -> ir.BooleanValue:
    """The ward stay has the day in it; as published a stay without an end has no day in it."""
    begun = stays.ward_start <= day
    if work.as_published(CURRENT_WARD):
        return begun & (day <= stays.ward_end)
    return begun & (stays.ward_end.isnull() | (day <= stays.ward_end))


def _with_stays(rows: ir.Table, stays: ir.Table, name: str, condition: ir.BooleanValue | None) -> ir.Table:
    """Adds the ward stays of the row's spell that meet a condition: their bed and whether it is acute, as <name>_bed and <name>_acute."""
    same = [rows.spell == stays.stay_spell, rows.provider == stays.stay_provider, rows.Person_ID == stays.stay_person]
    joined = rows.left_join(stays, same if condition is None else [*same, condition])
    bed = ibis.cases((joined.spell.isnull(), NO_SPELL), (joined.ward_right.isnull(), UNKNOWN), else_=joined.bed_right)
    made = joined.mutate(**{f"{name}_bed": bed, f"{name}_acute": joined.acute_right.fill_null(False)})
    return made.select(*rows.columns, f"{name}_bed", f"{name}_acute")


@prepared
def placements(work: Workbench, window: Window) -> ir.Table:
    """Placements submitted in the months, with `began_in`, `ended_in`, `is_active`, the beds of those days, and bed days."""
    rows = _during(placement_referrals(work), "month", window)
    spells = _during(_spells(work), "spell_month", window)
    same = [rows.UniqServReqID == spells.spell_referral, rows.Person_ID == spells.spell_person, rows.provider == spells.spell_provider]
    rows = rows.left_join(spells, same).drop("spell_person", "spell_referral", "spell_provider", "spell_month")
    stays = _during(_ward_stays(work), "stay_month", window)
    same = [rows.spell == stays.stay_spell, rows.provider == stays.stay_provider, rows.Person_ID == stays.stay_person]
    rows = rows.left_join(stays, same).drop("stay_person", "stay_provider", "stay_spell", "stay_month")
    for name in ("start", "active", "end"):
        other = stays.view()
        rows = _with_stays(rows, other, name, _deciding(work, rows, other, name))
    people = _people_of(work, window)
    joined = rows.left_join(people, [rows.Person_ID == people.known_as, rows.month == people.known_in])
    rows = _with_unknown(joined).select(*rows.columns, *_ATTRIBUTES, *_STATUSES, *_AREAS).distinct()
    from_referral = window.kind != "M" and work.as_published(START_DIFFERS)
    rows = _bed_days(work, rows.mutate(row=rows.UniqServReqID), window, rows.received if from_referral else rows.admitted)
    return rows.mutate(
        receiving_provider=rows.provider,
        began_in=within(rows.received, window),
        ended_in=within(rows.ended, window),
        is_active=open_at(rows.ended, window.end),
        in_spell=(rows.spell.notnull() & open_at(rows.discharged, window.end)),
    )


def _deciding(work: Workbench, rows: ir.Table, stays: ir.Table, name: str) -> ir.BooleanValue:
    """Which ward stays decide the bed on the day received, on the last day of the period, or on the day ended."""
    if name == "active":
        return open_at(rows.ended, work.rp_end) & open_at(stays.ward_end, work.rp_end)
    return _is_on(work, rows.received if name == "start" else rows.ended, stays)


def _with_area(people: ir.Table, areas: ir.Table) -> ir.Table:
    return with_area(people, areas.rename(known_as="Person_ID"))


def _people_of(work: Workbench, window: Window) -> ir.Table:
    """Of placements: a month wants live rows and the month's rule of areas, longer periods the row of the placement's month."""
    people = _during(_people(work), "known_in", window)
    if window.kind == "M":
        return _with_area(people.filter(people.is_live), sub_icb_of_month(work))
    return _with_area(people, sub_icb_of_window(work, window))


@prepared
def all_spells(work: Workbench, window: Window) -> ir.Table:
    """Every hospital spell submitted in the months, in any area: what placements are a share of.

    One row for each spell, ward stay and live master record of the person in the months, as published.
    """
    rows = _during(_spells(work), "spell_month", window)
    rows = rows.rename(Person_ID="spell_person", provider="spell_provider", month="spell_month").drop("spell_referral")
    stays = _during(_ward_stays(work), "stay_month", window)
    rows = rows.left_join(stays, [rows.spell == stays.stay_spell, rows.provider == stays.stay_provider])
    rows = rows.drop("stay_person", "stay_provider", "stay_spell")
    rows = _with_statuses(work, rows, "Person_ID", "month")
    people = _during(_people(work), "known_in", window).drop(*_STATUSES)
    people = _with_area(people.filter(people.is_live), sub_icb_of_window(work, work.month.window("12M")))
    rows = _with_unknown(rows.left_join(people, rows.Person_ID == people.known_as))
    rows = _ward_days(work, _bed_days(work, rows.mutate(row=rows.spell), window, rows.admitted), window)
    return rows.mutate(
        began_in=within(rows.admitted, window),
        ended_in=within(rows.discharged, window),
        is_active=open_at(rows.discharged, window.end) & (rows.month == work.month_id),
        bed_type=rows.bed.fill_null(UNKNOWN),
    )
