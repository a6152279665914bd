"""The two shipped sheets on the shipped pack: every row is there, and its figures are those of the publishers' own files."""

from __future__ import annotations

import csv
import gzip
from datetime import date

import duckdb
import pytest

from esteem.evidence.snapshots import open_snapshot
from esteem.strategy import rows, rules
from esteem.strategy.file import load_strategy, open_strategy
from esteem.strategy.sheet import sheet

SET, BEXLEY = "southend-essex-thurrock-2017", "bexley-2023"
SET_CCGS = {"06Q", "06T", "07G", "07H", "99E", "99F", "99G"}
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def shipped():
    return open_snapshot("shipped")


@pytest.fixture(scope="module")
def listed(shipped):
    """listed(name, as_at=None) -> rows of the sheet by promise."""
    made: dict = {}

    def work(name: str, as_at: date | None = None) -> dict[str, dict]:
        if (name, as_at) not in made:
            found = sheet(open_strategy(name), shipped, as_at, TODAY)
            made[name, as_at] = {r["row"]: r for r in rows.as_rows(found)}
        return made[name, as_at]

    return work


def _lines(path):
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as f:
        yield from csv.DictReader(f)


@pytest.fixture(scope="module")
def dashboard(shared) -> dict[tuple[str, str, str], str]:
    """(sheet, organisation, period) -> cell, from the dashboard in long form: the pack reads the workbook instead."""
    path = shared / "data" / "nhsmh_dashboard" / "nhsmh_dashboard_q4_2021_22_tidy.csv.gz"
    return {(r["sheet"], r["org_code"], r["period"]): r["value"] for r in _lines(path)}


@pytest.mark.parametrize("name", [SET, BEXLEY])
@pytest.mark.parametrize("as_at", [None, date(2019, 3, 31), date(2012, 1, 1)])
def test_every_row_has_an_honest_status(listed, name, as_at):
    found = listed(name, as_at)
    assert list(found) == [p.row for p in open_strategy(name).promises]
    for r in found.values():
        assert r["status"] in rules.STATUSES and r["reason"], r["row"]
        if r["status"] in rules.JUDGED:
            assert r["value"] is not None and r["target"] is not None and r["source"], r["row"]
        else:
            assert r["missing"], r["row"]


@pytest.mark.parametrize("name", [SET, BEXLEY])
def test_the_shipped_strategies_name_places_that_exist(shipped, name):
    path = open_strategy(name).path
    assert load_strategy(path, known_place=shipped.geography.knows).path == path


@pytest.mark.parametrize("as_at", [date(2017, 12, 31), date(2019, 3, 31), date(2021, 3, 31)])
def test_as_at_shows_no_later_figure(shipped, as_at):
    found = sheet(open_strategy(SET), shipped, as_at)
    for promise in found.promises:
        for bound in promise.measures:
            for place in bound.places:
                assert all(a.period.end <= as_at for a in place.weighed.series.answers if not a.is_missing)
    assert found.figures_to <= as_at


def test_psychosis_as_at_march_2019(listed, shared):
    treated = all_of = 0
    for line in _lines(next((shared / "data" / "eip").glob("*.csv.gz"))):
        _, m, year = line["Date"].split("/")
        inside = (2018, 4) <= (int(year), int(m)) <= (2019, 3)
        if inside and line["Org_Code"] in SET_CCGS and line["Description"] == "EIP pathways completed this month":
            treated += int(line["Gt_0_1_Weeks"]) + int(line["Gt_1_2_Weeks"])
            all_of += int(line["Total_Pathways"])
    found = listed(SET, date(2019, 3, 31))["E14"]
    assert (found["numerator"], found["denominator"]) == (treated, all_of)
    assert found["status"] == "kept"


def test_psychosis_today_is_judged_area_by_area(listed, dashboard):
    found = listed(SET)["E14"]
    for place in found["places"]:
        cell = dashboard["EIP(i)", place["place_code"], "Q4 2021/22"]
        if cell == "*":
            assert place["value"] is None and place["status"] == "cannot_tell"
        else:
            assert place["value"] == pytest.approx(float(cell))


def test_out_of_area_bed_days_of_the_last_year(listed, dashboard):
    cells = [dashboard["CR(iii_a)", ccg, f"Q{q} 2021/22"] for ccg in SET_CCGS for q in (1, 2, 3, 4)]
    found = listed(SET)["E32"]
    assert found["value"] == sum(map(float, cells))
    assert (found["status"], found["target"]) == ("not_kept", 0)


def test_the_investment_standard_is_met_everywhere(listed, dashboard):
    assert {dashboard["MHF(iii)", ccg, "2021/22"] for ccg in SET_CCGS} == {"Y"}
    assert listed(SET)["E26"]["status"] == "kept"


def test_detention_of_black_people_in_south_east_london(listed, shared):
    rate = {
        line["DemographicBreakdown"]: float(line["CrudeRate"])
        for line in _lines(next((shared / "data" / "mha_statistics").glob("*.csv.gz")))
        if (line["Measure"], line["OrgID"], line["Demographic"]) == ("All detentions", "QKK", "Ethnicity") and line["CrudeRate"]
    }
    found = listed(BEXLEY)["B04"]
    assert found["value"] == pytest.approx(rate["Black or Black British"] / rate["White"])
    assert (found["status"], found["place_code"]) == ("not_kept", "QKK")


def test_recovery_at_bexleys_own_service(listed, shared):
    sql = """select measure_name, value from read_parquet(?) where org_code = 'AME01' and variable_type = 'Total'
             and reporting_period = '2024-25' and measure_statistic = 'count' and measure_name in ('recovery', 'at_caseness')"""
    path = shared / "data" / "talking_therapies" / "measures_annual.parquet"
    counts = dict(duckdb.execute(sql, [str(path)]).fetchall())
    found = listed(BEXLEY)["B10"]
    assert (found["numerator"], found["denominator"]) == (int(counts["recovery"]), int(counts["at_caseness"]))
    assert found["status"] in ("kept", "on_course")


def test_promises_of_later_faces_say_so(listed):
    found = listed(SET)
    assert {found[r]["status"] for r in ("E01", "E02", "E04", "E22", "E25", "E30", "E31", "E34", "E36", "E37")} == {"not_yet"}
    assert found["E18"]["status"] == "cannot_tell" and "Home Office" in found["E18"]["missing"][0]
