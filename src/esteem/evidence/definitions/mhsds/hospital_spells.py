"""M9: all hospital spells of a period, begun, active and ended, and their bed days: what placements are a share of (pipeline menh_bbrb)."""

from __future__ import annotations

from dataclasses import dataclass

from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import (
    AGE_BAND,
    AUTISM_STATUS,
    BED_TYPE_CODE,
    ENGLAND,
    GENDER,
    ICB,
    IMD_DECILE,
    LD_STATUS,
    REGION,
    SUB_ICB,
    UPPER_ETHNICITY,
)
from esteem.evidence.definitions.mhsds.out_of_area_placements import PERIODS, SPELLS
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.placements import ROW_RANK, STRICT_START
from esteem.evidence.record_model import Breakdown, Counted, Family, Levels, Read, RecordMeasure, distinct, total


@dataclass(frozen=True, eq=False)
class ByBed:
    """`wards` where the level is a bed, else `spells`: days in a bed are those of the ward stay, not of the whole spell."""

    spells: Counted
    wards: Counted
    kind: str = "count"

    def _of(self, breakdown: Breakdown) -> Counted:
        return self.wards if breakdown.columns == BED_TYPE_CODE.columns else self.spells

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return [(self._of(breakdown), breakdown)]

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        return read(self._of(breakdown), breakdown)


_LEVELS = (
    *(ENGLAND, SUB_ICB, ICB, REGION),
    *(AGE_BAND, GENDER, UPPER_ETHNICITY, IMD_DECILE, LD_STATUS, AUTISM_STATUS, BED_TYPE_CODE),
)
_SPELL, _WARD_DAYS = distinct("spell"), total("ward_days")
# The start of the id, the title, and the count of all spells and of those with a stay in an adult acute bed.
_COUNTS = (
    ("ADDSTART", "Hospital spells begun in the period", Counted(SPELLS, _SPELL, "began_in"), Counted(SPELLS, _SPELL, _.began_in & _.acute)),
    (
        "BEDDAYS",
        "Bed days of hospital spells in the period",
        ByBed(Counted(SPELLS, total("days"), "counts_days"), Counted(SPELLS, _WARD_DAYS, "counts_ward_days")),
        ByBed(
            Counted(SPELLS, total("acute_days"), "counts_acute_days"),
            Counted(SPELLS, _WARD_DAYS, _.counts_ward_days & _.acute.fill_null(False)),
        ),
    ),
    (
        "ADDACTIVE",
        "Hospital spells active at the end of the period",
        Counted(SPELLS, _SPELL, "is_active"),
        Counted(SPELLS, _SPELL, _.is_active & _.acute),
    ),
    ("DISCH", "Hospital spells ended in the period", Counted(SPELLS, _SPELL, "ended_in"), Counted(SPELLS, _SPELL, _.ended_in & _.acute)),
)


def _measures() -> tuple[RecordMeasure, ...]:
    """Each count, and its acute version, for the three periods whose letter ends the id."""
    return tuple(
        RecordMeasure(f"{name}{suffix}{letter}", f"{title}{bed}", count, (kind,), _LEVELS)
        for name, title, every, acute in _COUNTS
        for suffix, bed, count in (("", "", every), ("a", ", adult acute beds", acute))
        for letter, kind in PERIODS.items()
    )


FAMILY = Family(
    name="hospital-spells",
    title="All hospital spells",
    question="How many people start, stay and leave hospital, and for how many bed days?",
    why="A count of placements far from home says little until it stands beside all stays in hospital.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 08_oaps (design page M9)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=(STRICT_START, ROW_RANK),
    measures=_measures(),
)
