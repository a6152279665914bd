"""`esteem places`: find a place by name, code or postcode."""

from __future__ import annotations

import typer

from esteem.evidence.snapshots import open_snapshot
from esteem.terms.listings import as_text, check_format, listed
from esteem.terms.places import Place
from esteem.terms.problems import Problem


def add_to(app: typer.Typer) -> None:
    app.command("places")(places)


def places(
    search: str = typer.Argument(..., help="Part of a name, a code, or a postcode."),
    limit: int = typer.Option(20, "--limit", min=1, help="At most so many places."),
    form: str = typer.Option("text", "--format", help="text, csv or json."),
) -> None:
    """Find places by name, code or postcode, with the larger areas that hold them."""
    check_format(form)
    geography = open_snapshot().geography
    found = geography.search(search, limit)
    if not found:
        raise Problem("place-not-found", "Search by name, code or postcode.", repr(search), "Try a shorter part of the name.")
    rows = [_row(place, geography) for place in found]
    shown = [{"Code": r["code"], "Name": r["name"], "Kind": r["kind"], "Within": ", ".join(r["within"]), "Note": r["note"]} for r in rows]
    typer.echo(listed(rows, form, as_text(shown)))


def _row(place: Place, geography) -> dict:
    within = [] if place.kind == "group" else [f"{parent.name} ({parent.code})" for parent in geography.parents(place.code)]
    return {
        "code": place.code,
        "name": place.name,
        "kind": place.kind,
        "valid_from": place.valid_from.isoformat() if place.valid_from else None,
        "valid_to": place.valid_to.isoformat() if place.valid_to else None,
        "within": within,
        "note": place.note or (f"ended on {place.valid_to}" if place.valid_to else ""),
    }
