"""Snapshots: read-only, the same for every thread, named by their contents, and seen as at an earlier day."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import duckdb
import pyarrow as pa
import pytest
from tests.evidence import invented

from esteem.evidence.loading import load
from esteem.evidence.pack.shapes import OBSERVATIONS, SHAPES
from esteem.evidence.snapshot_store import SnapshotStore
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.problems import Problem

CELL = "select value, flags from observations where series = ? and place = ? order by period_start, category"


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return invented.shipped_pack(tmp_path_factory.mktemp("pack"))


@pytest.fixture
def home(tmp_path, pack, monkeypatch):
    invented.ship(pack, monkeypatch.setattr)
    return tmp_path / "home"


def loaded(home, name, *rows):
    return load([invented.write(home.parent, name, rows)], home, sources=invented.SOURCES)


def test_the_shipped_pack_is_served_while_nothing_was_loaded(home):
    with open_snapshot(home=home) as snapshot:
        assert snapshot.rows(CELL, ["invented.discharges", "99G"]) == [{"value": 5, "flags": ""}]
        assert snapshot.created == date(2019, 2, 28)
    assert not home.exists()  # reading leaves no trace


def test_every_table_is_there_even_when_it_holds_nothing(home):
    with open_snapshot(home=home) as snapshot:
        for name, schema in SHAPES.items():
            assert set(schema.names) <= set(snapshot.table(f"select * from {name}").column_names), name
        assert snapshot.rows("select * from superseded") == []
        assert snapshot.table("select * from observations").schema.names == OBSERVATIONS.names


def test_a_suppressed_value_is_null_with_its_flag_and_never_zero(home):
    with open_snapshot(home=home) as snapshot:
        found = snapshot.rows("select value, flags from observations where category = 'Women'")
        assert found == [{"value": None, "flags": "suppressed"}]


def test_places_come_with_the_snapshot(home):
    with open_snapshot(home=home) as snapshot:
        assert snapshot.geography.place("07N").valid_to == date(2020, 3, 31)
        assert snapshot.geography.canonical(" ENGLAND ") == "E92000001"


def test_answers_can_be_changed_by_the_reader_without_harm(home):
    with open_snapshot(home=home) as snapshot:
        first = snapshot.rows(CELL, ["invented.discharges", "99G"])
        first[0]["value"] = 99
        first.clear()
        assert snapshot.rows(CELL, ["invented.discharges", "99G"]) == [{"value": 5, "flags": ""}]


def test_threads_get_the_same_answers(home):
    with open_snapshot(home=home) as snapshot:

        def ask(number: int) -> list:
            series = ["invented.admissions", "invented.discharges"][number % 2]
            return [series, snapshot.rows(f"{CELL} -- {number}", [series, "99G"]), snapshot.table("select * from places").num_rows]

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(64)))
        for series, rows, places in answers:
            assert [r["value"] for r in rows] == ([10, 12, None] if series == "invented.admissions" else [5])
            assert places == answers[0][2]


def test_nothing_can_be_downloaded_by_the_engine(home):
    with open_snapshot(home=home) as snapshot, pytest.raises(duckdb.Error):
        snapshot.rows("select * from read_csv('https://localhost/x.csv')")


def test_a_snapshot_is_found_by_its_id_its_beginning_or_as_shipped(home):
    report = loaded(home, "admissions_v2.csv", "99G,2019-02,admissions,,13")
    for ref, value in ((report.after, 13), (report.after[:6], 13), (report.before, 12), ("shipped", 12), (None, 13)):
        with open_snapshot(ref, home) as snapshot:
            assert snapshot.rows(CELL, ["invented.admissions", "99G"])[1]["value"] == value


def test_an_unknown_snapshot_is_said_plainly(home):
    with pytest.raises(Problem) as wrong:
        open_snapshot("nosuch", home)
    assert wrong.value.code == "snapshot-unknown"
    assert "esteem snapshots list" in wrong.value.remedy


def test_a_lost_part_is_said_plainly(home):
    loaded(home, "admissions_v2.csv", "99G,2019-02,admissions,,13")
    next((home / "parts").glob("*.parquet")).unlink()
    with pytest.raises(Problem) as wrong:
        open_snapshot(home=home)
    assert wrong.value.code == "snapshot-damaged"
    assert "rollback" in wrong.value.remedy


def test_a_torn_manifest_is_said_plainly(home):
    report = loaded(home, "admissions_v2.csv", "99G,2019-02,admissions,,13")
    manifest = home / "snapshots" / report.after / "manifest.json"
    manifest.write_text(manifest.read_text()[:100])
    with pytest.raises(Problem) as wrong:
        open_snapshot(home=home)
    assert wrong.value.code == "snapshot-damaged"
    assert str(manifest) in wrong.value.found


def test_a_snapshot_of_a_later_esteem_is_not_misread(home, pack, tmp_path, monkeypatch):
    later = shutil.copytree(pack, tmp_path / "later")
    (later / "manifest.json").write_text((later / "manifest.json").read_text().replace('"format": 1', '"format": 99'))
    invented.ship(later, monkeypatch.setattr)
    with pytest.raises(Problem) as wrong:
        open_snapshot(home=home)
    assert wrong.value.code == "snapshot-format"


def test_snapshots_built_on_a_pack_outlive_it(home, tmp_path, pack, monkeypatch):
    loaded(home, "admissions_v2.csv", "99G,2019-02,admissions,,13")
    newer = tmp_path / "newer"
    invented.write(newer, "admissions_v1.csv", ["99G,2020-01,admissions,,1"])
    invented.build(tmp_path / "newer_pack", newer, invented.SOURCES)
    invented.ship(tmp_path / "newer_pack", monkeypatch.setattr)
    with open_snapshot(home=home) as snapshot:
        assert [r["value"] for r in snapshot.rows(CELL, ["invented.admissions", "99G"])] == [10, 13, None]
    assert len(SnapshotStore(home).all()) == 3  # the old pack, the load on top of it, and the new pack


def as_at(snapshot, day):
    sql = "select value from observations_as_at(?) where series = 'invented.admissions' and place = '99G' and category = 'All' order by 1"
    return [r["value"] for r in snapshot.rows(sql, [day])]


def test_as_at_leaves_out_periods_that_had_not_ended(home):
    with open_snapshot(home=home) as snapshot:
        assert as_at(snapshot, date(2019, 1, 30)) == []
        assert as_at(snapshot, date(2019, 1, 31)) == [10]
        assert as_at(snapshot, date(2019, 2, 28)) == [10, 12]


def test_as_at_shows_the_edition_that_was_out_by_then(home):
    loaded(home, "admissions_v2_2019-05-01.csv", "99G,2019-02,admissions,,13")
    loaded(home, "admissions_v3_2019-09-01.csv", "99G,2019-02,admissions,,14", "99G,2019-01,admissions,,11")
    with open_snapshot(home=home) as snapshot:
        assert as_at(snapshot, date(2019, 3, 1)) == [10, 12]
        assert as_at(snapshot, date(2019, 5, 1)) == [10, 13]
        assert as_at(snapshot, date(2019, 9, 1)) == [11, 14]
        assert [r["value"] for r in snapshot.rows("select value from superseded order by 1")] == [10, 12, 13]


def test_a_figure_only_published_later_still_shows_for_its_period(home):
    loaded(home, "admissions_v2_2021-05-01.csv", "99G,2019-03,admissions,,15")
    with open_snapshot(home=home) as snapshot:
        assert as_at(snapshot, date(2019, 4, 1)) == [10, 12, 15]


def test_rows_and_table_agree(home):
    with open_snapshot(home=home) as snapshot:
        sql = "select * from observations order by all"
        assert snapshot.table(sql).cast(pa.schema(OBSERVATIONS)).to_pylist() == snapshot.rows(sql)
