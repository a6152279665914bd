"""A map of areas in five classes: shade and pattern together, so that it reads in grey, in print and in forced colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise

from esteem.web.charts.line import empty_chart
from esteem.web.charts.model import Area, Frame
from esteem.web.charts.svg import INK, LINE, Chart, drawing, element, number, text

WIDTH, MAP_HEIGHT = 720, 560
SHADES = ("#eaf1f8", "#c3d8ea", "#8fb6d8", "#4f89bd", "#12497f")
EMPTY = "#ffffff"


def area_map(frame: Frame, areas: Sequence[Area], class_words: Sequence[str]) -> Chart:
    """`class_words[k]` names class k ("40% to 45%"). Areas without a figure are white with a cross pattern and counted in the key."""
    if not areas:
        return empty_chart(frame, "There are no boundaries to draw for these places.")
    drawn = zip(areas, _outlines(tuple(area.polygons for area in areas)), strict=True)
    shapes = [_shape(area, path, frame.identity) for area, path in sorted(drawn, key=lambda pair: pair[0].emphasis)]
    key, height = _key(class_words, any(a.level is None for a in areas))
    return drawing(frame.identity, frame.title, frame.finding, WIDTH, MAP_HEIGHT + height, _patterns(frame.identity), *shapes, *key)


@lru_cache(maxsize=8)
def _outlines(areas: tuple) -> tuple[str, ...]:
    """The path of each area. The same few maps of England are drawn again and again: their outlines are worked out once."""
    project = _projection(areas)
    return tuple(
        "".join(_ring(_thinned([project(p) for p in ring])) for polygon in polygons for ring in polygon) for polygons in areas
    )  # fmt: skip


def _projection(areas: tuple):
    """Plate carrée scaled by the cosine of the middle latitude: right enough at the size of England."""
    xs = [p[0] for polygons in areas for polygon in polygons for ring in polygon for p in ring]
    ys = [p[1] for polygons in areas for polygon in polygons for ring in polygon for p in ring]
    squeeze = math.cos(math.radians((min(ys) + max(ys)) / 2))
    width, height = (max(xs) - min(xs)) * squeeze or 1, (max(ys) - min(ys)) or 1
    scale = min((WIDTH - 20) / width, (MAP_HEIGHT - 20) / height)
    left, top = (WIDTH - width * scale) / 2, (MAP_HEIGHT - height * scale) / 2
    west, north = min(xs), max(ys)
    return lambda p: (left + (p[0] - west) * squeeze * scale, top + (north - p[1]) * scale)


def _shape(area: Area, path: str, identity: str) -> str:
    name = element("title", escape(f"{area.name}: {area.shown}"))
    fill = f"url(#{identity}-none)" if area.level is None else SHADES[area.level]
    level = "none" if area.level is None else str(area.level)
    edge = {"stroke": INK, "stroke_width": 3} if area.emphasis else {"stroke": "#5b6b76", "stroke_width": 0.6}
    names = f"map-area map-{level}" + (" map-own" if area.emphasis else "")
    return element("path", name, d=path, fill=fill, fill_rule="evenodd", class_=names, **edge)


def _ring(points: list[tuple[float, float]]) -> str:
    """A closed line to a tenth of a pixel; nothing for an area too small to see. Steps take half the letters of places."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(tenths) if (x, y) != (a, b)]
    if not steps:
        return ""
    first = f"M{number(tenths[0][0] / 10)},{number(tenths[0][1] / 10)}"
    return first + "l" + " ".join(f"{_short(x)},{_short(y)}" for x, y in steps) + "z"


def _short(tenths: int) -> str:
    """`.9` rather than 0.9."""
    return number(tenths / 10).replace("0.", ".") if abs(tenths) < 10 else number(tenths / 10)


def _thinned(points: list[tuple[float, float]], gap: float = 0.9) -> list[tuple[float, float]]:
    """Drops points nearer than `gap` px to the last one kept: what the eye cannot see need not be sent."""
    kept = points[:1]
    for p in points[1:]:
        if abs(p[0] - kept[-1][0]) + abs(p[1] - kept[-1][1]) >= gap:
            kept.append(p)
    return kept if len(kept) > 2 else points


def _patterns(identity: str) -> str:
    cross = element("path", d="M0,0L6,6M6,0L0,6", stroke=LINE, stroke_width=1)
    return element("defs", element("pattern", cross, id=f"{identity}-none", width=6, height=6, patternUnits="userSpaceOnUse"))


def _key(class_words: Sequence[str], has_empty: bool) -> tuple[list[str], int]:
    parts, row = [], 0
    entries = [(SHADES[i], words, f"map-{i}") for i, words in enumerate(class_words)]
    if has_empty:
        entries.append((EMPTY, "no figure", "map-none"))
    for i, (fill, words, name) in enumerate(entries):
        column, row = i % 3, i // 3
        x, y = 20 + column * 230, MAP_HEIGHT + 14 + row * 28
        parts.append(element("rect", x=x, y=y, width=20, height=20, fill=fill, stroke=INK, class_=f"map-key {name}"))
        parts.append(text(x + 28, y + 15, words))
    return parts, 14 + (row + 1) * 28 + 8
