"""MHSDS monthly files: community waits as published, the main layout by hand; editions, dates, encodings, breakdowns, known gaps."""

import zipfile
from datetime import date
from pathlib import Path

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
)
from tests.evidence.sources.published import tidied as read

from esteem.evidence.sources.contract import RawFile, silent
from esteem.evidence.sources.mhsds_breakdowns import read_breakdown
from esteem.evidence.sources.mhsds_monthly import COLUMNS, SOURCE
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

FOLDER = "data/mhsds_4ww"
FIXTURE = FIXTURES / "mhsds_monthly" / "MHSDS%20Data_4WW_JulPerf_2024_v2.csv"
HEADER = ",".join(COLUMNS)


@pytest.fixture(scope="module")
def small():
    return read(SOURCE, FIXTURE)


@pytest.fixture(scope="module", params=["Apr", "May", "Jun", "Jul", "Aug", "Sep"])
def month(request, shared):
    (path,) = (shared / FOLDER).glob(f"*4WW_{request.param}Perf_2024*")
    return path


def line(
    breakdown="England",
    level="England",
    second="NONE,NONE",
    measure="MHS01,People in contact",
    value="10",
    start="01/04/2024",
    end="30/04/2024",
):
    return f"{start},{end},Performance,{breakdown},{level},{level},{second},{measure},{value}"


def file(tmp_path: Path, *lines: str, name="MHSDS Data_AprPerf_2024.csv", encoding="utf-8") -> RawFile:
    path = tmp_path / name
    path.write_bytes(("\r\n".join([HEADER, *lines]) + "\r\n").encode(encoding))
    return RawFile(path)


def tidy(raw: RawFile):
    edition = SOURCE.recognise(raw)
    assert edition is not None
    return SOURCE.tidy(raw, edition, canonical, silent)


def test_rolling_quarters_and_months_stand_apart(small):
    flow = cell(small, series="mhsds_monthly.MRS01", place="QKK")
    stock = cell(small, series="mhsds_monthly.MRS02e", place="QKK")
    assert (flow["period_start"], flow["period_end"], flow["period_kind"]) == (date(2024, 5, 1), date(2024, 7, 31), "range")
    assert (stock["period_start"], stock["period_kind"]) == (date(2024, 7, 1), "month")
    assert (flow["value"], stock["value"]) == (45, 4365)


def test_per_cents_are_fractions_with_their_counts(small):
    found = cell(small, series="mhsds_monthly.MRS08b", place=ENGLAND)
    above, below = (cell(small, series=f"mhsds_monthly.{m}", place=ENGLAND)["value"] for m in ("MRS08a", "MRS08"))
    assert (found["numerator"], found["denominator"]) == (above, below)
    assert found["value"] == pytest.approx(above / below, abs=5e-8)
    assert found["flags"] == "exact provisional"
    assert (
        cell(small, series="mhsds_monthly.MRS14f", place=ENGLAND)["denominator"]
        == cell(small, series="mhsds_monthly.MRS10", place=ENGLAND)["value"]
    )


def test_known_gaps_and_breaks_are_flagged(small):
    assert cell(small, series="mhsds_monthly.MRS02e", place="QKK")["flags"] == "method_break provisional rounded submission_gap"
    assert cell(small, series="mhsds_monthly.MRS06", place="QKK")["flags"] == "provisional rounded submission_gap"
    assert "submission_gap" not in cell(small, series="mhsds_monthly.MRS06", place="QH8")["flags"]
    assert "method_break" not in cell(small, series="mhsds_monthly.MRS09", place="QH8")["flags"]


def test_unknown_areas_are_left_out_and_counted(small):
    assert small.notes == ["2 rows not kept: area not known to the publisher (UNKNOWN or NONE)."]
    assert small.rows_read == 178 == small.rows_kept + 2
    assert cells(small, place="UNKNOWN") == []


