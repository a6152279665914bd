"""The builder every source uses: published cells in, one table of observations out, repeated cells found on the way.

rows = ObservationRows()
rows.add("eip_history.completed", "99G", period, 0.5, numerator=3, denominator=6, vintage="2019-04", source_row="row 12")
table = rows.table(rejected)      # OBSERVATION schema; repeated cells are added to `rejected`
"""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pyarrow as pa

from esteem.evidence.sources.contract import OBSERVATION, Canonical, Rejected, read_number
from esteem.terms import flags as flag
from esteem.terms.periods import Period
from esteem.terms.places import ENGLAND, is_england

KEY = ("series", "place", "period_start", "period_end", "breakdown", "category")
_FIGURES = ("value", "numerator", "denominator", "lower", "upper")
_CHUNK = 65_536


class ObservationRows:
    """Collects cells column by column and packs them away every 65,536 rows, so that a large file stays small in memory."""

    def __init__(self):
        self._columns: list[list] = [[] for _ in OBSERVATION]
        self._packed: list[pa.RecordBatch] = []
        self._says_missing: dict[str, bool] = {}

    def __len__(self) -> int:
        return sum(len(batch) for batch in self._packed) + len(self._columns[0])

    def add(
        self,
        series: str,
        place: str,
        period: Period,
        value: float | None,
        *,
        source_row: str,
        flags: str = "",
        vintage: str = "",
        breakdown: str = "all",
        category: str = "All",
        numerator: float | None = None,
        denominator: float | None = None,
        lower: float | None = None,
        upper: float | None = None,
    ) -> None:
        """One published cell. `flags` is text as `terms.flags.join` gives it.

        Raises ValueError when a cell without a value has no flag that says why, or a cell with a value has one.
        """
        if self._missing(flags) != (value is None):
            raise ValueError(f"{series} {place} {source_row}: value {value!r} does not agree with flags {flags!r}")
        cell = (
            *(series, place, vintage, period.start, period.end, period.kind, breakdown, category),
            *(value, numerator, denominator, lower, upper, flags, source_row),
        )
        for column, item in zip(self._columns, cell, strict=True):
            column.append(item)
        if len(self._columns[0]) >= _CHUNK:
            self._pack()

    def _missing(self, flags: str) -> bool:
        known = self._says_missing.get(flags)
        if known is None:
            known = self._says_missing[flags] = not flag.MISSING.isdisjoint(flag.split(flags))
        return known

    def _pack(self) -> None:
        arrays = [pa.array(column, field.type) for column, field in zip(self._columns, OBSERVATION, strict=True)]
        self._packed.append(pa.RecordBatch.from_arrays(arrays, schema=OBSERVATION))
        self._columns = [[] for _ in OBSERVATION]

    def table(self, rejected: list[Rejected] | None = None) -> pa.Table:
        """All cells. With `rejected`, repeated cells are judged first (see `settle_repeats`)."""
        if self._columns[0]:
            self._pack()
        table = pa.Table.from_batches(self._packed, OBSERVATION)
        return table if rejected is None else settle_repeats(table, rejected)


def settle_repeats(table: pa.Table, rejected: list[Rejected]) -> pa.Table:
    """Cells that share a key: the same figures twice are kept once and reported; different figures are all quarantined."""
    codes = _key_codes(table)
    if len(table) == 0 or len(np.unique(codes)) == len(table):
        return table
    keep = np.ones(len(table), bool)
    for group in _groups(codes):
        cells = table.take(pa.array(group)).to_pylist()
        same = len({tuple(c[name] for name in (*_FIGURES, "flags")) for c in cells}) == 1
        keep[group[1:] if same else group] = False
        rejected.extend(_repeat(cell, cells[0], same) for cell in (cells[1:] if same else cells))
    return table.filter(pa.array(keep))


def _key_codes(table: pa.Table) -> np.ndarray:
    """One whole number for each row; equal exactly when the whole key is equal."""
    codes = np.zeros(len(table), np.int64)
    for name in KEY:
        column = table.column(name).combine_chunks().dictionary_encode()
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        codes = codes * max(len(column.dictionary), 1) + np.asarray(column.indices, np.int64)
        codes = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    return codes


def _groups(codes: np.ndarray):
    """Row numbers of each key that occurs more than once, first row first."""
    order = np.argsort(codes, kind="stable")
    bounds = np.flatnonzero(np.diff(codes[order])) + 1
    return (group for group in np.split(order, bounds) if len(group) > 1)


def _repeat(cell: dict, first: dict, same: bool) -> Rejected:
    what = f"{cell['series']}, {cell['place']}, {cell['period_start']} to {cell['period_end']}, {cell['category']}"
    if same:
        rule = f"Each figure stands once in a file. This one repeats {first['source_row']} and is kept once."
        return Rejected(cell["source_row"], "", rule, what, "Nothing, if the publisher repeated the row.", "repeated")
    rule = "Each figure stands once in a file. This place, period and group has different figures in other rows: none is used."
    return Rejected(cell["source_row"], "", rule, f"{what}: {cell['value']}", "Ask the publisher which row is right.", "contradictory")


def read_cell(text, row: str, column: str, rejected: list[Rejected]) -> tuple[float | None, str]:
    """(value, flag) of a published cell as `read_number`; unreadable text is reported and comes back as (None, "unknown")."""
    try:
        return read_number(text)
    except ValueError:
        remedy = "Write a number, or the publisher's mark for a value that is not given."
        rejected.append(Rejected(row, column, "A figure is a number or a mark such as * or [x].", repr(text), remedy, "unreadable"))
        return None, flag.UNKNOWN


def rows_in_words(numbers) -> str:
    """`row 12` or `rows 12-15,455`: physical line numbers in order, runs joined."""
    runs: list[list[int]] = []
    for n in sorted(set(numbers)):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    text = ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
    return f"rows {text}" if len(runs) > 1 or (runs and runs[0][0] != runs[0][1]) else f"row {text}"


def place_code(raw: str, canonical: Canonical) -> str:
    """Canonical code of a place; every spelling of England comes to the one code of England."""
    return ENGLAND if is_england(raw) else canonical(raw)


def april_before(day: date) -> str:
    """Vintage of codes that change each April: `2018-04` for any day from April 2018 to March 2019."""
    return f"{day.year if day.month >= 4 else day.year - 1}-04"


def slug(text: str) -> str:
    """A name for series ids: `Section 135/136 to 2` becomes `section_135_136_to_2`."""
    return "_".join(re.findall(r"[a-z0-9]+", text.casefold()))
