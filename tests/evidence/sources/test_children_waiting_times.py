"""Waits of children and young people: counts and shares, exact England, negative averages, the unknown area that stands three times."""

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

from esteem.evidence.sources.children_waiting_times import SOURCE
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

PUBLISHED = "data/cyp_waits/cyp_second_contact_waits_2019_20_to_2021_22.csv.gz"
FIXTURE = FIXTURES / "children_waiting_times" / "waits.csv"
PEOPLE = "cyp_waits.all.people"
YEAR = {"period_start": date(2021, 4, 1), "period_end": date(2022, 3, 31)}


@pytest.fixture(scope="module")
def small():
    return tidied(SOURCE, FIXTURE)


@pytest.fixture(scope="module")
def whole(shared):
    return tidied(SOURCE, shared / PUBLISHED)


@pytest.mark.parametrize("place, total, wait, within, share", [("99G", 2035, 20, 750, 0.36), ("72Q", 17615, 31, 4235, 0.24)])
def test_rows_quoted_in_the_guide(small, place, total, wait, within, share):
    assert cell(small, series=f"{PEOPLE}.total", place=place, **YEAR)["value"] == total
    assert cell(small, series=f"{PEOPLE}.average_wait", place=place, **YEAR)["value"] == wait
    assert cell(small, series=f"{PEOPLE}.within_4_weeks", place=place, **YEAR)["value"] == within
    found = cell(small, series=f"{PEOPLE}.within_4_weeks_share", place=place, **YEAR)
    assert (found["value"], found["numerator"], found["denominator"]) == (pytest.approx(share), within, total)
    assert found["vintage"] == "2021-04"


def test_bexley_has_its_own_row_in_the_first_year_only(small):
    found = cells(small, series=f"{PEOPLE}.total", place="07N")
    assert [(c["period_start"].year, c["value"]) for c in found] == [(2019, 2360)]
    assert cell(small, series=f"{PEOPLE}.average_wait", place="07N")["value"] == 62


def test_suppressed_counts_are_never_zero(small):
    found = cell(small, series=f"{PEOPLE}.contacts_before_referral", place="99G", **YEAR)
    assert (found["value"], found["flags"]) == (None, "suppressed")


def test_negative_waits_are_quarantined(small, whole):
    for found, tables in ((small, ["5c"]), (whole, ["5c", "6c"])):
        assert (
            min(c["value"] for c in cells(found, series="cyp_waits.learning_disability.people.average_wait") if c["value"] is not None) >= 0
        )
        southend = [r.found for r in found.rejected if "not negative" in r.rule and r.found.startswith("99G")]
        assert [f"table {t}," in text for t, text in zip(tables, southend, strict=True)] == [True] * len(tables)


def test_the_unknown_area_is_kept_once(small):
    assert len(cells(small, series=f"{PEOPLE}.total", place="UNKNOWN", **YEAR)) == 1
    assert {r.kind for r in small.rejected if "stands once" in r.rule} == {"repeated"}


def test_england_is_exact_and_equal_to_the_file(whole, shared):
    rows = [r for r in published_rows(shared / PUBLISHED) if r["org_code"] == "England" and r["table"] == "1b"]
    assert len(rows) == 3
    for row in rows:
        start = date(int(row["year"][:4]), 4, 1)
        found = cell(whole, series="cyp_waits.mental_health.people.total", place=ENGLAND, period_start=start, period_kind="financial_year")
        assert (found["value"], found["flags"]) == (float(row["total"]), "exact")


def test_the_published_totals_agree(shared):
    assert failed_checks(SOURCE, shared / PUBLISHED) == []


def test_the_fixtures_totals_agree_and_series_are_described(small):
    assert failed_checks(SOURCE, FIXTURE) == []
    assert every_series_is_described(small)


@pytest.mark.parametrize(
    "old, new, code", [("All services", "Other services", "label-unknown"), ("April 2021 - March 2022", "last year", "period-form")]
)
def test_unknown_words_stop_the_load(tmp_path, old, new, code):
    raw = changed(tmp_path, FIXTURE, old, new)
    with pytest.raises(Problem) as problem:
        SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert problem.value.code == code


def test_a_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "cut.csv"
    path.write_bytes(FIXTURE.read_bytes()[:-60])
    with pytest.raises(Problem, match="file-cut-short"):
        tidied(SOURCE, path)
