"""`esteem records`: editions of loaded records, how good they are, what was left out and why; and `esteem load mhsds DIR` behind it."""

from __future__ import annotations

import csv
import getpass
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from esteem.evidence.records.quarantine import COLUMNS, quarantine_rows, rule_counts
from esteem.evidence.records.record_loading import LoadedFolderReport, Wanted, load_records
from esteem.evidence.records.record_store import DATA_SETS, LoadedRecords, RecordStore, months_in_words
from esteem.evidence.records.scorecard import ScoreRow, scorecard_of
from esteem.evidence.records.watching import Watch
from esteem.terms.listings import as_text, check_format, listed
from esteem.terms.problems import Problem

_FORMAT = typer.Option("text", "--format", help="text, csv or json.")
_DATA_SET = typer.Option("mhsds", "--data-set", help="mhsds or talking-therapies.")
_EDITION = typer.Option("", "--edition", help="Id of an edition, the beginning of it, or its label. Default: the one in use.")
_SHOWN = 20  # rows of the quarantine in words; the other formats have all


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(invoke_without_command=True, help="Loaded records: editions, scorecard, quarantine.")
    group.callback()(list_all)
    group.command("show")(show)
    group.command("scorecard")(scorecard)
    group.command("quarantine")(quarantine)
    group.command("rollback")(rollback)
    group.command("count")(count)
    app.add_typer(group, name="records")


def list_all(context: typer.Context, form: str = _FORMAT) -> None:
    """Every edition of loaded records, oldest first, with the one that is counted from marked."""
    if context.invoked_subcommand:
        return
    check_format(form)
    store, rows = RecordStore(), []
    for data_set in DATA_SETS:
        used = store.current_or_none(data_set)
        rows += [_row(kept, used is not None and used.id == kept.id) for kept in store.editions(data_set)]
    shown = [
        {
            "": "*" if row["in_use"] else "",
            "Data set": row["data_set"],
            "Edition": row["edition"],
            "Label": row["label"] + (" (invented)" if row["invented"] else ""),
            "Months": row["months"],
            "Rows kept": f"{row['kept']:,}",
            "Quarantined": f"{row['quarantined']:,}",
            "Loaded by": row["loaded_by"],
        }
        for row in rows
    ]
    nothing = "No records are loaded. Load a folder of them: `esteem load mhsds DIR`."
    text = as_text(shown, ("Rows kept", "Quarantined")) + "\n\n* counted from" if shown else nothing
    typer.echo(listed(rows, form, text, _COLUMNS))


_COLUMNS = [
    "data_set",
    "edition",
    "label",
    "in_use",
    "invented",
    "months",
    "rows_in",
    "kept",
    "quarantined",
    "warned",
    "loaded_at",
    "loaded_by",
    "source",
    "parent",
]


def _row(kept: LoadedRecords, in_use: bool) -> dict:
    manifest = kept.manifest
    plain = {name: getattr(manifest, name) for name in _COLUMNS if name not in ("in_use", "months")}
    whole = plain | {"in_use": in_use, "months": months_in_words(manifest.months)}
    return {name: whole[name] for name in _COLUMNS}


def _chosen(data_set: str, edition: str) -> LoadedRecords:
    store = RecordStore()
    return store.find(data_set, edition) if edition else store.current(data_set)


def show(data_set: str = _DATA_SET, edition: str = _EDITION, form: str = _FORMAT) -> None:
    """What one edition was put together from, and what became of the rows of each table."""
    check_format(form)
    kept = _chosen(data_set, edition)
    if form == "json":
        typer.echo(json.dumps(asdict(kept.manifest), ensure_ascii=False, indent=1))
        return
    rows = [{"load": load.label, "at": load.at, **asdict(count)} for load in kept.manifest.loads for count in load.tables]
    typer.echo(listed(rows, form, _edition_in_words(kept)))


def _edition_in_words(kept: LoadedRecords) -> str:
    manifest, parts = kept.manifest, []
    people = "invented people" if kept.invented else "real people"
    parts.append(f"{kept.label} ({kept.id}): {people}, {months_in_words(kept.months)}, schema {manifest.schema}")
    for load in manifest.loads:
        parts.append(f"Loaded {load.at} by {load.by} from {load.source}: {months_in_words(load.months)}")
        parts += [f"Accepted: {words}" for words in load.accepted]
        parts.append(_table_counts(load.tables))
    if manifest.ignored:
        parts.append("Columns that were not read: " + "; ".join(f"{t}: {', '.join(c)}" for t, c in manifest.ignored.items()))
    return "\n\n".join(parts)


