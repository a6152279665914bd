"""Verify a pack: derive everything again from the published files, and compare table by table and series by series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from esteem.evidence.pack.assembly import WrittenPart
from esteem.evidence.pack.build import Tell, make_pack, unheard
from esteem.evidence.pack.manifest import Manifest, Part, file_sha256, read_manifest
from esteem.evidence.pack.parts import decode, unpacked
from esteem.evidence.pack.shapes import CELL, OBSERVATIONS
from esteem.evidence.sources.contract import Source

_SHOWN = 5  # differences listed for each part
_FIGURES = ("observations", "superseded")
_COMPARED = tuple(name for name in OBSERVATIONS.names if name not in (*CELL, "edition"))


@dataclass(frozen=True)
class Difference:
    """One thing in which the pack and the published files disagree. `packed` and `derived` say what each has."""

    table: str
    source: str = ""
    series: str = ""
    place: str = ""
    period: str = ""
    what: str = ""
    packed: str = ""
    derived: str = ""

    def __str__(self) -> str:
        at = ", ".join(part for part in (self.table, self.source, self.series, self.place, self.period) if part)
        both = f": the pack has {self.packed}, the files give {self.derived}" if self.packed or self.derived else ""
        return f"{at}: {self.what}{both}"


def verify(
    pack: Path, folder: Path, sources: tuple[Source, ...] | None = None, workers: int = 2, tell: Tell = unheard
) -> tuple[Manifest, list[Difference]]:
    """(the pack's manifest, differences); none when the published files in `folder` give exactly what is in the pack."""
    packed = read_manifest(pack)
    found = [_damaged(part) for part in packed.parts if not _is_whole(pack, part)]
    if found:
        return packed, found
    derived, parts = make_pack(folder, sources, workers, tell)
    tell("comparing", 0, 0)
    by_key = {(p.part.table, p.part.source): p for p in parts}
    held = {(p.table, p.source): p for p in packed.parts}
    for key in sorted({*by_key, *held}):
        found += _part_differences(pack, held.get(key), by_key.get(key))
    found += _series_differences(packed, derived)
    if packed.left_out != derived.left_out:
        found.append(Difference("manifest", what="files left out", packed=str(len(packed.left_out)), derived=str(len(derived.left_out))))
    return packed, found


def _is_whole(pack: Path, part: Part) -> bool:
    path = pack / part.file
    return path.exists() and file_sha256(path) == part.sha256


def _damaged(part: Part) -> Difference:
    return Difference(part.table, part.source, what=f"{part.file} is missing or not the bytes that the manifest lists")


def _part_differences(pack: Path, held: Part | None, derived: WrittenPart | None) -> list[Difference]:
    if held is None or derived is None:
        part = held or derived.part
        return [Difference(part.table, part.source, what="only in the pack" if held else "not in the pack")]
    if held.sha256 == derived.part.sha256:
        return []
    one, two = decode(pack / held.file), decode(derived.data)
    if held.table in _FIGURES:
        found = list(islice(_cell_differences(held, unpacked(one), unpacked(two)), _SHOWN))
    else:
        found = list(islice(_row_differences(held, one, two), _SHOWN))
    return found or [Difference(held.table, held.source, what="same rows, other bytes: built with other versions of the libraries")]


def _cell_differences(part: Part, packed: pa.Table, derived: pa.Table) -> Iterator[Difference]:
    """Figure by figure, with series, place and period."""
    with duckdb.connect() as engine:
        engine.register("a", packed)
        engine.register("b", derived)
        keys = (*CELL, "edition") if part.table == "superseded" else CELL
        same = " and ".join(f"a.{name} = b.{name}" for name in keys)
        differs = " or ".join(f"a.{name} is distinct from b.{name}" for name in _COMPARED)
        cell = ", ".join(f"coalesce(a.{name}, b.{name}) as {name}" for name in CELL)
        values = ", ".join(f"a.{name} as a_{name}, b.{name} as b_{name}" for name in _COMPARED)
        sql = (
            f"select {cell}, a.series is not null as in_pack, b.series is not null as in_files, {values} "
            f"from a full join b on {same} where a.series is null or b.series is null or {differs} order by all limit {_SHOWN}"
        )
        cursor = engine.execute(sql)
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield _cell_difference(part, dict(zip(names, row, strict=True)))


def _cell_difference(part: Part, row: dict) -> Difference:
    period = f"{row['period_start']}..{row['period_end']} {row['breakdown']} {row['category']}"
    at = (part.table, part.source, row["series"], row["place"], period)
    if not (row["in_pack"] and row["in_files"]):
        return Difference(*at, what="only in the pack" if row["in_pack"] else "not in the pack")
    name = next(n for n in _COMPARED if row[f"a_{n}"] != row[f"b_{n}"])
    return Difference(*at, name, str(row[f"a_{name}"]), str(row[f"b_{name}"]))


def _row_differences(part: Part, packed: pa.Table, derived: pa.Table) -> Iterator[Difference]:
    if packed.schema != derived.schema:
        yield Difference(part.table, part.source, what="columns", packed=str(packed.schema.names), derived=str(derived.schema.names))
        return
    with duckdb.connect() as engine:
        engine.register("a", packed)
        engine.register("b", derived)
        for where, sql in (("only in the pack", "from a except all from b"), ("not in the pack", "from b except all from a")):
            for row in engine.execute(f"select * from ({sql}) order by all limit {_SHOWN}").fetchall():
                yield Difference(part.table, part.source, what=f"{where}: {' | '.join(map(str, row))[:300]}")


def _series_differences(packed: Manifest, derived: Manifest) -> list[Difference]:
    found = []
    for name in sorted({*packed.series, *derived.series}):
        one, two = packed.series.get(name, "none"), derived.series.get(name, "none")
        if one != two:
            found.append(Difference("series", series=name, what="checksum", packed=one[:16], derived=two[:16]))
    return found
