"""`esteem publish`: the public site as a folder of files that opens from disk."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    app.command("publish")(publish_edition)


def publish_edition(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder, or an edition written before.")],
    only_strategy: Annotated[list[str] | None, typer.Option("--only-strategy", help="Only this strategy (may be given twice).")] = None,
    processes: int = typer.Option(0, min=0, max=16, help="Processes that share the work; 0 takes one for each core, at most four."),
    small: bool = typer.Option(False, "--small", help="Only sheets, promises and what they lead to; no picture as PNG."),
) -> None:
    """Write the public site as files: every page, download and a search that open from disk, without a server."""
    from esteem.web.static_edition.edition import publish

    started = time.monotonic()
    made = publish(folder, _Progress(), only_strategy or (), small, processes or min(4, os.cpu_count() or 1))
    for address in made.missing:
        print(f"The site links to {address}, which it does not have: the link is left out.", file=sys.stderr)
    size, seconds = made.bytes / 1e6, time.monotonic() - started
    typer.echo(
        f"{made.pages:,} pages and {made.files - made.pages:,} other files ({size:,.0f} MB) of snapshot {made.snapshot}, {seconds:.0f} s."
    )
    typer.echo(f"Open {made.target / 'index.html'}")


class _Progress:
    """Says on standard error how far it is, at most every two seconds."""

    def __init__(self):
        self._started = self._told = time.monotonic()

    def __call__(self, done: int, known: int) -> None:
        now = time.monotonic()
        if now - self._told < 2 or not done:
            return
        self._told = now
        left = (now - self._started) / done * (known - done)
        print(f"  {done:,} of at least {known:,} files, about {left:.0f} s left", file=sys.stderr, flush=True)
