"""What a reader can work out of hidden counts: the least and the most that each can be, given everything shown.

A hidden small count is *safe* when it can be every value that a small count may have, 0 to threshold - 1. The least and the most are two
linear programs over what `linked_counts` says; in whole numbers where that makes a difference. `protection` hides more until all are safe.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from esteem.methods.linked_counts import NEAR, Linked
from esteem.terms.problems import Problem


def possible_range(linked: Linked, cell: int, whole: bool = True, enough: float = np.inf) -> tuple[float, float]:
    """The least and the most that a count can be, given all that is shown. `whole`: only whole counts are possible.

    The most is not sought beyond `enough`, which makes it quick to tell that a count can be that large.
    """
    return _extreme(linked, cell, 1, whole, enough), _extreme(linked, cell, -1, whole, enough)


def unsafe(linked: Linked, primary: np.ndarray, most: float, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of the `primary` counts cannot reach 0, and which cannot reach `most`, given all that is shown. `counts`: the true ones."""
    high = [c for c in primary if counts[c] > NEAR and _extreme(linked, c, 1, False, most) > NEAR]
    low = [c for c in primary if counts[c] < most - NEAR and _extreme(linked, c, -1, False, most) < most - NEAR]
    return np.array(high, dtype=int), np.array(low, dtype=int)


def _extreme(linked: Linked, cell: int, sign: int, whole: bool, enough: float) -> float:
    objective = np.zeros(len(linked.lower))
    objective[cell] = sign
    lower, upper = linked.bounds
    if sign < 0 and not linked.shown[cell]:
        upper[cell] = enough
    rows = linked.rows()
    found = solved(objective, *rows, lower, upper)
    if found is None:
        return float(np.inf)
    # A corner of the linear program is a whole one as a rule; only where it is not does the slow search run.
    if whole and np.abs(found - np.round(found)).max() > NEAR:
        found = solved(objective, *rows, lower, upper, whole)
    return round(float(found[cell]), 6) + 0.0


def solved(objective, matrix, low, high, lower, upper, whole: bool = False, options: dict | None = None) -> np.ndarray | None:
    """The counts that make `objective` least; None when it has no limit. Problem `disclosure-unsolved` when nothing fits or is found."""
    constraints = LinearConstraint(matrix.tocsc(), low, high) if matrix.shape[0] else None
    integrality = np.full(len(objective), int(whole))
    answer = milp(objective, constraints=constraints, bounds=Bounds(lower, upper), integrality=integrality, options=options or {})
    if answer.x is not None:
        return answer.x
    if answer.status == 3 or "unbounded" in str(answer.message).lower():
        return None
    raise Problem(
        "disclosure-unsolved",
        "What is shown about linked counts can be true all at once.",
        str(answer.message).split("\n")[0],
        "A relation or a rounding range given to the audit is wrong; nothing is released until it is right.",
    )
