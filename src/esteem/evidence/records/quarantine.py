"""The list of rows that were left out or kept with a warning, with where each stands in its file, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from esteem.evidence.records.checks import rules
from esteem.evidence.records.incoming_tables import Incoming
from esteem.evidence.records.intake import Intake
from esteem.evidence.records.row_checks import literal, quoted

COLUMNS = ("load", "table", "file", "row", "column", "rule", "reason", "value", "remedy", "outcome", "provider", "month")
OUT, KEPT = "quarantined", "kept with a warning"


def write_quarantine(intake: Intake, path: Path, load: str, earlier: Path | None, gone: tuple[int, ...]) -> None:
    """One row for each finding, in the order of tables and rows; after those of `earlier` loads, without the months `gone` from them.

    `row` counts the rows of a file from 1, the header of a CSV file being the first.
    """
    database = intake.database
    database.execute("CREATE OR REPLACE TABLE places (tbl VARCHAR, file VARCHAR, first_id BIGINT, last_id BIGINT, ahead BIGINT)")
    database.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?)", [p for one in intake.incoming.values() for p in _places(one)])
    database.execute("CREATE OR REPLACE TABLE rules (rule VARCHAR, reason VARCHAR, remedy VARCHAR)")
    database.executemany("INSERT INTO rules VALUES (?, ?, ?)", [(rule.code, rule.reason, rule.remedy) for rule in rules().values()])
    now = f"""SELECT {literal(load)} AS load, f.tbl AS "table", p.file, {_ROW} AS row, f.col AS "column",
        f.rule, r.reason, f.value, r.remedy,
        CASE f.severity WHEN 'quarantine' THEN '{OUT}' ELSE '{KEPT}' END AS outcome, f.provider, f.month
        FROM findings f JOIN rules r USING (rule) JOIN places p ON p.tbl = f.tbl AND (abs(f.id) BETWEEN p.first_id AND p.last_id)"""
    before = ""
    if earlier is not None and earlier.exists():
        left = f" WHERE month IS NULL OR month NOT IN ({', '.join(map(str, gone))})" if gone else ""
        before = f"SELECT * FROM read_parquet({literal(earlier)}){left} UNION ALL "
    database.execute(f"COPY ({before}({now} ORDER BY p.file, row, f.col)) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")


# The line of a rejected row is known; before a good row stand the header and the rejected rows above it.
_ROW = """CASE WHEN f.id < 0 THEN -f.id
    ELSE f.id - p.first_id + 1 + p.ahead + (SELECT count(*) FROM all_rejects x WHERE x.tbl = f.tbl AND x.line - x.ord <= f.id) END"""


def _places(incoming: Incoming) -> Iterator[tuple]:
    """(table, file, first id, last id, lines ahead of the first row) of each file of a table."""
    if incoming.is_csv:
        yield incoming.table, str(incoming.path), 1, 2**62, 1
        return
    first = 1
    for part in incoming.parts:
        rows = duckdb.sql(f"SELECT num_rows FROM parquet_file_metadata({literal(part)})").fetchone()[0]
        yield incoming.table, str(part), first, first + rows - 1, 0
        first += rows


def quarantine_rows(path: Path, table: str = "", rule: str = "", outcome: str = "", load: str = "") -> Iterator[dict]:
    """The rows of a list, a few at a time, in its order; only those of a table, rule, outcome or load where one is named."""
    wanted = [
        f"{column} = {literal(value)}"
        for column, value in (('"table"', table), ("rule", rule), ("outcome", outcome), ("load", load))
        if value
    ]
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    cursor = duckdb.connect().execute(f"SELECT {', '.join(map(quoted, COLUMNS))} FROM read_parquet({literal(path)}){where}")
    while rows := cursor.fetchmany(10_000):
        for row in rows:
            yield dict(zip(COLUMNS, row, strict=True))


def rule_counts(path: Path, load: str = "") -> list[dict]:
    """How many rows each rule found in each table: table, rule, outcome, rows, reason."""
    where = f" WHERE load = {literal(load)}" if load else ""
    asked = f"""SELECT "table", rule, outcome, count(*) AS rows, any_value(reason) AS reason FROM read_parquet({literal(path)}){where}
        GROUP BY ALL ORDER BY outcome DESC, rows DESC, "table", rule"""
    return [dict(zip(("table", "rule", "outcome", "rows", "reason"), row, strict=True)) for row in duckdb.sql(asked).fetchall()]
