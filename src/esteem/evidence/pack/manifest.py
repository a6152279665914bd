"""The list of contents of a pack or snapshot: its parts with their checksums, and a checksum for each series."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from esteem.evidence.pack.shapes import FORMAT
from esteem.terms.problems import Problem

NAME = "manifest.json"


@dataclass(frozen=True, order=True)
class Part:
    """One Parquet file: the rows of one source in one table (source "" = of all sources)."""

    table: str
    source: str
    file: str
    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class LeftOut:
    """A file of the folder that is in no table, with the reason."""

    file: str
    sha256: str
    reason: str


@dataclass(frozen=True)
class Manifest:
    parts: tuple[Part, ...]
    series: dict[str, str] = field(default_factory=dict)  # series id -> checksum of its rows
    created: date = date(1970, 1, 1)
    number: int = 0  # a pack is 0, each snapshot one more than its parent
    parent: str = ""  # the snapshot this one was made from; "" for a pack
    added: tuple[str, ...] = ()  # editions that came on top of the parent
    left_out: tuple[LeftOut, ...] = ()
    format: int = FORMAT

    @property
    def id(self) -> str:
        """Short name made from the contents alone: the same contents have the same name wherever they are."""
        digest = hashlib.sha256()
        for part in sorted(self.parts):
            digest.update(f"{part.table} {part.source} {part.sha256}\n".encode())
        return digest.hexdigest()[:10]

    def parts_of(self, table: str) -> list[Part]:
        return [part for part in self.parts if part.table == table]

    @property
    def tables(self) -> list[str]:
        return sorted({part.table for part in self.parts})

    def text(self) -> str:
        """The manifest as JSON, the same text for the same contents."""
        body = asdict(self) | {"id": self.id, "created": self.created.isoformat(), "parts": [asdict(p) for p in sorted(self.parts)]}
        return json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a folder. Raises Problem when it is missing, damaged, or of a later format."""
    path = folder / NAME
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        found = body["format"]
        if found <= FORMAT:
            return Manifest(
                tuple(Part(**p) for p in body["parts"]),
                body["series"],
                date.fromisoformat(body["created"]),
                body["number"],
                body["parent"],
                tuple(body["added"]),
                tuple(LeftOut(**f) for f in body["left_out"]),
                found,
            )
    except FileNotFoundError:
        raise Problem(
            "snapshot-missing", "A snapshot has a manifest.", f"no {path}", "Run `esteem snapshots list` to see those there are."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise Problem(
            "snapshot-damaged", "A manifest is whole.", f"{path}: {error}", "Run `esteem snapshots rollback` to go back to the one before."
        ) from None
    raise Problem("snapshot-format", f"This Esteem reads format {FORMAT}.", f"format {found} in {path}", "Install the newer Esteem.")


def file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as f:
        while block := f.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
