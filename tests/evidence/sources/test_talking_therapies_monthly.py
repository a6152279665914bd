"""The three monthly Talking Therapies layouts: 13-month table, tidied local files, national file with M numbers."""

import gzip
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
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

from esteem.evidence.sources import talking_therapies_monthly as national
from esteem.evidence.sources import talking_therapies_monthly_local as local
from esteem.evidence.sources import talking_therapies_monthly_series as series
from esteem.evidence.sources.contract import RawFile, silent
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

TABLE_1 = FIXTURES / "talking_therapies_monthly_series" / "table_1.csv"
SUB_ICB = FIXTURES / "talking_therapies_monthly_local" / "sub_icb.csv"
TRUST = FIXTURES / "talking_therapies_monthly_local" / "trust.csv"
NATIONAL = FIXTURES / "talking_therapies_monthly" / "activity_jul_2025_final.csv"
FOLDER = "data/talking_therapies"
FEBRUARY = date(2019, 2, 1)


# Thirteen months, Table 1


def test_a_ccg_month_is_read_with_its_units():
    found = tidied(series.SOURCE, TABLE_1)
    bexley = {c["series"].split(".")[1]: c["value"] for c in cells(found, place="07N", period_start=FEBRUARY)}
    assert (bexley["referrals_received"], bexley["finished_course_treatment"], bexley["recovery_rate"]) == (450, 110, 0.5)
    assert bexley["first_treatment_within_6_weeks"] == 0.98
    assert every_series_is_described(found)


def test_the_doubtful_month_is_kept_and_marked():
    found = tidied(series.SOURCE, TABLE_1)
    doubtful = cell(found, series="tt_monthly_series.recovery_rate", place="99G", period_start=FEBRUARY)
    assert (doubtful["value"], doubtful["flags"]) == (0.89, "outlier rounded")
    assert cell(found, series="tt_monthly_series.recovery_rate", place="99G", period_start=date(2019, 3, 1))["flags"] == "rounded"


def test_england_is_exact_and_suppressed_is_never_zero():
    found = tidied(series.SOURCE, TABLE_1)
    england = cell(found, series="tt_monthly_series.recovery_rate", place=ENGLAND, period_start=FEBRUARY)
    assert (england["value"], england["flags"]) == (0.536, "exact")
    hidden = cell(found, series="tt_monthly_series.recovery_rate", place="8J724", period_start=date(2019, 3, 1))
    assert (hidden["value"], hidden["flags"]) == (None, "suppressed")


def test_pairs_and_invalid_commissioners_are_counted_not_kept():
    found = tidied(series.SOURCE, TABLE_1)
    assert found.notes == ["8 rows not kept: one provider within one CCG.", "2 rows not kept: invalid commissioner code."]
    assert found.rows_read == 25 == found.rows_kept + 10
    assert "" not in {c["place"] for c in cells(found)}


def test_no_activity_is_not_zero(tmp_path):
    raw = changed(
        tmp_path,
        TABLE_1,
        "07N,NHS BEXLEY CCG,all,all Providers,CCG,2019-02-01,450,",
        "07N,NHS BEXLEY CCG,all,all Providers,CCG,2019-02-01,-,",
    )
    found = cell(tidied(series.SOURCE, raw.path), series="tt_monthly_series.referrals_received", place="07N", period_start=FEBRUARY)
    assert (found["value"], found["flags"]) == (None, "not_collected")


@pytest.mark.parametrize("new, kind", [("lots", "unreadable"), ("-3", "quarantine")])
def test_bad_cells_name_row_and_column(tmp_path, new, kind):
    raw = changed(tmp_path, TABLE_1, "CCG,2019-02-01,450,", f"CCG,2019-02-01,{new},")
    found = tidied(series.SOURCE, raw.path)
    assert [(r.row, r.column, r.kind) for r in found.rejected] == [("row 13", "Referrals Received", kind)]


def test_an_unknown_group_type_is_reported(tmp_path):
    raw = changed(tmp_path, TABLE_1, "all Providers,England,2019-02-01", "all Providers,Galaxy,2019-02-01")
    assert [r.column for r in tidied(series.SOURCE, raw.path).rejected] == ["Group Type"]


