"""Disclosure control over linked counts: what a reader can work out of the hidden ones, and what more must be hidden so that he cannot.

The reader is given every shown count (a range when it is rounded), every shown percentage or rate (a range of the ratio of two counts) and
every relation that holds between counts (a total is the sum of its parts, a part is no more than its whole). All of these are linear, so
the least and the most that a hidden count can be are two linear programs. A hidden small count is *safe* when its range covers every value
a small count may have, 0 to threshold - 1. Secondary suppression by this audit is that of Fischetti and Salazar (Management Science 47,
2001), one attacker's program at a time; exact inference alone is in `linear_dependency`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, csr_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from esteem.terms.problems import Problem

_NEAR = 1e-6  # what the solver may be off by
# Any whole counts that fit are a witness, so a search in whole numbers need not be the best. It gives up after so many branches, not after
# a time, so that the same figures are hidden on every machine.
_SEARCH = {"node_limit": 30, "mip_rel_gap": 0.3}


def rounded(count: float, to: int) -> float:
    """The nearest multiple of `to`, halves up."""
    return float(np.floor(count / to + 0.5) * to)


def rounded_range(shown: float, to: int, fewest: int) -> tuple[float, float]:
    """The whole counts that are shown as this multiple of `to` where no count below `fewest` is shown: 5 is 5 to 7, 10 is 8 to 12."""
    down, up = to // 2, (to - 1) // 2
    return max(shown - down, float(fewest)), shown + up


def share_range(shown: float, step: float = 1.0) -> tuple[float, float]:
    """The shares shown as this one when rounded to `step`, halves up; the upper end itself is not among them."""
    return shown - step / 2, shown + step / 2


@dataclass(frozen=True)
class Linked:
    """n counts, all at least 0, and what may be known about them. `shown` and `shares_shown` say what is given out.

    `relations` (m, n) with `relation_lower` and `relation_upper`: true of the counts and known to everybody.
    `lower`, `upper` (n,): what a count says when it is shown. `shares` (k, n) with their limits: likewise for percentages and rates.
    `weight` (n,), `share_weight` (k,): how much hiding one costs for each unit it must move; infinity where it is out already.
    """

    relations: csr_array
    relation_lower: np.ndarray
    relation_upper: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    shown: np.ndarray
    weight: np.ndarray
    shares: csr_array
    share_lower: np.ndarray
    share_upper: np.ndarray
    shares_shown: np.ndarray
    share_weight: np.ndarray

    @classmethod
    def of(cls, relations, relation_lower, relation_upper, lower, upper, shown, weight=None, shares=None, share_weight=None) -> Linked:
        """With no shares, or `shares` = (matrix, lower, upper), all of them shown. Matrices may come from `rows_over`."""
        count = len(lower)
        matrix, low, high = shares if shares is not None else (csr_array((0, count)), np.zeros(0), np.zeros(0))
        return cls(
            *(csr_array(relations), _floats(relation_lower), _floats(relation_upper), _floats(lower), _floats(upper)),
            *(np.asarray(shown, dtype=bool), np.ones(count) if weight is None else _floats(weight)),
            *(csr_array(matrix), _floats(low), _floats(high), np.ones(len(low), dtype=bool)),
            np.ones(len(low)) if share_weight is None else _floats(share_weight),
        )

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """What is known of each count by itself: its range where it is shown, else anything from 0."""
        return np.where(self.shown, self.lower, 0.0), np.where(self.shown, self.upper, np.inf)

    def parts(self, cut: bool = False) -> Iterator[tuple[np.ndarray, np.ndarray, Linked]]:
        """The groups that share no relation and no share: (numbers of the counts, numbers of the shares, their Linked).

        `cut`: counts shown exactly stay so and are put into the rows as numbers, which leaves more and smaller groups without them.
        """
        free, within = self.without_exact() if cut else (np.arange(len(self.lower)), self)
        for cells, of_shares, part in within._groups():
            yield free[cells], of_shares, part

    def without_exact(self) -> tuple[np.ndarray, Linked]:
        """The counts that are not shown exactly, and what ties them, the exact ones put into the rows as numbers."""
        fixed = self.shown & (self.lower == self.upper)
        free, known = np.flatnonzero(~fixed), np.flatnonzero(fixed)
        moved, moved_shares = self.relations[:, known] @ self.lower[known], self.shares[:, known] @ self.lower[known]
        return free, replace(
            self,
            relations=self.relations[:, free],
            relation_lower=self.relation_lower - moved,
            relation_upper=self.relation_upper - moved,
            shares=self.shares[:, free],
            share_lower=self.share_lower - moved_shares,
            share_upper=self.share_upper - moved_shares,
            lower=self.lower[free],
            upper=self.upper[free],
            shown=self.shown[free],
            weight=self.weight[free],
        )

    def _labels(self) -> tuple[int, np.ndarray]:
        rows = vstack([self.relations, self.shares], format="csr")
        return connected_components(abs(rows.T) @ abs(rows), directed=False)

    def groups_with_shares(self) -> tuple[np.ndarray, np.ndarray]:
        """(the group of each count, for each group whether a share is shown in it)"""
        count, label = self._labels()
        named = np.flatnonzero((np.diff(self.shares.indptr) > 0) & self.shares_shown)
        has = np.zeros(count, dtype=bool)
        has[_label_of_rows(self.shares, named, label)] = True
        return label, has

    def _groups(self) -> Iterator[tuple[np.ndarray, np.ndarray, Linked]]:
        relations, shares = (np.flatnonzero(np.diff(rows.indptr)) for rows in (self.relations, self.shares))
        count, label = self._labels()
        order, starts = _grouped(label, count)
        relation_order, relation_starts = _grouped(_label_of_rows(self.relations, relations, label), count)
        share_order, share_starts = _grouped(_label_of_rows(self.shares, shares, label), count)
        for part in range(count):
            cells = order[starts[part] : starts[part + 1]]
            of_relations = relations[relation_order[relation_starts[part] : relation_starts[part + 1]]]
            of_shares = shares[share_order[share_starts[part] : share_starts[part + 1]]]
            yield cells, of_shares, self._part(cells, of_relations, of_shares)

    def _part(self, cells: np.ndarray, relations: np.ndarray, shares: np.ndarray) -> Linked:
        return Linked(
            *(self.relations[relations][:, cells], self.relation_lower[relations], self.relation_upper[relations]),
            *(self.lower[cells], self.upper[cells], self.shown[cells], self.weight[cells]),
            *(self.shares[shares][:, cells], self.share_lower[shares], self.share_upper[shares]),
            *(self.shares_shown[shares], self.share_weight[shares]),
        )


def rows_over(rows: Sequence[Mapping[int, float]], count: int) -> csr_array:
    """Rows of {number of a count: factor} as a matrix over `count` counts."""
    starts = np.cumsum([0, *(len(row) for row in rows)])
    places = np.fromiter((cell for row in rows for cell in row), dtype=np.int64, count=starts[-1])
    factors = np.fromiter((factor for row in rows for factor in row.values()), dtype=float, count=starts[-1])
    return csr_array((factors, places, starts), shape=(len(rows), count))


def _floats(values) -> np.ndarray:
    return np.asarray(values, dtype=float)


def _label_of_rows(matrix: csr_array, rows: np.ndarray, label: np.ndarray) -> np.ndarray:
    """The group of each of `rows`, which all name a count: that of its first one."""
    return label[matrix.indices[matrix.indptr[rows]]] if len(rows) else np.zeros(0, dtype=int)


def _grouped(labels: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(labels, kind="stable")
    return order, np.searchsorted(labels[order], np.arange(count + 1))


# ---------------------------------------------------------------- the reader's programs


def possible_range(linked: Linked, cell: int, whole: bool = True, enough: float = np.inf) -> tuple[float, float]:
    """The least and the most that a count can be, given all that is shown. `whole`: only whole counts are possible.

    The most is not sought beyond `enough`, which makes it quick to tell that a count can be that large.
    """
    return _extreme(linked, cell, 1, whole, enough), _extreme(linked, cell, -1, whole, enough)


def _extreme(linked: Linked, cell: int, sign: int, whole: bool, enough: float) -> float:
    objective = np.zeros(len(linked.lower))
    objective[cell] = sign
    lower, upper = linked.bounds
    if sign < 0 and not linked.shown[cell]:
        upper[cell] = enough
    rows = _rows(linked, *_given_shares(linked))
    found = _solved(objective, *rows, lower, upper)
    if found is None:
        return float(np.inf)
    # A corner of the linear program is a whole one as a rule; only where it is not does the slow search run.
    if whole and np.abs(found - np.round(found)).max() > _NEAR:
        found = _solved(objective, *rows, lower, upper, whole)
    return round(float(found[cell]), 6) + 0.0


def _given_shares(linked: Linked) -> tuple:
    given = linked.shares_shown
    return linked.shares[given], (linked.share_lower[given], linked.share_upper[given])


def _rows(linked: Linked, shares, limits) -> tuple:
    matrix = vstack([linked.relations, shares], format="csc")
    return matrix, np.concatenate([linked.relation_lower, limits[0]]), np.concatenate([linked.relation_upper, limits[1]])


def _solved(objective, matrix, low, high, lower, upper, whole: bool | np.ndarray = False, options: dict | None = None) -> np.ndarray | None:
    """The counts at the optimum; None when there is none because the objective has no limit. Problem when nothing fits."""
    constraints = LinearConstraint(matrix, low, high) if matrix.shape[0] else None
    integrality = np.broadcast_to(np.asarray(whole, dtype=int), len(objective))
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


# ---------------------------------------------------------------- audit and secondary suppression


def unsafe(linked: Linked, primary: np.ndarray, most: float, counts: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Which of the `primary` counts cannot reach 0, and which cannot reach `most`, given all that is shown. `counts`: the true ones."""
    rows, bounds = _rows(linked, *_given_shares(linked)), linked.bounds
    high, low = _not_witnessed(linked, primary, most, counts)
    return tuple(
        np.array([c for c in cells if len(_not_reached(np.array([c]), rows, bounds, level))], dtype=int)
        for cells, level in ((high, 0.0), (low, most))
    )


