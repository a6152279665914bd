"""Each answer held against a reference: another group of the same place and time, or the same group in another place.

Ratio and difference come from counts where both sides have them, else from the published limits, else without an interval. The
difference is in the unit of the figure (0.05 of a proportion is 5 percentage points).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from esteem.evidence.answers import Answer
from esteem.evidence.figures import Question, category_order, figures_of_places
from esteem.evidence.missing_words import why_missing
from esteem.evidence.model import Measure
from esteem.evidence.places_asked import PlaceAsked, place_asked
from esteem.methods import comparison
from esteem.methods.estimates import Estimate
from esteem.terms.problems import Problem

# Fields of many compared answers: (measure, answers, their references) -> one dictionary for each.
Basis = Callable[[Measure, list[Answer], list[Answer]], list[dict]]
_LIMITS = ("number", "lower", "upper")
NO_INTERVAL = "no interval: the publisher gives neither counts nor limits"


def with_comparison(snapshot, question: Question, answers: list[Answer], against: str) -> list[Answer]:
    """Answers with ratio and difference against a category (`White British`) or a place (`E92000001`). Problem `against-unknown`."""
    name, reference_of = _references(snapshot, question, answers, against)
    said = [replace(answer, against=name) for answer in answers]
    references = [reference_of(answer) for answer in answers]
    pairs: dict[Basis, list[int]] = defaultdict(list)
    for i, (answer, reference) in enumerate(zip(said, references, strict=True)):
        if reference is None or reference.number is None:
            why = "no figure is published" if reference is None else why_missing(reference)
            said[i] = replace(answer, words=(*answer.words, f"Not compared with {name}: {why} for this place and time."))
        elif answer.number is not None:
            pairs[_basis(question.measure, answer, reference)].append(i)
    for basis, chosen in pairs.items():
        found = basis(question.measure, [said[i] for i in chosen], [references[i] for i in chosen])
        for i, fields in zip(chosen, found, strict=True):
            said[i] = replace(said[i], **fields)
    return said


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


def _basis(measure: Measure, answer: Answer, reference: Answer) -> Basis:
    """The best that the published figures of both sides allow."""
    both = (answer, reference)
    counted = all(a.numerator is not None and a.denominator for a in both)
    if counted and measure.interval == "wilson" and all(a.numerator <= a.denominator for a in both):
        return _from_shares
    if measure.interval == "byar" and all(a.numerator and a.number for a in both):
        return _from_rates
    if all(a.lower is not None and a.upper is not None and a.lower <= a.number <= a.upper for a in both):
        return _from_limits_below_zero if min(answer.lower, reference.lower) < 0 else _from_limits
    return _bare


def _from_shares(measure: Measure, answers: list[Answer], references: list[Answer]) -> list[dict]:
    sides = (*_columns(answers, "numerator", "denominator"), *_columns(references, "numerator", "denominator"))
    method = "from published counts: ratio by Koopman's score method, difference by Newcombe's method 10"
    return _fields(method, comparison.proportion_ratio(*sides), comparison.proportion_difference(*sides))


def _from_rates(measure: Measure, answers: list[Answer], references: list[Answer]) -> list[dict]:
    """The published rate stands for counts over a population that is not published: it follows from both."""
    sides = []
    for events, rates in (_columns(side, "numerator", "number") for side in (answers, references)):
        sides += [events, events / rates * measure.multiplier]
    difference = comparison.rate_difference(*sides, multiplier=measure.multiplier)
    return _fields("from published rates and counts, 95% interval of their ratio", comparison.rate_ratio(*sides), difference)


def _from_limits(measure: Measure, answers: list[Answer], references: list[Answer]) -> list[dict]:
    sides = (*_columns(answers, *_LIMITS), *_columns(references, *_LIMITS))
    ratio, difference = comparison.ratio_from_limits(*sides), comparison.difference_from_limits(*sides)
    return _fields("from the published 95% limits of both figures", ratio, difference)


def _from_limits_below_zero(measure: Measure, answers: list[Answer], references: list[Answer]) -> list[dict]:
    difference = comparison.difference_from_limits(*_columns(answers, *_LIMITS), *_columns(references, *_LIMITS))
    return _fields("from the published limits; no ratio of figures that may be below zero", None, difference)


def _bare(measure: Measure, answers: list[Answer], references: list[Answer]) -> list[dict]:
    return [
        {
            "ratio": answer.number / reference.number if reference.number > 0 and answer.number >= 0 else None,
            "difference": answer.number - reference.number,
            "comparison_method": NO_INTERVAL,
        }
        for answer, reference in zip(answers, references, strict=True)
    ]


def _columns(answers: list[Answer], *names: str) -> list[np.ndarray]:
    return [np.array([getattr(answer, name) for answer in answers], dtype=float) for name in names]


def _fields(method: str, ratio: Estimate | None, difference: Estimate) -> list[dict]:
    """The fields of each compared answer, from estimates of all of them at once."""
    columns = {}
    for name, estimate in (("ratio", ratio), ("difference", difference)):
        if estimate is not None:
            columns |= {name: estimate.value, f"{name}_lower": estimate.lower, f"{name}_upper": estimate.upper}
    numbers = {name: [None if np.isnan(x) else float(x) for x in column] for name, column in columns.items()}
    return [dict(zip(numbers, row, strict=True)) | {"comparison_method": method} for row in zip(*numbers.values(), strict=True)]
