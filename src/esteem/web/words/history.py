"""A measure at one place over time: the table first, then the chart of the same rows."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.evidence import publish
from esteem.evidence.annotations import annotations
from esteem.evidence.model import Measure
from esteem.web.charts.line import line_chart
from esteem.web.charts.model import COMMON, CONCERN, IMPROVEMENT, NEUTRAL, Event, Frame, Point, Target
from esteem.web.charts.svg import Chart
from esteem.web.words.figures import FigureLine, by_latest, figure_line

_IMPROVES = {"higher": +1, "lower": -1, "neutral": 0}


@dataclass(frozen=True)
class History:
    """`lines` newest first; `notes` are (number or "", text): numbered ones are drawn on the chart."""

    lines: tuple[FigureLine, ...]
    chart: Chart | None
    finding: str
    notes: tuple[tuple[str, str], ...]
    limits_words: str


def history(answers: list[publish.Released], measure: Measure, target: Target | None, limits: bool = True) -> History:
    last = by_latest(answers)
    place = last.place if last else ""
    notes = annotations(measure, place, answers[0].period, answers[-1].period) if answers else []
    dated = [n for n in notes if n.start]
    numbers = {note: number for number, note in enumerate(dated, 1)}
    events = tuple(Event(note.start, number, note.text) for note, number in numbers.items())
    lines = tuple(figure_line(a, measure) for a in reversed(answers))
    finding = _finding(answers, measure)
    chart = _chart(answers, measure, target, limits, finding, events) if len(answers) > 1 else None
    said = tuple((str(numbers[n]) if n in numbers else "", n.text) for n in notes)
    return History(lines, chart, finding, said, _limits_words(answers, limits))


def _chart(answers, measure: Measure, target, limits: bool, finding: str, events) -> Chart:
    title = f"{measure.title}, {answers[-1].place_name}"
    ceiling = 1.0 if measure.unit == "proportion" else None
    frame = Frame(
        "history", title, finding, y_title=axis_words(measure), zero=measure.unit not in ("score", "years"), ceiling=ceiling, events=events
    )
    return line_chart(frame, points(answers, measure, limits), tick(measure), target)


def tick(measure: Measure):
    """Words of a tick of the value axis."""

    def words(value: float) -> str:
        shown = publish.number_text(value, measure, extra=0, bare=measure.unit != "proportion")
        fine = publish.number_text(value, measure, extra=1, bare=measure.unit != "proportion")
        if measure.unit == "proportion":
            return shown if abs(value * 100 - round(value * 100)) < 1e-6 else fine
        return shown if abs(value) >= 10 else fine.removesuffix(".0")

    return words


def axis_words(measure: Measure) -> str:
    base = {
        "rate_per_100000": "per 100,000 people",
        "rate_per_10000": "per 10,000 people",
        "pounds": "pounds",
        "days": "days",
        "years": "years",
    }
    said = base.get(measure.unit, "")
    return (
        f"{measure.plain_unit} {said}".strip().capitalize()
        if measure.unit != "proportion"
        else f"Share of {measure.plain_unit or 'people'}"
    )


def points(answers: list[publish.Released], measure: Measure, limits: bool) -> list[Point]:
    segments: dict[tuple, int] = {}
    return [_point(a, measure, limits, segments) for a in answers]


def _point(answer: publish.Released, measure: Measure, limits: bool, segments: dict) -> Point:
    stretch = (answer.centre, answer.lower_process_limit, answer.upper_process_limit)
    drawn = limits and answer.centre is not None
    return Point(
        answer.period.end,
        short_period(answer),
        answer.number,
        lower=answer.lower,
        upper=answer.upper,
        centre=answer.centre if drawn else None,
        low_limit=_clipped(answer.lower_process_limit, measure) if drawn else None,
        high_limit=_clipped(answer.upper_process_limit, measure) if drawn else None,
        mark=mark_of(answer, measure) if drawn else COMMON,
        note=answer.label or "",
        segment=segments.setdefault(stretch, len(segments)),
    )


def _clipped(limit: float | None, measure: Measure) -> float | None:
    """Limits are clipped for display only, where a value cannot lie beyond (a share above 1, a count below 0)."""
    if limit is None:
        return None
    if measure.unit == "proportion":
        return min(max(limit, 0.0), 1.0)
    return limit if measure.kind in ("difference", "score", "mean") else max(limit, 0.0)


def mark_of(answer: publish.Released, measure: Measure) -> str:
    """Shape of a point from its label and the way that is better."""
    label = answer.label or ""
    if not label or label == "Common Cause":
        return COMMON
    up = any(word in label for word in ("Above", "Increasing"))
    way = _IMPROVES[measure.better] * (1 if up else -1)
    return {1: IMPROVEMENT, -1: CONCERN, 0: NEUTRAL}[way]


def short_period(answer: publish.Released) -> str:
    period = answer.period
    return f"{period.start:%b %Y}" if period.kind == "month" else period.label


def _finding(answers: list[publish.Released], measure: Measure) -> str:
    """What the chart shows, in a sentence: first and last value, and what the limits say of the last."""
    known = [a for a in answers if a.number is not None]
    if not known:
        return "There is no figure to show."
    first, last = known[0], known[-1]
    if first is last:
        return f"{publish.text(last, measure)} in {last.period.words}; there is one figure only."
    said = (
        f"{publish.number_text(first.number, measure)} in {first.period.words}; "
        f"{publish.number_text(last.number, measure)} in {last.period.words}."
    )
    signals = [a for a in known if a.label and a.label != "Common Cause"]
    if last in signals:
        return f"{said} The last point is unlikely to be chance ({last.label})."
    if last.centre is not None:
        return f"{said} The last point lies within what chance would give."
    return said


def _limits_words(answers: list[publish.Released], limits: bool) -> str:
    if not any(a.centre is not None for a in answers):
        said = next((word for a in reversed(answers) for word in a.chart), "")
        return f"No control limits are drawn: {said}." if said else ""
    if not limits:
        return "Control limits are switched off."
    words = list(dict.fromkeys(word for a in answers for word in a.chart))
    start = "The dashed lines are control limits (XmR): nearly all points lie between them when nothing has changed."
    return f"{start} {'; '.join(words)}." if words else start
