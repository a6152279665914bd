"""Limits and special-cause rules of XmR charts, on many groups of points at once.

Rows are groups of points (one series, or a part of it between rebases), columns are points in time order. NaN is a missing point, or
padding after the end of a shorter group: both break every run, trend and moving range. Rules: NHS "Making data count" (Wheeler 1993 for
the limits; moving ranges beyond 3.267 times their average are left out once before the limits are set).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from esteem.methods import reasons as reason

LIMIT_FACTOR = 2.66  # 3 / d2 for ranges of two
NEAR_SHARE = 2 / 3
SCREEN_FACTOR = 3.267  # D4 for ranges of two
RUN = 7
SHORT_GROUP_POINTS = 12

LABELS = (
    "Common Cause",
    "Above UCL",
    "Below LCL",
    "7 Point Trend (Increasing)",
    "7 Point Trend (Decreasing)",
    "2 in 3 Above CL",
    "2 in 3 Below CL",
    "7 Points Above CL",
    "7 Points Below CL",
    "No Limits",
    "",
)
(COMMON, ABOVE_LIMIT, BELOW_LIMIT, RISING, FALLING, NEAR_ABOVE, NEAR_BELOW, RUN_ABOVE, RUN_BELOW, NO_LIMITS, GHOST) = range(11)

POINT_TYPES = (
    "common_cause",
    "special_cause_improvement",
    "special_cause_concern",
    "special_cause_neutral_high",
    "special_cause_neutral_low",
    "no_limits",
    "",
)
_HIGH = (ABOVE_LIMIT, RISING, NEAR_ABOVE, RUN_ABOVE)
_LOW = (BELOW_LIMIT, FALLING, NEAR_BELOW, RUN_BELOW)
IMPROVEMENT = ("increase", "decrease", "neutral")
_TYPES_OF_HIGH_AND_LOW = ((1, 2), (2, 1), (3, 4))
ASSURANCES = (None, "consistent_pass", "consistent_fail", "inconsistent", "no_limits")


def _type_table() -> np.ndarray:
    """Point type for each improvement direction (row) and label (column)."""
    table = np.zeros((len(IMPROVEMENT), len(LABELS)), dtype=np.uint8)
    for direction, (high, low) in enumerate(_TYPES_OF_HIGH_AND_LOW):
        table[direction, list(_HIGH)], table[direction, list(_LOW)] = high, low
    table[:, NO_LIMITS], table[:, GHOST] = 5, 6
    return table


TYPE_OF_LABEL = _type_table()


@dataclass(frozen=True)
class Limits:
    """One value for each group: NaN limits have a code in `why` (position in `reasons.CODES`)."""

    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    reach: np.ndarray  # upper - mean
    why: np.ndarray
    stepped: np.ndarray  # all movement was screened away: limits equal the mean
    flat: np.ndarray  # values do not move at all


def _mean(values: np.ndarray, valid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row means of the valid cells and their number; the second pass makes the mean of equal values exactly that value."""
    count = valid.sum(axis=1)
    divisor = np.maximum(count, 1)
    first = np.where(valid, values, 0.0).sum(axis=1) / divisor
    rest = np.where(valid, values - first[:, None], 0.0).sum(axis=1) / divisor
    return np.where(count > 0, first + rest, np.nan), count


def limits(y: np.ndarray, baseline: np.ndarray | None, screen: np.ndarray) -> Limits:
    """Limits of each row of `y` from its `baseline` points (None = all); `screen` says for each row whether wide ranges are left out."""
    basis = y if baseline is None else np.where(baseline, y, np.nan)
    mean, values = _mean(basis, ~np.isnan(basis))
    moving = np.abs(np.diff(basis, axis=1))
    unscreened, ranges = _mean(moving, ~np.isnan(moving))
    kept = moving < np.where(screen, SCREEN_FACTOR * unscreened, np.inf)[:, None]
    average, kept_ranges = _mean(moving, kept)
    reach = LIMIT_FACTOR * average
    why = reason.first_that_applies(
        mean.shape,
        (values == 0, reason.NO_VALUES),
        (values == 1, reason.ONE_VALUE),
        (ranges == 0, reason.NO_NEIGHBOURS),
        (kept_ranges == 0, reason.NO_VARIATION),
    )
    stepped = (average == 0) & (unscreened > 0)
    return Limits(mean, mean - reach, mean + reach, reach, why, stepped, (ranges > 0) & (unscreened == 0))


