"""Forecast of a series to the day a promise falls due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from esteem.evidence.answers import Answer
from esteem.evidence.model import Measure
from esteem.methods.forecast import forecast

SCALES = {"proportion": "fraction", "rate": "positive", "ratio": "positive", "count": "positive", "pounds": "positive", "mean": "positive"}
_DAYS_IN_MONTH = 30.44


def forecast_on(due: date, answers: Sequence[Answer], measure: Measure) -> tuple[float, float, float] | None:
    """(value, lower, upper) for the period in which `due` lies, from the latest unbroken stretch of `answers`.

    None when the series cannot be forecast: too few points, no change, further ahead than it reaches back, or `due` already covered.
    """
    stretch = _latest_stretch(answers)
    if len(stretch) < 2:
        return None
    step = _months(stretch[0].period.end, stretch[1].period.end)
    ahead = round(_months(stretch[-1].period.end, due) / step) if step else 0
    if step < 1 or ahead < 1:
        return None
    places = [round(_months(stretch[0].period.end, a.period.end) / step) for a in stretch]
    values = np.full(places[-1] + 1, np.nan)
    values[places] = [np.nan if a.is_missing else a.number for a in stretch]
    found = forecast(values, ahead, scale=SCALES.get(measure.kind, "free"))
    last = found.value[0, -1], found.lower[0, -1], found.upper[0, -1]
    return None if np.isnan(last).any() else tuple(float(x) for x in last)


def _latest_stretch(answers: Sequence[Answer]) -> list[Answer]:
    """The last run of answers of one source and one length of period: a forecast never runs over a break."""
    stretch: list[Answer] = []
    for answer in reversed(answers):
        if stretch and (answer.rank, answer.period.kind) != (stretch[0].rank, stretch[0].period.kind):
            break
        if "carried_forward" not in answer.flags:
            stretch.insert(0, answer)
    return stretch


def _months(start: date, end: date) -> int:
    return round((end - start).days / _DAYS_IN_MONTH)
