"""The sheet as one tagged A3 landscape page (PDF/UA-1), set by Typst without system libraries. The same sheet gives the same bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import font_source_sans_pro
import typst

from esteem.web.charts.marks import status_mark
from esteem.web.charts.spark import sparkline
from esteem.web.words.sheet_view import PromiseLine, SheetView

TEMPLATE = Path(__file__).with_name("sheet.typ")
FONTS = Path(font_source_sans_pro.__file__).parent / "files"
# A fixed date of making: two prints of the same figures must not differ.
_MADE = datetime(2020, 1, 1, tzinfo=UTC)


def to_pdf(view: SheetView) -> bytes:
    """PDF of the whole sheet; the template shrinks its type by steps until everything stands on one page."""
    for points in (13.0, 12.0, 11.0, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0):
        body = _compiled(view, points)
        if _pages(view, points) == 1:
            return body
    return body


def _inputs(view: SheetView, points: float) -> dict[str, str]:
    return {"sheet": json.dumps(_plain(view), ensure_ascii=False, sort_keys=True), "points": str(points)}


def _setting(view: SheetView, points: float) -> dict:
    return {"sys_inputs": _inputs(view, points), "font_paths": [str(FONTS)], "ignore_system_fonts": True}


def _compiled(view: SheetView, points: float) -> bytes:
    return typst.compile(str(TEMPLATE), format="pdf", pdf_standards=["ua-1"], timestamp=_MADE, **_setting(view, points))


def _pages(view: SheetView, points: float) -> int:
    return int(json.loads(typst.query(str(TEMPLATE), "<pages>", field="value", one=True, **_setting(view, points))))


def _plain(view: SheetView) -> dict:
    return {
        "title": view.title,
        "vision": list(view.vision),
        "figures_to": view.figures_to,
        "as_at": view.as_at,
        "summary": view.summary,
        "counts": [{"mark": status_mark(status).svg, "word": word, "number": n} for status, word, n in view.counts],
        "attention": [{"text": a.text, "why": a.why} for a in view.attention],
        "sections": [{"title": s.title, "promises": [_promise(p) for p in s.promises]} for s in view.sections],
        "sources": list(view.sources),
    }


def _promise(line: PromiseLine) -> dict:
    drawn = bool(line.spark) and any(v is not None for v in line.spark.values)
    return {
        "row": line.row,
        "text": line.text,
        "mark": status_mark(line.status).svg,
        "word": line.status_word,
        "value": line.value,
        "target": line.target,
        "period": " ".join(part for part in (line.period, line.freshness) if part),
        "missing": line.missing,
        "spark": sparkline(line.spark.values, line.spark.target).svg if drawn else "",
        "sentence": line.spark.sentence if drawn else "",
    }
