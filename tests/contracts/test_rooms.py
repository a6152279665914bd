"""What each room may import from outside the house, and names that say nothing. Imports between rooms are import-linter's."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

MAY_IMPORT = {
    "terms": set(),
    "methods": {"numpy", "scipy"},
    "store": {"django"},
    "evidence": {"duckdb", "ibis", "pyarrow", "numpy", "python_calamine", "shapely", "pyspark"},
    "strategy": {"numpy"},
    "directory": {
        *("tantivy", "symspellpy", "rapidfuzz", "dateutil", "holidays", "phonenumbers", "nh3", "httpx", "yaml", "numpy", "psycopg"),
        *("pyarrow", "python_calamine", "xlsxwriter", "shapely", "textstat"),
    },
}
NEVER = {"pandas", "polars", "matplotlib", "requests", "pytz"}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def modules(root: Path, room: str = "") -> list[Path]:
    return sorted((root / "src" / "esteem" / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level names of the packages outside the standard library and this house that a file imports, wherever it does."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"esteem", "__future__"}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(root, room):
    strays = {path.relative_to(root).as_posix(): found - MAY_IMPORT[room] for path in modules(root, room) if (found := imported(path))}
    assert {path: found for path, found in strays.items() if found} == {}


def test_nothing_imports_what_is_banned(root):
    found = {path.relative_to(root).as_posix(): bad for path in modules(root) if (bad := imported(path) & NEVER)}
    assert found == {}


def test_every_module_has_a_name_that_says_something(root):
    assert [path.name for path in modules(root) if path.stem in NAMES_THAT_SAY_NOTHING] == []
