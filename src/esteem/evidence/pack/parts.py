"""One part of a pack: a table as compact Parquet bytes, the same bytes for the same rows.

Where a figure stands in its file ("row 1234") is different in every row and would be the largest column of all. It is written as three
columns (words before, number, words after) and put together again on reading; nothing is lost.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS_IN_GROUP = 32_768  # a query for one series reads one or two groups
_NUMBERED = r"^(?P<before>.*?[Rr]ows? )(?P<number>[1-9][0-9]{0,8})(?P<after>(?:[^0-9].*)?)$"
_SPLIT = ("source_row_before", "source_row_number", "source_row_after")
SOURCE_ROW_SQL = (
    "case when source_row_number is null then source_row_before "
    "else source_row_before || source_row_number || source_row_after end as source_row"
)


def split_source_row(table: pa.Table) -> pa.Table:
    """`source_row` as three columns. Text that is not "... row N ..." is kept whole in the first of them."""
    if "source_row" not in table.column_names:
        return table
    text = table["source_row"]
    found = pc.extract_regex(text, _NUMBERED)
    number = pc.struct_field(found, "number").cast(pa.int32())
    before = pc.coalesce(pc.struct_field(found, "before"), text)
    after = pc.struct_field(found, "after")
    at = table.column_names.index("source_row")
    table = table.remove_column(at)
    for name, column in zip(_SPLIT, (before, number, after), strict=True):
        table = table.append_column(name, column)
    return table


def join_source_row(table: pa.Table) -> pa.Table:
    """The reverse of `split_source_row`, with `source_row` back in its place before `edition`."""
    if _SPLIT[0] not in table.column_names:
        return table
    before, number, after = (table[name] for name in _SPLIT)
    joined = pc.binary_join_element_wise(before, number.cast(pa.string()), after, "")
    text = pc.coalesce(joined, before)
    table = table.drop_columns(list(_SPLIT))
    at = table.column_names.index("edition") if "edition" in table.column_names else table.num_columns
    return table.add_column(at, "source_row", text)


def encode(table: pa.Table) -> bytes:
    """Parquet bytes of a table already in order."""
    table = split_source_row(table)
    table = table.replace_schema_metadata(None)
    sink = io.BytesIO()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=15,
        use_dictionary=True,
        row_group_size=ROWS_IN_GROUP,
        data_page_size=1 << 20,
        write_page_index=False,
        store_schema=False,
        version="2.6",
    )
    return sink.getvalue()


def decode(path: Path) -> pa.Table:
    """The table in a part, as it was given to `encode`."""
    return join_source_row(pq.read_table(path, partitioning=None))


def part_name(table: str, source: str) -> str:
    """A file name that says what the part holds: `observations-talking_therapies_annual.parquet`."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", f"{table}-{source}" if source else table) + ".parquet"
