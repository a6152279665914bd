"""The folder of an edition: made beside, swapped in whole, and never in place of what we did not write."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esteem.evidence.snapshot_store import told_plainly
from esteem.terms.problems import Problem

MANIFEST = "edition.json"
MADE_BY = "esteem publish"


def check(target: Path) -> None:
    """Raises Problem `folder-not-ours` unless `target` is absent, empty, or an edition written before."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise _not_ours(target, "it is not a folder")
    if target.is_dir() and any(target.iterdir()) and not _is_edition(target):
        raise _not_ours(target, "it holds files that Esteem did not write")


def _is_edition(folder: Path) -> bool:
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["made_by"] == MADE_BY
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _not_ours(target: Path, found: str) -> Problem:
    return Problem(
        "folder-not-ours",
        "An edition is written into a new or empty folder, or over an earlier edition.",
        f"{target}: {found}",
        "Name another folder, or empty this one.",
    )


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """An empty folder beside `target`, which takes its place when the block ends well and is swept away when it does not."""
    check(target)
    with told_plainly(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.unfinished-{os.getpid()}")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        try:
            yield beside
            check(target)  # it may have been filled meanwhile
            _swap(beside, target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _swap(beside: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
    if target.exists():
        target.rename(old)
    try:
        beside.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
