"""What the types of a record schema are in DuckDB and in Arrow."""

from __future__ import annotations

import pyarrow as pa

DUCKDB_TYPES = {
    "string": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "boolean": "BOOLEAN",
    "float64": "DOUBLE",
}
ARROW_TYPES = {
    "string": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "boolean": pa.bool_(),
    "float64": pa.float64(),
}
