"""M21: occupied bed days without leave, and days lost to delayed discharge (pipeline menh_analysis)."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_DASH, across
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN
from esteem.evidence.definitions.mhsds.rules.contacts import CodeSet
from esteem.evidence.definitions.mhsds.rules.monthly_people import of_anyone
from esteem.evidence.definitions.mhsds.rules.states import in_months
from esteem.evidence.definitions.mhsds.rules.teams import FIRST_MONTH_V6
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, total
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

_BEFORE = FIRST_MONTH_V6 - 1
_OLD_REASONS = (
    *("A2", "B1", "C1", "D1", "D2", "E1", "F2", "H1", "I2", "I3", "J2", "K2", "L1", "M1", "N1", "P1", "Q1", "R1", "R2", "S1", "T1", "T2"),
    *(f"G{number}" for number in range(2, 13)),
)
REASONS = (
    CodeSet(tuple(f"{number:02d}" for number in range(1, 38)), FIRST_MONTH_V6),
    CodeSet(_OLD_REASONS, None, _BEFORE),
    CodeSet(("98",)),
)
ATTRIBUTED = (CodeSet(("04", "05", "06")), CodeSet(("07",), None, _BEFORE))  # NHS, social care, both; housing


def _days(started: ir.DateValue, ended: ir.DateValue, window: Window) -> ir.IntegerValue:
    """Days of the month from start to end; an open end counts the last day too."""
    last = ended.fill_null(ibis.literal(window.end + timedelta(days=1)))
    return last.delta(ibis.greatest(started, ibis.literal(window.start)), unit="day")


def _stays(work: Workbench, window: Window) -> ir.Table:
    stays = in_months(work.t.MHS502WardStay, window)
    columns = ("Person_ID", "OrgIDProv", "RecordNumber", "UniqWardStayID", "WardType", "StartDateWardStay", "EndDateWardStay")
    return stays.select(*columns).distinct()


def _occupied(work: Workbench, window: Window) -> ir.Table:
    """Ward stays with their days, and leave from them with its days below zero."""
    stays = _stays(work, window)
    who = ("Person_ID", "OrgIDProv")
    parts = [stays.select(*who, days=_days(stays.StartDateWardStay, stays.EndDateWardStay, window))]
    for table, start, end in (
        (work.t.MHS509HomeLeave, "StartDateHomeLeave", "EndDateHomeLeave"),
        (work.t.MHS510LeaveOfAbsence, "StartDateMHLeaveAbs", "EndDateMHLeaveAbs"),
    ):
        leave = in_months(table, window).select("UniqWardStayID", start, end)
        rows = stays.inner_join(leave, "UniqWardStayID")
        parts.append(rows.select(*who, days=-_days(rows[start], rows[end], window)))
    return of_anyone(work, ibis.union(*parts))


def _delays(work: Workbench, window: Window) -> ir.Table:
    """MHS518 and its forerunner MHS504 as one table, without delays that end on the day they start."""
    older = in_months(work.t.MHS504DelayedDischarge, window)
    newer = in_months(work.t.MHS518ClinReadyForDischarge, window)
    keys = ("Person_ID", "OrgIDProv", "UniqMonthID", "UniqHospProvSpellID", "AttribToIndic")
    rows = ibis.union(
        older.select(*keys, started="StartDateDelayDisch", ended="EndDateDelayDisch", reason="DelayDischReason", delay="MHS504UniqID"),
        newer.select(
            *keys,
            started="StartDateClinReadyforDisch",
            ended="EndDateClinReadyforDisch",
            reason="ClinReadyforDischDelayReason",
            delay="MHS518UniqID",
        ),
        distinct=True,
    )
    return rows.filter(rows.ended.isnull() | (rows.started != rows.ended))


def _delayed(work: Workbench, window: Window) -> ir.Table:
    """Delays with their days: one that begins in the month loses its first day, unless it goes on from the one before."""
    rows = _delays(work, window)
    previous = rows.ended.lag().over(group_by="UniqHospProvSpellID", order_by=[rows.started, rows.delay])
    place = ibis.row_number().over(group_by="UniqHospProvSpellID", order_by=[rows.started, rows.delay])
    rows = rows.mutate(previous=previous, place=place)
    first_day_lost = (rows.place == 0) | (rows.previous.delta(rows.started, unit="day") < -1).fill_null(False)
    begins_inside = rows.started >= ibis.literal(window.start)
    lost = (begins_inside & first_day_lost).cast("int64")
    rows = rows.filter(rows.started <= ibis.literal(window.end))
    return of_anyone(
        work,
        rows.select(
            "Person_ID",
            "OrgIDProv",
            days=_days(rows.started, rows.ended, window) - lost,
            delay_reason=_code(rows.reason, rows.UniqMonthID, REASONS),
            delay_attributed_to=_code(rows.AttribToIndic, rows.UniqMonthID, ATTRIBUTED),
        ),
    )


def _code(code: ir.StringValue, month: ir.IntegerValue, sets: tuple[CodeSet, ...]) -> ir.StringValue:
    known = ibis.or_(*(codes.holds(code, month) for codes in sets))
    return ibis.cases((known, code), else_=UNKNOWN)


_OCCUPIED = Cohort("ward stays of the month and leave from them", _occupied)
_DELAYED = Cohort("discharges delayed in the month", _delayed)
_BY_DELAY = (*across("Delayed discharge reason"), *across("Delayed discharge attributable to"))

FAMILY = Family(
    name="monthly-bed-days",
    title="Bed days without leave and days of delay",
    question="How many days were beds slept in, and how many were spent waiting to leave?",
    why="A day in a bed that someone no longer needs is lost to them and to the next person.",
    source="NHSDigital/mental-health-monthly-statistics, menh_analysis 1.Main_monthly (design page M21)",
    checked_against="the national code's own figures for an invented extract",
    publication=ANALYSIS,
    quirks=("quirk:sub-icb-month-no-fallback",),
    measures=(
        RecordMeasure("MHS25", "Bed days in the month less leave", Counted(_OCCUPIED, total("days")), ("M",), AREAS_DASH),
        RecordMeasure(
            "MHS26", "Days of delayed discharge in the month", Counted(_DELAYED, total("days")), ("M",), (*AREAS_DASH, *_BY_DELAY)
        ),
    ),
)