def _in_run_of(flags: np.ndarray, length: int) -> np.ndarray:
    """True at the start of each stretch of `length` true cells: shape (rows, columns - length + 1)."""
    columns = flags.shape[1] - length + 1
    if columns <= 0:
        return np.zeros((flags.shape[0], 0), dtype=bool)
    found, have = flags, 1
    while have < length:
        step = min(have, length - have)
        found = found[:, :-step] & found[:, step:]
        have += step
    return found


def _members(starts: np.ndarray, length: int, columns: int) -> np.ndarray:
    """True for each cell that lies in a window of `length` cells that starts where `starts` is true."""
    inside = np.zeros((starts.shape[0], columns), dtype=bool)
    if starts.any():
        for offset in range(length):
            inside[:, offset : offset + starts.shape[1]] |= starts
    return inside


def _trends(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points in 7 that rise, and in 7 that fall; the point where two trends meet goes with the one to its right."""
    before, after = y[:, :-1], y[:, 1:]
    rises, falls = after > before, after < before
    rising = _members(_in_run_of(rises, RUN - 1), RUN, y.shape[1])
    falling = _members(_in_run_of(falls, RUN - 1), RUN, y.shape[1])
    both = rising & falling
    if both.any():
        to_the_right = np.zeros_like(both)
        to_the_right[:, :-1] = rises
        rising, falling = rising & ~(both & ~to_the_right), falling & ~(both & to_the_right)
    return rising, falling


def _two_in_three(side: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Near points in a window of three on one side of the mean with at least two near."""
    near = near & side
    if side.shape[1] < 3 or not near.any():
        return np.zeros_like(near)
    first, second, third = near[:, :-2], near[:, 1:-1], near[:, 2:]
    two = (first & second) | (first & third) | (second & third)
    return near & _members(two & _in_run_of(side, 3), 3, side.shape[1])


@dataclass(frozen=True)
class Signals:
    """Per point, same shape as `y`: label position in LABELS, and what led to it."""

    label: np.ndarray
    outside: np.ndarray
    near: np.ndarray
    above: np.ndarray
    below: np.ndarray


def signals(y: np.ndarray, found: Limits) -> Signals:
    """Labels by the first rule that applies: outside, trend, two in three, run; else common cause (or no limits)."""
    mean = found.mean[:, None]
    near_reach = (NEAR_SHARE * found.reach)[:, None]
    above, below = y > mean, y < mean
    high, low = y > found.upper[:, None], y < found.lower[:, None]
    outside = high | low
    near = ((y > mean + near_reach) | (y < mean - near_reach)) & ~outside
    rising, falling = _trends(y)
    columns = y.shape[1]
    label = np.zeros(y.shape, dtype=np.uint8)
    label[np.isnan(found.reach)] = NO_LIMITS
    for mask, code in (
        (_members(_in_run_of(below, RUN), RUN, columns), RUN_BELOW),
        (_members(_in_run_of(above, RUN), RUN, columns), RUN_ABOVE),
        (_two_in_three(below, near), NEAR_BELOW),
        (_two_in_three(above, near), NEAR_ABOVE),
        (falling, FALLING),
        (rising, RISING),
        (low, BELOW_LIMIT),
        (high, ABOVE_LIMIT),
    ):
        label[mask] = code
    return Signals(label, outside, near, above, below)


def assurance(found: Limits, target: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Position in ASSURANCES for each group: will the process, left as it is, meet the target? None without target or direction."""
    asked = ~np.isnan(target) & (direction != IMPROVEMENT.index("neutral"))
    increase = direction == IMPROVEMENT.index("increase")
    beyond, short = target > found.upper, target < found.lower
    answer = np.full(target.shape, ASSURANCES.index("inconsistent"), dtype=np.uint8)
    answer[np.where(increase, beyond, short)] = ASSURANCES.index("consistent_fail")
    answer[np.where(increase, short, beyond)] = ASSURANCES.index("consistent_pass")
    answer[np.isnan(found.reach)] = ASSURANCES.index("no_limits")
    answer[~asked] = 0
    return answer
