"""The dashboard workbook: hidden sheets, units, plans, periods, impossible cells, missing sheets."""

from collections import Counter, defaultdict
from datetime import date

import pytest
from tests.evidence.sources import dashboard_workbook
from tests.evidence.sources.published import FIXTURES, canonical, cell, cells, every_series_is_described, published_rows, tidied

from esteem.evidence.sources.contract import RawFile
from esteem.evidence.sources.mental_health_dashboard import SOURCE
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem, Problems

QUARTER = {"period_start": date(2022, 1, 1), "period_end": date(2022, 3, 31)}
WORKBOOK = "nhsmh-dashboard-q4-21-22-v3.2_values.xlsx"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return tidied(SOURCE, dashboard_workbook.write(tmp_path_factory.mktemp("dashboard") / "book.xlsx"))


@pytest.fixture(scope="module")
def whole(shared):
    return tidied(SOURCE, shared / "data" / "nhsmh_dashboard" / WORKBOOK)


def test_hidden_sheets_are_read_with_the_cell_each_figure_stands_in(small):
    found = cell(small, series="dashboard.EIP(i)", place="99G", **QUARTER)
    assert (found["value"], found["source_row"], found["period_kind"]) == (0.67, "EIP(i)!row 13 column G", "quarter")


def test_titles_come_from_the_metadata_sheet(small):
    titles = {s.id: s.title for s in small.series}
    assert titles["dashboard.EIP(i)"].startswith("% of people who started treatment within 2 weeks")
    assert titles["dashboard.CR(iv_d)"] == "Number of Section 136 Place of Safety orders to hospital"
    assert titles["dashboard.CR(viii)"].endswith("within 72 hours")


def test_stars_are_suppressed_and_not_available_is_not_collected(small):
    assert cell(small, series="dashboard.EIP(i)", place="QH8", period_start=date(2021, 10, 1))["flags"] == "suppressed"
    assert cell(small, series="dashboard.CR(iii_a)", place="QM7", period_start=date(2021, 10, 1))["flags"] == "not_collected"


@pytest.mark.parametrize(
    ("series", "place", "start", "flags"),
    [
        ("EIP(i)", "99G", date(2022, 1, 1), "rounded"),
        ("EIP(i)", ENGLAND, date(2022, 1, 1), "exact"),
        ("CR(iii_a)", "QH8", date(2022, 1, 1), "rounded"),
        ("CR(iii_a)", ENGLAND, date(2022, 1, 1), ""),  # a multiple of 5, and nobody says whether it was rounded
        ("CR(iii_a)", "Y62", date(2022, 1, 1), ""),  # 7,419 was not rounded to 5
        ("IAPT(i_a).count", "99G", date(2019, 4, 1), "rounded"),
        ("IAPT(i_a).share", "99G", date(2019, 1, 1), ""),  # the old share of need: nobody says
        ("CR(viii)", ENGLAND, date(2022, 1, 1), "rounded"),  # the Metadata sheet says so for England as well
        ("EIP(ii)", ENGLAND, date(2021, 4, 1), "exact"),
        ("PHSMI(i)", ENGLAND, date(2022, 1, 1), ""),
        ("SP(i)", "99G", date(2018, 1, 1), ""),
    ],
)
def test_exact_and_rounded_where_the_publisher_says_so(small, series, place, start, flags):
    assert cell(small, series=f"dashboard.{series}", place=place, period_start=start)["flags"] == flags


def test_every_series_says_how_it_was_rounded(small):
    words = {s.id: s.rounding for s in small.series}
    assert all(words.values())
    assert words["dashboard.EIP(ii)"].startswith("unrounded")
    assert words["dashboard.SP(i)"].startswith("nothing is said")


def test_a_ccg_has_cells_from_its_first_figure_to_its_last_where_ccgs_of_several_years_stand_together(small):
    for place, start in (("99G", date(2022, 1, 1)), ("07G", date(2021, 10, 1))):
        assert [c["period_start"] for c in cells(small, series="dashboard.CR(iii_a)", place=place)] == [start]


