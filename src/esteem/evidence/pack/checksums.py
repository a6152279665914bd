"""A checksum for the rows of each series, whatever file format or library they travel in."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa

from esteem.evidence.pack.parts import unpacked
from esteem.evidence.sources.contract import OBSERVATION


def series_checksums(observations: pa.Table) -> dict[str, str]:
    """{series id: SHA-256 over its rows in order, every column of OBSERVATION}; `observations` packed and sorted by series."""
    if not observations.num_rows:
        return {}
    names = observations["series"].combine_chunks()
    codes = names.indices.to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]).tolist()
    found = {}
    for start, end in zip(starts, [*starts[1:], len(codes)], strict=True):
        found[names[start].as_py()] = _checksum(unpacked(observations.slice(start, end - start)))
    return found


def _checksum(rows: pa.Table) -> str:
    digest = hashlib.sha256()
    for field in OBSERVATION:
        column = rows[field.name].combine_chunks()
        _add(digest, field, column)
    return digest.hexdigest()


def _add(digest, field: pa.Field, column: pa.Array) -> None:
    """Column name, which rows are empty, and the values: text as lengths and UTF-8, numbers as 8 bytes, days as 4, low byte first."""
    digest.update(field.name.encode())
    digest.update(np.packbits(column.is_null().to_numpy(zero_copy_only=False)).tobytes())
    if pa.types.is_string(field.type):
        text = column.fill_null("").cast(pa.binary())
        offsets = np.frombuffer(text.buffers()[1], np.int32)
        digest.update(np.diff(offsets[text.offset : text.offset + len(text) + 1]).astype("<i4").tobytes())
        data = text.buffers()[2]
        if data is not None:
            digest.update(memoryview(data)[offsets[text.offset] : offsets[text.offset + len(text)]])
    elif pa.types.is_date32(field.type):
        digest.update(column.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype("<i4").tobytes())
    else:
        digest.update(column.fill_null(0.0).to_numpy(zero_copy_only=False).astype("<f8").tobytes())
