"""Every bad file gets a clear error through the front door, and the snapshot that is served stays as it was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.bad_inputs.published_files import BAD, DRESSES, HEADER, MARKS, NAME, ROWS, SUB_ICB, changed, put, row, text

from esteem.cli import main
from esteem.evidence.loading import load as load_files
from esteem.evidence.snapshot_store import SnapshotStore, shipped
from esteem.evidence.snapshots import open_snapshot

FIGURES = "select series, place, period_start, period_end, breakdown, category, value, flags from observations o join editions e"
NEW = f"{FIGURES} using (edition) where e.source = 'mhsds_monthly' and e.covers = 'main 2025-01' order by all"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ESTEEM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def load(*arguments) -> int:
    """Exit code of `esteem load`."""
    with pytest.raises(SystemExit) as left:
        main(["load", *map(str, arguments)])
    return left.value.code or 0


def figures(home) -> list[dict]:
    with open_snapshot(home=home) as snapshot:
        return snapshot.rows(NEW)


def nothing_changed(home) -> bool:
    with open_snapshot(home=home) as snapshot:
        return snapshot.id == shipped().manifest.id and SnapshotStore(home).current_id() is None


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_in_clear_words(bad, home, tmp_path, capsys):
    path = bad.make(tmp_path / "files")
    assert load(path) == 2
    told = capsys.readouterr().err
    assert f"[{bad.code}]" in told
    assert [words for words in bad.words if words not in told] == []
    for part in ("Found: ", "What to do: "):
        assert part in told
    assert nothing_changed(home)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The figures of the right file."""
    folder = tmp_path_factory.mktemp("plain")
    load_files([put(folder, text())], folder / "home")
    return figures(folder / "home")


def test_the_right_file_is_loaded(plain):
    held = {(f["series"], f["place"]): (f["value"], f["flags"]) for f in plain}
    assert held[("mhsds_monthly.MHS01", "99G")][0] == 4720
    assert held[("mhsds_monthly.MHS01", "E92000001")][0] == 1905302
    assert held[("mhsds_monthly.MHS32", "99G")][0] is None
    assert "suppressed" in held[("mhsds_monthly.MHS32", "99G")][1]
    assert len(plain) == len(ROWS)


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES.keys())
def test_the_same_figures_in_another_dress_are_read_alike(dress, home, tmp_path, plain):
    assert load(dress(tmp_path / "files")) == 0
    assert figures(home) == plain


@pytest.mark.parametrize("mark", MARKS, ids=repr)
def test_a_mark_for_no_value_is_never_a_number(mark, home, tmp_path):
    assert load(put(tmp_path, changed(",4720", f",{mark}"))) == 0
    (found,) = [f for f in figures(home) if f["series"] == "mhsds_monthly.MHS01" and f["place"] == "99G"]
    assert found["value"] is None
    assert MARKS[mark] in found["flags"].split()


