"""A series over time: XmR chart (centre and process limits) or values with intervals, target line, events, special points by shape."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from esteem.web.charts.model import COMMON, CONCERN, IMPROVEMENT, Frame, Point, Target
from esteem.web.charts.svg import (
    ACCENT,
    BAND,
    INK,
    MUTED,
    Chart,
    Formatter,
    Scale,
    diamond,
    drawing,
    element,
    muted,
    nice_ticks,
    rule,
    spread,
    text,
    text_width,
)
from esteem.web.charts.svg import (
    CONCERN as CONCERN_COLOUR,
)
from esteem.web.charts.svg import (
    IMPROVE as IMPROVE_COLOUR,
)

WIDTH, HEIGHT = 720, 360
TOP, BOTTOM = 34, 44


def line_chart(frame: Frame, points: Sequence[Point], fmt: Formatter, target: Target | None = None) -> Chart:
    """Draws `points` (in order of time). `fmt` words a tick value. Limits are drawn where points have them, else interval bars."""
    shown = [p for p in points if p.y is not None]
    if not shown:
        return empty_chart(frame, "There is no figure to draw.")
    ticks = _ticks(frame, points, target)
    labels = _end_labels(points, target, fmt)
    left = 12 + max(text_width(fmt(t)) for t in ticks)
    right = max(14 + max((text_width(words) for _, words, _ in labels), default=0), text_width(points[-1].label) / 2 - 6)
    x = Scale(points[0].when.toordinal(), points[-1].when.toordinal(), left + 8, WIDTH - right - 8)
    y = Scale(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [
        *_grid(ticks, y, left, WIDTH - right, fmt),
        *_time_axis(points, x),
        *_limits(points, x, y),
        *_target(target, y, left, WIDTH - right),
        *_intervals(points, x, y),
        *_path(points, x, y),
        *_marks(points, x, y),
        *_events(frame, x),
        *_labels(labels, y, WIDTH - right + 6),
    ]
    if frame.y_title:
        parts.append(muted(4, 16, frame.y_title, "start"))
    return drawing(frame.identity, frame.title, frame.finding, WIDTH, HEIGHT, *parts)


def empty_chart(frame: Frame, words: str) -> Chart:
    return drawing(frame.identity, frame.title, words, WIDTH, 80, text(WIDTH / 2, 46, words, anchor="middle"))


def _ticks(frame: Frame, points: Sequence[Point], target: Target | None) -> list[float]:
    values = [v for p in points for v in (p.y, p.lower, p.upper, p.low_limit, p.high_limit) if v is not None]
    values += [target.y] if target else []
    low, high = min(values), max(values)
    if frame.ceiling is not None:
        high = min(max(high, 0), frame.ceiling) if high <= frame.ceiling * 1.0001 else frame.ceiling
    if frame.zero:
        low, high = min(low, 0.0) if low < 0 and frame.ceiling is None else 0.0, max(high, 0.0)
    pad = 0 if frame.zero else (high - low) * 0.08
    ticks = nice_ticks(low - pad, high + pad)
    if frame.ceiling is not None:
        ticks = [t for t in ticks if t <= frame.ceiling * 1.0001]
    return ticks if len(ticks) > 1 else [ticks[0], ticks[0] + 1]


def _grid(ticks, y: Scale, left: float, right: float, fmt: Formatter) -> list[str]:
    parts = []
    for t in ticks:
        parts.append(rule(left, y(t), right, y(t), "chart-grid"))
        parts.append(muted(left - 6, y(t) + 5, fmt(t), "end"))
    return parts


def _time_axis(points: Sequence[Point], x: Scale) -> list[str]:
    """Labels of as many periods as fit, first and last always among them."""
    room = max(text_width(p.label) for p in points) + 16
    every = max(1, -(-len(points) * room // max(x.end - x.start, 1)))
    keep = [i for i in range(0, len(points), int(every)) if x(points[-1].when.toordinal()) - x(points[i].when.toordinal()) >= room]
    return [muted(x(points[i].when.toordinal()), HEIGHT - BOTTOM + 22, points[i].label) for i in [*keep, len(points) - 1]]


def _segments(points: Sequence[Point]) -> list[list[Point]]:
    found: dict[int, list[Point]] = {}
    for p in points:
        if p.centre is not None or p.low_limit is not None:
            found.setdefault(p.segment, []).append(p)
    return list(found.values())


def _limits(points: Sequence[Point], x: Scale, y: Scale) -> list[str]:
    parts = []
    for segment in _segments(points):
        a, b = x(segment[0].when.toordinal()) - 6, x(segment[-1].when.toordinal()) + 6
        for value, dash, name in (
            (segment[0].low_limit, "6 4", "chart-limit"),
            (segment[0].centre, None, "chart-centre"),
            (segment[0].high_limit, "6 4", "chart-limit"),
        ):
            if value is not None:
                at = min(max(y(value), TOP), HEIGHT - BOTTOM)
                parts.append(rule(a, at, b, at, name, MUTED, width=1.5, dash=dash))
    return parts


def _target(target: Target | None, y: Scale, left: float, right: float) -> list[str]:
    if target is None:
        return []
    at = y(target.y)
    return [rule(left, at, right, at, "chart-target", INK, width=2, dash="2 3")]


def _intervals(points: Sequence[Point], x: Scale, y: Scale) -> list[str]:
    """Interval bars; left out where process limits are drawn, so that a chart shows one kind of uncertainty."""
    if _segments(points):
        return []
    bars = [p for p in points if p.lower is not None and p.upper is not None]
    return [
        rule(x(p.when.toordinal()), y(p.lower), x(p.when.toordinal()), y(p.upper), "chart-interval", BAND, width=7)
        for p in bars
    ]  # fmt: skip


def _path(points: Sequence[Point], x: Scale, y: Scale) -> list[str]:
    runs: list[list[Point]] = [[]]
    for p in points:
        if p.y is None:
            runs.append([])
        else:
            runs[-1].append(p)
    return [
        element(
            "polyline", points=" ".join(f"{x(p.when.toordinal()):.1f},{y(p.y):.1f}" for p in run),
            fill="none", stroke=ACCENT, stroke_width=2, class_="chart-line",
        )
        for run in runs
        if len(run) > 1
    ]  # fmt: skip


def mark(kind: str, cx: float, cy: float, size: float = 5) -> str:
    """Common: small disc. Improvement: triangle pointing up. Concern: diamond. Neutral signal: square. Never colour alone."""
    if kind == IMPROVEMENT:
        corners = f"{cx:.1f},{cy - size - 1:.1f} {cx + size + 1:.1f},{cy + size:.1f} {cx - size - 1:.1f},{cy + size:.1f}"
        return element("polygon", points=corners, fill=IMPROVE_COLOUR, class_="chart-mark chart-improvement")
    if kind == CONCERN:
        return diamond(cx, cy, size + 2, CONCERN_COLOUR, "chart-mark chart-concern")
    if kind != COMMON:
        return element("rect", x=cx - size, y=cy - size, width=2 * size, height=2 * size, fill=INK, class_="chart-mark chart-neutral")
    return element("circle", cx=float(cx), cy=float(cy), r=3.5, fill=ACCENT, class_="chart-mark chart-point")


def _marks(points: Sequence[Point], x: Scale, y: Scale) -> list[str]:
    return [mark(p.mark, x(p.when.toordinal()), y(p.y)) for p in points if p.y is not None]


def _events(frame: Frame, x: Scale) -> list[str]:
    parts = []
    for event in frame.events:
        at = _inside(x, event.when)
        if at is None:
            continue
        parts.append(rule(at, TOP, at, HEIGHT - BOTTOM, "chart-event", MUTED, dash="1 4"))
        parts.append(text(at, TOP - 6, str(event.number), anchor="middle", weight="bold"))
    return parts


def _inside(x: Scale, when: date) -> float | None:
    day = when.toordinal()
    return x(day) if x.low <= day <= x.high else None


def _end_labels(points: Sequence[Point], target: Target | None, fmt: Formatter) -> list[tuple[float, str, str]]:
    """(value, words, colour) of the lines named at the right edge: direct labels in place of a legend."""
    labels = []
    segments = _segments(points)
    if segments:
        last = segments[-1][-1]
        labels = [
            (value, f"{name} {fmt(value)}", MUTED)
            for value, name in ((last.high_limit, "upper limit"), (last.centre, "average"), (last.low_limit, "lower limit"))
            if value is not None
        ]
    if target:
        labels.append((target.y, target.words, INK))
    return labels


def _labels(labels, y: Scale, left: float) -> list[str]:
    heights = spread([min(max(y(value), TOP), HEIGHT - BOTTOM) for value, _, _ in labels], 17, TOP, HEIGHT - BOTTOM)
    return [text(left, at + 5, words, fill=colour) for (_, words, colour), at in zip(labels, heights, strict=True)]
