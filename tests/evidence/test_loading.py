"""Loading: all or nothing, twice is once, later editions win, and nothing that goes wrong touches what is served."""

from __future__ import annotations

import errno
import gzip
import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.evidence import invented

from esteem.evidence import snapshot_store
from esteem.evidence.loading import Refused, Watch
from esteem.evidence.loading import load as load_files
from esteem.evidence.snapshot_store import SnapshotStore
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.problems import Problem

FEBRUARY = "select value from {} where series = 'invented.admissions' and place = '99G' and category = 'All' order by period_start, value"


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return invented.shipped_pack(tmp_path_factory.mktemp("pack"))


@pytest.fixture
def home(tmp_path, pack, monkeypatch):
    invented.ship(pack, monkeypatch.setattr)
    return tmp_path / "home"


def load(home, *paths, **more):
    return load_files(paths, home, sources=invented.SOURCES, **more)


def file(home, name, *rows, encoding="utf-8"):
    return invented.write(home.parent / "files", name, rows, encoding)


def values(home, table="observations"):
    with open_snapshot(home=home) as snapshot:
        return [r["value"] for r in snapshot.rows(FEBRUARY.format(table))]


# ------------------------------------------------------------ what a load does


def test_a_new_month_is_added_and_reported(home):
    report = load(home, file(home, "new_v1.csv", "99G,2019-03,admissions,,14", "07G,2019-03,transfers,,2"), on=date(2026, 5, 4))
    assert values(home) == [10, 12, 14]
    (outcome,) = report.files
    assert (outcome.status, outcome.source, outcome.rows_read, outcome.rows_kept, outcome.figures) == ("loaded", "invented", 2, 2, 2)
    assert report.changes.new_series == ["invented.transfers"]
    assert report.changes.new_periods == {"invented.admissions": [(date(2019, 3, 1), date(2019, 3, 31))]}
    assert (report.changes.new_figures, report.changes.revised_figures) == (2, 0)
    with open_snapshot(home=home) as snapshot:
        assert (snapshot.id, snapshot.created) == (report.after, date(2026, 5, 4))
        assert snapshot.rows("select loaded from editions where file = 'new_v1.csv'") == [{"loaded": date(2026, 5, 4)}]


