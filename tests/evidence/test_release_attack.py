"""An attacker takes every public figure of every month at once and solves for the hidden counts.

Criterion (policy mhsds.public): a hidden count under 5 must be able to be nought and to be 4, in whole numbers, whatever is known: the
ranges of all rounded counts and percentages, exact totals, and every sum that holds between areas, groups, measures and months. The
equations are written here anew from the released texts; of the release only what it printed is used.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from tests.evidence.linked_tables import ENGLAND, MARCH, NESTING, People

from esteem.evidence.publish import decide_counted, release_counted
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.release.deciding import Decided, audit, decide
from esteem.evidence.release.earlier import keep_for_later, read_earlier
from esteem.evidence.release.policies import find_policy

KEYS = list(product(("P1", "P2"), ("young", "old"), ("S1", "S2", "S3", "S4")))
PUBLIC = find_policy("mhsds", "public")
SMALL_ONLY = replace(PUBLIC, secondary=False)
Printed = dict[tuple[str, str, str, str, str], str]  # measure, kind, end, breakdown, level -> text


def printed(decided: Decided) -> Printed:
    return {(r.measure, r.period, r.end, r.breakdown, r.level): r.shown for r in release_counted(decided)}


class Attack:
    """Unknowns are the inner counts, in time and late, of each month; every printed figure is a sum of them."""

    def __init__(self, texts: Printed, months: list[str], kinds: dict[tuple[str, str], list[str]]):
        self.order = {key: i for i, key in enumerate(product(months, ("in", "late"), KEYS))}
        self.kinds = kinds
        self.rows: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []
        for name, text in texts.items():
            if text != "*":
                self._say(name, float(text))

    def count(self, measure: str, kind: str, end: str, breakdown: str, level: str) -> np.ndarray:
        """The figure as a sum of unknowns."""
        row = np.zeros(len(self.order))
        parts = {"X01": ("in", "late"), "X01a": ("in",), "X01b": ("late",)}[measure]
        for (month, part, (provider, group, area)), i in self.order.items():
            inside = {"England": "England", "Provider": provider, "England; Age Group": group, "Sub ICB": area}
            inside |= {"ICB": "I1" if area in ("S1", "S2") else "I2", "Provider; Age Group": f"{provider};{group}"}
            row[i] = month in self.kinds[kind, end] and part in parts and inside[breakdown] == level
        return row

    def _say(self, name, shown: float) -> None:
        measure, *where = name
        if measure == "X02":
            above, below = self.count("X01a", *where), self.count("X01", *where)
            self._add(200 * above - (2 * shown - 1) * below, 0, np.inf)
            self._add(200 * above - (2 * shown + 1) * below, -np.inf, -1)
        elif where[2] == "England":
            self._add(self.count(*name), shown, shown)
        else:
            self._add(self.count(*name), max(5, shown - 2), shown + 2)

    def _add(self, row, low, high) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def extreme(self, objective: np.ndarray, sign: int) -> float:
        """In whole numbers. The most is not sought beyond 4."""
        rows, low, high = [*self.rows], [*self.low], [*self.high]
        if sign < 0:
            rows, low, high = [*rows, objective], [*low, -np.inf], [*high, 4]
        constraints = LinearConstraint(np.array(rows), low, high) if rows else None
        whole = np.ones(len(objective))
        answer = milp(sign * objective, constraints=constraints, bounds=Bounds(0, np.inf), integrality=whole)
        return round(float(objective @ answer.x), 6) if answer.x is not None else np.nan

    def found(self, texts: Printed, truth: dict[tuple, float]) -> list[tuple]:
        """Hidden small counts that cannot be both nought and 4."""
        hidden = [name for name, text in texts.items() if text == "*" and name[0] != "X02" and truth[name] < 5]
        return [name for name in hidden if (self.extreme(row := self.count(*name), 1), self.extreme(row, -1)) != (0, 4)]


def truth_of(splits) -> dict[tuple, float]:
    return {
        (s.measure.id, s.window.kind, s.window.end.isoformat(), s.breakdown.name, level): f.value
        for s in splits
        for level, f in s.levels.items()
        if f
    }


def attacked(people: People, policy) -> list[tuple]:
    splits, end = people.splits(), "2025-03-31"
    texts = printed(decide(splits, policy, NESTING))
    return Attack(texts, ["t"], {("M", end): ["t"]}).found(texts, truth_of(splits))


def people_of(numbers: list[int]) -> People:
    half = len(KEYS)
    return People(dict(zip(KEYS, numbers[:half], strict=True)), dict(zip(KEYS, numbers[half:], strict=True)))


SOME = people_of([0, 3, 12, 8, 1, 0, 7, 9, 20, 2, 0, 5, 4, 6, 11, 3, 2, 9, 14, 0, 6, 3, 8, 1, 0, 4, 5, 7, 10, 0, 2, 16])
# One area of each measure is small, everything else is not: what a simple subtraction is for.
LONE = people_of([*[9] * 16, 0, 9, 9, 9, 0, 9, 9, 9, 1, 9, 9, 9, 1, 9, 9, 9])


@pytest.mark.parametrize("people", [SOME, LONE], ids=["some", "lone"])
def test_no_small_count_can_be_narrowed(people):
    assert attacked(people, PUBLIC) == []


def test_the_attack_finds_small_counts_when_only_they_are_hidden():
    """2 late in area S1 of two: the board less the other area leaves no nought."""
    assert attacked(LONE, SMALL_ONLY) != []


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 14), min_size=32, max_size=32))
def test_no_small_count_of_any_table_can_be_narrowed(numbers):
    assert attacked(people_of(numbers), PUBLIC) == []


def test_months_and_their_quarter_give_nothing_away_together(tmp_path):
    """January and February are out when March and the quarter are decided. Three equal months leave small counts in every month."""
    months = {2025_01: SOME, 2025_02: LONE, 2025_03: SOME}
    ends = {2025_01: "2025-01-31", 2025_02: "2025-02-28", 2025_03: "2025-03-31"}
    texts, truth, folders = {}, {}, []
    for month, people in months.items():
        splits = people.splits(Reporting(MARCH.month_id - 3 + month % 100))
        if month == 2025_03:
            splits += SOME.plus(LONE).plus(SOME).splits(MARCH, "Q")
        decided = decide_counted(splits, "mhsds", NESTING, read_earlier(folders) if folders else None)
        assert decided.given_away == []
        folders.append(tmp_path / str(month))
        folders[-1].mkdir()
        keep_for_later(folders[-1], decided)
        texts |= printed(decided)
        truth |= truth_of(splits)
    kinds = {("M", end): [end] for end in ends.values()} | {("Q", "2025-03-31"): list(ends.values())}
    attack = Attack(texts, list(ends.values()), kinds)
    assert any(name[1] == "Q" and text != "*" for name, text in texts.items())
    assert attack.found(texts, truth) == []


def test_hidden_figures_are_logged_with_their_rule():
    decided = decide(LONE.splits(), PUBLIC, NESTING)
    rules = {why.rule for hidden in decided.hidden for why in hidden.values()}
    assert {"small", "gives-away", "with-its-count"} <= rules
    assert all(why.protects for hidden in decided.hidden for why in hidden.values() if why.rule == "gives-away")


def test_the_audit_agrees_with_the_attack_on_small_counts_alone():
    """Its linear programs find no less than whole numbers do on tables that are sums alone."""
    splits = [s for s in LONE.splits() if s.measure.id != "X02" and s.breakdown is not ENGLAND]
    open_now = decide(splits, SMALL_ONLY, NESTING)
    safe = decide(splits, PUBLIC, NESTING)
    assert audit(safe) == []
    assert {re.split(" M to ", words)[0] for words in audit(replace(safe, linked=_shown_as(safe, open_now)))} <= {"analysis:X01b"}


def _shown_as(safe: Decided, other: Decided):
    return replace(safe.linked, shown=other.linked.shown)
