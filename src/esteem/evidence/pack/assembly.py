"""From files read to the parts of a pack or snapshot: one source at a time, then the tables that span all sources."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from esteem.evidence import gazetteer
from esteem.evidence.pack.checksums import series_checksums
from esteem.evidence.pack.editions import settle, table_rows
from esteem.evidence.pack.manifest import Part
from esteem.evidence.pack.ordering import sorted_rows
from esteem.evidence.pack.parts import PACKED, decode, encode, joined, part_name
from esteem.evidence.pack.placing import INPUTS, gathered, uses
from esteem.evidence.pack.reading import ReadFile
from esteem.evidence.pack.shapes import EDITIONS, REJECTED, SERIES
from esteem.terms.problems import Problem

NAMING_SOURCES = ("lookups", "organisations")  # read first; their names for places are heard before those of other sources


@dataclass(frozen=True)
class Earlier:
    """What a snapshot already has; an empty one for a pack. `place_of(part)` is the file of a part."""

    parts: tuple[Part, ...] = ()
    place_of: Callable[[Part], Path] = lambda part: Path(part.file)

    def table(self, name: str, source: str = "") -> pa.Table | None:
        part = next((p for p in self.parts if (p.table, p.source) == (name, source)), None)
        return None if part is None else decode(self.place_of(part))

    def of_source(self, name: str, source: str) -> pa.Table | None:
        """The rows of one source in a table that spans all of them."""
        table = self.table(name)
        return None if table is None else table.filter(pc.equal(table["source"], source))


NOTHING = Earlier()


@dataclass(frozen=True)
class WrittenPart:
    part: Part
    data: bytes


@dataclass
class SourceTables:
    """All of one source after its new files: parts ready to write, and its rows of the tables that span sources."""

    source: str
    parts: list[WrittenPart]
    editions: list[dict]
    series: pa.Table
    rejected: pa.Table
    added: list[str] = field(default_factory=list)
    uses: dict[str, date] = field(default_factory=dict)  # place -> start of the last period for which it has a value


def written(table: str, source: str, rows: pa.Table) -> WrittenPart:
    """The rows as a part. Its file is named after the table and the source."""
    data = encode(rows)
    return WrittenPart(Part(table, source, part_name(table, source), hashlib.sha256(data).hexdigest(), len(data), rows.num_rows), data)


def assemble_source(source: str, files: list[ReadFile], earlier: Earlier = NOTHING) -> SourceTables:
    """Join the new files of a source to what is there: winners, superseded cells, reference tables, series with checksums."""
    editions = _rows(earlier.of_source("editions", source)) + [f.edition for f in files]
    known = [earlier.table(name, source) for name in ("observations", "superseded")]
    cells = _joined([*known, *(f.observations for f in files)], PACKED)
    winners, superseded = settle(cells, editions)
    parts = [written(name, source, rows) for name, rows in (("observations", winners), ("superseded", superseded)) if rows.num_rows]
    for name in sorted({name for f in files for name in f.tables}):
        rows = _joined_loosely([earlier.table(name, source), *(f.tables[name] for f in files if name in f.tables)])
        parts.append(written(name, source, sorted_rows(table_rows(rows, editions))))
    return SourceTables(
        source,
        parts,
        editions,
        _series_table(source, files, winners, earlier.of_source("series", source)),
        _joined([earlier.of_source("rejected", source), *(f.rejected for f in files)], REJECTED),
        [f.edition["edition"] for f in files],
        uses(winners),
    )


def _joined(tables: list[pa.Table | None], schema: pa.Schema) -> pa.Table:
    return joined([t for t in tables if t is not None], schema)


def _joined_loosely(tables: list[pa.Table | None]) -> pa.Table:
    """Rows of a reference table whose columns may have grown between editions."""
    return pa.concat_tables([t for t in tables if t is not None], promote_options="default").combine_chunks()


def _rows(table: pa.Table | None) -> list[dict]:
    return [] if table is None else table.to_pylist()


def _series_table(source: str, files: list[ReadFile], winners: pa.Table, earlier: pa.Table | None) -> pa.Table:
    """Words of each series (the last file's), its span and checksum. Series without figures are left out."""
    words = {row["id"]: {name: row[name] for name in SERIES.names[:8]} for row in _rows(earlier)}
    for series in (s for f in files for s in f.series):
        words[series.id] = {name: getattr(series, name) for name in SERIES.names[:8]} | {"notes": list(series.notes)}
    checksums = series_checksums(winners)
    spans = winners.group_by("series").aggregate([("period_start", "min"), ("period_end", "max"), ([], "count_all")]).to_pylist()
    rows = [
        words[s["series"]]
        | {
            "source": source,
            "first_period": s["period_start_min"],
            "last_period": s["period_end_max"],
            "checksum": checksums[s["series"]],
            "observations": s["count_all"],
        }
        for s in spans
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["id"]), SERIES)


