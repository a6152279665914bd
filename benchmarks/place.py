"""How fast invented places are made, at three sizes, with memory. Run: python benchmarks/place.py [PEOPLE ...]

A person-month is one person in one reporting month of the records. The bar is that of issue 3: 100,000 a second.
"""

from __future__ import annotations

import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

SIZES = (20_000, 100_000, 500_000)
MONTHS = 14
BAR = 100_000


def measured(people: int) -> dict[str, float]:
    """Wall and CPU seconds, rows, bytes and peak memory of one place, made in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run([sys.executable, __file__, "--one", str(people), folder], capture_output=True, text=True, check=True)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet"))
    wall, cpu, rows, memory = (float(word) for word in told.stdout.split())
    return {"wall": wall, "cpu": cpu, "rows": rows, "bytes": size, "memory": memory}


def one(people: int, folder: Path) -> None:
    from esteem.evidence.invented.making import make_records

    wall, cpu = time.perf_counter(), time.process_time()
    made = make_records(folder, ["all"], people, MONTHS, 1, threads=2)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(wall, cpu, sum(made.rows.values()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def main(sizes: tuple[int, ...]) -> None:
    print(f"{date.today()}, {platform.machine()}, Python {platform.python_version()}; {MONTHS} months, two threads")
    print(f"{'people':>10} {'rows':>12} {'MB':>6} {'wall s':>7} {'CPU s':>7} {'memory MB':>10} {'person-months/s':>16} {'per CPU s':>10}")
    for people in sizes:
        found, months = measured(people), people * MONTHS
        print(
            f"{people:>10,} {found['rows']:>12,.0f} {found['bytes'] / 1e6:>6.0f} {found['wall']:>7.1f} {found['cpu']:>7.1f} "
            f"{found['memory'] / 1e6:>10.0f} {months / found['wall']:>16,.0f} {months / found['cpu']:>10,.0f}"
        )
        if months / found["cpu"] < BAR:
            print(f"below the bar of {BAR:,} person-months a CPU second")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(tuple(int(word) for word in sys.argv[1:]) or SIZES)
