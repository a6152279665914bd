"""How long questions take on the shipped pack. Run: python benchmarks/ask.py

Each line is the median of several runs after one to warm up; the bar is that of issue 1: all England by a breakdown in at most 1 s.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from datetime import date

from esteem.evidence.ask import ask
from esteem.evidence.definitions import find_measure
from esteem.evidence.publish import as_rows, release
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.periods import financial_year

RUNS = 5
QUESTIONS = (
    ("one place, one series", "out-of-area-bed-days", "99G", {}),
    ("seven places, 12 months, one figure", "psychosis-treated-within-two-weeks", "set-ccgs", {"over": financial_year(2018)}),
    ("one place, control limits", "psychosis-treated-within-two-weeks", "99G", {"spc": True}),
    ("all ICBs by ethnicity, every year", "talking-therapies-recovery", "all:icb", {"by": "ethnicity"}),
    ("all CCGs by ethnicity, every year", "talking-therapies-recovery", "all:ccg", {"by": "ethnicity"}),
    ("all providers by ethnicity, every year", "talking-therapies-recovery", "all:provider", {"by": "ethnicity"}),
    ("all CCGs, 46 months", "psychosis-treated-within-two-weeks", "all:ccg", {}),
)


def median_seconds(run: Callable[[], object]) -> float:
    run()
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    start = time.perf_counter()
    snapshot = open_snapshot("shipped")
    print(
        f"{date.today()}, {platform.machine()}, Python {platform.python_version()}; snapshot opened in {time.perf_counter() - start:.2f} s"
    )
    print(f"{'question':42} {'rows':>6} {'ask':>8} {'release':>8}")
    for words, name, where, more in QUESTIONS:
        measure = find_measure(name)
        answers = ask(snapshot, measure, where, **more)
        asked = median_seconds(lambda measure=measure, where=where, more=more: ask(snapshot, measure, where, **more))
        released = median_seconds(lambda answers=answers: as_rows(release(answers)))
        print(f"{words:42} {len(answers):6} {asked:7.3f}s {released:7.3f}s")


if __name__ == "__main__":
    main()
