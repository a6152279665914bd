"""`esteem pack`: build the figures that ship with Esteem from the published files, and verify them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from esteem.evidence.pack.build import build
from esteem.evidence.pack.manifest import NAME, Manifest
from esteem.evidence.pack.verify import verify
from esteem.evidence.snapshot_store import shipped_folder
from esteem.terms.problems import Problem

_From = Annotated[
    Path | None,
    typer.Option("--from", help="Folder of published files. Default: ../shared/data, or data/ of the folder that ESTEEM_SHARED names."),
]
_Workers = Annotated[int, typer.Option("--workers", min=1, max=16, help="How many sources to read at once.")]
_LINES_SHOWN = 60


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The figures that ship with Esteem: build them, verify them.")
    group.command("build")(build_pack)
    group.command("verify")(verify_pack)
    app.add_typer(group, name="pack")


def build_pack(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="Where the pack goes; a pack already there is replaced.")],
    source: _From = None,
    workers: _Workers = 2,
) -> None:
    """Read every published file and write compact Parquet with sources, checksums and rejected rows."""
    started = time.monotonic()
    manifest = build(target, _published(source), workers=workers, tell=_progress)
    typer.echo(_summary(manifest, time.monotonic() - started))
    for left in manifest.left_out:
        typer.echo(f"left out: {left.file}: {left.reason}")


def verify_pack(
    pack: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="The pack. Default: the one shipped.")] = None,
    source: _From = None,
    workers: _Workers = 2,
) -> None:
    """Derive the pack again from the published files and compare. Exit code 1 when they differ.

    Where DIR is a folder of published files and not a pack, the shipped pack is verified against it.
    """
    if pack is not None and source is None and pack.is_dir() and not (pack / NAME).exists():
        pack, source = None, pack
    manifest, differences = verify(pack or shipped_folder(), _published(source), workers=workers, tell=_progress)
    for difference in differences[:_LINES_SHOWN]:
        typer.echo(str(difference), err=True)
    if differences:
        typer.echo(f"{len(differences)} differences listed; the first {min(len(differences), _LINES_SHOWN)} are above", err=True)
        raise typer.Exit(1)
    typer.echo(f"The pack is what the published files give: {_summary(manifest)}")


def _published(folder: Path | None) -> Path:
    """The folder of published files: the one named, else beside the place where the command runs."""
    if folder is not None:
        return folder
    shared = os.environ.get("ESTEEM_SHARED")
    found = Path(shared) / "data" if shared else Path("../shared/data")
    if not found.is_dir():
        raise Problem("folder-missing", "The published files are in a folder.", str(found), "Name the folder with --from.")
    return found


def _progress(words: str, done: int, total: int) -> None:
    typer.echo(f"[{done:>3} of {total} files] {words}" if total else words, err=True)


def _summary(manifest: Manifest, seconds: float | None = None) -> str:
    figures = sum(p.rows for p in manifest.parts_of("observations"))
    files = sum(p.rows for p in manifest.parts_of("editions"))
    megabytes = sum(p.bytes for p in manifest.parts) / 1e6
    took = f", {seconds:.0f} s" if seconds is not None else ""
    return f"pack {manifest.id}: {figures:,} figures in {len(manifest.series):,} series from {files} files, {megabytes:.1f} MB{took}"
