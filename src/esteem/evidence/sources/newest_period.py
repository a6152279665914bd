"""Which of two editions of a series file is the newer: the one whose figures reach further."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import RawFile
from esteem.terms import periods
from esteem.terms.problems import Problem


def newest_period(raw: RawFile, columns: Sequence[str], column: str) -> tuple[date, str] | None:
    """(last day, text as found) of the latest period in a column; None when none can be read. Damage is left for `tidy` to report."""
    at = columns.index(column)
    seen: set[str] = set()
    try:
        for _, cells in delimited.records(raw, columns, rejected=[]):
            seen.add(cells[at].strip())
    except Problem:
        pass
    found = []
    for text in seen:
        try:
            found.append((periods.parse(text).end, text))
        except Problem:
            continue
    return max(found, default=None)
