"""Funnel: every place by size, with the limits within which chance alone would keep nearly all of them."""

from __future__ import annotations

from collections.abc import Sequence

from esteem.web.charts.line import empty_chart
from esteem.web.charts.model import Dot, Frame
from esteem.web.charts.svg import (
    ACCENT,
    INK,
    MUTED,
    Chart,
    Formatter,
    Scale,
    diamond,
    drawing,
    element,
    haloed,
    muted,
    nice_ticks,
    rule,
    spread,
    text,
    text_width,
)

WIDTH, HEIGHT, TOP, BOTTOM = 720, 400, 30, 52


def funnel_chart(
    frame: Frame,
    dots: Sequence[Dot],
    limits: Sequence[tuple[float, float, float, float, float]],
    average: float,
    fmt: Formatter,
    x_fmt: Formatter,
) -> Chart:
    """`limits` rows are (x, outer low, inner low, inner high, outer high), x ascending; outer 99.8%, inner 95%."""
    if not dots:
        return empty_chart(frame, "There is no figure to draw.")
    values = [d.y for d in dots] + [average]
    low, high = (0.0 if frame.zero else min(values)), max(values)
    ticks = nice_ticks(low, high)
    if frame.ceiling is not None:
        ticks = [t for t in ticks if t <= frame.ceiling * 1.0001]
    x_ticks = nice_ticks(0, max(d.x for d in dots), 6)
    left, right = 12 + max(text_width(fmt(t)) for t in ticks), 110
    x, y = Scale(0, x_ticks[-1], left + 6, WIDTH - right), Scale(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [*_axes(ticks, x_ticks, x, y, left, WIDTH - right, fmt, x_fmt), *_curves(limits, x, y), _average(average, x, y)]
    parts += [_dot(d, x, y) for d in sorted(dots, key=lambda d: d.emphasis)]
    parts += _names(dots, limits, average, x, y, fmt)
    if frame.y_title:
        parts.append(muted(4, 16, frame.y_title, "start"))
    if frame.x_title:
        parts.append(muted((left + WIDTH - right) / 2, HEIGHT - 8, frame.x_title))
    return drawing(frame.identity, frame.title, frame.finding, WIDTH, HEIGHT, *parts)


def _axes(ticks, x_ticks, x: Scale, y: Scale, left: float, right: float, fmt: Formatter, x_fmt: Formatter) -> list[str]:
    parts = []
    for t in ticks:
        parts.append(rule(left, y(t), right, y(t), "chart-grid"))
        parts.append(muted(left - 6, y(t) + 5, fmt(t), "end"))
    for t in x_ticks:
        parts.append(muted(x(t), HEIGHT - BOTTOM + 20, x_fmt(t)))
    return parts


def _curves(limits, x: Scale, y: Scale) -> list[str]:
    parts = []
    for column, dash, name in ((1, "6 4", "outer"), (2, "2 3", "inner"), (3, "2 3", "inner"), (4, "6 4", "outer")):
        inside = [
            (row[0], row[column]) for row in limits if row[column] is not None and 0 <= row[0] <= x.high and y.low <= row[column] <= y.high
        ]
        if len(inside) > 1:
            path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in inside)
            parts.append(
                element(
                    "polyline",
                    points=path,
                    fill="none",
                    stroke=MUTED,
                    stroke_width=1.5,
                    stroke_dasharray=dash,
                    class_=f"chart-limit chart-{name}",
                )
            )
    return parts


def _average(average: float, x: Scale, y: Scale) -> str:
    return rule(x.start, y(average), x.end, y(average), "chart-centre", INK, width=1.5)


def _dot(dot: Dot, x: Scale, y: Scale) -> str:
    at = (x(dot.x), min(max(y(dot.y), TOP), HEIGHT - BOTTOM))
    hint = element("title", f"{dot.label}".replace("&", "&amp;").replace("<", "&lt;"))
    if dot.emphasis:
        return element("rect", hint, x=at[0] - 6, y=at[1] - 6, width=12, height=12, fill=INK, class_="chart-mark chart-neutral")
    if dot.outside:
        return diamond(*at, 6, ACCENT, "chart-mark chart-outside", hint)
    return element("circle", hint, cx=at[0], cy=at[1], r=3.5, fill="none", stroke=ACCENT, stroke_width=1.5, class_="chart-dot")


def _names(dots: Sequence[Dot], limits, average: float, x: Scale, y: Scale, fmt: Formatter) -> list[str]:
    labels = [(y(average), f"average {fmt(average)}")]
    if limits:
        last = [row for row in limits if row[0] <= x.high][-1:]
        for row in last:
            labels += [
                (y(row[k]), words)
                for k, words in ((4, "99.8% limit"), (3, "95% limit"))
                if row[k] is not None and y.low <= row[k] <= y.high
            ]
    heights = spread([at for at, _ in labels], 17, TOP, HEIGHT - BOTTOM)
    parts = [text(x.end + 8, at + 5, words, fill=MUTED) for (_, words), at in zip(labels, heights, strict=True)]
    for dot in dots:
        if dot.emphasis:
            at_right = x(dot.x) < WIDTH * 0.6
            above = y(dot.y) - 14 if y(dot.y) > TOP + 20 else y(dot.y) + 24
            parts.append(haloed(x(dot.x) + (10 if at_right else -10), above, dot.label, anchor="start" if at_right else "end"))
    return parts
