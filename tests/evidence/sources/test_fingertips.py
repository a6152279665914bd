"""Fingertips: two headers, shares as fractions, `NA` never a zero, figures by sex."""

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
from esteem.evidence.sources.fingertips import SOURCE
from esteem.terms.places import ENGLAND

FOLDER = FIXTURES / "fingertips"
FILES = sorted(FOLDER.glob("*.csv"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_fixtures_read_whole(path):
    found = tidied(SOURCE, path)
    assert not failed_checks(SOURCE, path)
    assert every_series_is_described(found)
    assert found.rows_kept == found.rows_read == len(published_rows(path))


@pytest.mark.parametrize(
    ("place", "value"), [("E06000033", 246.7), ("E09000004", 360), ("E10000012", 294.5), ("E06000034", 217.8), (ENGLAND, 370)]
)
def test_deaths_in_severe_mental_illness(place, value):
    found = cell(tidied(SOURCE, FOLDER / "smi.csv"), place=place, period_start=date(2014, 4, 1))
    assert (found["series"], found["value"], found["period_kind"]) == ("fingertips.smi_mortality", value, "financial_year")


def test_not_available_is_no_zero():
    found = [r for r in cells(tidied(SOURCE, FOLDER / "smi.csv"), place="E47000001") if r["period_start"].year < 2011]
    assert [(r["value"], r["flags"]) for r in found] == [(None, "not_collected")] * 2


def test_shares_are_fractions():
    found = cell(tidied(SOURCE, FOLDER / "depression.csv"), place="E09000004", period_start=date(2024, 4, 1))
    assert found["value"] == 0.124


def test_persons_stand_apart_from_women_and_men():
    found = cells(tidied(SOURCE, FOLDER / "preventable.csv"), place="E09000004", period_start=date(2024, 1, 1))
    assert {(r["breakdown"], r["category"]) for r in found} == {("all", "All"), ("sex", "Female"), ("sex", "Male")}
    assert next(r["value"] for r in found if r["breakdown"] == "all") == 134.5


def test_an_impossible_share_is_set_aside(tmp_path):
    raw = changed(tmp_path, FOLDER / "depression.csv", "12.4,", "1240,")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert [(r.column, r.found, r.kind) for r in found.rejected] == [("value", "1240", "quarantine")]
    assert found.rows_kept == found.rows_read - 1


def test_a_later_extract_outranks_an_earlier_one(tmp_path):
    later = changed(tmp_path, FOLDER / "smi.csv", "2014/15", "2015/16")
    assert SOURCE.recognise(later).rank > SOURCE.recognise(RawFile(FOLDER / "smi.csv")).rank
    assert SOURCE.recognise(later).covers == SOURCE.recognise(RawFile(FOLDER / "smi.csv")).covers


def test_an_indicator_that_is_new_to_esteem_gets_a_series(tmp_path):
    raw = changed(tmp_path, FOLDER / "self_harm.csv", "Emergency Hospital Admissions for Intentional Self-Harm", "Falls in older people")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert [(s.id, s.unit) for s in found.series] == [("fingertips.falls_in_older_people", "rate_per_100000")]


def test_every_published_figure_is_there(shared):
    for path in sorted((shared / "data" / "fingertips").iterdir()):
        rows, found = published_rows(path), tidied(SOURCE, path)
        assert not failed_checks(SOURCE, path), path.name
        assert not found.rejected
        numbers = [float(r["value"]) for r in rows if r["value"] != "NA"]
        unit = found.series[0].multiplier
        values = [v for v in found.observations["value"].to_pylist() if v is not None]
        assert len(values) == len(numbers)
        assert sum(values) == pytest.approx(sum(numbers) * unit)
