"""What ties the cells of a run together: relations that hold between the true counts, and that a reader can know or guess.

A relation is a row of factors with a least and a most. Candidates come from the structure (a whole and its parts by area, group, period,
measure); a candidate is kept when it holds. So nothing untrue is assumed, and a sum that only happens to hold counts as known: that errs
towards hiding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, takewhile

import numpy as np

from esteem.evidence.records.reporting import FINANCIAL_YEAR, KINDS, Reporting, months_in
from esteem.evidence.release.cells import Cells, Columns, TableKey
from esteem.evidence.release.splits import Split

Row = tuple[dict[int, float], float, float]
# (column of the parts, column of the wholes) -> level of the part -> level of the whole it lies in
Nesting = Mapping[tuple[str, str], Mapping[str, str]]

_NEAR = 1e-6
_OTHER_LETTERS = re.compile("MHS(?=[0-9])")  # MHS08 and MH08 are one count in two files


def relations_of(cells: Cells, splits: list[Split], nesting: Nesting) -> list[Row]:
    """Every relation that holds, once each."""
    rows = _Rows(cells)
    for key, table in cells.tables.items():
        for whole_key, place in _wholes(key, cells.tables, nesting):
            rows.parts_of_wholes(cells.tables[whole_key], table, place)
    for whole, parts in _periods(cells):
        rows.same_levels(cells.tables[whole], [cells.tables[part] for part in parts])
    for whole, parts in _measures(cells, splits):
        for key in [key for key in cells.tables if key[0] == whole]:
            others = [cells.tables.get((part, *key[1:])) for part in parts]
            if all(other is not None for other in others):
                rows.same_levels(cells.tables[key], others, only_equal=True)
    return list(rows.found.values())


class _Rows:
    def __init__(self, cells: Cells):
        self.counts = cells.counts
        self.found: dict[tuple, Row] = {}

    def parts_of_wholes(self, wholes: Mapping[str, int], parts: Mapping[str, int], place) -> None:
        """`place(level of a part)` is the level of the whole that it lies in, None when it lies in none."""
        inside: dict[int, list[int]] = {}
        for level, cell in parts.items():
            whole = wholes.get(place(level))
            if whole is not None and whole != cell:
                inside.setdefault(whole, []).append(cell)
        for whole, cells in inside.items():
            self.sum_of(whole, cells)

    def same_levels(self, wholes: Mapping[str, int], parts: list[Mapping[str, int]], only_equal: bool = False) -> None:
        for level, whole in wholes.items():
            cells = [part[level] for part in parts if level in part]
            if len(cells) == len(parts) and whole not in cells and len(set(cells)) == len(cells):
                self.sum_of(whole, cells, only_equal)

    def sum_of(self, whole: int, parts: list[int], only_equal: bool = False) -> None:
        """Whichever holds: the parts add up to the whole; or to more (people in several parts); or to less (people in none)."""
        together, count = sum(self.counts[p] for p in parts), self.counts[whole]
        factors = dict.fromkeys(parts, 1.0) | {whole: -1.0}
        if abs(together - count) < _NEAR:
            self._add(factors, 0.0, 0.0)
        elif only_equal:
            return
        elif together > count:
            self._add(factors, 0.0, np.inf)
            for part in parts:
                if self.counts[part] <= count + _NEAR:
                    self._add({part: 1.0, whole: -1.0}, -np.inf, 0.0)
        else:
            self._add(factors, -np.inf, 0.0)

    def _add(self, factors: dict[int, float], least: float, most: float) -> None:
        self.found[tuple(sorted(factors.items())), least, most] = (factors, least, most)


def _wholes(key: TableKey, tables: Mapping[TableKey, object], nesting: Nesting) -> Iterator[tuple[TableKey, object]]:
    """Tables whose cells are wholes of this table's, with the place of each level in them."""
    name, kind, end, columns = key
    for position in range(len(columns)):
        fewer = columns[:position] + columns[position + 1 :]
        if (name, kind, end, fewer) in tables:
            yield (name, kind, end, fewer), _without(columns, position)
        for (inner, outer), place in nesting.items():
            wider = (*columns[:position], outer, *columns[position + 1 :])
            if columns[position] == inner and (name, kind, end, wider) in tables:
                yield (name, kind, end, wider), _replaced(columns, position, place)


def _without(columns: Columns, position: int):
    if len(columns) == 1:
        return lambda level: "England"
    return lambda level: ";".join(part for i, part in enumerate(level.split(";")) if i != position)


