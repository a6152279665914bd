"""Charts: well-formed, named, described, without inline style; gaps stay gaps; marks differ by shape."""

import itertools
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.web.charts.bars import interval_chart
from esteem.web.charts.funnel import funnel_chart
from esteem.web.charts.line import line_chart
from esteem.web.charts.map import area_map
from esteem.web.charts.model import CONCERN, Area, Bar, Dot, Event, Frame, Point, Target
from esteem.web.charts.spark import sparkline
from esteem.web.charts.svg import nice_ticks, number, spread
from esteem.web.downloads.pictures import to_png

SVG = "{http://www.w3.org/2000/svg}"
EVENT = Event(date(2020, 3, 1), 1, "Pandemic")
FRAME = Frame(
    "c", "Two weeks <& more>", "Half were treated in time.", y_title="Share", ceiling=1.0, events=(Event(date(2020, 3, 1), 1, "Pandemic"),)
)


def percent(value: float) -> str:
    return f"{value * 100:g}%"


def points(values):
    return [Point(date(2020, m + 1, 1), f"2020-{m + 1:02d}", v, centre=0.5, low_limit=0.2, high_limit=0.8) for m, v in enumerate(values)]


def charts():
    square = ((((0.0, 51.0), (1.0, 51.0), (1.0, 52.0), (0.0, 52.0)),),)
    yield line_chart(FRAME, points([0.5, None, 0.7, 0.6]), percent, Target(0.5, "standard 50%"))
    yield interval_chart(FRAME, [Bar("Black <British>", 0.4, 0.3, 0.5, "40%"), Bar("None", None, shown="suppressed")], percent)
    limits = [(10, 0.1, 0.2, 0.8, 0.9), (90, 0.3, 0.4, 0.6, 0.7)]
    yield funnel_chart(FRAME, [Dot("A", 10, 0.4), Dot("B & C", 90, 0.6, True)], limits, 0.5, percent, str)
    yield area_map(FRAME, [Area("E1", "One", square, 2, "40%"), Area("E2", "Two", square, None, "no figure")], ["a", "b", "c"])


@pytest.mark.parametrize("chart", list(charts()), ids=["line", "bars", "funnel", "map"])
def test_each_chart_is_named_described_and_free_of_inline_style(chart):
    root = ElementTree.fromstring(chart.svg)
    assert root.find(f"{SVG}title").text == FRAME.title
    assert root.find(f"{SVG}desc").text == FRAME.finding
    assert root.get("aria-labelledby") == "c-title c-desc"
    assert " style=" not in chart.svg and "http://www.w3.org/2000/svg" in chart.svg
    assert to_png(chart, 1).startswith(b"\x89PNG")


def test_a_missing_month_breaks_the_line():
    root = ElementTree.fromstring(line_chart(FRAME, points([0.5, 0.6, None, 0.7, 0.6]), percent).svg)
    assert len([e for e in root.iter(f"{SVG}polyline") if e.get("class") == "chart-line"]) == 2
    assert len([e for e in root.iter() if "chart-mark" in e.get("class", "")]) == 4


def test_concern_has_a_shape_of_its_own():
    marked = [Point(date(2020, 1, 1), "a", 0.5), Point(date(2020, 2, 1), "b", 0.1, mark=CONCERN)]
    root = ElementTree.fromstring(line_chart(FRAME, marked, percent).svg)
    assert {e.tag for e in root.iter() if "chart-mark" in e.get("class", "")} == {f"{SVG}circle", f"{SVG}polygon"}


def test_nothing_to_draw_says_so():
    assert "no figure" in line_chart(FRAME, points([None, None]), percent).svg


def test_suppressed_bar_shows_words_and_no_mark():
    root = ElementTree.fromstring(interval_chart(FRAME, [Bar("A", 0.5, shown="50%"), Bar("B", None, shown="suppressed")], percent).svg)
    assert "suppressed" in [e.text for e in root.iter(f"{SVG}text")]
    assert len([e for e in root.iter() if "chart-mark" in e.get("class", "")]) == 1


def test_sparkline_is_hidden_from_screen_readers():
    assert ElementTree.fromstring(sparkline([1, None, 2, 3], 2).svg).get("aria-hidden") == "true"


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_cover_the_range_in_even_steps(low, span):
    ticks = nice_ticks(low, low + span)
    assert ticks[0] <= low + 1e-6 * max(1, abs(low)) and ticks[-1] >= low + span - 1e-6 * max(1, abs(low + span))
    assert 2 <= len(ticks) <= 13


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_spread_keeps_order_and_distance(positions):
    placed = spread(positions, 17, 0, 300)
    ordered = [p for _, p in sorted(zip(positions, placed, strict=True), key=lambda pair: pair[0])]
    assert all(b - a >= -1e-9 for a, b in itertools.pairwise(ordered))
    assert max(placed) <= 300 + 1e-9


@given(st.floats(-1e5, 1e5))
def test_coordinates_read_back(value):
    assert float(number(value)) == pytest.approx(value, abs=0.005)
