"""Census 2021: ethnic groups of districts and small areas, residents by sex."""

import pytest
from tests.evidence.sources.published import (
    FIXTURES,
    cell,
    cells,
    changed,
    every_series_is_described,
    failed_checks,
    published_rows,
    tidied,
)

from esteem.evidence.sources import census_age_sex, census_ethnicity
from esteem.evidence.sources.contract import silent

ETHNICITY, SEX = census_ethnicity.SOURCE, census_age_sex.SOURCE
DISTRICTS = FIXTURES / "census_ethnicity" / "districts.csv"
SMALL_AREAS = FIXTURES / "census_ethnicity" / "small_areas.csv"
RESIDENTS = FIXTURES / "census_age_sex" / "districts.csv"
COUNT, SHARE = "census_2021.ethnicity", "census_2021.ethnicity_share"


def test_numbers_and_per_cents_are_told_apart():
    found = tidied(ETHNICITY, DISTRICTS)
    assert cell(found, series=COUNT, place="E09000004", category="African")["value"] == 23262
    share = cell(found, series=SHARE, place="E09000004", category="African")
    assert (share["value"], share["numerator"]) == (0.094, 23262)
    assert every_series_is_described(found)
    assert not failed_checks(ETHNICITY, DISTRICTS)


def test_two_spaces_before_the_suffix_do_not_matter():
    assert cell(tidied(ETHNICITY, DISTRICTS), series=SHARE, category="White and Black African")["value"] == 0.007


def test_broad_groups_are_sums_of_published_groups():
    rows = [r for r in published_rows(DISTRICTS) if r["ltla21_code"] == "E09000004" and r["ethnic_group"].endswith("(number)")]
    black = sum(float(r["value"]) for r in rows if r["ethnic_group"].startswith("Black"))
    found = tidied(ETHNICITY, DISTRICTS)
    broad = cell(found, series=COUNT, breakdown="ethnicity", category="Black or Black British")
    assert (broad["value"], broad["flags"]) == (black, "derived")
    assert cell(found, series=COUNT, breakdown="all")["value"] == sum(float(r["value"]) for r in rows)
    assert {r["category"] for r in cells(found, series=COUNT, breakdown="ethnicity")} == {
        "Asian or Asian British",
        "Black or Black British",
        "Mixed",
        "White",
        "Other ethnic groups",
    }


def test_a_suppressed_group_hides_the_sums_it_is_part_of(tmp_path):
    raw = changed(tmp_path, DISTRICTS, "23262.0", "*")
    found = ETHNICITY.tidy(raw, ETHNICITY.recognise(raw), str.strip, silent)
    assert cell(found, series=COUNT, category="African")["flags"] == "suppressed"
    assert cell(found, series=COUNT, breakdown="all")["value"] is None
    assert all(r["value"] is None for r in cells(found, series=COUNT, breakdown="ethnicity"))


def test_small_areas_give_a_table():
    rows = tidied(ETHNICITY, SMALL_AREAS).tables["small_area_ethnicity"].to_pylist()
    assert {"small_area": "E01000466", "ethnic_group": "Black or Black British", "residents": 855, "total_residents": 1717} in rows
    assert not failed_checks(ETHNICITY, SMALL_AREAS)


def test_residents_by_sex_and_bands_left_out_with_the_reason():
    found = tidied(SEX, RESIDENTS)
    assert cell(found, place="E06000033", breakdown="all")["value"] == 180688
    assert cell(found, place="E06000033", category="Female")["value"] == 92777
    assert any("does not define the ages" in note for note in found.notes)
    assert any("outside England" in note for note in found.notes)
    assert every_series_is_described(found)
    assert not failed_checks(SEX, RESIDENTS)


@pytest.mark.parametrize("source", [ETHNICITY, SEX], ids=lambda s: s.id)
def test_a_changed_header_is_named(tmp_path, source):
    raw = changed(tmp_path, DISTRICTS if source is ETHNICITY else RESIDENTS, "ltla21_code", "ltla31_code")
    assert source.recognise(raw) is None
    assert "ltla21_code" in source.near(raw).found


def test_published_files(shared):
    folder = shared / "data/population"
    for source, name in (
        (ETHNICITY, "ethnicity21_ltla21.csv.gz"),
        (ETHNICITY, "ethnicity21_lsoa21_essex_bexley.csv.gz"),
        (SEX, "age_gender21_ltla21_ew.csv"),
    ):
        found = tidied(source, folder / name)
        assert not found.rejected, name
        assert not failed_checks(source, folder / name), name
