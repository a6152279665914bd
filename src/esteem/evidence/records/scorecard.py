"""How good the records of each provider are, table by table: coverage, completeness, validity, consistency, timeliness.

coverage       months with rows, of the months of the edition
completeness   cells with a value, of the cells of the columns that ought to have one (rows kept); one row for each such column too
validity       rows without a value of the wrong type, an unknown code or a broken line, of the rows that came in
consistency    rows that agree with their dates, month, key and parent, of the rows that came in
timeliness     months of the edition up to the provider's newest in the header; all of them = up to date. (Talking therapies: in the
               referrals, as their header names no provider.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from esteem.evidence.records.checks import checks_of, rules
from esteem.evidence.records.intake import Intake
from esteem.evidence.records.record_store import LoadedRecords, months_in_words
from esteem.evidence.records.reporting import month_words
from esteem.evidence.records.row_checks import literal

ASPECTS = ("coverage", "completeness", "validity", "consistency", "timeliness")
NO_PROVIDER, EVERY_PROVIDER = "not known", "all"


@dataclass(frozen=True)
class ScoreRow:
    """One aspect of one provider's table: `numerator` of `denominator`. `column` is empty but for the completeness of one column."""

    provider: str
    table: str
    aspect: str
    numerator: int
    denominator: int
    column: str = ""
    words: str = ""

    @property
    def share(self) -> float | None:
        """0 to 1; None where there is nothing to take a share of."""
        return self.numerator / self.denominator if self.denominator else None


def write_scorecard(intake: Intake, path: Path, earlier: Path | None, gone: tuple[int, ...]) -> None:
    """The counts behind the scorecard: provider, month, table, what, column, number.

    Those of `earlier` loads come with them, without the months `gone`.
    """
    database = intake.database
    database.execute("CREATE OR REPLACE TABLE aspects (rule VARCHAR, aspect VARCHAR)")
    database.executemany("INSERT INTO aspects VALUES (?, ?)", [(rule.code, rule.aspect) for rule in rules().values()])
    parts = [
        "SELECT * FROM facts",
        f"SELECT provider, month, {literal(intake.checks.header)}, 'submitted', '', count(*) FROM header_months GROUP BY ALL",
        "SELECT provider, month, tbl, 'out', '', count(DISTINCT id) FROM findings WHERE severity = 'quarantine' GROUP BY ALL",
        "SELECT provider, month, tbl, 'bad ' || aspect, '', count(DISTINCT id) FROM findings JOIN aspects USING (rule) GROUP BY ALL",
    ]
    if earlier is not None and earlier.exists():
        left = f" WHERE month IS NULL OR month NOT IN ({', '.join(map(str, gone))})" if gone else ""
        parts.insert(0, f"SELECT * FROM read_parquet({literal(earlier)}){left}")
    database.execute(f"COPY ({' UNION ALL '.join(parts)}) TO {literal(path)} (FORMAT parquet)")


def scorecard_of(loaded: LoadedRecords, provider: str = "") -> list[ScoreRow]:
    """The scorecard of an edition (of one provider, where named), by provider, table as in the data set, and aspect."""
    checks = checks_of(loaded.data_set)
    asked = f"SELECT provider, month, tbl, what, col, n::BIGINT FROM read_parquet({literal(loaded.scorecard)})"
    named = {name for name in checks.schema.records if checks.provider in checks.schema.columns(name)} | {checks.header}
    facts = [(code or (NO_PROVIDER if rest[1] in named else EVERY_PROVIDER), *rest) for code, *rest in duckdb.sql(asked).fetchall()]
    facts = [fact for fact in facts if not provider or fact[0] == provider]
    order = {name: number for number, name in enumerate(checks.in_order())}
    groups: dict[tuple[str, str], list[tuple]] = {}
    for code, month, table, what, column, n in facts:
        if table in checks.schema.records:
            groups.setdefault((code, table), []).append((month, what, column, n))
    found: list[ScoreRow] = []
    for (code, table), counts in sorted(groups.items(), key=lambda group: (group[0][0], order[group[0][1]])):
        if table == (checks.header if checks.header_provider else checks.every_month[0]):
            found.append(_timely(code, table, counts, loaded.months))
        if table != checks.header:
            months = loaded.months if checks.month in checks.schema.columns(table) else ()
            found += _of_table(code, table, counts, months)
    return found


def _of_table(provider: str, table: str, counts: list[tuple], months: tuple[int, ...]) -> Iterable[ScoreRow]:
    def total(what: str, column: str | None = None) -> int:
        return sum(n for _, kind, name, n in counts if kind == what and column in (None, name))

    kept, rows_in = total("kept"), total("kept") + total("out")
    if months:  # a table whose rows carry no month has no coverage to tell
        there = {month for month, what, _, n in counts if what == "kept" and n}
        absent = tuple(month for month in months if month not in there)
        words = f"no rows in {months_in_words(absent)}" if absent else "every month"
        yield ScoreRow(provider, table, "coverage", len(there & set(months)), len(months), words=words)
    columns = list(dict.fromkeys(name for _, what, name, _ in counts if what == "filled"))
    filled = {column: total("filled", column) for column in columns}
    if columns:
        worst = min(columns, key=filled.__getitem__)
        words = f"least in {worst}" if filled[worst] < kept else "every value is there"
        yield ScoreRow(provider, table, "completeness", sum(filled.values()), kept * len(columns), words=words)
    yield from (ScoreRow(provider, table, "completeness", filled[column], kept, column) for column in columns)
    for aspect in ("validity", "consistency"):
        bad = total(f"bad {aspect}")
        yield ScoreRow(provider, table, aspect, rows_in - bad, rows_in, words=_faults(bad))


def _faults(rows: int) -> str:
    return "no fault found" if not rows else "1 row with a fault" if rows == 1 else f"{rows:,} rows with a fault"


def _timely(provider: str, table: str, counts: list[tuple], months: tuple[int, ...]) -> ScoreRow:
    submitted = [month for month, what, *_ in counts if what in ("submitted", "kept") and month in months]
    newest = max(submitted, default=None)
    reached = sum(month <= newest for month in months) if newest is not None else 0
    behind = len(months) - reached
    when = f"newest is {month_words(newest)}" if newest is not None else "nothing submitted"
    return ScoreRow(provider, table, "timeliness", reached, len(months), words=f"{when}, {behind} months behind" if behind else when)
