"""Is what came in whole? A month that is half there, or there twice, gives wrong figures without a word: it stops the load."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from esteem.evidence.records.checks import QUARANTINE, Checks
from esteem.evidence.records.edition import TableCount
from esteem.evidence.records.incoming_tables import IncomingFolder
from esteem.evidence.records.reporting import Reporting, month_words
from esteem.terms.problems import Problem, Problems

_MANY, _SHARE = 1_000, 0.1  # rows of a table that are out before a person is asked, and their share of it
_TOLD = 20  # problems of one kind told one by one
ACCEPT_HALF = "--accept-missing"
ACCEPT_MANY = "--accept-quarantine"


def check_tables(found: IncomingFolder, checks: Checks, before: dict[str, list[Path]]) -> list[Problem]:
    """Tables that are not there: those no month can do without, parents of tables that are there, and those the edition before had."""
    wanted = dict.fromkeys(checks.needed, "every month has rows in it")
    for name in found.tables:
        parents = [p.table for p in checks.of(name).parents if p.severity == QUARANTINE]
        wanted |= {parent: f"rows of {name} belong to rows of it" for parent in parents if parent not in wanted}
    wanted |= {name: "the edition before has it" for name in before if name in checks.schema.records and name not in wanted}
    missing = [(name, why) for name, why in wanted.items() if name not in found.tables]
    remedy = f"Add {{}}.parquet or .csv (with the header alone when there are no rows), or load with {ACCEPT_HALF}."
    return [
        Problem("records-table-missing", f"The table {name} is there: {why}.", "no such file", remedy.format(name), str(found.folder))
        for name, why in missing
    ]


def check_header(rows: Iterable[tuple], checks: Checks, path: Path, file_rows: int) -> tuple[int, ...]:
    """The months that the header lists. `rows`: provider, month, first day, last day, number of header rows.

    Problems `records-header-empty`, `records-month-twice` (two submissions of a provider for one month), `records-header-dates`,
    `records-month-early`.
    """
    rows, file, wrong = list(rows), str(path), []
    if not rows:
        found = f"{file_rows:,} rows, none of which can be used" if file_rows else "no row"
        raise Problem(
            "records-header-empty", f"{checks.header} lists what was submitted.", found, "Add a row per provider and month.", file
        )
    for provider, month, first, last, times in sorted(rows, key=lambda row: (row[1], str(row[0]))):
        what = f"{provider or 'one provider'}, {month_words(month)}"
        if times > 1 and checks.header_provider:
            remedy = "Keep one submission for each provider and month: the last one, as a rule."
            wrong.append(Problem("records-month-twice", "A provider's month is submitted once.", f"{what}: {times} headers", remedy, file))
        elif month < checks.first_month:
            rule = f"Months from {month_words(checks.first_month)} can be read."
            wrong.append(Problem("records-month-early", rule, what, "Take the earlier months out of the folder.", file))
        elif checks.month and (first, last) != (Reporting(month).start, Reporting(month).end):
            found = f"{what} ({month}): {first} to {last}"
            remedy = f"Correct {checks.month} or the dates: month 1500 is March 2025."
            wrong.append(Problem("records-header-dates", "The header's month and its dates agree.", found, remedy, file))
    if wrong:
        raise Problems(wrong[:_TOLD])
    return tuple(sorted({month for _, month, *_ in rows}))


def check_months(header: set[tuple], kept: dict[tuple, int], checks: Checks, seen_before: set[str], file: Path) -> list[Problem]:
    """Months of the header that are half there. `kept`: (table, provider, month) -> rows kept; `seen_before`: tables of earlier loads."""
    wrong, by_month = [], {(table, month) for table, _, month in kept}
    for table in checks.every_month:
        for provider, month in sorted(header, key=lambda one: (one[1], str(one[0]))):
            there = kept.get((table, provider, month)) if checks.header_provider else (table, month) in by_month
            if not there:
                who = f" of {provider}" if checks.header_provider else ""
                wrong.append(_half(f"{table} has rows{who} for {month_words(month)}, which the header lists.", file))
    by_table: dict[str, set[int]] = {}
    for table, _, month in kept:
        by_table.setdefault(table, set()).add(month)
    months = {month for _, month in header}
    for table in checks.busy:
        there = by_table.get(table, set())
        if there or table in seen_before:
            absent = sorted(months - there)
            wrong += [_half(f"{table} has rows for {month_words(month)}, as for other months.", file) for month in absent]
    return wrong[:_TOLD]


def _half(rule: str, file: Path) -> Problem:
    remedy = f"Load the whole month, take it out of the header, or load with {ACCEPT_HALF} if there is truly nothing."
    return Problem("records-month-half", rule, "no row that can be kept", remedy, str(file))


def check_quarantine(counts: Iterable[TableCount], file: Path) -> list[Problem]:
    """Tables of which so much is out that something is wrong with the file rather than with its rows."""
    return [
        Problem(
            "records-many-quarantined",
            f"At most a tenth of the rows of a table is quarantined ({count.table}).",
            f"{count.quarantined:,} of {count.rows_in:,} rows",
            f"List them with --dry-run --rejected FILE.csv and mend the cause, or load with {ACCEPT_MANY}.",
            str(file),
        )
        for count in counts
        if count.quarantined > _MANY and count.quarantined > _SHARE * count.rows_in
    ]
