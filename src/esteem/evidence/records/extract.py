"""A folder of record-level tables, opened for counting.

The folder holds `mhsds/<TABLE>.parquet` and `reference_data/<TABLE>.parquet` (or `.csv`, or a folder `<TABLE>/` of Parquet parts).
A table is read when it is first used; the columns of every file are checked at once. A table without a file is empty.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import ibis.expr.types as ir

from esteem.evidence.engines.duckdb_engine import DuckDBEngine
from esteem.evidence.records.schema import Schema, mhsds_v6
from esteem.terms.problems import Problem, Problems

FORMS = (".parquet", ".csv", "")  # "" = a folder of Parquet parts, all with the same columns
SMALL = 64 * 2**20  # bytes; below this the work of sharing a query between threads costs more than it saves


class Extract:
    """The tables of one folder by name. `absent` lists tables without a file, `ignored` the columns that the schema does not know."""

    def __init__(self, folder: Path, engine: DuckDBEngine, schema: Schema):
        self.folder, self.engine, self.schema = folder, engine, schema
        self.files = _files(folder, schema)
        self.absent = [name for name in schema.tables if name not in self.files]
        self._tables: dict[str, ir.Table] = {}

    @cached_property
    def ignored(self) -> dict[str, list[str]]:
        found = {name: [c for c in self.engine.columns_in(path) if c not in self.schema.columns(name)] for name, path in self.files.items()}
        return {name: columns for name, columns in found.items() if columns}

    def table(self, name: str) -> ir.Table:
        """The table as Ibis expression, every month. Problem `table-unknown` when the schema has no such table."""
        columns = self.schema.columns(name)
        if columns is None:
            raise Problem("table-unknown", f"A table of {self.schema.version} is named.", name, f"Tables: {', '.join(self.schema.tables)}.")
        if name not in self._tables:
            path = self.files.get(name)
            self._tables[name] = self.engine.scan(path, columns) if path else self.engine.empty(columns)
        return self._tables[name]

    def check_columns(self) -> None:
        """Raises Problems `column-absent`, one for each column that a file lacks."""
        wrong = []
        for name, path in self.files.items():
            present = set(self.engine.columns_in(path))
            wrong += [
                Problem("column-absent", f"The table {name} has the column {column}.", "no such column", _ADD, str(path), 1, column)
                for column in self.schema.columns(name)
                if column not in present
            ]
        if wrong:
            raise Problems(wrong)


_ADD = "Add the column; leave it empty where nothing is known."


def open_extract(folder: Path, schema: Schema | None = None, engine: DuckDBEngine | None = None) -> Extract:
    """The extract in `folder`. Problem `extract-absent` when it holds no table, Problems `column-absent` when files lack columns."""
    schema, folder = schema or mhsds_v6(), Path(folder)
    size = sum(part.stat().st_size for path in _files(folder, schema).values() for part in parts_of(path))
    extract = Extract(folder, engine or DuckDBEngine(threads=1 if size < SMALL else None), schema)
    if not any(name in extract.files for name in extract.schema.records):
        remedy = f"Give a folder that holds {schema.folder}/{next(iter(schema.records))}.parquet (or .csv) and the other tables."
        raise Problem("extract-absent", "The folder holds tables of the data set.", str(folder), remedy)
    extract.check_columns()
    return extract


def parts_of(path: Path) -> list[Path]:
    """The files of a table: itself, or the Parquet parts of a folder."""
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def _files(folder: Path, schema: Schema) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for name in schema.tables:
        places = [folder / schema.folder_of(name) / f"{name}{form}" for form in FORMS]
        found = [path for path in places if path.is_file() or (path.is_dir() and parts_of(path))]
        if len(found) > 1:
            raise Problem("table-twice", "A table comes in one file.", ", ".join(p.name for p in found), "Keep one.", str(found[0]))
        if found:
            files[name] = found[0]
    return files
