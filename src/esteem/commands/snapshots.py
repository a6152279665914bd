"""`esteem snapshots`: the snapshots there are, what one holds, and the way back."""

from __future__ import annotations

import typer

from esteem.evidence.snapshot_store import Kept, SnapshotStore
from esteem.evidence.snapshots import Snapshot, open_snapshot
from esteem.terms.listings import as_text, check_format, listed
from esteem.terms.problems import Problem

_FORMAT = typer.Option("text", "--format", help="text, csv or json.")
_EDITION = "edition, source, file, label, status, published, loaded, rows_read, rows_kept, rejected, publisher, licence, sha256"


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Earlier states of the figures: list them, look into one, go back to one.")
    group.command("list")(list_all)
    group.command("show")(show)
    group.command("rollback")(rollback)
    app.add_typer(group, name="snapshots")


def list_all(form: str = _FORMAT) -> None:
    """Every snapshot, oldest first, with the one that is served marked."""
    check_format(form)
    store = SnapshotStore()
    served = store.current().manifest.id
    rows = [_row(kept, served) for kept in store.all()]
    shown = [
        {
            "": "*" if r["served"] else "",
            "Id": r["id"],
            "Made": r["created"],
            "From": r["parent"],
            "Files": str(r["files"]),
            "Figures": f"{r['figures']:,}",
            "Note": "shipped with Esteem" if r["shipped"] else f"{r['added']} files added",
        }
        for r in rows
    ]
    typer.echo(listed(rows, form, as_text(shown, ("Files", "Figures")) + "\n\n* served now"))


def _row(kept: Kept, served: str) -> dict:
    manifest = kept.manifest
    return {
        "id": manifest.id,
        "served": manifest.id == served,
        "shipped": manifest.number == 0,
        "created": manifest.created.isoformat(),
        "parent": manifest.parent,
        "files": sum(p.rows for p in manifest.parts_of("editions")),
        "added": len(manifest.added),
        "series": len(manifest.series),
        "figures": sum(p.rows for p in manifest.parts_of("observations")),
        "bytes": sum(p.bytes for p in manifest.parts),
    }


def show(
    snapshot: str = typer.Argument("", metavar="[ID]", help="Id of a snapshot or its beginning, or `shipped`. Default: the one served."),
    form: str = _FORMAT,
) -> None:
    """The files a snapshot was made of, those added last first."""
    check_format(form)
    with open_snapshot(snapshot or None) as found:
        rows = [
            _edition(row, found) for row in found.rows(f"select {_EDITION} from editions order by loaded desc nulls last, source, file")
        ]
    shown = [
        {
            "Added": "*" if r["added"] else "",
            "Source": r["source"],
            "File": r["file"],
            "Edition": r["label"],
            "Rows": f"{r['rows_read']:,}",
            "Rejected": str(r["rejected"]),
        }
        for r in rows
    ]
    title = f"Snapshot {found.id}, made {found.created}: {len(rows)} files, {len(found.manifest.series):,} series"
    typer.echo(listed(rows, form, f"{title}\n\n{as_text(shown, ('Rows', 'Rejected'))}\n\n* added by this snapshot"))


def _edition(row: dict, snapshot: Snapshot) -> dict:
    days = {name: row[name].isoformat() if row[name] else None for name in ("published", "loaded")}
    return row | days | {"added": row["edition"] in snapshot.manifest.added}


def rollback(
    snapshot: str = typer.Argument("", metavar="[ID]", help="The snapshot to serve, or `shipped`. Default: the one before."),
) -> None:
    """Serve an earlier snapshot again. Nothing is deleted: rolling back to the later one brings it back."""
    store = SnapshotStore()
    with store.writing():
        before = store.current_id() or store.current().manifest.id
        target = store.find(snapshot or _parent(store))
        if damage := target.damage():
            raise Problem("snapshot-damaged", "A snapshot that is served is whole.", damage[0], "Choose another snapshot.")
        if target.shipped:
            store.adopt(target)
        store.point_to(target.manifest.id)
    served = target.manifest
    words = "was served already" if served.id == before else f"is served; before it was {before}"
    typer.echo(f"Snapshot {served.id} of {served.created} {words}.")


def _parent(store: SnapshotStore) -> str:
    parent = store.current().manifest.parent
    if not parent:
        raise Problem(
            "snapshot-first",
            "There is an earlier snapshot to go back to.",
            "the one served is the first",
            "Run `esteem snapshots list` and name one.",
        )
    return parent
