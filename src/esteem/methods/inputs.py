"""What goes into a method: float arrays that have been looked at. A wrong figure raises a Problem that names its row (from 1)."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from esteem.terms.problems import Problem

CORRECT = "Correct the figure, or leave it out with a flag that says why."


def numbers(values, column: str) -> np.ndarray:
    """float64 array; None becomes NaN (missing). Raises `not-a-number` for text and `infinite` for an infinite figure."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        _raise_not_a_number(values, column)
    insist(~np.isinf(array), array, column, "infinite", f"{column} is a finite number.")
    return array


def _raise_not_a_number(values, column: str):
    flat = np.ravel(np.asarray(values, dtype=object))
    for i, item in enumerate(flat):
        try:
            np.float64(item) if item is not None else None
        except (TypeError, ValueError):
            raise Problem("not-a-number", f"{column} is a number.", repr(item), CORRECT, row=i + 1, column=column) from None
    raise Problem("not-a-number", f"{column} is a list of numbers of one length.", repr(values)[:80], CORRECT, column=column)


def insist(good, values, column: str, code: str, rule: str) -> None:
    """Raise Problem `code` for the first cell where `good` is false. NaN cells should come in as good unless missing is wrong."""
    good = np.asarray(good)
    if good.all():
        return
    where = np.argwhere(~np.atleast_1d(good))[0]
    shown = np.atleast_1d(np.broadcast_to(values, good.shape))[tuple(where)]
    place = f"{column}, position {where[-1] + 1}" if where.size > 1 else column
    raise Problem(code, rule, f"{shown:.15g}", CORRECT, row=int(where[0]) + 1, column=place)


def present(values, column: str) -> np.ndarray:
    """As `numbers`, and none may be missing."""
    array = numbers(values, column)
    insist(~np.isnan(array), array, column, "missing-figure", f"{column} is present in every row.")
    return array


def not_negative(values, column: str) -> np.ndarray:
    """As `numbers`, and none below zero."""
    array = numbers(values, column)
    insist(~(array < 0), array, column, "negative-figure", f"{column} is zero or more.")
    return array


def above_zero(values, column: str) -> np.ndarray:
    """As `numbers`, and none zero or below; missing stays missing."""
    array = numbers(values, column)
    insist(~(array <= 0), array, column, "not-above-zero", f"{column} is above zero.")
    return array


def confidence(conf, *, certain: bool = False):
    """Confidence as fraction in [0.9, 1), scalar or array; `certain` also allows 1. Raises `confidence-range`."""
    array = numbers(conf, "confidence")
    top = array <= 1 if certain else array < 1
    insist((array >= 0.9) & top, array, "confidence", "confidence-range", "Confidence is a fraction from 0.9 to below 1, such as 0.95.")
    return array


def normal_quantile(conf) -> np.ndarray:
    """z for a two-sided interval of confidence `conf`."""
    return ndtri((1 + np.asarray(conf, dtype=np.float64)) / 2)


def choice(value, allowed: tuple, column: str):
    """`value` when it is one of `allowed`, else Problem `not-a-choice`."""
    if value not in allowed:
        raise Problem(
            "not-a-choice", f"{column} is one of {', '.join(map(str, allowed))}.", repr(value), "Use one of these.", column=column
        )
    return value
