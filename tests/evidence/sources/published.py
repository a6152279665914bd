"""Reading fixtures and published files in tests of sources."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from esteem.evidence.sources.contract import RawFile, Source, Tidy, silent
from esteem.terms.places import ENGLAND, is_england

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests" / "fixtures"


def canonical(raw: str) -> str:
    """Stand-in for the gazetteer: England's spellings and ODS codes as they are."""
    return ENGLAND if is_england(raw) else " ".join(raw.split())


def published_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a published CSV by column name, read with nothing of Esteem's."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def tidied(source: Source, path: Path) -> Tidy:
    raw = RawFile(path)
    edition = source.recognise(raw)
    assert edition is not None, f"{path.name} is not recognised by {source.id}"
    return source.tidy(raw, edition, canonical, silent)


def failed_checks(source: Source, path: Path) -> list:
    raw = RawFile(path)
    checks = source.expect(source.tidy(raw, source.recognise(raw), canonical, silent), raw)
    assert checks, "a source checks something"
    return [check for check in checks if not check.passed]


def cells(found: Tidy, **where) -> list[dict]:
    """Observations whose columns equal `where`."""
    table = found.observations
    for name, value in where.items():
        table = table.filter(pc.equal(table.column(name), pa.scalar(value, table.schema.field(name).type)))
    return table.to_pylist()


def cell(found: Tidy, **where) -> dict:
    """The one observation that matches; fails when there are none or several."""
    matching = cells(found, **where)
    assert len(matching) == 1, f"{len(matching)} cells match {where}"
    return matching[0]


def every_series_is_described(found: Tidy) -> bool:
    used = set(found.observations.column("series").to_pylist())
    described = {s.id: s for s in found.series}
    return used == set(described) and all(s.title and s.published_as and s.rounding for s in described.values())


def changed(tmp_path: Path, source: Path, old: str, new: str, name: str = "") -> RawFile:
    """A copy of a text fixture with every `old` replaced; the fixture must hold it."""
    text = source.read_bytes().decode()
    assert old in text
    path = tmp_path / (name or source.name)
    path.write_bytes(text.replace(old, new).encode())
    return RawFile(path)
