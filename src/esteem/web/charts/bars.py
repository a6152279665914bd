"""Groups or places ranked: a dot with its interval for each, the value in words at the right, a reference line."""

from __future__ import annotations

from collections.abc import Sequence

from esteem.web.charts.line import empty_chart
from esteem.web.charts.model import Bar, Frame, Target
from esteem.web.charts.svg import (
    ACCENT,
    INK,
    Chart,
    Formatter,
    Scale,
    drawing,
    element,
    muted,
    nice_ticks,
    rule,
    text,
    text_width,
)

WIDTH, ROW, TOP, BOTTOM = 720, 28, 30, 30


def interval_chart(frame: Frame, bars: Sequence[Bar], fmt: Formatter, reference: Target | None = None) -> Chart:
    """One row a bar, in the order given. Bars without a value say why in words."""
    known = [v for b in bars for v in (b.y, b.lower, b.upper) if v is not None]
    if not known:
        return empty_chart(frame, "There is no figure to draw.")
    low = 0.0 if frame.zero else min([*known, *([reference.y] if reference else [])])
    ticks = nice_ticks(low, max([*known, *([reference.y] if reference else [])]), 5)
    if frame.ceiling is not None and ticks[-1] > frame.ceiling and max(known) <= frame.ceiling:
        ticks = [t for t in ticks if t <= frame.ceiling]
    left = 14 + min(290, max(text_width(b.label, bold=b.emphasis) for b in bars))
    right = WIDTH - 24 - max(text_width(b.shown, bold=b.emphasis) for b in bars)
    height = TOP + ROW * len(bars) + BOTTOM
    x = Scale(ticks[0], ticks[-1], left, right)
    parts = [*_grid(ticks, x, height, fmt), *_reference(reference, x, height)]
    for i, bar in enumerate(bars):
        parts += _row(bar, TOP + ROW * (i + 0.5), x, left, right)
    return drawing(frame.identity, frame.title, frame.finding, WIDTH, height, *parts)


def _grid(ticks, x: Scale, height: int, fmt: Formatter) -> list[str]:
    parts = []
    for t in ticks:
        parts.append(rule(x(t), TOP - 4, x(t), height - BOTTOM, "chart-grid"))
        parts.append(muted(x(t), height - BOTTOM + 20, fmt(t)))
    return parts


def _reference(reference: Target | None, x: Scale, height: int) -> list[str]:
    if reference is None:
        return []
    at = x(reference.y)
    line = rule(at, TOP - 8, at, height - BOTTOM, "chart-target", INK, width=2, dash="2 3")
    anchor = "end" if at > WIDTH * 0.6 else "start"
    return [line, text(at, TOP - 14, reference.words, anchor=anchor)]


def _row(bar: Bar, y: float, x: Scale, left: float, right: float) -> list[str]:
    weight = "bold" if bar.emphasis else None
    parts = [
        text(left - 10, y + 5, _fitted(bar.label, left - 14, bar.emphasis), anchor="end", weight=weight),
        text(right + 10, y + 5, bar.shown, weight=weight),
    ]
    if bar.y is None:
        return parts
    if bar.lower is not None and bar.upper is not None:
        parts.append(rule(x(bar.lower), y, x(bar.upper), y, "chart-whisker", ACCENT, width=3))
    if bar.emphasis:
        parts.append(element("rect", x=x(bar.y) - 6, y=y - 6, width=12, height=12, fill=INK, class_="chart-mark chart-neutral"))
    else:
        parts.append(element("circle", cx=x(bar.y), cy=float(y), r=5, fill=ACCENT, class_="chart-mark chart-point"))
    return parts


def _fitted(words: str, room: float, bold: bool) -> str:
    while text_width(words, bold=bold) > room and len(words) > 4:
        words = words[:-2].rstrip(" …") + "…"
    return words