def test_mixed_units_become_series_of_their_own(small):
    units = {s.id: s.unit for s in small.series}
    assert (units["dashboard.IAPT(i_a).share"], units["dashboard.IAPT(i_a).count"]) == ("proportion", "count")
    assert cell(small, series="dashboard.IAPT(i_a).share", place=ENGLAND)["period_start"] == date(2019, 1, 1)
    assert (cell(small, series="dashboard.CR(i_b).hours", place="99G")["value"], units["dashboard.CR(i_b).hours"]) == (168, "mean")
    assert cell(small, series="dashboard.CR(i_b)", place=ENGLAND)["value"] == 0.9756
    assert units["dashboard.EIP(ii).planned"] == units["dashboard.EIP(ii)"] == "pounds"


def test_yes_and_no_become_one_and_nought(small):
    assert cell(small, series="dashboard.MHF(iii)", place=ENGLAND)["value"] == 1
    assert cell(small, series="dashboard.MHF(iii)", place="99G")["value"] == 0


def test_periods_of_every_form(small):
    assert cell(small, series="dashboard.MHSB(i)", period_start=date(2021, 7, 1))["value"] == 900
    three_years = cells(small, series="dashboard.SP(i)", place=ENGLAND)
    assert [(c["period_start"].year, c["period_end"].year) for c in three_years] == [(2011, 2013), (2018, 2020)]


def test_impossible_cells_are_quarantined_by_row_and_column(small):
    assert cells(small, series="dashboard.CYP(iv_b)", place="Y59") == []
    assert [c["value"] for c in cells(small, series="dashboard.CR(viii)", place="15E")] == [0.8]
    found = {(r.row, r.column) for r in small.rejected}
    assert ("CYP(iv_b)!row 12", "F (Q1 2020/21)") in found
    assert ("CR(viii)!row 13", "G (Q2 2015/16)") in found


def test_columns_that_name_no_period_are_left_out_and_said(small):
    assert any("To delete" in note for note in small.notes)
    assert any("no header" in note for note in small.notes)


def test_series_are_described_and_regions_add_up(small, tmp_path):
    assert every_series_is_described(small)
    raw = RawFile(dashboard_workbook.write(tmp_path / "book.xlsx"))
    assert [c.name for c in SOURCE.expect(small, raw) if not c.passed] == []


def test_a_missing_sheet_is_named(tmp_path):
    raw = RawFile(dashboard_workbook.write(tmp_path / "book.xlsx", leave_out=("EIP(i)", "SP(i)")))
    with pytest.raises(Problem, match="sheet-missing") as problem:
        SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert "EIP(i), SP(i)" in problem.value.found


def test_an_unknown_sheet_is_named(tmp_path):
    raw = RawFile(dashboard_workbook.write(tmp_path / "book.xlsx", more_sheets=("XX(i)",)))
    with pytest.raises(Problem, match="sheet-unknown"):
        SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)


def test_a_wrong_header_is_given_with_sheet_row_and_column(tmp_path):
    wrong = {"EIP(i)": ["Region Code", "STP Code", "Organisation", "Org name", "Org Type"]}
    raw = RawFile(dashboard_workbook.write(tmp_path / "book.xlsx", headers=wrong))
    with pytest.raises(Problems) as problems:
        SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    (problem,) = problems.value.problems
    assert (problem.row, problem.column, problem.file) == (10, "C", "book.xlsx, sheet EIP(i)_FINAL CALC")


def test_other_files_are_not_the_dashboard(tmp_path):
    text = FIXTURES / "mental_health_act" / "annual.csv"
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(dashboard_workbook.write(tmp_path / "book.xlsx").read_bytes()[:4000])
    empty = tmp_path / "empty.xlsx"
    empty.write_bytes(b"")
    for path in (text, broken, empty):
        assert SOURCE.recognise(RawFile(path)) is None


