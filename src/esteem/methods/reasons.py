"""Reason codes: why a method gives no figure, or what to know about one it gives."""

from __future__ import annotations

import numpy as np

NONE = ""
MISSING_INPUT = "missing_input"
TOO_FEW_EVENTS = "too_few_events"
NO_EXPECTED_EVENTS = "no_expected_events"
LOWER_LIMIT_BELOW_ZERO = "lower_limit_below_zero"
ONE_VALUE = "one_value"
NO_VALUES = "no_values"
NO_VARIATION = "no_variation"
NO_NEIGHBOURS = "no_neighbours"
REFERENCE_ZERO = "reference_zero"
NO_UPPER_LIMIT = "no_upper_limit"
TOO_FEW_POINTS = "too_few_points"
TOO_FEW_AREAS = "too_few_areas"
TOO_FAR_AHEAD = "too_far_ahead"
NOT_TWENTY_BANDS = "not_twenty_bands"
NEGATIVE_DEATHS = "negative_deaths"
POPULATION_NOT_ABOVE_ZERO = "population_not_above_zero"
MORE_DEATHS_THAN_PEOPLE = "more_deaths_than_people"
POPULATION_TOO_SMALL = "population_too_small"
INTERVAL_TOO_WIDE = "interval_too_wide"
NOT_FINITE = "not_finite"
INTERCEPT_MAY_BE_ZERO = "intercept_may_be_zero"

# What to know about a figure that is given (warnings).
SHORT_GROUP = "short_group"
LIMITS_EQUAL_MEAN = "limits_equal_mean"
REBASE_DATE_NOT_IN_SERIES = "rebase_date_not_in_series"
GAPS_IN_DATES = "gaps_in_dates"
LAST_POINT_MISSING = "last_point_missing"
SHORT_SERIES = "short_series"
CLIPPED = "clipped"
MORE_THAN_TEN_QUANTILES = "more_than_ten_quantiles"
AREAS_DROPPED = "areas_dropped"
WIDENED = "widened"
LONG_HORIZON = "long_horizon"

WORDS = {
    MISSING_INPUT: "a figure it needs is missing",
    TOO_FEW_EVENTS: "there are fewer than 10 events",
    NO_EXPECTED_EVENTS: "no events would be expected, so there is nothing to compare with",
    LOWER_LIMIT_BELOW_ZERO: "the lower limit falls below zero",
    ONE_VALUE: "there is only one value",
    NO_VALUES: "there are no values",
    NO_VARIATION: "the values do not vary",
    NO_NEIGHBOURS: "no two values stand next to each other in time",
    REFERENCE_ZERO: "the group compared with has no events",
    NO_UPPER_LIMIT: "the upper limit has no bound: the group compared with has too few events",
    TOO_FEW_POINTS: "there are too few points",
    TOO_FEW_AREAS: "there are fewer areas than quantiles",
    TOO_FAR_AHEAD: "the date lies further ahead than the series reaches back",
    NOT_TWENTY_BANDS: "a life table needs 20 age bands",
    NEGATIVE_DEATHS: "a number of deaths is below zero",
    POPULATION_NOT_ABOVE_ZERO: "a population is zero or below",
    MORE_DEATHS_THAN_PEOPLE: "an age band has more deaths than people",
    POPULATION_TOO_SMALL: "the population is 5,000 or fewer",
    INTERVAL_TOO_WIDE: "the 95% interval is wider than 20 years",
    NOT_FINITE: "the figure has no bound",
    INTERCEPT_MAY_BE_ZERO: "the low end of the line may be zero, so the ratio has no limits",
    SHORT_GROUP: "12 points or fewer: limits are provisional",
    LIMITS_EQUAL_MEAN: "all movement lies in steps left out of the limits, so limits equal the mean: consider a rebase at the step",
    REBASE_DATE_NOT_IN_SERIES: "a rebase date is not a point that counts in the series and was not used",
    GAPS_IN_DATES: "dates are missing between points",
    LAST_POINT_MISSING: "the last point has no value, so the label says nothing of it",
    SHORT_SERIES: "a short series: read with care",
    CLIPPED: "values at the edge of their range were moved inside it before the fit",
    MORE_THAN_TEN_QUANTILES: "more than ten quantiles",
    AREAS_DROPPED: "areas with a missing quantile were left out",
    WIDENED: "the interval was widened because past forecasts missed more often than it promised",
    LONG_HORIZON: "the date lies more than half as far ahead as the series reaches back",
}

CODES = (NONE, *WORDS)
_POSITION = {code: i for i, code in enumerate(CODES)}
_TABLE = np.array(CODES, dtype=object)


def code(reason: str) -> int:
    """Position of a reason in `CODES`: what result arrays hold (uint8)."""
    return _POSITION[reason]


def first_that_applies(shape, *cases) -> np.ndarray:
    """uint8 array of reason positions: for each cell the first (mask, reason) whose mask is true, else NONE."""
    found = np.zeros(shape, dtype=np.uint8)
    for mask, reason in reversed(cases):
        if np.any(mask):
            found[np.broadcast_to(mask, shape)] = code(reason)
    return found


def texts(positions: np.ndarray) -> np.ndarray:
    """The reason codes as text, an object array of the same shape."""
    return _TABLE[positions]
