"""The 95% interval of each figure, by the measure's own method, for many figures at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from esteem.evidence.answers import Answer
from esteem.evidence.model import Measure
from esteem.methods import counts
from esteem.methods.proportions import wilson

PUBLISHED = "published by the source"


def with_intervals(measure: Measure, answers: list[Answer]) -> list[Answer]:
    """Answers with `lower`, `upper` and `method`. An answer that has no number, or lacks what the method needs, gets no interval."""
    if measure.interval in ("none", "published"):
        return [_as_published(measure, answer) for answer in answers]
    usable = [answer for answer in answers if _usable(measure, answer)]
    if not usable:
        return [_without(measure, answer) for answer in answers]
    lower, upper, words = _limits(measure, usable)
    limits = zip(lower, upper, strict=True)

    def with_limits(answer: Answer) -> Answer:
        low, high = next(limits)
        return replace(answer, lower=_number(low), upper=_number(high), method=_method(answer, words))

    return [with_limits(answer) if _usable(measure, answer) else _without(measure, answer) for answer in answers]


def _number(limit) -> float | None:
    return None if np.isnan(limit) else float(limit)


def _usable(measure: Measure, answer: Answer) -> bool:
    if answer.number is None:
        return False
    if measure.interval == "poisson_count":
        return answer.number >= 0
    if answer.numerator is None:
        return False
    if measure.interval == "byar":
        return answer.numerator > 0
    return bool(answer.denominator) and 0 <= answer.numerator <= answer.denominator


def _limits(measure: Measure, answers: list[Answer]) -> tuple[np.ndarray, np.ndarray, str]:
    if measure.interval == "wilson":
        whole = np.array([a.denominator for a in answers], dtype=float)
        events = np.array([a.numerator for a in answers], dtype=float)
        found = wilson(events, whole, multiplier=measure.multiplier)
        # Counts and shares are rounded apart: where the published share lies outside the limits of its counts, use the share.
        share = np.array([a.number for a in answers], dtype=float) / measure.multiplier
        outside = (share < found.lower / measure.multiplier) | (share > found.upper / measure.multiplier)
        found = wilson(np.where(outside & (share >= 0) & (share <= 1), share * whole, events), whole, multiplier=measure.multiplier)
        return found.lower, found.upper, "95% interval by Wilson's score method"
    if measure.interval == "byar":
        # The published rate stands for counts over a population that is not published: the interval of the count, scaled to the rate.
        events = np.array([a.numerator for a in answers], dtype=float)
        found = counts.interval(events)
        scale = np.array([a.number for a in answers], dtype=float) / events
        return found.lower * scale, found.upper * scale, "95% interval of the count (exact below 10 events, Byar's from 10 up)"
    found = counts.interval([a.number for a in answers])
    return found.lower, found.upper, "95% interval of the count (exact below 10 events, Byar's from 10 up)"


def figure_words(answer: Answer) -> str:
    """How the figure itself came about, in words."""
    if len(answer.cells) == 1 and not answer.parts:
        return "as published"
    if "pooled" in answer.flags:
        return "published counts added up" if answer.denominator is not None else "published figures added up"
    return "worked out from published figures" if "derived" in answer.flags else "as published, with its published counts"


def _method(answer: Answer, words: str) -> str:
    return f"{figure_words(answer)}; {words}"


def _as_published(measure: Measure, answer: Answer) -> Answer:
    keeps = measure.interval == "published" and answer.number is not None and answer.lower is not None and not answer.parts
    if keeps:
        return replace(answer, method=_method(answer, f"95% interval {PUBLISHED}"))
    return _without(measure, answer)


def _without(measure: Measure, answer: Answer) -> Answer:
    return replace(answer, lower=None, upper=None, method=_method(answer, "no interval can be given"))
