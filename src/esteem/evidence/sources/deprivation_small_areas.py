"""What the two editions of the English Indices of Deprivation share: tenths, ranks and scores of small areas."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Progress, RawFile, Rejected, Tidy
from esteem.evidence.sources.observation_rows import read_cell

TENTHS = 10


def small_area_table(raw: RawFile, columns: Sequence[str], table: str, progress: Progress) -> Tidy:
    """Tenths (1 = most deprived) of the index and its domains, rank and score of the index, under lower-case names.

    Ranks and scores of single domains are checked and then left out: they would take a tenth of a whole pack.
    """
    names = [re.sub(r"[^a-z0-9]+", "_", c.lower()) for c in columns[1:]]
    kept = [i for i, name in enumerate(names) if name.endswith("_decile") or name.startswith("imd_")]
    areas, figures, rejected, read = [], {i: [] for i in kept}, [], 0
    for line, cells in delimited.records(raw, columns, progress, rejected):
        read += 1
        values = [read_cell(text, f"row {line}", column, rejected)[0] for text, column in zip(cells[1:], columns[1:], strict=False)]
        if (wrong := _impossible(values, names)) is not None:
            rule = "A tenth is a whole number from 1 to 10, a rank a whole number from 1."
            found = cells[1 + wrong].strip()
            rejected.append(Rejected(f"row {line}", columns[1 + wrong], rule, found, "Ask the publisher for the right figure."))
            continue
        areas.append(cells[0].strip())
        for i in kept:
            figures[i].append(values[i] if names[i].endswith("_score") else int(values[i]))
    arrays = [pa.array(figures[i], _type(names[i])) for i in kept]
    made = pa.table([pa.array(areas, pa.string()), *arrays], names=["small_area", *(names[i] for i in kept)])
    left = ", ".join(column for i, column in enumerate(columns[1:]) if i not in kept)
    notes = [f"Columns not kept: {left}"]
    return Tidy(tables={table: made.sort_by("small_area")}, rejected=rejected, rows_read=read, rows_kept=len(areas), notes=notes)


def _type(name: str) -> pa.DataType:
    return pa.float64() if name.endswith("_score") else pa.int32()


def _impossible(values: list[float | None], names: list[str]) -> int | None:
    for i, (value, name) in enumerate(zip(values, names, strict=True)):
        if name.endswith("_decile") and (value is None or value != int(value) or not 1 <= value <= TENTHS):
            return i
        if name.endswith("_rank") and (value is None or value != int(value) or value < 1):
            return i
    return None


def tenths_and_ranks(table: pa.Table) -> list[Check]:
    """Ranks run from 1 to the number of areas; tenths hold a tenth of the areas each and follow the ranks."""
    count = len(table)
    ranks, tenths = table["imd_rank"].to_pylist(), table["imd_decile"].to_pylist()
    by_rank = [tenth for _, tenth in sorted(zip(ranks, tenths, strict=True))]
    sizes = [tenths.count(t) for t in range(1, TENTHS + 1)]
    return [
        Check("ranks run from 1 to the number of areas", _is_ranking(sorted(ranks)), f"{count} areas"),
        Check("tenths follow the ranks, 1 the most deprived", by_rank == sorted(by_rank), f"areas in each tenth: {sizes}"),
        Check("each tenth holds a tenth of the areas", max(sizes) - min(sizes) <= 1, f"{min(sizes)} to {max(sizes)}"),
    ]


def _is_ranking(ranks: list[int]) -> bool:
    """1, 2, 3 ...: areas that tie share the rank of the first of them."""
    return all(rank in (place, before) for place, (before, rank) in enumerate(zip([0, *ranks], ranks, strict=False), 1))
