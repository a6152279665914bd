"""Plain SVG elements, scales and tick marks. Deterministic: the same input gives the same bytes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

Formatter = Callable[[float], str]

INK, MUTED, LINE, ACCENT, CONCERN, IMPROVE, BAND = "#212b32", "#4c6272", "#aeb7bd", "#005ea5", "#b3420a", "#00703c", "#d8e6f2"
FONT = "Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
TEXT_SIZE = 14


def number(value: float) -> str:
    """A coordinate with at most two decimals and no negative zero."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def element(tag: str, *children: str, **attributes) -> str:
    """One element. Attribute names: trailing underscore dropped, inner underscores become hyphens; None is left out."""
    parts = [tag]
    for name, value in attributes.items():
        if value is None:
            continue
        key = name.rstrip("_").replace("_", "-") if name not in ("viewBox", "preserveAspectRatio") else name
        shown = number(value) if isinstance(value, float) else str(value)
        parts.append(f'{key}="{escape(shown, quote=True)}"')
    inside = "".join(children)
    opening = " ".join(parts)
    return f"<{opening}>{inside}</{tag}>" if inside else f"<{opening}/>"


def text(
    x: float, y: float, words: str, *, anchor: str = "start", class_: str = "chart-text", fill: str = INK, weight: str | None = None
) -> str:
    where = {"x": float(x), "y": float(y), "text_anchor": anchor}
    return element("text", escape(words), **where, class_=class_, fill=fill, font_size=TEXT_SIZE, font_weight=weight)


def haloed(x: float, y: float, words: str, *, anchor: str = "start") -> str:
    """Bold words that stand among marks: a rim in the colour of the paper keeps them apart."""
    where = {"x": float(x), "y": float(y), "text_anchor": anchor}
    rim = {"stroke": "#ffffff", "stroke_width": 5, "stroke_linejoin": "round", "paint_order": "stroke"}
    return element("text", escape(words), **where, class_="chart-text chart-halo", fill=INK, font_size=TEXT_SIZE, font_weight="bold", **rim)


def muted(x: float, y: float, words: str, anchor: str = "middle") -> str:
    """Axis words: quieter than the labels of the lines."""
    return text(x, y, words, anchor=anchor, class_="chart-text chart-muted", fill=MUTED)


def rule(x1: float, y1: float, x2: float, y2: float, class_: str, stroke: str = LINE, width: float = 1, dash: str | None = None) -> str:
    """A straight line."""
    ends = {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2)}
    return element("line", **ends, stroke=stroke, stroke_width=width, stroke_dasharray=dash, class_=class_)


def diamond(cx: float, cy: float, r: float, fill: str, class_: str, *children: str) -> str:
    corners = f"{cx:.1f},{cy - r:.1f} {cx + r:.1f},{cy:.1f} {cx:.1f},{cy + r:.1f} {cx - r:.1f},{cy:.1f}"
    return element("polygon", *children, points=corners, fill=fill, class_=class_)


def text_width(words: str, size: float = TEXT_SIZE, bold: bool = False) -> float:
    """Rough width of Arial text in px: enough to keep labels from running into one another."""
    narrow = sum(c in "iljtf.,:;|!'()[] " for c in words)
    return size * (0.56 * (len(words) - narrow) + 0.3 * narrow) * (1.1 if bold else 1)


@dataclass(frozen=True)
class Scale:
    """Linear map from data to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round tick values that cover low..high (1, 2, 2.5 and 5 times a power of ten)."""
    if not math.isfinite(low) or not math.isfinite(high) or high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / max(count, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions moved apart (in order) so that neighbours are at least `gap` from one another, inside low..high where it fits."""
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    placed = list(positions)
    last = -math.inf
    for i in order:
        placed[i] = max(positions[i], last + gap)
        last = placed[i]
    overflow = last - high
    if order and overflow > 0:
        for i in order:
            placed[i] = max(low, placed[i] - overflow)
    return placed


@dataclass(frozen=True)
class Chart:
    """A finished drawing. `svg` is one <svg> element; title and description are inside it and repeated here for the page."""

    svg: str
    title: str
    description: str
    width: int
    height: int

    def standalone(self) -> str:
        """The same drawing as a file of its own."""
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + self.svg


def drawing(identity: str, title: str, description: str, width: int, height: int, *children: str, decorative: bool = False) -> Chart:
    """Wraps children in an accessible <svg>; `identity` must be unique on the page (it names the title and description)."""
    paper = element("rect", width=width, height=height, fill="#ffffff", class_="chart-paper")
    if decorative:
        head, naming, paper = "", {"aria_hidden": "true", "focusable": "false"}, ""
    else:
        head = element("title", escape(title), id=f"{identity}-title") + element("desc", escape(description), id=f"{identity}-desc")
        naming = {"role": "img", "aria_labelledby": f"{identity}-title {identity}-desc"}
    svg = element(
        "svg", head, paper, *children, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}", width=width, height=height,
        class_="chart", font_family=FONT, **naming,
    )  # fmt: skip
    return Chart(svg, title, description, width, height)
