"""ONS local statistics: published limits, statuses, shares as fractions, councils that had ended."""

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

from esteem.evidence.sources.contract import RawFile, silent
from esteem.evidence.sources.ons_local_statistics import SOURCE, slug
from esteem.terms import flags
from esteem.terms.problems import Problem

FOLDER = FIXTURES / "ons_local_statistics"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda p: p.stem)
def test_fixtures_read_whole(path):
    found = tidied(SOURCE, path)
    assert not failed_checks(SOURCE, path)
    assert every_series_is_described(found)


def test_a_figure_with_its_published_limits():
    found = tidied(SOURCE, FOLDER / "personal_wellbeing.csv")
    anxious = cell(found, series="ons_local.anxiety", place="E06000033", period_start=date(2022, 4, 1))
    assert (anxious["value"], anxious["lower"], anxious["upper"]) == (3.24, 2.9, 3.57)
    satisfied = cell(found, series="ons_local.satisfaction", place="E09000004", period_start=date(2016, 4, 1))
    assert (satisfied["value"], satisfied["lower"], satisfied["upper"]) == (7.45, 7.26, 7.65)


def test_per_cents_become_fractions():
    found = tidied(SOURCE, FOLDER / "employment_rate.csv")
    southend = cell(found, series="ons_local.employment_rate", place="E06000033", period_start=date(2020, 1, 1))
    assert (southend["value"], southend["lower"], southend["upper"]) == (0.789, 0.759, 0.819)


def test_unreliable_is_said_and_has_no_value():
    found = cells(tidied(SOURCE, FOLDER / "employment_rate.csv"), flags=flags.UNRELIABLE)
    assert found
    assert all(r["value"] is None for r in found)


def test_five_year_pools_say_that_they_overlap():
    found = tidied(SOURCE, FOLDER / "cigarette_smokers.csv")
    assert cell(found, place="E09000004", period_start=date(2020, 1, 1))["period_kind"] == "five_years"
    assert any("overlap" in note for note in found.series[0].notes)


def test_areas_outside_england_are_counted():
    assert any("outside England" in note for note in tidied(SOURCE, FOLDER / "personal_wellbeing.csv").notes)


def test_a_figure_for_a_council_that_had_ended_is_set_aside():
    found = tidied(SOURCE, FOLDER / "sports_facilities.csv")
    late = [r for r in found.rejected if "E07000026" in r.found]
    assert len(late) == 1
    assert "Cumberland" in late[0].rule


def test_a_recoded_council_is_the_same_council():
    raw = RawFile(FOLDER / "employment_rate.csv")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), lambda c: {"E09000004": "E06000033"}.get(c, c), silent)
    assert not cells(found, place="E09000004")


def test_definitions_are_read_from_the_json():
    found = tidied(SOURCE, FOLDER / "personal-wellbeing-estimates.json")
    rows = {r["series"]: r for r in found.tables["indicator_definitions"].to_pylist()}
    assert rows["ons_local.satisfaction"]["label"] == "Life satisfaction"
    assert rows["ons_local.satisfaction"]["published"] == "2023-11-07"
    flat = tidied(SOURCE, FOLDER / "cigarette-smokers.json").tables["indicator_definitions"].to_pylist()
    assert [r["status"] for r in flat] == ["official statistics in development"]


def test_a_json_file_cut_short_is_said(tmp_path):
    path = tmp_path / "short.json"
    path.write_text((FOLDER / "cigarette-smokers.json").read_text()[:-40])
    with pytest.raises(Problem, match="JSON"):
        SOURCE.recognise(RawFile(path))


@pytest.mark.parametrize(("old", "new", "column"), [(",78.9,", ",789,", "observation"), (",78.9,", ",-1,", "observation")])
def test_an_impossible_figure_is_set_aside(tmp_path, old, new, column):
    raw = changed(tmp_path, FOLDER / "employment_rate.csv", old, new)
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert column in {r.column for r in found.rejected}


def test_an_unknown_unit_is_set_aside(tmp_path):
    raw = changed(tmp_path, FOLDER / "cigarette_smokers.csv", "Percentage,%", "Percentage,per mille")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert len(found.observations) == 0
    assert all(r.column == "unit" for r in found.rejected)


def test_names_of_series():
    assert slug("Claimant Count") == "claimant_count"
    assert slug("Male healthy life expectancy") == "male_healthy_life_expectancy"


def test_every_english_figure_is_there(shared):
    for path in sorted((shared / "data" / "ons_local").glob("*.csv*")):
        rows = [r for r in published_rows(path) if r["areacd"].startswith("E")]
        found = tidied(SOURCE, path)
        assert not failed_checks(SOURCE, path), path.name
        set_aside = len(found.rejected)
        assert len(found.observations) == len(rows) - set_aside, path.name
        given = sum(bool(r["observation"]) for r in rows)
        assert given - set_aside <= sum(v is not None for v in found.observations["value"].to_pylist()) <= given


def test_every_definition_is_there(shared):
    for path in sorted((shared / "data" / "ons_local").glob("*.json")):
        assert all(r["definition"] for r in tidied(SOURCE, path).tables["indicator_definitions"].to_pylist()), path.name
