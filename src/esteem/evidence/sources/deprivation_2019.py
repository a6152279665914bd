"""English Indices of Deprivation 2019: small areas of 2011, and summaries of districts (on the districts of 2023).

Tenth 1 is the most deprived. Figures of districts become series `imd_2019.*`; small areas go into the table `deprivation_2019`.
"""

from __future__ import annotations

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Source, Tidy
from esteem.evidence.sources.deprivation_districts import DistrictColumn, district_series, summaries_in_range
from esteem.evidence.sources.deprivation_small_areas import small_area_table, tenths_and_ranks
from esteem.terms.problems import Problem

_DOMAINS = ("Income", "Employment", "Education", "Health", "Crime", "Housing_and_Access", "Environment")
SMALL_AREAS = ("lsoa11_code", *(f"{d}_{what}" for what in ("decile", "rank") for d in ("IMD", *_DOMAINS)))
DISTRICTS = (
    *("ltla23_code", "Score", "Proportion", "Extent"),
    *(f"{d}_{what}" for d in _DOMAINS for what in ("Score", "Proportion", "Extent")),
)
# The income and employment scores are shares of people; the other scores have no unit.
_SHARES = ("Income_Score", "Employment_Score")


def _column(name: str) -> DistrictColumn:
    domain, _, what = name.rpartition("_")
    of = f" ({domain.replace('_', ' ').lower()})" if domain else ""
    if what == "Score":
        unit = "proportion" if name in _SHARES else "score"
        return DistrictColumn(name, name.lower(), f"Deprivation 2019: average score{of}", unit)
    words = "share of small areas among the most deprived tenth of England" if what == "Proportion" else "extent"
    return DistrictColumn(name, name.lower(), f"Deprivation 2019: {words}{of}", "proportion")


_COLUMNS = tuple(_column(name) for name in DISTRICTS[1:])


def recognise(raw: RawFile) -> Edition | None:
    found = delimited.header(raw)
    if delimited.matches(found, SMALL_AREAS):
        return Edition("2019, small areas", ("2019",), "deprivation 2019 of small areas")
    return Edition("2019, districts", ("2019",), "deprivation 2019 of districts") if delimited.matches(found, DISTRICTS) else None


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, SMALL_AREAS, DISTRICTS)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    if edition.covers == "deprivation 2019 of small areas":
        return small_area_table(raw, SMALL_AREAS, "deprivation_2019", progress)
    return district_series(raw, DISTRICTS, _COLUMNS, "imd_2019", 2019, "2023-04", canonical, progress)


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Ranks, tenths and ranges are what the publisher defines."""
    if tidied.observations is None:
        return tenths_and_ranks(tidied.tables["deprivation_2019"])
    return summaries_in_range(tidied)


SOURCE = Source(
    id="deprivation_2019",
    title="English Indices of Deprivation 2019",
    publisher="Ministry of Housing, Communities and Local Government",
    licence="Open Government Licence v3.0; packaged MIT Licence",
    attribution=(
        "Source: Ministry of Housing, Communities and Local Government, English Indices of Deprivation 2019, "
        "licensed under the Open Government Licence v3.0."
    ),
    homepage="English indices of deprivation 2019",
    layout=f"{','.join(SMALL_AREAS)}; or {','.join(DISTRICTS)}",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="stopped",
)
