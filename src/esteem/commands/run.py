"""`esteem run`: a whole month of measures counted from records, written as files."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from esteem.terms.problems import Problem


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Count a whole month of measures from records.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("month")(month)
    app.add_typer(group, name="run")


def month(
    of: str = typer.Argument(..., metavar="MONTH", help="Reporting month, such as 2025-03."),
    records: str = typer.Option("", "--records", help="A folder of tables, or a loaded edition; the edition in use by default."),
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write; by default one under ESTEEM_HOME/runs/mhsds.")] = None,
    engine: str = typer.Option("duckdb", "--engine", help="duckdb or spark."),
    corrected: bool = typer.Option(False, "--corrected/--as-published", help="Put known quirks of the national code right."),
    measures: str = typer.Option("*", "--measures", help="Only measures whose id fits a pattern: 'MHS95*,MHS109'."),
    national: bool = typer.Option(False, "--national-rounding", help="Print as the nation does, for comparing; nothing further is hidden."),
) -> None:
    """Count every measure and breakdown of a month; write unrounded figures (restricted) and released ones (Parquet and CSV)."""
    from esteem.evidence.monthly_run import Run, run_month
    from esteem.evidence.records.reporting import Reporting
    from esteem.terms.home import home
    from esteem.terms.periods import parse

    started = time.monotonic()
    reporting = Reporting.of(parse(of).end)
    extract, edition = _opened(records, engine, reporting)
    run = Run(reporting, edition, corrected, measures)
    target = out or home() / "runs" / "mhsds" / f"{run.label}{'-corrected' if corrected else ''}{'-national' if national else ''}"
    target.parent.mkdir(parents=True, exist_ok=True)
    done = run_month(run, extract, target, _Progress(), national)
    shares = f"{done.hidden:,} hidden, {done.hidden_second:,} of them to protect others"
    typer.echo(f"{done.figures:,} figures of {run.label} ({edition}): {shares}; {time.monotonic() - started:.0f} s.")
    if done.earlier:
        typer.echo(f"Decided together with {done.earlier} earlier releases beside it.")
    if done.given_away and not national:
        typer.echo(f"{len(done.given_away)} small counts can be worked out, whatever is hidden now:", err=True)
        for words in done.given_away[:10]:
            typer.echo(f"  {words}", err=True)
    typer.echo(f"CSV: {done.main_rows:,} rows in the layout of the national main file, {done.companion_rows:,} in its companion.")
    typer.echo(f"Written to {done.folder}. Its folder `restricted` is not to be passed on.")


def _opened(records: str, engine: str, month):
    """(extract, which records in words). A month that is not loaded is a Problem."""
    from esteem.evidence.engines.choosing import open_engine
    from esteem.evidence.records.extract import open_extract
    from esteem.evidence.records.record_store import RecordStore

    if engine not in ("duckdb", "spark"):
        raise Problem("engine-unknown", "A month is counted on duckdb or spark.", engine)
    if records and Path(records).is_dir():
        extract = open_extract(Path(records), engine=open_engine(engine))
        _check_month(extract, month, records)
        return extract, f"the folder {Path(records).resolve()}"
    store = RecordStore()
    kept = store.find("mhsds", records) if records else store.current("mhsds")
    kept.month(month)
    return kept.extract(open_engine(engine)), f"edition {kept.id}{' of invented people' if kept.invented else ''}"


def _check_month(extract, month, folder: str) -> None:
    table = extract.table("MHS000Header") if "MHS000Header" in extract.files else extract.table("MHS001MPI")
    found = extract.engine.run(table.filter(table.UniqMonthID == month.month_id).count().as_table()).column(0)[0].as_py()
    if not found:
        rule = "A month is counted when its records are there."
        raise Problem("records-month-missing", rule, f"no row of {month.end:%B %Y} in {folder}", "Ask for a month that the folder holds.")


class _Progress:
    """Says on standard error which measures are being counted."""

    def __call__(self, done: int, total: int, what: str) -> None:
        print(f"  {done:,} of {total:,} measures; {what}", file=sys.stderr, flush=True)
