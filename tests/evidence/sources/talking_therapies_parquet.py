"""Tiny Parquet files in the publisher's layout, figures as published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from esteem.evidence.sources.contract import RawFile

_TYPES = {"start_date": pa.date32(), "end_date": pa.date32()}


def written(path: Path, columns: tuple[str, ...], rows: list[tuple], value: pa.DataType | None = None) -> RawFile:
    """A Parquet file with these rows; `value` is the type of the value column (text unless said)."""
    fields = [(name, _TYPES.get(name, value or pa.string() if name == "value" else pa.string())) for name in columns]
    table = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], pa.schema(fields))
    pq.write_table(table, path)
    return RawFile(path)


def year(label: str) -> tuple:
    """Reporting period with its two dates."""
    first = int(label[:4])
    return label, date(first, 4, 1), date(first + 1, 3, 31)
