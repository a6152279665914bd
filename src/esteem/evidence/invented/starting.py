"""The small invented place that a new installation starts with: made and loaded the way real records are, once, and never beside them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from esteem.evidence.invented.making import make_records
from esteem.evidence.invented.writing import schemas
from esteem.evidence.records.checks import checks_of
from esteem.evidence.records.record_loading import load_records
from esteem.evidence.records.record_store import DATA_SETS, LoadedRecords, RecordStore
from esteem.terms.home import home as esteem_home

PLACES, PEOPLE, MONTHS, SEED = ("all",), 10_000, 14, 1


def data_sets_without_records(home: Path | None = None) -> list[str]:
    """Data sets of which nothing was ever loaded, and that can be made."""
    store = RecordStore(home)
    return [name for name in DATA_SETS if _can_be_loaded(name) and store.current_or_none(name) is None]


def _can_be_loaded(data_set: str) -> bool:
    """A data set whose checks are written, and which the place has."""
    try:
        return checks_of(data_set).schema in schemas()
    except FileNotFoundError:
        return False


def start_place(
    *, at: datetime, by: str, home: Path | None = None, told: Callable[[str], None] = lambda words: None
) -> list[LoadedRecords]:
    """Make the place and load each data set that has no records; those that have any are left as they are. `at`, `by`: of the load.

    Raises the Problems of a load; then those data sets stay empty.
    """
    wanted = data_sets_without_records(home)
    if not wanted:
        return []
    home = Path(home) if home is not None else esteem_home()
    home.mkdir(parents=True, exist_ok=True)
    found = []
    with tempfile.TemporaryDirectory(prefix=".invented-", dir=home) as made:
        folder = Path(made) / "invented-place"
        told(f"making {PEOPLE:,} invented people")
        make_records(folder, PLACES, PEOPLE, MONTHS, SEED, threads=1)
        for data_set in wanted:
            told(f"loading their records: {data_set}")
            report = load_records(data_set, folder, at=at, by=by, home=home)
            found += [report.loaded] if report.loaded else []
    return found
