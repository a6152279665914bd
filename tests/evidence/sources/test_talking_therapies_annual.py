"""Talking Therapies annual measures: text values, groups in canonical words, per cents with the counts they are made of."""

from collections import Counter

import duckdb
import pyarrow as pa
import pytest
from tests.evidence.sources.published import canonical, cell, cells, every_series_is_described
from tests.evidence.sources.talking_therapies_parquet import written, year

from esteem.evidence.sources.contract import RawFile, silent
from esteem.evidence.sources.group_names import deprivation_decile
from esteem.evidence.sources.talking_therapies_annual import COLUMNS, SOURCE
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

PUBLISHED = "data/talking_therapies/measures_annual.parquet"
RECOVERY = "tt_annual.recovery.percentage"
QKK = ("ICB", "QKK", "NHS SOUTH EAST LONDON INTEGRATED CARE BOARD")
BLACK = ("Ethnic Group", "Black or Black British", "All")


def codes(raw: str) -> str:
    return {"E54000026": "QH8"}.get(raw, canonical(raw))


def row(label, org, group, measure, statistic, value):
    return (*year(label), *org, *group, measure, statistic, value)


ROWS = [
    row("2024-25", QKK, BLACK, "recovery", "count", "2015"),
    row("2024-25", QKK, BLACK, "at_caseness", "count", "4195"),
    row("2024-25", QKK, BLACK, "finished_course_treatment", "count", "4475"),
    row("2024-25", QKK, BLACK, "recovery", "percentage", "48"),
    row("2024-25", QKK, ("Ethnic Group", "White", "British"), "recovery", "percentage", "*"),
    row("2024-25", QKK, ("Ethnic Group", "Not stated/Not known/Invalid", "All"), "recovery", "percentage", "52"),
    row("2024-25", QKK, ("BME Group", "BME", "NULL"), "recovery", "percentage", "49"),
    row("2024-25", QKK, ("Indices of Deprivation Decile", "10 Most deprived", "NULL"), "recovery", "percentage", "44"),
    row("2024-25", QKK, ("Indices of Deprivation Decile", "01 Least deprived", "NULL"), "recovery", "percentage", "58"),
    row("2024-25", QKK, ("Waiting Time", "Accessing services", "<6 weeks"), "finished_course_treatment", "count", "14000"),
    row("2024-25", QKK, ("Waiting Time", "Accessing services", "<6 weeks"), "recovery", "percentage", "NULL"),
    row("2024-25", QKK, ("Religion", "Sikh", "NULL"), "recovery", "percentage", "50"),
    row("2024-25", ("ICB", "UNKNOWN", "UNKNOWN"), BLACK, "recovery", "percentage", "50"),
    row("2024-25", ("England", "All", "All"), ("Total", "NULL", "NULL"), "recovery", "percentage", "50.5"),
    row("2024-25", ("England", "All", "All"), ("Presenting Complaint", "Depression", "NULL"), "recovery", "percentage", "50.1"),
    row("2024-25", ("Provider", "R1L", "ESSEX"), ("Presenting Complaint", "Depression", "NULL"), "recovery", "percentage", "50"),
    row("2019-20", ("STP", "E54000026", "Mid and South Essex"), ("Total", "NULL", "NULL"), "recovery", "percentage", "51"),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return tidy(written(tmp_path_factory.mktemp("annual") / "measures.parquet", COLUMNS, ROWS))


@pytest.fixture(scope="module")
def whole(shared):
    return tidy(RawFile(shared / PUBLISHED))


def tidy(raw):
    edition = SOURCE.recognise(raw)
    assert edition is not None
    return SOURCE.tidy(raw, edition, codes, silent)


def test_a_per_cent_comes_with_its_two_counts(small):
    found = cell(small, series=RECOVERY, place="QKK", breakdown="ethnicity", category="Black or Black British")
    assert (found["value"], found["numerator"], found["denominator"], found["flags"]) == (0.48, 2015, 4195, "rounded")
    assert (str(found["period_start"]), found["period_kind"], found["vintage"]) == ("2024-04-01", "financial_year", "2022-07")
    assert found["source_row"] == "ICB QKK, Ethnic Group"


def test_suppressed_is_never_zero(small):
    found = cell(small, series=RECOVERY, breakdown="ethnicity_detail", category="White British")
    assert (found["value"], found["numerator"], found["flags"]) == (None, None, "suppressed")


def test_groups_have_canonical_names(small):
    names = {(c["breakdown"], c["category"]): c["value"] for c in cells(small, series=RECOVERY, place="QKK")}
    assert names["deprivation", "1 most deprived"] == 0.44
    assert names["deprivation", "10 least deprived"] == 0.58
    assert names["ethnicity", "Not known or not stated"] == 0.52
    assert names["minority_ethnic", "Ethnic minorities (all but White British)"] == 0.49
    assert cell(small, breakdown="waiting_time")["category"] == "First treatment: under 6 weeks"


def test_old_stp_codes_become_canonical_and_keep_their_vintage(small):
    found = cell(small, series=RECOVERY, place="QH8", breakdown="all")
    assert (found["value"], found["vintage"], found["source_row"]) == (0.51, "2019-04", "STP E54000026, Total")


def test_england_is_exact(small):
    assert cell(small, series=RECOVERY, place=ENGLAND, breakdown="all")["flags"] == "exact"


def test_every_row_is_kept_or_counted_with_its_reason(small):
    assert sum(int(note.split()[0].replace(",", "")) for note in small.notes) + small.rows_kept == small.rows_read == len(ROWS)
    assert len(small.notes) == 4
    assert any("Religion" in note for note in small.notes)
    assert any("UNKNOWN" in note for note in small.notes)


def test_series_of_the_small_file_are_among_those_described(small):
    assert set(small.observations.column("series").to_pylist()) <= {s.id for s in small.series}


def test_csv_of_the_same_columns_gives_the_same(tmp_path, small):
    lines = [",".join(COLUMNS), *(",".join(f'"{item}"' for item in r) for r in ROWS)]
    (tmp_path / "measures.csv").write_text("\n".join(lines) + "\n")
    again = tidy(RawFile(tmp_path / "measures.csv"))
    key = ["series", "place", "period_start", "breakdown", "category"]
    assert again.observations.sort_by([(k, "ascending") for k in key]) == small.observations.sort_by([(k, "ascending") for k in key])


def test_a_repeated_row_is_kept_once_and_reported(tmp_path):
    found = tidy(written(tmp_path / "m.parquet", COLUMNS, [ROWS[0], ROWS[0], ROWS[1]]))
    assert len(found.observations) == 2
    assert [(r.kind, "1 repeated rows" in r.found) for r in found.rejected] == [("repeated", True)]


def test_two_figures_for_one_cell_are_both_quarantined(tmp_path):
    other = (*ROWS[0][:-1], "2020")
    found = tidy(written(tmp_path / "m.parquet", COLUMNS, [ROWS[0], other, ROWS[1]]))
    assert [c["series"] for c in cells(found)] == ["tt_annual.at_caseness.count"]
    assert [r.row for r in found.rejected] == ["row 1", "row 2"]
    assert "different figures" in found.rejected[0].rule


@pytest.mark.parametrize("statistic, value", [("percentage", "148"), ("percentage", "-1"), ("count", "12.5"), ("count", "-5")])
def test_impossible_values_go_to_quarantine(tmp_path, statistic, value):
    bad = (*ROWS[0][:-2], statistic, value)
    found = tidy(written(tmp_path / "m.parquet", COLUMNS, [bad, ROWS[1]]))
    assert [r.row for r in found.rejected] == ["row 1"]
    assert len(found.observations) == 1


@pytest.mark.parametrize(
    "text, flag", [("*", "suppressed"), ("-", "not_collected"), ("[x]", "not_collected"), ("#N/A", "not_collected"), ("", "unknown")]
)
def test_marks_keep_their_reason(tmp_path, text, flag):
    other = row("2024-25", ("ICB", "QH8", "x"), BLACK, "recovery", "count", "10")
    found = tidy(written(tmp_path / "m.parquet", COLUMNS, [(*ROWS[0][:-1], text), other]))
    assert [(c["value"], c["flags"]) for c in cells(found, place="QKK")] == [(None, flag)]


def test_counts_as_text_with_commas_are_read(tmp_path):
    found = tidy(written(tmp_path / "m.parquet", COLUMNS, [(*ROWS[0][:-1], "2,015")]))
    assert cell(found)["value"] == 2015


def test_unreadable_text_and_unknown_words_are_reported(tmp_path):
    rows = [(*ROWS[0][:-1], "many"), row("2024-25", QKK, ("Star Sign", "Leo", "NULL"), "recovery", "count", "5")]
    found = tidy(written(tmp_path / "m.parquet", COLUMNS, rows))
    assert {(r.row, r.column) for r in found.rejected} == {("row 1", "value"), ("row 2", "variable_type")}
    assert any("a variable that Esteem does not know" in note for note in found.notes)


def test_a_period_that_contradicts_its_dates_stops_the_load(tmp_path):
    wrong = ("2023-24", *ROWS[0][1:])
    with pytest.raises(Problem, match="period-disagrees"):
        tidy(written(tmp_path / "m.parquet", COLUMNS, [wrong]))


def test_other_files_are_not_recognised(tmp_path):
    renamed = ("period", *COLUMNS[1:])
    raw = written(tmp_path / "m.parquet", renamed, ROWS[:1])
    assert SOURCE.recognise(raw) is None
    problem = SOURCE.near(raw)
    assert (problem.code, problem.row, problem.column) == ("header-wrong", 1, "period")
    assert SOURCE.near(written(tmp_path / "other.parquet", ("a", "b"), [("1", "2")])) is None
    (tmp_path / "nothing.parquet").write_bytes(b"")
    assert SOURCE.recognise(RawFile(tmp_path / "nothing.parquet")) is None


def test_a_file_cut_short_is_near_and_says_so(tmp_path):
    raw = written(tmp_path / "m.parquet", COLUMNS, ROWS)
    (tmp_path / "cut.parquet").write_bytes(raw.path.read_bytes()[:-40])
    cut = RawFile(tmp_path / "cut.parquet")
    assert SOURCE.recognise(cut) is None
    assert SOURCE.near(cut).code == "file-cut-short"


@pytest.mark.parametrize("text", ["11 Most deprived", "0 Most deprived", "Most deprived", ""])
def test_other_words_are_no_tenth(text):
    assert deprivation_decile(text) is None


def test_both_directions_of_tenths_meet():
    forwards = [f"{n:02d} {'Most' if n == 1 else 'More' if n < 6 else 'Less' if n < 10 else 'Least'} deprived" for n in range(1, 11)]
    backwards = [f"{n:02d} {'Least' if n == 1 else 'Less' if n < 6 else 'More' if n < 10 else 'Most'} deprived" for n in range(10, 0, -1)]
    assert [deprivation_decile(t) for t in forwards] == [deprivation_decile(t) for t in backwards]
    assert deprivation_decile(forwards[0]) == "1 most deprived"


def test_published_totals_agree(whole, shared):
    checks = SOURCE.expect(whole, RawFile(shared / PUBLISHED))
    assert checks
    assert [c for c in checks if not c.passed] == []


def test_published_facts(whole):
    found = cell(whole, series=RECOVERY, place="QKK", category="Black or Black British", period_start=year("2024-25")[1])
    assert (found["value"], found["numerator"], found["denominator"]) == (0.48, 2015, 4195)
    bexley = cell(whole, series=RECOVERY, place="07N", breakdown="all", period_start=year("2019-20")[1])
    assert bexley["value"] == 0.5
    assert every_series_is_described(whole)


def test_a_place_holds_what_the_file_says(whole, shared):
    """Every kept cell of three places against the file, read with nothing of Esteem's but the engine."""
    path = shared / PUBLISHED
    published = duckdb.execute(
        f"""select measure_name || '.' || measure_statistic, value, count(*) from '{path}'
        where org_code in ('99G', 'QH8', 'R1L') and variable_type in ('Total', 'Age Group', 'Gender', 'Ethnic Group', 'BME Group')
        group by all"""
    ).fetchall()
    wanted = Counter()
    for series, text, count in published:
        number = None if text == "*" else float(text) / (100 if series.endswith("percentage") else 1)
        wanted[f"tt_annual.{series}", number] += count
    breakdowns = ("all", "age", "sex", "ethnicity", "ethnicity_detail", "minority_ethnic")
    table = pa.concat_tables([whole.observations.filter(pa.compute.equal(whole.observations["place"], p)) for p in ("99G", "QH8", "R1L")])
    old_stp = [c for c in table.to_pylist() if c["breakdown"] in breakdowns and not c["source_row"].startswith("STP E54")]
    assert Counter((c["series"], c["value"]) for c in old_stp) == wanted


def test_what_is_left_out_adds_up(whole):
    counted = sum(int(note.split()[0].replace(",", "")) for note in whole.notes)
    repeated = sum(int(r.found.split(": ")[1].split()[0].replace(",", "")) for r in whole.rejected)
    assert whole.rows_read == 4529756 == whole.rows_kept + counted + repeated
