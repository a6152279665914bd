"""What the two editions of the English Indices of Deprivation share: one column of a file of districts becomes one series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Progress, RawFile, Rejected, Series, Tidy
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell
from esteem.terms.periods import calendar_year

_ONE_YEAR = "Compares places in one year; no trend."


@dataclass(frozen=True)
class DistrictColumn:
    """A column of the file, the name of its series after the dot, its title and unit."""

    column: str
    name: str
    title: str
    unit: str
    note: str = ""


def district_series(
    raw: RawFile,
    header: Sequence[str],
    columns: Sequence[DistrictColumn],
    prefix: str,
    year: int,
    vintage: str,
    canonical: Canonical,
    progress: Progress,
) -> Tidy:
    """Observations of all `columns` for the year of the index. Shares outside 0 to 1 are quarantined."""
    rows, rejected, period = ObservationRows(), [], calendar_year(year)
    read = kept = 0
    for line, cells in delimited.records(raw, header, progress, rejected):
        read += 1
        row = dict(zip(header, (c.strip() for c in cells), strict=False))
        kept += 1
        place, where = canonical(row[header[0]]), f"row {line}"
        for c in columns:
            value, flags = read_cell(row[c.column], where, c.column, rejected)
            if value is not None and c.unit == "proportion" and not 0 <= value <= 1:
                rule = "A share lies between 0 and 1."
                rejected.append(Rejected(where, c.column, rule, row[c.column], "Ask the publisher for the right figure."))
                continue
            rows.add(f"{prefix}.{c.name}", place, period, value, vintage=vintage, flags=flags, source_row=f"{where} column {c.column}")
    series = [
        Series(f"{prefix}.{c.name}", c.title, c.unit, c.column, rounding="as published", notes=tuple(filter(None, (c.note, _ONE_YEAR))))
        for c in columns
    ]
    return Tidy(rows.table(rejected), series, rejected, rows_read=read, rows_kept=kept)


def summaries_in_range(tidied: Tidy) -> list[Check]:
    """Every district has every summary, and nothing was refused."""
    table = tidied.observations
    counts: dict[str, int] = {}
    for name in table["series"].to_pylist():
        counts[name] = counts.get(name, 0) + 1
    sizes = sorted(set(counts.values()))
    return [
        Check("every district has every summary", len(sizes) == 1, f"{len(counts)} series of {sizes} districts"),
        Check("no impossible share", not tidied.rejected, f"{len(tidied.rejected)} refused"),
    ]
