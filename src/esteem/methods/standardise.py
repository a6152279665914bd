"""Standardised rates: direct (Dobson 1991, with Byar limits of the count) and indirect (rate and ratio)."""

from __future__ import annotations

import numpy as np

from esteem.methods import counts, inputs
from esteem.methods import reasons as reason
from esteem.methods.estimates import Estimate, plain
from esteem.terms.problems import Problem

# European Standard Population 2013, 19 bands: 0-4, 5-9 ... 85-89, 90 and over. Sums to 100,000.
ESP2013 = (5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000)
FEWEST_EVENTS = 10
NON_INDEPENDENT = "Dobson, with confidence adjusted for non-independent events"


def direct(x, n, weights=ESP2013, conf=0.95, multiplier=100_000.0) -> Estimate:
    """Directly standardised rates, one for each row of `x`.

    x: events, shape (..., bands), missing = 0; n: people, same shape, all above zero; weights: standard population, broadcast along bands.
    Fewer than 10 events in all: value and limits missing (`too_few_events`). Raises Problem naming row and band for a wrong figure.
    """
    x, n, weights = _bands(x, n, weights)
    share = weights / n
    part = x * share
    total = x.sum(axis=-1)
    with np.errstate(invalid="ignore"):
        value = part.sum(axis=-1)
        variance = (part * share).sum(axis=-1)
    return _dobson(value, variance, total, weights.sum(axis=-1), n.sum(axis=-1), conf, multiplier, "Dobson")


def direct_non_independent(x, frequency, n, weights=ESP2013, conf=0.95, multiplier=100_000.0) -> Estimate:
    """Directly standardised rates of events that one person may have several times (admissions, for instance).

    x: people, shape (..., frequencies, bands), missing = 0; frequency: how many events each of them had, shape (frequencies,);
    n: (..., bands), or (..., frequencies, bands) when it is equal for all frequencies (else Problem `unequal-bands`).
    """
    frequency = inputs.above_zero(frequency, "event frequency")[:, np.newaxis]
    people = np.nan_to_num(inputs.not_negative(x, "people"))
    n = _one_for_all_frequencies(inputs.present(n, "population"), people.shape, "population")
    weights = _one_for_all_frequencies(inputs.present(weights, "standard population"), people.shape, "standard population")
    _, n, weights = _bands(people[..., 0, :], n, weights)
    share = weights / n
    events = (people * frequency).sum(axis=-2)
    variance = ((people * frequency**2).sum(axis=-2) * share**2).sum(axis=-1)
    value = (events * share).sum(axis=-1)
    return _dobson(value, variance, events.sum(axis=-1), weights.sum(axis=-1), n.sum(axis=-1), conf, multiplier, NON_INDEPENDENT)


def _one_for_all_frequencies(array, shape, column):
    """Collapse (..., frequencies, bands) to (..., bands) once every frequency is seen to carry the same figures."""
    if array.ndim < len(shape):
        return array
    rule = f"The {column} of an age band is the same for every event frequency."
    inputs.insist(array == array[..., :1, :], array, column, "unequal-bands", rule)
    return array[..., 0, :]


def _bands(x, n, weights):
    x = np.nan_to_num(inputs.not_negative(x, "events"))
    n = inputs.above_zero(inputs.present(n, "population"), "population")
    weights = inputs.not_negative(inputs.present(weights, "standard population"), "standard population")
    try:
        x, n, weights = np.broadcast_arrays(x, n, weights)
    except ValueError:
        found = f"{x.shape[-1:]}, {n.shape[-1:]} and {weights.shape[-1:]} bands"
        rule = "Events, population and standard population have the same age bands."
        raise Problem("bands-differ", rule, found, "Give all three for the same age bands.") from None
    total = weights.sum(axis=-1)
    inputs.insist(total > 0, total, "standard population", "not-above-zero", "The standard population adds up to more than zero.")
    return x, n, weights


def _dobson(value, variance, total, weight, people, conf, multiplier, method) -> Estimate:
    """Limits of a weighted sum: value + sqrt(variance / events) x (Byar limit - events), Byar's at any count."""
    conf, multiplier = inputs.confidence(conf), inputs.numbers(multiplier, "multiplier")
    enough = total >= FEWEST_EVENTS
    some = np.where(enough, total, np.nan)
    lower, upper = counts.byar_limits(some, conf)
    step = np.sqrt(variance / some)
    scale = multiplier / weight
    why = reason.first_that_applies(total.shape, (~enough, reason.TOO_FEW_EVENTS))
    given = np.array(f"dsr per {plain(float(multiplier))}" if multiplier.ndim == 0 else "dsr", dtype=object)
    statistic = np.where(enough, given, np.array("dsr NA for total count < 10", dtype=object))
    return Estimate(
        np.where(enough, value, np.nan) * scale,
        (value + step * (lower - total)) * scale,
        (value + step * (upper - total)) * scale,
        why,
        method,
        conf,
        multiplier,
        statistic,
        observed=total,
        denominator=people,
    )


def indirect_rate(x, n, x_ref, n_ref, conf=0.95, multiplier=100_000.0, observed=None) -> Estimate:
    """Indirectly standardised rate: observed / expected x the reference population's crude rate (`Estimate.multiplier` unchanged).

    x: events and n: people, shape (..., bands); x_ref, n_ref: the reference population, broadcast along bands. Missing x, n or x_ref = 0;
    n_ref must be above zero. `observed` (shape (...)) gives the total where events by band are unknown.
    """
    total, expected, x_ref, n_ref = _expected(x, n, x_ref, n_ref, observed)
    multiplier = inputs.numbers(multiplier, "multiplier")
    scale = x_ref.sum(axis=-1) / n_ref.sum(axis=-1) * multiplier
    return _indirect(total, expected, scale, conf, multiplier, "indirectly standardised rate")


def indirect_ratio(x, n, x_ref, n_ref, conf=0.95, reference=100.0, observed=None) -> Estimate:
    """Indirectly standardised ratio: observed / expected x `reference` (1 or 100). Inputs as for `indirect_rate`."""
    total, expected, _, _ = _expected(x, n, x_ref, n_ref, observed)
    reference = inputs.numbers(reference, "reference value")
    return _indirect(total, expected, reference, conf, reference, "indirectly standardised ratio")


def _expected(x, n, x_ref, n_ref, observed):
    n = np.nan_to_num(inputs.not_negative(n, "population"))
    x_ref = np.nan_to_num(inputs.not_negative(x_ref, "reference events"))
    n_ref = inputs.above_zero(inputs.present(n_ref, "reference population"), "reference population")
    n, x_ref, n_ref = np.broadcast_arrays(n, x_ref, n_ref)
    if observed is None:
        total = np.nan_to_num(inputs.not_negative(x, "events")).sum(axis=-1)
    else:
        total = np.nan_to_num(inputs.not_negative(observed, "observed events"))
    return total, (x_ref / n_ref * n).sum(axis=-1), x_ref, n_ref


def _indirect(total, expected, scale, conf, multiplier, statistic) -> Estimate:
    conf = inputs.confidence(conf)
    total, expected, scale = np.broadcast_arrays(total, expected, scale)
    lower, upper, few = counts.limits(total, conf)
    unit = np.where(expected > 0, scale, np.nan) / np.where(expected > 0, expected, 1.0)
    why = reason.first_that_applies(total.shape, (expected <= 0, reason.NO_EXPECTED_EVENTS))
    return Estimate(total * unit, lower * unit, upper * unit, why, counts.method_names(few), conf, multiplier, statistic, total, expected)
