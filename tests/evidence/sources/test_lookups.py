"""Lookups: small areas, codes and names, council tiers; six layouts told apart by their headers."""

import pytest
from tests.evidence.sources.published import FIXTURES, changed, failed_checks, published_rows, tidied

from esteem.evidence.sources.contract import RawFile, silent
from esteem.evidence.sources.lookups import LAYOUTS, SOURCE, council_kind
from esteem.terms.problems import Problem

FOLDER = FIXTURES / "lookups"
FILES = sorted(FOLDER.glob("*.csv"))


def rows_of(found, table, **where):
    return [r for r in found.tables[table].to_pylist() if all(r[k] == v for k, v in where.items())]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_each_layout_is_told_by_its_header(path):
    assert SOURCE.recognise(RawFile(path)) is not None
    assert not failed_checks(SOURCE, path)


def test_the_layouts_are_all_in_the_fixtures():
    assert {SOURCE.recognise(RawFile(p)).label for p in FILES} == {layout.label for layout in LAYOUTS}


def test_a_small_area_of_bexley_in_2019():
    found = tidied(SOURCE, FOLDER / "ccg_2019.csv")
    areas = {r["kind"]: r["area"] for r in rows_of(found, "small_areas", small_area="E01000466")}
    assert areas == {"ccg": "07N", "ltla": "E09000004"}
    assert rows_of(found, "stated_codes", code="E38000011") == [
        {"code": "E38000011", "place": "07N", "name": "NHS Bexley CCG", "kind": "ccg", "vintage": "2019-04"}
    ]


def test_essex_districts_are_part_of_essex():
    found = tidied(SOURCE, FOLDER / "lower_upper_2023.csv")
    links = rows_of(found, "stated_links", child="E07000066")
    assert [(r["parent"], r["relation"]) for r in links] == [("E10000012", "part_of")]
    assert not rows_of(found, "stated_links", child="E09000004")  # a London borough is its own upper tier


def test_areas_outside_england_are_counted_not_hidden():
    found = tidied(SOURCE, FOLDER / "lower_upper_2023.csv")
    assert "left out" in found.notes[0]


@pytest.mark.parametrize(
    ("code", "kind"), [("E10000012", "utla"), ("E07000066", "ltla"), ("E06000033", "unitary"), ("E09000004", "unitary")]
)
def test_council_kinds(code, kind):
    assert council_kind(code) == kind


def test_a_wrong_code_is_reported_by_row_and_column(tmp_path):
    raw = changed(tmp_path, FOLDER / "ccg_2019.csv", "E01000466,", "01000466,")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert [(r.column, r.found) for r in found.rejected] == [("LSOA11CD", "'01000466'")]
    assert found.rejected[0].row.startswith("row ")


def test_a_small_area_in_two_places_is_refused(tmp_path):
    text = (FOLDER / "ccg_2019.csv").read_text(encoding="utf-8-sig")
    line = next(x for x in text.splitlines() if x.startswith("E01000466"))
    path = tmp_path / "twice.csv"
    path.write_text(text + line.replace("E38000011,07N", "E38000168,99G") + "\n")
    raw = RawFile(path)
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert any("99G" in r.found for r in found.rejected)


def test_a_changed_header_is_named(tmp_path):
    raw = changed(tmp_path, FOLDER / "ccg_2019.csv", "CCG19CDH", "CCG20CDH")
    assert SOURCE.recognise(raw) is None
    problem = SOURCE.near(raw)
    assert isinstance(problem, Problem)
    assert "CCG19CDH" in problem.found
    assert problem.row == 1


def test_published_counts_of_areas(shared):
    folder = shared / "data" / "lookups"
    codes = set()
    for path in sorted(folder.iterdir()):
        assert not failed_checks(SOURCE, path), path.name
        if path.name == "lsoa_ccg_lad_lookup.csv.gz":
            codes = {r["CCG19CDH"] for r in published_rows(path)}
            found = tidied(SOURCE, path)
    assert {r["place"] for r in rows_of(found, "stated_codes", kind="ccg")} == codes
    assert len(codes) == 191
