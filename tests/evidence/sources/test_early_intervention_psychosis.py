"""Early Intervention in Psychosis waiting times: sums over providers and CCGs, months without pathways, the three shifted rows."""

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

from esteem.evidence.sources.early_intervention_psychosis import SOURCE
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

PUBLISHED = "data/eip/EIP-Timeseries-History-File-December-2015-to-September-2019-1.csv.gz"
FIXTURE = FIXTURES / "early_intervention_psychosis" / "history.csv"
COMPLETED, INCOMPLETE = "eip_history.completed", "eip_history.incomplete"


@pytest.fixture(scope="module")
def small():
    return tidied(SOURCE, FIXTURE)


@pytest.fixture(scope="module")
def whole(shared):
    return tidied(SOURCE, shared / PUBLISHED)


def test_share_within_two_weeks_carries_its_counts(small):
    found = cell(small, series=INCOMPLETE, place="99G", period_start=date(2018, 9, 1))
    assert (found["value"], found["numerator"], found["denominator"]) == (1.0, 3, 3)
    assert found["period_end"] == date(2018, 9, 30)
    assert found["period_kind"] == "month"
    bexley = cell(small, series=COMPLETED, place="07N", period_start=date(2017, 1, 1))
    assert (bexley["numerator"], bexley["denominator"]) == (2, 3)
    assert bexley["vintage"] == "2016-04"


def test_a_month_without_pathways_has_no_share_and_a_reason(small):
    empty = [c for c in cells(small, series=COMPLETED) if c["denominator"] == 0]
    assert all(c["value"] is None and "too_few" in c["flags"] for c in empty)


def test_shifted_rows_are_quarantined_and_their_sums_have_no_value(small):
    assert [r.column for r in small.rejected] == ["Total_Pathways"] * 3
    assert "bands add to 14, total 24" in small.rejected[0].found
    for place in ("06F", "06P", "07T", "RWK", ENGLAND):
        found = cell(small, series=INCOMPLETE, place=place, period_start=date(2019, 7, 1))
        assert found["value"] is None
        assert "missing_part" in found["flags"]


def test_every_series_says_what_it_holds(small):
    assert every_series_is_described(small)


def test_england_september_2019_as_the_guide_says(whole):
    found = cell(whole, series=COMPLETED, place=ENGLAND, period_start=date(2019, 9, 1))
    assert (found["numerator"], found["denominator"]) == (833, 1053)
    assert found["value"] == pytest.approx(833 / 1053)
    assert set(found["flags"].split()) == {"exact", "pooled"}


def test_ccgs_and_england_equal_sums_read_straight_from_the_file(whole, shared):
    rows = published_rows(shared / PUBLISHED)
    rows = [r for r in rows if r["Description"] == "EIP pathways completed this month"]
    for code in ("99G", "07G", "07N", "06Q"):
        mine = [r for r in rows if r["Org_Code"] == code]
        found = [c for c in cells(whole, series=COMPLETED, place=code) if c["denominator"] is not None]
        assert sum(c["denominator"] for c in found) == sum(int(r["Total_Pathways"]) for r in mine)
        assert sum(c["numerator"] for c in found) == sum(int(r["Gt_0_1_Weeks"]) + int(r["Gt_1_2_Weeks"]) for r in mine)
    assert len(cells(whole, series=COMPLETED, place=ENGLAND)) == 46


def test_a_ccg_is_summed_over_distant_providers_and_names_their_rows(whole):
    several = [c for c in cells(whole, series=COMPLETED, place="99G") if "pooled" in c["flags"]]
    assert several
    assert all(c["source_row"].startswith("rows ") for c in several)


def test_the_published_totals_agree(shared):
    assert failed_checks(SOURCE, shared / PUBLISHED) == []


def test_the_fixtures_totals_agree():
    assert failed_checks(SOURCE, FIXTURE) == []


def test_a_repeated_row_counts_once(tmp_path):
    lines = FIXTURE.read_bytes().decode().splitlines(keepends=True)
    path = tmp_path / "twice.csv"
    path.write_text("".join([*lines, lines[1]]), newline="")
    found = tidied(SOURCE, path)
    assert [r.kind for r in found.rejected].count("repeated") == 1
    assert cells(found, place=ENGLAND) == cells(tidied(SOURCE, FIXTURE), place=ENGLAND)


def test_rows_that_contradict_each_other_are_both_left_out(tmp_path):
    lines = FIXTURE.read_bytes().decode().splitlines(keepends=True)
    first = next(x for x in lines if x.startswith("01/01/2017") and ",07N," in x and "completed" in x)
    path = tmp_path / "contradiction.csv"
    path.write_text("".join([*lines, first.rstrip("\r\n")[:-1] + "4\r\n"]), newline="")
    found = tidied(SOURCE, path)
    bexley = cell(found, series=COMPLETED, place="07N", period_start=date(2017, 1, 1))
    assert bexley["value"] is None
    assert "missing_part" in bexley["flags"]
    assert sum("different figures" in r.rule for r in found.rejected) == 2


def test_a_count_as_text_is_reported_where_it_stands(tmp_path):
    raw = changed(tmp_path, FIXTURE, "2,7,2,0,0,0", "two,7,2,0,0,0")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert ("'two'", "Gt_0_1_Weeks", "unreadable") in [(r.found, r.column, r.kind) for r in found.rejected]


@pytest.mark.parametrize(
    "old, new, code",
    [("EIP pathways completed this month", "EIP pathways finished", "label-unknown"), ("01/09/2018", "Sept 18", "date-form")],
)
def test_unknown_words_stop_the_load_with_file_and_row(tmp_path, old, new, code):
    raw = changed(tmp_path, FIXTURE, old, new)
    with pytest.raises(Problem) as problem:
        SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert (problem.value.code, problem.value.file) == (code, raw.name)
    assert problem.value.row >= 2


def test_a_changed_header_is_near_and_not_recognised(tmp_path):
    raw = changed(tmp_path, FIXTURE, "Total_Pathways", "Pathways")
    assert SOURCE.recognise(raw) is None
    assert "missing Total_Pathways" in SOURCE.near(raw).found


def test_the_same_figures_come_from_utf16(tmp_path, small):
    path = tmp_path / "utf16.csv"
    path.write_bytes(FIXTURE.read_bytes().decode().encode("utf-16"))
    assert tidied(SOURCE, path).observations == small.observations
