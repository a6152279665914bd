"""The reference engine: what a definition means, in plain Python over lists of rows. Slow on purpose, and with no database inside.

It walks the same Ibis expression that the other engines turn into SQL. A table is a list of rows, a row a dict from column to value,
null is None. A join looks at every pair of rows. It is for worked cases and for finding out which engine is wrong, not for real data; an
operation that no definition has used so far gives the Problem `reference-operation`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from esteem.evidence.engines.grouping import Grouping, Level
from esteem.evidence.engines.reference_aggregates import reduce_values
from esteem.evidence.engines.reference_values import Frame, cast, column, lacking

Row = dict[str, Any]


class ReferenceEngine:
    """Keeps tables as lists of rows. The verbs are those of engines/__init__.py."""

    name = "reference"

    def __init__(self):
        self._tables: dict[str, list[Row]] = {}
        self._names = (f"kept_{number}" for number in count())

    def columns_in(self, path: Path) -> list[str]:
        if path.suffix != ".csv":
            return pq.read_table(path).column_names
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])

    def scan(self, path: Path, columns: Mapping[str, str]) -> ir.Table:
        if path.suffix != ".csv":
            return self.rows(columns, pq.read_table(path, columns=list(columns)).to_pylist())
        with path.open(encoding="utf-8-sig", newline="") as file:
            return self.rows(columns, [{name: row[name] or None for name in columns} for row in csv.DictReader(file)])

    def rows(self, columns: Mapping[str, str], rows: Iterable[Row]) -> ir.Table:
        typed = [{name: _read(row.get(name), kind) for name, kind in columns.items()} for row in rows]
        return self._kept(typed, ibis.schema(dict(columns)))

    def empty(self, columns: Mapping[str, str]) -> ir.Table:
        return self.rows(columns, [])

    def keep(self, expression: ir.Table) -> ir.Table:
        return self._kept(self.rows_of(expression.op()), expression.schema())

    def _kept(self, rows: list[Row], schema) -> ir.Table:
        name = next(self._names)
        self._tables[name] = rows
        return ibis.table(schema, name=name)

    def run(self, expression: ir.Table) -> pa.Table:
        return pa.Table.from_pylist(self.rows_of(expression.op()), expression.schema().to_pyarrow())

    def totals(self, rows: ir.Table, groupings: Sequence[Grouping]) -> list[Level]:
        found = self.rows_of(rows.op())
        return [level for number, grouping in enumerate(groupings) for level in _levels(found, number, grouping)]

    def explain(self, expression: ir.Table) -> str:
        """The steps of the expression, one a line."""
        return repr(expression)

    def close(self) -> None:
        self._tables.clear()

    def rows_of(self, relation: ops.Relation) -> list[Row]:
        return Walk(self._tables).rows(relation)


class Walk:
    """One walk over an expression: each relation in it is worked out once."""

    def __init__(self, tables: Mapping[str, list[Row]]):
        self._tables, self._seen = tables, {}

    def rows(self, relation: ops.Relation) -> list[Row]:
        if relation not in self._seen:
            step = getattr(self, f"_{type(relation).__name__}", None)
            if step is None:
                raise lacking(type(relation).__name__)
            self._seen[relation] = step(relation)
        return self._seen[relation]

    def _frame(self, relation: ops.Relation, rows: list[Row]) -> Frame:
        return Frame({relation: rows}, len(rows), self.rows)

    def _UnboundTable(self, table) -> list[Row]:
        return self._tables[table.name]

    def _SelfReference(self, reference) -> list[Row]:
        return self.rows(reference.parent)

    _JoinReference = _SelfReference

    def _Project(self, project) -> list[Row]:
        frame = self._frame(project.parent, self.rows(project.parent))
        return _row_by_row({name: column(value, frame) for name, value in project.values.items()}, frame.size)

    def _DropColumns(self, drop) -> list[Row]:
        return [{name: value for name, value in row.items() if name not in drop.columns_to_drop} for row in self.rows(drop.parent)]

    def _Filter(self, step) -> list[Row]:
        rows = self.rows(step.parent)
        return [rows[place] for place in _where(step.predicates, self._frame(step.parent, rows))]

    def _Distinct(self, distinct) -> list[Row]:
        return list({tuple(row.items()): row for row in self.rows(distinct.parent)}.values())

    def _Union(self, union) -> list[Row]:
        names = list(union.schema)
        both = [*self.rows(union.left), *self.rows(union.right)]
        rows = [{name: row[name] for name in names} for row in both]
        return list({tuple(row.items()): row for row in rows}.values()) if union.distinct else rows

    def _Aggregate(self, aggregate) -> list[Row]:
        rows = self.rows(aggregate.parent)
        frame = self._frame(aggregate.parent, rows)
        keys = _row_by_row({name: column(value, frame) for name, value in aggregate.groups.items()}, len(rows))
        groups: dict[tuple, list[Row]] = {} if aggregate.groups else {(): []}
        for key, row in zip(keys, rows, strict=True):
            groups.setdefault(tuple(key.values()), []).append(row)
        return [dict(zip(aggregate.groups, key, strict=True)) | self._metrics(aggregate, members) for key, members in groups.items()]

    def _metrics(self, aggregate, rows: list[Row]) -> Row:
        frame = self._frame(aggregate.parent, rows)
        return {name: frame.single(value) for name, value in aggregate.metrics.items()}

    def _JoinChain(self, chain) -> list[Row]:
        """`sides` holds, for each table joined so far, its row in every line of the result (an empty row where a left join found none)."""
        sides = {chain.first: self.rows(chain.first)}
        for link in chain.rest:
            sides = self._joined(sides, link)
        frame = Frame(sides, len(sides[chain.first]), self.rows)
        return _row_by_row({name: column(value, frame) for name, value in chain.values.items()}, frame.size)

    def _joined(self, sides: dict, link) -> dict:
        left, right = list(range(len(next(iter(sides.values()))))), self.rows(link.table)
        pairs = [(here, there) for here in left for there in range(len(right))]
        every = {table: [rows[here] for here, _ in pairs] for table, rows in sides.items()}
        every[link.table] = [right[there] for _, there in pairs]
        met = [pairs[place] for place in _where(link.predicates, Frame(every, len(pairs), self.rows))]
        matched = {here for here, _ in met}
        if link.how in ("semi", "anti"):
            keep = [here for here in left if (here in matched) == (link.how == "semi")]
            return {table: [rows[here] for here in keep] for table, rows in sides.items()}
        if link.how == "left":
            met += [(here, None) for here in left if here not in matched]
        elif link.how not in ("inner", "cross"):
            raise lacking(f"{link.how} join")
        nothing = dict.fromkeys(link.table.schema)
        joined = {table: [rows[here] for here, _ in met] for table, rows in sides.items()}
        return joined | {link.table: [nothing if there is None else right[there] for _, there in met]}


def _where(predicates, frame: Frame) -> list[int]:
    """Places of the rows for which every predicate is true: neither false nor null."""
    columns = [column(predicate, frame) for predicate in predicates]
    return [place for place in range(frame.size) if all(of[place] is True for of in columns)]


def _row_by_row(columns: dict[str, list], size: int) -> list[Row]:
    return [{name: values[place] for name, values in columns.items()} for place in range(size)]


def _read(value, kind: str):
    """A value of a file or a case as its column's type; an empty text is null, a day is the first moment of a timestamp."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and kind != "string":
        return cast(value, ibis.dtype(kind))
    if kind == "timestamp" and type(value) is date:
        return datetime(value.year, value.month, value.day)
    return value


def _levels(rows: list[Row], number: int, grouping: Grouping) -> list[Level]:
    """Rows whose attribute is null are in no level; the rest are grouped by the words of the level."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        values = [row[name] for name in grouping.columns]
        if None not in values and (grouping.only is None or row[grouping.only]):
            groups.setdefault(";".join(cast(value, ibis.dtype("string")) for value in values), []).append(row)
    levels = []
    for level, members in groups.items():
        totals = {place: _total(total, members) for place, total in grouping.totals.items()}
        levels.append(Level(number, level, {place: float(value) for place, value in totals.items() if value is not None}))
    return levels


def _total(total, rows: list[Row]):
    counted = [row for row in rows if total.where is None or row[total.where]]
    values = [1 if total.of is None else row[total.of] for row in counted]
    return reduce_values(total.kind, values, total.share)
