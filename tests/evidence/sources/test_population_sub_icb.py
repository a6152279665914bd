"""Mid-year populations of sub-ICB locations, with the sums of their ICB."""

from datetime import date

from tests.evidence.sources.published import FIXTURES, cell, changed, every_series_is_described, failed_checks, published_rows, tidied

from esteem.evidence.sources.contract import silent
from esteem.evidence.sources.population_sub_icb import SOURCE

FIXTURE = FIXTURES / "population_sub_icb" / "sub_icb.csv"
MID_2021, MID_2022 = date(2021, 6, 30), date(2022, 6, 30)


def test_people_of_southend():
    found = tidied(SOURCE, FIXTURE)
    assert cell(found, place="E38000168", breakdown="all", period_start=MID_2021)["value"] == 180655
    assert not failed_checks(SOURCE, FIXTURE)
    assert every_series_is_described(found)


def test_an_icb_is_the_sum_of_its_locations_and_says_so():
    rows = [r for r in published_rows(FIXTURE) if r["year"] == "mid-2022" and r["sex"] == "Persons"]
    found = cell(tidied(SOURCE, FIXTURE), place="E54000026", breakdown="all", period_start=MID_2022)
    assert found["value"] == sum(int(r["population"]) for r in rows)
    assert len(rows) == 5
    assert found["flags"] == "derived"


def test_a_sum_with_a_part_missing_has_no_value(tmp_path):
    raw = changed(tmp_path, FIXTURE, "Persons,All ages,266180", "Persons,All ages,*")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    board = cell(found, place="E54000026", breakdown="all", period_start=MID_2022)
    assert (board["value"], board["flags"]) == (None, "derived missing_part")
    assert cell(found, place="E38000007", breakdown="all", period_start=MID_2022)["flags"] == "suppressed"


def test_published_sums(shared):
    path = shared / "data/population/sub_icb23_age_sex_mid2021_mid2022.csv.gz"
    assert not failed_checks(SOURCE, path)
    assert cell(tidied(SOURCE, path), place="E38000007", breakdown="all", period_start=MID_2022)["value"] == 266180
