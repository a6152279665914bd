"""Every count behind the figures of a run, once: the same count printed under two ids, or as a numerator, is one cell.

A cell knows its true count, whether it is printed, and what it says when it is; a share knows the two cells it is made of. Cells and
shares of earlier releases stand beside them, as they were shown then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from esteem.evidence.definitions.mhsds import families_of
from esteem.evidence.record_model import Breakdown, Counted, Figure, Value
from esteem.evidence.release.policies import ReleasePolicy
from esteem.evidence.release.splits import Split, share_of
from esteem.methods.linked_counts import rounded, rounded_range

Columns = tuple[str, ...]  # of a breakdown; () is the whole
# A named table of counts: (name of the value, kind of period, its last day, columns) -> level -> number of the cell.
TableKey = tuple[str, str, date, Columns]


@dataclass
class ShareCells:
    """`times` x above / below is printed as `shown` (to the nearest `step`). `below` None: a published population, `constant`."""

    above: int
    below: int | None
    constant: float
    times: float
    shown: float
    step: float
    where: tuple[int, str] | None = None  # number of the split and level; None for an earlier release
    hidden: bool = False


@dataclass
class Cells:
    """Columns of one table with a row for each cell, and the tables they form."""

    counts: list[float] = field(default_factory=list)
    printed: list[bool] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    earlier: list[bool] = field(default_factory=list)  # shown or hidden in a release that is out
    hidden_before: list[bool] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    keys: list[tuple[TableKey, str]] = field(default_factory=list)
    tables: dict[TableKey, dict[str, int]] = field(default_factory=dict)
    shares: list[ShareCells] = field(default_factory=list)
    of_split: list[dict[str, int]] = field(default_factory=list)  # for each split that prints counts: level -> cell

    def cell(self, key: TableKey, level: str, count: float) -> int:
        """The cell of this name, made when it is new."""
        table = self.tables.setdefault(key, {})
        if level not in table:
            table[level] = len(self.counts)
            self.counts.append(count)
            self.keys.append((key, level))
            for column, start in ((self.printed, False), (self.exact, False), (self.earlier, False), (self.hidden_before, False)):
                column.append(start)
            self.weight.append(_weight(key[3], count))
        return table[level]

    def limits(self, policy: ReleasePolicy) -> tuple[np.ndarray, np.ndarray]:
        """What each cell says when it is shown."""
        pairs = [(c, c) if e else _range(c, policy) for c, e in zip(self.counts, self.exact, strict=True)]
        return np.array([low for low, _ in pairs], dtype=float), np.array([high for _, high in pairs], dtype=float)


def _weight(columns: Columns, count: float) -> float:
    """How dear a cell is: totals are kept before parts, large counts before small ones."""
    return (1.0 + np.log1p(count)) * {0: 25.0, 1: 4.0}.get(len(columns), 1.0)


def _range(count: float, policy: ReleasePolicy) -> tuple[float, float]:
    if policy.round_to == 1:
        return count, count
    return rounded_range(rounded(count, policy.round_to), policy.round_to, policy.fewest)


def columns_of(breakdown: Breakdown) -> Columns:
    return () if breakdown.columns == ("england",) else breakdown.columns


def is_published(value: Value) -> bool:
    """True for resident populations, which nobody hides."""
    return isinstance(value, Counted) and value.cohort.published


class _Names:
    """A name for each value: that of the first measure that prints it, or of the first share that is made of it.

    All definitions are named first, in their order, so that a name is the same in every run, whatever was asked for.
    """

    def __init__(self, splits: Iterable[Split]):
        self.found: dict[int, str] = {}
        self._taken: set[str] = set()
        named = [(f.publication.name, m, m.periods[0], m.breakdowns) for f in families_of("mhsds") for m in f.measures]
        named += [(s.pipeline, s.measure, s.window.kind, (s.breakdown,)) for s in splits]
        for pipeline, measure, kind, _ in named:
            if measure.value.kind == "count":
                self._take(measure.value, f"{pipeline}:{measure.id}", kind)
        for pipeline, measure, kind, breakdowns in named:
            for share in (share_of(measure.value, breakdown) for breakdown in breakdowns):
                if share is not None:
                    self._take(share.above, f"{pipeline}:{measure.id} above", kind)
                    self._take(share.below, f"{pipeline}:{measure.id} below", kind)

    def _take(self, value: Value, name: str, kind: str) -> None:
        if id(value) not in self.found:
            name = f"{name} {kind}" if name in self._taken else name
            self._taken.add(name)
            self.found[id(value)] = name

    def __getitem__(self, value: Value) -> str:
        return self.found[id(value)]


def cells_of(splits: list[Split], policy: ReleasePolicy, into: Cells | None = None) -> Cells:
    """The cells and shares of the splits; `into`: those of earlier releases, to which they are added."""
    cells, names = into or Cells(), _Names(splits)
    same: dict[tuple, int] = {}
    for split in splits:
        cells.of_split.append(_printed(cells, split, names, policy, same) if split.kind == "count" else {})
    if policy.share_step:
        for number, split in enumerate(splits):
            if split.share is not None:
                _add_shares(cells, number, split, names, policy)
    return cells


def _printed(cells: Cells, split: Split, names: _Names, policy: ReleasePolicy, same: dict[tuple, int]) -> dict[str, int]:
    if is_published(split.measure.value):
        return {}
    columns = columns_of(split.breakdown)
    key = (names[split.measure.value], split.window.kind, split.window.end, columns)
    found = {}
    for level, figure in split.levels.items():
        count = figure.value if figure else 0.0
        # Two pipelines that print one id with one count print one cell: to hide it in one only would be no hiding.
        alike = (split.measure.id, split.window.kind, split.window.end, columns, level, count)
        if alike in same:
            number = cells.tables.setdefault(key, {}).setdefault(level, same[alike])
        else:
            number = same[alike] = cells.cell(key, level, count)
        cells.printed[number] = True
        cells.exact[number] = cells.exact[number] or split.breakdown.name in policy.exact
        found[level] = number
    return found


def _add_shares(cells: Cells, at: int, split: Split, names: _Names, policy: ReleasePolicy) -> None:
    share, columns = split.share, columns_of(split.breakdown)
    keys = [(names[value], split.window.kind, split.window.end, columns) for value in (share.above, share.below)]
    constant = is_published(share.below)
    for level, figure in split.levels.items():
        above, below = _value(split.above, level), _value(split.below, level)
        over = cells.cell(keys[0], level, above)
        under = None if constant else cells.cell(keys[1], level, below)
        shown = rounded_to(figure.value, policy.share_step) if figure else 0.0
        made = ShareCells(over, under, below, share.times, shown, policy.share_step, (at, level))
        made.hidden = figure is None or not below
        cells.shares.append(made)


def _value(levels, level: str) -> float:
    found: Figure | None = levels.get(level)
    return found.value if found else 0.0


def rounded_to(value: float, step: float) -> float:
    """The nearest multiple of `step`, halves up, as it is printed."""
    return round(float(np.floor(value / step + 0.5)) * step, 6)
