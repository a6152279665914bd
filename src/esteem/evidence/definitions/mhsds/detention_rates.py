"""M19: how much more often some ethnic groups are detained than others, age and sex being equal (Mental Health Act annual statistics)."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import ENGLAND, UPPER_ETHNICITY, WHITE_BRITISH
from esteem.evidence.definitions.mhsds.detentions import started
from esteem.evidence.definitions.mhsds.populations import population
from esteem.evidence.definitions.mhsds.publication import Publication
from esteem.evidence.definitions.mhsds.rules.act_categories import DETENTIONS
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN
from esteem.evidence.definitions.mhsds.rules.common_weights import CommonWeightRate, RateRatio
from esteem.evidence.definitions.mhsds.rules.demographics import Bands, age_band
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, Value, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

ANNUAL = Publication("mhaa", both_sides=True, whole_means=False)
NOT_STATED, NOT_KNOWN = "Z", "99"  # ethnic categories
SIX_AGES: Bands = ((0, "0 to 15"), (16, "16 to 17"), (18, "18 to 34"), (35, "35 to 49"), (50, "50 to 64"), (65, "65 or over"))


def _detentions(work: Workbench, window: Window) -> ir.Table:
    rows = started(work, window)
    rows = work.step(rows.filter(rows.is_detention & rows.category.isin(DETENTIONS)), "detentions, at their earliest spell")
    return rows.mutate(stratum_age=age_band(rows.age, SIX_AGES, None))


_known = _.stratum_age.notnull() & _.stratum_sex.notnull() & _.ethnicity.notin((NOT_STATED, NOT_KNOWN, UNKNOWN))
_COHORT = Cohort("detentions by age, sex and ethnicity", _detentions)
_DETAINED = Counted(_COHORT, distinct("episode"), _known)
_RESIDENT = population(bands=SIX_AGES)
_RATE = CommonWeightRate(_DETAINED, _RESIDENT)
_SPLITS = (UPPER_ETHNICITY, WHITE_BRITISH)


def _year(name: str, title: str, value: Value, splits=_SPLITS) -> RecordMeasure:
    return RecordMeasure(name, title, value, ("12M",), splits)


def _black_to_white(limit: int = 0) -> RateRatio:
    return RateRatio(_RATE, UPPER_ETHNICITY, "Black or Black British", "White or White British", limit)


FAMILY = Family(
    name="detention-rates",
    title="Detentions by ethnic group, age and sex being equal",
    question="How many times as often as White people are Black people detained under the Mental Health Act?",
    why="Black people are detained far more often than others; both strategies mean to bring the ratio to one.",
    source="NHSDigital/mental-health-act-annual-statistics, Rates (design page M19); the ratio and its interval are our own",
    checked_against="worked cases by hand; no published figure is in the oracle",
    publication=ANNUAL,
    quirks=("quirk:mha-detention-needs-spell", "quirk:england-filter-absent", "quirk:mha-j-behind-f"),
    notes=(
        "Twelve months to the end of the month; the annual statistics use the financial year, so compare in March.",
        "Every group's rates by age and sex are weighed by the population of all ethnic groups together in the 2021 census.",
    ),
    counterparts={"MHAA_DSR": "detention-standardised-rate"},
    measures=(
        _year("MHAA_CRUDE", "Detentions per 100,000 resident, age, sex and ethnicity known", Ratio(_DETAINED, _RESIDENT, 100_000, "rate")),
        _year("MHAA_DSR", "Detentions per 100,000 resident, standardised by age and sex", _RATE),
        _year("MHAA_DSR_CI", "Half the width of its 95% interval", CommonWeightRate(_DETAINED, _RESIDENT, half_width=True)),
        _year("MHAA_RATIO", "Rate of Black people over that of White people", _black_to_white(), (ENGLAND,)),
        _year("MHAA_RATIO_LOWER", "Lower end of its 95% interval", _black_to_white(-1), (ENGLAND,)),
        _year("MHAA_RATIO_UPPER", "Upper end of its 95% interval", _black_to_white(1), (ENGLAND,)),
    ),
)
