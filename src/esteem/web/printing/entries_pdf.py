"""Services on paper (PDF/UA-1): a saved list on one page of A4, a booklet of A5 for a surgery, school, prison or library. Set by Typst."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import font_source_sans_pro
import typst

from esteem.web.words.paper import Paper

TEMPLATE = Path(__file__).with_name("entries.typ")
FONTS = Path(font_source_sans_pro.__file__).parent / "files"
_MADE = datetime(2020, 1, 1, tzinfo=UTC)  # a fixed date of making: the same list gives the same bytes
LARGEST, SMALLEST, LARGE_PRINT = 12.0, 5.5, 18.0


def one_page(paper: Paper) -> bytes:
    """A4; the type shrinks by steps until all stands on one page. A list too long for that keeps its smallest type and goes on."""
    points = LARGEST
    while points > SMALLEST and _pages(paper, "a4", points) > 1:
        points -= 0.5
    return _compiled(paper, "a4", points)


def booklet(paper: Paper, large_print: bool = False) -> bytes:
    return _compiled(paper, "a4" if large_print else "a5", LARGE_PRINT if large_print else 10.0)


def _setting(paper: Paper, size: str, points: float) -> dict:
    plain = asdict(paper) | {"paper": size}
    inputs = {"entries": json.dumps(plain, ensure_ascii=False, sort_keys=True), "points": str(points)}
    return {"sys_inputs": inputs, "font_paths": [str(FONTS)]}


def _compiled(paper: Paper, size: str, points: float) -> bytes:
    return typst.compile(str(TEMPLATE), format="pdf", pdf_standards=["ua-1"], timestamp=_MADE, **_setting(paper, size, points))


def _pages(paper: Paper, size: str, points: float) -> int:
    return int(json.loads(typst.query(str(TEMPLATE), "<pages>", field="value", one=True, **_setting(paper, size, points))))


def pages_of(paper: Paper, points: float = LARGEST, size: str = "a4") -> int:
    """How many pages the paper takes at a size of type."""
    return _pages(paper, size, points)
