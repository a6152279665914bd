"""Life expectancy from an abridged life table (Chiang 1984, method II) with the interval of Silcocks and others (2001)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from esteem.methods import inputs
from esteem.methods import reasons as reason
from esteem.terms.problems import Problem

STARTS = (0, 1, *range(5, 95, 5))  # 20 age bands; the last has no end
WIDTHS = np.append(np.diff(STARTS), np.nan).astype(float)
LIVED_IN_YEAR_OF_DEATH = np.array([0.1] + [0.5] * 19)  # share of the band lived by those who die in it
BORN = 100_000.0
SMALLEST_POPULATION = 5000
WIDEST_INTERVAL = 20.0  # years, at 95%


@dataclass(frozen=True)
class LifeExpectancy:
    """Years still to live at the start of each band, shape (..., 20); `population` and `deaths` are of this and all older bands."""

    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    population: np.ndarray
    deaths: np.ndarray
    reason_code: np.ndarray
    conf: float = 0.95
    method: str = "Chiang, using Silcocks et al for confidence limits"

    @property
    def reasons(self) -> np.ndarray:
        return reason.texts(self.reason_code)


def expectancy(deaths, population, conf=0.95) -> LifeExpectancy:
    """Life expectancy of each row: `deaths` and `population` of shape (..., 20), bands 0, 1-4, 5-9 ... 90 and over.

    Missing (with a reason) for an area with deaths below zero, a population not above zero, more deaths than people in a band, not 20
    bands, or 5,000 people or fewer; and for an age whose 95% interval is wider than 20 years or has no bound.
    """
    d, p = inputs.numbers(deaths, "deaths"), inputs.numbers(population, "population")
    conf = inputs.confidence(conf)
    if d.shape != p.shape:
        raise Problem("bands-differ", "Deaths and population have the same bands.", f"{d.shape} and {p.shape}", "Give both for each band.")
    older = (_and_older(p), _and_older(d))
    if d.shape[-1] != len(STARTS):
        none = np.full(d.shape, np.nan)
        why = np.full(d.shape, reason.code(reason.NOT_TWENTY_BANDS), dtype=np.uint8)
        return LifeExpectancy(none, none, none, *older, why, float(conf))
    wrong = _area_reasons(d, p)
    good = wrong == 0
    safe_d, safe_p = np.where(good[..., None], d, 0.0), np.where(good[..., None], p, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value, error = _life_table(safe_d, safe_p)
    wide = ~(2 * inputs.normal_quantile(0.95) * error <= WIDEST_INTERVAL)
    why = reason.first_that_applies(d.shape, (~np.isfinite(value), reason.NOT_FINITE), (wide, reason.INTERVAL_TOO_WIDE))
    why = np.where(good[..., None], why, wrong[..., None])
    value = np.where(why == 0, value, np.nan)
    reach = inputs.normal_quantile(conf) * error
    return LifeExpectancy(value, value - reach, value + reach, *older, why, float(conf))


def _and_older(figures: np.ndarray) -> np.ndarray:
    return np.cumsum(figures[..., ::-1], axis=-1)[..., ::-1]


def _area_reasons(d: np.ndarray, p: np.ndarray) -> np.ndarray:
    return reason.first_that_applies(
        d.shape[:-1],
        ((np.isnan(d) | np.isnan(p)).any(axis=-1), reason.MISSING_INPUT),
        ((d < 0).any(axis=-1), reason.NEGATIVE_DEATHS),
        ((p <= 0).any(axis=-1), reason.POPULATION_NOT_ABOVE_ZERO),
        ((d > p).any(axis=-1), reason.MORE_DEATHS_THAN_PEOPLE),
        (p.sum(axis=-1) <= SMALLEST_POPULATION, reason.POPULATION_TOO_SMALL),
    )


def _life_table(d: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Expectancy and its standard error at the start of each band."""
    a = LIVED_IN_YEAR_OF_DEATH
    rate = d / p
    width = np.where(np.isnan(WIDTHS), 2 / rate, WIDTHS)
    dying = np.where(d <= p / width / a, rate * width / (1 + rate * width * (1 - a)), 1.0)
    dying[..., -1] = 1.0
    alive = np.concatenate([np.ones((*d.shape[:-1], 1)), np.cumprod(1 - dying[..., :-1], axis=-1)], axis=-1) * BORN
    gone = alive * dying
    lived = width * (alive - gone + a * gone)
    lived[..., -1] = alive[..., -1] / rate[..., -1]
    value = np.where(alive > 0, _and_older(lived) / alive, 0.0)
    return value, _standard_error(d, rate, width, dying, alive, gone, value)


def _standard_error(d, rate, width, dying, alive, gone, value) -> np.ndarray:
    variance = np.where(gone > 0, dying**2 * (1 - dying) / d, 0.0)
    variance[..., -1] = 4 / (d[..., -1] * rate[..., -1] ** 2)
    reach = np.empty_like(value)
    reach[..., :-1] = (1 - LIVED_IN_YEAR_OF_DEATH[:-1]) * width[..., :-1] + value[..., 1:]
    reach[..., -1] = 0.5
    weighted = variance * (alive * reach) ** 2
    return np.sqrt(_and_older(weighted) / alive**2)