def test_suppressed_is_never_zero(small):
    hidden = [c for c in cells(small) if "suppressed" in c["flags"]]
    assert hidden
    assert {(c["value"], c["flags"]) for c in hidden} == {(None, "suppressed")}


def test_every_series_says_what_it_holds(small):
    assert every_series_is_described(small)
    units = {s.id.split(".")[1]: s.unit for s in small.series}
    assert (units["MRS01"], units["MRS01b"], units["MRS03a"], units["MRS10b"]) == ("count", "proportion", "days", "days")
    assert [place.kind for place in small.places if place.code == "R1L"] == ["trust"]


def test_published_months_equal_their_files(month):
    found = read(SOURCE, month)
    wanted = {}
    for row in published_rows(month):
        if row["PRIMARY_LEVEL"] in ("England", "QKK", "QH8", "QJG", "RPG"):
            place = ENGLAND if row["PRIMARY_LEVEL"] == "England" else row["PRIMARY_LEVEL"]
            value = None if row["MEASURE_VALUE"] == "*" else float(row["MEASURE_VALUE"])
            share = "Proportion" in row["MEASURE_NAME"]
            wanted[row["MEASURE_ID"], place] = round(value / 100, 10) if share and value is not None else value
    given = {(c["series"].split(".")[1], c["place"]): c["value"] for p in {p for _, p in wanted} for c in cells(found, place=p)}
    assert given == wanted
    assert failed_checks(SOURCE, month) == []
    assert found.rejected == []


def test_the_adult_definition_step_is_in_the_figures_and_flagged(shared):
    values = []
    for name in ("Apr", "May", "Jun", "Jul", "Aug", "Sep"):
        (path,) = (shared / FOLDER).glob(f"*4WW_{name}Perf_2024*")
        found = cell(read(SOURCE, path), series="mhsds_monthly.MRS01", place="QH8")
        assert "method_break" in found["flags"]
        values.append(found["value"])
    assert values == [140, 100, 50, 40, 35, 30]


@pytest.mark.parametrize(
    "start, end",
    [
        ("2024-04-01", "2024-04-30"),
        ("01/04/2024", "30/04/2024"),
        ("01-04-2024", "30-04-2024"),
        ("01/04/24", "30/04/24"),
        ("1/4/2024", "30/4/2024"),
    ],
)
def test_all_forms_of_dates(tmp_path, start, end):
    assert cell(tidy(file(tmp_path, line(start=start, end=end))))["period_end"] == date(2024, 4, 30)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path, encoding):
    raw = file(tmp_path, line(), line("Provider", "R1L"), line(measure="MHS07,People\u00a0in hospital"), encoding=encoding)
    found = tidy(raw)
    assert len(found.observations) == 3
    assert [s.title for s in found.series] == ["People in contact", "People in hospital"]


def test_a_zip_is_read_by_its_largest_csv(tmp_path):
    inner = file(tmp_path, line(), line("Provider", "R1L", value="*"))
    with zipfile.ZipFile(tmp_path / "MHSDS Data_AprFinal__2024.zip", "w") as archive:
        archive.writestr("read me.csv", "a,b\n1,2\n")
        archive.writestr("data.csv", inner.path.read_bytes().replace(b"Performance", b"Final"))
    raw = RawFile(tmp_path / "MHSDS Data_AprFinal__2024.zip")
    assert SOURCE.recognise(raw).rank == (2, 1)
    found = tidy(raw)
    assert cell(found, place=ENGLAND)["flags"] == "exact"
    assert cell(found, place="R1L")["flags"] == "suppressed"


@pytest.mark.parametrize(
    "text, flags",
    [
        ("*", "suppressed"),
        ("-", "not_collected"),
        ("[x]", "not_collected"),
        ("NULL", "not_collected"),
        ("#N/A", "not_collected"),
        ("", "unknown"),
    ],
)
def test_marks_keep_their_reason(tmp_path, text, flags):
    found = cell(tidy(file(tmp_path, line("Provider", "R1L", value=text), line())), place="R1L")
    assert (found["value"], found["flags"]) == (None, flags)


