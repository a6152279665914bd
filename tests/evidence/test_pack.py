"""Packs: every file read or named, the same bytes for the same files, and differences found again by series, place and period."""

from __future__ import annotations

import csv
import gzip
import json
import os
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.evidence.invented import FIRST_ROWS, SOURCE, SOURCES, write

from esteem.evidence.pack.build import build, plan
from esteem.evidence.pack.checksums import series_checksums
from esteem.evidence.pack.manifest import read_manifest
from esteem.evidence.pack.parts import decode, encode, packed, unpacked
from esteem.evidence.pack.recognising import provenance
from esteem.evidence.pack.shapes import OBSERVATIONS
from esteem.evidence.pack.verify import verify
from esteem.evidence.snapshot_store import Kept, shipped
from esteem.evidence.snapshots import Snapshot, open_snapshot
from esteem.evidence.sources import all_sources
from esteem.evidence.sources.contract import Check
from esteem.terms.problems import Problem, Problems


@pytest.fixture
def published(tmp_path):
    folder = tmp_path / "published"
    write(folder, "admissions_v1.csv", FIRST_ROWS)
    return folder


def opened(folder):
    return Snapshot(Kept(read_manifest(folder), folder, lambda part: folder / part.file))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# ------------------------------------------------------------ building


def test_every_figure_is_in_the_pack_with_its_source(tmp_path, published):
    build(tmp_path / "pack", published, SOURCES)
    with opened(tmp_path / "pack") as snapshot:
        rows = snapshot.rows("select * from observations")
        held = {(r["series"], r["place"], r["period_start"], r["category"]): (r["value"], r["flags"], r["source_row"]) for r in rows}
        assert held[("invented.admissions", "99G", date(2019, 2, 1), "All")] == (12, "", "row 3")
        assert held[("invented.admissions", "99G", date(2019, 2, 1), "Women")] == (None, "suppressed", "row 4")
        assert held[("invented.admissions", "E92000001", date(2019, 1, 1), "All")] == (900, "", "row 6")
        assert len(rows) == len(FIRST_ROWS)
        (edition,) = snapshot.rows("select * from editions")
        assert {r["edition"] for r in rows} == {edition["edition"]}
        assert (edition["publisher"], edition["rows_read"], edition["rows_kept"], edition["checks"]) == ("Test Office", 6, 6, 1)


