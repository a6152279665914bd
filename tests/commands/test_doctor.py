"""`esteem doctor`: says what is well and what is wrong, and its exit code agrees."""

from __future__ import annotations

import json

import pytest

from esteem import cli
from esteem.evidence.snapshot_store import SnapshotStore, shipped


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ESTEEM_HOME", str(tmp_path))
    return tmp_path


def signs(capsys) -> tuple[int, dict[str, dict]]:
    """(exit code, subject -> sign)"""
    with pytest.raises(SystemExit) as ended:
        cli.main(["doctor", "--format", "json"])
    return ended.value.code, {sign["subject"]: sign for sign in json.loads(capsys.readouterr().out)}


def test_a_fresh_installation_is_well_and_nothing_is_written(home, capsys):
    code, found = signs(capsys)
    assert code == 0
    assert {sign["state"] for sign in found.values()} <= {"well", "attention"}
    assert "38 promises" in found["strategy southend-essex-thurrock-2017"]["found"]
    assert "15 promises" in found["strategy bexley-2023"]["found"]
    assert list(home.iterdir()) == []


def test_a_strategy_with_mistakes_is_wrong_and_says_how_to_see_them(home, capsys):
    (home / "strategies").mkdir()
    (home / "strategies" / "ours.toml").write_text('id = "ours"\nsurprise = 1\n')
    code, found = signs(capsys)
    assert code == 1
    assert found["strategy ours"]["state"] == "wrong"
    assert "esteem strategy check" in found["strategy ours"]["remedy"]


def test_a_secret_that_others_can_read_is_wrong(home, capsys):
    (home / "secret_key").write_text("x" * 80)
    (home / "secret_key").chmod(0o644)
    code, found = signs(capsys)
    assert code == 1 and found["secret"]["state"] == "wrong" and "Delete" in found["secret"]["remedy"]


def test_says_in_words_what_to_do(home, capsys):
    (home / "secret_key").write_text("x" * 80)
    (home / "secret_key").chmod(0o600)
    with pytest.raises(SystemExit):
        cli.main(["doctor"])
    out = capsys.readouterr().out
    assert "What to do" in out and "x" * 80 not in out


def test_a_damaged_part_of_a_snapshot_is_found_by_its_checksum(home, capsys):
    store = SnapshotStore(home)
    with store.writing():
        store.adopt(shipped())
        store.point_to(shipped().manifest.id)
    part = max((home / "parts").iterdir(), key=lambda path: path.stat().st_size)
    whole = bytearray(part.read_bytes())
    whole[len(whole) // 2] ^= 1  # one bit, the size as before
    part.write_bytes(whole)
    code, found = signs(capsys)
    sign = found[f"snapshot {shipped().manifest.id}"]
    assert code == 1 and sign["state"] == "wrong" and part.name in sign["found"]
    assert "esteem snapshots rollback shipped" in sign["remedy"]