@pytest.mark.parametrize("text, kind", [("about 10", "unreadable"), ("-5", "quarantine")])
def test_bad_values_are_reported_with_row_and_column(tmp_path, text, kind):
    found = tidy(file(tmp_path, line(), line("Provider", "R1L", value=text)))
    assert [(r.row, r.column, r.kind) for r in found.rejected] == [("row 3", "MEASURE_VALUE", kind)]


def test_a_share_above_one_hundred_is_quarantined(tmp_path):
    found = tidy(file(tmp_path, line(measure="MHS99,Proportion of people", value="101"), line()))
    assert [r.row for r in found.rejected] == ["row 2"]
    assert len(found.observations) == 1


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("England", ("england", "", "")),
        ("Provider", ("provider", "", "")),
        ("CCG - GP Practice or Residence", ("ccg", "gp practice or residence", "")),
        ("CCG of Residence", ("ccg", "residence", "")),
        ("Sub ICB - GP Practice or Residence", ("sub_icb", "gp practice or residence", "")),
        ("Sub ICB / CCG of GP Practice or Residence", ("sub_icb", "gp practice or residence", "")),
        ("ICB - GP Practice or Residence", ("icb", "gp practice or residence", "")),
        ("ICB of GP Practice or Residence", ("icb", "gp practice or residence", "")),
        ("ICB / STP", ("icb", "", "")),
        ("STP - GP Practice or Residence", ("stp", "gp practice or residence", "")),
        ("Commissioning Region", ("nhs_region", "", "")),
        ("Local Authority of Responsibility or Residence", ("council", "responsibility or residence", "")),
        ("Sub ICB - GP Practice or Residence; Ethnicity", ("sub_icb", "gp practice or residence", "ethnicity")),
        ("Provider; IMD Decile", ("provider", "", "deprivation")),
        ("Sub ICB - GP Practice or Residence; Provider of Responsibility", ("sub_icb", "gp practice or residence", "provider")),
        ("CCG - GP Practice or Residence; Bed Type", ("ccg", "gp practice or residence", "bed_type")),
    ],
)
def test_breakdowns_are_normalised(text, wanted):
    found = read_breakdown(text)
    assert (found.geography, found.attribution, found.dimension) == wanted


def test_groups_have_canonical_names(tmp_path):
    area = "Sub ICB - GP Practice or Residence"
    found = tidy(
        file(
            tmp_path,
            line(f"{area}; Ethnicity", "99G", "N,African"),
            line(f"{area}; Ethnicity", "99G", "Black or Black British,Black or Black British"),
            line(f"{area}; IMD Decile", "99G", "01 Most deprived,01 Most deprived"),
            line(f"{area}; Gender", "99G", "2,Female"),
            line(f"{area}; Provider of Responsibility", "99G", "R1L,ESSEX"),
        )
    )
    assert {(c["breakdown"], c["category"]) for c in cells(found, place="99G")} == {
        ("ethnicity_detail", "African"),
        ("ethnicity", "Black or Black British"),
        ("deprivation", "1 most deprived"),
        ("sex", "Female"),
        ("provider", "R1L"),
    }
    assert {c["vintage"] for c in cells(found)} == {"2022-07"}


def test_people_given_by_residence_alone_are_a_series_of_their_own(tmp_path):
    found = tidy(file(tmp_path, line("CCG - GP Practice or Residence", "99G", value="20"), line("CCG of Residence", "99G", value="25")))
    assert {c["series"]: c["value"] for c in cells(found)} == {"mhsds_monthly.MHS01": 20, "mhsds_monthly.MHS01.residence": 25}


