"""What an edition of loaded records says of itself: where it came from, which months it holds, and what became of every row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from esteem.terms.problems import Problem

NAME = "manifest.json"


@dataclass(frozen=True)
class SourceFile:
    """A file that was read: name inside the source folder, bytes and checksum."""

    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class TableCount:
    """What became of the rows of one table: `rows_in` = `kept` + `quarantined`; `warned` of the kept ones carry a warning."""

    table: str
    rows_in: int
    kept: int
    quarantined: int
    warned: int

    def __post_init__(self):
        if self.rows_in != self.kept + self.quarantined:
            found = f"{self.table}: {self.rows_in:,} in, {self.kept:,} kept, {self.quarantined:,} quarantined"
            raise Problem("records-rows-lost", "Every row that comes in is kept or quarantined.", found, "Nothing was loaded. Report this.")


@dataclass(frozen=True)
class LoadedFolder:
    """One load: its folder, when and by whom, the months it brought that are still in the edition, its files and its counts."""

    label: str
    source: str
    at: str
    by: str
    months: tuple[int, ...]
    files: tuple[SourceFile, ...] = ()
    tables: tuple[TableCount, ...] = ()
    accepted: tuple[str, ...] = ()  # what a person said yes to, in words


@dataclass(frozen=True)
class EditionManifest:
    """`loads`: what the edition was put together from, the newest last; months of earlier loads are carried over unchanged."""

    data_set: str
    edition: str
    label: str
    source: str
    schema: str
    invented: bool
    loaded_at: str  # ISO 8601, UTC
    loaded_by: str
    months: tuple[int, ...]
    loads: tuple[LoadedFolder, ...] = ()
    parent: str = ""  # the edition before it
    reference: Mapping[str, int] = field(default_factory=dict)  # reference table -> rows
    rule_counts: Mapping[str, int] = field(default_factory=dict)  # rule of the newest load -> rows found by it
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # table -> columns that the schema does not know

    @property
    def tables(self) -> tuple[TableCount, ...]:
        """Counts of the newest load."""
        return self.loads[-1].tables if self.loads else ()

    @property
    def rows_in(self) -> int:
        return sum(table.rows_in for table in self.tables)

    @property
    def kept(self) -> int:
        return sum(table.kept for table in self.tables)

    @property
    def quarantined(self) -> int:
        return sum(table.quarantined for table in self.tables)

    @property
    def warned(self) -> int:
        return sum(table.warned for table in self.tables)


def written(manifest: EditionManifest) -> str:
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1)


def read_edition(folder: Path) -> EditionManifest:
    """The manifest of an edition. Problem `records-damaged` when it cannot be read."""
    try:
        raw = json.loads((folder / NAME).read_text(encoding="utf-8"))
        loads = tuple(_load(one) for one in raw.pop("loads"))
        ignored = {table: tuple(columns) for table, columns in raw.pop("ignored").items()}
        return EditionManifest(**raw | {"loads": loads, "ignored": ignored, "months": tuple(raw["months"])})
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        remedy = "Go back to another edition: `esteem records rollback`, or load the folder again."
        raise Problem("records-damaged", "An edition of loaded records has a manifest.", str(wrong), remedy, str(folder / NAME)) from None


def _load(raw: dict) -> LoadedFolder:
    files = tuple(SourceFile(**file) for file in raw.pop("files"))
    tables = tuple(TableCount(**table) for table in raw.pop("tables"))
    return LoadedFolder(**raw | {"files": files, "tables": tables, "months": tuple(raw["months"]), "accepted": tuple(raw["accepted"])})
