"""The same attack on our release of the oracle's month: every printed figure of the chosen measures, sums by area and group, and shares.

Criterion as in test_release_attack.py: a hidden count under 5 can be nought and can be 4, in whole numbers. The sums are found here anew,
from the columns of each breakdown and the list below; true counts serve only to leave out a sum that does not hold (people in two places).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from esteem.evidence import monthly_run
from esteem.evidence.monthly_run import Run, run_month
from esteem.evidence.publish import release_counted
from esteem.evidence.records.extract import open_extract
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.release.deciding import decide
from esteem.evidence.release.policies import find_policy
from esteem.terms.periods import parse

# Measures that are the sum of others, by their titles.
SUMS = {"EIP64": ("EIP65", "EIP66"), "EIP65": ("EIP65a", "EIP65b", "EIP65c"), "EIP66": ("EIP66a", "EIP66b", "EIP66c")}


class Release:
    """Unknowns are all counts, printed or not; rows are what the printed texts and the sums say of them."""

    def __init__(self, decided, nesting, texts: dict[tuple, str]):
        self.number: dict[tuple, int] = {}
        self.truth: list[float] = []
        self.low: dict[int, float] = defaultdict(float)
        self.high: dict[int, float] = {}
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.hidden: list[tuple] = []
        self.names = {id(s.measure.value): s.measure.id for s in decided.splits if s.kind == "count"}
        for split in decided.splits:
            if split.kind == "count":
                self._counts(split, texts)
        for split in decided.splits:
            if split.share is not None:
                self._shares(split, texts)
        self._sums(nesting)

    def unknown(self, key: tuple, truth: float) -> int:
        if key not in self.number:
            self.number[key] = len(self.truth)
            self.truth.append(truth)
        return self.number[key]

    def _counts(self, split, texts) -> None:
        for level, figure in split.levels.items():
            key = (split.measure.id, split.window.kind, split.breakdown.columns, level)
            cell, text = (
                self.unknown(key, figure.value if figure else 0.0),
                texts[split.measure.id, split.window.kind, split.breakdown.name, level],
            )
            if text == "*":
                if self.truth[cell] < 5:
                    self.hidden.append(key)
            elif split.breakdown.columns == ("england",):
                self.low[cell] = self.high[cell] = float(text)
            else:
                self.low[cell], self.high[cell] = max(5.0, float(text) - 2), float(text) + 2

    def _shares(self, split, texts) -> None:
        names = [self.names.get(id(part), f"a count of its own {id(part)}") for part in (split.share.above, split.share.below)]
        for level in split.levels:
            text = texts[split.measure.id, split.window.kind, split.breakdown.name, level]
            if text == "*" or split.share.times != 100:
                continue
            where = (split.window.kind, split.breakdown.columns, level)
            above, below = (
                self.unknown((name, *where), found[level].value) for name, found in zip(names, (split.above, split.below), strict=True)
            )
            self.rows.append(({above: 200.0, below: 1 - 2 * float(text)}, 0, np.inf))
            self.rows.append(({above: 200.0, below: -1 - 2 * float(text)}, -np.inf, -1))

    def _sums(self, nesting) -> None:
        parts: dict[tuple, list[int]] = defaultdict(list)
        for (name, kind, columns, level), cell in self.number.items():
            levels = level.split(";") if len(columns) > 1 else [level]
            for i, column in enumerate(columns):
                rest, kept = columns[:i] + columns[i + 1 :], levels[:i] + levels[i + 1 :]
                if columns != ("england",):
                    parts[(name, kind, rest or ("england",), ";".join(kept) or "England"), column].append(cell)
                for (inner, outer), place in nesting.items():
                    if column == inner and levels[i] in place:
                        wider = (*columns[:i], outer, *columns[i + 1 :])
                        parts[(name, kind, wider, ";".join((*levels[:i], place[levels[i]], *levels[i + 1 :]))), inner].append(cell)
            for whole, names in SUMS.items():
                if name in names:
                    parts[(whole, kind, columns, level), "measures"].append(cell)
        for (whole, _), cells in parts.items():
            if whole in self.number and sum(self.truth[c] for c in cells) == self.truth[self.number[whole]]:
                self.rows.append((dict.fromkeys(cells, 1.0) | {self.number[whole]: -1.0}, 0, 0))

    def narrowed(self, keys: list[tuple]) -> list[tuple]:
        """Those that cannot be both nought and 4."""
        entries = [(r, c, f) for r, (row, _, _) in enumerate(self.rows) for c, f in row.items()]
        row, cell, factor = (np.array(column) for column in zip(*entries, strict=True))
        matrix = coo_array((factor, (row, cell)), shape=(len(self.rows), len(self.truth))).tocsr()
        label = connected_components(abs(matrix).T @ abs(matrix), directed=False)[1]
        group_of_row = np.array([label[next(iter(row))] for row, _, _ in self.rows])
        found = []
        for key in keys:
            at = self.number[key]
            cells, rows = np.flatnonzero(label == label[at]), np.flatnonzero(group_of_row == label[at])
            part, place = matrix[rows][:, cells], int(np.searchsorted(cells, at))
            ends = [np.array([self.rows[r][i] for r in rows]) for i in (1, 2)]
            if [self._can_be(part, ends, cells, place, value) for value in (0.0, 4.0)] != [True, True]:
                found.append(key)
        return found

    def _can_be(self, matrix, ends, cells, place, value: float) -> bool:
        low = np.array([self.low[c] for c in cells])
        high = np.array([self.high.get(c, np.inf) for c in cells])
        low[place] = high[place] = value
        constraints = LinearConstraint(matrix, *ends) if matrix.shape[0] else None
        return milp(np.zeros(len(cells)), constraints=constraints, bounds=Bounds(low, high), integrality=np.ones(len(cells))).x is not None


def released(shared, folder, measures: str):
    """(decisions on the oracle's month, which areas lie in which)"""
    kept = {}

    def watched(splits, data_set, nesting, earlier=None):
        kept["nesting"] = nesting
        kept["decided"] = real(splits, data_set, nesting, earlier)
        return kept["decided"]

    real = monthly_run.publish.decide_counted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(monthly_run.publish, "decide_counted", watched)
        oracle = shared / "oracles" / "mhsds"
        run_month(Run(Reporting.of(parse("2025-03").end), "oracle", measures=measures), open_extract(oracle), folder / "2025-03")
    assert kept["decided"].given_away == []
    return kept["decided"], kept["nesting"]


def attack(decided, nesting) -> Release:
    rows = release_counted(decided)
    return Release(decided, nesting, {(r.measure, r.period, r.breakdown, r.level): r.shown for r in rows})


def test_no_small_count_of_a_sample_can_be_narrowed(shared, tmp_path):
    """Sums of measures over provider, area and ethnic group, and shares: every ninth hidden small count. With small counts alone hidden
    the attack finds some, so that it is one."""
    decided, nesting = released(shared, tmp_path, "EIP64*,EIP65*,EIP66*,EIP63*,ED85,ED86,ED87*")
    release = attack(decided, nesting)
    assert len(release.hidden) > 200
    assert release.narrowed(release.hidden[::9]) == []
    open_now = attack(decide(decided.splits, replace(find_policy("mhsds", "public"), secondary=False), nesting), nesting)
    assert open_now.narrowed(open_now.hidden[::9]) != []


@pytest.mark.slow
def test_no_small_count_of_the_whole_month_can_be_narrowed(shared, tmp_path):
    """Every ninetieth hidden small count, with the figures of all measures known."""
    release = attack(*released(shared, tmp_path, "*"))
    assert release.narrowed(release.hidden[7::90]) == []