def test_published_table_1(shared):
    path = shared / FOLDER / "iapt_monthly_feb2019_feb2020.csv.gz"
    found = tidied(series.SOURCE, path)
    wanted = [r for r in published_rows(path) if r["CCG Code"] == "99G" and r["Group Type"] == "CCG"]
    assert len(wanted) == 13
    for row in wanted:
        month = date.fromisoformat(row["Month / Year"])
        assert cell(found, series="tt_monthly_series.first_treatment", place="99G", period_start=month)["value"] == float(
            row["First Treatment"]
        )
        rate = cell(found, series="tt_monthly_series.recovery_rate", place="99G", period_start=month)["value"]
        assert rate == pytest.approx(float(row["Recovery rate"]) / 100)
    assert failed_checks(series.SOURCE, path) == []
    assert found.rejected == []


# Tidied local files


def test_local_files_by_sub_icb_and_trust():
    by_area, by_trust = tidied(local.SOURCE, SUB_ICB), tidied(local.SOURCE, TRUST)
    thurrock = cell(by_area, series="tt_monthly_local.count_referrals_received", place="E38000185", period_start=date(2022, 7, 1))
    assert (thurrock["value"], thurrock["flags"], thurrock["vintage"]) == (430, "rounded", "2022-07")
    southend = cell(by_area, series="tt_monthly_local.percentage_recovery", place="E38000168", period_start=date(2022, 7, 1))
    assert southend["value"] == 0.51
    assert cell(by_trust, series="tt_monthly_local.count_referrals_received", place="R1L", period_start=date(2022, 5, 1))["value"] == 2005
    assert every_series_is_described(by_area)
    assert every_series_is_described(by_trust)


def test_the_two_local_files_do_not_compete():
    assert local.recognise(RawFile(SUB_ICB)).covers != local.recognise(RawFile(TRUST)).covers


def test_a_value_not_given_keeps_its_reason(tmp_path):
    raw = changed(tmp_path, TRUST, '"R1L","May 2022","Count_ReferralsReceived","2005"', '"R1L","May 2022","Count_ReferralsReceived",NA')
    found = cell(
        tidied(local.SOURCE, raw.path), series="tt_monthly_local.count_referrals_received", place="R1L", period_start=date(2022, 5, 1)
    )
    assert (found["value"], found["flags"]) == (None, "not_collected")


def test_a_date_that_is_no_month_stops_the_load(tmp_path):
    raw = changed(tmp_path, TRUST, "May 2022", "Monday")
    with pytest.raises(Problem, match="period-form") as problem:
        tidied(local.SOURCE, raw.path)
    assert (problem.value.file, problem.value.row, problem.value.column) == ("trust.csv", 2, "date")


@pytest.mark.parametrize(
    "name, geography, code", [("england_sicb_iapt", "sicbl22_code", "E38000168"), ("england_trust_iapt", "nhs_trust22_code", "RPG")]
)
def test_published_local_files(shared, name, geography, code):
    path = shared / FOLDER / f"{name}.csv.gz"
    found = tidied(local.SOURCE, path)
    rows = [r for r in published_rows(path) if r[geography] == code and r["name"] == "Count_FinishedCourseTreatment"]
    given = {
        c["period_start"].strftime("%B %Y"): c["value"]
        for c in cells(found, place=code, series="tt_monthly_local.count_finished_course_treatment")
    }
    assert given == {r["date"]: None if r["value"] == "NA" else float(r["value"]) for r in rows}
    assert failed_checks(local.SOURCE, path) == []


@pytest.mark.parametrize(
    "name, snake",
    [
        ("Count_ReferralsReceived", "count_referrals_received"),
        ("Percentage_AccessingServices18WeeksFinishedCourseTreatment", "percentage_accessing_services_18_weeks_finished_course_treatment"),
    ],
)
def test_names_become_snake_names(name, snake):
    assert local.snake_name(name) == snake


@given(st.lists(st.sampled_from(["Count", "Referrals", "Ended", "Mean", "Wait"]), min_size=1, max_size=5))
def test_every_word_of_a_name_stands_in_its_snake_name(words):
    assert local.snake_name("".join(words)).split("_") == [w.lower() for w in words]