def _not_witnessed(linked: Linked, primary: np.ndarray, most: float, counts: np.ndarray | None, whole: bool = False):
    """As `unsafe`, with some counts that only a program of their own would settle. The true counts are one witness of what is possible;
    the others are programs that bring as many counts as they can to an end of their range at once."""
    too_high = primary if counts is None else primary[counts[primary] > _NEAR]
    too_low = primary if counts is None else primary[counts[primary] < most - _NEAR]
    rows, bounds = _rows(linked, *_given_shares(linked)), linked.bounds
    return _not_reached(too_high, rows, bounds, 0.0, whole), _not_reached(too_low, rows, bounds, most, whole)


def _not_reached(cells: np.ndarray, rows: tuple, bounds: tuple, level: float, whole: bool = False) -> np.ndarray:
    """Those of `cells` that no witness brings to `level` (down when it is 0, else up)."""
    left = cells
    while len(left):
        found = _together(left, rows, bounds, level, whole)
        if found is None:
            break
        reached = found[left] <= _NEAR if level == 0 else found[left] >= level - _NEAR
        if not reached.any():
            break
        left = left[~reached]
    return left


def _together(cells: np.ndarray, rows: tuple, bounds: tuple, level: float, whole: bool = False) -> np.ndarray | None:
    """Counts that fit everything shown and bring as many of `cells` as near to `level` as they can; None when a search gave up."""
    matrix, low, high = rows
    lower, upper = bounds
    objective = np.zeros(len(lower))
    if level == 0:
        objective[cells] = 1
        return _witness(objective, matrix, low, high, lower, upper, whole)
    # Each of the cells in two parts: up to `level`, which is worth having, and what is above it, which is not.
    wide = hstack([matrix, matrix[:, cells]], format="csc")
    worth = np.concatenate([objective, np.full(len(cells), -1.0)])
    tops = np.concatenate([upper, np.minimum(upper[cells], level)])
    found = _witness(worth, wide, low, high, np.concatenate([lower, np.zeros(len(cells))]), tops, whole)
    if found is None:
        return None
    sums = found[: len(lower)].copy()
    sums[cells] += found[len(lower) :]
    return sums


