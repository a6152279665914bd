"""One place beside others: England, region, ICB, places like it, and every place of its kind as a funnel, a ranked table and a map."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from esteem.evidence import publish
from esteem.evidence.ask import ask, latest
from esteem.evidence.model import Measure
from esteem.methods import funnel
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem
from esteem.web.charts.bars import interval_chart
from esteem.web.charts.funnel import funnel_chart
from esteem.web.charts.map import SHADES, area_map
from esteem.web.charts.model import Area, Bar, Dot, Frame, Target
from esteem.web.charts.svg import Chart
from esteem.web.reading import remembered
from esteem.web.words.figures import FigureLine, figure_line, released
from esteem.web.words.history import axis_words, tick

_KIND_ASKED = {
    "sub_icb": "all:ccg",
    "ccg": "all:ccg",
    "icb": "all:icb",
    "nhs_region": "all:nhs_region",
    "region": "all:region",
    "ltla": "all:district",
    "unitary": "all:district",
    "utla": "all:county",
    "trust": "all:trust",
    "provider": "all:trust",
}
_ROLES = {"icb": "the integrated care board (ICB) that holds it", "region": "its region", "england": "the whole country"}
KIND_WORDS = {
    "all:ccg": "clinical commissioning groups and sub-ICB locations",
    "all:icb": "integrated care boards",
    "all:nhs_region": "NHS regions",
    "all:region": "regions",
    "all:district": "district and unitary councils",
    "all:county": "county and unitary councils",
    "all:trust": "trusts and other providers",
}
_BOUNDARIES = {"all:ccg": "sub_icb", "all:icb": "icb", "all:district": "ltla", "all:county": "utla"}


@dataclass(frozen=True)
class Beside:
    """Comparators of one place: `lines` with the place itself first; `rule` says how similar places were chosen, `words` what to mind."""

    lines: tuple[tuple[str, FigureLine], ...]
    chart: Chart | None
    rule: str
    words: str


@dataclass(frozen=True)
class Everywhere:
    """Every place of a kind at one period: ranked best first (or highest first when neither is better)."""

    kind_words: str
    period: str
    lines: tuple[FigureLine, ...]
    without: int
    funnel: Chart | None
    funnel_words: str
    map: Chart | None
    answers: tuple[publish.Released, ...]


def beside(snapshot, measure: Measure, answer: publish.Released, as_at, target: Target | None) -> Beside:
    """The place, those that hold it, England, and up to five places like it, all for the period of `answer`."""
    geography = snapshot.geography
    code = answer.parts[0] if answer.parts else answer.place
    roles = [(role, place.code) for role, place in geography.comparators(code)] if geography.knows(code) else [("england", ENGLAND)]
    similar, rule = _similar(geography, answer)
    # Places like it are of its kind, and the page asks for all of those anyway.
    alike = {a.place: a for a in _of_kind(snapshot, measure, kind_asked(snapshot, answer), answer.period, as_at) if a.number is not None}
    rows = [("this place", answer)]
    for role, other in dict.fromkeys([*roles, *(("a place like it", c) for c in similar)]):
        found = alike.get(other) or _one(snapshot, measure, other, answer.period, as_at)
        if found is not None and other != answer.place:
            rows.append((role, found))
    lines = tuple((_ROLES.get(role, role), figure_line(a, measure, emphasis=a is answer)) for role, a in rows)
    bars = [Bar(a.place_name, a.number, a.lower, a.upper, publish.text(a, measure), a is answer) for _, a in rows]
    frame = Frame(
        "beside",
        f"{measure.title}: compared",
        _beside_finding(rows, measure),
        zero=False,
        ceiling=1.0 if measure.unit == "proportion" else None,
    )
    # A drawing of numbers would only show which place is larger.
    numbers = measure.unit in ("count", "pounds")
    words = "These are numbers, not shares: a larger place has more." if numbers else ""
    return Beside(lines, interval_chart(frame, bars, tick(measure), target) if len(bars) > 1 and not numbers else None, rule, words)


def _similar(geography, answer: publish.Released) -> tuple[list[str], str]:
    if answer.parts:
        return [], ""
    try:
        return [place.code for place, _ in geography.similar(answer.place, 5)], geography.similarity_rule
    except Problem:
        return [], ""


@remembered
def _of_kind(snapshot, measure: Measure, kind: str, period, as_at) -> tuple[publish.Released, ...]:
    """Every place of a kind at one period: the same for whichever of them the reader looks at."""
    return tuple(released(latest(ask(snapshot, measure, kind, period, as_at=as_at)), snapshot.geography))


@remembered
def _one(snapshot, measure: Measure, code: str, period, as_at) -> publish.Released | None:
    try:
        found = released(ask(snapshot, measure, [code], period, as_at=as_at), snapshot.geography)
    except Problem:
        return None
    return next((a for a in found if a.number is not None), None)


def _beside_finding(rows, measure: Measure) -> str:
    return "; ".join(f"{a.place_name} {publish.number_text(a.number, measure)}" for _, a in rows if a.number is not None) + "."


def kind_asked(snapshot, answer: publish.Released) -> str:
    """The selector for every place of the same kind; for England and groups the finest kind that the measure has."""
    code = answer.parts[0] if answer.parts else answer.place
    kind = snapshot.geography.place(code).kind
    return _KIND_ASKED.get(kind, "all:ccg")


def everywhere(snapshot, measure: Measure, answer: publish.Released, as_at) -> Everywhere | None:
    """None when no other place of the kind has a figure for the period."""
    kind = kind_asked(snapshot, answer)
    for asked in (kind, "all:icb", "all:district", "all:nhs_region", "all:trust"):
        answers = _of_kind(snapshot, measure, asked, answer.period, as_at)
        if any(a.number is not None for a in answers):
            kind = asked
            break
    else:
        return None
    own = {answer.place, *answer.parts}
    ranked = ranking([a for a in answers if a.number is not None], measure)
    lines = tuple(figure_line(a, measure, emphasis=a.place in own) for a in ranked)
    drawn, words = _funnel(ranked, measure, own, KIND_WORDS[kind], answer.period.words)
    return Everywhere(
        KIND_WORDS[kind],
        answer.period.words,
        lines,
        len(answers) - len(ranked),
        drawn,
        words,
        _map(snapshot, kind, answers, measure, own, answer.period.words),
        tuple(ranked),
    )


def ranking(answers: list[publish.Released], measure: Measure) -> list[publish.Released]:
    """Best first; places of one value in the order of their names."""
    way = 1 if measure.better == "lower" else -1
    return sorted(answers, key=lambda a: (way * a.number, a.place_name))


def _funnel(answers, measure: Measure, own: set[str], kind_words: str, period: str) -> tuple[Chart | None, str]:
    counted = [a for a in answers if a.numerator is not None and a.denominator]
    if measure.unit != "proportion" or len(counted) < 10:
        return None, "A funnel needs the counts behind at least ten places, and the publisher does not give them." if len(
            answers
        ) > 10 else ""
    areas = funnel.areas("proportion", [a.numerator for a in counted], [a.denominator for a in counted], multiplier=1)
    lines, labels, average = funnel.limits(areas), funnel.significance(areas), areas.average
    dots = [
        Dot(f"{a.place_name}: {publish.text(a, measure)}", a.denominator, a.number, a.place in own, _beyond(label))
        for a, label in zip(counted, labels, strict=True)
    ]
    outside = sum(bool(d.outside) for d in dots)
    words = f"{outside} of {len(dots)} places lie beyond the outer limits, where chance alone would put about 1 in 500."
    frame = Frame(
        "funnel",
        f"{measure.title}: {kind_words}, {period}",
        words,
        axis_words(measure),
        f"{measure.plain_unit or 'people'} counted".capitalize(),
        zero=False,
        ceiling=1.0,
    )
    drawn = (lines.limits[name].tolist() for name in ("lower_3s", "lower_2s", "upper_2s", "upper_3s"))
    rows = list(zip(lines.x.tolist(), *drawn, strict=True))
    return funnel_chart(frame, dots, rows, float(average), tick(measure), publish.whole), words


def _beyond(label: str) -> str:
    return "" if "0.001" not in label else label.split()[0].lower()


def _map(snapshot, kind: str, answers, measure: Measure, own: set[str], period: str) -> Chart | None:
    boundary = _BOUNDARIES.get(kind)
    known = {a.place: a for a in answers}
    placed = _boundaries(snapshot, boundary) if boundary else ()
    numbers = sorted(a.number for a in answers if a.number is not None)
    if len(numbers) < 5 or not any(code in known for code, *_ in placed):
        return None
    cuts = [float(c) for c in np.quantile(numbers, [0.2, 0.4, 0.6, 0.8])]
    areas = [_area(code, name, rings, known.get(code), cuts, measure, code in own) for code, name, rings in placed]
    edges = [numbers[0], *cuts, numbers[-1]]
    bare = measure.unit != "proportion"
    words = [" to ".join(publish.number_text(edge, measure, bare=bare) for edge in pair) for pair in pairwise(edges)]
    frame = Frame("map", f"{measure.title} by area, {period}", "The ranked table gives the same figures in words.")
    return area_map(frame, areas, words)


@remembered
def _boundaries(snapshot, kind: str) -> tuple[tuple[str, str, tuple], ...]:
    """(code, name, polygons) of every area of a kind."""
    shapes = snapshot.rows("SELECT code, name, geometry_json FROM boundaries WHERE kind = ?", (kind,))
    return tuple((snapshot.geography.canonical(s["code"]), s["name"], _polygons(json.loads(s["geometry_json"]))) for s in shapes)


def _polygons(geometry: dict) -> tuple:
    found = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return tuple(tuple(tuple((p[0], p[1]) for p in ring) for ring in polygon) for polygon in found)


def _area(code: str, name: str, polygons: tuple, answer, cuts: list[float], measure: Measure, own: bool) -> Area:
    if answer is None or answer.number is None:
        return Area(code, name, polygons, None, publish.why_missing(answer) if answer else "no figure", own)
    level = min(int(np.searchsorted(cuts, answer.number, side="left")), len(SHADES) - 1)
    return Area(code, answer.place_name, polygons, level, publish.text(answer, measure), own)
