"""Engines by name."""

from __future__ import annotations

from esteem.terms.problems import Problem

ENGINES = ("duckdb", "spark", "reference")


def open_engine(name: str):
    """The engine of this name, ready to use; for duckdb None, which leaves an extract to open one of its size.

    Problems: `engine-unknown`, and `spark-absent` where PySpark or Java is not installed.
    """
    if name == "duckdb":
        return None
    if name == "spark":
        from esteem.evidence.engines.spark_engine import SparkEngine

        return SparkEngine()
    if name == "reference":
        from esteem.evidence.engines.reference import ReferenceEngine

        return ReferenceEngine()
    raise Problem("engine-unknown", "Name an engine.", name, f"The engines are: {', '.join(ENGINES)}.")
