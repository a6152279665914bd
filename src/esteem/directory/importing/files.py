"""Service records from files: JSON (a list, a page of a feed, one service), one JSON object a line, or a folder of such files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from esteem.directory.importing.feeds import records_of
from esteem.terms.problems import Problem, Problems

MOST_BYTES = 500_000_000
_ENDINGS = (".json", ".ndjson", ".jsonl")
# Files of a dump that hold something other than services, by the names that the standard gives them.
_NOT_SERVICES = ("taxonom", "organization", "organisation", "location", "api_details", "metadata", "openapi")


def read_path(path: Path) -> Iterator[dict]:
    """Every service record in a file or a folder. Raises Problem or Problems."""
    if path.is_dir():
        yield from _folder(path)
    elif path.is_file():
        yield from read_file(path)
    else:
        raise Problem("file-missing", "The file or folder is there.", str(path), "Check the name.")


def _folder(folder: Path) -> Iterator[dict]:
    files = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() in _ENDINGS and not p.name.lower().startswith(_NOT_SERVICES)]
    if not files:
        raise Problem("folder-empty", "A folder holds JSON files of services.", str(folder), "Name the folder that holds them.")
    wrong: list[Problem] = []
    for path in files:
        try:
            yield from read_file(path)
        except Problem as problem:
            wrong.append(problem)
    if wrong:
        raise Problems(wrong)


def read_file(path: Path) -> list[dict]:
    if path.stat().st_size > MOST_BYTES:
        raise Problem("file-huge", f"A file has at most {MOST_BYTES:,} bytes.", path.name, "Split it.", path.name)
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        return records_of(json.loads(text), path.name)
    except RecursionError:
        raise Problem("file-unreadable", "A file is not nested without end.", path.name, "Save it anew.", path.name) from None
    except ValueError as failure:
        if "\n" in text.strip():
            return _lines(text, path.name)
        remedy = "Save it as JSON, or as one JSON object a line."
        raise Problem("file-unreadable", "A file of services is JSON.", str(failure)[:100], remedy, path.name) from None


def _lines(text: str, name: str) -> list[dict]:
    records: list[dict] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                records += records_of(json.loads(line), name)
            except (ValueError, RecursionError) as failure:
                rule, remedy = "Each line is one JSON object.", "Correct the line."
                raise Problem("file-unreadable", rule, str(failure)[:100], remedy, name, number) from None
    return records
