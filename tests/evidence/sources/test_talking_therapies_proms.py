"""Talking Therapies patient-reported outcomes and therapy positions: scores by therapy, nothing added over therapies."""

import duckdb
import pyarrow as pa
import pytest
from tests.evidence.sources.published import canonical, cell, cells, every_series_is_described, failed_checks
from tests.evidence.sources.talking_therapies_parquet import written, year

from esteem.evidence.sources import talking_therapies_position as position
from esteem.evidence.sources.contract import RawFile, silent
from esteem.evidence.sources.talking_therapies_annual import COLUMNS as ANNUAL_COLUMNS
from esteem.evidence.sources.talking_therapies_annual import SOURCE as ANNUAL
from esteem.evidence.sources.talking_therapies_proms import COLUMNS, SOURCE
from esteem.terms.places import ENGLAND

PUBLISHED = "data/talking_therapies/proms_annual.parquet"
POSITIONS = "data/talking_therapies/therapy_position_annual.parquet"
AME01 = ("Provider", "AME01", "MIND IN BEXLEY (HQ)")
BOOK = "Guided Self Help (Book)"


def row(org, problem, therapy, measure, statistic, time, value):
    return (*year("2024-25"), *org, "PROMs", problem, therapy, measure, statistic, time, value)


ROWS = [
    row(AME01, "Total", BOOK, "phq", "mean", "start", 13.5),
    row(AME01, "Total", BOOK, "phq", "mean", "end", 9.1),
    row(AME01, "Total", BOOK, "phq", "effect_size", None, 0.7),
    row(AME01, "Total", BOOK, "ther_recovery", "count", None, 325.0),
    row(AME01, "Total", BOOK, "ther_recovery", "percentage", None, 45.0),
    row(AME01, "Depression", BOOK, "phq", "mean", "start", 15.0),
    row(AME01, "Total", "Mindfulness", "phq", "mean", "start", None),
    row(("England", "All", "All"), "Total", BOOK, "phq", "mean", "start", 13.5),
    row(("SubICB", "UNKNOWN", "UNKNOWN"), "Total", BOOK, "phq", "mean", "start", 12.0),
]


def tidy(source, raw):
    edition = source.recognise(raw)
    assert edition is not None
    return source.tidy(raw, edition, canonical, silent)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return tidy(SOURCE, written(tmp_path_factory.mktemp("proms") / "proms.parquet", COLUMNS, ROWS, pa.float64()))


@pytest.fixture(scope="module")
def whole(shared):
    return tidy(SOURCE, RawFile(shared / PUBLISHED))


def test_scores_have_measure_statistic_and_time(small):
    start = cell(small, series="tt_proms.phq.mean.start", place="AME01")
    assert (start["value"], start["breakdown"], start["category"], start["flags"]) == (13.5, "therapy", BOOK, "rounded")
    assert cell(small, series="tt_proms.phq.mean.end", place="AME01")["value"] == 9.1
    assert cell(small, series="tt_proms.phq.effect_size", place="AME01")["value"] == 0.7
    assert cell(small, series="tt_proms.recovery.count", place="AME01")["value"] == 325
    assert cell(small, place=ENGLAND)["flags"] == "exact"


def test_no_figure_for_all_therapies_is_made_up(small):
    assert cells(small, breakdown="all") == []


def test_every_row_is_kept_or_counted(small):
    assert small.rows_kept + sum(int(note.split()[0]) for note in small.notes) == small.rows_read == len(ROWS)


@pytest.mark.parametrize("measure, statistic, time, value", [("phq", "mean", "start", 28.0), ("ther_recovery", "count", None, -5.0)])
def test_impossible_values_go_to_quarantine(tmp_path, measure, statistic, time, value):
    bad = row(AME01, "Total", BOOK, measure, statistic, time, value)
    found = tidy(SOURCE, written(tmp_path / "p.parquet", COLUMNS, [bad], pa.float64()))
    assert (len(found.observations), [r.row for r in found.rejected]) == (0, ["row 1"])


def test_the_same_cell_twice_is_quarantined(tmp_path):
    found = tidy(SOURCE, written(tmp_path / "p.parquet", COLUMNS, [ROWS[0], (*ROWS[0][:-1], 14.0)], pa.float64()))
    assert len(found.observations) == 0
    assert "13.5" in found.rejected[0].found
    assert "14.0" in found.rejected[0].found


def test_the_annual_measures_are_another_source(tmp_path):
    raw = written(tmp_path / "p.parquet", COLUMNS, ROWS, pa.float64())
    assert ANNUAL.recognise(raw) is None
    assert position.SOURCE.recognise(raw) is None


def test_published_facts(whole, shared):
    first = cell(whole, series="tt_proms.phq.mean.start", place="AME01", category=BOOK, period_start=year("2024-25")[1])
    last = cell(whole, series="tt_proms.phq.mean.end", place="AME01", category=BOOK, period_start=year("2024-25")[1])
    assert (first["value"], last["value"]) == (13.5, 9.1)
    assert every_series_is_described(whole)
    assert [c for c in SOURCE.expect(whole, RawFile(shared / PUBLISHED)) if not c.passed] == []
    assert whole.rows_kept + sum(int(note.split()[0].replace(",", "")) for note in whole.notes) == whole.rows_read == 9260636


def test_england_has_every_figure_of_the_file(whole, shared):
    total = duckdb.execute(
        f"""select count(value), sum(value) from '{shared / PUBLISHED}'
        where org_type = 'England' and variable_a = 'Total' and measure_statistic <> 'percentage'"""
    ).fetchone()
    england = cells(whole, place=ENGLAND)
    assert (len(england), sum(c["value"] for c in england)) == (total[0], pytest.approx(total[1]))


POSITION_ROWS = [
    (*year("2024-25"), "England", "All", "All", "therapy_type", therapy, "NA", measure, "count", value)
    for therapy, measure, value in (
        *(("20_guided_self_help_book", "position_2", 5373.0), ("50_cognitive_behavioural_therapy", "position_2", 4627.0)),
        *(("total", "position_2", 5000.0),),
    )
]


def test_positions_keep_the_published_total_apart(tmp_path):
    raw = written(tmp_path / "t.parquet", ANNUAL_COLUMNS, POSITION_ROWS, pa.float64())
    assert ANNUAL.recognise(raw) is None
    found = tidy(position.SOURCE, raw)
    assert cell(found, breakdown="all")["value"] == 5000
    assert cell(found, category="Guided self help book")["value"] == 5373
    assert cell(found, category="Cognitive behaviour therapy")["value"] == 4627
    assert all(c.passed for c in position.SOURCE.expect(found, raw))


def test_published_positions_agree(shared):
    found = tidy(position.SOURCE, RawFile(shared / POSITIONS))
    book = cell(found, series="tt_position.position_1", category="Guided self help book", period_start=year("2024-25")[1])
    assert book["value"] == 898738
    assert failed_checks(position.SOURCE, shared / POSITIONS) == []
    assert found.rows_kept == 404
