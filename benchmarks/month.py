"""How long a whole month of all measures and breakdowns takes, counted and released: `python benchmarks/month.py DIR [MONTH]`.

DIR holds mhsds/ and reference_data/, such as `esteem demo records` makes; MONTH is 2025-03 by default. CPU seconds are those to compare:
the wall clock is of a machine that others may be using.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from esteem.evidence.monthly_run import Run, run_month
from esteem.evidence.records.extract import open_extract
from esteem.evidence.records.reporting import Reporting
from esteem.terms.periods import parse


def main(folder: str, month: str = "2025-03") -> None:
    marks = [("start", time.monotonic(), time.process_time())]

    def watch(done: int, of: int, what: str) -> None:
        if what.startswith("release"):
            marks.append(("counted", time.monotonic(), time.process_time()))

    with tempfile.TemporaryDirectory() as out:
        done = run_month(Run(Reporting.of(parse(month).end), folder), open_extract(Path(folder)), Path(out) / month, watch)
    marks.append(("released and written", time.monotonic(), time.process_time()))
    for (_, wall, cpu), (name, later, later_cpu) in pairwise(marks):
        print(f"{name:22} {later - wall:8.1f} s  {later_cpu - cpu:8.1f} CPU s")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most")
    print(f"{done.figures:,} figures, {done.hidden:,} hidden, {done.hidden_second:,} of them to protect others")


if __name__ == "__main__":
    main(*sys.argv[1:])
