"""Rate of events in a population, with an exact interval below 10 events and Byar's from 10 up."""

from __future__ import annotations

import numpy as np

from esteem.methods import counts, inputs
from esteem.methods import reasons as reason
from esteem.methods.estimates import Estimate


def rate(x, n, conf=0.95, multiplier=100_000.0) -> Estimate:
    """Rate x / n times `multiplier`; `method` says `Exact` or `Byars` for each row. Arrays broadcast.

    x >= 0 events (may be fractional, may exceed n), n > 0 people or person-years; a missing x or n gives a missing figure.
    Raises `negative-figure`, `not-above-zero`, `confidence-range`.
    """
    x, n, conf, multiplier = np.broadcast_arrays(
        inputs.not_negative(x, "events"),
        inputs.above_zero(n, "population"),
        inputs.confidence(conf),
        inputs.numbers(multiplier, "multiplier"),
    )
    lower, upper, few = counts.limits(x, conf)
    scale = multiplier / n
    value = x * scale
    gone = np.isnan(value)
    why = reason.first_that_applies(value.shape, (gone, reason.MISSING_INPUT))
    return Estimate(value, lower * scale, upper * scale, why, counts.method_names(few), conf, multiplier, "rate", observed=x, denominator=n)
