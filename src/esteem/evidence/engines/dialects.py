"""The SQL of an expression in the dialect of each engine, for reading: nothing is run, and neither engine is started."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import options
from ibis.backends.sql.compilers import duckdb, pyspark
from ibis.config import Config

DIALECTS = ("duckdb", "spark")
_COMPILERS = {"duckdb": duckdb.compiler, "spark": pyspark.compiler}


class _SparkOptions(Config):
    """What the compiler asks of a backend that has not been started."""

    treat_nan_as_null: bool = False


def sql_text(expression: ir.Table, dialect: str) -> str:
    """The query, one clause to a line."""
    compiler = _COMPILERS[dialect]
    before = options.pyspark
    if before is None:
        options.pyspark = _SparkOptions()
    try:
        return compiler.to_sqlglot(expression.as_table()).sql(dialect=compiler.dialect, pretty=True)
    finally:
        options.pyspark = before
