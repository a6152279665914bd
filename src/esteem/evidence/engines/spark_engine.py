"""Spark, for data that has outgrown one machine: the same definitions, as Spark SQL. Needs PySpark and Java 17 (docs/engines.md).

Imported only when it is asked for. Where a Spark session runs already (a notebook on a cluster) it works beside it on the same executors;
else it starts one at `ESTEEM_SPARK_MASTER` (default `local[*]`, this machine).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.config import Config

from esteem.evidence.engines.grouping import SPARK, Grouping, Level, grouping_sql, levels_of
from esteem.terms.problems import Problem

_SQL_TYPES = {
    "string": "STRING",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "int32": "INT",
    "int64": "BIGINT",
    "boolean": "BOOLEAN",
    "float64": "DOUBLE",
}
JAVA = 17
# On one machine queries are many and small: compiling each to Java code and spreading it over 200 tasks costs far more than it saves.
ON_ONE_MACHINE = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.memory": "2g",
}
# What figures depend on: dates and times as they are written, overflow and wrong texts as null (as TRY_CAST), names told apart by case.
ALWAYS = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "false", "spark.sql.caseSensitive": "true"}


def cannot_run() -> str:
    """Why Spark cannot run here, and what to do; empty when it can."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "PySpark is not installed: python3 packaging/set_up.py spark"
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        return f"Java {JAVA} is not installed: apt-get install openjdk-{JAVA}-jre-headless"
    return ""


class SparkEngine:
    """The verbs of engines/__init__.py over one Spark session. A kept table is worked out at once and held by the executors; it goes to the
    folder `ESTEEM_SPARK_CHECKPOINTS` when that is set, so that a lost executor loses nothing."""

    name = "spark"

    def __init__(self, master: str | None = None):
        if why := cannot_run():
            raise Problem("spark-absent", "The engine spark needs PySpark and Java.", why.split(":")[0], why.partition(": ")[2])
        self._spark, self._own = _session(master or os.environ.get("ESTEEM_SPARK_MASTER", "local[*]"))
        self._checkpoints = os.environ.get("ESTEEM_SPARK_CHECKPOINTS")
        if self._checkpoints:
            self._spark.sparkContext.setCheckpointDir(self._checkpoints)
        self._names = (f"kept_{number}" for number in count())

    def columns_in(self, path: Path) -> list[str]:
        """Names of the columns of a Parquet or CSV file."""
        return self._read(path).columns

    def scan(self, path: Path, columns: Mapping[str, str]) -> ir.Table:
        """The file's `columns` (name -> type of the schema) as a table. Problem `value-type` when a value does not fit its type."""
        read, from_csv = self._read(path), path.suffix == ".csv"
        if from_csv:
            self._check_types(read, path, columns)
        chosen = read.selectExpr(*(f"TRY_CAST(`{name}` AS {_SQL_TYPES[kind]}) AS `{name}`" for name, kind in columns.items()))
        return self._named(chosen, columns)

    def _read(self, path: Path):
        if path.suffix != ".csv":
            return self._spark.read.parquet(str(path))
        return self._spark.read.csv(str(path), header=True, inferSchema=False, escape='"', nullValue="", emptyValue="")

    def _check_types(self, read, path: Path, columns: Mapping[str, str]) -> None:
        typed = {name: kind for name, kind in columns.items() if kind != "string"}
        if not typed:
            return
        lost = (
            f"first(`{n}`, true) FILTER (WHERE `{n}` IS NOT NULL AND TRY_CAST(`{n}` AS {_SQL_TYPES[k]}) IS NULL)" for n, k in typed.items()
        )
        for (name, kind), found in zip(typed.items(), read.selectExpr(*lost).first(), strict=True):
            if found is not None:
                rule = f"Values of {name} are of the type {kind}."
                raise Problem("value-type", rule, repr(found), "Correct the value or leave it empty.", str(path), None, name)

    def rows(self, columns: Mapping[str, str], rows: list[dict]) -> ir.Table:
        """Rows of Python values as a table with `columns`; a column that a row lacks is null."""
        shape = ", ".join(f"`{name}` {_SQL_TYPES[kind]}" for name, kind in columns.items())
        data = [tuple(row.get(name) for name in columns) for row in rows]
        return self._named(self._spark.createDataFrame(data, shape), columns)

    def empty(self, columns: Mapping[str, str]) -> ir.Table:
        return self.rows(columns, [])

    def _named(self, frame, schema) -> ir.Table:
        name = next(self._names)
        frame.createOrReplaceTempView(name)
        return ibis.table(dict(schema), name=name)

    def keep(self, expression: ir.Table) -> ir.Table:
        """The rows of an expression, worked out once."""
        return self._named(self._worked_out(expression), expression.schema())

    def _worked_out(self, expression: ir.Table):
        frame = self._spark.sql(spark_sql(expression))
        kept = frame.checkpoint() if self._checkpoints else frame.localCheckpoint()
        # A checkpoint keeps the inner ids of its columns, so that two made from one table look alike to a join; renaming gives new ones.
        return kept.toDF(*kept.columns)

    def totals(self, rows: ir.Table, groupings: Sequence[Grouping]) -> list[Level]:
        """The totals of every grouping over the rows, which are worked out once."""
        kept = self.keep(rows).get_name()
        found = [row.asDict() for row in self._spark.sql(grouping_sql(kept, groupings, SPARK)).collect()]
        self._spark.catalog.dropTempView(kept)
        return levels_of(found, groupings)

    def run(self, expression: ir.Table) -> pa.Table:
        rows = self._spark.sql(spark_sql(expression)).collect()
        return pa.Table.from_pylist([row.asDict() for row in rows], expression.schema().to_pyarrow())

    def explain(self, expression: ir.Table) -> str:
        """The SQL of an expression in Spark's dialect."""
        return spark_sql(expression, pretty=True)

    def close(self) -> None:
        """Ends the session if this engine began it."""
        if self._own:
            self._spark.stop()


class _Options(Config):
    """What Ibis' writer of Spark SQL reads; its own backend would set it, and needs pandas besides."""

    treat_nan_as_null: bool = False


def spark_sql(expression: ir.Table, pretty: bool = False) -> str:
    """An expression of definitions as Spark SQL; needs neither PySpark nor Java."""
    from ibis.backends.sql.compilers.pyspark import compiler

    if ibis.options.pyspark is None:
        ibis.options.pyspark = _Options()
    return compiler.to_sqlglot(expression).sql(dialect=compiler.dialect, pretty=pretty, copy=False)


def _session(master: str):
    """A session beside the one that runs already (its own settings and names, the same executors), else a new one; whether it is new."""
    from pyspark.sql import SparkSession

    if active := SparkSession.getActiveSession():
        session = active.newSession()
        for name, value in ALWAYS.items():
            session.conf.set(name, value)
        return session, False
    builder = SparkSession.builder.appName("Esteem").master(master)
    settings = ALWAYS | (ON_ONE_MACHINE | {"spark.sql.warehouse.dir": tempfile.gettempdir()} if master.startswith("local") else {})
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session, True
