"""What makes a row of a data set right or wrong, as data: rules with their severity, and for each table its keys, parents and dates.

Read from `<schema>_checks.toml`, `reference_checks.toml` and `intake_rules.toml` beside this file, and held against the schema: a check of
a column or table that does not exist cannot be built.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from esteem.evidence.records.schema import Schema, schema_of
from esteem.terms.problems import Problem

QUARANTINE, WARN = "quarantine", "warn"
WHOLE_ROW = "*"
CHECKS_OF = {"mhsds": "mhsds_v6_checks.toml", "talking-therapies": "iapt_v21_checks.toml"}


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for. `severity`: what becomes of the row; `aspect`: where the scorecard counts it."""

    code: str
    severity: str
    aspect: str
    reason: str
    remedy: str

    def __post_init__(self):
        if self.severity not in (QUARANTINE, WARN) or self.aspect not in ("validity", "completeness", "consistency"):
            raise Problem("rule-wrong", "A rule quarantines or warns, and counts for one aspect.", f"{self.code}: {self.severity}")


@dataclass(frozen=True)
class Parent:
    """The row of `table` with the same `columns`. `severity`: when no month has it; `same_month`: another month is worth a warning."""

    columns: tuple[str, ...]
    table: str
    severity: str = QUARANTINE
    same_month: bool = False


@dataclass(frozen=True)
class Order:
    earlier: str
    later: str
    severity: str = QUARANTINE


@dataclass(frozen=True)
class TableChecks:
    """What is looked for in the rows of one table."""

    name: str
    required: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    parents: tuple[Parent, ...] = ()
    order: tuple[Order, ...] = ()
    by_end: tuple[str, ...] = ()
    in_month: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    children: bool = False


@dataclass(frozen=True)
class Earlier:
    """An earlier version of the data set: until when it was used, tables by another name, and columns it did not have."""

    last_month: int = 0
    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Checks:
    """All checks of one data set. `valid`: code list -> code -> first and last month (None = open)."""

    schema: Schema
    month: str
    provider: str
    person: str
    header: str
    header_provider: str
    header_start: str
    header_end: str
    first_month: int
    needed: tuple[str, ...]
    every_month: tuple[str, ...]
    busy: tuple[str, ...]
    row_numbers: tuple[str, ...]  # endings of columns that number rows: two rows that differ in these alone are the same
    earlier: Earlier
    valid: Mapping[str, Mapping[str, tuple[int | None, int | None]]]
    tables: Mapping[str, TableChecks]

    def of(self, table: str) -> TableChecks:
        return self.tables.get(table) or TableChecks(table)

    def in_order(self) -> list[str]:
        """Tables of records, each after those it refers to; then the reference tables."""
        listed = [name for name in self.tables if name in self.schema.records]
        return [*listed, *(name for name in self.schema.records if name not in listed), *self.schema.reference]

    def months_of(self, codes: str) -> dict[str, tuple[int | None, int | None]]:
        """Every known code of a list with its months; empty for a list that is not known."""
        known = dict.fromkeys(self.schema.codes.get(codes, {}), (None, None))
        return known | dict(self.valid.get(codes, {})) if known else {}


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code."""
    return {code: Rule(code, **rule) for code, rule in _read("intake_rules.toml").items()}


@cache
def checks_of(data_set: str) -> Checks:
    """The checks of `mhsds` or `talking-therapies`."""
    own, shared = _read(CHECKS_OF[data_set]), _read("reference_checks.toml")
    return built(own | {"tables": own["tables"] | shared["tables"]}, schema_of(data_set))


def _read(name: str) -> dict:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def built(raw: Mapping, schema: Schema) -> Checks:
    """The checks that `raw` describes. Problem `check-wrong` when they name what the schema does not have."""
    earlier = raw.get("earlier", {})
    absent = {table: tuple(columns.split()) for table, columns in earlier.get("columns", {}).items()}
    checks = Checks(
        schema=schema,
        **{name: raw.get(name, "") for name in ("month", "provider", "person", "header", "header_provider", "header_start", "header_end")},
        first_month=raw.get("first_month", schema.first_month),
        **{name: tuple(raw.get(name, "").split()) for name in ("needed", "every_month", "busy", "row_numbers")},
        earlier=Earlier(earlier.get("last_month", 0), earlier.get("tables", {}), absent),
        valid={
            codes: {code: (months.get("from"), months.get("to")) for code, months in listed.items()}
            for codes, listed in raw.get("valid", {}).items()
        },
        tables={name: _table(name, table) for name, table in raw["tables"].items()},
    )
    _check(checks)
    return checks


def _table(name: str, raw: Mapping) -> TableChecks:
    parents = [(columns.split(), table, *rest) for columns, table, *rest in raw.get("parents", [])]
    return TableChecks(
        name,
        keys=tuple(tuple(key.split()) for key in raw.get("keys", [])),
        parents=tuple(Parent(tuple(p[0]), p[1], p[2] if len(p) > 2 else QUARANTINE, len(p) > 3) for p in parents),
        order=tuple(Order(*pair.split()) for pair in raw.get("order", [])),
        children=raw.get("children", False),
        **{part: tuple(raw.get(part, "").split()) for part in ("required", "by_end", "in_month", "ages", "counts", "expected")},
    )


def _check(checks: Checks) -> None:
    def absent(table: str, columns) -> list[str]:
        known = checks.schema.columns(table) or {}
        return [f"{table}.{column}" for column in columns if column not in known and column != WHOLE_ROW]

    wrong, seen = [], []
    for table in checks.tables.values():
        named = [*table.required, *table.by_end, *table.in_month, *table.ages, *table.counts, *table.expected]
        named += [column for key in table.keys for column in key] + [c for pair in table.order for c in (pair.earlier, pair.later)]
        wrong += absent(table.name, named)
        for parent in table.parents:
            wrong += absent(table.name, parent.columns) + absent(parent.table, parent.columns)
            wrong += [] if parent.table in seen else [f"{parent.table} stands after {table.name}"]
        seen.append(table.name)
    wrong += [name for name in (*checks.needed, *checks.every_month, *checks.busy) if name not in checks.schema.records]
    if wrong:
        raise Problem("check-wrong", "A check names tables and columns of the schema, parents first.", ", ".join(wrong))
