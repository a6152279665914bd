"""DuckDB through Ibis: the default engine, in one process, with nothing to install."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from esteem.evidence.column_types import ARROW_TYPES, DUCKDB_TYPES
from esteem.evidence.engines.duckdb_sql import writer
from esteem.evidence.engines.grouping import DUCKDB, Grouping, Level, grouping_sql, levels_of
from esteem.terms.problems import Problem

_CHOOSING = (ops.UnboundTable, ops.Project, ops.Filter, ops.DropColumns, ops.Union)
LARGE = 250_000  # rows of a file; a smaller one is read once, for the many queries of a month cost more than its memory


class DuckDBEngine:
    """A throw-away database in memory that spills to the temporary folder. Not shared between threads of Python.

    `threads`: how many the database may use; `memory`: how much it may hold before it spills, as "1GB". None leaves both to the database.
    """

    name = "duckdb"
    one_answer = False

    def __init__(self, threads: int | None = None, memory: str | None = None):
        settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "temp_directory": tempfile.gettempdir()}
        asked = {"threads": threads, "memory_limit": memory}
        settings |= {name: value for name, value in asked.items() if value}
        self._raw = duckdb.connect(config=settings)
        self._names = (f"kept_{number}" for number in count())
        self._views: set[str] = set()

    def columns_in(self, path: Path) -> list[str]:
        """Names of the columns of a Parquet or CSV file, or of a folder of Parquet parts."""
        if path.suffix != ".csv":
            return pq.read_schema(_one_of(path)).names
        described = self._raw.execute(f"DESCRIBE SELECT * FROM {_source(path)}").fetchall()
        return [name for name, *_ in described]

    def scan(self, path: Path, columns: Mapping[str, str]) -> ir.Table:
        """The file's `columns` (name -> type of the schema) as a table. Problem `value-type` names the first value that does not fit.

        A large Parquet file whose types are right is left where it is: each query then reads only the columns and months it needs.
        """
        name = next(self._names)
        changed = self._changed(path, columns)
        made = "VIEW" if not changed and path.suffix != ".csv" and _rows_in(path) > LARGE else "TABLE"
        chosen = (f'TRY_CAST("{c}" AS {DUCKDB_TYPES[columns[c]]}) AS "{c}"' if c in changed else f'"{c}"' for c in columns)
        self._raw.execute(f"CREATE {made} {name} AS SELECT {', '.join(chosen)} FROM {_source(path)}")
        self._check_types(path, columns, changed, name)
        if made == "VIEW":
            self._views.add(name)
        return ibis.table(dict(columns), name=name)

    def _changed(self, path: Path, columns: Mapping[str, str]) -> list[str]:
        """Columns that the file holds as another type than the schema's."""
        if path.suffix == ".csv":
            return [column for column, kind in columns.items() if kind != "string"]
        held = {column.name: _KINDS.get(column.type) for column in pq.read_schema(_one_of(path))}
        return [column for column, kind in columns.items() if held.get(column) != kind]

    def _check_types(self, path: Path, columns: Mapping[str, str], changed: list[str], name: str) -> None:
        for column in changed:
            lost = f'SELECT row_number() OVER () AS row, "{column}" AS value FROM {_source(path)}'
            test = f"SELECT row, value FROM ({lost}) WHERE value IS NOT NULL AND TRY_CAST(value AS {DUCKDB_TYPES[columns[column]]}) IS NULL"
            bad = self._raw.execute(f"{test} ORDER BY row LIMIT 1").fetchone()
            if bad:
                self._raw.execute(f"DROP TABLE {name}")
                rule = f"Values of {column} are of the type {columns[column]}."
                row = bad[0] + (path.suffix == ".csv")
                raise Problem("value-type", rule, repr(bad[1]), "Correct the value or leave it empty.", str(path), row, column)

    def empty(self, columns: Mapping[str, str]) -> ir.Table:
        name = next(self._names)
        fields = ", ".join(f'"{column}" {DUCKDB_TYPES[kind]}' for column, kind in columns.items())
        self._raw.execute(f"CREATE TABLE {name} ({fields})")
        return ibis.table(dict(columns), name=name)

    def rows(self, columns: Mapping[str, str], rows: list[dict]) -> ir.Table:
        """Rows of Python values as a table with `columns` (name -> type of the schema); a column that a row lacks is null."""
        if not rows:
            return self.empty(columns)
        name = next(self._names)
        fields = pa.schema([(column, ARROW_TYPES[kind]) for column, kind in columns.items()])
        self._raw.register("given", pa.Table.from_pylist(rows, fields))
        self._raw.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        self._raw.unregister("given")
        return ibis.table(dict(columns), name=name)

    def keep(self, expression: ir.Table) -> ir.Table:
        """The rows of an expression, worked out once and kept as a table of this database.

        Rows chosen from a large file stay a view of it: copying them costs more than reading the few columns of them that are asked for.
        So does anything made from one while only `one_answer` is wanted, which the database then works out as a whole.
        """
        name = next(self._names)
        viewed = self._is_viewed(expression.op())
        self._raw.execute(f"CREATE {'VIEW' if viewed else 'TABLE'} {name} AS {self._sql(expression)}")
        if viewed:
            self._views.add(name)
        return ibis.table(expression.schema(), name=name)

    def _is_viewed(self, expression: ops.Relation) -> bool:
        """Whether it reads a view, and for one answer or only to choose rows and columns."""
        found = expression.find(ops.Relation)
        if not any(isinstance(step, ops.UnboundTable) and step.name in self._views for step in found):
            return False
        only = all(isinstance(step, _CHOOSING) and not getattr(step, "distinct", False) for step in found)
        return self.one_answer or (only and not expression.find(ops.WindowFunction))

    def totals(self, rows: ir.Table, groupings: Sequence[Grouping]) -> list[Level]:
        """The totals of every grouping over the rows, which are worked out once."""
        query = f"WITH kept AS MATERIALIZED ({self._sql(rows)})\n{grouping_sql('kept', groupings, DUCKDB)}"
        return levels_of(self._raw.execute(query).to_arrow_table().to_pylist(), groupings)

    def run(self, expression: ir.Table) -> pa.Table:
        return self._raw.execute(self._sql(expression)).to_arrow_table()

    def _sql(self, expression: ir.Table) -> str:
        """The SQL to run. Selects are left nested: joining them into one costs a third of the writing and the database does it anyway."""
        before = ibis.options.sql.fuse_selects
        ibis.options.sql.fuse_selects = False
        try:
            return writer.to_sqlglot(expression).sql(dialect=writer.dialect, copy=False)
        finally:
            ibis.options.sql.fuse_selects = before

    def explain(self, expression: ir.Table) -> str:
        """The SQL of an expression in this engine's dialect."""
        return str(ibis.to_sql(expression, dialect=self.name))

    def close(self) -> None:
        self._raw.close()


_KINDS = {
    pa.string(): "string",
    pa.large_string(): "string",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
    pa.int32(): "int32",
    pa.int64(): "int64",
    pa.bool_(): "boolean",
    pa.float64(): "float64",
}


def _rows_in(path: Path) -> int:
    """Rows of a Parquet file or of a folder of parts, from their footers."""
    return sum(pq.read_metadata(part).num_rows for part in (path.glob("*.parquet") if path.is_dir() else (path,)))


def _one_of(path: Path) -> Path:
    """A file with the columns of the table: itself, or one part of a folder."""
    return min(path.glob("*.parquet")) if path.is_dir() else path


def _source(path: Path) -> str:
    quoted = str(path / "*.parquet" if path.is_dir() else path).replace("'", "''")
    if path.suffix != ".csv":
        return f"read_parquet('{quoted}')"
    return f"read_csv('{quoted}', header = true, all_varchar = true, delim = ',', quote = '\"', nullstr = '')"
