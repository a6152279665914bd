"""How long the pack takes to build, how much memory and disk, and how fast a snapshot opens and answers. Run: python benchmarks/pack.py

Bars of issue 1: build at most 60 s and 2 GB on 2 cores, at most 20 MB. Memory is the sum of the proportional shares (PSS) of the command
and its workers, sampled ten times a second. Queries are timed past the snapshot's memory of answers: what a first reader waits for.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from esteem.evidence.pack.manifest import read_manifest
from esteem.evidence.snapshot_store import Kept
from esteem.evidence.snapshots import Snapshot

SHARED = Path(os.environ.get("ESTEEM_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
QUERIES = (
    ("one series, one place", "select * from observations where series = ? and place = ?", ["dashboard.EIP(i)", "99G"]),
    (
        "the largest source, one place",
        "select * from observations where series = ? and place = ?",
        ["tt_annual.recovery.percentage", "QH8"],
    ),
    (
        "one series, all of one kind",
        "select o.* from observations o join places p on p.code = o.place where series = ? and kind = 'icb'",
        ["tt_annual.recovery.percentage"],
    ),
)


def main() -> None:
    if not SHARED.is_dir():
        print(f"skipped: no published files at {SHARED} (set ESTEEM_SHARED)")
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "pack"
        seconds, peak = built(target)
        size = sum(p.stat().st_size for p in target.iterdir()) / 1e6
        print(f"build: {seconds:.1f} s, peak {peak:.0f} MB in all processes, pack {size:.1f} MB")
        reading(target)


def built(target: Path) -> tuple[float, float]:
    """(seconds, peak MB) of `esteem pack build`."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "esteem.cli", "pack", "build", str(target), "--from", str(SHARED)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(_share, _family(process.pid))))
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"the build failed: {' '.join(command)}")
    return time.perf_counter() - started, peak


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(p for child in children for p in _family(int(child)))]


def _share(pid: int) -> float:
    """Proportional share of memory in MB; 0 when the process has just ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def reading(folder: Path) -> None:
    started = time.perf_counter()
    snapshot = Snapshot(Kept(read_manifest(folder), folder, lambda part: folder / part.file))
    print(f"open: {(time.perf_counter() - started) * 1e3:.0f} ms")
    started = time.perf_counter()
    places = len(snapshot.geography)
    print(f"geography of {places:,} places: {(time.perf_counter() - started) * 1e3:.0f} ms")
    for words, sql, parameters in QUERIES:
        taken = []
        for _ in range(20):
            started = time.perf_counter()
            rows = snapshot.table(sql, parameters).num_rows
            taken.append((time.perf_counter() - started) * 1e3)
        print(f"{words}: {statistics.median(taken[3:]):.1f} ms ({rows:,} rows)")


if __name__ == "__main__":
    main()
