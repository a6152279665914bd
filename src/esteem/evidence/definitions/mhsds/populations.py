"""R10: resident populations as measures of their own, and as what rates are divided by."""

from __future__ import annotations

from functools import cache

import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import (
    ENGLAND,
    GENDER,
    ICB,
    IMD_CORE20,
    IMD_DECILE,
    REGION,
    SUB_ICB,
    SUB_ICB_OF_RESIDENCE,
    UPPER_ETHNICITY,
    WHITE_BRITISH,
)
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.demographics import Bands, age_band
from esteem.evidence.definitions.mhsds.rules.populations import residents
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, total
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench


@cache
def population(first_age: int = 0, last_age: int | None = None, bands: Bands = ()) -> Counted:
    """People resident, from `first_age` to `last_age` (None: and over). With `bands` also by age band, to divide a rate by age.

    Splits by england, sub_icb (and sub_icb_of_residence), icb, region, gender, age_band; or ethnicity_group, white_british; or imd_decile,
    imd_core20; each with stratum_sex and stratum_age for rates over strata.
    """

    def rows(work: Workbench, window: Window) -> ir.Table:
        people = residents(work)
        people = people.filter(people.age >= first_age)
        people = people if last_age is None else people.filter(people.age <= last_age)
        band = age_band(people.age, bands, None) if bands else people.age.cast("string")
        return people.mutate(
            gender=people.england.notnull().ifelse(people.sex, None),
            age_band=people.england.notnull().ifelse(band, None),
            sub_icb_of_residence=people.sub_icb,
            stratum_age=band,
            stratum_sex=people.sex,
        )

    return Counted(Cohort(f"residents aged {first_age} to {last_age or 'the oldest'}", rows, published=True), total("people"))


_ALL_SPLITS = (ENGLAND, SUB_ICB, SUB_ICB_OF_RESIDENCE, ICB, REGION, GENDER, IMD_DECILE, IMD_CORE20, UPPER_ETHNICITY, WHITE_BRITISH)
_AREAS = (ENGLAND, SUB_ICB, SUB_ICB_OF_RESIDENCE)

FAMILY = Family(
    name="populations",
    title="Resident populations",
    question="How many people live here?",
    why="A count says how busy a service is; divided by the people who live there it says how likely they are to be served.",
    source="Office for National Statistics: mid-year estimates (newest year) and census 2021, as read by menh_bbrb (design page R10)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    measures=(
        RecordMeasure("MHSPOPALL", "People of all ages", population(), ("M",), _ALL_SPLITS),
        RecordMeasure("MHSPOPCYP", "Children and young people, 0 to 17", population(0, 17), ("M",), _ALL_SPLITS),
        RecordMeasure("MHSPOPADU", "Adults, 18 to 64", population(18, 64), ("M",), _AREAS),
        RecordMeasure("MHSPOPOAP", "Older adults, 65 and over", population(65), ("M",), _AREAS),
    ),
)
