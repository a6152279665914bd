"""Read a snapshot: SQL over its figures, places and reference tables. Nothing here writes.

    snapshot = open_snapshot()
    snapshot.rows("select * from observations where series = ? and place = ?", ["dashboard.EIP(i)", "99G"])
    snapshot.rows("select * from observations_as_at(?) where series = ?", [date(2020, 3, 31), "dashboard.EIP(i)"])

Figures stay in their Parquet files, sorted by series, and are read as they are asked for; the small tables are held in memory.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow as pa

from esteem.evidence.geography import Geography
from esteem.evidence.pack.parts import SOURCE_ROW_SQL
from esteem.evidence.pack.shapes import CELL, OBSERVATIONS, SHAPES, SPANNING
from esteem.evidence.snapshot_store import Kept, SnapshotStore
from esteem.terms.problems import Problem

_ANSWERS_KEPT = 2_000  # of queries already answered; a snapshot never changes, so an answer stays right
_ROWS_KEPT = 500  # longer answers are asked again
_LAZY = ("observations", "superseded")
# How the database calls the types of `SHAPES`. It could take an empty table itself, but looks for pandas then.
_TYPES = {
    pa.string(): "varchar",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.list_(pa.string()): "varchar[]",
}


def open_snapshot(ref: str | None = None, home: Path | None = None) -> Snapshot:
    """The snapshot named by `ref` (an id, its beginning, or `shipped`), by default the one that is served.

    Raises Problem `snapshot-unknown`, `snapshot-missing` or `snapshot-damaged`.
    """
    store = SnapshotStore(home)
    return Snapshot(store.find(ref) if ref else store.current())


class Snapshot:
    """A snapshot open for reading; safe to share between threads."""

    def __init__(self, kept: Kept):
        if damage := kept.damage():
            raise Problem(
                "snapshot-damaged",
                "Every part of a snapshot is whole.",
                f"{damage[0]}{f' and {len(damage) - 1} more' if len(damage) > 1 else ''}",
                "Run `esteem snapshots rollback` to go back to the one before, or `esteem snapshots rollback shipped`.",
            )
        self.manifest = kept.manifest
        self.id = kept.manifest.id
        self.created = kept.manifest.created
        self.path = kept.folder
        self._place_of = kept.place_of
        self._engine = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
        self._engine.execute("set parquet_metadata_cache = true")
        self._of_thread = threading.local()
        self._answers: OrderedDict[tuple, list[dict]] = OrderedDict()
        self._lock = threading.Lock()
        for name in sorted({*SHAPES, *kept.manifest.tables}):
            self._define(name)
        self._engine.execute(_as_at_macro())

    def _define(self, name: str) -> None:
        paths = [str(self._place_of(part)) for part in self.manifest.parts_of(name)]
        if not paths:
            columns = ", ".join(f'"{field.name}" {_TYPES[field.type]}' for field in SHAPES[name])
            self._engine.execute(f'create table "{name}" ({columns})')
            return
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        columns = _figure_columns() if name in _LAZY else "*"
        made = "table" if name in SPANNING else "view"
        loosely = "" if len(paths) == 1 or name in _LAZY else ", union_by_name = true"  # costs each query; figures all have one shape
        self._engine.execute(f'create {made} "{name}" as select {columns} from read_parquet([{listed}]{loosely})')

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._of_thread, "cursor"):
            self._of_thread.cursor = self._engine.cursor()
        return self._of_thread.cursor

    def rows(self, sql: str, params: Sequence = ()) -> list[dict]:
        """Rows as dictionaries, by column name. Short answers are remembered."""
        key = (sql, tuple(params))
        with self._lock:
            known = self._answers.get(key)
        if known is None:
            known = self._ask(sql, params)
            if len(known) <= _ROWS_KEPT:
                self._remember(key, known)
        return [dict(row) for row in known]

    def _ask(self, sql: str, params: Sequence) -> list[dict]:
        cursor = self._cursor().execute(sql, list(params))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _remember(self, key: tuple, answer: list[dict]) -> None:
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > _ANSWERS_KEPT:
                self._answers.popitem(last=False)

    def table(self, sql: str, params: Sequence = ()) -> pa.Table:
        """The same as an Arrow table, for many rows."""
        return self._cursor().execute(sql, list(params)).to_arrow_table()

    @contextmanager
    def beside(self, name: str, rows: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that sees `rows` under `name` beside the snapshot's own tables, for comparing the two."""
        cursor = self._engine.cursor()
        cursor.register(name, rows)
        try:
            yield cursor
        finally:
            cursor.unregister(name)

    @cached_property
    def geography(self) -> Geography:
        return Geography.of_snapshot(self.rows)

    def close(self) -> None:
        self._engine.close()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_) -> None:
        self.close()


def _figure_columns() -> str:
    return ", ".join(SOURCE_ROW_SQL if name == "source_row" else name for name in OBSERVATIONS.names)


def _as_at_macro() -> str:
    """Figures of periods that had ended by a day. Where the winning edition was published later and an earlier one was out, the earlier.

    An edition without a known day of publication counts as out.
    """
    names = ", ".join(OBSERVATIONS.names)
    same = " and ".join(f"a.{name} = b.{name}" for name in CELL)
    cell = ", ".join(CELL)
    return f"""
create macro observations_as_at(day) as table
with late as (select edition from editions where published > day),
out as (
    select s.* from superseded s join editions e using (edition)
    where s.period_end <= day and (e.published is null or e.published <= day)
    qualify row_number() over (partition by {cell} order by e.published desc nulls last, e.rank desc) = 1
),
earlier as (select b.* from out b where exists (select 1 from observations a where {same} and a.edition in (select edition from late)))
select {names} from observations a
where period_end <= day
  and not (edition in (select edition from late) and exists (select 1 from earlier b where {same}))
union all
select {names} from earlier
"""
