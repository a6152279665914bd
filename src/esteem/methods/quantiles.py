"""Quantiles of areas (deciles, quintiles), within groups, with ties at the lowest rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from esteem.methods import inputs
from esteem.methods import reasons as reason
from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Quantiles:
    """`quantile` 1..k as floats, NaN with a reason (`missing_input`, `too_few_areas`) where there is none."""

    quantile: np.ndarray
    reason_code: np.ndarray

    @property
    def reasons(self) -> np.ndarray:
        return reason.texts(self.reason_code)


def quantiles(values, count: int, groups=None, invert=True) -> Quantiles:
    """Quantile of each of `values` (1-d, NaN = missing) among those of its group.

    count: how many quantiles (2 or more). invert: quantile 1 holds the highest values (one flag, or one for each value that is the same
    throughout a group, else Problem `invert-differs`). A group with fewer values than quantiles gets none.
    """
    values = np.atleast_1d(inputs.numbers(values, "value"))
    if int(count) != count or count < 2:
        raise Problem("quantile-count", "The number of quantiles is a whole number from 2.", repr(count), "Use 5 or 10.")
    labels = np.zeros(values.size, dtype=int) if groups is None else np.asarray(groups)
    member = np.unique(labels, return_inverse=True)[1]
    flags = _one_flag_a_group(np.broadcast_to(np.asarray(invert, dtype=bool), values.shape), member)
    rank, size = _rank_in_group(np.where(flags, -values, values), member)
    missing, few = np.isnan(values), size < count
    with np.errstate(divide="ignore", invalid="ignore"):
        quantile = np.floor((count + 1) - np.ceil((size + 1 - rank) / (size / count)))
    quantile = np.where(missing | few, np.nan, np.maximum(quantile, 1))
    why = reason.first_that_applies(values.shape, (missing, reason.MISSING_INPUT), (few, reason.TOO_FEW_AREAS))
    return Quantiles(quantile, why)


def _one_flag_a_group(flags: np.ndarray, member: np.ndarray) -> np.ndarray:
    first = np.zeros(member.max(initial=-1) + 1, dtype=bool)
    first[member[::-1]] = flags[::-1]
    differs = np.flatnonzero(flags != first[member])
    if differs.size:
        row = int(differs[0]) + 1
        rule = "Invert is the same for all areas of a group."
        raise Problem("invert-differs", rule, str(flags[row - 1]), "Use one flag for the group.", row=row, column="invert")
    return flags


def _rank_in_group(values: np.ndarray, member: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rank from 1 within the group, ties at the minimum (missing values rank last), and the group's number of values."""
    order = np.lexsort((values, member))
    own, sorted_values = member[order], values[order]
    position = np.arange(values.size)
    new_group = np.ones(values.size, dtype=bool)
    new_group[1:] = own[1:] != own[:-1]
    new_value = new_group.copy()
    new_value[1:] |= sorted_values[1:] != sorted_values[:-1]
    start = np.maximum.accumulate(np.where(new_group, position, 0))
    first_of_tie = np.maximum.accumulate(np.where(new_value, position, 0))
    rank = np.empty(values.size)
    rank[order] = first_of_tie - start + 1
    size = np.bincount(member, weights=~np.isnan(values), minlength=member.max(initial=-1) + 1)
    return rank, size[member]
