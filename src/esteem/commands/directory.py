"""`esteem directory`: services in, services out, and whether they are still right."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

_Who = Annotated[str, typer.Option("--by", metavar="WHO", help="Who does this: a name or a team. It stands in the history.")]
_TEAM = "directory team"
_LINES_SHOWN = 40


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The directory of services: bring services in, give them out, keep them true.")
    group.command("import")(import_services)
    group.command("export")(export_services)
    group.command("check")(check)
    group.command("remind")(remind)
    group.command("reindex")(reindex)
    group.command("template")(template)
    group.command("seed")(seed)
    group.command("figures")(figures)
    app.add_typer(group, name="directory")


def _prepare() -> datetime:
    """The database as it should be; the present moment, which every action is told."""
    from esteem.web.databases import prepare

    prepare()
    return datetime.now(UTC)


def import_services(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Address of a feed, a JSON file, a folder, or a filled template.")],
    name: Annotated[str, typer.Option("--name", help="Name of the source; default its address or file name. Keep it the same.")] = "",
    licence: Annotated[str, typer.Option("--licence", help="Licence of the data, shown with each entry.")] = "",
    attribution: Annotated[str, typer.Option("--attribution", help="Words that the licence asks for.")] = "",
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Allow a feed inside a private network.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check, write nothing.")] = False,
    by: _Who = _TEAM,
) -> None:
    """Bring services in. Everything is read before anything is written; the same again changes nothing.

    Open Referral UK 3 and 1 feeds, HSDS files, the CSV or XLSX template. Doubles are merged or proposed to a person.
    """
    at = _prepare()
    from esteem.web.directory_imports import Request, bring_in

    done = bring_in(Request(source, name, licence, attribution, allow_private, dry_run, by), at=at, tell=_progress)
    typer.echo(f"{done.new} new, {done.changed} changed, {done.same} the same as before{' (nothing written)' if dry_run else ''}")
    if done.addresses_dropped:
        typer.echo(f"{done.addresses_dropped} addresses of refuges or other confidential places were dropped")
    for words, pairs in (
        ("joined with an entry that was here", done.merged),
        ("perhaps the same; decide on the owner's page", done.proposed),
    ):
        for one, other, score in pairs[:_LINES_SHOWN]:
            typer.echo(f"{words}: {one} = {other} ({score:.2f})")


def export_services(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where it goes: .csv, .parquet, .ndjson or .json.")],
    form: Annotated[str, typer.Option("--format", help="csv, parquet, ndjson or json; default by the ending.")] = "",
    layer: Annotated[str, typer.Option("--layer", help="services, community (places nobody here has confirmed) or all.")] = "services",
) -> None:
    """Write what residents see to a file: CSV, Parquet, one JSON object a line, or Open Referral UK JSON."""
    at = _prepare()
    from esteem.directory import queries
    from esteem.directory.exporting import export

    found = queries.services(layer=None if layer == "all" else layer)
    typer.echo(f"{export(found, target, form=form, on=at.date())} services written to {target}")


def check(
    links: Annotated[bool, typer.Option("--links", help="Also ask each web address whether it answers.")] = False,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Ask addresses inside a private network too.")] = False,
) -> None:
    """Look for wrong numbers, postcodes, hours and links. Each finding is a task for a person. Exit code 1 when there is any."""
    at = _prepare()
    from esteem.web.directory_checks import run_checks

    found, new = run_checks(at=at, links=links, private=allow_private, tell=_progress)
    for one in found[:_LINES_SHOWN]:
        typer.echo(f"{one.kind}: {one.found}. {one.remedy} [{one.service_id}]")
    typer.echo(f"{len(found)} findings, {new} of them new tasks")
    raise typer.Exit(1 if found else 0)


def remind() -> None:
    """The daily round: mark what is old, hide what is older, ask owners whether their entry is still right."""
    at = _prepare()
    from django.conf import settings

    from esteem.web.directory_reminders import remind as go_round
    from esteem.web.mail import send

    done = go_round(at=at, site=settings.SITE_ADDRESS, send=send, token=lambda: secrets.token_urlsafe(32))
    for moved in done.moved[:_LINES_SHOWN]:
        typer.echo(f"{moved.name}: {moved.before} -> {moved.after}")
    typer.echo(f"{len(done.moved)} entries moved, {done.asked} messages sent, {done.tasks} tasks for the team")


def reindex() -> None:
    """Build the search index from the records and say how long it takes.

    The index lives in the memory of the site. A running site builds its next one beside the old as soon as records change, and swaps it in
    whole; this command shows that it can be built.
    """
    _prepare()
    from time import perf_counter

    from esteem.directory import queries
    from esteem.directory.search import SearchIndex

    began = perf_counter()
    index = SearchIndex.build(queries.services())
    typer.echo(f"{len(index)} services indexed in {perf_counter() - began:.1f} s")


def template(target: Annotated[Path, typer.Argument(metavar="FILE", help="Where it goes: .csv or .xlsx.")]) -> None:
    """Write an empty template with an example row, for services without a feed."""
    from esteem.directory.importing.template import write_template

    write_template(target)
    typer.echo(f"Template written to {target}")


def seed() -> None:
    """Put the demonstration into the directory: invented services marked as such, real places; or bring its days up to today."""
    at = _prepare()
    from esteem.directory.seeding import seed as plant
    from esteem.evidence.snapshots import open_snapshot

    kept = plant(open_snapshot(), at=at)
    typer.echo(f"{kept.new} new, {kept.changed} changed, {kept.same} the same as before")


def _progress(words: str, done: int) -> None:
    if done % 100 == 0:
        typer.echo(f"{done:>6} {words}", err=True)


def figures(
    demonstration: Annotated[
        bool, typer.Option("--demonstration", help="Count the invented services too; every figure then says that it is invented.")
    ] = False,
    load: Annotated[bool, typer.Option(help="Load the file at once; --no-load only writes it.")] = True,
) -> None:
    """Count coverage, nearness, freshness and open doors by district, and load the counts for the sheet (rows B02, E03, E24)."""
    at = _prepare()
    from esteem.evidence import loading
    from esteem.terms.home import home
    from esteem.web.directory_figures import write

    path = write(home() / "directory" / f"figures-{at.date()}.csv", at.date(), demonstration)
    typer.echo(f"Written: {path}")
    if load:
        typer.echo(f"Loaded: the sheet shows it from snapshot {loading.load([path], home()).after}")
