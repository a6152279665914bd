"""What a load changes, said in figures: new series and periods, revised values with old and new, series that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from esteem.evidence.pack.assembly import SourceTables
from esteem.evidence.pack.parts import PACKED, decode, joined
from esteem.evidence.pack.shapes import CELL
from esteem.evidence.snapshots import Snapshot

_SHOWN = 200  # revised figures listed one by one; all are counted
_AT_ONCE = 200_000  # figures compared at once, at most (a single longer series goes whole)


@dataclass(frozen=True)
class Revised:
    """One figure that a newer edition gives differently; None = no value, and the flags say why."""

    series: str
    place: str
    period_start: date
    period_end: date
    breakdown: str
    category: str
    old: float | None
    new: float | None
    old_flags: str
    new_flags: str


@dataclass
class Changes:
    """`new_periods`: {series: [(start, end), ...]} of series that were there before. Counts are of figures."""

    new_series: list[str] = field(default_factory=list)
    new_periods: dict[str, list[tuple[date, date]]] = field(default_factory=dict)
    new_figures: int = 0
    revised_figures: int = 0
    revised: list[Revised] = field(default_factory=list)  # the first 200
    older_figures: int = 0  # given by a file that a later edition, already there, outranks
    disappeared: list[str] = field(default_factory=list)  # series that the last edition like it had, and this one has not


def changes_of(before: Snapshot, tables: list[SourceTables]) -> Changes:
    """Compare what was loaded with the snapshot before. `tables` are the sources loaded, as they are now."""
    found = Changes()
    for source in tables:
        fresh = _fresh(source, "observations")
        found.older_figures += _fresh(source, "superseded").num_rows
        for some in _by_series(fresh):
            with before.beside("fresh", some) as cursor:
                _compare(cursor, found)
        found.disappeared += _gone(before, source.source, fresh["series"].unique().to_pylist())
    return found


def _by_series(fresh: pa.Table) -> Iterator[pa.Table]:
    """Whole series at a time, few enough rows at once that comparing them takes little memory. `fresh` is sorted by series."""
    counts = [count["counts"] for count in fresh["series"].combine_chunks().cast(pa.string()).value_counts().to_pylist()]
    start = length = 0
    for count in counts:
        if length and length + count > _AT_ONCE:
            yield fresh.slice(start, length)
            start, length = start + length, 0
        length += count
    if length:
        yield fresh.slice(start, length)


def _fresh(source: SourceTables, name: str) -> pa.Table:
    """Figures of the new editions among the winning or the superseded ones, without where they stood."""
    rows = joined([decode(p.data) for p in source.parts if p.part.table == name], PACKED)
    rows = rows.filter(pc.is_in(rows["edition"].cast(pa.string()), pa.array(source.added)))
    return rows.drop_columns([n for n in rows.column_names if n.startswith("source_row")])


_SAME = " and ".join(f"n.{name} = o.{name}" for name in CELL)
_STANDING = "create or replace temp table standing as select * from observations where series in (select distinct series from fresh)"
_NEW = f"from fresh n where not exists (select 1 from standing o where {_SAME})"
_DIFFERS = f"from fresh n join standing o on {_SAME} where " + " or ".join(
    f"n.{name} is distinct from o.{name}" for name in ("value", "numerator", "denominator", "lower", "upper", "flags")
)
_NEW_PERIODS = """
select distinct n.series, n.period_start, n.period_end from fresh n join series s on s.id = n.series
where (n.series, n.period_start, n.period_end) not in (select series, period_start, period_end from standing)
order by all
"""


def _compare(cursor, found: Changes) -> None:
    """Set the new figures beside those that stood there for the same series."""
    cursor.execute(_STANDING)
    new_series = "select distinct series from fresh where series not in (select id from series) order by 1"
    found.new_series += [name for (name,) in cursor.execute(new_series).fetchall()]
    found.new_figures += cursor.execute(f"select count(*) {_NEW}").fetchone()[0]
    for series, start, end in cursor.execute(_NEW_PERIODS).fetchall():
        found.new_periods.setdefault(series, []).append((start, end))
    found.revised_figures += cursor.execute(f"select count(*) {_DIFFERS}").fetchone()[0]
    cells = ", ".join(f"n.{name}" for name in CELL)
    room = _SHOWN - len(found.revised)
    listed = cursor.execute(f"select {cells}, o.value, n.value, o.flags, n.flags {_DIFFERS} order by all limit {room}")
    found.revised += [Revised(*row) for row in listed.fetchall()]


# The edition to compare with: of those that share a series with the new figures, the one whose periods end last.
_GONE = """
with held as (
    select edition, series, max(period_end) as latest from observations
    where series in (select id from series where source = ?) group by all
),
like_it as (
    select edition from held where edition in (select edition from held where list_contains(?, series))
    group by 1 order by max(latest) desc, 1 limit 1
)
select distinct series from held where edition in (from like_it) and not list_contains(?, series) order by 1
"""


def _gone(before: Snapshot, source: str, fresh: list[str]) -> list[str]:
    return before.table(_GONE, [source, fresh, fresh])["series"].to_pylist() if fresh else []
