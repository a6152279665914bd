"""Compares computed measures with expected figures: a folder of tables and an `expected.csv` in, one line for each expected row out."""

from __future__ import annotations

import csv
import gc
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import Defined, find_breakdown, find_defined
from esteem.evidence.definitions.mhsds.publication import plain
from esteem.evidence.record_model import Breakdown, Levels
from esteem.evidence.records.extract import open_extract
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.workbench import Workbench
from esteem.terms.problems import Problem

COLUMNS = (
    "measure_id",
    "period_type",
    "period_start",
    "period_end",
    "breakdown",
    "level_code",
    "value_unrounded",
    "value_published",
    "pipeline",
)
TOLERANCE = 1e-5  # relative: the national values pass through a 32-bit float


@dataclass(frozen=True)
class Expected:
    """One row of `expected.csv`; `unrounded` is None (a blank) where the nation made no row."""

    measure_id: str
    period_type: str
    period_start: date
    period_end: date
    breakdown: str
    level_code: str
    unrounded_text: str
    published: str
    pipeline: str

    @property
    def unrounded(self) -> float | None:
        return float(self.unrounded_text) if self.unrounded_text else None


@dataclass(frozen=True)
class Checked:
    """`unrounded` and `published` are what was computed: both empty (None, "") for a measure or breakdown that is not defined."""

    expected: Expected
    unrounded: float | None
    published: str
    defined: bool

    @property
    def equal(self) -> bool:
        if not self.defined:
            return False
        wanted = self.expected.unrounded
        same = (self.unrounded or 0.0) == 0.0 if wanted is None else _close(wanted, self.unrounded or 0.0)
        return same and _same_text(self.expected.published, self.published)


def verify(folder: Path, measures: str = "*", engine=None) -> list[Checked]:
    """Every expected row whose measure id fits the pattern, in the order of the file, with what the tables give.

    `measures`: one pattern such as `MHS95*`, or several with commas between. `engine`: one of engines/ (DuckDB when none is given).
    Problems: `expected-absent`, `expected-column`, `expected-value`, and those of opening an extract and computing.
    """
    patterns = measures.split(",")
    rows = [row for row in read_expected(Path(folder) / "expected.csv") if any(fnmatchcase(row.measure_id, p) for p in patterns)]
    extract = open_extract(Path(folder), engine=engine)
    found: dict[Expected, Checked] = {}
    with _without_collecting():
        for end in sorted({row.period_end for row in rows}):
            work = Workbench(extract, Reporting.of(end))
            found |= _checked(work, [row for row in rows if row.period_end == end])
    return [found[row] for row in rows]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Expressions are very many small objects without circles: looking for circles in them takes an eighth of the run's CPU."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def as_row(checked: Checked) -> dict[str, str]:
    """One comparison as the columns of the command's CSV; blank where nothing was expected or computed."""
    expected = checked.expected
    return {
        "measure_id": expected.measure_id,
        "period_type": expected.period_type,
        "period_start": expected.period_start.isoformat(),
        "period_end": expected.period_end.isoformat(),
        "breakdown": expected.breakdown,
        "level_code": expected.level_code,
        "expected_unrounded": expected.unrounded_text,
        "value_unrounded": "" if checked.unrounded is None else plain(checked.unrounded),
        "expected_published": expected.published,
        "value_published": checked.published,
        "equal": str(checked.equal).lower(),
    }


def summary(checked: Iterable[Checked]) -> list[str]:
    """One line for each measure with rows that differ or that is not defined, and one for all."""
    by_measure: dict[str, list[Checked]] = {}
    for row in checked:
        by_measure.setdefault(row.expected.measure_id, []).append(row)
    lines = []
    for name, rows in by_measure.items():
        equal = sum(row.equal for row in rows)
        known = "" if all(row.defined for row in rows) else f" ({sum(not row.defined for row in rows)} not defined)"
        lines.append(f"{name}: {equal} of {len(rows)} equal{known}")
    every = [row for rows in by_measure.values() for row in rows]
    whole = sum(all(row.equal for row in rows) for rows in by_measure.values())
    return [*lines, f"{sum(r.equal for r in every)} of {len(every)} figures equal; {whole} of {len(by_measure)} measures wholly"]


def _checked(work: Workbench, rows: Iterable[Expected]) -> dict[Expected, Checked]:
    asked = {row: _request(work, row) for row in rows}
    results = compute(work, dict.fromkeys(request for _, request in asked.values() if request))
    return {row: _compare(row, found, request, results.get(request, {})) for row, (found, request) in asked.items()}


def _compare(row: Expected, found: Defined | None, request: Request | None, levels: Levels) -> Checked:
    if request is None:
        return Checked(row, None, "", False)
    figure, publication = levels.get(row.level_code), found.family.publication
    text = publication.text(figure, found.measure.value.kind, request.breakdown)
    return Checked(row, publication.unrounded(figure), text, True)


def _request(work: Workbench, row: Expected) -> tuple[Defined | None, Request | None]:
    """What to compute for a row; nothing when the measure, its breakdown or its period is not defined."""
    found = find_defined(row.measure_id, row.period_type, row.pipeline)
    breakdown: Breakdown | None = find_breakdown(found, row.breakdown) if found else None
    window = work.month.window(row.period_type) if found else None
    if breakdown is None or (window.start, window.end) != (row.period_start, row.period_end):
        return found, None
    return found, Request(found.measure, row.period_type, breakdown)


def read_expected(path: Path) -> list[Expected]:
    """The rows of an `expected.csv`. Problems name the row and column that cannot be read."""
    if not path.is_file():
        raise Problem("expected-absent", "The folder holds expected.csv.", str(path), "Add the figures to compare with.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        absent = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if absent:
            raise Problem(
                "expected-column", f"expected.csv has the columns {', '.join(COLUMNS)}.", f"no {', '.join(absent)}", "", str(path), 1
            )
        return [_expected(row, path, number) for number, row in enumerate(reader, start=2)]


def _expected(row: dict[str, str], path: Path, number: int) -> Expected:
    try:
        start, end = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
        float(row["value_unrounded"] or 0)
    except ValueError as wrong:
        raise Problem("expected-value", "Dates are written 2025-03-31 and values as numbers.", str(wrong), "", str(path), number) from None
    id_and_kind, level = (row["measure_id"], row["period_type"]), (row["breakdown"], row["level_code"])
    return Expected(*id_and_kind, start, end, *level, row["value_unrounded"], row["value_published"], row["pipeline"])


def _close(wanted: float, found: float) -> bool:
    return math.isclose(wanted, found, rel_tol=TOLERANCE, abs_tol=1e-9)


def _same_text(wanted: str, found: str) -> bool:
    """Equal as text or, unrounded figures of England, as numbers."""
    if wanted == found:
        return True
    try:
        return _close(float(wanted), float(found))
    except ValueError:
        return False
