"""Tables written chunk by chunk: one Parquet file for each table, in the layout that an extract is opened from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from esteem.evidence.column_types import ARROW_TYPES
from esteem.evidence.invented.recording import Columns
from esteem.evidence.records.schema import Schema, iapt_v21, mhsds_v6
from esteem.terms.problems import Problem

_SHARED = {"UniqSubmissionID", "RecordNumber"}  # every row has them; a table that does not name them leaves them out


class Writers:
    """Open files of an extract; `add` appends rows. Used as a context: closes every file."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.rows: dict[str, int] = {}
        self._open: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Writers:
        return self

    def __exit__(self, kind: type | None, wrong: BaseException | None, trace: TracebackType | None) -> None:
        for writer in self._open.values():
            writer.close()

    def add(self, name: str, table: pa.Table) -> None:
        """Append rows; an empty table still makes a file with its columns."""
        if name not in self._open:
            path = self.folder / schema_with(name).folder_of(name) / f"{name}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[name] = pq.ParquetWriter(
                path, table.schema, compression="snappy", use_dictionary=_repeating(table), store_schema=False
            )
            self.rows[name] = 0
        self._open[name].write_table(table, row_group_size=1_000_000)
        self.rows[name] += table.num_rows


@cache
def schemas() -> tuple[Schema, ...]:
    """The data sets that are made: talking therapies where this installation knows the schema."""
    try:
        return mhsds_v6(), iapt_v21()
    except FileNotFoundError:
        return (mhsds_v6(),)


def schema_with(table: str) -> Schema:
    """The data set that has the table. Problem `invented-table` when none has."""
    found = next((schema for schema in schemas() if schema.columns(table) is not None), None)
    if found is None:
        raise Problem("invented-table", "A table made is one of a data set's schema.", table, "Report this.")
    return found


def as_table(name: str, columns: Columns) -> pa.Table:
    """The columns in the schema's order and types, with nulls for those not given. Problem `invented-column` for one it does not know."""
    wanted = schema_with(name).columns(name)
    unknown = set(columns) - set(wanted) - _SHARED
    if unknown:
        raise Problem("invented-column", f"A column made for {name} is one of its schema.", ", ".join(sorted(unknown)), "Report this.")
    rows = max((len(column) for column in columns.values()), default=0)
    made = [_typed(columns.get(column), kind, rows) for column, kind in wanted.items()]
    return pa.table(made, names=list(wanted))


def _typed(column: pa.Array | None, kind: str, rows: int) -> pa.Array:
    if column is None:
        return pa.nulls(rows, ARROW_TYPES[kind])
    if isinstance(column, pa.DictionaryArray) or column.type == ARROW_TYPES[kind]:
        return column
    return column.cast(ARROW_TYPES[kind])


def _repeating(table: pa.Table) -> list[str]:
    """Columns worth a dictionary: codes, months, dates and whatever is empty; not identifiers."""
    return [
        field.name for field in table.schema if pa.types.is_dictionary(field.type) or pa.types.is_date(field.type) or field.name in _FEW
    ]


_FEW = {"UniqMonthID", "UniqSubmissionID", "AgeRepPeriodEnd", "AgeRepPeriodStart", "AgeServReferRecDate", "AgeCareContDate", "PersScore"}
