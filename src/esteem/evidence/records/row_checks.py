"""The checks of one table as SQL for DuckDB: each row gets a number whose bits say which checks it fails. Two bits never share a check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from esteem.evidence.column_types import DUCKDB_TYPES
from esteem.evidence.records.checks import QUARANTINE, WARN, Checks, rules
from esteem.evidence.records.incoming_tables import Incoming
from esteem.terms.problems import Problem

_ARROW = {"date32[day]": "date", "int32": "int32", "int64": "int64", "bool": "boolean", "double": "float64", "string": "string"}
_ARROW |= {f"timestamp[{unit}]": "timestamp" for unit in ("us", "ns", "ms")} | {"large_string": "string", "string_view": "string"}
_BITS = 62  # of a BIGINT, sign left alone
OLDEST = 130


@dataclass(frozen=True)
class RowCheck:
    """`fails`: SQL that is true for a row in which the rule is broken; `value`: SQL of what is shown of it."""

    rule: str
    column: str
    fails: str
    value: str
    severity: str


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def listed(values) -> str:
    return "(" + ", ".join(literal(value) for value in values) + ")"


def source_sql(incoming: Incoming) -> str:
    """The rows of the file: of Parquet with `_id`, which counts them from 1 over all parts; of CSV as text, in their order.

    Lines of a CSV file that are no row go to `reject_errors`.
    """
    paths = "[" + ", ".join(literal(part) for part in incoming.parts) + "]"
    if not incoming.is_csv:
        return f"SELECT {_numbered(incoming)} AS _id, * FROM read_parquet({paths}, file_row_number = true, filename = '_part')"
    columns = "{" + ", ".join(f"{literal(column)}: 'VARCHAR'" for column in incoming.columns) + "}"
    form = "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = ''"
    how = f"{form}, store_rejects = true, rejects_limit = 0"
    return f"SELECT * FROM read_csv({paths}, columns = {columns}, {how})"


def _numbered(incoming: Incoming) -> str:
    """The number of a row over all parts: what stands in its file, and the rows of the parts before."""
    ahead = incoming.rows_ahead()
    if len(ahead) == 1:
        return "file_row_number + 1"
    cases = " ".join(f"WHEN {literal(part)} THEN {rows}" for part, rows in ahead.items())
    return f"file_row_number + 1 + CASE _part {cases} END"


def unfit_columns(incoming: Incoming, columns: Mapping[str, str]) -> list[str]:
    """Columns whose values must be turned into another type, in the order of their bits."""
    kinds = dict(zip(incoming.columns, incoming.kinds, strict=True)) if incoming.kinds else {}
    return [c for c, kind in columns.items() if kind != "string" and c in incoming.columns and _ARROW.get(kinds.get(c, "")) != kind]


def typed_sql(incoming: Incoming, columns: Mapping[str, str]) -> str:
    """The rows with the types of the schema; `_types` has a bit for each value that could not be turned, `_raw` those columns as text."""
    unfit = unfit_columns(incoming, columns)
    fields = []
    for column, kind in columns.items():
        if column not in incoming.columns:
            fields.append(f"NULL::{DUCKDB_TYPES[kind]} AS {quoted(column)}")
        else:
            fields.append(f"TRY_CAST({quoted(column)} AS {DUCKDB_TYPES[kind]}) AS {quoted(column)}")
    bits = [
        f"CASE WHEN {quoted(c)} IS NOT NULL AND TRY_CAST({quoted(c)} AS {DUCKDB_TYPES[columns[c]]}) IS NULL THEN {1 << n} ELSE 0 END"
        for n, c in enumerate(unfit)
    ]
    mask = f"({' + '.join(bits)})::BIGINT" if bits else "0::BIGINT"
    texts = ", ".join(f"{quoted(c)}::VARCHAR" for c in unfit)
    raw = f"CASE WHEN {mask} <> 0 THEN [{texts}] END" if bits else "NULL::VARCHAR[]"
    number = "" if incoming.is_csv else "_id, "
    return f"SELECT {number}{', '.join(fields)}, {mask} AS _types, {raw} AS _raw FROM ({source_sql(incoming)})"


def row_checks(table: str, checks: Checks) -> list[RowCheck]:
    """Every check of a row by itself. `h` is the header's row of its provider and month, where the table has months."""
    columns = checks.schema.columns(table)
    found = list(_of_values(table, checks)) + list(_of_codes(table, checks))
    if checks.month in columns and table in checks.schema.records and table != checks.header:
        found += _of_months(table, checks)
    if len(found) > _BITS:
        raise Problem("checks-many", f"A table has at most {_BITS} checks of a row.", f"{table}: {len(found)}")
    return found


