"""Secondary suppression: what more must be hidden so that every small count can be anything from 0 to the largest small count.

Each small count is shown to be safe by two witnesses (`witnesses`): with it at 0 in one and at the top in the other. They come from linear
programs over all groups of linked counts at once. Where a small count has no witness, the program says what would have to move, at the
least cost, and that is hidden (after Fischetti and Salazar, Management Science 47, 2001).

Shares are kept out of the programs: round the two true counts of a printed share lies a box in which every pair would be printed the same
(`Shares.boxes`); witnesses stay in it, or the share is hidden. So sums alone are left, whose corners are whole numbers as a rule. Where
they are not, a search in whole numbers of so many branches, and never of so much time, decides: every machine hides the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import block_array, csc_array, csr_array, hstack

from esteem.methods.disclosure import solved
from esteem.methods.linked_counts import NEAR, Linked, label_of_rows, tied_together
from esteem.methods.witnesses import Witness, outside
from esteem.terms.problems import Problem

_SHARE_COST = 0.6  # hiding a share costs about as much as moving one of its counts by this
_BONUS = 1e-4  # for bringing along another small count to its end
_DEAR = 1e5  # for what cannot be reached
_SHAKES = (0.01, 0.1, 0.3, 1.0)
_SEARCH, _NEAR_ENOUGH = {"node_limit": 100, "mip_rel_gap": 0.5}, 10.0
_ROUNDS, _WORTH = 12, 0.02  # programs for all at once: how many, and the part of what is left that makes another worth it


@dataclass(frozen=True)
class Protected:
    """What is shown after secondary suppression.

    `because`, `shares_because`: hidden count or share -> the small count it protects. `unprotected`: small counts that nothing which may
    still be hidden protects (what gives them away is out already). `out_of_reach`: those of earlier releases that nothing new is tied to.
    """

    linked: Linked
    because: dict[int, int]
    shares_because: dict[int, int]
    unprotected: tuple[int, ...]
    out_of_reach: tuple[int, ...]
    witnesses: tuple[Witness, ...]


def protect(linked: Linked, primary: np.ndarray, most: float, counts: np.ndarray, last: np.ndarray | None = None) -> Protected:
    """Hide more counts and shares until every one of `primary` (numbers of hidden counts) can be anything from 0 to `most`.

    `counts`: the true counts (n,), whole. `last`: counts (n, booleans) that are hidden only for what hiding the others does not protect.
    """
    work = _Hiding(linked, most, np.asarray(counts, dtype=float))
    nothing = np.zeros(len(counts), dtype=bool)
    left = np.asarray(primary, dtype=int)
    if last is not None and (last & linked.shown).any():
        left = work.run(left, last & linked.shown, final=False)
    left = work.run(left, nothing, final=True)
    return Protected(work.linked, work.because, work.shares_because, tuple(left.tolist()), tuple(work.out_of_reach), tuple(work.witnesses))


# ---------------------------------------------------------------- search


@dataclass(frozen=True)
class _Groups:
    """The counts that may move, in groups that nothing ties together; the others stand in the rows as numbers."""

    free: np.ndarray  # numbers of counts
    label: np.ndarray  # group of each
    matrix: csr_array
    low: np.ndarray
    high: np.ndarray
    row_label: np.ndarray
    depth: np.ndarray  # in how many sums each is a part, less those of which it is the whole

    @classmethod
    def of(cls, linked: Linked, counts: np.ndarray, still: np.ndarray) -> _Groups:
        free, known = np.flatnonzero(~still), np.flatnonzero(still)
        matrix = linked.relations[:, free]
        rows = np.flatnonzero(np.diff(matrix.indptr))
        matrix, moved = matrix[rows], (linked.relations[:, known] @ counts[known])[rows]
        label = tied_together(matrix, np.ones(len(free), dtype=bool))
        low, high = linked.relation_lower[rows] - moved, linked.relation_upper[rows] - moved
        return cls(free, label, matrix, low, high, label_of_rows(matrix, label), matrix.sum(axis=0))

    @property
    def count(self) -> int:
        return int(self.label.max(initial=-1)) + 1


@dataclass(frozen=True)
class _Ranges:
    """For each count: where it may move with nothing more hidden, with its shares hidden, with itself hidden; and the costs of these."""

    inner: tuple[np.ndarray, np.ndarray]
    middle: tuple[np.ndarray, np.ndarray]
    outer: tuple[np.ndarray, np.ndarray]
    costs: tuple[np.ndarray, np.ndarray]

    def at(self, cells: np.ndarray) -> _Ranges:
        return _Ranges(*(tuple(column[cells] for column in columns) for columns in (self.inner, self.middle, self.outer, self.costs)))


@dataclass(frozen=True)
class _Asked:
    """A question to the program. `groups`: which (booleans); `aims`: counts that must come to `level`, one a group at most; `wanted`:
    counts that are welcome there. All by place among the free ones. `move`: figures may be hidden for it. `shake`: by how much costs are
    changed at random, the same way each time."""

    groups: np.ndarray
    aims: np.ndarray
    wanted: np.ndarray
    level: float
    move: bool = True
    whole: bool = False
    shake: float = 0.0


@dataclass
class _Hiding:
    linked: Linked
    most: float
    counts: np.ndarray
    because: dict[int, int] = field(default_factory=dict)
    shares_because: dict[int, int] = field(default_factory=dict)
    out_of_reach: list[int] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)

    def __post_init__(self):
        self.boxes = self.linked.shares.boxes(self.counts, *self.linked.bounds)

    def run(self, primary: np.ndarray, still: np.ndarray, final: bool) -> np.ndarray:
        """Numbers of the counts that cannot be protected while `still` ones are kept. `final`: nothing will be tried after this."""
        ranges = self._ranges()
        fixed = still | (ranges.outer[0] == ranges.outer[1])
        groups = _Groups.of(self.linked, self.counts, fixed)
        place = np.full(len(self.counts), -1)
        place[groups.free] = np.arange(len(groups.free))
        stuck = [int(cell) for cell in primary if place[cell] < 0]
        targets = self._within_reach(groups, place[primary[place[primary] >= 0]])
        for level in (0.0, self.most):
            truth = self.counts[groups.free[targets]]
            left = targets[truth > NEAR] if level == 0 else targets[truth < level - NEAR]
            stuck += [int(groups.free[at]) for at in self._one_by_one(groups, self._together(groups, left, level), level, final)]
        return np.unique(np.array(stuck, dtype=int))

    def _within_reach(self, groups: _Groups, targets: np.ndarray) -> np.ndarray:
        """Those in groups of which something may still be hidden."""
        shares = self.linked.shares.pick(~self.linked.shares.fixed)
        live = np.isfinite(self.linked.weight)
        live[shares.above] = True
        live[shares.below[shares.below >= 0]] = True
        alive = np.zeros(groups.count, dtype=bool)
        alive[groups.label[live[groups.free]]] = True
        kept = alive[groups.label[targets]]
        self.out_of_reach += groups.free[targets[~kept]].tolist()
        return targets[kept]

    def _together(self, groups: _Groups, left: np.ndarray, level: float) -> np.ndarray:
        """What is left after a few programs that bring as many counts as they can to the level at once, with nothing more hidden."""
        for _ in range(_ROUNDS):
            if not len(left):
                break
            before = len(left)
            left, _, _ = self._tried(groups, _Asked(_marked(groups, left), left[:0], left, level, move=False), left)
            if before - len(left) <= _WORTH * before:
                break
        return left

    def _one_by_one(self, groups: _Groups, left: np.ndarray, level: float, final: bool) -> list[int]:
        """One count of each group at a time, with more hidden where it must be; those that cannot be brought to the level.

        Wholes first on the way down, which take all their parts along; innermost parts first on the way up, which take their wholes along.
        Where one cannot be had and this is not final, the rest of its group is left for the next run too.
        """
        stuck: list[int] = []
        while len(left):
            first = left[np.argsort(groups.depth[left] * (1 if level == 0 else -1), kind="stable")]
            aims = first[np.unique(groups.label[first], return_index=True)[1]]
            asked = _Asked(_marked(groups, aims), aims, left, level)
            left, failed, hopeless = self._tried(groups, asked, left)
            for shake in _SHAKES:  # an answer that is not whole has as a rule a whole neighbour
                if len(failed):
                    shaken = _Asked(_marked(groups, failed), failed, left[:0], level, shake=shake)
                    left, *failed = self._tried(groups, shaken, left)
                    failed = np.concatenate(failed)
            for aim in failed:
                left, gone = self._searched(groups, aim, level, left, final)
                hopeless = hopeless if gone else np.append(hopeless, aim)
            given_up = np.isin(left, hopeless) if final else _marked(groups, hopeless)[groups.label[left]]
            stuck += left[given_up].tolist()
            left = left[~given_up]
        return stuck

    def _searched(self, groups: _Groups, aim: int, level: float, left: np.ndarray, final: bool) -> tuple[np.ndarray, bool]:
        """As a last resort in whole numbers, at the least cost; and in the end with everything hidden that is tied to it."""
        one = np.array([aim])
        asked = _Asked(_marked(groups, one), one, left[:0], level, whole=True)
        left, _, _ = self._tried(groups, asked, left)
        if aim in left and final and self._hide_group(groups, aim):
            left, _, _ = self._tried(groups, asked, left)
        return left, aim not in left

    def _hide_group(self, groups: _Groups, aim: int) -> bool:
        inside = groups.free[groups.label == groups.label[aim]]
        shares = self.linked.shares
        cells = inside[self.linked.shown[inside] & np.isfinite(self.linked.weight[inside])]
        touched = np.flatnonzero(shares.given & ~shares.fixed & (np.isin(shares.above, inside) | np.isin(shares.below, inside)))
        self._hide(cells, touched, dict.fromkeys(cells.tolist(), int(groups.free[aim])), int(groups.free[aim]))
        return bool(len(cells) or len(touched))

    # ---------------------------------------------------------------- one program and what follows from it

    def _tried(self, groups: _Groups, asked: _Asked, left: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(those of `left` that are still to do, aims that no whole witness reached, aims that nothing reaches, whole or not)"""
        cells = np.flatnonzero(asked.groups[groups.label])
        found = _program(groups, self._ranges().at(groups.free[cells]), asked, cells)
        if found is None:
            return left, asked.aims, asked.aims[:0]
        good = self._good(groups, asked, cells, found)
        numbers = groups.free[cells]
        values = np.where(good[groups.label[cells]], np.round(found), self.counts[numbers])
        moved = values != self.counts[numbers]
        self._hide_moved(groups, asked, cells[moved], values[moved])
        whole = self.counts.copy()
        whole[numbers] = values
        at = whole[groups.free[left]]
        done = good[groups.label[left]] & ((at <= NEAR) if asked.level == 0 else (at >= asked.level - NEAR))
        if done.any():
            of = np.zeros(groups.count, dtype=bool)
            of[groups.label[left[done]]] = True
            kept = moved & of[groups.label[cells]]
            self.witnesses.append(Witness(asked.level, groups.free[left[done]], numbers[kept], values[kept]))
        reached = found[np.searchsorted(cells, asked.aims)]
        short = reached > NEAR if asked.level == 0 else reached < asked.level - NEAR
        failed = ~good[groups.label[asked.aims]]
        return left[~done], asked.aims[failed & ~short], asked.aims[short]

    def _good(self, groups: _Groups, asked: _Asked, cells: np.ndarray, found: np.ndarray) -> np.ndarray:
        """The groups (booleans) whose part of the answer is whole, true to every row, and at the level where it was aimed to be."""
        good, values = asked.groups.copy(), np.zeros(len(groups.free))
        good[groups.label[cells[np.abs(found - np.round(found)) > NEAR]]] = False
        values[cells] = np.round(found)
        rows = np.flatnonzero(asked.groups[groups.row_label])
        wrong = outside(groups.matrix[rows] @ values, groups.low[rows], groups.high[rows])
        good[groups.row_label[rows[wrong]]] = False
        short = values[asked.aims] > NEAR if asked.level == 0 else values[asked.aims] < asked.level - NEAR
        good[groups.label[asked.aims[short]]] = False
        return good

    def _hide_moved(self, groups: _Groups, asked: _Asked, places: np.ndarray, values: np.ndarray) -> None:
        """Hides the counts that left their shown range, and the shares that no longer are as printed."""
        if not asked.move:
            return
        aim_of = np.full(groups.count, -1)
        aim_of[groups.label[asked.aims]] = groups.free[asked.aims]
        cells = groups.free[places]
        because = dict(zip(cells.tolist(), aim_of[groups.label[places]].tolist(), strict=True))
        linked, shares = self.linked, self.linked.shares
        whole = self.counts.copy()
        whole[cells] = values
        newly = cells[linked.shown[cells] & outside(values, linked.lower[cells], linked.upper[cells])]
        gone = np.zeros(len(whole) + 1, dtype=bool)  # the last is that of no count
        gone[newly] = True
        untrue = shares.given & ~shares.fixed & (~shares.hold(whole) | gone[shares.above] | gone[shares.below])
        self._hide(newly, np.flatnonzero(untrue), because, -1)

    def _hide(self, cells: np.ndarray, shares: np.ndarray, because: dict[int, int], aim: int) -> None:
        shown, given = self.linked.shown.copy(), self.linked.shares.given.copy()
        shown[cells], given[shares] = False, False
        for number in cells.tolist():
            self.because.setdefault(number, because[number])
        for number in shares.tolist():
            above, below = int(self.linked.shares.above[number]), int(self.linked.shares.below[number])
            self.shares_because.setdefault(number, because.get(above, because.get(below, aim)))
        self.linked = self.linked.hiding(shown, given)

    def _ranges(self) -> _Ranges:
        linked, shares = self.linked, self.linked.shares
        middle = linked.bounds
        keep = linked.shown & ~np.isfinite(linked.weight)
        outer = (np.where(keep, linked.lower, 0.0), np.where(keep, linked.upper, np.inf))
        outer = self._boxed(outer, shares.given & shares.fixed)
        middle = (np.maximum(middle[0], outer[0]), np.minimum(middle[1], outer[1]))
        free = shares.given & ~shares.fixed
        number = np.zeros(len(self.counts))
        np.add.at(number, shares.above[free], 1)
        np.add.at(number, shares.below[free & (shares.below >= 0)], 1)
        cost = _SHARE_COST * number
        weight = np.where(np.isfinite(linked.weight), linked.weight, 0.0)
        return _Ranges(self._boxed(middle, free), middle, outer, (cost, np.maximum(weight, cost)))

    def _boxed(self, ends: tuple[np.ndarray, np.ndarray], which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        low, high = ends[0].copy(), ends[1].copy()
        shares, boxes = self.linked.shares, self.boxes
        tied = which & (shares.below >= 0)
        np.maximum.at(low, shares.above[which], boxes[0][which])
        np.minimum.at(high, shares.above[which], boxes[1][which])
        np.maximum.at(low, shares.below[tied], boxes[2][tied])
        np.minimum.at(high, shares.below[tied], boxes[3][tied])
        return low, high


def _marked(groups: _Groups, places: np.ndarray) -> np.ndarray:
    marked = np.zeros(groups.count, dtype=bool)
    marked[groups.label[places]] = True
    return marked


def _program(groups: _Groups, ranges: _Ranges, asked: _Asked, cells: np.ndarray) -> np.ndarray | None:
    """The counts at `cells` that bring the aims to the level at the least cost; None when a search in whole numbers gave up."""
    place = np.full(len(groups.free), -1)
    place[cells] = np.arange(len(cells))
    rows = np.flatnonzero(asked.groups[groups.row_label])
    low, high, cost, extra = _columns(ranges, asked, place[asked.wanted[place[asked.wanted] >= 0]])
    # A count is the sum of its columns: the count within its range, and what it rises or falls beyond at a cost.
    made_of = hstack([csc_array(_identity(len(cells))), *(c for c, _, _ in extra)], format="csr")
    high = np.concatenate([high, *(limit for _, limit, _ in extra)])
    cost = np.concatenate([cost, *(dear for _, _, dear in extra)])
    low = np.concatenate([low, np.zeros(len(high) - len(low))])
    sums = groups.matrix[rows][:, cells] @ made_of
    ends = groups.low[rows], groups.high[rows]
    aims = len(asked.aims)
    if aims:
        slack = (-1.0 if asked.level == 0 else 1.0) * _identity(aims)
        aimed = made_of[place[asked.aims]]
        sums = block_array([[sums, None], [aimed, slack]]) if len(rows) else hstack([aimed, slack])
        top = 0.0 if asked.level == 0 else np.inf
        ends = np.concatenate([ends[0], np.full(aims, asked.level)]), np.concatenate([ends[1], np.full(aims, top)])
        low, high, cost = (np.concatenate([part, np.full(aims, end)]) for part, end in ((low, 0.0), (high, np.inf), (cost, _DEAR)))
    if asked.whole:  # a cost that is always there, so that an answer a little dearer than the best is near enough
        sums = hstack([sums, csc_array((sums.shape[0], 1))])
        low, high, cost = (np.concatenate([part, [end]]) for part, end in ((low, 1.0), (high, 1.0), (cost, _NEAR_ENOUGH)))
    if asked.shake:
        cost = cost + asked.shake * np.random.default_rng(len(cost)).random(len(cost))
    try:
        found = solved(cost, sums, *ends, low, high, asked.whole, _SEARCH if asked.whole else None)
    except Problem:
        if asked.whole:
            return None
        raise
    return made_of @ found[: made_of.shape[1]]


def _columns(ranges: _Ranges, asked: _Asked, wanted: np.ndarray) -> tuple:
    """(least, most, cost of each count within its range, [(which counts, limits, costs) of what it moves beyond])"""
    (low, high), count = ranges.inner, len(ranges.inner[0])
    top, cost, extra = high.copy(), np.zeros(count), []
    if asked.level == 0:
        cost[wanted] = _BONUS
    else:
        top[wanted] = np.minimum(high[wanted], asked.level)
        cost[wanted] = -_BONUS
        extra.append((_unit(wanted, 1.0, count), high[wanted] - top[wanted], np.zeros(len(wanted))))
    if asked.move:
        for near, far, dear in ((ranges.inner, ranges.middle, ranges.costs[0]), (ranges.middle, ranges.outer, ranges.costs[1])):
            for end, sign in ((1, 1.0), (0, -1.0)):
                which = np.flatnonzero(near[end] != far[end])
                extra.append((_unit(which, sign, count), np.abs(far[end][which] - near[end][which]), dear[which]))
    return low, top, cost, extra


def _unit(cells: np.ndarray, factor: float, count: int) -> csc_array:
    return csc_array((np.full(len(cells), factor), (cells, np.arange(len(cells)))), shape=(count, len(cells)))


def _identity(count: int) -> csc_array:
    return _unit(np.arange(count), 1.0, count)
