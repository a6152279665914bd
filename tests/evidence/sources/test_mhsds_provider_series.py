"""Provider series: files without a header, two meanings under one file name, ISO dates, names with commas."""

from datetime import date

import pytest
from tests.evidence.sources.published import FIXTURES, canonical, cell, cells, changed, every_series_is_described, failed_checks, tidied

from esteem.evidence.sources.contract import RawFile
from esteem.evidence.sources.mhsds_provider_series import SOURCE
from esteem.terms.problems import Problem

FOLDER = FIXTURES / "mhsds_provider_series"
ESSEX, OXLEAS = "ESSEX PARTNERSHIP UNIVERSITY NHS FOUNDATION TRUST", "OXLEAS NHS FOUNDATION TRUST"


@pytest.mark.parametrize(
    "name, series, provider, value, month",
    [
        ("beds01_Sep_2021.csv", "bed_days", ESSEX, 16020, date(2021, 9, 1)),
        ("sect05_Jan_2022.csv", "subject_to_act", OXLEAS, 290, date(2022, 1, 1)),
        ("sect01_Sep_2021.csv", "detained", OXLEAS, 200, date(2021, 9, 1)),
        ("rstr06_Feb_2022.csv", "restrained", ESSEX, None, date(2022, 2, 1)),
    ],
)
def test_the_measure_column_decides_the_series(name, series, provider, value, month):
    found = tidied(SOURCE, FOLDER / name)
    row = cell(found, series=f"mhsds_provider.{series}", place=provider)
    assert (row["value"], row["period_start"]) == (value, month)
    assert row["flags"] == ("suppressed" if value is None else "rounded")
    assert every_series_is_described(found)
    assert failed_checks(SOURCE, FOLDER / name) == []


def test_a_name_with_a_comma_is_one_provider():
    found = tidied(SOURCE, FOLDER / "sect01_Sep_2021.csv")
    assert "BARNET, ENFIELD AND HARINGEY MENTAL HEALTH NHS TRUST" in {c["place"] for c in cells(found)}


def test_a_known_name_becomes_its_code():
    raw = RawFile(FOLDER / "beds01_Sep_2021.csv")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), lambda name: "R1L" if name == ESSEX else name, lambda *_: None)
    assert cell(found, place="R1L")["value"] == 16020


def test_names_without_a_code_stay_and_are_listed():
    raw = RawFile(FOLDER / "beds01_Sep_2021.csv")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), lambda name: "R1L" if name == ESSEX else name, lambda *_: None)
    assert {p.code: p.kind for p in found.places}["R1L"] == "trust"
    [note] = found.notes
    assert note.startswith("2 providers stand under their name") and OXLEAS in note and ESSEX not in note


def test_a_plus_sign_in_a_name_does_not_look_like_a_group_of_places(tmp_path):
    raw = changed(tmp_path, FOLDER / "beds01_Sep_2021.csv", OXLEAS, "TIC+ (TEENS IN CRISIS)")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert {p.code: p.name for p in found.places}["TIC (TEENS IN CRISIS)"] == "TIC+ (TEENS IN CRISIS)"


def test_editions_of_a_month_and_figure_compete_only_with_themselves():
    covers = {SOURCE.recognise(RawFile(path)).covers for path in FOLDER.glob("*.csv")}
    assert covers == {"bed_days 2021-09", "detained 2021-09", "subject_to_act 2022-01", "restrained 2022-02"}


def test_a_new_measure_is_near_and_says_so(tmp_path):
    raw = changed(tmp_path, FOLDER / "beds01_Sep_2021.csv", "Bed days in RP", "Bed nights")
    assert SOURCE.recognise(raw) is None
    assert SOURCE.near(raw).found == "Bed nights"


def test_a_file_of_two_months_is_refused(tmp_path):
    text = (FOLDER / "beds01_Sep_2021.csv").read_text()
    path = tmp_path / "two.csv"
    path.write_text(text + text.replace("01/09/2021", "01/10/2021"))
    with pytest.raises(Problem, match="period-mixed"):
        tidied(SOURCE, path)


def test_a_value_as_text_is_reported(tmp_path):
    raw = changed(tmp_path, FOLDER / "beds01_Sep_2021.csv", "16020", "many")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert [(r.column, r.found, r.kind) for r in found.rejected] == [("value", "'many'", "unreadable")]


def test_all_36_published_files_are_read(shared):
    files = sorted((shared / "data" / "mhsds_provider_2021_22").glob("*.csv"))
    assert len(files) == 36
    meanings = {}
    for path in files:
        found = tidied(SOURCE, path)
        assert failed_checks(SOURCE, path) == []
        for row in cells(found, place=OXLEAS):
            meanings.setdefault(row["series"], {})[row["period_start"].month] = row["value"]
    wider = meanings["mhsds_provider.subject_to_act"]
    assert sorted(wider) == [1, 2, 3, 4, 5]
    assert sorted(meanings["mhsds_provider.detained"]) == [6, 7, 8, 9, 10, 11, 12]
    assert wider[1] == 290
