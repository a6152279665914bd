"""`esteem load`, `esteem snapshots` and `esteem pack` as a person types them: what they print, and how they end."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest
from tests.bad_inputs.published_files import ROWS, put, text

from esteem.cli import main
from esteem.evidence.snapshot_store import SnapshotStore, shipped

HISTORY = "tests/fixtures/early_intervention_psychosis/history.csv"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ESTEEM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return left.value.code or 0


def printed(capsys, *arguments) -> str:
    capsys.readouterr()
    assert run(*arguments) == 0
    return capsys.readouterr().out


@pytest.fixture
def loaded(tmp_path):
    assert run("load", put(tmp_path, text())) == 0
    return SnapshotStore().current_id()


def test_load_says_what_changed_and_where_it_stands(tmp_path, capsys):
    said = printed(capsys, "load", put(tmp_path, text()))
    assert f"{len(ROWS)} new figures, 0 revised." in said
    assert "mhsds_monthly.MHS01" in said
    assert f"before it was {shipped().manifest.id}" in said


def test_load_as_json_has_the_same(tmp_path, capsys):
    (report,) = json.loads(printed(capsys, "load", put(tmp_path, text()), "--dry-run", "--format", "json"))
    assert (report["changed"], report["dry_run"], report["new_figures"]) == (True, True, len(ROWS))
    assert report["files"][0]["status"] == "loaded"
    assert SnapshotStore().current_id() is None


def test_load_lists_the_layouts_it_knows(capsys):
    rows = json.loads(printed(capsys, "load", "--layouts", "--format", "json"))
    assert "REPORTING_PERIOD_START" in next(r["layout"] for r in rows if r["source"] == "mhsds_monthly")


def test_load_without_a_file_is_a_wrong_use(capsys):
    assert run("load") == 2
    assert "name at least one file" in capsys.readouterr().err


def test_snapshots_are_listed_with_the_one_served_marked(loaded, capsys):
    rows = json.loads(printed(capsys, "snapshots", "list", "--format", "json"))
    assert [(r["id"], r["served"], r["shipped"]) for r in rows] == [(shipped().manifest.id, False, True), (loaded, True, False)]
    assert rows[1]["figures"] == rows[0]["figures"] + len(ROWS)
    assert list(csv.DictReader(io.StringIO(printed(capsys, "snapshots", "list", "--format", "csv"))))[1]["id"] == loaded
    assert any(line.startswith(f"*  {loaded}") for line in printed(capsys, "snapshots", "list").splitlines())


def test_a_snapshot_is_shown_with_its_files(loaded, capsys):
    rows = json.loads(printed(capsys, "snapshots", "show", loaded[:5], "--format", "json"))
    added = [r for r in rows if r["added"]]
    assert [(r["source"], r["label"], r["rows_read"]) for r in added] == [("mhsds_monthly", "January 2025 Performance", len(ROWS))]
    assert "January 2025 Performance" in printed(capsys, "snapshots", "show")


def test_rollback_goes_to_the_one_before_and_forward_again(loaded, capsys):
    assert f"before it was {loaded}" in printed(capsys, "snapshots", "rollback")
    assert SnapshotStore().current().manifest.id == shipped().manifest.id
    assert run("snapshots", "rollback") == 2
    assert "[snapshot-first]" in capsys.readouterr().err
    assert loaded in printed(capsys, "snapshots", "rollback", loaded)
    assert SnapshotStore().current_id() == loaded


def test_rollback_to_none_that_exists_changes_nothing(loaded, capsys):
    assert run("snapshots", "rollback", "zzz") == 2
    assert "[snapshot-unknown]" in capsys.readouterr().err
    assert SnapshotStore().current_id() == loaded


@pytest.fixture
def published(tmp_path, root):
    folder = tmp_path / "published"
    folder.mkdir()
    shutil.copy(root / HISTORY, folder)
    return folder


def test_a_pack_is_built_and_verified(tmp_path, published, capsys):
    said = printed(capsys, "pack", "build", tmp_path / "pack", "--from", published)
    assert "from 1 files" in said
    assert "what the published files give" in printed(capsys, "pack", "verify", tmp_path / "pack", "--from", published)


def test_verify_ends_with_one_and_names_what_differs(tmp_path, published, capsys):
    assert run("pack", "build", tmp_path / "pack", "--from", published) == 0
    file = published / "history.csv"
    first, *_ = [line for line in file.read_text().splitlines() if ",99G," in line and "completed" in line]
    bands = first.split(",")
    bands[6], bands[19] = str(int(bands[6]) + 1), str(int(bands[19]) + 1)
    file.write_text(file.read_text().replace(first, ",".join(bands)))
    assert run("pack", "verify", tmp_path / "pack", "--from", published) == 1
    told = capsys.readouterr().err
    assert "eip_history.completed, 99G" in told
    assert "the files give" in told


def test_pack_build_without_its_files_says_what_to_name(tmp_path, capsys):
    assert run("pack", "build", tmp_path / "pack", "--from", tmp_path / "absent") == 2
    assert "[folder-missing]" in capsys.readouterr().err
