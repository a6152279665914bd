"""An extract of rows held in memory: worked cases, and the invented rows on which engines are made to agree."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from esteem.evidence.records.schema import Schema, mhsds_v6
from esteem.terms.problems import Problem

Rows = Mapping[str, list[dict[str, Any]]]  # table -> rows; a column that a row lacks is null


class RowsExtract:
    """What a Workbench needs of an extract, over `rows`. A table without rows is empty, and counts as absent when it is not in `rows`."""

    def __init__(self, rows: Rows, engine, schema: Schema | None = None):
        self.engine, self.schema, self.folder = engine, schema or mhsds_v6(), Path("the rows given")
        self._rows = rows
        self.absent = [name for name in self.schema.tables if name not in rows]
        self._tables: dict[str, ir.Table] = {}

    def table(self, name: str) -> ir.Table:
        """The table as Ibis expression. Problem `table-unknown` when the schema has no such table."""
        columns = self.schema.columns(name)
        if columns is None:
            raise Problem("table-unknown", f"A table of {self.schema.version} is named.", name, f"Tables: {', '.join(self.schema.tables)}.")
        if name not in self._tables:
            self._tables[name] = self.engine.rows(columns, self._rows.get(name, []))
        return self._tables[name]