def _witness(objective, matrix, low, high, lower, upper, whole: bool) -> np.ndarray | None:
    found = _solved(objective, matrix, low, high, lower, upper)
    if not whole or found is None or np.abs(found - np.round(found)).max() <= _NEAR:
        return found
    try:
        return _solved(objective, matrix, low, high, lower, upper, True, _SEARCH)
    except Problem:  # the search gave up: what it would have found is not known
        return None


def settled_together(linked: Linked, primary: np.ndarray, most: float, counts: np.ndarray) -> np.ndarray:
    """Which of the `primary` counts (as booleans) a few programs over all groups at once show to be safe; the others want a closer look.

    Counts shown exactly stay so. Where a group has shares shown, only whole counts are taken as a witness.
    """
    free, within = linked.without_exact()
    place = np.full(len(linked.lower), -1)
    place[free] = np.arange(len(free))
    label, strict = within.groups_with_shares()
    rows, bounds, truth = _rows(within, *_given_shares(within)), within.bounds, counts[free]
    cells = place[primary]
    safe = np.ones(len(cells), dtype=bool)
    for level in (0.0, most):
        left = np.flatnonzero(truth[cells] > _NEAR if level == 0 else truth[cells] < level - _NEAR)
        while len(left):
            found = _together(cells[left], rows, bounds, level)
            broken = np.zeros(label.max() + 1, dtype=bool)
            broken[label[np.abs(found - np.round(found)) > _NEAR]] = True
            near = found[cells[left]] <= _NEAR if level == 0 else found[cells[left]] >= level - _NEAR
            reached = near & ~(strict & broken)[label[cells[left]]]
            if not reached.any():
                break
            left = left[~reached]
        safe[left] = False
    return safe


@dataclass(frozen=True)
class Protected:
    """What is shown after secondary suppression. `because`: hidden count -> the primary count it protects; `unprotected`: primary counts
    that nothing which may still be hidden protects (what gives them away is out already)."""

    linked: Linked
    because: dict[int, int]
    shares_because: dict[int, int]
    unprotected: tuple[int, ...]


