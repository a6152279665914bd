"""What released months hide: a figure that `esteem run month` hid, for its own sake or another's, is hidden wherever it is asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from esteem.evidence.definitions.mhsds import Defined, find_breakdown
from esteem.evidence.definitions.mhsds.publication import HIDDEN

RUNS = Path("runs") / "mhsds"
RELEASED = Path("public") / "released.parquet"
Hidden = frozenset[tuple[tuple[str, ...], str]]  # columns of a breakdown, level


def hidden_by_runs(home: Path, found: Defined, period: str, end: date) -> Hidden:
    """The levels of a measure that any released run of the month hides."""
    files = [str(path) for path in sorted((home / RUNS).glob(f"*/{RELEASED}"))]
    if not files:
        return frozenset()
    asked = 'SELECT DISTINCT breakdown, level FROM read_parquet(?) WHERE measure = ? AND period = ? AND "end" = ? AND shown = ?'
    rows = duckdb.execute(asked, [files, found.measure.id, period, end.isoformat(), HIDDEN]).fetchall()
    breakdowns = {name: find_breakdown(found, name) for name, _ in rows}
    return frozenset((breakdowns[name].columns, level) for name, level in rows if breakdowns[name])
