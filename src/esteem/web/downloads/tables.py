"""The table model every download is written from: one table, its notes, and the safe writing of text cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | float | int | bool | None


@dataclass(frozen=True)
class Column:
    """`key` is the machine name (JSON, CSV), `title` the words for people, `kind`: "text", "number", "proportion" or "date"."""

    key: str
    title: str
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """One table. `name` names the sheet and file; `notes` are (heading, words) for the notes sheet; rows are in column order.

    A missing number is None and its reason stands in the flags column: never a zero, never an empty string that could be read as one.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[tuple[str, str]] = field(default=())

    def records(self) -> list[dict[str, Cell]]:
        return [dict(zip((c.key for c in self.columns), row, strict=True)) for row in self.rows]


_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(value: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it (CWE-1236); numbers are never passed here."""
    return "'" + value if value.startswith(_DANGEROUS) and not _is_number(value) else value


def _is_number(value: str) -> bool:
    try:
        float(value.replace(",", ""))
    except ValueError:
        return False
    return True


def sheet_name(name: str) -> str:
    """A name every spreadsheet program takes: at most 31 characters, none of []:*?/\\."""
    return "".join("_" if c in "[]:*?/\\'" else c for c in name)[:31] or "Table"


def sheet_names(tables: Sequence[Table]) -> list[str]:
    """A name for each table's sheet, none used twice (case folded) and none equal to the notes sheet's."""
    used, names = {"notes"}, []
    for table in tables:
        name, n = sheet_name(table.name), 2
        while name.lower() in used:
            name, n = f"{sheet_name(table.name)[:28]}_{n}", n + 1
        used.add(name.lower())
        names.append(name)
    return names


def all_notes(tables: Sequence[Table]) -> list[tuple[str, str]]:
    """The notes sheet's rows: each table's title, then its notes, each said once."""
    seen: dict[tuple[str, str], None] = {}
    for table, name in zip(tables, sheet_names(tables), strict=True):
        seen[(f"Table {name}", table.title)] = None
        for heading, words in table.notes:
            seen[(safe_text(heading), safe_text(words))] = None
    return list(seen)
