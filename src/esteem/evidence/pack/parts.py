"""One part of a pack: a table as compact Parquet bytes, the same bytes for the same rows.

Figures travel packed: text columns as dictionaries, and where a figure stands in its file ("row 1234", different in every row) as three
columns: words before, number, words after. So a file of two million rows fits in a few hundred megabytes while it is sorted and
compared. `unpacked` puts it together again; nothing is lost.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from esteem.evidence.pack.shapes import OBSERVATIONS

ROWS_IN_GROUP = 65_536  # a query for one series reads one or two groups; more and smaller groups cost more than they save
_NUMBERED = r"^(?P<before>.*?[Rr]ows? )(?P<number>[1-9][0-9]{0,8})(?P<after>(?:[^0-9].*)?)$"
_SPLIT = ("source_row_before", "source_row_number", "source_row_after")
SOURCE_ROW_SQL = (
    "case when source_row_number is null then source_row_before "
    "else source_row_before || source_row_number || source_row_after end as source_row"
)
_WORDS = pa.dictionary(pa.int32(), pa.string())


def _packed_schema() -> pa.Schema:
    fields = [pa.field(f.name, _WORDS if pa.types.is_string(f.type) else f.type) for f in OBSERVATIONS if f.name != "source_row"]
    split = [pa.field(_SPLIT[0], _WORDS), pa.field(_SPLIT[1], pa.int32()), pa.field(_SPLIT[2], _WORDS)]
    return pa.schema([*fields, *split])


PACKED = _packed_schema()


def packed(table: pa.Table) -> pa.Table:
    """Figures of schema OBSERVATIONS as PACKED. Text that is not "... row N ..." is kept whole in `source_row_before`.

    Piece by piece, because the texts taken apart need several times the room of the figures.
    """
    return joined([_packed(table.slice(at, ROWS_IN_GROUP)) for at in range(0, table.num_rows, ROWS_IN_GROUP)], PACKED)


def _packed(table: pa.Table) -> pa.Table:
    found = pc.extract_regex(table["source_row"], _NUMBERED)
    split = {
        _SPLIT[0]: pc.coalesce(pc.struct_field(found, "before"), table["source_row"]),
        _SPLIT[1]: pc.struct_field(found, "number"),
        _SPLIT[2]: pc.struct_field(found, "after"),
    }
    columns = [split.get(f.name, table[f.name] if f.name in table.column_names else None) for f in PACKED]
    return pa.table([c if c.type == f.type else c.cast(f.type) for c, f in zip(columns, PACKED, strict=True)], schema=PACKED)


def unpacked(table: pa.Table) -> pa.Table:
    """The reverse of `packed`."""
    before, number, after = table[_SPLIT[0]].cast(pa.string()), table[_SPLIT[1]], table[_SPLIT[2]].cast(pa.string())
    whole = pc.coalesce(pc.binary_join_element_wise(before, number.cast(pa.string()), after, ""), before)
    columns = [whole if f.name == "source_row" else table[f.name].cast(f.type) for f in OBSERVATIONS]
    return pa.table(columns, schema=OBSERVATIONS)


def joined(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    """Tables one after another in one piece, dictionaries made one."""
    whole = pa.concat_tables([schema.empty_table(), *(t.select(schema.names).cast(schema) for t in tables)])
    return whole.unify_dictionaries().combine_chunks()


def _plain(table: pa.Table) -> pa.Table:
    """Dictionaries written out, so that the bytes depend on the rows alone and not on the order in which words were first seen."""
    columns = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    return pa.table(columns, names=table.column_names)


def encode(table: pa.Table) -> bytes:
    """Parquet bytes of a table already in order."""
    sink = io.BytesIO()
    schema = _plain(table.slice(0, 0)).schema
    writer = pq.ParquetWriter(
        sink, schema, compression="zstd", compression_level=15, use_dictionary=True, store_schema=False, version="2.6"
    )
    with writer:
        for start in range(0, max(table.num_rows, 1), ROWS_IN_GROUP):
            writer.write_table(_plain(table.slice(start, ROWS_IN_GROUP)), row_group_size=ROWS_IN_GROUP)
    return sink.getvalue()


def decode(source: Path | bytes) -> pa.Table:
    """The table in a part, from its file or its bytes; figures come packed."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    if _SPLIT[0] not in pq.read_schema(pa.BufferReader(data)).names:
        return pq.read_table(pa.BufferReader(data))
    words = [f.name for f in PACKED if pa.types.is_dictionary(f.type)]
    return joined([pq.read_table(pa.BufferReader(data), read_dictionary=words)], PACKED)


def part_name(table: str, source: str) -> str:
    """A file name that says what the part holds: `observations-talking_therapies_annual.parquet`."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", f"{table}-{source}" if source else table) + ".parquet"
