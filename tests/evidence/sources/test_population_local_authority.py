"""Mid-year populations of councils: single years of age and sex, sums, and the order of rows as geography."""

from datetime import date

import pytest
from tests.evidence.sources.published import FIXTURES, cell, cells, changed, every_series_is_described, failed_checks, tidied

from esteem.evidence.sources.contract import RawFile, silent
from esteem.evidence.sources.population_local_authority import SOURCE
from esteem.terms.places import ENGLAND

FOLDER = FIXTURES / "population_local_authority"
PUBLISHED = "data/population/mye2_mid{}_england_la_age_sex.csv.gz"


@pytest.mark.parametrize(("year", "people"), [(2020, 249301), (2021, 246543)])
def test_people_of_bexley(year, people):
    path = FOLDER / f"mye2_mid{year}.csv"
    found = tidied(SOURCE, path)
    assert cell(found, place="E09000004", breakdown="all")["value"] == people
    assert cell(found, place="E09000004", breakdown="all")["period_start"] == date(year, 6, 30)
    assert not failed_checks(SOURCE, path)
    assert every_series_is_described(found)


def test_ages_run_from_0_to_90_and_over():
    found = cells(tidied(SOURCE, FOLDER / "mye2_mid2021.csv"), breakdown="age_sex")
    assert len(found) == 3 * 91
    assert {"Female 0", "Male 90+", "Persons 90+"} <= {r["category"] for r in found}


def test_without_its_year_the_file_is_refused_with_the_reason(tmp_path):
    path = tmp_path / "populations.csv"
    path.write_bytes((FOLDER / "mye2_mid2021.csv").read_bytes())
    assert SOURCE.recognise(RawFile(path)) is None
    assert SOURCE.near(RawFile(path)).code == "edition-unknown"


HANDMADE = """code,name,geography,sex,age,population
E92000001,ENGLAND,Country,Persons,All ages,60
E12000006,EAST,Region,Persons,All ages,60
E06000033,Southend-on-Sea,Unitary Authority,Persons,All ages,10
E10000012,Essex,County,Persons,All ages,30
E07000066,Basildon,Non-metropolitan District,Persons,All ages,30
E11000007,Tyne and Wear (Met County),Metropolitan County,Persons,All ages,20
E08000037,Gateshead,Metropolitan District,Persons,All ages,20
"""


def read(tmp_path, text):
    path = tmp_path / "mye2_mid2021.csv"
    path.write_text(text)
    raw = RawFile(path)
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    return found, [c.name for c in SOURCE.expect(found, raw) if not c.passed]


def test_the_order_of_rows_says_what_holds_what(tmp_path):
    found, failed = read(tmp_path, HANDMADE)
    links = {(r["child"], r["parent"]) for r in found.tables["stated_links"].to_pylist()}
    assert links == {
        ("E06000033", "E12000006"),
        ("E10000012", "E12000006"),
        ("E07000066", "E10000012"),
        ("E11000007", "E12000006"),
        ("E08000037", "E12000006"),
        ("E08000037", "E11000007"),
    }
    assert not failed


def test_members_that_do_not_add_up_are_found(tmp_path):
    _, failed = read(
        tmp_path,
        HANDMADE.replace(
            "Basildon,Non-metropolitan District,Persons,All ages,30", "Basildon,Non-metropolitan District,Persons,All ages,29"
        ),
    )
    assert failed == ["members add to their county or region"]


def test_a_row_with_an_unknown_age_is_set_aside(tmp_path):
    raw = changed(tmp_path, FOLDER / "mye2_mid2021.csv", ",90+,", ",ninety,")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert len(found.rejected) == 3


@pytest.mark.parametrize(("year", "england"), [(2020, 56550138), (2021, 56536419)])
def test_published_sums(shared, year, england):
    path = shared / PUBLISHED.format(year)
    found = tidied(SOURCE, path)
    assert cell(found, place=ENGLAND, breakdown="all")["value"] == england
    assert found.rows_kept == found.rows_read == 96324
    # Barnsley and Sheffield were recoded: `canonical` of the test keeps the old codes, as the file does.
    assert not failed_checks(SOURCE, path)
