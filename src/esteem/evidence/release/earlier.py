"""What earlier releases showed, kept beside each release so that the next one is decided together with them.

Kept with the restricted files: `cells.parquet` (each count, and whether it was shown) and `shares.parquet` (each percentage shown).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from esteem.evidence.release.cells import Cells, ShareCells
from esteem.evidence.release.deciding import Decided

CELLS, SHARES = "cells.parquet", "shares.parquet"


def keep_for_later(folder: Path, decided: Decided) -> None:
    """Writes the cells and shares of this run, without those of runs before it."""
    cells, shown = decided.cells, decided.linked.shown
    rows = [
        {
            "name": name,
            "kind": kind,
            "end": end,
            "columns": "|".join(columns),
            "level": level,
            "cell": cell,
            "count": cells.counts[cell],
            "printed": cells.printed[cell],
            "exact": cells.exact[cell],
            "shown": bool(shown[cell]),
        }
        for (name, kind, end, columns), table in cells.tables.items()
        for level, cell in table.items()
        if not cells.earlier[cell]
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=_CELLS), folder / CELLS)
    shares = [
        {
            "above": s.above,
            "below": -1 if s.below is None else s.below,
            "constant": s.constant,
            "times": s.times,
            "shown": s.shown,
            "step": s.step,
        }
        for s in cells.shares
        if s.where is not None and not s.hidden
    ]
    pq.write_table(pa.Table.from_pylist(shares, schema=_SHARES), folder / SHARES)


def read_earlier(folders: list[Path]) -> Cells:
    """The cells of earlier releases together; none of them can be taken back."""
    cells = Cells()
    for folder in folders:
        numbers: dict[int, int] = {}
        for row in pq.read_table(folder / CELLS).to_pylist():
            columns = tuple(row["columns"].split("|")) if row["columns"] else ()
            key = (row["name"], row["kind"], row["end"], columns)
            if row["cell"] in numbers:
                cells.tables.setdefault(key, {}).setdefault(row["level"], numbers[row["cell"]])
                continue
            number = numbers[row["cell"]] = cells.cell(key, row["level"], row["count"])
            cells.printed[number], cells.exact[number], cells.earlier[number] = row["printed"], row["exact"], True
            cells.hidden_before[number] = not row["shown"]
        for row in pq.read_table(folder / SHARES).to_pylist():
            below = numbers[row["below"]] if row["below"] >= 0 else None
            cells.shares.append(ShareCells(numbers[row["above"]], below, row["constant"], row["times"], row["shown"], row["step"]))
    return cells


def months_between(first: date, second: date) -> int:
    return int(np.abs((first.year - second.year) * 12 + first.month - second.month))


_CELLS = pa.schema(
    [
        *(("name", pa.string()), ("kind", pa.string()), ("end", pa.date32()), ("columns", pa.string()), ("level", pa.string())),
        *(("cell", pa.int64()), ("count", pa.float64()), ("printed", pa.bool_()), ("exact", pa.bool_()), ("shown", pa.bool_())),
    ]
)
_SHARES = pa.schema(
    [
        *(("above", pa.int64()), ("below", pa.int64()), ("constant", pa.float64())),
        *(("times", pa.float64()), ("shown", pa.float64()), ("step", pa.float64())),
    ]
)
