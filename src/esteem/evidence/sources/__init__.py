"""The publications Esteem reads: one module each, every module with a `SOURCE`."""

from __future__ import annotations

from importlib import import_module

from esteem.evidence.sources.contract import Source

# Order matters only for reading: figures first, then reference data.
MODULES = (
    "mental_health_dashboard",
    "early_intervention_psychosis",
    "out_of_area_placements",
    "children_waiting_times",
    "mhsds_provider_series",
    "mhsds_time_series",
    "talking_therapies_annual",
    "talking_therapies_proms",
    "talking_therapies_position",
    "talking_therapies_monthly_series",
    "talking_therapies_monthly_local",
    "talking_therapies_monthly",
    "mental_health_act",
    "mhsds_monthly",
    "adult_social_care_outcomes",
    "quality_outcomes_framework",
    "health_index",
    "fingertips",
    "ons_local_statistics",
    "loneliness",
    "directory_figures",
    "population_local_authority",
    "population_sub_icb",
    "census_ethnicity",
    "census_age_sex",
    "deprivation_2019",
    "deprivation_2025",
    "lookups",
    "boundaries",
    "postcodes",
    "organisations",
    "hospital_sites",
    "public_libraries",
    "code_lists",
    "publication_metadata",
)


def all_sources() -> tuple[Source, ...]:
    """Every source, in the order of MODULES."""
    return tuple(import_module(f"{__name__}.{name}").SOURCE for name in MODULES)
