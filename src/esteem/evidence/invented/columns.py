"""Columns of Arrow tables made from numpy arrays, without a Python object for each row. A day or number that is absent is NONE."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute

NONE = -(2**31)  # no day, no minute, no number
_EPOCH = date(1970, 1, 1)
_MINUTE = 60_000_000  # microseconds


def day_number(day: date) -> int:
    """Days since 1 January 1970."""
    return (day - _EPOCH).days


def coded(index: np.ndarray, codes: Sequence[str]) -> pa.DictionaryArray:
    """Text by its place in `codes`; a negative index is null."""
    index = np.asarray(index)
    narrow = np.int8 if len(codes) < 127 else np.int16 if len(codes) < 32_767 else np.int32
    known = pa.array(np.where(index < 0, 0, index).astype(narrow), mask=index < 0 if (index < 0).any() else None)
    return pa.DictionaryArray.from_arrays(known, pa.array(codes, pa.string()))


def same(text: str | None, rows: int) -> pa.DictionaryArray:
    """One text, or null, in every row."""
    return coded(np.full(rows, 0 if text is not None else -1, np.int8), [text or ""])


def numbered(prefix: str, numbers: np.ndarray, width: int, absent: np.ndarray | None = None) -> pa.StringArray:
    """`prefix` and a number with `width` digits: `R000000012`. Written as bytes, which is some fifty times as fast as formatting."""
    rows, length = len(numbers), len(prefix) + width
    text = np.empty((rows, length), np.uint8)
    text[:, : len(prefix)] = np.frombuffer(prefix.encode("ascii"), np.uint8)
    rest = np.asarray(numbers, np.int64).copy()
    for place in range(length - 1, len(prefix) - 1, -1):
        rest, digit = np.divmod(rest, 10)
        text[:, place] = digit + ord("0")
    offsets = pa.py_buffer(np.arange(rows + 1, dtype=np.int32) * np.int32(length))
    made = pa.StringArray.from_buffers(rows, offsets, pa.py_buffer(text.reshape(-1)))
    return made if absent is None else pyarrow.compute.if_else(pa.array(absent), pa.scalar(None, pa.string()), made)


def days(numbers: np.ndarray) -> pa.Array:
    numbers = np.asarray(numbers, np.int32)
    return pa.array(numbers, mask=numbers == NONE).cast(pa.date32())


def whole(numbers: np.ndarray) -> pa.Array:
    numbers = np.asarray(numbers, np.int64)
    return pa.array(numbers, mask=numbers == NONE)


def times(minutes: np.ndarray, on: np.ndarray | None = None) -> pa.Array:
    """Minutes after midnight as times of the dummy day 1970-01-01, or of the days `on`."""
    minutes = np.asarray(minutes, np.int64)
    absent = minutes == NONE
    total = np.where(absent, 0, minutes) + (0 if on is None else np.where(absent, 0, np.asarray(on, np.int64)) * 1440)
    return pa.array(total * _MINUTE, mask=absent).cast(pa.timestamp("us"))
