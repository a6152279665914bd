"""`esteem directory`: services in, services out, and whether they are still right."""

from __future__ import annotations

from datetime import UTC, datetime

import typer


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The directory of services: bring services in, give them out, keep them true.")
    group.command("seed")(seed)
    app.add_typer(group, name="directory")


def seed() -> None:
    """Put the demonstration into the directory: invented services, marked as invented; or bring its days up to today."""
    from esteem.web.databases import prepare

    prepare()
    from esteem.directory.seeding import seed as plant
    from esteem.evidence.snapshots import open_snapshot

    typer.echo(_counted(plant(open_snapshot(), at=datetime.now(UTC))))


def _counted(kept) -> str:
    return f"{kept.new} new, {kept.changed} changed, {kept.same} the same as before"
