"""Ibis' writer of DuckDB's SQL, spared two walks over every expression.

Before it writes, Ibis offers each node of an expression to each of its rewriting rules, twice. Definitions use none of the operations
that the first round is for; those of the second are offered only the few kinds of node that they can change.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

import ibis.expr.operations as ops
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.common.patterns import NoMatch, Pattern

_CHANGED = (ops.InValues, ops.WindowFunction, ops.StringFind, ops.FindInSet, ops.NthValue)
_CHANGED += (ops.ArrayPosition, ops.ArrayMap, ops.ArrayFilter)


class _OnlyWhatChanges(Pattern):
    """The rules of a writer as one pattern that passes over every other kind of node."""

    __slots__ = ("_rule",)

    def __init__(self, rules):
        self._rule = reduce(or_, rules)

    def match(self, value, context):
        return self._rule.match(value, context) if isinstance(value, _CHANGED) else NoMatch

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)


class _Writer(DuckDBCompiler):
    rewrites = (_OnlyWhatChanges(DuckDBCompiler.rewrites),)


# A definition that comes to use an operation of the first round is refused with the operation's name: then take this line out.
_Writer.lowered_ops = {}
writer = _Writer()
