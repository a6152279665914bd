"""People in contact at the end of the month, England."""

from datetime import date

from tests.evidence.sources.published import FIXTURES, canonical, cell, changed, every_series_is_described, failed_checks, tidied

from esteem.evidence.sources.contract import RawFile
from esteem.evidence.sources.mhsds_time_series import SOURCE

FIXTURE = FIXTURES / "mhsds_time_series" / "england.csv"


def test_month_end_dates_become_months():
    found = tidied(SOURCE, FIXTURE)
    first = cell(found, period_start=date(2016, 4, 1))
    assert (first["value"], first["period_end"], first["flags"], first["source_row"]) == (1168537, date(2016, 4, 30), "exact", "row 2")
    assert every_series_is_described(found)
    assert failed_checks(SOURCE, FIXTURE) == []


def test_a_missing_month_is_noticed(tmp_path):
    raw = changed(tmp_path, FIXTURE, "2016-06-30", "2016-05-31")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert [c.passed for c in SOURCE.expect(found, raw)] == [False]
    assert {r.kind for r in found.rejected} == {"contradictory"}


def test_another_measure_is_another_file(tmp_path):
    raw = changed(tmp_path, FIXTURE, "People in contact with services", "Open referrals")
    assert SOURCE.recognise(raw) is None


def test_a_longer_series_outranks_a_shorter_one(tmp_path):
    longer = RawFile(FIXTURE)
    shorter = tmp_path / "shorter.csv"
    shorter.write_text("".join(FIXTURE.read_text().splitlines(keepends=True)[:-3]))
    assert SOURCE.recognise(longer).rank > SOURCE.recognise(RawFile(shorter)).rank


def test_the_published_series(shared):
    path = shared / "data" / "mhsds_timeseries" / "england_mental_health_performance.csv"
    found = tidied(SOURCE, path)
    assert found.rows_kept == 97
    assert cell(found, period_start=date(2024, 4, 1))["value"] == 1905302
    assert failed_checks(SOURCE, path) == []
