"""Interval of a count of events: exact Poisson (Garwood 1936) and Byar's approximation (Breslow and Day 1987)."""

from __future__ import annotations

import numpy as np
from scipy.special import gammainccinv, gammaincinv

from esteem.methods import inputs
from esteem.methods import reasons as reason
from esteem.methods.estimates import Estimate

_NONE = 1e-6
EXACT_BELOW = 10  # fewer events than this: exact limits; otherwise Byar's


def exact_limits(x: np.ndarray, conf) -> tuple[np.ndarray, np.ndarray]:
    """Exact limits. A chi-square quantile with 2x degrees of freedom, halved, is a gamma quantile of shape x."""
    tail = (1 - np.asarray(conf)) / 2
    some = x > _NONE  # below this the limit is smaller than any number a computer holds
    lower = np.where(some, gammaincinv(np.where(some, x, 1), tail), 0.0)
    return np.where(np.isnan(x), np.nan, lower), gammainccinv(x + 1, tail)


def byar_limits(x: np.ndarray, conf) -> tuple[np.ndarray, np.ndarray]:
    """Byar limits; the lower one is NaN where the formula falls below zero, and at no events."""
    z = inputs.normal_quantile(conf)
    some = np.where(x > 0, x, np.nan)
    lower = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    above = x + 1
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return np.where(lower < 0, np.nan, lower), upper


def limits(x: np.ndarray, conf) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lower, upper and a mask that is true where they are exact: exact below 10 events (9.5 too), Byar's from 10 up."""
    few = x < EXACT_BELOW
    conf = np.broadcast_to(conf, x.shape)
    lower, upper = byar_limits(np.where(few, EXACT_BELOW, x), conf)
    if few.any():
        lower, upper = np.array(lower), np.array(upper)
        lower[few], upper[few] = exact_limits(x[few], conf[few])
    return lower, upper, few


def method_names(few: np.ndarray) -> np.ndarray:
    return np.where(few, np.array("Exact", dtype=object), np.array("Byars", dtype=object))


def byar(x, conf=0.95) -> Estimate:
    """Byar interval of counts `x` (>= 0, may be fractional; missing stays missing)."""
    x, conf = np.broadcast_arrays(inputs.not_negative(x, "count"), inputs.confidence(conf))
    lower, upper = byar_limits(x, conf)
    why = reason.first_that_applies(x.shape, (np.isnan(x), reason.MISSING_INPUT), (np.isnan(lower), reason.LOWER_LIMIT_BELOW_ZERO))
    return Estimate(x, lower, upper, why, "Byars", conf, 1.0, "count", observed=x)


def interval(x, conf=0.95) -> Estimate:
    """Interval of counts `x`: exact below 10, Byar's from 10 up."""
    x, conf = np.broadcast_arrays(inputs.not_negative(x, "count"), inputs.confidence(conf))
    lower, upper, few = limits(x, conf)
    why = reason.first_that_applies(x.shape, (np.isnan(x), reason.MISSING_INPUT))
    return Estimate(x, lower, upper, why, method_names(few), conf, 1.0, "count", observed=x)