def test_the_same_files_give_the_same_bytes(tmp_path, published):
    build(tmp_path / "one", published, SOURCES)
    elsewhere = tmp_path / "elsewhere"
    copy = write(elsewhere / "deeper", "admissions_v1.csv", FIRST_ROWS)
    os.utime(copy, (0, 0))
    build(tmp_path / "two", elsewhere, SOURCES)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_provenance_list_gives_title_and_attribution(tmp_path, published):
    path = published / "admissions_v1.csv"
    (sha,) = [f.raw.sha256 for f in plan(published, SOURCES).files["invented"]]
    with (published / "PROVENANCE.csv").open("w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(["file", "title", "publisher", "licence", "attribution", "period", "kind", "source", "sha256"])
        writer.writerow([path.name, "Listed title", "Listed office", "OGL", "Say this", "2019", "original", "owner/repository:file", sha])
    build(tmp_path / "pack", published, SOURCES)
    with opened(tmp_path / "pack") as snapshot:
        (edition,) = snapshot.rows("select * from editions")
        assert (edition["title"], edition["attribution"], edition["origin"]) == ("Listed title", "Say this", "owner/repository:file")


def test_every_unknown_file_is_named_and_nothing_is_built(tmp_path, published):
    (published / "notes.csv").write_text("something,else\n1,2\n")
    (published / "empty.csv").write_bytes(b"")
    with pytest.raises(Problems) as wrong:
        build(tmp_path / "pack", published, SOURCES)
    assert {p.file: p.code for p in wrong.value.problems} == {"notes.csv": "file-unknown", "empty.csv": "file-empty"}
    assert not (tmp_path / "pack").exists()


def test_a_file_that_two_sources_claim_is_refused(tmp_path, published):
    with pytest.raises(Problems) as wrong:
        build(tmp_path / "pack", published, (SOURCE, replace(SOURCE, id="other", title="Other statistics")))
    assert wrong.value.problems[0].code == "file-ambiguous"
    assert "Invented statistics and Other statistics" in wrong.value.problems[0].found


def test_figures_that_disagree_with_the_publishers_totals_stop_the_build(tmp_path, published):
    build(tmp_path / "pack", published, SOURCES)
    before = contents(tmp_path / "pack")
    doubting = replace(SOURCE, expect=lambda tidied, raw: [Check("parts add to the total", False, "10 and 12")])
    with pytest.raises(Problems) as wrong:
        build(tmp_path / "pack", published, (doubting,))
    problem = wrong.value.problems[0]
    assert (problem.code, problem.file, problem.found) == ("total-differs", "admissions_v1.csv", "10 and 12")
    assert contents(tmp_path / "pack") == before


def test_a_pack_does_not_replace_a_folder_of_other_files(tmp_path, published):
    with pytest.raises(Problem) as wrong:
        build(published, published, SOURCES)
    assert wrong.value.code == "pack-target"
    assert (published / "admissions_v1.csv").exists()


def test_the_higher_edition_wins_cell_by_cell_and_the_other_is_kept(tmp_path, published):
    write(published, "admissions_v2.csv", ["99G,2019-02,admissions,,13"])
    build(tmp_path / "pack", published, SOURCES)
    with opened(tmp_path / "pack") as snapshot:
        place = "where series = 'invented.admissions' and place = '99G' and category = 'All' order by period_start"
        assert [r["value"] for r in snapshot.rows(f"select value from observations {place}")] == [10, 13]
        assert [r["value"] for r in snapshot.rows(f"select value from superseded {place}")] == [12]


def test_two_files_of_equal_rank_for_one_figure_stop_the_build(tmp_path, published):
    write(published / "again", "admissions_v1.csv", ["99G,2019-02,admissions,,13"])
    with pytest.raises(Problem) as wrong:
        build(tmp_path / "pack", published, SOURCES)
    assert wrong.value.code == "edition-equal-rank"
    assert "invented.admissions, 99G, 2019-02-01" in wrong.value.found
    assert "12 and 13" in wrong.value.found or "13 and 12" in wrong.value.found


def test_a_figure_twice_in_one_file_is_refused(tmp_path, published):
    write(published, "admissions_v1.csv", [*FIRST_ROWS, "99G,2019-02,admissions,,13"])
    with pytest.raises(Problem) as wrong:
        build(tmp_path / "pack", published, SOURCES)
    assert wrong.value.code == "cell-repeated"
    assert "row 3" in wrong.value.found
    assert "row 8" in wrong.value.found


def test_rows_for_places_that_nobody_knows_are_listed_as_rejected(tmp_path, published):
    write(published, "admissions_v2.csv", ["W06000023,2019-02,admissions,,13", "99G,2019-03,admissions,,14"])
    build(tmp_path / "pack", published, SOURCES)
    with opened(tmp_path / "pack") as snapshot:
        assert not snapshot.rows("select * from observations where place = 'W06000023'")
        assert snapshot.rows("select value from observations where period_start = date '2019-03-01'") == [{"value": 14}]
        (rejected,) = snapshot.rows("select * from rejected")
        assert (rejected["file"], rejected["row"], rejected["column"]) == ("admissions_v2.csv", "2", "place")
        assert "'W06000023'" in rejected["found"]


# ------------------------------------------------------------ verifying


def test_a_pack_verifies_against_the_files_it_came_from(tmp_path, published):
    build(tmp_path / "pack", published, SOURCES)
    manifest, differences = verify(tmp_path / "pack", published, SOURCES)
    assert not differences
    assert set(manifest.series) == {"invented.admissions", "invented.discharges"}


def test_a_changed_figure_is_found_by_series_place_and_period(tmp_path, published):
    build(tmp_path / "pack", published, SOURCES)
    write(published, "admissions_v1.csv", [row.replace(",12", ",21") for row in FIRST_ROWS])
    _, differences = verify(tmp_path / "pack", published, SOURCES)
    found = next(d for d in differences if d.table == "observations")
    assert (found.series, found.place, found.what, found.packed, found.derived) == ("invented.admissions", "99G", "value", "12.0", "21.0")
    assert found.period.startswith("2019-02-01..2019-02-28")
    assert [d.series for d in differences if d.table == "series" and d.what == "checksum"] == ["invented.admissions"]


def test_a_figure_more_or_less_is_found(tmp_path, published):
    build(tmp_path / "pack", published, SOURCES)
    write(published, "admissions_v1.csv", [*FIRST_ROWS[:-1], "07G,2019-01,admissions,,4"])
    _, differences = verify(tmp_path / "pack", published, SOURCES)
    assert {(d.series, d.place, d.what) for d in differences if d.table == "observations"} == {
        ("invented.discharges", "99G", "only in the pack"),
        ("invented.admissions", "07G", "not in the pack"),
    }


def test_a_damaged_part_is_found_without_reading_the_files(tmp_path, published):
    build(tmp_path / "pack", published, SOURCES)
    part = tmp_path / "pack" / "observations-invented.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    _, differences = verify(tmp_path / "pack", tmp_path / "absent", SOURCES)
    assert [(d.table, d.source) for d in differences] == [("observations", "invented")]


# ------------------------------------------------------------ rows and bytes

_TEXT = some.text(max_size=8)
_CELLS = some.lists(
    some.tuples(
        some.sampled_from(["a.one", "a.two", "b.one"]),
        _TEXT,
        some.dates(),
        some.none() | some.floats(allow_nan=False),
        some.none() | _TEXT | some.from_regex(r"\A(EIP!)?rows? [0-9]{1,12}( column A|-3,4)?\Z"),
    ),
    max_size=30,
)


def figures(cells) -> pa.Table:
    rows = [
        {"series": s, "place": p, "period_start": d, "period_end": d, "period_kind": "day", "value": v, "source_row": at, "flags": ""}
        for s, p, d, v, at in cells
    ]
    return pa.Table.from_pylist(rows, OBSERVATIONS)


@given(_CELLS)
def test_nothing_is_lost_on_the_way_into_a_part_and_out(cells):
    table = figures(cells)
    assert unpacked(decode(encode(packed(table)))).to_pylist() == table.to_pylist()


@given(_CELLS, some.integers(1, 7))
def test_checksums_depend_on_the_rows_alone(cells, size):
    table = figures(sorted(cells, key=lambda c: c[0]))
    pieces = pa.concat_tables([table.schema.empty_table(), *(table.slice(i, size) for i in range(0, table.num_rows, size))])
    assert series_checksums(packed(table)) == series_checksums(packed(pieces))
    assert set(series_checksums(packed(table))) == {c[0] for c in cells}


@given(_CELLS, some.data())
def test_any_change_of_a_value_changes_the_checksum_of_its_series_alone(cells, data):
    if not cells:
        return
    cells = sorted(cells, key=lambda c: c[0])
    at = data.draw(some.integers(0, len(cells) - 1))
    series, place, day, value, row = cells[at]
    changed = [*cells[:at], (series, place, day, 1.5 if value is None else None, row), *cells[at + 1 :]]
    before, after = (series_checksums(packed(figures(c))) for c in (cells, changed))
    assert {name for name in before if before[name] != after[name]} == {series}


# ------------------------------------------------------------ the pack that ships


def test_the_shipped_pack_is_whole_and_small():
    kept = shipped()
    assert not kept.damage(thorough=True)
    assert sum(p.stat().st_size for p in kept.folder.iterdir()) <= 20_000_000
    with open_snapshot("shipped") as snapshot:
        assert {r["id"]: r["checksum"] for r in snapshot.rows("select id, checksum from series")} == kept.manifest.series
        nameless = "select count(*) as n from editions where publisher = '' or licence = '' or attribution = ''"
        assert snapshot.rows(nameless) == [{"n": 0}]


def test_every_shipped_figure_has_a_described_series_an_edition_and_a_known_place():
    with open_snapshot("shipped") as snapshot:
        for column, table, key in (("series", "series", "id"), ("edition", "editions", "edition"), ("place", "places", "code")):
            sql = f"select count(*) as n from observations where {column} is null or {column} not in (select {key} from {table})"
            assert snapshot.rows(sql) == [{"n": 0}], column


def test_every_published_file_belongs_to_one_source_or_is_left_out_with_a_reason(shared):
    found = plan(shared / "data", all_sources())
    listed = provenance(shared / "data")
    taken = [r.raw.sha256 for files in found.files.values() for r in files] + [f.sha256 for f in found.left_out]
    assert sorted(taken) == sorted(listed)
    assert all(f.reason for f in found.left_out)


def test_the_shipped_pack_was_made_of_the_published_files(shared):
    listed = provenance(shared / "data")
    with open_snapshot("shipped") as snapshot:
        held = {r["sha256"]: r for r in snapshot.rows("select * from editions")}
    manifest = read_manifest(shipped().folder)
    assert set(held) | {f.sha256 for f in manifest.left_out} == set(listed)
    for sha, edition in held.items():
        assert (edition["bytes"], edition["attribution"]) == (int(listed[sha]["bytes"]), listed[sha]["attribution"])


def test_shipped_figures_are_those_of_the_published_file(shared):
    path = shared / "data/eip/EIP-Timeseries-History-File-December-2015-to-September-2019-1.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as f:
        rows = [r for r in csv.DictReader(f) if r["Date"] == "01/09/2019" and r["Description"] == "EIP pathways completed this month"]
    within = sum(int(r["Gt_0_1_Weeks"]) + int(r["Gt_1_2_Weeks"]) for r in rows)
    every = sum(int(r["Total_Pathways"]) for r in rows)
    with open_snapshot("shipped") as snapshot:
        sql = "select numerator, denominator from observations where series = ? and place = ? and period_start = ?"
        found = snapshot.rows(sql, ["eip_history.completed", "E92000001", date(2019, 9, 1)])
    assert found == [{"numerator": within, "denominator": every}]


def test_the_manifest_says_what_it_holds():
    body = json.loads((shipped().folder / "manifest.json").read_text())
    assert body["format"] == 1
    assert {p["table"] for p in body["parts"]} >= {"observations", "series", "editions", "places", "place_links", "rejected"}
    assert all(len(p["sha256"]) == 64 and p["bytes"] > 0 for p in body["parts"])
