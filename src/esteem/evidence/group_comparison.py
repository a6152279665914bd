"""Each answer held against a reference: another group of the same place and time, or the same group in another place.

Ratio and difference come from counts where both sides have them, else from the published limits, else without an interval. The
difference is in the unit of the figure (0.05 of a proportion is 5 percentage points).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from esteem.evidence.answers import Answer
from esteem.evidence.figures import Question, category_order, figures_of_places
from esteem.evidence.missing_words import why_missing
from esteem.evidence.model import Measure
from esteem.evidence.places_asked import PlaceAsked, place_asked
from esteem.methods import comparison
from esteem.terms.problems import Problem

NO_INTERVAL = "no interval: the publisher gives neither counts nor limits"


def with_comparison(snapshot, question: Question, answers: list[Answer], against: str) -> list[Answer]:
    """Answers with ratio and difference against a category (`White British`) or a place (`E92000001`). Problem `against-unknown`."""
    name, reference_of = _references(snapshot, question, answers, against)
    return [_compared(question.measure, answer, reference_of(answer), name) for answer in answers]


def _references(snapshot, question: Question, answers: list[Answer], against: str):
    """(name of the reference, function that finds the reference of an answer)."""
    own = {(a.place, a.period): a for a in answers if a.category.casefold() == against.casefold()}
    if own:
        return next(iter(own.values())).category, lambda answer: own.get((answer.place, answer.period))
    if found := _other_breakdown(snapshot, question, against):
        again = replace(question, breakdown=found[0], category=found[1], spc=False)
        asked = list(dict.fromkeys(PlaceAsked(a.place, a.place_name, a.parts or (a.place,)) for a in answers))
        elsewhere = {(a.place, a.period): a for a in figures_of_places(snapshot, again, asked)}
        return found[1], lambda answer: elsewhere.get((answer.place, answer.period))
    if snapshot.geography.knows(against):
        place = place_asked(snapshot.geography, against)
        again = replace(question, spc=False)
        there = {(a.period, a.category): a for a in figures_of_places(snapshot, again, [place])}
        return place.name, lambda answer: there.get((answer.period, answer.category))
    names = sorted({a.category for a in answers} - {"All"}, key=category_order)
    groups = f"Use one of: {', '.join(names)}; or the code of a place." if names else "Use the code of a place, or add a breakdown."
    raise Problem("against-unknown", "A figure is compared with a group of the same breakdown, or with a place.", against, groups)


def _other_breakdown(snapshot, question: Question, against: str) -> tuple[str, str] | None:
    """(breakdown, category) that holds the reference when it stands in a finer or broader breakdown (White British beside Black)."""
    if question.category:
        return None
    series = question.measure.published.series
    rows = snapshot.rows(
        f"select distinct breakdown, category from observations where series in ({', '.join('?' * len(series))}) and lower(category) = ?",
        [*series, against.lower()],
    )
    family = question.breakdown.split("_")[0]
    return next(((row["breakdown"], row["category"]) for row in rows if row["breakdown"].split("_")[0] == family), None)


def _compared(measure: Measure, answer: Answer, reference: Answer | None, name: str) -> Answer:
    said = replace(answer, against=name)
    if reference is None or reference.number is None:
        why = "no figure is published" if reference is None else why_missing(reference)
        return replace(said, words=(*said.words, f"Not compared with {name}: {why} for this place and time."))
    if answer.number is None:
        return said
    ratio, difference, method = _estimates(measure, answer, reference)
    return replace(
        said,
        ratio=ratio[0],
        ratio_lower=ratio[1],
        ratio_upper=ratio[2],
        difference=difference[0],
        difference_lower=difference[1],
        difference_upper=difference[2],
        comparison_method=method,
    )


def _estimates(measure: Measure, answer: Answer, reference: Answer):
    """(ratio with limits, difference with limits, method): the best that the published figures allow."""
    both = (answer, reference)
    counted = all(a.numerator is not None and a.denominator for a in both)
    if counted and measure.interval == "wilson" and all(a.numerator <= a.denominator for a in both):
        sides = (answer.numerator, answer.denominator, reference.numerator, reference.denominator)
        method = "from published counts: ratio by Koopman's score method, difference by Newcombe's method 10"
        return _three(comparison.proportion_ratio(*sides)), _three(comparison.proportion_difference(*sides)), method
    if measure.interval == "byar" and all(a.numerator and a.number for a in both):
        sides = [part for a in both for part in (a.numerator, a.numerator / a.number * measure.multiplier)]
        difference = comparison.rate_difference(*sides, multiplier=measure.multiplier)
        return _three(comparison.rate_ratio(*sides)), _three(difference), "from published rates and counts, 95% interval of their ratio"
    if all(a.lower is not None and a.upper is not None and a.lower <= a.number <= a.upper for a in both):
        sides = [part for a in both for part in (a.number, a.lower, a.upper)]
        difference = _three(comparison.difference_from_limits(*sides))
        if min(answer.lower, reference.lower) < 0:
            return (None, None, None), difference, "from the published limits; no ratio of figures that may be below zero"
        return _three(comparison.ratio_from_limits(*sides)), difference, "from the published 95% limits of both figures"
    ratio = answer.number / reference.number if reference.number > 0 and answer.number >= 0 else None
    return (ratio, None, None), (answer.number - reference.number, None, None), NO_INTERVAL


def _three(estimate) -> tuple[float | None, float | None, float | None]:
    return tuple(None if np.isnan(x) else float(x) for x in (estimate.value, estimate.lower, estimate.upper))