def _of_values(table: str, checks: Checks) -> Iterator[RowCheck]:
    listed_checks, columns = checks.of(table), checks.schema.columns(table)
    for column in listed_checks.required:
        empty = f"t.{quoted(column)} IS NULL" + (f" OR t.{quoted(column)} = ''" if columns[column] == "string" else "")
        yield RowCheck("value-missing", column, empty, "''", QUARANTINE)
    for column in listed_checks.ages:
        yield _check("age-impossible", column, f"t.{quoted(column)} NOT BETWEEN 0 AND {OLDEST}")
    for column in listed_checks.counts:
        yield _check("count-negative", column, f"t.{quoted(column)} < 0")
    for pair in listed_checks.order:
        first, last = f"t.{quoted(pair.earlier)}", f"t.{quoted(pair.later)}"
        shown = f"concat_ws(' after ', {first}::VARCHAR, {last}::VARCHAR)"
        yield RowCheck("date-order", f"{pair.earlier}, {pair.later}", f"{first} > {last}", shown, pair.severity)


def _of_codes(table: str, checks: Checks) -> Iterator[RowCheck]:
    if table not in checks.schema.records:
        return
    month = f"t.{quoted(checks.month)}" if checks.month in checks.schema.columns(table) else None
    for column in checks.schema.columns(table):
        months = checks.months_of(checks.schema.coded[column]) if column in checks.schema.coded else {}
        if not months:
            continue
        value = f"nullif(t.{quoted(column)}::VARCHAR, '')"
        yield _check("code-unknown", column, f"{value} NOT IN {listed(months)}")
        spans: dict[tuple, list[str]] = {}
        for code, span in months.items():
            spans.setdefault(span, []).append(code)
        late = [_outside(value, codes, span, month) for span, codes in spans.items() if span != (None, None) and month]
        if late:
            yield _check("code-not-valid-then", column, " OR ".join(late))


def _outside(value: str, codes: list[str], span: tuple[int | None, int | None], month: str) -> str:
    first, last = span
    bounds = ([f"{month} < {first}"] if first else []) + ([f"{month} > {last}"] if last else [])
    return f"({value} IN {listed(codes)} AND ({' OR '.join(bounds)}))"


def _of_months(table: str, checks: Checks) -> Iterator[RowCheck]:
    month = f"t.{quoted(checks.month)}"
    yield RowCheck("month-wrong", checks.month, f"{month} IS NOT NULL AND h.first_day IS NULL", f"{month}::VARCHAR", QUARANTINE)
    listed_checks = checks.of(table)
    for column in (*listed_checks.by_end, *listed_checks.in_month):
        yield _check("date-future", column, f"t.{quoted(column)} > h.last_day")
    for column in listed_checks.in_month:
        yield _check("date-outside-month", column, f"t.{quoted(column)} < h.first_day")


def _check(rule: str, column: str, fails: str) -> RowCheck:
    return RowCheck(rule, column, fails, f"t.{quoted(column)}::VARCHAR", rules()[rule].severity)


def faulty_sql(table: str, rows: str, checks: Checks, found: list[RowCheck]) -> str:
    """Those of `rows` that fail a check, with `_rules`, the bits of the checks they fail."""
    columns = checks.schema.columns(table)
    bits = [f"CASE WHEN {check.fails} THEN {1 << n} ELSE 0 END" for n, check in enumerate(found)]
    mask = f"({' + '.join(bits)})::BIGINT" if bits else "0::BIGINT"
    joined = ""
    if checks.month in columns and table in checks.schema.records and table != checks.header:
        on = [f"h.month = t.{quoted(checks.month)}"]
        if checks.header_provider and checks.provider in columns:
            on.append(f"h.provider = t.{quoted(checks.provider)}")
        joined = f"LEFT JOIN header_months h ON {' AND '.join(on)}"
    return f"SELECT * FROM (SELECT t.*, {mask} AS _rules FROM {rows} t {joined}) WHERE _types <> 0 OR _rules <> 0"


def quarantine_bits(found: list[RowCheck]) -> int:
    """The bits of the checks that leave a row out."""
    return sum(1 << n for n, check in enumerate(found) if check.severity != WARN)