def test_county_and_district_are_both_kept_and_the_note_warns(tmp_path):
    council = "Local Authority of Responsibility or Residence"
    found = tidy(
        file(tmp_path, line(council, "E10000012", value="900"), line(council, "E07000066", value="100"), line(council, "E08000038"))
    )
    assert {c["place"] for c in cells(found)} == {"E10000012", "E07000066", "E08000016"}
    assert any("county" in note for note in found.series[0].notes)


def test_an_unknown_breakdown_is_reported_once_with_its_rows(tmp_path):
    found = tidy(file(tmp_path, line(), line("Moon Phase", "Full"), line("Moon Phase", "New")))
    assert [(r.row, r.column, r.found) for r in found.rejected] == [("row 3", "BREAKDOWN", "Moon Phase (2 rows)")]


def test_measure_ids_keep_their_case(tmp_path):
    found = tidy(file(tmp_path, line(measure=" EIP23a ,A"), line(measure="EIP23aa,B")))
    assert {c["series"] for c in cells(found)} == {"mhsds_monthly.EIP23a", "mhsds_monthly.EIP23aa"}


def test_status_may_trail_a_space_but_not_differ(tmp_path):
    plain = line()
    assert len(tidy(file(tmp_path, plain.replace("Performance", "Performance "), line("Provider", "R1L"))).observations) == 2
    with pytest.raises(Problem, match="edition-disagrees") as problem:
        tidy(file(tmp_path, plain, line("Provider", "R1L").replace("Performance", "Final")))
    assert (problem.value.row, problem.value.column) == (3, "STATUS")


def test_two_months_in_one_file_are_refused(tmp_path):
    raw = file(tmp_path, line(), line(start="01/05/2024", end="31/05/2024"))
    with pytest.raises(Problem, match="period-disagrees") as problem:
        tidy(raw)
    assert (problem.value.row, problem.value.column) == (3, "REPORTING_PERIOD_END")


def test_twelve_months_end_with_the_month(tmp_path):
    found = cell(tidy(file(tmp_path, line(start="01/05/2023"))))
    assert found["period_kind"] == "rolling_12_months"


def test_the_name_must_not_contradict_the_rows(tmp_path):
    with pytest.raises(Problem, match="edition-disagrees"):
        SOURCE.recognise(file(tmp_path, line(), name="MHSDS Data_MayPerf_2024.csv"))


def test_repeated_rows_are_kept_once_and_contradictions_not_at_all(tmp_path):
    same = tidy(file(tmp_path, line(), line()))
    assert (len(same.observations), [r.kind for r in same.rejected]) == (1, ["repeated"])
    unlike = tidy(file(tmp_path, line(), line(value="11"), line("Provider", "R1L")))
    assert [c["place"] for c in cells(unlike)] == ["R1L"]
    assert [r.row for r in unlike.rejected] == ["row 2", "row 3"]


def test_a_changed_header_is_near(tmp_path):
    raw = changed(tmp_path, FIXTURE, "MEASURE_VALUE", "VALUE")
    assert SOURCE.recognise(raw) is None
    problem = SOURCE.near(raw)
    assert (problem.row, "missing MEASURE_VALUE; unknown VALUE" in problem.found) == (1, True)


def test_a_file_cut_short_is_refused(tmp_path):
    path = tmp_path / FIXTURE.name
    path.write_bytes(FIXTURE.read_bytes()[:-60])
    with pytest.raises(Problem, match=r"file-cut-short|row-quoting"):
        tidy(RawFile(path))


def test_nothing_and_other_files_are_not_recognised(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    assert SOURCE.recognise(RawFile(tmp_path / "empty.csv")) is None
    other = RawFile(FIXTURES / "health_index" / "indicators.csv")
    assert SOURCE.recognise(other) is None
    assert SOURCE.near(other) is None


def test_expect_notices_an_area_above_england(tmp_path):
    raw = file(tmp_path, line(value="100"), line("Provider", "R1L", value="200"))
    assert [c.name for c in SOURCE.expect(tidy(raw), raw) if not c.passed] == ["No area has more than England"]
