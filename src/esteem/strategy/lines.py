"""Where in a TOML file each table and key stands, so that an error can name its line (tomllib keeps no positions)."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+|\"[^\"]+\")\s*=")

Path = tuple[str | int, ...]


def line_numbers(text: str) -> dict[Path, int]:
    """Path of each table and of each key on a line of its own -> line number from 1.

    A path is like ("promise", 13, "measure", 0, "target", "by"). Keys inside inline tables have the line of the inline table.
    """
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _table_path(header[2].split("."), header[1] == "[[", counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1].strip('"')), number)
    return found


def _table_path(names: list[str], repeated: bool, counts: dict[Path, int]) -> Path:
    """The path of a header: each name followed by the number of the latest entry where it is an array of tables."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if repeated:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


def line_of(found: dict[Path, int], path: Path) -> int | None:
    """Line of `path`, or of the nearest table that holds it."""
    while path:
        if path in found:
            return found[path]
        path = path[:-1]
    return None
