"""Parquet files as publications: told apart by their column names, read by SQL without loading them whole.

DuckDB reads the file where it lies; no extension is fetched. Delimited text with the same columns can be read by the same SQL.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import RawFile
from esteem.terms.periods import Period, between
from esteem.terms.problems import Problem

_MAGIC = b"PAR1"
# What the engine raises for bytes it cannot read; a wrong query of ours is not among them.
UNREADABLE = (duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException, duckdb.SerializationException)
REMEDY = "Load the file as the publisher gave it, or tell the developers that the layout has changed."


def is_parquet(raw: RawFile) -> bool:
    """True when the content begins as Parquet does. Never raises."""
    try:
        return raw.head.startswith(_MAGIC)
    except (OSError, EOFError):
        return False


def column_names(raw: RawFile) -> tuple[str, ...]:
    """Column names of a whole Parquet file in their order; empty for any other or damaged file. Never raises."""
    if not is_parquet(raw):
        return ()
    try:
        return tuple(pq.read_schema(raw.path).names)
    except (pa.ArrowException, OSError):
        return ()


def near_columns(raw: RawFile, *layouts: Sequence[str]) -> Problem | None:
    """For `Source.near`: what is wrong with the columns (or a file cut short) when at least half of one layout is there; else None."""
    if not is_parquet(raw):
        return None
    found = column_names(raw)
    if not found:
        rule = "A Parquet file is complete: it ends with its list of columns."
        return Problem("file-cut-short", rule, "the end is missing or damaged", "Download the file again.", raw.name)
    best = max(layouts, key=lambda layout: len(set(found) & set(layout)) / len(layout))
    if len(set(found) & set(best)) * 2 < len(best):
        return None
    return delimited.header_problem(found, best, raw.name)


def open_engine() -> duckdb.DuckDBPyConnection:
    """A private engine in memory that fetches nothing, and spills to the temporary directory beyond half a gigabyte."""
    settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": 2}
    return duckdb.connect(config={**settings, "memory_limit": "500MB", "temp_directory": tempfile.gettempdir()})


def attach(engine: duckdb.DuckDBPyConnection, raw: RawFile, name: str = "published") -> None:
    """Gives the file's rows the view `name`, Parquet or delimited text (all columns as text), with `file_row`.

    `file_row` counts rows of a Parquet file from 1, and lines of a text file (the header is line 1). Raises Problem for a damaged file.
    """
    path = str(raw.path).replace("'", "''")
    if is_parquet(raw):
        rows = f"select * exclude (file_row_number), file_row_number + 1 as file_row from read_parquet('{path}', file_row_number=true)"
    else:
        with raw.path.open("rb") as stream:
            packed = "gzip" if stream.read(2) == b"\x1f\x8b" else "none"
        # The sampler is given nothing to guess: delimiter, quotes and header are stated, and an empty cell stays an empty text.
        stated = f"header=true, delim=',', quote='\"', escape='\"', all_varchar=true, nullstr='<nothing>', compression='{packed}'"
        rows = f"select *, row_number() over () + 1 as file_row from read_csv('{path}', {stated})"
    try:
        engine.execute(f"create or replace view {name} as {rows}")
    except UNREADABLE as error:
        raise damaged(raw, error) from error


def first_row(raw: RawFile, *columns: str) -> tuple:
    """Some columns of the first row, for fingerprints: publications of one family share their columns. Empty when unreadable."""
    engine = open_engine()
    try:
        attach(engine, raw)
        return engine.execute(f"select {', '.join(columns)} from published limit 1").fetchone() or ()
    except (Problem, *UNREADABLE):
        return ()


def damaged(raw: RawFile, error: Exception) -> Problem:
    """The Problem for content that the engine could not read to its end."""
    return Problem("file-damaged", "A file can be read to its end.", str(error).splitlines()[0], "Download the file again.", raw.name)


def financial_years(engine: duckdb.DuckDBPyConnection, raw: RawFile, name: str = "published") -> dict[str, Period]:
    """Period of each `reporting_period` in the file, from its own dates. Raises Problem when name and dates disagree."""
    found = engine.execute(
        f"select distinct reporting_period, start_date::varchar, end_date::varchar from {name} order by all"  # our own view name
    ).fetchall()
    periods = {}
    for label, start, end in found:
        try:
            period = between(date.fromisoformat(start), date.fromisoformat(end))
        except (ValueError, TypeError) as error:
            raise _period_problem(raw, f"{label}: {start} to {end}") from error
        if label in periods or period.label.replace("/", "-") != label:
            raise _period_problem(raw, f"{label}: {start} to {end}")
        periods[label] = period
    return periods


def _period_problem(raw: RawFile, found: str) -> Problem:
    rule = "A reporting period such as 2024-25 runs from 1 April to 31 March of these years, and has one pair of dates."
    return Problem("period-disagrees", rule, found, REMEDY, raw.name, column="reporting_period")


def table_of(columns: dict[str, list], **types: pa.DataType) -> pa.Table:
    """Arrow table of text columns, or of the type named for a column."""
    return pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()})
