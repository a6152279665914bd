"""`esteem demo`: records of invented people, and whether what is counted from them lies near the published figures."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from esteem.evidence.records.record_store import months_in_words
from esteem.terms.listings import as_text, check_format, listed
from esteem.terms.problems import Problem


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Records of invented people, made after the published figures of a place.")
    group.command("records")(records)
    group.command("check")(check)
    group.command("start")(start)
    app.add_typer(group, name="demo")


def records(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="An empty or new folder for the tables.")],
    place: Annotated[list[str], typer.Option("--place", help="southend, essex, thurrock or bexley, again for several; or all.")],
    people: int = typer.Option(20_000, "--people", help="People in the records, 1,000 to 5,000,000."),
    months: int = typer.Option(14, "--months", help="Reporting months."),
    seed: int = typer.Option(1, "--seed", help="The same seed gives the same records."),
    until: str = typer.Option("2025-05", "--until", metavar="YYYY-MM", help="The last reporting month."),
    faults: bool = typer.Option(True, help="Plant faults for the load to find; planted.csv lists them."),
    threads: int = typer.Option(2, "--threads", min=1, max=64, help="The records do not depend on it."),
) -> None:
    """Make records of mental health services and talking therapies for people who do not exist."""
    from esteem.evidence.invented.making import make_records

    _insist_on_empty(out)
    with _Progress() as progress:
        made = make_records(out, place, people, months, seed, until=_month(until), threads=threads, faults=faults, heard=progress.heard)
    rows = [{"Table": name, "Rows": f"{count:,}"} for name, count in sorted(made.rows.items())]
    typer.echo(as_text(rows, ("Rows",)))
    where, share = " and ".join(name.title() for name in made.places), made.scale
    typer.echo(
        f"\nInvented people: {made.people:,} in {where}, {share:.3g} times as many as the real services see in {months} months.\n"
        f"Nobody in {out} exists. {len(made.planted):,} planted faults are listed in {out / 'planted.csv'}.\n"
        f"Load them: esteem load mhsds {out} and esteem load talking-therapies {out}"
    )


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `esteem demo records` made.")],
    form: str = typer.Option("text", "--format", help="text, csv or json."),
) -> None:
    """Compare what is counted from made records with the published figures they were made after. Exit code 1 when one is not near."""
    from esteem.evidence.invented.checking import check_folder

    check_format(form)
    compared = check_folder(folder)
    rows = [one.as_row() for one in compared]
    typer.echo(listed(rows, form, as_text(rows, ("wanted", "found", "within"))))
    near = sum(one.is_near for one in compared)
    typer.echo(f"{near} of {len(compared)} measures lie near the published figure.", err=True)
    if near < len(compared):
        raise typer.Exit(1)


def start(wait: float = typer.Option(0.0, "--wait", min=0, max=600, help="Seconds to wait before beginning.")) -> None:
    """Where no records are loaded, make and load a small invented place, as `esteem up` does. A second time does nothing."""
    from esteem.evidence.invented.starting import start_place

    time.sleep(wait)
    if hasattr(os, "nice"):
        os.nice(10)  # the site that runs beside it comes first
    loaded = start_place(at=datetime.now(UTC), by="esteem demo start", told=lambda words: print(f"INVENTED PEOPLE: {words}", flush=True))
    if not loaded:
        typer.echo("Records are loaded already; no invented place was made.")
    for kept in loaded:
        months = f"{kept.manifest.kept:,} rows, {months_in_words(kept.months)}"
        typer.echo(f"INVENTED PEOPLE: {kept.data_set} records of people who do not exist are loaded ({months}).")
    if any(kept.data_set == "mhsds" for kept in loaded):
        from esteem.evidence.computed_figures import count_ahead
        from esteem.evidence.computed_witness import countings_ahead

        count_ahead(countings_ahead())


def _insist_on_empty(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Problem("demo-folder-used", "Records are made in a new or an empty folder.", str(out), "Name another --out.")


def _month(text: str):
    from esteem.evidence.records.reporting import Reporting

    try:
        return Reporting.of(date.fromisoformat(f"{text}-01"))
    except ValueError:
        raise Problem("month-unreadable", "A month is written 2025-05.", repr(text)) from None


class _Progress:
    """A bar on standard error: people made, and how long it will take."""

    def __init__(self):
        self._started, self._told = time.monotonic(), False

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_) -> None:
        if self._told and sys.stderr.isatty():
            print(file=sys.stderr)

    def heard(self, done: int, people: int) -> None:
        passed = time.monotonic() - self._started
        bar = "#" * round(30 * done / people)
        left = passed / done * (people - done)
        end = "" if sys.stderr.isatty() else "\n"
        line = f"[{bar:<30}] {done:,} of {people:,} people, about {left:.0f} s left"
        print(f"\r{line}" if end == "" else line, end=end, file=sys.stderr, flush=True)
        self._told = True
