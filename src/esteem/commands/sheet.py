"""`esteem sheet`: every promise of a strategy, whether it is kept, and why."""

from __future__ import annotations

import shutil
import sys
from datetime import date

import typer

from esteem.evidence.snapshots import open_snapshot
from esteem.strategy import rows, terminal
from esteem.strategy.changes import changes
from esteem.strategy.file import open_strategy
from esteem.strategy.sheet import Sheet, sheet
from esteem.terms.listings import check_format, listed
from esteem.terms.periods import parse_day
from esteem.terms.problems import Problem

_NARROWEST, _WIDEST = 60, 100


def add_to(app: typer.Typer) -> None:
    app.command("sheet")(show)


def show(
    strategy: str = typer.Argument(..., help="Name of a strategy (`esteem strategy list`) or path of its file."),
    row: str = typer.Option(None, "--row", help="One promise in full, for example E14."),
    as_at: str = typer.Option(None, "--as-at", help="What the sheet would have said on this day (2019-03-31)."),
    since: str = typer.Option(None, "--since", help="What changed since this day."),
    full: bool = typer.Option(False, "--full", help="With the reason for every status."),
    colour: bool = typer.Option(None, "--colour/--no-colour", help="Default: colour in a terminal, none in a file or pipe."),
    form: str = typer.Option("text", "--format", help="text, csv or json."),
) -> None:
    """Show a strategy's sheet: what is kept, what is not, what needs attention, and what is missing."""
    check_format(form)
    chosen = open_strategy(strategy)
    with open_snapshot() as snapshot:
        today = date.today()
        now = sheet(chosen, snapshot, parse_day(as_at) if as_at else None, today)
        then = sheet(chosen, snapshot, parse_day(since), today) if since else None
    if then is not None:
        found = changes(now, then)
        typer.echo(listed([vars(c) for c in found], form, _changes_text(found, since), ("row", "before", "after", "sentence")))
        return
    painted = sys.stdout.isatty() if colour is None else colour
    typer.echo(listed(_rows(now, row), form, _text(now, row, painted, full)), color=painted or None)


def _rows(now: Sheet, row: str | None) -> list[dict]:
    return [r for r in rows.as_rows(now) if row is None or r["row"] == _promise(now, row).promise.row]


def _promise(now: Sheet, row: str):
    if (found := now.promise(row.upper())) is None:
        known = f"{now.promises[0].promise.row} to {now.promises[-1].promise.row}"
        raise Problem("promise-unknown", "A promise is named by its row.", row, f"Use one of {known}.")
    return found


def _text(now: Sheet, row: str | None, colour: bool, full: bool) -> str:
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns))
    if row is not None:
        return terminal.promise_text(_promise(now, row), width, colour)
    return terminal.as_text(now, width, colour, full)


def _changes_text(found, since: str) -> str:
    if not found:
        return f"Nothing changed since {since}."
    return "\n".join([f"Changed since {since}:", *(f"{c.row}  {c.text}\n     {c.sentence}" for c in found)])
