"""M7 to M9: inappropriate out-of-area placements, new, active and ended, their bed days, rates and shares (pipeline menh_bbrb)."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _
from ibis.common.deferred import Deferred

from esteem.evidence.definitions.mhsds.breakdowns import (
    AGE_BAND,
    AUTISM_STATUS,
    ENGLAND,
    GENDER,
    ICB,
    IMD_DECILE,
    LD_STATUS,
    RECEIVING_PROVIDER,
    REGION,
    SENDING_PROVIDER,
    SUB_ICB,
    UPPER_ETHNICITY,
)
from esteem.evidence.definitions.mhsds.populations import population
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.placements import (
    AGE_BANDS,
    CURRENT_WARD,
    ROW_RANK,
    START_DIFFERS,
    STRICT_START,
    all_spells,
    placement_referrals,
    placements,
)
from esteem.evidence.record_model import Aggregate, Breakdown, Cohort, Counted, Family, Ratio, RecordMeasure, Value, distinct, total
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

WITHOUT_BED = "quirk:oap-active-without-bed"
PERIODS = {"M": "M", "Q": "Q", "Y": "12M"}  # letter at the end of an id -> kind of period
PER_MILLION = 1_000_000


def _placements(work: Workbench, window: Window) -> ir.Table:
    work.step(placement_referrals(work), "referrals of twelve months with no bed free at home as the reason")
    return work.step(placements(work, window), "those submitted in the period, by spell, ward stay and person")


def _at_month_end(work: Workbench, window: Window) -> ir.Table:
    """Placements active at the end: of the month's own submissions, whatever the period."""
    rows = placements(work, work.month.window("M"))
    if not work.as_published(WITHOUT_BED):
        rows = rows.filter(rows.in_spell)
    return work.step(rows.filter(rows.is_active), "placements of the month without an end by its last day")


def _spells(work: Workbench, window: Window) -> ir.Table:
    return work.step(all_spells(work, window), "hospital spells submitted in the period, by ward stay and person")


PLACEMENTS = Cohort("inappropriate out-of-area placements", _placements)
ACTIVE = Cohort("inappropriate out-of-area placements active at the end of the month", _at_month_end)
SPELLS = Cohort("hospital spells in any area", _spells)

_AREAS = (ENGLAND, SUB_ICB, ICB, REGION)
_PEOPLE = (AGE_BAND, GENDER, UPPER_ETHNICITY, Breakdown("England; Lower Ethnicity", ("ethnicity",)), IMD_DECILE, LD_STATUS, AUTISM_STATUS)
_PROVIDERS = (SENDING_PROVIDER, RECEIVING_PROVIDER)


def _beds(column: str | None) -> tuple[Breakdown, ...]:
    return (Breakdown("England; Bed Type", (column,)),) if column else ()


class _Pair:
    """A count of placements and the same count of all spells; as a pair, so that the acute versions follow."""

    def __init__(self, name: str, title: str, cohort: Cohort, of: tuple[Aggregate, Aggregate], where: tuple, bed: str | None):
        self.name, self.title, self.bed = name, title, bed
        self.count, self.whole = Counted(cohort, of[0], where[0]), Counted(SPELLS, of[1], where[1])


_PLACEMENT, _SPELL = distinct("UniqServReqID"), distinct("spell")


def _pairs(acute: bool) -> tuple[_Pair, ...]:
    """New, bed days, active, ended; `acute`: in an adult acute bed on the day that decides (of spells: on any of their wards)."""

    def where(column: str, bed: str) -> tuple[Deferred, Deferred]:
        flag = getattr(_, column)
        return (flag & getattr(_, bed), flag & _.acute) if acute else (flag, flag)

    days, counted = ("acute_days", "counts_acute_days") if acute else ("days", "counts_days")
    return (
        _Pair("01", "New placements", PLACEMENTS, (_PLACEMENT, _SPELL), where("began_in", "start_acute"), "start_bed"),
        _Pair("02", "Bed days of placements", PLACEMENTS, (total(days), total(days)), (counted, counted), None),
        _Pair(
            "03",
            "Placements active at the end of the period",
            ACTIVE,
            (_PLACEMENT, _SPELL),
            where("is_active", "active_acute"),
            "active_bed",
        ),
        _Pair("04", "Placements ended", PLACEMENTS, (_PLACEMENT, _SPELL), where("ended_in", "end_acute"), "end_bed"),
    )


_POPULATION = population(bands=AGE_BANDS)
_RATES = {"01": "05", "03": "06", "04": "07"}
_SHARES = {"01": "08", "02": "09", "03": "10", "04": "11"}


def _measures(pair: _Pair, suffix: str, bed: str) -> list[RecordMeasure]:
    """The count, its rate per million residents and its share of all spells, each for three periods."""
    rate = Ratio(pair.count, _POPULATION, PER_MILLION, "rate", zero_without_denominator=True)
    share = Ratio(pair.count, pair.whole, zero_without_denominator=True)
    made: list[tuple[str, str, Value, tuple[Breakdown, ...]]] = [
        (pair.name, f"{pair.title}{bed}", pair.count, (*_AREAS, *_PROVIDERS, *_PEOPLE, *_beds(pair.bed))),
        (_SHARES[pair.name], f"{pair.title}{bed}, in % of the same of all hospital spells", share, (*_AREAS, *_PEOPLE)),
    ]
    if pair.name in _RATES:
        made.append(
            (_RATES[pair.name], f"{pair.title}{bed}, per million residents", rate, (*_AREAS, AGE_BAND, GENDER, UPPER_ETHNICITY, IMD_DECILE))
        )
    return [
        RecordMeasure(f"OAP{name}{suffix}{letter}", title, value, (kind,), levels)
        for name, title, value, levels in made
        for letter, kind in PERIODS.items()
    ]


FAMILY = Family(
    name="out-of-area-placements",
    title="Inappropriate out-of-area placements",
    question="How many people are sent to a hospital away from home because no bed is free near it?",
    why="Far from family and their own team people recover more slowly and stay longer; the national aim is to end such placements.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 08_oaps (design page M7 to M9)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=(STRICT_START, CURRENT_WARD, ROW_RANK, START_DIFFERS, WITHOUT_BED, "quirk:sub-icb-month-no-fallback"),
    notes=(
        "Placements active at the end are read from the month's own submissions, where quirk:oap-active-precedence changes nothing.",
        "No list of trusts narrows the count (quirk:oap-inscope-unused).",
        "Ids end with the period (M, Q, Y) as in the national metadata; the published file drops the letter.",
    ),
    counterparts={
        "OAP01M": "out-of-area-placements-started",
        "OAP01Q": "out-of-area-placements-started",
        "OAP01Y": "out-of-area-placements-started",
        "OAP02M": "out-of-area-bed-days",
        "OAP02Q": "out-of-area-bed-days",
        "OAP02Y": "out-of-area-bed-days",
        "OAP03M": "out-of-area-placements-active",
    },
    measures=tuple(
        measure
        for acute, suffix, bed in ((False, "", ""), (True, "a", " in adult acute beds"))
        for pair in _pairs(acute)
        for measure in _measures(pair, suffix, bed)
    ),
)