def test_rows_repeated_word_for_word_are_kept_once_and_listed(home, tmp_path, plain, capsys):
    path = put(tmp_path, text([*ROWS, ROWS[1]]))
    assert load(path, "--rejected", tmp_path / "rejected.csv") == 0
    assert figures(home) == plain
    assert "row 7" in capsys.readouterr().out
    listed = (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(listed) == 2
    assert "row 7" in listed[1]
    assert "repeated" in listed[1]


def test_rows_that_cannot_be_used_are_left_out_when_asked_and_listed(home, tmp_path, plain):
    path = put(tmp_path, text([*ROWS, row(SUB_ICB, "99X", "MHS01", "5"), row(SUB_ICB, "06Q", "MHS01", "few")]))
    assert load(path, "--rejected", tmp_path / "refused.csv") == 2
    assert load(path, "--set-aside", "--rejected", tmp_path / "set_aside.csv") == 0
    assert [f for f in figures(home) if f["value"] is not None or f["place"] != "06Q"] == plain
    for name in ("refused.csv", "set_aside.csv"):
        listed = (tmp_path / name).read_text(encoding="utf-8-sig")
        assert "99X" in listed
        assert "few" in listed


def test_one_bad_file_among_good_ones_keeps_all_out_and_says_which_were_good(home, tmp_path, capsys):
    good = put(tmp_path, text())
    bad = put(tmp_path, changed("MEASURE_VALUE", "VALUE"), "MHSDS Data_FebPerf_2025.csv")
    assert load(good, bad) == 2
    assert f"Nothing wrong with: {NAME}" in capsys.readouterr().err
    assert nothing_changed(home)


def test_two_editions_of_equal_rank_stop_and_ask(home, tmp_path, capsys):
    assert load(put(tmp_path / "one", text())) == 0
    served = SnapshotStore(home).current_id()
    assert load(put(tmp_path / "two", changed(",4720", ",4725"))) == 2
    told = capsys.readouterr().err
    assert "[edition-equal-rank]" in told
    assert "4,720" in told
    assert "4,725" in told
    assert SnapshotStore(home).current_id() == served


def test_the_final_file_replaces_the_performance_file_and_says_so(home, tmp_path, capsys):
    assert load(put(tmp_path, text())) == 0
    final = changed(",4720", ",4725").replace("Performance", "Final")
    capsys.readouterr()
    assert load(put(tmp_path, final, "MHSDS Data_JanFinal_2025.csv"), "--format", "json") == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["revised_figures"] == len(ROWS) - 1  # one value, and flags that say provisional no more; an empty cell has none
    (revised,) = [r for r in report["revised"] if r["old"] != r["new"]]
    assert (revised["series"], revised["place"], revised["old"], revised["new"]) == ("mhsds_monthly.MHS01", "99G", 4720, 4725)
    with open_snapshot(home=home) as snapshot:
        earlier = "select value from superseded where series = 'mhsds_monthly.MHS01' and place = '99G' and period_start = date '2025-01-01'"
        assert snapshot.rows(earlier) == [{"value": 4720}]


def test_a_new_edition_that_moves_too_much_waits_for_a_persons_word(home, tmp_path, capsys):
    assert load(put(tmp_path, text())) == 0
    served = SnapshotStore(home).current_id()
    final = put(tmp_path, changed(",4720", ",47200").replace("Performance", "Final"), "MHSDS Data_JanFinal_2025.csv")
    assert load(final) == 2
    told = capsys.readouterr().err
    assert "[edition-moves]" in told
    assert "--accept-changes" in told
    assert SnapshotStore(home).current_id() == served
    assert load(final, "--accept-changes") == 0


def test_the_same_file_twice_changes_nothing(home, tmp_path, capsys):
    path = put(tmp_path, text())
    assert load(path) == 0
    served = SnapshotStore(home).current_id()
    capsys.readouterr()
    assert load(path) == 0
    assert "Nothing changed" in capsys.readouterr().out
    assert SnapshotStore(home).current_id() == served


def _very_large(path: Path) -> int:
    """Write more than 300 MB of providers by measure; returns the number of rows."""
    rows = 1_400_000
    with path.open("w", encoding="utf-8", newline="") as f:
        f.write(HEADER + "\r\n")
        for n in range(rows):
            code, measure = f"R{n % 500:03}", f"MHS{n // 500:05}"
            names = f"PROVIDER {code} NHS FOUNDATION TRUST WITH A LONG NAME", f"A measure named at length as publishers do, {measure}"
            line = f"01/01/2025,31/01/2025,Performance,Provider,{code},{names[0]},NONE,NONE,{measure},{names[1]}".ljust(215, ".")
            f.write(f'{line[:-1]}",{n}\r\n'.replace(names[1], f'"{names[1]}'))
    return rows


_AND_TELL_MEMORY = """
import resource, sys
from esteem.cli import main
try:
    main(sys.argv[1:])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_a_file_of_300_megabytes_is_loaded_in_bounded_memory(home, tmp_path):
    path = tmp_path / NAME
    rows = _very_large(path)
    assert path.stat().st_size > 300_000_000
    done = subprocess.run([sys.executable, "-c", _AND_TELL_MEMORY, "load", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "s left" in done.stderr
    assert int(done.stdout.splitlines()[-1]) < 1_000_000  # kilobytes
    with open_snapshot(home=home) as snapshot:
        held = "select count(*) as n from observations o join editions e using (edition) where e.covers = 'main 2025-01'"
        assert snapshot.rows(held) == [{"n": rows}]
