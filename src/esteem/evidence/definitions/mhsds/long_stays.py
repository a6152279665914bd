"""M20: people discharged after a long stay in hospital, and how long stays lasted (pipeline menh_bbrb)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_BBRB, ENGLAND, PROVIDER, SUB_ICB
from esteem.evidence.definitions.mhsds.populations import population
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.release import HiddenWith, WholeNumber
from esteem.evidence.definitions.mhsds.rules.states import open_at, within
from esteem.evidence.definitions.mhsds.rules.wards import acute_bed
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, distinct, mean, median, total
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

ADULTS, OLDER, YOUNG = (18, 64), (65, None), (0, 17)
LONG, VERY_LONG = 60, 90  # days

_SPELL = (
    "Person_ID",
    "UniqHospProvSpellID",
    "OrgIDProv",
    "StartDateHospProvSpell",
    "DischDateHospProvSpell",
)


@prepared
def _discharges(work: Workbench, window: Window) -> ir.Table:
    """Spells that ended in the window and the ward stay that ended the same day: one row for each spell and such ward."""
    spells = work.t.MHS501HospProvSpell
    spells = spells.filter(open_at(spells.RecordEndDate, window.end) & within(spells.RecordStartDate, window))
    spells = work.step(spells, "hospital spells first sent in the window and still valid at its end")
    spells = work.step(spells.filter(within(spells.DischDateHospProvSpell, window)), "discharged in the window")
    spells = spells.select(*_SPELL, "RecordNumber", "UniqMonthID")
    people = work.t.MHS001MPI.select("RecordNumber", age="AgeRepPeriodEnd")
    joined = spells.left_join(people, "RecordNumber").drop("RecordNumber_right")
    joined = joined.left_join(_ward_stays(work), ["UniqHospProvSpellID", "RecordNumber", ("DischDateHospProvSpell", "EndDateWardStay")])
    days = joined.DischDateHospProvSpell.delta(joined.StartDateHospProvSpell, unit="day")
    bed = ibis.coalesce(acute_bed(joined.MHAdmittedPatientClass, joined.UniqMonthID), joined.MHAdmittedPatientClass)
    if not work.as_published("quirk:los-cyp-no-ward-row"):
        bed = bed.fill_null(UNKNOWN)
    rows = joined.mutate(days=days, bed_type=bed, provider=joined.OrgIDProv)
    kept = rows.select(*_SPELL, "UniqWardStayID", "StartDateWardStay", "MHAdmittedPatientClass", "age", "days", "bed_type", "provider")
    return with_area(kept.distinct(), sub_icb_of_window(work, window))


def _ward_stays(work: Workbench) -> ir.Table:
    stays = work.t.MHS502WardStay
    return stays.select(
        "UniqHospProvSpellID", "RecordNumber", "EndDateWardStay", "UniqWardStayID", "StartDateWardStay", "MHAdmittedPatientClass"
    )


def _spells_and_wards(work: Workbench, window: Window) -> ir.Table:
    rows = _discharges(work, window)
    if work.as_published("quirk:los-mean-over-rows"):
        return rows
    return rows.distinct(on=("Person_ID", "UniqHospProvSpellID", "bed_type"))


def _acute_spells(work: Workbench, window: Window) -> ir.Table:
    rows = _discharges(work, window)
    rows = work.step(rows.filter((rows.age >= 18) & rows.bed_type.isin(_ACUTE)), "adults leaving an acute or intensive care bed")
    return rows.select(*_SPELL, "age", "days", "provider", "sub_icb", "icb", "region").distinct()


_ADULT_ACUTE, _OLDER_ACUTE = "Adult Acute", "Older Adult Acute"
_ACUTE = (_ADULT_ACUTE, _OLDER_ACUTE, "PICU")

DISCHARGES = Cohort("people discharged, with the ward they left", _spells_and_wards)
ACUTE_SPELLS = Cohort("spells of adults that ended in an acute bed", _acute_spells)

_ADULT = (_.bed_type == _ADULT_ACUTE) & _.age.between(*ADULTS)
_OLDER = (_.bed_type == _OLDER_ACUTE) & (_.age >= OLDER[0])
_YOUNG = _.age.between(*YOUNG)
_PLACES = (ENGLAND, PROVIDER, SUB_ICB)
_QUARTER = ("Q",)


def _all_and_typical(number: str, title: str, where) -> list[RecordMeasure]:
    """People discharged, and the mean and median of their days in hospital."""
    people = Counted(DISCHARGES, distinct("Person_ID"), where)
    days = [WholeNumber(Counted(DISCHARGES, aggregate("days"), where)) for aggregate in (mean, median)]
    return [
        RecordMeasure(number, f"People discharged, {title}", people, _QUARTER, _PLACES),
        RecordMeasure(f"{number}a", f"Mean days in hospital, {title}", HiddenWith(days[0], people), _QUARTER, _PLACES),
        RecordMeasure(f"{number}b", f"Median days in hospital, {title}", HiddenWith(days[1], people), _QUARTER, _PLACES),
    ]


def _long(number: str, days: int, title: str, where, discharged: RecordMeasure, ages: tuple[int, int | None]) -> list[RecordMeasure]:
    """People discharged after `days` or more: count, rate by residents of that age, share of all such discharges."""
    people = Counted(DISCHARGES, distinct("Person_ID"), where & (_.days >= days))
    rate = Ratio(people, population(*ages), 100_000, "rate", zero_without_denominator=True)
    words = f"People discharged after {days} days or more, {title}"
    return [
        RecordMeasure(number, words, people, _QUARTER, _PLACES),
        RecordMeasure(f"{number}a", f"{words}, per 100,000 resident", rate, _QUARTER, (ENGLAND, SUB_ICB)),
        RecordMeasure(f"{number}b", f"{words}, of all discharged", Ratio(people, discharged.value), _QUARTER, _PLACES),
    ]


def _measures() -> list[RecordMeasure]:
    groups = (
        ("140", ("100", "101"), "18 to 64, adult acute bed", _ADULT, ADULTS),
        ("141", ("102", "103"), "65 and over, older adult acute bed", _OLDER, OLDER),
        ("142", ("104", "105"), "0 to 17, any bed", _YOUNG, YOUNG),
    )
    found = []
    for discharged, longer, title, where, ages in groups:
        typical = _all_and_typical(f"MHS{discharged}", title, where)
        found += typical
        for number, days in zip(longer, (LONG, VERY_LONG), strict=True):
            found += _long(f"MHS{number}", days, title, where, typical[0], ages)
    return found


_ACUTE_DAYS = Counted(ACUTE_SPELLS, total("days"))

FAMILY = Family(
    name="long-stays",
    title="Long stays in hospital",
    question="How many people stay in hospital for two or three months, and how long is a usual stay?",
    why="A long stay in an acute bed is often a wait for a home or for care outside, and keeps the bed from the next person.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 01_los (design page M20)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=("quirk:los-mean-over-rows", "quirk:los-cyp-no-ward-row"),
    notes=(
        "quirk:los-cyp-no-ward-row: as published a discharge without a ward stay that day has no bed type; corrected it is UNKNOWN, so "
        "that nobody is lost from a split by bed.",
    ),
    counterparts={"MHS100a": "long-stays-adults", "MHS103a": "long-stays-older-adults"},
    measures=(
        *_measures(),
        RecordMeasure(
            "MHS156",
            "Discharges of adults from acute and intensive care beds",
            Counted(ACUTE_SPELLS, distinct("UniqHospProvSpellID")),
            _QUARTER,
            AREAS_BBRB,
        ),
        RecordMeasure("MHS156a", "Days in hospital of those spells", _ACUTE_DAYS, _QUARTER, AREAS_BBRB),
        RecordMeasure(
            "MHS156b",
            "Mean days in hospital of those spells",
            HiddenWith(WholeNumber(Counted(ACUTE_SPELLS, mean("days"))), _ACUTE_DAYS),
            _QUARTER,
            AREAS_BBRB,
        ),
    ),
)
