"""`esteem load`: take in newly published files, whole or not at all."""

from __future__ import annotations

import csv
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from esteem.commands.records import load_folder
from esteem.evidence.load_changes import Changes, Revised
from esteem.evidence.loading import LoadReport, Refused, Watch, load
from esteem.evidence.pack.shapes import REJECTED
from esteem.evidence.records.intake import MEMORY
from esteem.evidence.records.record_loading import Wanted
from esteem.evidence.records.record_store import DATA_SETS
from esteem.evidence.sources import all_sources
from esteem.terms import flags as flag
from esteem.terms.listings import as_text, check_format, listed
from esteem.terms.periods import between

_FILES = "Published files, folders of them, .gz or .zip; or `mhsds DIR` or `talking-therapies DIR` for a folder of records."
_SHOWN = 12  # of each kind of change, in words; the other formats have all


def add_to(app: typer.Typer) -> None:
    app.command("load")(load_files)


def load_files(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help=_FILES)] = None,
    dry_run: bool = typer.Option(False, "--dry-run", help="Check everything and say what would change; change nothing."),
    rejected: Annotated[
        Path | None, typer.Option("--rejected", metavar="FILE.csv", help="Write every row that was not used, with the reason.")
    ] = None,
    set_aside: bool = typer.Option(
        False, "--set-aside", help="Leave out rows that cannot be read, contradict others, or are for unknown places, and load the rest."
    ),
    accept_changes: bool = typer.Option(
        False, "--accept-changes", help="Take a new edition although its figures are very unlike those it replaces."
    ),
    layouts: bool = typer.Option(False, "--layouts", help="List the layouts that can be loaded, and stop."),
    label: str = typer.Option("", "--label", help="Records: what to call this edition. Default: the name of the folder."),
    invented: bool = typer.Option(False, "--invented", help="Records: the people in it are made up; every page says so."),
    replace: bool = typer.Option(False, "--replace", help="Records: months that are loaded already are counted from this folder now."),
    fresh: bool = typer.Option(False, "--fresh", help="Records: carry over nothing of earlier loads."),
    accept_missing: bool = typer.Option(False, "--accept-missing", help="Records: load although a month looks half there."),
    accept_quarantine: bool = typer.Option(False, "--accept-quarantine", help="Records: load although much of a table is left out."),
    memory: str = typer.Option(MEMORY, "--memory", help="Records: what the load may use; beyond it, it works on the disk."),
    form: str = typer.Option("text", "--format", help="text, csv or json."),
) -> None:
    """Load published files into a new snapshot, or a folder of records (`esteem load mhsds DIR`) as a new edition.

    The same file or folder twice changes nothing.
    """
    check_format(form)
    if files and str(files[0]) in DATA_SETS:
        asked = Wanted(label, invented, replace, fresh, accept_missing, accept_quarantine, dry_run, memory)
        load_folder(str(files[0]), files[1:], asked, rejected, form)
        return
    if layouts:
        rows = [{"source": s.id, "title": s.title, "publisher": s.publisher, "layout": s.layout} for s in all_sources()]
        typer.echo(listed(rows, form, "\n\n".join(f"{r['title']} ({r['publisher']})\n  {r['layout']}" for r in rows)))
        return
    if not files:
        raise typer.BadParameter("name at least one file", param_hint="FILE...")
    try:
        report = load(files, dry_run=dry_run, set_aside=set_aside, accept_changes=accept_changes, watch=_Progress())
    except Refused as refused:
        _write_rejected(rejected, refused.rejected)
        raise
    _write_rejected(rejected, report.rejected)
    typer.echo(listed(_rows(report), form, _in_words(report)))


