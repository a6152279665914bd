"""A word-sized line. Its meaning stands in words beside it, so the drawing itself is hidden from screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from esteem.web.charts.svg import ACCENT, INK, Chart, Scale, drawing, element, rule

WIDTH, HEIGHT = 120, 32


def sparkline(values: Sequence[float | None], target: float | None = None) -> Chart:
    """Values in order of time; gaps where None; the last value has a dot; the target a dotted line."""
    known = [v for v in values if v is not None]
    if not known:
        return drawing("spark", "", "", WIDTH, HEIGHT, decorative=True)
    held = [*known, target] if target is not None else known
    low, high = min(held), max(held)
    x = Scale(0, max(len(values) - 1, 1), 4, WIDTH - 8)
    y = Scale(low, high if high > low else low + 1, HEIGHT - 5, 5)
    parts = []
    if target is not None:
        parts.append(rule(2.0, y(target), WIDTH - 2, y(target), "chart-target", INK, dash="2 3"))
    run: list[str] = []
    for i, v in enumerate([*values, None]):
        if v is not None:
            run.append(f"{x(i):.1f},{y(v):.1f}")
        elif run:
            parts.append(element("polyline", points=" ".join(run), fill="none", stroke=ACCENT, stroke_width=2, class_="chart-line"))
            run = []
    last = max(i for i, v in enumerate(values) if v is not None)
    parts.append(element("circle", cx=x(last), cy=y(values[last]), r=3.5, fill=ACCENT, class_="chart-mark chart-point"))
    return drawing("spark", "", "", WIDTH, HEIGHT, *parts, decorative=True)
