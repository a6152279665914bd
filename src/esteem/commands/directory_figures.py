"""`esteem directory figures`: counts of the directory become figures that sheets and measures use, loaded as any publication is."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from esteem.terms.home import home
from esteem.terms.problems import Problem

ESSEX = "E10000012"  # the county as well as its districts: the sheet speaks of councils


def figures(
    demonstration: Annotated[
        bool, typer.Option("--demonstration", help="Count the invented services too; every figure then says that it is invented.")
    ] = False,
    load: Annotated[bool, typer.Option(help="Load the file at once; --no-load only writes it.")] = True,
) -> None:
    """Count coverage, nearness, freshness and open doors by district, and load the counts for the sheet (rows B02, E03, E24)."""
    from esteem.web.databases import prepare

    prepare()
    from esteem.evidence import loading
    from esteem.web import directory_reading

    on = datetime.now(UTC).date()
    path = write(home() / "directory" / f"figures-{on}.csv", on, demonstration, directory_reading)
    typer.echo(f"Written: {path}")
    if load:
        report = loading.load([path], home())
        typer.echo(f"Loaded: the sheet shows it from snapshot {report.after}")


def write(path: Path, on: date, demonstration: bool, directory_reading) -> Path:
    """The file in the layout of evidence/sources/directory_figures.py. Problem `directory-figures-empty` when there is nothing to count."""
    from esteem.directory import figures as counted
    from esteem.directory.needs import scheme

    listed = [one for one in directory_reading.services() if one.layer == "services" and (demonstration or not one.invented)]
    if not listed:
        raise Problem(
            "directory-figures-empty",
            "Figures of the directory are counted over services that exist.",
            "only invented services are in it",
            "Bring real services in (esteem directory import), or try it with --demonstration.",
        )
    finder = directory_reading.places()
    districts = {code: finder.find(name) for code, name in directory_reading.districts()} | {ESSEX: finder.find("Essex")}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("directory_measure", "district", "day", "numerator", "denominator", "invented"))
        for row in counted.rows(listed, districts, scheme(), on):
            writer.writerow((row.measure, row.district, on, row.numerator, row.denominator, "yes" if demonstration else "no"))
    return path
