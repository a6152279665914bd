"""Figures of a measure for places, times and groups: cells read, added together where asked, with intervals and control limits."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from esteem.evidence.answers import Answer, Cell, SourceFile
from esteem.evidence.control_charts import with_control_limits
from esteem.evidence.intervals import Limits, limits_of
from esteem.evidence.model import Measure
from esteem.evidence.places_asked import PlaceAsked
from esteem.evidence.pooling import check_pooled, pool_period, pool_places
from esteem.evidence.published_cells import Choice, Line, read_cells, source_files
from esteem.terms.periods import Period

Over = Period | tuple[Period, Period] | None
_Figure = tuple[PlaceAsked, Cell, tuple[str, ...]]  # with the words that say how it was put together


@dataclass(frozen=True)
class Question:
    """What is asked, apart from the places. `category` "" asks for every category of the breakdown."""

    measure: Measure
    breakdown: str = "all"
    category: str = "All"
    over: Over = None
    spc: bool = False
    as_at: date | None = None


def figures_of_places(snapshot, question: Question, asked: list[PlaceAsked]) -> list[Answer]:
    """Answers in the order of place, category and time; a place without cells has none."""
    predecessors = _predecessors(snapshot.geography, question.measure, asked)
    codes = tuple(dict.fromkeys(code for place in asked for part in place.parts for code in (part, *predecessors.get(part, ()))))
    lines = read_cells(snapshot, question.measure, _choice(question, places=codes))
    return _answers(snapshot, question, asked, lines, predecessors)


def figures_of_kinds(snapshot, question: Question, kinds: tuple[str, ...]) -> list[Answer]:
    """Answers for every place of some kinds that has figures, in the order of their codes."""
    lines = read_cells(snapshot, question.measure, _choice(question, kinds=kinds))
    codes = sorted({place for place, _ in lines})
    asked = [PlaceAsked(code, snapshot.geography.place(code).name, (code,)) for code in codes]
    return _answers(snapshot, question, asked, lines, {})


def _choice(question: Question, **places) -> Choice:
    """Control limits for one period come from the whole series; otherwise cells outside the time asked for need not be read."""
    over = question.over
    if isinstance(over, tuple):
        over = Period(over[0].start, over[1].end)
    elif question.spc:
        over = None
    return Choice(breakdown=question.breakdown, category=question.category, as_at=question.as_at, within=over, **places)


def _answers(snapshot, question: Question, asked: list[PlaceAsked], lines: dict[Line, list[Cell]], predecessors) -> list[Answer]:
    measure, files = question.measure, source_files(snapshot)
    categories: dict[str, set[str]] = defaultdict(set)
    for place, category in lines:
        categories[place].add(category)
    lines_asked: list[list[_Figure]] = []
    for place in asked:
        wanted = [code for part in place.parts for code in (part, *predecessors.get(part, ()))]
        for category in sorted(set().union(*(categories[code] for code in wanted)), key=category_order):
            own = {code: lines[code, category] for code in wanted if (code, category) in lines}
            cells, words = _of_place(measure, place, own, predecessors, snapshot.geography)
            lines_asked.append([(place, cell, words) for cell in _over(question, cells)])
    figures = [figure for line in lines_asked for figure in line]
    check_pooled(measure, [cell for _, cell, _ in figures])
    limits = iter(limits_of(measure, [cell for _, cell, _ in figures], [place.is_group for place, _, _ in figures]))
    rows = [[_answer(measure, place, cell, files, words, next(limits)) for place, cell, words in line] for line in lines_asked]
    if question.spc:
        rows = [_chosen(row, question.over) for row in with_control_limits(measure, rows)]
    return [answer for row in rows for answer in row]


def _chosen(row: list[Answer], over: Over) -> list[Answer]:
    """The one period asked for, after the limits were set from the whole series."""
    if not isinstance(over, Period):
        return row
    return [answer for answer in row if is_period(answer.period, over)]


def category_order(category: str) -> tuple:
    """`All` first, then by the first number in the name (ages, tenths of deprivation), then by name."""
    number = re.search(r"\d+", category)
    return (category != "All", not category.lower().startswith("under"), int(number[0]) if number else 0, category)


def _predecessors(geography, measure: Measure, asked: list[PlaceAsked]) -> dict[str, tuple[str, ...]]:
    """For each part of an asked place: the places it was formed from, when their sum is a valid figure of it."""
    if measure.place_pooling != "sum":
        return {}
    found = {}
    for place in asked:
        for part in place.parts:
            codes = tuple(code for joined in geography.joined_series(part) if joined.valid for code in joined.predecessors)
            if codes:
                found[part] = codes
    return found


def _of_place(measure: Measure, place: PlaceAsked, own: dict[str, list[Cell]], predecessors, geography):
    """(cells of the place over time, parts added together; the words that say so)."""
    words: list[str] = []
    for part in place.parts:
        earlier = _before(measure, part, own, predecessors, geography, words)
        if earlier:
            own = {**own, part: sorted([*earlier, *own.get(part, ())], key=lambda cell: cell.period)}
    if not place.is_group:
        return own.get(place.code, []), tuple(words)
    words.append(f"{place.name}: the figures of {', '.join(place.parts)} added together.")
    return pool_places(measure, own, place.parts, place.code), tuple(words)


def _before(measure: Measure, part: str, own, predecessors, geography, words: list[str]) -> list[Cell]:
    """Sums of the predecessors for the periods that the place itself does not have."""
    earlier: list[Cell] = []
    taken = [cell.period for cell in own.get(part, ())]
    for joined in geography.joined_series(part) if part in predecessors else ():
        if not joined.valid:
            continue
        cells = {code: [c for c in own.get(code, ()) if c.period.end < joined.until] for code in joined.predecessors}
        summed = [c for c in pool_places(measure, cells, joined.predecessors, part) if not any(_touch(c.period, t) for t in taken)]
        if summed:
            words.append(joined.words)
            earlier += summed
    return earlier


def is_period(period: Period, asked: Period) -> bool:
    """True for the same days, or the same written form: `2024/25` also asks for a school year or a survey year."""
    return (period.start, period.end) == (asked.start, asked.end) or period.label == asked.label


def _touch(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end


def _over(question: Question, cells: list[Cell]) -> list[Cell]:
    """The cells of the time asked for. A Period longer than the published ones is added up where that is valid."""
    over, kinds = question.over, question.measure.published.period_kinds
    line = [cell for cell in cells if not kinds or cell.period.kind in kinds]
    if over is None:
        return line
    if isinstance(over, tuple):
        return [cell for cell in line if over[0].start <= cell.period.start and cell.period.end <= over[1].end]
    exact = [cell for cell in cells if is_period(cell.period, over)]
    if exact:
        return line if question.spc and exact[0] in line else exact
    inside = [cell for cell in line if over.holds(cell.period)]
    return [pool_period(question.measure, inside, over)] if inside else []


def _answer(
    measure: Measure, place: PlaceAsked, cell: Cell, files: dict[str, SourceFile], words: tuple[str, ...], limits: Limits
) -> Answer:
    editions = dict.fromkeys(part.edition for part in cell.published)
    joined = (measure.published.joined,) if measure.published.joined and cell.rank else ()
    return Answer(
        measure=measure.id,
        place=place.code,
        period=cell.period,
        breakdown=cell.breakdown,
        category=cell.category,
        number=cell.number,
        numerator=cell.numerator,
        denominator=cell.denominator,
        lower=limits[0],
        upper=limits[1],
        unit=measure.unit,
        method=limits[2],
        sources=tuple(part.reference for part in cell.published),
        flags=tuple(sorted(cell.flags)),
        place_name=place.name,
        parts=place.parts if place.is_group else (),
        rank=cell.rank,
        cells=cell.published,
        files=tuple(files[edition] for edition in editions if edition in files),
        words=(*words, *joined),
    )
