"""English Indices of Deprivation 2025: small areas of 2021, and summaries of districts of 2024.

Tenth 1 and rank 1 are the most deprived. In the average of ranks a high number means more deprived. Figures of districts become series
`imd_2025.*`; small areas go into the table `deprivation_2025`.
"""

from __future__ import annotations

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Source, Tidy
from esteem.evidence.sources.deprivation_districts import DistrictColumn, district_series, summaries_in_range
from esteem.evidence.sources.deprivation_small_areas import small_area_table, tenths_and_ranks
from esteem.terms.problems import Problem

_DOMAINS = ("Income", "Employment", "Education", "Health", "Crime", "Housing_and_Services", "Environment")
SMALL_AREAS = ("lsoa21_code", *(f"{d}_{what}" for what in ("decile", "rank", "score") for d in ("IMD", *_DOMAINS)))
_TENTH = "proportion_of_lso_as_in_most_deprived_10_percent_nationally"
_SUMMARIES = ("average_rank", "rank_of_average_rank", "average_score", "rank_of_average_score", _TENTH, f"rank_of_{_TENTH}")
_DISTRICT_DOMAINS = {
    "income": "income",
    "employment": "employment",
    "education_skills_and_training": "education, skills and training",
    "health_deprivation_and_disability": "health and disability",
    "crime": "crime",
    "barriers_to_housing_and_services": "barriers to housing and services",
    "living_environment": "living environment",
}
_SCALES = ("income", "employment")


def _district_columns() -> tuple[str, ...]:
    names = [f"imd_{s}" for s in _SUMMARIES]
    names += ["imd25_extent", "imd25_rank_of_extent", "imd25_local_concentration", "imd25_rank_of_local_concentration"]
    for domain in _DISTRICT_DOMAINS:
        names += [f"{domain}_{s}" for s in _SUMMARIES]
        if domain in _SCALES:
            names += [f"{domain}_scale", f"rank_of_{domain}_scale"]
    return tuple(names)


DISTRICTS = ("ltla24_code", "ltla24_name", *_district_columns())
_WORDS = {
    "average_rank": "average of ranks",
    "average_score": "average score",
    _TENTH: "share of small areas among the most deprived tenth of England",
    "extent": "extent",
    "local_concentration": "local concentration",
    "scale": "number of people deprived",
}


def _column(name: str) -> DistrictColumn:
    short = name.removeprefix("imd25_").removeprefix("imd_")
    domain = next((d for d in _DISTRICT_DOMAINS if d in short), "")
    what = short.removeprefix(f"{domain}_").replace(f"rank_of_{domain}_", "rank_of_")
    is_rank = what.startswith("rank_of_")
    measure = what.removeprefix("rank_of_")
    of = f" ({_DISTRICT_DOMAINS[domain]})" if domain else ""
    title = f"Deprivation 2025: {'rank by the ' if is_rank else ''}{_WORDS[measure]}{of}"
    share = measure in (_TENTH, "extent") or (measure == "average_score" and domain in _SCALES)
    unit = "score" if is_rank else "count" if measure == "scale" else "proportion" if share else "score"
    note = "Rank 1 is the most deprived district." if is_rank else "High means more deprived." if measure == "average_rank" else ""
    return DistrictColumn(name, short.replace(_TENTH, "most_deprived_tenth"), title, unit, note)


_COLUMNS = tuple(_column(name) for name in DISTRICTS[2:])


def recognise(raw: RawFile) -> Edition | None:
    found = delimited.header(raw)
    if delimited.matches(found, SMALL_AREAS):
        return Edition("2025, small areas", ("2025",), "deprivation 2025 of small areas")
    return Edition("2025, districts", ("2025",), "deprivation 2025 of districts") if delimited.matches(found, DISTRICTS) else None


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, SMALL_AREAS, DISTRICTS)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    if edition.covers == "deprivation 2025 of small areas":
        return small_area_table(raw, SMALL_AREAS, "deprivation_2025", progress)
    return district_series(raw, DISTRICTS, _COLUMNS, "imd_2025", 2025, "2024-04", canonical, progress)


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Ranks, tenths and ranges are what the publisher defines."""
    if tidied.observations is None:
        return tenths_and_ranks(tidied.tables["deprivation_2025"])
    return summaries_in_range(tidied)


SOURCE = Source(
    id="deprivation_2025",
    title="English Indices of Deprivation 2025",
    publisher="Ministry of Housing, Communities and Local Government",
    licence="Open Government Licence v3.0; packaged MIT Licence",
    attribution=(
        "Source: Ministry of Housing, Communities and Local Government, English Indices of Deprivation 2025, "
        "licensed under the Open Government Licence v3.0."
    ),
    homepage="English indices of deprivation 2025",
    layout=f"{','.join(SMALL_AREAS)}; or {','.join(DISTRICTS)}",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="stopped",
)
