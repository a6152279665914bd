"""How a figure was computed: the file, the rows, the formula with its numbers, what was withheld, and a script that does it again."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.evidence.answers import Answer, Cell, SourceFile
from esteem.evidence.computed_script import script_for
from esteem.evidence.model import Measure
from esteem.evidence.publish import POLICIES, Released, release, why_missing
from esteem.terms import flags as flag
from esteem.terms.problems import Problem


@dataclass(frozen=True)
class RowUsed:
    """One published cell the figure rests on, as it stands in its file. A cell without a value says why in `flags`."""

    file: str
    where: str
    series: str
    place: str
    period: str
    category: str
    value: float | None
    numerator: float | None
    denominator: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Earlier:
    """A value of the same cell in an edition that a newer one replaced."""

    edition: str
    where: str
    value: float | None
    numerator: float | None
    denominator: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True)
class How:
    """Everything behind one figure. `formula` has the numbers put in; `withheld` says what is not shown and why; `script` is Python."""

    question: str
    answer: Released
    files: tuple[SourceFile, ...]
    rows: tuple[RowUsed, ...]
    definition: str
    formula: str
    method: str
    withheld: tuple[str, ...]
    earlier: tuple[Earlier, ...]
    notes: tuple[str, ...]
    script: str


def how(snapshot, measure: Measure, answer: Answer) -> How:
    """The account of one answer of `ask`. Raises Problem `answer-of-another-measure`."""
    if answer.measure != measure.id:
        raise Problem("answer-of-another-measure", "An answer is explained by its own measure.", f"{answer.measure} and {measure.id}")
    [shown] = release([answer])
    return How(
        question=measure.question,
        answer=shown,
        files=shown.files,
        rows=tuple(_row(cell) for cell in shown.cells),
        definition=_definition(measure),
        formula=_formula(measure, shown),
        method=shown.method,
        withheld=tuple(_withheld(shown)),
        earlier=tuple(earlier(snapshot, shown.cells)),
        notes=tuple(dict.fromkeys((*shown.words, *(flag.WORDS[name] for name in shown.flags if name in flag.WORDS)))),
        script=script_for(measure, shown),
    )


def _row(cell: Cell) -> RowUsed:
    return RowUsed(
        cell.edition,
        cell.source_row,
        cell.series,
        cell.place,
        cell.period.label,
        cell.category,
        cell.number,
        cell.numerator,
        cell.denominator,
        tuple(sorted(cell.flags)),
    )


def _definition(measure: Measure) -> str:
    witness = measure.published
    words = [f"Published series, in order of preference: {', '.join(witness.series)}."]
    if witness.numerator:
        words.append(f"Counted: {witness.numerator}.")
    if witness.denominator:
        words.append(f"Out of: {witness.denominator}.")
    if witness.minus:
        words.append(f"Taken away: {witness.minus}.")
    if witness.category != "All":
        words.append(f"Only the published row of {witness.category} ({witness.breakdown.replace('_', ' ')}).")
    return " ".join(words)


def _plain(number: float) -> str:
    return f"{number:,.10g}" if abs(number) < 1e9 else f"{number:,.0f}"


def _formula(measure: Measure, answer: Released) -> str:
    """The arithmetic with its numbers; no number appears that was withheld."""
    if answer.number is None:
        return f"No figure: {why_missing(answer)}."
    result = _plain(answer.number)
    if measure.published.minus:
        first, second = answer.cells[0], answer.cells[-1]
        return f"({_plain(first.number)} - {_plain(second.number)}) x 100 = {result} percentage points"
    if flag.POOLED not in answer.flags and flag.DERIVED not in answer.flags:
        counts = f" (published counts: {_plain(answer.numerator)} of {_plain(answer.denominator)})" if _counted(answer) else ""
        return f"{result}, as published{counts}"
    if _counted(answer):
        times = f" x {_plain(measure.multiplier)}" if measure.multiplier != 1 else ""
        return f"{_sum(answer, measure)}{_plain(answer.numerator)} / {_plain(answer.denominator)}{times} = {result}"
    return f"{' + '.join(_plain(cell.number) for cell in answer.cells)} = {result}"


def _counted(answer: Released) -> bool:
    return answer.numerator is not None and bool(answer.denominator)


def _sum(answer: Released, measure: Measure) -> str:
    """`(15 + 9 + ...) / (20 + 12 + ...) = `, when counts of several cells were added."""
    witness = measure.published
    top = _parts(answer, witness.numerator, "numerator")
    bottom = _parts(answer, witness.denominator, "denominator")
    if len(top) < 2:
        return ""
    return f"({' + '.join(map(_plain, top))}) / ({' + '.join(map(_plain, bottom))}) = "


def _parts(answer: Released, series: str, name: str) -> list[float]:
    """The counts added up: from a series of their own, or from the columns beside the share."""
    if series:
        return [cell.number for cell in answer.cells if cell.series == series and cell.number is not None]
    return [getattr(cell, name) for cell in answer.cells if getattr(cell, name) is not None]


def _withheld(answer: Released):
    hidden = [cell for cell in answer.cells if flag.SUPPRESSED in cell.flags]
    if hidden:
        places = ", ".join(dict.fromkeys(f"{cell.place} {cell.period.label}" for cell in hidden))
        yield f"Suppressed by the publisher because the number is small: {places}. It is not worked out from other figures."
    if flag.MISSING_PART in answer.flags:
        empty = [cell for cell in answer.cells if cell.number is None and cell not in hidden]
        places = ", ".join(dict.fromkeys(f"{cell.place} {cell.period.label}" for cell in empty))
        yield f"A part has no published figure{f': {places}' if places else ''}, so the sum is not given."
    if flag.TOO_FEW in answer.flags:
        yield "There are too few events for a figure that means something."
    yield from (POLICIES[name].words for name in answer.policies)


def earlier(snapshot, cells: tuple[Cell, ...], limit: int = 50) -> list[Earlier]:
    """Values that newer editions replaced, for at most `limit` of the cells, oldest edition first."""
    found: list[Earlier] = []
    for cell in cells[:limit]:
        rows = snapshot.rows(
            "select edition, source_row, value, numerator, denominator, flags from superseded where series = ? and place = ?"
            " and period_start = ? and period_end = ? and breakdown = ? and category = ? order by edition",
            [cell.series, cell.place, cell.period.start, cell.period.end, cell.breakdown, cell.category],
        )
        found += [
            Earlier(r["edition"], r["source_row"], r["value"], r["numerator"], r["denominator"], tuple(flag.split(r["flags"])))
            for r in rows
        ]
    return found
