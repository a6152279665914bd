"""M36, our own: people who come back into hospital within 28 or 30 days of leaving it."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import OWN_SPLITS
from esteem.evidence.definitions.mhsds.publication import OWN
from esteem.evidence.definitions.mhsds.rules.person_attributes import with_people_of_window
from esteem.evidence.definitions.mhsds.rules.states import live
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

DAYS, NATIONAL_DAYS = 30, 28
_SPELL = ("Person_ID", "UniqHospProvSpellID")


def _discharges(work: Workbench, window: Window) -> ir.Table:
    """Discharges whose thirty days have passed: from 30 days before the period to 30 days before its end."""
    spells = work.t.MHS501HospProvSpell
    spells = work.step(spells.filter(live(spells, work.rp_end)), "hospital spells valid at the end of the month")
    spells = spells.mutate(place=ibis.row_number().over(group_by=list(_SPELL), order_by=[ibis.desc("UniqMonthID"), "MHS501UniqID"]))
    spells = spells.filter(spells.place == 0)
    spells = spells.select(*_SPELL, "OrgIDProv", start="StartDateHospProvSpell", end="DischDateHospProvSpell")
    late = timedelta(days=DAYS)
    gone = spells.filter(spells.end.between(window.start - late, window.end - late))
    gone = work.step(gone, "ended in the period moved back by 30 days")
    other = spells.view().select("Person_ID", next="UniqHospProvSpellID", back="start")
    pairs = gone.inner_join(other, "Person_ID")
    pairs = pairs.filter((pairs.UniqHospProvSpellID != pairs.next) & (pairs.back >= pairs.end))
    soonest = pairs.group_by(*_SPELL).aggregate(back=pairs.back.min())
    rows = gone.left_join(soonest, list(_SPELL)).select(*gone.columns, "back")
    days = rows.back.delta(rows.end, unit="day")
    rows = rows.mutate(provider=rows.OrgIDProv, days=days)
    return with_people_of_window(work, work.month.window("12M"), rows)


_COHORT = Cohort("discharges from hospital and the next spell", _discharges)
_ALL = Counted(_COHORT, distinct("UniqHospProvSpellID"))


def _again(days: int) -> Counted:
    return Counted(_COHORT, distinct("UniqHospProvSpellID"), _.days <= days)


_BACK, _BACK_28 = _again(DAYS), _again(NATIONAL_DAYS)


def _measure(name: str, title: str, value) -> RecordMeasure:
    return RecordMeasure(name, title, value, ("M", "Q", "12M"), OWN_SPLITS)


FAMILY = Family(
    name="readmissions",
    title="Readmission within 30 days",
    question="How many people are back in hospital within 30 days of leaving it?",
    why="Coming back so soon says that someone left too early, or that help outside was not there.",
    source="own measure (design page M36): the next spell of the same person at any provider",
    checked_against="worked cases by hand; no national figure exists",
    publication=OWN,
    notes=(
        "The period counts discharges of 30 days before, so that everyone had 30 days to come back.",
        "A transfer on the day of discharge is a next spell too: the data set does not join the spells of two providers.",
    ),
    measures=(
        _measure("OWN36A", "Discharges from hospital", _ALL),
        _measure("OWN36B", "Discharges followed by a readmission within 30 days", _BACK),
        _measure("OWN36", "Share of discharges followed by a readmission within 30 days", Ratio(_BACK, _ALL, zero_without_numerator=True)),
        _measure("OWN36_28", "Share followed by a readmission within 28 days", Ratio(_BACK_28, _ALL, zero_without_numerator=True)),
    ),
)
