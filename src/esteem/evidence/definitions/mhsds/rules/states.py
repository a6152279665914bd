"""R1, R2 and R5: which version of a row is the latest state, which referrals are open, and who lives in England."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared


def live(table: ir.Table, day: date) -> ir.BooleanValue:
    """R1. The row version is valid on the day: it has started and has not ended before it."""
    return (table.RecordEndDate.isnull() | (table.RecordEndDate >= day)) & (table.RecordStartDate <= day)


def open_at(ended: ir.DateValue, day: date) -> ir.BooleanValue:
    """No end, or one after the day."""
    return ended.isnull() | (ended > day)


def within(day: ir.DateValue, window: Window) -> ir.BooleanValue:
    return day.between(window.start, window.end)


def in_months(table: ir.Table, window: Window) -> ir.Table:
    """Rows submitted in the months of the window."""
    return table.filter(table.UniqMonthID.between(window.first_month, window.last_month))


@prepared
def live_referrals(work: Workbench) -> ir.Table:
    """R1. MHS101 rows valid at the end of the month, with `is_open` and `is_closed` (R2): open needs a row of the month itself."""
    referrals = work.t.MHS101Referral
    referrals = referrals.filter(live(referrals, work.rp_end))
    return referrals.mutate(
        is_open=(referrals.UniqMonthID == work.month_id) & open_at(referrals.ServDischDate, work.rp_end),
        is_closed=(referrals.ServDischDate <= work.rp_end).fill_null(False),
    )


@prepared
def open_referrals(work: Workbench) -> ir.Table:
    """R2. Referrals of the month that are open at its end."""
    referrals = work.t.MHS101Referral
    return referrals.filter((referrals.UniqMonthID == work.month_id) & open_at(referrals.ServDischDate, work.rp_end))


def lives_in_england(people: ir.Table) -> ir.BooleanValue:
    """R5. The district of residence on the person's row is English or not given."""
    district = people.LADistrictAuth
    return district.startswith("E") | district.isnull() | (district == "")
