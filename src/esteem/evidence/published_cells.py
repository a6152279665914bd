"""The published cells that answer a measure: read from the snapshot, counts joined, one series speaking for each period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from esteem.evidence.answers import Cell, SourceFile
from esteem.evidence.model import Measure, Published
from esteem.terms import flags as flag
from esteem.terms.periods import Period
from esteem.terms.problems import Problem

COLUMNS = (
    "o.series, o.place, o.period_start, o.period_end, o.period_kind, o.breakdown, o.category, o.value, o.numerator, o.denominator,"
    " o.lower, o.upper, o.flags, o.source_row, o.edition"
)
Line = tuple[str, str]  # (place, category)


@dataclass(frozen=True)
class Choice:
    """Which cells: places by code or by kind, one breakdown, one category ("" = every one), periods that ended by `as_at`.

    `within` leaves out cells that lie wholly before or after it.
    """

    places: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    breakdown: str = "all"
    category: str = ""
    as_at: date | None = None
    within: Period | None = None


def series_names(witness: Published) -> tuple[str, ...]:
    """Every series the witness names, without repeats."""
    named = (*witness.series, witness.numerator, witness.denominator, witness.minus)
    return tuple(dict.fromkeys(name for name in named if name))


def choose_breakdown(snapshot, measure: Measure, by: str | None) -> tuple[str, str]:
    """(breakdown, category) to read: those of the witness, or every category of `by`. Problem `breakdown-unknown` names what exists.

    A measure of one group (people with a long-term condition) is broken down only by what it names itself.
    """
    witness = measure.published
    if by is None:
        return witness.breakdown, witness.category
    held = [
        row["breakdown"]
        for row in snapshot.rows(
            f"select distinct breakdown from observations where series in ({_marks(witness.series)}) order by 1", list(witness.series)
        )
    ]
    groups = [name for name in held if name != "all"] if witness.breakdown == "all" else list(measure.breakdowns)
    if by not in held or (witness.breakdown != "all" and by not in groups):
        remedy = f"Ask for one of: {', '.join(groups)}." if groups else "Leave the breakdown out: the publisher gives none."
        raise Problem("breakdown-unknown", f"{measure.title} is not published by {by!r}.", by, remedy)
    return by, ""


def read_cells(snapshot, measure: Measure, choice: Choice) -> dict[Line, list[Cell]]:
    """Cells by (place, category), each list in the order of time; one series speaks for each period."""
    witness = measure.published
    by_series: dict[str, dict[tuple, Cell]] = defaultdict(dict)
    ranks = {series: rank for rank, series in enumerate(witness.series)}
    for row in _fetch(snapshot, series_names(witness), choice):
        cell = _cell(ranks, *row)
        by_series[cell.series][_key(cell)] = cell
    lines: dict[Line, list[Cell]] = defaultdict(list)
    for series in witness.series:
        taken = {line: [cell.period for cell in cells] for line, cells in lines.items()}
        for cell in by_series[series].values():
            line = (cell.place, cell.category)
            if _spoken_for(cell.period, taken.get(line, ())):
                continue
            if (joined := _joined(cell, measure, by_series)) is not None:
                lines[line].append(joined)
    return {line: sorted(cells, key=lambda cell: (cell.period.start, cell.period.end)) for line, cells in lines.items()}


def _spoken_for(period: Period, taken) -> bool:
    return any(other.start <= period.end and period.start <= other.end for other in taken)


def _marks(values) -> str:
    return ", ".join("?" * len(values))


def _fetch(snapshot, series: tuple[str, ...], choice: Choice) -> Iterator[tuple]:
    """Rows of COLUMNS. The snapshot remembers short answers; those for every place of a kind are long, and come column by column."""
    source, parameters = ("observations_as_at(?) o", [choice.as_at]) if choice.as_at else ("observations o", [])
    conditions = [f"o.series in ({_marks(series)})", "o.breakdown = ?"]
    parameters += [*series, choice.breakdown]
    if choice.category:
        conditions.append("o.category = ?")
        parameters.append(choice.category)
    if choice.kinds:
        source += " join places p on p.code = o.place"
        conditions.append(f"p.kind in ({_marks(choice.kinds)})")
        parameters += choice.kinds
    else:
        conditions.append(f"o.place in ({_marks(choice.places)})")
        parameters += choice.places
    if choice.within:
        conditions.append("o.period_start <= ? and o.period_end >= ?")
        parameters += [choice.within.end, choice.within.start]
    sql = f"select {COLUMNS} from {source} where {' and '.join(conditions)}"
    if choice.kinds:
        return zip(*(column.to_pylist() for column in snapshot.table(sql, parameters).columns), strict=True)
    return (tuple(row.values()) for row in snapshot.rows(sql, parameters))


def _cell(
    ranks: dict[str, int], series, place, start, end, kind, breakdown, category, number, top, bottom, lower, upper, flags, row, edition
) -> Cell:
    """The cell of a row of COLUMNS."""
    return Cell(
        series=series,
        place=place,
        period=_period(start, end, kind),
        breakdown=breakdown,
        category=category,
        number=number,
        numerator=top,
        denominator=bottom,
        lower=lower,
        upper=upper,
        flags=_flags(flags),
        edition=edition or "",
        source_row=row or "",
        rank=ranks.get(series, 0),
    )


# Thousands of cells share a few periods and flags.
_period = lru_cache(4096)(Period)


@lru_cache(4096)
def _flags(text: str | None) -> frozenset[str]:
    return frozenset(flag.split(text))


def _key(cell: Cell) -> tuple:
    return cell.place, cell.period.start, cell.period.end, cell.category


def _joined(cell: Cell, measure: Measure, by_series: dict[str, dict[tuple, Cell]]) -> Cell | None:
    """The cell with its counts from other series, or with the other series taken away (None where that one has no cell)."""
    witness = measure.published
    if witness.minus:
        return _less(cell, by_series[witness.minus])
    if not (witness.numerator or witness.denominator):
        return cell
    top, bottom = (by_series[name].get(_key(cell)) if name else None for name in (witness.numerator, witness.denominator))
    own = (cell, *(part for part in (top, bottom) if part is not None and part is not cell))
    joined = replace(cell, numerator=_number(top), denominator=_number(bottom), own=own)
    if witness.numerator in witness.series:
        return _quotient(joined, top, bottom, measure.multiplier)
    return joined


def _number(cell: Cell | None) -> float | None:
    return cell.number if cell else None


def _quotient(cell: Cell, top: Cell | None, bottom: Cell | None, multiplier: float) -> Cell:
    """The measure has no published value: numerator over denominator, or nothing when a part is missing or the whole is zero."""
    parts = [part for part in (top, bottom) if part]
    flags = frozenset().union(*(part.flags for part in parts)) - flag.MISSING - {flag.EXACT}
    if cell.numerator is None or cell.denominator is None:
        return replace(cell, number=None, flags=flags | missing_flags(parts))
    if not cell.denominator:
        return replace(cell, number=None, flags=flags | {flag.TOO_FEW})
    return replace(cell, number=cell.numerator / cell.denominator * multiplier, flags=flags | {flag.DERIVED})


def missing_flags(parts) -> set[str]:
    """Why a figure made of `parts` has no value: a suppressed part is named as such before any other reason."""
    hidden = any(part.flags & {flag.SUPPRESSED, flag.SUPPRESSED_PART} for part in parts if part.number is None)
    return {flag.SUPPRESSED_PART if hidden else flag.MISSING_PART}


def _less(cell: Cell, others: dict[tuple, Cell]) -> Cell | None:
    """Difference in percentage points against the cell of the period that begins in the same calendar year."""
    match = next((o for o in others.values() if o.place == cell.place and o.period.start.year == cell.period.start.year), None)
    if match is None:
        return None
    parts = (cell, match)
    flags = (cell.flags | match.flags) - flag.MISSING - {flag.EXACT}
    bare = replace(cell, numerator=None, denominator=None, lower=None, upper=None, own=parts)
    if cell.number is None or match.number is None:
        return replace(bare, number=None, flags=flags | missing_flags(parts))
    return replace(bare, number=(cell.number - match.number) * 100, flags=flags | {flag.DERIVED})


def source_files(snapshot) -> dict[str, SourceFile]:
    """Every edition of the snapshot by its id."""
    names = "edition, source, publisher, title, label, sha256, licence, attribution, homepage, loaded, release_policy"
    return {
        row["edition"]: SourceFile(
            row["edition"],
            row["source"] or "",
            row["publisher"] or "",
            row["title"] or "",
            row["label"] or "",
            row["sha256"] or "",
            row["licence"] or "",
            row["attribution"] or "",
            row["homepage"] or "",
            str(row["loaded"] or ""),
            row["release_policy"] or "published",
        )
        for row in snapshot.rows(f"select {names} from editions")
    }