def test_a_later_edition_takes_the_place_of_the_earlier_figure_by_figure(home):
    report = load(home, file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13", "99G,2019-02,admissions,Women,6"))
    assert (values(home), values(home, "superseded")) == ([10, 13], [12])
    assert report.changes.revised_figures == 2
    told = {(r.category, r.old, r.new, r.old_flags) for r in report.changes.revised}
    assert told == {("All", 12, 13, ""), ("Women", None, 6, "suppressed")}
    with open_snapshot(home=home) as snapshot:
        flags = "select value, flags from observations where series = 'invented.admissions' and place = '99G' order by 1"
        assert [tuple(r.values()) for r in snapshot.rows(flags)] == [(6, "revised"), (10, ""), (13, "revised")]


def test_a_figure_that_a_later_edition_repeats_is_not_called_revised(home):
    load(home, file(home, "admissions_v2.csv", "99G,2019-02,admissions,,12", "99G,2019-02,admissions,Women,*"))
    with open_snapshot(home=home) as snapshot:
        assert snapshot.rows("select * from observations where flags like '%revised%'") == []
        assert snapshot.rows("select count(*) as n from superseded") == [{"n": 2}]


def test_an_earlier_edition_that_comes_late_is_kept_behind_the_later(home):
    load(home, file(home, "admissions_v3.csv", "99G,2019-02,admissions,,13"))
    report = load(home, file(home, "admissions_v2.csv", "99G,2019-02,admissions,,11"))
    assert (values(home), values(home, "superseded")) == ([10, 13], [11, 12])
    assert (report.changes.older_figures, report.changes.revised_figures, report.changed) == (1, 0, True)


def test_a_series_that_the_new_edition_lacks_is_named(home):
    report = load(home, file(home, "admissions_v2.csv", "99G,2019-03,admissions,,13"))
    assert report.changes.disappeared == ["invented.discharges"]


def test_the_same_file_twice_changes_nothing(home):
    path = file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13")
    first = load(home, path)
    held = sorted(p.name for p in home.rglob("*"))
    second = load(home, path, path)
    assert not second.changed
    assert second.after == first.after
    assert [o.status for o in second.files] == ["already loaded", "already loaded"]
    assert sorted(p.name for p in home.rglob("*")) == held


def test_a_file_and_its_gz_are_the_same_edition(home):
    path = file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13")
    load(home, path)
    packed = path.with_name("admissions_v2.csv.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert not load(home, packed).changed


def test_what_the_pack_holds_is_not_loaded_again(home, pack):
    report = load(home, pack.parent / "published")
    assert ([o.status for o in report.files], report.changed) == (["already loaded"], False)


def test_a_dry_run_says_the_same_and_changes_nothing(home):
    path = file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13")
    told = load(home, path, dry_run=True, on=date(2026, 1, 1))
    assert not home.exists()
    done = load(home, path, on=date(2026, 1, 1))
    assert (told.after, told.changes, told.files) == (done.after, done.changes, done.files)


def test_a_folder_and_an_archive_of_several_files_are_opened(home):
    one = file(home, "one_v1.csv", "99G,2019-03,admissions,,14")
    two = file(home, "two_v1.csv", "99G,2019-04,admissions,,15")
    archive = home.parent / "months.zip"
    with zipfile.ZipFile(archive, "w") as z:
        z.write(one, "folder/one_v1.csv")
        z.write(two, "two_v1.csv")
        z.writestr("read me.txt", "notes for people")
    report = load(home, archive)
    assert values(home) == [10, 12, 14, 15]
    assert [(o.file, o.status) for o in report.files][-1] == ("months.zip: read me.txt", "left out")
    assert [o.status for o in load(home, one.parent).files] == ["already loaded", "already loaded"]


def test_an_archive_of_one_file_is_loaded_under_its_own_name(home):
    path = file(home, "one.csv", "99G,2019-02,admissions,,14")
    archive = home.parent / "months_v7.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
        z.write(path, "one.csv")
    assert [o.edition for o in load(home, archive).files] == ["version 7"]
    assert values(home) == [10, 14]


def test_progress_is_told_by_rows(home):
    told = []

    class Heard(Watch):
        def file(self, name, number, total):
            told.append((name, number, total))

        def rows(self, done, total):
            told.append((done, total))

    load(home, file(home, "new_v1.csv", "99G,2019-03,admissions,,9", "99G,2019-04,admissions,,9"), watch=Heard())
    assert told == [("new_v1.csv", 1, 1), (2, 2)]


# ------------------------------------------------------------ what a load refuses


def refused(home, *paths, **more):
    before = values(home)
    with pytest.raises((Refused, Problem)) as wrong:
        load(home, *paths, **more)
    assert values(home) == before
    assert SnapshotStore(home).current_id() is None
    return wrong.value


def test_one_bad_file_keeps_the_whole_batch_out(home):
    good = file(home, "good_v2.csv", "99G,2019-02,admissions,,13")
    bad = file(home, "bad_v2.csv", "99G,the 13th month,admissions,,13")
    unknown = home.parent / "letter.csv"
    unknown.write_text("dear,all\n1,2\n")
    told = refused(home, good, bad)
    assert told.good == ("good_v2.csv",)
    assert {p.file for p in told.problems} == {"bad_v2.csv"}
    told = refused(home, good, unknown)
    assert told.good == ("good_v2.csv",)
    assert "Nothing wrong with: good_v2.csv." in str(told)
    assert "Nothing was loaded" in str(told)


def test_two_editions_of_equal_rank_stop_and_ask(home):
    told = refused(home, file(home, "other_v1.csv", "99G,2019-02,admissions,,13"))
    assert told.code == "edition-equal-rank"
    assert "admissions_v1.csv" in told.found
    assert "other_v1.csv" in told.found


def test_a_header_that_is_nearly_right_is_compared_with_the_nearest_layout(home):
    path = home.parent / "admissions_v2.csv"
    path.write_text("area,month,measure,sex,figure\n99G,2019-02,admissions,,13\n")
    (problem,) = refused(home, path).problems
    assert (problem.file, problem.row, problem.column) == ("admissions_v2.csv", 1, "sex")
    assert "Invented statistics" in problem.rule
    assert "missing group" in problem.found
    assert "unknown sex" in problem.found


def test_rows_that_cannot_be_read_are_refused_or_set_aside_as_asked(home):
    path = file(home, "new_v1.csv", "99G,2019-03,admissions,,about 9", "99G,2019-04,admissions,,9")
    (problem,) = refused(home, path).problems
    assert (problem.code, problem.file, problem.row, problem.column) == ("row-unreadable", "new_v1.csv", 2, "figure")
    assert problem.found == "'about 9'"
    report = load(home, path, set_aside=True)
    assert values(home) == [10, 12, 9]
    assert [p.code for p in report.set_aside] == ["row-unreadable"]
    (rejected,) = report.rejected.to_pylist()
    assert (rejected["file"], rejected["row"], rejected["column"], rejected["found"]) == ("new_v1.csv", "row 2", "figure", "'about 9'")
    with open_snapshot(home=home) as snapshot:
        assert snapshot.rows("select found from rejected") == [{"found": "'about 9'"}]


def test_of_very_many_unreadable_rows_the_first_are_told_and_the_rest_counted(home):
    rows = [f"99G,2019-{month:02},admissions,{group},n/k" for month in range(1, 13) for group in ("Women", "Men", "")]
    problems = refused(home, file(home, "new_v2.csv", *rows)).problems
    assert (len(problems), problems[-1].code) == (21, "rows-more")
    assert problems[-1].found.startswith("16 more rows")


def test_a_place_that_does_not_exist_is_refused_or_set_aside_as_asked(home):
    path = file(home, "new_v1.csv", "99G,2019-03,admissions,,14", "99Z,2019-03,admissions,,3", "99Z,2019-04,admissions,,4")
    (problem,) = refused(home, path).problems
    assert (problem.code, problem.file, problem.row, problem.column) == ("place-unknown", "new_v1.csv", 3, "place")
    assert "2 figures" in problem.found
    report = load(home, path, set_aside=True)
    assert values(home) == [10, 12, 14]
    assert [p.code for p in report.set_aside] == ["place-unknown"]
    assert [r["row"] for r in report.rejected.to_pylist()] == ["3"]


def test_a_place_that_had_long_ended_is_refused(home):
    path = file(home, "new_v1.csv", "99G,2024-03,admissions,,14", "07N,2019-06,admissions,,2", "07N,2024-03,admissions,,3")
    (problem,) = refused(home, path).problems
    assert (problem.code, problem.row) == ("place-ended", 4)
    assert "31 March 2020" in problem.rule


def test_an_empty_row_for_a_place_that_ended_is_no_figure_and_no_problem(home):
    load(home, file(home, "new_v1.csv", "07N,2024-03,admissions,,-"))
    with open_snapshot(home=home) as snapshot:
        assert snapshot.rows("select flags from observations where place = '07N' and value is null") == [{"flags": "not_collected"}]


def test_totals_that_disagree_are_refused(home):
    told = refused(home, file(home, "new_v1.csv", "99G,2019-03,admissions,,-4"))
    assert [p.code for p in told.problems] == ["total-differs"]


def test_a_file_that_is_not_there_is_said_plainly(home):
    (problem,) = refused(home, home.parent / "absent.csv").problems
    assert (problem.code, problem.file) == ("file-missing", str(home.parent / "absent.csv"))


def test_a_source_that_forgets_a_reason_is_not_believed(home):
    def forgetful(raw, edition, canonical, progress):
        tidied = invented.tidy(raw, edition, canonical, progress)
        flags = tidied.observations.schema.get_field_index("flags")
        tidied.observations = tidied.observations.set_column(flags, "flags", [[""] * tidied.observations.num_rows])
        return tidied

    path = file(home, "new_v1.csv", "99G,2019-03,admissions,,*")
    with pytest.raises(Refused) as wrong:
        load_files([path], home, sources=(replace(invented.SOURCE, tidy=forgetful),))
    assert [p.code for p in wrong.value.problems] == ["value-without-reason"]


# ------------------------------------------------------------ rollback


def test_rolling_back_serves_the_earlier_snapshot_and_forward_again(home):
    first = load(home, file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13"))
    second = load(home, file(home, "admissions_v3.csv", "99G,2019-02,admissions,,14"))
    store = SnapshotStore(home)
    for ref, expected in ((first.after, 13), (first.before, 12), (second.after, 14)):
        with store.writing():
            store.point_to(store.find(ref).manifest.id)
        assert values(home) == [10, expected]
    assert [k.manifest.number for k in store.all()] == [0, 1, 2]


# ------------------------------------------------------------ faults


def interrupted(pack, home, path, what, how, **more):
    command = [sys.executable, "-m", "tests.evidence.interrupted_load", str(pack), str(home), str(path), what, str(how)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(["src", "."])}
    return subprocess.Popen(command, cwd=Path(__file__).parents[2], env=environment, text=True, **more)


RARER = [pytest.param(stage, marks=pytest.mark.slow) for stage in ("read", "assemble", "keep-parts", "keep-manifest")]


@pytest.mark.parametrize("stage", ["recognise", "kept-part", "swap", *RARER])
def test_a_load_killed_on_the_way_leaves_the_earlier_snapshot_served(home, pack, stage):
    load(home, file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13"))
    path = file(home, "admissions_v3.csv", "99G,2019-02,admissions,,14")
    killed = interrupted(pack, home, path, "kill", stage)
    assert killed.wait(60) == -signal.SIGKILL
    assert values(home) == [10, 13]
    assert load(home, path).changed
    assert values(home) == [10, 14]
    assert not [p for p in home.rglob("*") if p.name.startswith(".")]


def test_a_load_killed_after_the_swap_has_been_done(home, pack):
    path = file(home, "admissions_v3.csv", "99G,2019-02,admissions,,14")
    assert interrupted(pack, home, path, "kill", "done").wait(60) == -signal.SIGKILL
    assert values(home) == [10, 14]
    assert not load(home, path).changed


def test_what_a_torn_load_left_is_swept_away(home):
    load(home, file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13"))
    torn = home / "snapshots" / ".unfinished-0123456789"
    torn.mkdir()
    (torn / "manifest.json").write_text("{")
    (home / "parts" / ".unfinished-x.parquet").write_bytes(b"PAR1")
    (home / "parts" / f"{'0' * 64}.parquet").write_bytes(b"nobody wants this")
    load(home, file(home, "admissions_v3.csv", "99G,2019-02,admissions,,14"))
    assert not torn.exists()
    assert not [p for p in (home / "parts").iterdir() if p.name.startswith((".", "0" * 64))]
    assert values(home) == [10, 14]


def test_a_full_disk_is_said_plainly_and_nothing_changes(home, pack):
    load(home, file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13"))
    path = file(home, "admissions_v3.csv", "99G,2019-02,admissions,,14")
    starved = interrupted(pack, home, path, "limit", 1000, stderr=subprocess.PIPE)
    _, told = starved.communicate(timeout=60)
    assert starved.returncode == 2
    assert "[disk-full]" in told
    assert "Free some space" in told
    assert values(home) == [10, 13]


@pytest.mark.parametrize("failing", [1, 2, 5, 9])
def test_no_space_left_at_any_write_leaves_the_earlier_snapshot(home, monkeypatch, failing):
    load(home, file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13"))
    flush, calls = os.fsync, []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) >= failing:
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(descriptor)

    with monkeypatch.context() as patch, pytest.raises(Problem) as wrong:
        patch.setattr(snapshot_store.os, "fsync", full)
        load(home, file(home, "admissions_v3.csv", "99G,2019-02,admissions,,14"))
    assert wrong.value.code == "disk-full"
    assert values(home) == [10, 13]
    load(home, file(home, "admissions_v3.csv", "99G,2019-02,admissions,,14"))
    assert values(home) == [10, 14]


def test_a_folder_that_may_not_be_written_is_said_plainly(home, monkeypatch):
    def closed(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(home))

    monkeypatch.setattr(Path, "mkdir", closed)
    with pytest.raises(Problem) as wrong:
        load_files([home.parent], home, sources=invented.SOURCES)
    assert wrong.value.code == "store-closed"


def test_two_loads_at_once_the_second_is_told_to_wait(home, pack):
    path = file(home, "admissions_v2.csv", "99G,2019-02,admissions,,13")
    first = interrupted(pack, home, path, "wait", "read", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert first.stdout.readline() == "waiting\n"
    with pytest.raises(Problem) as wrong:
        load(home, file(home, "admissions_v3.csv", "99G,2019-02,admissions,,14"))
    assert wrong.value.code == "store-busy"
    assert values(home) == [10, 12]  # readers do not wait
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert values(home) == [10, 13]
