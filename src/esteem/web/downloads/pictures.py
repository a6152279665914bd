"""A chart as PNG, drawn by vl-convert's bundled renderer: no browser, no network."""

from __future__ import annotations

import vl_convert

from esteem.web.charts.svg import Chart


def to_png(chart: Chart, scale: float = 2.0) -> bytes:
    """PNG at `scale` times the drawing's size."""
    return vl_convert.svg_to_png(chart.svg, scale=scale)
