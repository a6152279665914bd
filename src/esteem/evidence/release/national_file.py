"""Released rows in the layout of the national main monthly file, which `sources/mhsds_monthly.py` reads.

Breakdowns that the main file does not have (three ways, gaps between groups) go to a companion file of the same columns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from esteem.evidence.records.schema import mhsds_v6
from esteem.evidence.release.rows import ReleasedRow
from esteem.evidence.sources.mhsds_breakdowns import read_breakdown
from esteem.evidence.sources.mhsds_monthly import COLUMNS

STATUS = "Performance"  # an own run is never the final national figure
_NO_LEVEL = "NONE"


def write_national(main: Path, companion: Path, rows: Iterable[ReleasedRow], names: Mapping[str, str]) -> tuple[int, int]:
    """Rows written to each. `names`: code of an organisation -> its name."""
    counts = [0, 0]
    with main.open("w", encoding="utf-8", newline="") as first, companion.open("w", encoding="utf-8", newline="") as second:
        writers = [csv.writer(file, lineterminator="\n") for file in (first, second)]
        for writer in writers:
            writer.writerow(COLUMNS)
        for row in rows:
            which = 0 if read_breakdown(row.breakdown) is not None else 1
            writers[which].writerow(_fields(row, names))
            counts[which] += 1
    return counts[0], counts[1]


def _fields(row: ReleasedRow, names: Mapping[str, str]) -> tuple[str, ...]:
    """Level codes stand in the order of the breakdown's name; a breakdown of England has England as its first level."""
    first, _, second = row.level.partition(";")
    if row.breakdown.startswith("England"):
        first, second = "England", "" if row.breakdown == "England" else row.level
    named = names.get(first, first) or first
    words = _words(row.breakdown, second)
    measure = row.measure[:-1] if row.measure.startswith("OAP") else row.measure  # the published file drops the letter of the period
    return (
        *(row.start, row.end, STATUS, row.breakdown, first or "UNKNOWN", named or "UNKNOWN"),
        *(second or _NO_LEVEL, words or _NO_LEVEL, measure, row.title, row.shown),
    )


def _words(breakdown: str, level: str) -> str:
    """The second level in words, where a list of the data set has them."""
    lists = {"Ethnicity": "ethnicity2001", "Lower Ethnicity": "ethnicity2001", "Gender": "gender"}
    codes = mhsds_v6().codes.get(lists.get(breakdown.partition(";")[2].strip(), ""), {})
    found = codes.get(level, level)
    return found[:1].upper() + found[1:]
