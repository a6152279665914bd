"""Put rows in one order, whatever order they came in: the same rows always give the same bytes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def ordinals(column: pa.ChunkedArray | pa.Array) -> np.ndarray:
    """Whole numbers in the order of the column's values (nulls first); shape (rows,)."""
    array = column.unify_dictionaries().combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    place[len(order)] = 0
    codes = encoded.indices.fill_null(len(order)).to_numpy(zero_copy_only=False)
    return place[codes]


def cell_numbers(table: pa.Table, columns: tuple[str, ...]) -> np.ndarray:
    """One whole number for each row: equal for equal keys, and sorting as the key sorts; shape (rows,)."""
    number = np.zeros(table.num_rows, dtype=np.int64)
    span = 1
    for name in columns:
        codes = ordinals(table[name])
        width = int(codes.max(initial=0)) + 1
        if span * width >= 2**62:
            number = np.unique(number, return_inverse=True)[1].astype(np.int64)
            span = int(number.max(initial=0)) + 1
        number = number * width + codes
        span *= width
    return number


def sorted_rows(table: pa.Table) -> pa.Table:
    """The table sorted by its columns from left to right (columns of lists and structures are left out of the key)."""
    simple = tuple(f.name for f in table.schema if not pa.types.is_nested(f.type))
    if table.num_rows < 2 or not simple:
        return table
    return table.take(np.argsort(cell_numbers(table, simple), kind="stable"))
