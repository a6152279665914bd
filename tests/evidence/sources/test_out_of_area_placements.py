"""Out of area placements: three headers, the month from name or rows, codes into words, totals inside breakdowns."""

from datetime import date

import pytest
from tests.evidence.sources.published import (
    FIXTURES,
    canonical,
    cell,
    cells,
    changed,
    every_series_is_described,
    failed_checks,
    published_rows,
    tidied,
)

from esteem.evidence.sources.contract import RawFile
from esteem.evidence.sources.out_of_area_placements import SOURCE
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

NOVEMBER = FIXTURES / "out_of_area_placements" / "oaps-open-data-nov-2016.csv"
FEBRUARY = FIXTURES / "out_of_area_placements" / "oaps-open-data-feb-2017.csv"
ACTIVE = "oaps.oaps_active_at_period_end"


@pytest.fixture(scope="module")
def november():
    return tidied(SOURCE, NOVEMBER)


@pytest.fixture(scope="module")
def february():
    return tidied(SOURCE, FEBRUARY)


def test_rows_quoted_in_the_guide(november, february):
    bexley = cell(november, series=ACTIVE, place="07N")
    assert (bexley["value"], bexley["period_start"], bexley["flags"]) == (5, date(2016, 11, 1), "rounded")
    mid_essex = cell(february, series="oaps.oaps_ended_during_period", place="06Q")
    assert (mid_essex["value"], mid_essex["period_end"]) == (5, date(2017, 2, 28))


def test_scientific_numbers_are_read(november):
    assert cell(november, series="oaps.total_recorded_costs_over_the_period", place=ENGLAND, breakdown="all")["value"] == 5035630


def test_codes_without_words_get_the_words_of_later_files(november, february):
    for found in (november, february):
        beds = {c["category"] for c in cells(found, series=ACTIVE, place=ENGLAND, breakdown="bed_type")}
        assert "Acute adult mental health care" in beds
    assert {c["category"] for c in cells(november, series=ACTIVE, place=ENGLAND, breakdown="sex")} >= {"Male", "Female"}


def test_both_spellings_of_region_are_read(november):
    assert cells(november, series=ACTIVE, place="Y55", breakdown="sex")
    assert cells(november, series=ACTIVE, place="Y55", breakdown="bed_type")


def test_receivers_stand_apart_from_senders(february):
    assert len(cells(february, series=ACTIVE, place="RAT", breakdown="all")) == 1
    assert len(cells(february, series=ACTIVE, place="RAT", breakdown="receiving_provider")) == 1


def test_totals_inside_breakdowns_are_compared_and_not_kept(november):
    assert len(cells(november, series=ACTIVE, place=ENGLAND, breakdown="all")) == 1
    assert failed_checks(SOURCE, NOVEMBER) == []
    assert failed_checks(SOURCE, FEBRUARY) == []


def test_a_total_that_differs_from_england_is_noticed(tmp_path):
    raw = changed(tmp_path, NOVEMBER, '"BedType","England","","","528"', '"BedType","England","","","529"')
    assert [c.passed for c in SOURCE.expect(tidied(SOURCE, raw.path), raw)] == [False]


def test_a_name_without_a_month_is_a_problem(tmp_path):
    path = tmp_path / "placements.csv"
    path.write_bytes(NOVEMBER.read_bytes())
    raw = RawFile(path)
    with pytest.raises(Problem, match="period-missing") as problem:
        SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert "Rename the file" in problem.value.remedy


def test_february_knows_its_month_whatever_its_name(tmp_path):
    path = tmp_path / "placements.csv"
    path.write_bytes(FEBRUARY.read_bytes())
    assert SOURCE.recognise(RawFile(path)).covers == "2017-02"


def test_two_months_in_one_file_are_a_problem(tmp_path):
    text = FEBRUARY.read_text()
    path = tmp_path / "mixed.csv"
    head, _, rest = text.rpartition('"2017/02"')
    path.write_text(f'{head}"2017/01"{rest}')
    with pytest.raises(Problem, match="period-mixed"):
        tidied(SOURCE, path)


def test_series_are_described(november, february):
    assert every_series_is_described(november)
    assert every_series_is_described(february)


@pytest.mark.parametrize(
    "month, rows", [("oct-2016", 8424), ("nov-2016", 11050), ("dec-2016", 11324), ("jan-2017", 11286), ("feb-2017", 12236)]
)
def test_every_published_month_is_read_whole(shared, month, rows):
    path = shared / "data" / "oaps" / f"oaps-open-data-{month}.csv.gz"
    found = tidied(SOURCE, path)
    assert found.rows_read == rows
    assert failed_checks(SOURCE, path) == []
    ccgs = [r for r in published_rows(path) if r["Breakdown1"] == "Ccg" and r["Question"] == "OAPs active at period end"]
    for row in ccgs:
        if row["Breakdown1Code"] != "England":
            place = "999 ccg" if row["Breakdown1Code"] == "999" else row["Breakdown1Code"]
            assert cell(found, series=ACTIVE, place=place)["value"] == (None if row["value"] == "*" else float(row["value"]))