class _Progress(Watch):
    """Says on standard error how far a load is, at most twice a second."""

    def __init__(self):
        self._name, self._started, self._told = "", time.monotonic(), 0.0

    def stage(self, name: str) -> None:
        words = {"recognise": "recognising files", "assemble": "building the new snapshot", "keep-parts": "writing", "swap": "swapping in"}
        if name in words:
            print(words[name], file=sys.stderr, flush=True)

    def file(self, name: str, number: int, total: int) -> None:
        self._name, self._started, self._told = name, time.monotonic(), time.monotonic()
        print(f"reading {name} ({number} of {total})", file=sys.stderr, flush=True)

    def rows(self, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self._told < 0.5 or not done:
            return
        self._told = now
        left = f" of {total:,}, about {(now - self._started) / done * (total - done):.0f} s left" if total else ""
        print(f"  {done:,} rows{left}", file=sys.stderr, flush=True)


def _rows(report: LoadReport) -> list[dict]:
    """One object: what became of each file and what changed."""
    return [
        {
            "changed": report.changed,
            "dry_run": report.dry_run,
            "snapshot": report.after,
            "snapshot_before": report.before,
            "files": [asdict(outcome) for outcome in report.files],
            "new_series": report.changes.new_series,
            "new_periods": {name: [f"{s}..{e}" for s, e in spans] for name, spans in report.changes.new_periods.items()},
            "new_figures": report.changes.new_figures,
            "revised_figures": report.changes.revised_figures,
            "revised": [_plain(r) for r in report.changes.revised],
            "older_figures": report.changes.older_figures,
            "disappeared": report.changes.disappeared,
            "rejected": report.rejected.num_rows,
            "set_aside": [problem.as_dict() for problem in report.set_aside],
        }
    ]


def _plain(revised: Revised) -> dict:
    return asdict(revised) | {"period_start": str(revised.period_start), "period_end": str(revised.period_end)}


def _in_words(report: LoadReport) -> str:
    parts = [_files(report)]
    if report.changed:
        parts += [*_changes(report.changes), *_left(report)]
        now, then = ("would be", "is") if report.dry_run else ("is", "was")
        parts.append(f"Snapshot {report.after} {now} served; before it {then} {report.before}.")
    else:
        parts.append(f"Nothing changed: snapshot {report.before} is served.")
    return "\n\n".join(parts)


def _files(report: LoadReport) -> str:
    rows = [
        {
            "File": o.file,
            "Result": o.status if not (report.dry_run and o.status == "loaded") else "would load",
            "Source": o.source,
            "Edition": o.edition,
            "Rows": f"{o.rows_read:,}" if o.rows_read else "",
            "Used": f"{o.rows_kept:,}" if o.rows_read else "",
            "Figures": f"{o.figures:,}" if o.rows_read else "",
            "Note": o.reason or (f"{len(o.checks)} checks passed" if o.checks else ""),
        }
        for o in report.files
    ]
    return as_text(rows, ("Rows", "Used", "Figures"))


def _changes(changes: Changes) -> list[str]:
    found = [f"{changes.new_figures:,} new figures, {changes.revised_figures:,} revised."]
    if changes.new_series:
        found.append(_some("New series:", changes.new_series))
    if changes.new_periods:
        spans = [f"{name}: {', '.join(between(*span).label for span in spans[-6:])}" for name, spans in changes.new_periods.items()]
        found.append(_some("New periods:", spans))
    if changes.revised:
        found.append(_some("Revised:", [_revision(r) for r in changes.revised], changes.revised_figures))
    if changes.older_figures:
        found.append(f"{changes.older_figures:,} figures are kept as earlier ones: a later edition of them is served.")
    if changes.disappeared:
        found.append(_some("Series that the edition before had and this one has not:", changes.disappeared))
    return found


def _revision(r: Revised) -> str:
    group = "" if r.breakdown == "all" else f", {r.category}"
    period = between(r.period_start, r.period_end).label
    flags = f" (flags: {r.old_flags or 'none'} -> {r.new_flags or 'none'})" if r.old == r.new else ""
    return f"{r.series}, {r.place}, {period}{group}: {_said(r.old, r.old_flags)} -> {_said(r.new, r.new_flags)}{flags}"


def _said(value: float | None, flags: str) -> str:
    if value is not None:
        return f"{value:,.10g}"
    return next((flag.WORDS[name] for name in flag.split(flags) if name in flag.MISSING), "no value")


def _some(title: str, lines: list[str], total: int | None = None) -> str:
    more = (total or len(lines)) - min(len(lines), _SHOWN)
    return "\n".join([title, *(f"  {line}" for line in lines[:_SHOWN]), *([f"  and {more:,} more"] if more else [])])


def _left(report: LoadReport) -> list[str]:
    found = []
    if report.rejected.num_rows:
        rows = report.rejected.slice(0, _SHOWN).to_pylist()
        lines = [f"{r['file']}, {r['row']}, {r['column']}: {r['rule']} Found: {r['found']}" for r in rows]
        found.append(_some(f"{report.rejected.num_rows:,} rows or cells were not used:", lines, report.rejected.num_rows))
    return found


def _write_rejected(path: Path | None, rejected: pa.Table) -> None:
    if path is None:
        return
    with path.open("w", encoding="utf-8-sig", newline="") as f:
        writer = csv.DictWriter(f, REJECTED.names)
        writer.writeheader()
        writer.writerows(rejected.to_pylist())