def _table_counts(tables) -> str:
    shown = [
        {
            "Table": t.table,
            "Rows in": f"{t.rows_in:,}",
            "Kept": f"{t.kept:,}",
            "Quarantined": f"{t.quarantined:,}",
            "With a warning": f"{t.warned:,}",
        }
        for t in tables
        if t.rows_in
    ]
    return as_text(shown, ("Rows in", "Kept", "Quarantined", "With a warning"))


def scorecard(
    data_set: str = _DATA_SET,
    edition: str = _EDITION,
    provider: str = typer.Option("", "--provider", help="Code of one provider."),
    columns: bool = typer.Option(False, "--columns", help="The completeness of each column too."),
    form: str = _FORMAT,
) -> None:
    """Coverage, completeness, validity, consistency and timeliness of each provider's tables."""
    check_format(form)
    kept = _chosen(data_set, edition)
    found = [row for row in scorecard_of(kept, provider) if columns or form != "text" or not row.column]
    if provider and not found:
        codes = ", ".join(dict.fromkeys(row.provider for row in scorecard_of(kept)))
        raise Problem("provider-unknown", "A provider of the edition is named.", repr(provider), f"Providers: {codes}.")
    rows = [asdict(row) | {"share": None if row.share is None else round(row.share, 4)} for row in found]
    typer.echo(listed(rows, form, as_text([_in_words(row) for row in found], ("Of", "Good", "Share"))))


def _in_words(row: ScoreRow) -> dict:
    share = "" if row.share is None else f"{_rounded_down(row.share):.1f}%"
    where = {"Provider": row.provider, "Table": row.table, "Aspect": row.aspect + (f" of {row.column}" if row.column else "")}
    return where | {"Good": f"{row.numerator:,}", "Of": f"{row.denominator:,}", "Share": share, "Note": row.words}


def _rounded_down(share: float) -> float:
    """In percent, so that 100.0 is never said of what has a fault."""
    return int(share * 1000) / 10


def quarantine(
    data_set: str = _DATA_SET,
    edition: str = _EDITION,
    table: str = typer.Option("", "--table", help="Only rows of one table."),
    rule: str = typer.Option("", "--rule", help="Only rows that one rule found, such as date-order."),
    outcome: str = typer.Option("", "--outcome", help="quarantined, or 'kept with a warning'."),
    form: str = _FORMAT,
) -> None:
    """Every row that was left out or kept with a warning: file, row, column, rule, value, what to do."""
    check_format(form)
    kept = _chosen(data_set, edition)
    rows = quarantine_rows(kept.quarantine, table, rule, outcome)
    if form == "csv":
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    elif form == "json":
        typer.echo(json.dumps(list(rows), ensure_ascii=False, indent=1))
    else:
        typer.echo(_found_in_words(rule_counts(kept.quarantine)))
        first = [row for row, _ in zip(rows, range(_SHOWN), strict=False)]
        told = [
            {"Place": f"{Path(r['file']).name}, row {r['row']}", "Column": r["column"], "Rule": r["rule"], "Value": r["value"]}
            for r in first
        ]
        typer.echo(f"\nThe first {len(told)}; all with --format csv:\n\n{as_text(told)}" if told else "")


def _found_in_words(found) -> str:
    if not found:
        return "No row was left out, and none carries a warning."
    shown = [{"Table": f["table"], "Rule": f["rule"], "Outcome": f["outcome"], "Rows": f"{f['rows']:,}", "Why": f["reason"]} for f in found]
    return as_text(shown, ("Rows",))


def rollback(
    edition: str = typer.Argument("", metavar="[EDITION]", help="The edition to count from. Default: the one before."),
    data_set: str = _DATA_SET,
) -> None:
    """Count from an earlier edition again. Nothing is deleted: rolling back to the later one brings it back."""
    store = RecordStore()
    with store.writing():
        now = store.current(data_set)
        if not edition and not now.manifest.parent:
            remedy = "Run `esteem records` and name one."
            raise Problem("records-first", "There is an edition before this one.", "it was put together from no other", remedy)
        target = store.find(data_set, edition or now.manifest.parent)
        store.point_to(target)
    typer.echo(f"Measures are counted from {target.label} ({target.id}); before, from {now.label} ({now.id}).")


