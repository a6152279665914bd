"""Indices of Deprivation 2019 and 2025: tenths and ranks of small areas, summaries of districts."""

import pytest
from tests.evidence.sources.published import FIXTURES, cell, changed, every_series_is_described, failed_checks, tidied

from esteem.evidence.sources import deprivation_2019, deprivation_2025
from esteem.evidence.sources.contract import silent

SOURCES = {"2019": deprivation_2019.SOURCE, "2025": deprivation_2025.SOURCE}
PUBLISHED = {
    "2019": ("imd2019_england_ltla23.csv", "imd2019_england_lsoa11.csv.gz"),
    "2025": ("imd2025_england_ltla24.csv", "imd2025_england_lsoa21.csv.gz"),
}


def fixture(year, name):
    return FIXTURES / f"deprivation_{year}" / name


@pytest.mark.parametrize(
    ("year", "series", "place", "value", "unit"),
    [
        ("2019", "imd_2019.score", "E06000033", 22.374771488668443, "score"),
        ("2019", "imd_2019.extent", "E09000004", 0.07550007567280943, "proportion"),
        ("2019", "imd_2019.income_score", "E06000033", 0.14434133032795116, "proportion"),
        ("2025", "imd_2025.average_score", "E09000004", 15.302, "score"),
        ("2025", "imd_2025.average_rank", "E06000033", 18080.37, "score"),
        ("2025", "imd_2025.most_deprived_tenth", "E06000033", 0.1111, "proportion"),
        ("2025", "imd_2025.income_scale", "E06000033", 45463, "count"),
        ("2025", "imd_2025.income_average_score", "E09000004", 0.187, "proportion"),
    ],
)
def test_summaries_of_districts(year, series, place, value, unit):
    found = tidied(SOURCES[year], fixture(year, "districts.csv"))
    assert cell(found, series=series, place=place)["value"] == value
    assert {s.id: s.unit for s in found.series}[series] == unit
    assert every_series_is_described(found)
    assert not failed_checks(SOURCES[year], fixture(year, "districts.csv"))


@pytest.mark.parametrize(
    ("year", "area", "tenth", "rank"), [("2019", "E01000466", 4, 11745), ("2019", "E01015814", 6, 19102), ("2025", "E01000466", 3, 9426)]
)
def test_small_areas(year, area, tenth, rank):
    table = tidied(SOURCES[year], fixture(year, "small_areas.csv")).tables[f"deprivation_{year}"]
    row = next(r for r in table.to_pylist() if r["small_area"] == area)
    assert (row["imd_decile"], row["imd_rank"]) == (tenth, rank)


def test_scores_of_small_areas_in_2025():
    table = tidied(SOURCES["2025"], fixture("2025", "small_areas.csv")).tables["deprivation_2025"]
    assert next(r["imd_score"] for r in table.to_pylist() if r["small_area"] == "E01000466") == 27.799


def test_columns_that_are_not_kept_are_named():
    found = tidied(SOURCES["2025"], fixture("2025", "small_areas.csv"))
    assert "Crime_rank" in found.notes[0]
    assert {"crime_decile", "imd_rank", "imd_score"} < set(found.tables["deprivation_2025"].column_names)


def test_an_impossible_tenth_is_set_aside(tmp_path):
    raw = changed(tmp_path, fixture("2019", "small_areas.csv"), "E01000466,4.0", "E01000466,11.0")
    source = SOURCES["2019"]
    found = source.tidy(raw, source.recognise(raw), str.strip, silent)
    assert [(r.column, r.found) for r in found.rejected] == [("IMD_decile", "11.0")]


def test_an_impossible_share_is_set_aside(tmp_path):
    raw = changed(tmp_path, fixture("2025", "districts.csv"), ",0.1111,", ",1.1111,")
    source = SOURCES["2025"]
    found = source.tidy(raw, source.recognise(raw), str.strip, silent)
    assert [r.found for r in found.rejected] == ["1.1111"] * 2


@pytest.mark.parametrize("year", ["2019", "2025"])
def test_published_files(shared, year):
    for name in PUBLISHED[year]:
        path = shared / "data/deprivation" / name
        found = tidied(SOURCES[year], path)
        assert not found.rejected, name
        assert found.rows_kept == found.rows_read
        assert not failed_checks(SOURCES[year], path), name