def protect(linked: Linked, primary: np.ndarray, most: float, counts: np.ndarray) -> Protected:
    """Hide more counts and shares until every primary one can be anything from 0 to `most`.

    `counts`: the true counts (n,). For each count still unsafe one program asks what would have to move, at the least cost, for it to
    reach the end of its range; what moves out of its shown range is hidden. So that program stays a witness, whatever else is hidden.
    Where shares stay shown the same is done once more in whole numbers, of which a share may leave fewer than it seems.
    """
    work = _Hiding(linked, primary, most, counts)
    work.run(whole=False)
    if work.linked.shares_shown.any():
        work.run(whole=True)
    return Protected(work.linked, work.because, work.shares_because, tuple(dict.fromkeys(work.unprotected)))


@dataclass
class _Hiding:
    linked: Linked
    primary: np.ndarray
    most: float
    counts: np.ndarray
    because: dict[int, int] = field(default_factory=dict)
    shares_because: dict[int, int] = field(default_factory=dict)
    unprotected: list[int] = field(default_factory=list)

    def run(self, whole: bool) -> None:
        high, low = _not_witnessed(self.linked, self.primary, self.most, self.counts, whole)
        for level, cells in ((0.0, high), (self.most, low)):
            queue = list(cells)
            while queue:
                cell = int(queue.pop(0))
                if cell in self.unprotected:
                    continue
                witness = self._make_room(cell, level, whole)
                if witness is not None:
                    queue = [c for c in queue if (witness[c] > _NEAR if level == 0 else witness[c] < level - _NEAR)]

    def _make_room(self, cell: int, level: float, whole: bool) -> np.ndarray | None:
        moved = _cheapest(self.linked, cell, level, whole)
        if moved is None and whole:
            self._hide(np.zeros(0, dtype=int), np.flatnonzero(self.linked.shares_shown & np.isfinite(self.linked.share_weight)), cell)
            moved = _cheapest(self.linked, cell, level, bool(self.linked.shares_shown.any()))
        if moved is None:
            self.unprotected.append(cell)
            return None
        hidden, shares, witness = moved
        self._hide(hidden, shares, cell)
        return witness

    def _hide(self, cells: np.ndarray, shares: np.ndarray, because: int) -> None:
        self.linked = _with_hidden(self.linked, cells, shares)
        self.because |= {int(number): because for number in cells}
        self.shares_because |= {int(number): because for number in shares}


def _with_hidden(linked: Linked, cells: np.ndarray, shares: np.ndarray) -> Linked:
    shown, shares_shown = linked.shown.copy(), linked.shares_shown.copy()
    shown[cells] = False
    shares_shown[shares] = False
    return replace(linked, shown=shown, shares_shown=shares_shown)


def _cheapest(linked: Linked, cell: int, level: float, whole: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """(counts to hide, shares to hide, the witness) so that `cell` can be `level`; None when nothing can be moved that far."""
    lower, upper = linked.bounds
    count = len(lower)
    movable = np.flatnonzero(linked.shown & np.isfinite(linked.weight))
    given = np.flatnonzero(linked.shares_shown)
    free = np.flatnonzero(np.isfinite(linked.share_weight[given]))
    base, low, high = _rows(linked, linked.shares[given], (linked.share_lower[given], linked.share_upper[given]))
    out = base[:, movable]
    slack = csc_array((np.ones(len(free)), (len(linked.relation_lower) + free, np.arange(len(free)))), shape=(base.shape[0], len(free)))
    # The counts, each movable one's rise and fall out of its range, each share's slack above and below its limits.
    matrix = hstack([base, out, -out, slack, -slack], format="csc")
    lower, upper = lower.copy(), upper.copy()
    lower[cell], upper[cell] = (0.0, 0.0) if level == 0 else (level, np.inf)
    cost, slack_cost = linked.weight[movable], linked.share_weight[given][free]
    objective = np.concatenate([np.zeros(count), cost, cost, slack_cost, slack_cost])
    floor = np.concatenate([lower, np.zeros(2 * len(movable) + 2 * len(free))])
    ceiling = np.concatenate([upper, np.full(len(movable), np.inf), lower[movable], np.full(2 * len(free), np.inf)])
    try:
        integral = np.arange(len(objective)) < count + 2 * len(movable)
        found = _solved(objective, matrix, low, high, floor, ceiling, integral & whole, _SEARCH if whole else None)
    except Problem:
        return None
    rise, fall, more, less = np.split(found[count:], np.cumsum([len(movable), len(movable), len(free)]))
    witness = found[:count].copy()
    witness[movable] += rise - fall
    return movable[(rise > _NEAR) | (fall > _NEAR)], given[free[(more > _NEAR) | (less > _NEAR)]], witness
