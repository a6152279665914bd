"""Takes in one table after the other: every row is checked, and is then either kept or quarantined with the reason.

Rows are looked through one by one, then for repeated keys and missing parents, and written without those that are out; a CSV file is
first written as Parquet with its types turned, so that it is read once. All of it streams through DuckDB, which spills to the disk:
memory stays under its limit however many rows there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from esteem.evidence.records.checks import QUARANTINE, WARN, WHOLE_ROW, Checks, Parent, rules
from esteem.evidence.records.edition import TableCount
from esteem.evidence.records.incoming_tables import Incoming
from esteem.evidence.records.row_checks import faulty_sql, literal, quarantine_bits, quoted, row_checks, typed_sql, unfit_columns
from esteem.evidence.records.watching import Watch
from esteem.terms.problems import Problem

MEMORY = "1GB"
_FULL = ("No space left", "File too large", "Disk quota exceeded")
_TABLES = {
    "findings": "tbl VARCHAR, id BIGINT, col VARCHAR, rule VARCHAR, severity VARCHAR, value VARCHAR, provider VARCHAR, month BIGINT",
    "facts": "provider VARCHAR, month BIGINT, tbl VARCHAR, what VARCHAR, col VARCHAR, n BIGINT",
    "header_months": "provider VARCHAR, month BIGINT, first_day DATE, last_day DATE, times BIGINT",
    "all_rejects": "tbl VARCHAR, ord BIGINT, line BIGINT",
    "flagged": "id BIGINT",
}


@dataclass(frozen=True)
class Room:
    """Where an intake works: `work` is thrown away, `target` holds the tables kept; `carried` are parts of earlier loads by table."""

    work: Path
    target: Path
    edition: str
    carried: Mapping[str, list[Path]]


class Intake:
    """One load. `findings` (a row for each fault) and `facts` (counts by provider, month and table) are tables of `database`."""

    def __init__(self, checks: Checks, room: Room, watch: Watch, memory: str = MEMORY, threads: int | None = None):
        self.checks, self.room, self.watch = checks, room, watch
        settings = {"memory_limit": memory, "temp_directory": str(room.work / "spilled"), "preserve_insertion_order": True}
        settings |= {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        try:
            self.database = duckdb.connect(config=settings | ({"threads": threads} if threads else {}))
        except duckdb.Error as wrong:
            raise Problem("memory-limit", "Memory is a number and a unit.", repr(memory), "Write for example --memory 2GB.") from wrong
        self.database.execute("SET enable_progress_bar = true")
        self.database.execute("SET enable_progress_bar_print = false")  # the watch tells
        for name, columns in _TABLES.items():
            self.database.execute(f"CREATE TABLE {name} ({columns})")
        self.incoming: dict[str, Incoming] = {}
        self._rejected: dict[str, int] = {}
        self._staged: dict[str, int] = {}

    # ------------------------------------------------------------ one table

    def take(self, incoming: Incoming) -> None:
        """Check every row of a table, and keep those that may stay in `target`."""
        name = incoming.table
        self.incoming[name] = incoming
        found = row_checks(name, self.checks)
        self._run("CREATE OR REPLACE TABLE flagged (id BIGINT)")
        with self.watch.running(self.database):
            self._stage(incoming)
            self._note_row_faults(incoming, found)
        for key in self.checks.of(name).keys:
            self._note_repeated(name, key)
        for parent in self.checks.of(name).parents:
            self._note_orphans(name, parent)
        self._write(name)
        self._count(name)
        if name == self.checks.header:
            self._read_header()
        if not self._has_children(name):
            self._stage_path(name).unlink(missing_ok=True)

    def _run(self, sql: str, incoming: Incoming | None = None) -> int:
        """Runs a statement; the number of rows it wrote, where it says so."""
        try:
            row = self.database.execute(sql).fetchone()
        except duckdb.OutOfMemoryException as full:
            remedy = "Give it more, for example --memory 4GB, or fewer months at a time. Nothing was loaded."
            raise Problem("memory-too-small", "The load fits in the memory it may use.", str(full).splitlines()[0], remedy) from None
        except (duckdb.InvalidInputException, duckdb.IOException) as broken:
            if any(words in str(broken) for words in _FULL):
                remedy = "Free some space, then load again. Nothing has changed: the earlier edition is counted from."
                raise Problem("disk-full", "There is room on the disk for the records.", str(broken).splitlines()[0], remedy) from None
            if incoming is None:
                raise
            remedy = "Save the table again as Parquet, or as CSV in UTF-8 with commas."
            found = str(broken).splitlines()[0]
            raise Problem("records-file-broken", "The file can be read to its end.", found, remedy, str(incoming.path)) from None
        return row[0] if row and isinstance(row[0], int) else 0

    def _stage_path(self, name: str) -> Path:
        return self.room.work / f"{name}.staged.parquet"

    def _stage(self, incoming: Incoming) -> None:
        """CSV is turned into Parquet once; Parquet is read where it lies."""
        self._rejected[incoming.table] = 0
        if not incoming.is_csv:
            self._staged[incoming.table] = incoming.rows
            return
        typed = typed_sql(incoming, self.checks.schema.columns(incoming.table))
        path = literal(self._stage_path(incoming.table))
        self._staged[incoming.table] = self._run(f"COPY ({typed}) TO {path} (FORMAT parquet, COMPRESSION snappy)", incoming)
        self._take_rejects(incoming)

    def rows(self, name: str) -> str:
        """The rows of a table that came in, with the types of the schema, `_id`, `_types` and `_raw`."""
        if self.incoming[name].is_csv:
            return f"(SELECT file_row_number + 1 AS _id, * FROM read_parquet({literal(self._stage_path(name))}, file_row_number = true))"
        return f"({typed_sql(self.incoming[name], self.checks.schema.columns(name))})"

    def _right_rows(self, name: str) -> str:
        """Those that are not out so far."""
        return f"(SELECT t.* FROM {self.rows(name)} t ANTI JOIN flagged f ON f.id = t._id)"

    def _provider_and_month(self, name: str, alias: str = "") -> str:
        columns = self.checks.schema.columns(name)
        provider = self.checks.header_provider if name == self.checks.header else self.checks.provider
        one = f"{alias}{quoted(provider)}" if provider in columns else "NULL"
        two = f"{alias}{quoted(self.checks.month)}" if self.checks.month in columns else "NULL"
        return f"{one}, {two}"

    # ------------------------------------------------------------ faults

    def _take_rejects(self, incoming: Incoming) -> None:
        """Lines of a CSV file that are no row. A line that swallowed others cannot be told from the rest: the file is refused."""
        lines = self.database.execute(
            "SELECT line, any_value(csv_line), string_agg(DISTINCT error_type, ', ') FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
        self.database.execute("DELETE FROM reject_errors")
        for number, (line, text, kind) in enumerate(lines, start=1):
            if "\n" in text.strip():
                remedy = "Close the quote, or leave it out, and load again."
                raise Problem(
                    "records-file-broken", "A quote that opens a value is closed.", "none to its end", remedy, str(incoming.path), line
                )
            self.database.execute("INSERT INTO all_rejects VALUES (?, ?, ?)", [incoming.table, number, line])
            value = f"{kind.lower()}: {text.strip()}"
            self.database.execute(
                "INSERT INTO findings VALUES (?, ?, '', 'row-shape', 'quarantine', ?, NULL, NULL)", [incoming.table, -line, value]
            )
        self._rejected[incoming.table] = len(lines)

    def _note_row_faults(self, incoming: Incoming, found: list) -> None:
        """Findings of the rows that fail a check by themselves, from the bits they carry."""
        name = incoming.table
        self._run(f"CREATE OR REPLACE TEMP TABLE faulty AS {faulty_sql(name, self.rows(name), self.checks, found)}", incoming)
        self._run(f"INSERT INTO flagged SELECT _id FROM faulty WHERE _types <> 0 OR _rules & {quarantine_bits(found)} <> 0")
        types, bits = self.database.execute("SELECT coalesce(bit_or(_types), 0), coalesce(bit_or(_rules), 0) FROM faulty").fetchone()
        where = self._provider_and_month(name, "t.")
        unfit = unfit_columns(incoming, self.checks.schema.columns(name))
        for number, column in enumerate(unfit):
            if types >> number & 1:
                what = f"{literal(column)}, 'value-type', 'quarantine', _raw[{number + 1}], {where}"
                self._run(f"INSERT INTO findings SELECT {literal(name)}, _id, {what} FROM faulty t WHERE _types >> {number} & 1 = 1")
        for number, check in enumerate(found):
            if bits >> number & 1:
                unread = f" AND _types >> {unfit.index(check.column)} & 1 = 0" if check.column in unfit else ""
                what = f"{literal(check.column)}, {literal(check.rule)}, {literal(check.severity)}, {check.value}, {where}"
                test = f"_rules >> {number} & 1 = 1{unread}"
                self._run(f"INSERT INTO findings SELECT {literal(name)}, _id, {what} FROM faulty t WHERE {test}")

    def _note_repeated(self, name: str, key: tuple[str, ...]) -> None:
        """Rows that repeat an earlier one, and different rows with one key. Only rows that are right by themselves are looked at."""
        columns = [c for c in self.checks.schema.columns(name) if not c.endswith(self.checks.row_numbers)]
        fields = ", ".join(map(quoted, columns if key == (WHOLE_ROW,) else key))
        known = "true" if key == (WHOLE_ROW,) else " AND ".join(f"{quoted(column)} IS NOT NULL" for column in key)
        rows = f"{self._right_rows(name)} WHERE {known}"
        twice = f"SELECT hash({fields}) AS k FROM {rows} GROUP BY k HAVING count(*) > 1"
        self._run(f"CREATE OR REPLACE TEMP TABLE twice AS {twice}")
        if not self._run("SELECT count(*) FROM twice"):
            return
        everything = ", ".join(map(quoted, columns))
        candidates = (
            f"SELECT *, row_number() OVER (PARTITION BY {everything} ORDER BY _id) AS copy FROM {rows} AND hash({fields}) IN (FROM twice)"
        )
        marked = f"SELECT *, count(*) FILTER (copy = 1) OVER (PARTITION BY {fields}) AS different FROM ({candidates})"
        verdict = "CASE WHEN copy > 1 THEN 'row-repeated' ELSE 'key-twice' END"
        shown = f"concat_ws(', ', {', '.join(f'{quoted(c)}::VARCHAR' for c in (columns if key == (WHOLE_ROW,) else key))})"
        column = "" if key == (WHOLE_ROW,) else ", ".join(key)
        limit = "copy > 1" if key == (WHOLE_ROW,) else "copy > 1 OR different > 1"
        self._flag(
            name, f"SELECT _id, {literal(column)} AS col, {verdict} AS rule, {shown} AS value FROM ({marked}) WHERE {limit}", QUARANTINE
        )

    def _note_orphans(self, name: str, parent: Parent) -> None:
        """Rows whose parent is not among the rows kept; with `same_month`, those whose parent is there in another month only."""
        fields = [*parent.columns, *([self.checks.month] if parent.same_month else [])]
        known = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in parent.columns)
        near = self._kept(parent.table, ", ".join(map(quoted, fields)))
        needed = ", ".join(map(quoted, dict.fromkeys(["_id", *fields])))
        rows = f"SELECT {needed} FROM {self._right_rows(name)} WHERE {known}"
        orphans = f"SELECT * FROM ({rows}) t WHERE NOT EXISTS (SELECT 1 FROM ({near}) p WHERE {_same(fields)})"
        self._run(f"CREATE OR REPLACE TEMP TABLE orphans AS {orphans}")
        if not self._run("SELECT count(*) FROM orphans"):
            return
        shown = f"concat_ws(', ', {', '.join(f't.{quoted(c)}::VARCHAR' for c in parent.columns)}, 'in {parent.table}')"
        chosen = f"SELECT _id, {literal(', '.join(parent.columns))} AS col, {{}} AS rule, {shown} AS value FROM orphans t"
        if not parent.same_month:
            self._flag(name, chosen.format("'parent-missing'"), parent.severity)
            return
        anywhere = (
            f"EXISTS (SELECT 1 FROM ({self._kept(parent.table, ', '.join(map(quoted, parent.columns)))}) p WHERE {_same(parent.columns)})"
        )
        self._flag(name, chosen.format("'parent-missing'") + f" WHERE NOT {anywhere}", parent.severity)
        self._flag(name, chosen.format("'parent-other-month'") + f" WHERE {anywhere}", rules()["parent-other-month"].severity)

    def _flag(self, name: str, rows: str, severity: str) -> None:
        """`rows` give _id, col, rule, value: findings of rows of the table."""
        where = self._provider_and_month(name, "t.")
        self._run(f"CREATE OR REPLACE TEMP TABLE marked AS {rows}")
        self._run(
            f"INSERT INTO findings SELECT {literal(name)}, m._id, m.col, m.rule, {literal(severity)}, m.value, {where} "
            f"FROM marked m JOIN {self.rows(name)} t ON t._id = m._id"
        )
        if severity != WARN:
            self._run("INSERT INTO flagged SELECT DISTINCT _id FROM marked")

    def note_without_children(self, name: str) -> None:
        """Rows of the parent of `name` that none of its rows belongs to: a warning."""
        (parent,) = self.checks.of(name).parents[:1]
        fields = ", ".join(map(quoted, parent.columns))
        lonely = f"NOT EXISTS (SELECT 1 FROM ({self._kept(name, fields, carried=False)}) p WHERE {_same(parent.columns)})"
        out = "SELECT id FROM findings WHERE severity = 'quarantine' AND tbl = " + literal(parent.table)
        shown = f"t.{quoted(self.checks.person)}"
        rows = (
            f"SELECT _id, {literal(self.checks.person)} AS col, 'child-missing' AS rule, {shown} AS value FROM {self.rows(parent.table)} t"
        )
        self._flag(parent.table, f"{rows} WHERE t._id NOT IN ({out}) AND {lonely}", rules()["child-missing"].severity)

    def _has_children(self, name: str) -> bool:
        return any(table.children and table.parents[0].table == name for table in self.checks.tables.values())

    # ------------------------------------------------------------ what is kept

    def path(self, name: str) -> Path:
        """Where the rows kept of this load lie: beside parts of earlier loads, when there are any."""
        folder = self.room.target / self.checks.schema.folder_of(name)
        return folder / name / f"{self.room.edition}.parquet" if self.room.carried.get(name) else folder / f"{name}.parquet"

    def _kept(self, name: str, fields: str, carried: bool = True) -> str:
        paths = [*(self.room.carried.get(name, []) if carried else []), self.path(name)]
        there = [path for path in paths if path.exists()]
        if not there:
            columns = self.checks.schema.columns(name)
            empty = ", ".join(f"NULL AS {quoted(column)}" for column in columns)
            return f"SELECT {fields} FROM (SELECT {empty}) WHERE false"
        return f"SELECT {fields} FROM read_parquet([{', '.join(map(literal, there))}])"

    def _write(self, name: str) -> None:
        fields = ", ".join(map(quoted, self.checks.schema.columns(name)))
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = f"SELECT {fields} FROM {self._right_rows(name)}"
        with self.watch.running(self.database):
            self._run(f"COPY ({rows}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")

    def _count(self, name: str) -> None:
        """Facts of the rows kept: how many, and in how many of them each expected or coded column has a value."""
        if name not in self.checks.schema.records:
            return
        columns = self.checks.schema.columns(name)
        coded = [c for c in columns if c in self.checks.schema.coded and self.checks.months_of(self.checks.schema.coded[c])]
        told = list(dict.fromkeys([*self.checks.of(name).expected, *coded]))
        counts = "".join(f", count({quoted(column)}) AS {quoted(f'n {column}')}" for column in told)
        fields = f"{self._provider_and_month(name)}, count(*)"
        rows = f"SELECT {fields}{counts} FROM read_parquet({literal(self.path(name))}) GROUP BY ALL"
        named = ", ".join(["provider", "month", "kept", *(quoted(f"n {column}") for column in told)])
        self._run(f"CREATE OR REPLACE TEMP TABLE tally AS SELECT * FROM ({rows}) AS tallied({named})")
        facts = [("kept", "", "kept")]
        facts += [("filled", column, quoted(f"n {column}")) for column in self.checks.of(name).expected]
        facts += [("coded", column, quoted(f"n {column}")) for column in coded]
        for what, column, n in facts:
            self._run(f"INSERT INTO facts SELECT provider, month, {literal(name)}, {literal(what)}, {literal(column)}, {n} FROM tally")

    def _read_header(self) -> None:
        provider = quoted(self.checks.header_provider) if self.checks.header_provider else "NULL"
        first, last = quoted(self.checks.header_start), quoted(self.checks.header_end)
        fields = f"{provider}, {quoted(self.checks.month)}, min({first}), max({last}), count(*)"
        self._run(f"INSERT INTO header_months SELECT {fields} FROM read_parquet({literal(self.path(self.checks.header))}) GROUP BY ALL")

    def rows_in(self, name: str) -> int:
        return self._staged[name] + self._rejected[name]

    def kept(self, name: str) -> int:
        return self._run(f"SELECT count(*) FROM read_parquet({literal(self.path(name))})")

    def counts(self) -> list[TableCount]:
        """What became of the rows of each table. Problem `records-rows-lost` when they do not add up."""
        asked = "SELECT tbl, count(DISTINCT id) FILTER (severity = 'quarantine'), count(DISTINCT id) FROM findings GROUP BY tbl"
        faults = {table: (out, out_or_warned) for table, out, out_or_warned in self.database.execute(asked).fetchall()}
        found = []
        for name in self.incoming:
            out, listed = faults.get(name, (0, 0))
            found.append(TableCount(name, self.rows_in(name), self.kept(name), out, listed - out))
        return found


def _same(columns) -> str:
    return " AND ".join(f"p.{quoted(column)} = t.{quoted(column)}" for column in columns)