def spanning_parts(sources: list[SourceTables], earlier: Earlier = NOTHING) -> list[WrittenPart]:
    """The tables that span all sources: rows of the sources given, and what `earlier` has of the others."""
    done = pa.array([s.source for s in sources], pa.string())

    def others(name: str) -> pa.Table | None:
        table = earlier.table(name)
        return None if table is None else table.filter(pc.invert(pc.is_in(table["source"], done)))

    editions = _joined([others("editions"), pa.Table.from_pylist([e for s in sources for e in s.editions], EDITIONS)], EDITIONS)
    series = _joined([others("series"), *(s.series for s in sources)], SERIES)
    _one_owner(series)
    rejected = _joined([others("rejected"), *(s.rejected for s in sources)], REJECTED)
    return [
        written("editions", "", editions.sort_by("edition")),
        written("series", "", series.sort_by("id")),
        written("rejected", "", sorted_rows(rejected)),
        *(written(name, "", sorted_rows(rows)) for name, rows in sorted(all_places(sources, earlier).tables.items())),
    ]


_places_of: dict[tuple[str, ...], gazetteer.Assembled] = {}  # the last places worked out, by the parts they were worked out from


def all_places(sources: list[SourceTables], earlier: Earlier = NOTHING) -> gazetteer.Assembled:
    """Every place, from what these sources and the others state. Takes a second or two, so the last answer is remembered."""
    fresh = {(p.part.table, p.part.source): p.part.sha256 for s in sources for p in s.parts}
    held = {(p.table, p.source): p.sha256 for p in earlier.parts} | fresh
    key = tuple(f"{table} {source} {sha}" for (table, source), sha in sorted(held.items()) if table in INPUTS)
    if key not in _places_of:
        _places_of.clear()
        _places_of[key] = gathered((name, rows) for name, _, rows in rows_of_all(INPUTS, sources, earlier))
    return _places_of[key]


def rows_of_all(names: Collection[str], sources: list[SourceTables], earlier: Earlier) -> Iterator[tuple[str, str, pa.Table]]:
    """(table, source, rows) of the tables named, naming sources first: as these sources have them now, else as they were."""
    fresh = {(p.part.table, p.part.source): p for s in sources for p in s.parts if p.part.table in names}
    kept = {(p.table, p.source): p for p in earlier.parts if p.table in names}
    order = {source: i for i, source in enumerate(NAMING_SOURCES)}
    for name, source in sorted({*fresh, *kept}, key=lambda key: (order.get(key[1], len(order)), key[1], key[0])):
        part = fresh.get((name, source))
        yield name, source, decode(part.data if part else earlier.place_of(kept[name, source]))


def _one_owner(series: pa.Table) -> None:
    counts = series.group_by("id").aggregate([("source", "list"), ([], "count_all")])
    twice = counts.filter(pc.greater(counts["count_all"], 1)).to_pylist()
    if twice:
        raise Problem(
            "series-two-sources",
            "A series belongs to one source.",
            f"{twice[0]['id']} in {' and '.join(twice[0]['source_list'])}",
            "Tell the developers: two readers use the same name.",
        )
