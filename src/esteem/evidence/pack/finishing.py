"""What can only be worked out when several sources are together: which areas each postcode lies in."""

from __future__ import annotations

import pyarrow as pa

from esteem.evidence.pack.assembly import NOTHING, Earlier, SourceTables, WrittenPart, rows_of_all, written
from esteem.evidence.postcode_areas import with_areas

_TOGETHER = ("postcodes", "boundaries", "small_areas")
_WORKED_OUT = ("small_area", "district", "sub_icb", "method")


def finished(sources: list[SourceTables], earlier: Earlier = NOTHING) -> list[WrittenPart]:
    """The parts of the sources, and the postcodes with their areas when what they rest on is among the sources."""
    parts = [part for source in sources for part in source.parts]
    if not any(part.part.table in _TOGETHER for part in parts):
        return parts
    tables: dict[str, list[pa.Table]] = {name: [] for name in _TOGETHER}
    owners = set()
    for name, source, rows in rows_of_all(_TOGETHER, sources, earlier):
        tables[name].append(rows)
        owners |= {source} if name == "postcodes" else set()
    if not all(tables.values()):
        return parts
    postcodes, boundaries, small_areas = (pa.concat_tables(tables[name], promote_options="default") for name in _TOGETHER)
    plain = postcodes.select([name for name in postcodes.column_names if name not in _WORKED_OUT])
    located = written("postcodes", min(owners), with_areas(plain, boundaries, small_areas))
    return [part for part in parts if part.part.table != "postcodes"] + [located]
