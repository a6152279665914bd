"""Secondary suppression against the tables of the reference program: its primary cells, its dependency test, its total of hidden cells."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles.figures import number, rows, split_by, truth

from esteem.methods.disclosure import possible_range, unsafe
from esteem.methods.linear_dependency import dependent, hide_by_dependency
from esteem.methods.linked_counts import Linked
from esteem.methods.protection import protect

MOST = 4.0  # the largest small count
CAP = 1.25  # times the cells that the reference program hides


class Case:
    """One table of the reference program: its cells with totals, as vectors over the innermost cells."""

    def __init__(self, found: list[dict[str, str]], keys: tuple[str, ...], inside: dict[str, set[str]] | None = None, zeros: bool = False):
        self.codes = [tuple(row[k] for k in keys) for row in found]
        self.counts = np.array([number(row["freq"]) for row in found])
        self.zeros = zeros
        self.expected_primary = {i for i, row in enumerate(found) if truth(row["primary"])}
        self.expected_hidden = sum(truth(row["suppressed"]) for row in found)
        above = inside or {}
        innermost = [codes for codes in self.codes if not any(c == "Total" or c in above for c in codes)]
        covers = [[self._covers(codes, inner, above) for inner in innermost] for codes in self.codes]
        self.vectors = np.array(covers, dtype=np.int64)

    @staticmethod
    def _covers(codes, inner, above) -> bool:
        return all(c in ("Total", i) or i in above.get(c, ()) for c, i in zip(codes, inner, strict=True))

    @property
    def primary(self) -> list[int]:
        return [i for i, count in enumerate(self.counts) if (0 if self.zeros else 1) <= count <= MOST]

    @property
    def preferred(self) -> list[int]:
        """Totals first, then large counts."""
        return sorted(range(len(self.counts)), key=lambda i: (-self.vectors[i].sum(), -self.counts[i]))

    @property
    def linked(self) -> Linked:
        """Every cell shown but the primary ones; each cell that is not innermost is the sum of those it covers."""
        inner = [int(np.flatnonzero((self.vectors.sum(axis=1) == 1) & (self.vectors[:, j] == 1))[0]) for j in range(self.vectors.shape[1])]
        sums = [i for i in range(len(self.counts)) if i not in set(inner)]
        relations = np.zeros((len(sums), len(self.counts)))
        for row, cell in enumerate(sums):
            relations[row, np.array(inner)[self.vectors[cell] == 1]] = 1
            relations[row, cell] -= 1
        nothing = np.zeros(len(sums))
        shown = np.ones(len(self.counts), dtype=bool)
        shown[self.primary] = False
        return Linked.of(relations, nothing, nothing, self.counts, self.counts, shown, 1 + np.log1p(self.counts))


def tables() -> list[Case]:
    groups = split_by(rows("sdc_gauss_out"), "table", "protect_zeros")
    return [Case(found, ("area", "cat"), zeros=truth(zeros)) for (_, zeros), found in sorted(groups.items())]


def three_way() -> Case:
    found = rows("sdc_hier_gauss_out")
    inside: dict[str, set[str]] = {}
    for row in rows("sdc_hier_in"):
        inside.setdefault(row["icb"], set()).add(row["la"])
    return Case(found, ("la", "sex", "age"), inside)


def followers(case: Case, shown: list[int]) -> list[int]:
    """Primary cells within the span of those shown, by singular values: another way than that of the method."""
    _, sizes, span = np.linalg.svd(case.vectors[shown].astype(float), full_matrices=False)
    span = span[sizes > 1e-9]
    left = case.vectors[case.primary] - (case.vectors[case.primary] @ span.T) @ span
    return [cell for cell, rest in zip(case.primary, left, strict=True) if np.abs(rest).max() < 1e-9]


CASES = [*range(12), "three ways"]


@pytest.fixture(scope="module")
def cases() -> dict:
    return dict(enumerate(tables())) | {"three ways": three_way()}


def test_the_input_tables_are_the_inner_cells_of_the_output():
    given = {(r["table"], r["area"], r["cat"]): number(r["freq"]) for r in rows("sdc_tables_in")}
    inner = {(r["table"], r["area"], r["cat"]): number(r["freq"]) for r in rows("sdc_gauss_out") if "Total" not in (r["area"], r["cat"])}
    assert given == inner


@pytest.mark.parametrize("name", CASES)
def test_primary_cells_are_those_of_the_reference(cases, name):
    assert set(cases[name].primary) == cases[name].expected_primary


@pytest.mark.parametrize("name", CASES)
def test_no_primary_cell_follows_from_the_cells_shown(cases, name):
    """And no more than 1.25 times the cells of the reference are hidden for it."""
    case = cases[name]
    hidden = hide_by_dependency(case.vectors, case.primary, case.preferred)
    shown = [i for i in range(len(case.counts)) if i not in set(hidden)]
    assert set(case.primary) <= set(hidden)
    assert followers(case, shown) == []
    assert dependent(case.vectors, shown, case.primary) == []
    assert len(hidden) <= CAP * case.expected_hidden


@pytest.mark.parametrize("name", CASES)
def test_the_dependency_test_finds_cells_when_only_primary_ones_are_hidden(cases, name):
    case = cases[name]
    shown = [i for i in range(len(case.counts)) if i not in set(case.primary)]
    assert dependent(case.vectors, shown, case.primary) == followers(case, shown)


@pytest.mark.parametrize("name", CASES)
def test_the_audit_leaves_every_primary_cell_its_whole_range(cases, name):
    """In whole numbers too, which the audit itself (a linear program) does not ask for."""
    case = cases[name]
    safe = protect(case.linked, np.array(case.primary), MOST, case.counts)
    assert safe.unprotected == ()
    for cell in case.primary:
        assert possible_range(safe.linked, cell, enough=MOST) == (0.0, MOST)


def test_the_audit_finds_what_the_dependency_test_lets_pass(cases):
    """The design page: in table 2 without zeros some cells of an answer of the dependency test are bounded inside 1 to 4."""
    case = cases[2]
    hidden = hide_by_dependency(case.vectors, case.primary, case.preferred)
    linked = case.linked
    linked.shown[hidden] = False
    high, low = unsafe(linked, np.array(case.primary), MOST, case.counts)
    assert len({*high, *low}) >= 1
