"""Finds the tables in a folder that is to be loaded: which file is which table, and whether its columns are all there."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from esteem.evidence.records.checks import Checks
from esteem.evidence.records.edition import SourceFile
from esteem.evidence.records.extract import parts_of
from esteem.evidence.records.schema import REFERENCE
from esteem.terms.problems import Problem, Problems

_KINDS = {".parquet", ".csv", ""}
_PIECE = 2**20


@dataclass(frozen=True)
class Incoming:
    """One table as it lies in the folder: its file (or folder of Parquet parts), columns in file order, and bytes."""

    table: str
    path: Path
    columns: tuple[str, ...]
    kinds: tuple[str, ...]  # Arrow types as text; empty for CSV
    rows: int | None  # None for CSV: not known before it is read

    @property
    def parts(self) -> list[Path]:
        return parts_of(self.path)

    def rows_ahead(self) -> dict[Path, int]:
        """Each Parquet part with the number of rows in the parts before it."""
        rows = [pq.read_metadata(part).num_rows for part in self.parts]
        return dict(zip(self.parts, accumulate([0, *rows[:-1]]), strict=True))

    @property
    def is_csv(self) -> bool:
        return self.path.suffix == ".csv"

    @property
    def bytes(self) -> int:
        return sum(part.stat().st_size for part in self.parts)


@dataclass(frozen=True)
class IncomingFolder:
    """What a folder holds: tables by name, and files that are of no table of the data set and were not read."""

    folder: Path
    tables: dict[str, Incoming]
    not_read: tuple[str, ...]

    def files(self) -> Iterator[SourceFile]:
        """Each file with its checksum, read piece by piece."""
        for incoming in self.tables.values():
            for part in incoming.parts:
                yield SourceFile(part.relative_to(self.folder).as_posix(), checksum(part), part.stat().st_size)


def find_tables(folder: Path, checks: Checks) -> IncomingFolder:
    """The tables of the data set in `folder`, in its sub-folders for records and reference data or in itself.

    Problems: `records-folder-absent`, `records-file-unknown`, `table-twice`, `records-file-broken`.
    """
    if not folder.is_dir():
        remedy = f"Name a folder that holds {checks.schema.folder}/{checks.needed[0]}.parquet or .csv, and the other tables."
        raise Problem("records-folder-absent", "Records are loaded from a folder of tables.", str(folder), remedy)
    found, wrong, not_read = {}, [], []
    for path in _candidates(folder, checks):
        name = checks.earlier.tables.get(path.stem, path.stem)
        if checks.schema.columns(name) is None:
            if path.parent == folder:
                not_read.append(path.name)
            else:
                wrong.append(_unknown(path, checks))
        elif name in found:
            both = f"{found[name].path.name}, {path.name}"
            wrong.append(Problem("table-twice", "A table comes in one file.", both, "Keep one.", str(path)))
        else:
            found[name] = _opened(name, path)
    if wrong:
        raise Problems(wrong)
    return IncomingFolder(folder, found, tuple(sorted(not_read)))


def _candidates(folder: Path, checks: Checks) -> list[Path]:
    inside = [folder / checks.schema.folder, folder / REFERENCE]
    paths = [path for place in (*inside, folder) if place.is_dir() for path in sorted(place.iterdir()) if path not in inside]
    return [path for path in paths if not path.name.startswith(".") and path.suffix in _KINDS and _holds_rows(path, checks)]


def _holds_rows(path: Path, checks: Checks) -> bool:
    """A file with the name of its form, or a folder with the name of a table and parts in it."""
    return path.is_file() if path.suffix else path.is_dir() and path.name in checks.schema.tables and bool(parts_of(path))


def _unknown(path: Path, checks: Checks) -> Problem:
    near = [name for name in checks.schema.tables if name[:6] == path.stem[:6]]
    remedy = f"Rename it{f' to {near[0]}' if len(near) == 1 else ''}, or take it out of the folder."
    return Problem("records-file-unknown", f"Each file is named after a table of {checks.schema.version}.", path.name, remedy, str(path))


def _opened(name: str, path: Path) -> Incoming:
    if path.suffix == ".csv":
        return Incoming(name, path, _header(path), (), None)
    first, rows, schema = None, 0, None
    for part in parts_of(path):
        try:
            read = pq.ParquetFile(part)
        except (pa.ArrowInvalid, OSError) as broken:
            remedy = "Copy the file again: it is cut off, or no Parquet file."
            raise Problem("records-file-broken", "A .parquet file can be read.", str(broken).splitlines()[0], remedy, str(part)) from None
        rows, schema = rows + read.metadata.num_rows, read.schema_arrow
        first = first or schema
        if first.names != schema.names:
            raise Problem("table-parts", "All parts of a table have the same columns.", part.name, "Write the parts alike.", str(path))
    return Incoming(name, path, tuple(schema.names), tuple(map(str, schema.types)), rows)


def _header(path: Path) -> tuple[str, ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error) as broken:
        remedy = "Save the file as CSV in UTF-8, with commas and a header."
        raise Problem("records-file-broken", "A .csv file is text in UTF-8 with a header.", str(broken), remedy, str(path), 1) from None
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice or not names:
        found = f"{twice[0]} twice" if twice else "nothing"
        raise Problem("records-header-columns", "The first line names each column once.", found, "Correct it.", str(path), 1)
    return tuple(names)


def check_columns(found: IncomingFolder, checks: Checks, newest_month: int | None = None) -> None:
    """Problems `column-absent`: the columns that a file lacks. Those that came with a later version may be absent from earlier months."""
    early = newest_month is not None and newest_month <= checks.earlier.last_month
    wrong = []
    for name, incoming in found.tables.items():
        excused = checks.earlier.columns.get(name, ()) if early else ()
        for column in checks.schema.columns(name):
            if column not in incoming.columns and column not in excused:
                rule, remedy = f"The table {name} has the column {column}.", "Add the column; leave it empty where nothing is known."
                wrong.append(Problem("column-absent", rule, "no such column", remedy, str(incoming.path), 1, column))
    if wrong:
        raise Problems(wrong)


def checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
