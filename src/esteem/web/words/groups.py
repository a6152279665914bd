"""A figure by group: bars with intervals, each group's ratio to a reference group, and the widest gap in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.evidence import publish
from esteem.evidence.ask import ask
from esteem.evidence.model import Measure
from esteem.terms.problems import Problem
from esteem.web.charts.bars import interval_chart
from esteem.web.charts.model import Bar, Frame, Target
from esteem.web.charts.svg import Chart
from esteem.web.words.figures import FigureLine, by_latest, figure_line, released
from esteem.web.words.history import tick

WORDS = {
    "age": "age",
    "sex": "sex",
    "ethnicity": "ethnic group",
    "ethnicity_detail": "detailed ethnic group",
    "minority_ethnic": "ethnic minority or White British",
    "deprivation": "how deprived the area is",
    "long_term_condition": "long-term condition",
    "sexual_orientation": "sexual orientation",
    "disability": "disability",
}
# Whom each group is held against unless the reader chooses: the largest or best-off group, as the national equity figures do.
REFERENCE = {
    "ethnicity": ("White", "White British"),
    "ethnicity_detail": ("White British", "British"),
    "minority_ethnic": ("White British",),
    "sex": ("Male",),
    "deprivation": ("10 least deprived",),
    "long_term_condition": ("No long term condition",),
}
_APART = {"Not known or not stated", "All"}


@dataclass(frozen=True)
class Groups:
    """One breakdown at one place and period. `gap` is the widest gap in a sentence, "" when there is none to state."""

    by: str
    by_words: str
    period: str
    place: str
    against: str
    lines: tuple[FigureLine, ...]
    chart: Chart
    gap: str
    answers: tuple[publish.Released, ...]


def groups(snapshot, measure: Measure, place: str, by: str, period, as_at, against: str | None, target: Target | None) -> Groups | None:
    """The breakdown for `period`, or for the latest period that has one; None when no group has a figure there."""
    found = released(ask(snapshot, measure, [place], None, by, as_at=as_at), snapshot.geography)
    known = [a for a in found if a.number is not None and a.category != "All"]
    if not known:
        return None
    chosen = period if any(a.period == period for a in known) else by_latest(sorted(known, key=lambda a: a.period.end)).period
    names = {a.category for a in found if a.period == chosen}
    reference = against if against in names else next((r for r in REFERENCE.get(by, ()) if r in names), "")
    return _of_period(snapshot, measure, place, by, chosen, as_at, reference, target)


def _of_period(snapshot, measure: Measure, place: str, by: str, period, as_at, reference: str, target: Target | None) -> Groups:
    try:
        answers = released(ask(snapshot, measure, [place], period, by, against=reference or None, as_at=as_at), snapshot.geography)
    except Problem:
        answers = released(ask(snapshot, measure, [place], period, by, as_at=as_at), snapshot.geography)
    lines = tuple(figure_line(a, measure, emphasis=a.category == reference) for a in answers)
    bars = [Bar(a.category, a.number, a.lower, a.upper, publish.text(a, measure), a.category == reference) for a in answers]
    gap = widest_gap(answers, measure, reference)
    title = f"{measure.title} by {WORDS.get(by, by)}, {answers[0].place_name}, {period.words}"
    frame = Frame(f"by-{by.replace('_', '-')}", title, gap or title, zero=False, ceiling=1.0 if measure.unit == "proportion" else None)
    chart = interval_chart(frame, bars, tick(measure), target)
    return Groups(by, WORDS.get(by, by), period.words, answers[0].place_name, reference, lines, chart, gap, tuple(answers))


def widest_gap(answers: list[publish.Released], measure: Measure, reference: str) -> str:
    """The group furthest from the reference by ratio, with its interval; says when chance could explain it."""
    compared = [a for a in answers if a.ratio and a.category != reference and a.category not in _APART]
    if not compared:
        return ""
    far = max(compared, key=lambda a: max(a.ratio, 1 / a.ratio))
    said = f"The widest gap: {far.category} at {publish.text(far, measure)}, against {reference} {publish.ratio_text(far)}"
    if far.ratio_lower is None:
        return f"{said}. No interval can be given for the gap."
    sure = far.ratio_lower > 1 or far.ratio_upper < 1
    return f"{said}, {'unlikely to be chance' if sure else 'which may be chance'}."