@pytest.mark.parametrize(
    "series, place, start, value",
    [
        ("dashboard.EIP(i)", "99G", date(2022, 1, 1), 0.67),
        ("dashboard.EIP(i)", "99G", date(2021, 10, 1), 0.75),
        ("dashboard.CR(iii_a)", "QH8", date(2021, 10, 1), 1685),
        ("dashboard.CR(iii_a)", "QH8", date(2022, 1, 1), 890),
        ("dashboard.SP(i)", "06T", date(2017, 1, 1), 18.7),
        ("dashboard.EIP(ii)", "99G", date(2021, 4, 1), 1_408_000),
        ("dashboard.CR(iv_b)", ENGLAND, date(2020, 4, 1), 71.6),
        ("dashboard.CR(iv_c)", ENGLAND, date(2020, 4, 1), 343.5),
    ],
)
def test_figures_quoted_in_the_guide(whole, series, place, start, value):
    assert cell(whole, series=series, place=place, period_start=start)["value"] == pytest.approx(value, rel=1e-9)


def test_zeros_left_under_merged_ccgs_are_no_counts(whole):
    bexley = cells(whole, series="dashboard.CR(iii_a)", place="07N")
    assert max(c["period_end"] for c in bexley) == date(2020, 3, 31)
    assert sum("they had merged" in r.rule and r.found == "07N: 0" for r in whole.rejected) == 6


def test_out_of_area_bed_days_of_five_ccgs_against_their_system(whole):
    ccgs = ("99E", "99F", "99G", "06Q", "07G")
    for start, added, system in ((date(2021, 1, 1), 1680, 1680), (date(2021, 4, 1), 1715, 1720)):
        found = [cell(whole, series="dashboard.CR(iii_a)", place=c, period_start=start)["value"] for c in ccgs]
        assert sum(found) == added
        assert cell(whole, series="dashboard.CR(iii_a)", place="QH8", period_start=start)["value"] == system


def test_every_figure_equals_the_tidy_copy_of_the_same_workbook(whole, shared):
    """The tidy CSV beside the workbook was made by other hands: it must hold the same number under the same sheet and row."""
    wanted, found = defaultdict(list), defaultdict(list)
    for row in published_rows(shared / "data" / "nhsmh_dashboard" / "nhsmh_dashboard_q4_2021_22_tidy.csv.gz"):
        if not row["sheet"].endswith("OLD"):
            wanted[row["sheet"], row["sheet_row"]].append(_number(row["value"]))
    for c in cells(whole):
        if c["value"] is not None or c["flags"] == "suppressed":
            sheet, _, where = c["source_row"].partition("!row ")
            found[sheet, where.split()[0]].append(-1.0 if c["value"] is None else c["value"])
    left_out = Counter(tuple(r.row.split("!row ")) for r in whole.rejected)
    for place, values in wanted.items():
        if place not in left_out:
            assert sorted(found[place]) == pytest.approx(sorted(values), rel=1e-12), place
        else:
            assert len(found[place]) + left_out[place] == len(values), place
    assert {place for place in found if found[place]} <= set(wanted)


def _number(text: str) -> float:
    """Stars as -1, which no figure of the dashboard is; Y and N as 1 and 0."""
    return {"*": -1.0, "Y": 1.0, "N": 0.0}[text] if text in ("*", "Y", "N") else float(text)


def test_the_published_regions_come_near_england(whole, shared):
    assert [c for c in SOURCE.expect(whole, RawFile(shared / "data" / "nhsmh_dashboard" / WORKBOOK)) if not c.passed] == []


def test_rounded_figures_are_rounded_and_most_local_counts_are(whole):
    units = {s.id: s.unit for s in whole.series}
    rounded = [c for c in cells(whole) if c["flags"] == "rounded"]
    steps = {"count": 5, "proportion": 0.01}
    off = [c for c in rounded if abs(c["value"] / steps[units[c["series"]]] - round(c["value"] / steps[units[c["series"]]])) > 1e-6]
    assert off == []
    assert len(rounded) > 20_000
    assert {c["flags"] for c in cells(whole, place=ENGLAND) if c["series"] == "dashboard.CYP(i_a)"} == {"exact"}
