"""Tell which publication a file is, by its content: exactly one source must claim it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from esteem.evidence.sources.contract import Edition, RawFile, Source
from esteem.terms.problems import Problem

# What may lie beside published files without being one, and why it is left out.
COMPANIONS = {
    "README.md": "the guide to the data, for people",
    "PROVENANCE.csv": "the list of files with licences; read for the editions table",
}


@dataclass(frozen=True)
class Recognised:
    raw: RawFile
    source: Source
    edition: Edition


def published_files(folder: Path) -> list[Path]:
    """Every file under a folder that can be a publication, in the order of their paths."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in COMPANIONS and not p.name.startswith("."))


def recognise(raw: RawFile, sources: tuple[Source, ...]) -> Recognised:
    """The one source that knows the file's header. Raises Problem when none or several do, naming the nearest one."""
    if raw.size == 0:
        raise Problem("file-empty", "A file has a header and rows.", "zero bytes", "Download the file again.", raw.name)
    claims = [(source, edition) for source in sources if (edition := source.recognise(raw)) is not None]
    if len(claims) == 1:
        return Recognised(raw, *claims[0])
    if claims:
        raise Problem(
            "file-ambiguous",
            "A file belongs to one publication.",
            f"it fits {' and '.join(source.title for source, _ in claims)}",
            "Tell the developers: two readers claim the same layout.",
            raw.name,
        )
    raise _nearest(raw, sources)


def _nearest(raw: RawFile, sources: tuple[Source, ...]) -> Problem:
    """Why no source knows the file: the nearest source's own words when one is near, else what the file begins with."""
    near = [(source, problem) for source in sources if (problem := source.near(raw)) is not None]
    if not near:
        return Problem(
            "file-unknown",
            "A file has the layout of a publication that Esteem reads.",
            f"no known header; the file begins with {_beginning(raw)!r}",
            "Look at `esteem load --layouts` for the layouts, or load the file exactly as the publisher gave it.",
            raw.name,
            1,
        )
    source, problem = min(near, key=lambda found: len(found[1].found))
    return Problem(
        problem.code,
        f"Nearest publication: {source.title}. {problem.rule}",
        problem.found,
        problem.remedy or "Load the file exactly as the publisher gave it.",
        problem.file or raw.name,
        problem.row if problem.row is not None else 1,
        problem.column,
    )


def _beginning(raw: RawFile) -> str:
    head = raw.head[:160]
    line = head.decode("utf-8", "replace").splitlines()[:1]
    return "".join(c if c.isprintable() else "·" for c in (line[0] if line else ""))[:100]


def provenance(folder: Path) -> dict[str, dict[str, str]]:
    """Rows of the provenance list beside the files, by the SHA-256 of the file each describes; empty when there is no list."""
    path = folder / "PROVENANCE.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as f:
        return {row["sha256"]: row for row in csv.DictReader(f) if row.get("sha256")}