def _replaced(columns: Columns, position: int, place: Mapping[str, str]):
    def wider(level: str) -> str | None:
        parts = level.split(";") if len(columns) > 1 else [level]
        outer = place.get(parts[position])
        return None if outer is None else ";".join((*parts[:position], outer, *parts[position + 1 :]))

    return wider


def _periods(cells: Cells) -> Iterator[tuple[TableKey, list[TableKey]]]:
    """A quarter and its three months, longer periods and their quarters or months: of every value that has them, in any release."""
    for name, kind, end, columns in cells.tables:
        month = Reporting.of(end).month_id
        for shorter in KINDS:
            whole, length = months_in(kind, month), months_in(shorter, month)
            if shorter != kind and shorter != FINANCIAL_YEAR and length <= whole and whole % length == 0:
                ends = [_month_end(end, -length * step) for step in range(whole // length)]
                parts = [(name, shorter, day, columns) for day in ends]
                if all(part in cells.tables for part in parts):
                    yield (name, kind, end, columns), parts


def _month_end(end: date, months: int) -> date:
    month = end.year * 12 + end.month - 1 + months + 1
    return date.fromordinal(date(month // 12, month % 12 + 1, 1).toordinal() - 1)


# ---------------------------------------------------------------- measures that add up to another


def _measures(cells: Cells, splits: list[Split]) -> list[tuple[str, tuple[str, ...]]]:
    """(whole, parts): two or three values of one family, or all that bear the whole's id with one more letter, that add up to another.

    Two and three are looked for among all; they count when they hold in every cell of the tables that they share and are not trivial. Of
    sums that differ only by values which happen to be equal throughout, the one whose ids are nearest counts.
    """
    found: dict[tuple[str, tuple[str, ...]], None] = {}
    by_family: dict[tuple[str, str], dict[str, None]] = {}
    of_cell = {number: key[0] for key, table in cells.tables.items() for number in table.values()}
    for split, printed in zip(splits, cells.of_split, strict=True):
        for number in list(printed.values())[:1]:
            by_family.setdefault((split.defined.family.name, split.window.kind), {})[of_cell[number]] = None
    for (_, kind), members in by_family.items():
        for whole, parts in _sums_among(cells, list(members), kind):
            found[whole, parts] = None
    return list(found)


def _sums_among(cells: Cells, names: list[str], kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    tables = {name: {key[2:]: table for key, table in cells.tables.items() if key[0] == name and key[1] == kind} for name in names}
    shared = set.intersection(*(set(of) for of in tables.values())) if tables else set()
    if not shared:
        return
    places = sorted({(key, level) for key in shared for of in tables.values() for level in of[key]}, key=str)
    vectors = {n: np.array([_count(cells, tables[n][key].get(level)) for key, level in places], dtype=np.int64) for n in names}
    names = [n for n in names if np.count_nonzero(vectors[n]) >= 4]
    key = np.random.default_rng(20250331).integers(1, 2**31, len(places), dtype=np.int64)  # a sum of vectors has the sum of their marks
    marks = {n: int(vectors[n] @ key) for n in names}
    wholes: dict[int, list[str]] = {}
    for name in names:
        wholes.setdefault(marks[name], []).append(name)
    sums: dict[tuple, tuple[str, ...]] = {}
    for size in (2, 3):
        for parts in combinations(names, size) if len(names) <= 60 else ():
            for whole in wholes.get(sum(marks[p] for p in parts), ()):
                # Where two values happen to be equal throughout, each would stand in for the other and so seem tied to it.
                alike = (whole, *sorted(marks[p] for p in parts))
                sums[alike] = min(sums.get(alike, parts), parts, key=lambda parts, whole=whole: _distance(whole, parts))
    yield from ((alike[0], parts) for alike, parts in sums.items())
    for first, second in combinations(names, 2):
        if marks[first] == marks[second] and _OTHER_LETTERS.sub("MH", first) == _OTHER_LETTERS.sub("MH", second):
            yield first, (second,)
    for whole in names:
        letters = tuple(n for n in names if len(n) == len(whole) + 1 and n.startswith(whole) and n[-1].isalpha())
        if len(letters) > 3 and sum(marks[n] for n in letters) == marks[whole]:
            yield whole, letters


def _distance(whole: str, parts: tuple[str, ...]) -> tuple[int, int]:
    """How far the ids of parts are from that of the whole: fewest letters in common last."""
    alike = sum(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(whole, part, strict=False))) for part in parts)
    return -alike, sum(map(len, parts))


def _count(cells: Cells, number: int | None) -> int:
    return 0 if number is None else round(cells.counts[number])
