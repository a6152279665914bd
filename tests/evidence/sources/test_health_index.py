"""ONS Health Index: repeats of earlier years marked as the guide lists them, suicides over three years, two layouts."""

from datetime import date

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

from esteem.evidence.sources.contract import RawFile
from esteem.evidence.sources.health_index import SOURCE, snake_name

LONG = FIXTURES / "health_index" / "indicators.csv"
WIDE = FIXTURES / "health_index" / "aggregated_2018.csv"
PUBLISHED = "data/health_index/england_health_index_indicators.csv.gz"


@pytest.fixture(scope="module")
def small():
    return tidied(SOURCE, LONG)


def test_suicide_rates_cover_three_years(small):
    found = cell(small, series="health_index.suicides", place="E06000033", period_end=date(2021, 12, 31))
    assert (found["value"], found["period_start"], found["period_kind"], found["flags"]) == (12.1, date(2019, 1, 1), "three_years", "")
    assert cell(small, series="health_index.suicides", place="E09000004", period_end=date(2021, 12, 31))["value"] == 7.2


@pytest.mark.parametrize(
    "indicator, years",
    [
        ("suicides", []),
        ("life_satisfaction", []),
        ("childrens_social_emotional_and_mental_health", []),
        ("mental_health_conditions", [2016, 2017, 2018]),
        ("self_harm", [2021]),
        ("healthy_eating", [2016, 2021]),
        ("child_poverty", [2020, 2021]),
        ("private_outdoor_space", [2016, 2017, 2018, 2019, 2020, 2021]),
    ],
)
def test_carried_forward_values_are_marked(small, indicator, years):
    marked = [c for c in cells(small, series=f"health_index.{indicator}", place="E06000033") if c["flags"]]
    assert {c["flags"] for c in marked} <= {"carried_forward"}
    assert sorted(c["period_end"].year for c in marked) == years


def test_a_quoted_name_with_commas_is_one_indicator(small):
    assert snake_name("Children's social, emotional and mental health") == "childrens_social_emotional_and_mental_health"
    assert every_series_is_described(small)


def test_the_wide_layout_keeps_essex_county():
    found = tidied(SOURCE, WIDE)
    essex = cell(found, series="health_index_2018.suicide", place="E10000012")
    row = next(r for r in published_rows(WIDE) if r["Area code"] == "E10000012")
    assert (essex["value"], essex["period_end"]) == (float(row["suicide"]), date(2018, 12, 31))
    assert essex["source_row"].endswith("column suicide")
    assert any("Li.2.1.n" in note for note in found.notes)
    assert {s.id for s in found.series} >= {"health_index_2018.self_harm", "health_index_2018.srwb_anx"}


def test_a_repeat_that_does_not_repeat_fails_its_check(tmp_path):
    rows = [r for r in published_rows(LONG) if r["indicator"] == "Self-harm" and r["year"] == "2021.0" and r["ltla21_code"] == "E06000033"]
    raw = changed(tmp_path, LONG, f"E06000033,2021.0,Self-harm,{rows[0]['value']}", "E06000033,2021.0,Self-harm,1")
    assert [c.name for c in failed_checks(SOURCE, raw.path)] == ["Values marked as carried forward repeat the year before"]


@pytest.mark.parametrize("new, kind, flags", [("*", None, "suppressed"), ("NA", None, "not_collected"), ("high", "unreadable", "unknown")])
def test_marks_and_words(tmp_path, new, kind, flags):
    raw = changed(tmp_path, LONG, "E06000033,2021.0,Suicides,12.1", f"E06000033,2021.0,Suicides,{new}")
    found = tidied(SOURCE, raw.path)
    suicides = cell(found, series="health_index.suicides", place="E06000033", period_end=date(2021, 12, 31))
    assert (suicides["value"], suicides["flags"]) == (None, flags)
    assert {r.kind for r in found.rejected} == ({kind} if kind else set())


def test_a_year_that_is_none_is_reported(tmp_path):
    raw = changed(tmp_path, LONG, "E06000033,2021.0,Suicides", "E06000033,MMXV,Suicides")
    assert [(r.column, r.kind) for r in tidied(SOURCE, raw.path).rejected] == [("year", "unreadable")]


def test_a_changed_header_is_near(tmp_path):
    raw = changed(tmp_path, LONG, "ltla21_code,year", "ltla21_code,years")
    assert SOURCE.recognise(raw) is None
    assert "unknown years" in SOURCE.near(raw).found


def test_the_published_file(shared):
    found = tidied(SOURCE, shared / PUBLISHED)
    rows = published_rows(shared / PUBLISHED)
    assert found.rows_read == found.rows_kept == len(rows) == 120344
    wanted = {(r["indicator"], int(float(r["year"]))): float(r["value"]) for r in rows if r["ltla21_code"] == "E09000004"}
    titles = {s.id: s.published_as for s in found.series}
    given = {(titles[c["series"]], c["period_end"].year): c["value"] for c in cells(found, place="E09000004")}
    assert given == wanted
    assert len(found.series) == 56
    assert failed_checks(SOURCE, shared / PUBLISHED) == []


def test_the_published_wide_file(shared):
    path = shared / "data/health_index/England_all_geog_aggregated_2018.csv"
    found = tidied(SOURCE, path)
    assert found.rows_kept == 149
    assert failed_checks(SOURCE, path) == []
    southend = next(r for r in published_rows(path) if r["Area code"] == "E06000033")
    assert cell(found, series="health_index_2018.self_harm", place="E06000033")["value"] == float(southend["self_harm"])


def test_zero_bytes_are_nothing(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    assert SOURCE.recognise(RawFile(tmp_path / "empty.csv")) is None
