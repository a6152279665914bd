"""Quality and Outcomes Framework: modelled prevalence by district and by tenth of deprivation."""

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

from esteem.evidence.sources.quality_outcomes_framework import SOURCE
from esteem.terms.places import ENGLAND

DISTRICTS = FIXTURES / "quality_outcomes_framework" / "lad.csv"
TENTHS = FIXTURES / "quality_outcomes_framework" / "imd.csv"


def test_a_district_has_register_list_and_share():
    found = tidied(SOURCE, DISTRICTS)
    southend = cell(found, series="qof.MH", place="E06000033")
    assert southend["value"] == pytest.approx(0.011899770127848427)
    assert (southend["numerator"], southend["denominator"]) == (2290.3941307092705, 192473.8130318314)
    assert (southend["flags"], southend["period_kind"], str(southend["period_start"])) == ("modelled", "financial_year", "2019-04-01")
    assert any("18 and over" in note for s in found.series if s.id == "qof.DEP" for note in s.notes)
    assert every_series_is_described(found)


def test_tenth_one_is_the_most_deprived_and_wales_is_left_out():
    found = tidied(SOURCE, TENTHS)
    most = cell(found, series="qof.DEP", place=ENGLAND, category="1 most deprived")
    least = cell(found, series="qof.DEP", place=ENGLAND, category="10 least deprived")
    assert (most["value"], least["value"]) == (pytest.approx(0.13753754101236149), pytest.approx(0.10690850164136356))
    assert found.notes == ["2 rows not kept: areas in Wales."]
    assert len(cells(found, series="qof.MH")) == 10


def test_a_name_with_a_comma_does_not_shift_the_columns():
    assert cell(tidied(SOURCE, DISTRICTS), series="qof.DEM", place="E06000058")["value"] < 0.05


@pytest.mark.parametrize("value", ["1.2", "-0.1"])
def test_a_share_above_one_is_quarantined(tmp_path, value):
    raw = changed(tmp_path, DISTRICTS, "0.011899770127848427", value)
    found = tidied(SOURCE, raw.path)
    assert [(r.column, r.kind) for r in found.rejected] == [("prevalence", "quarantine")]
    assert cells(found, series="qof.MH", place="E06000033") == []


def test_a_tenth_beyond_ten_is_reported(tmp_path):
    raw = changed(tmp_path, TENTHS, "\n10,DEP", "\n11,DEP")
    assert [r.column for r in tidied(SOURCE, raw.path).rejected] == ["imd_overall"]


def test_expect_notices_a_share_that_does_not_follow(tmp_path):
    raw = changed(tmp_path, DISTRICTS, "0.011899770127848427", "0.02")
    assert [c.name for c in failed_checks(SOURCE, raw.path)] == ["Prevalence is register divided by list"]


def test_a_changed_header_is_near(tmp_path):
    raw = changed(tmp_path, DISTRICTS, "prevalence", "share")
    assert SOURCE.recognise(raw) is None
    assert "missing prevalence" in SOURCE.near(raw).found


def test_the_published_files(shared):
    folder = shared / "data/qof"
    districts = tidied(SOURCE, folder / "output_lad_prevalence.csv.gz")
    rows = published_rows(folder / "output_lad_prevalence.csv.gz")
    assert districts.rows_read == len(rows) == 6741
    assert districts.notes == ["147 rows not kept: areas in Wales."]
    wanted = {(r["group_code"], r["lad_code"]): float(r["prevalence"]) for r in rows if r["lad_code"].startswith("E")}
    assert districts.rows_kept == len(wanted) == 6594
    assert {(c["series"].removeprefix("qof."), c["place"]): c["value"] for c in cells(districts)} == wanted
    for name in ("output_lad_prevalence.csv.gz", "output_imd_prevalence.csv"):
        assert failed_checks(SOURCE, folder / name) == []