# National monthly file


def test_the_national_file_by_m_number():
    found = tidied(national.SOURCE, NATIONAL)
    referrals = cell(found, series="tt_monthly.M001", place=ENGLAND)
    assert (referrals["value"], referrals["flags"], referrals["period_kind"]) == (150123, "exact", "month")
    assert cell(found, series="tt_monthly.M191", place="QKK")["value"] == 0.51
    assert cell(found, series="tt_monthly.M001", place="AME01")["flags"] == "suppressed"
    assert {s.id: s.unit for s in found.series} == {"tt_monthly.M001": "count", "tt_monthly.M034": "days", "tt_monthly.M191": "proportion"}
    assert failed_checks(national.SOURCE, NATIONAL) == []


def test_two_organisations_in_one_row_are_counted_not_kept():
    found = tidied(national.SOURCE, NATIONAL)
    assert found.notes == ["1 rows not kept: two organisations at once.", "1 rows not kept: area not known to the publisher."]
    assert found.rows_read == 9 == found.rows_kept + 2
    assert [(p.code, p.kind) for p in found.places] == [("AME01", "provider")]


def test_the_final_file_of_a_month_outranks_the_first(tmp_path):
    first = changed(tmp_path, NATIONAL, "150123", "150100", "activity_jul_2025.csv")
    assert national.recognise(first).covers == national.recognise(RawFile(NATIONAL)).covers == "2025-07"
    assert national.recognise(first).rank < national.recognise(RawFile(NATIONAL)).rank


def test_a_second_month_in_the_national_file_is_refused(tmp_path):
    raw = changed(tmp_path, NATIONAL, "01/07/2025,31/07/2025,Provider", "01/06/2025,30/06/2025,Provider")
    with pytest.raises(Problem, match="period-disagrees"):
        tidied(national.SOURCE, raw.path)


@pytest.mark.parametrize("start, end", [("2025-07-01", "2025-07-31"), ("01-07-2025", "31-07-2025"), ("01/07/25", "31/07/25")])
def test_other_forms_of_dates(tmp_path, start, end):
    raw = changed(tmp_path, NATIONAL, "01/07/2025,31/07/2025", f"{start},{end}")
    assert {c["period_end"] for c in cells(tidied(national.SOURCE, raw.path))} == {date(2025, 7, 31)}


# All three


@pytest.mark.parametrize("source, path", [(series.SOURCE, TABLE_1), (local.SOURCE, SUB_ICB), (national.SOURCE, NATIONAL)])
class TestEveryLayout:
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_encodings_and_gzip_give_the_same(self, tmp_path, source, path, encoding):
        copy = tmp_path / f"{path.stem}.csv.gz"
        copy.write_bytes(gzip.compress(path.read_text().encode(encoding)))
        assert tidied(source, copy).observations == tidied(source, path).observations

    def test_a_repeated_row_is_kept_once(self, tmp_path, source, path):
        lines = path.read_text().splitlines()
        copy = tmp_path / path.name
        copy.write_text("\n".join([*lines, lines[1]]) + "\n")
        found = tidied(source, copy)
        assert {r.kind for r in found.rejected} == {"repeated"}
        assert len(found.observations) == len(tidied(source, path).observations)

    def test_a_changed_header_is_near(self, tmp_path, source, path):
        header = path.read_text().splitlines()[0]
        last = header.split(",")[-1]
        raw = changed(tmp_path, path, header, header.replace(last, "Something else"))
        assert source.recognise(raw) is None
        assert source.near(raw).row == 1

    def test_a_file_cut_short_is_refused(self, tmp_path, source, path):
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes()[: path.read_bytes().rstrip().rfind(b",") - 2])
        raw = RawFile(copy)
        with pytest.raises(Problem, match=r"file-cut-short|row-quoting"):
            source.tidy(raw, source.recognise(raw), canonical, silent)

    def test_nothing_is_recognised_in_nothing(self, tmp_path, source, path):
        (tmp_path / "empty.csv").write_bytes(b"")
        assert source.recognise(RawFile(tmp_path / "empty.csv")) is None
        assert source.recognise(RawFile(FIXTURES / "loneliness" / "lsoa.csv")) is None
