"""A chart as PNG, drawn by vl-convert's bundled renderer: no browser, no network."""

from __future__ import annotations

import struct
import zlib

import vl_convert

from esteem.web.charts.svg import Chart

_SIGNATURE = 8  # bytes before the first chunk
_AROUND = 12  # bytes of a chunk's length, name and checksum


def to_png(chart: Chart, scale: float = 2.0) -> bytes:
    """PNG at `scale` times the drawing's size."""
    return lighter(vl_convert.svg_to_png(chart.svg, scale=scale))


def lighter(png: bytes) -> bytes:
    """The same picture, packed again: the renderer packs in haste, and a third of the bytes will do."""
    kept, packed, at = [], b"", _SIGNATURE
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        name = png[at + 4 : at + 8]
        if name == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        else:
            kept.append(png[at : at + length + _AROUND])
        at += length + _AROUND
    body = b"IDAT" + zlib.compress(zlib.decompress(packed), 6)
    picture = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_SIGNATURE] + b"".join([*kept[:-1], picture, kept[-1]])