# ------------------------------------------------------------ esteem load mhsds DIR


def load_folder(data_set: str, folders: list[Path], wanted: Wanted, rejected: Path | None, form: str) -> None:
    """Load one folder of records and say what became of its rows. `rejected`: write the list of findings there too, even if refused."""
    if len(folders) != 1:
        remedy = f"Name the folder that holds the tables: esteem load {data_set} DIR."
        raise Problem("records-folder", "Records are loaded from one folder.", f"{len(folders)} named", remedy)
    with _shown_progress() as progress:
        on_quarantine = (lambda path: _write_found(path, rejected)) if rejected else None
        wanted = Wanted(**vars(wanted) | {"on_quarantine": on_quarantine})
        report = load_records(data_set, folders[0], at=datetime.now(UTC), by=_who(), wanted=wanted, watch=progress)
    typer.echo(listed([_report_row(report)], form, _report_in_words(report)))


class _Shown(Watch):
    """Says on standard error which table is read and how far: as bars in a terminal, as a line for each table elsewhere."""

    def __init__(self, bars: Progress):
        self._bars, self._task, self._rows = bars, None, None

    def table(self, name: str, number: int, total: int, rows: int | None) -> None:
        self._next(f"{name} ({number} of {total})", rows)

    def stage(self, words: str) -> None:
        self._next(words, None)

    def _next(self, words: str, rows: int | None) -> None:
        if not self._bars.console.is_terminal:
            print(f"{words}{f': {rows:,} rows' if rows else ''}", file=sys.stderr, flush=True)
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._rows, self._task = rows, self._bars.add_task(words, total=2 * (rows or 50))  # read once, written once

    @contextmanager
    def running(self, database) -> Iterator[None]:
        ended, done = threading.Event(), self._bars.tasks[-1].completed if self._bars.tasks else 0

        def follow() -> None:
            while not ended.wait(0.3):
                share = max(0.0, database.query_progress()) / 100
                self._bars.update(self._task, completed=int(done + share * (self._rows or 50)))

        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        try:
            yield
        finally:
            ended.set()
            follower.join()
            self._bars.update(self._task, completed=done + (self._rows or 50))


@contextmanager
def _shown_progress() -> Iterator[_Shown]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        yield _Shown(bars)


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "not known"


def _write_found(found: Path, target: Path) -> None:
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(quarantine_rows(found))


def _report_row(report: LoadedFolderReport) -> dict:
    manifest = report.manifest
    row = {
        name: getattr(manifest, name) for name in ("data_set", "edition", "label", "invented", "rows_in", "kept", "quarantined", "warned")
    }
    return {"changed": report.changed} | row | {"months": list(manifest.months), "found": [dict(f) for f in report.found]}


def _report_in_words(report: LoadedFolderReport) -> str:
    manifest = report.manifest
    if not report.changed and not report.found and report.loaded:
        return f"Nothing changed: this folder is loaded already as {manifest.label} ({manifest.edition})."
    parts = [_table_counts(manifest.tables), _found_in_words(report.found)]
    if report.not_read:
        parts.append(f"Not read, as they are no tables of the data set: {', '.join(report.not_read)}.")
    sums = f"{manifest.rows_in:,} rows in = {manifest.kept:,} kept + {manifest.quarantined:,} quarantined"
    parts.append(f"{sums}; {manifest.warned:,} kept with a warning.")
    if report.changed:
        parts.append(f"Edition {manifest.edition} ({manifest.label}) is counted from: {months_in_words(manifest.months)}.")
    else:
        parts.append("Dry run: nothing was loaded.")
    return "\n\n".join(parts)


def count() -> None:
    """Count what the pages show first from the loaded records, so that nobody waits for it: what stands beside a published measure."""
    from esteem.evidence.computed_figures import count_ahead
    from esteem.evidence.computed_witness import countings_ahead

    done = count_ahead(countings_ahead(), lambda words: print(words, file=sys.stderr, flush=True))
    typer.echo(f"Counted {done} measures, both modes told apart; they are kept until other records are loaded or a definition changes.")
