"""Answers as lines of a page: the figure in words, its period, its flags, the link to how it was computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from esteem.evidence import publish
from esteem.evidence.answers import Answer
from esteem.evidence.model import Measure
from esteem.terms import flags as flag
from esteem.web.downloads.tables import Column, Table
from esteem.web.words import addresses, place_names


@dataclass(frozen=True)
class FigureLine:
    """One row of a table of figures. `value` is the number in words or why there is none; `counts` "222 of 291".

    `address` leads to how it was computed; it is "" where there is no figure at all.
    """

    period: str
    place: str
    place_address: str
    category: str
    value: str
    interval: str
    counts: str
    flags: str
    address: str
    note: str = ""
    ratio: str = ""
    emphasis: bool = False


def figure_line(answer: publish.Released, measure: Measure, emphasis: bool = False) -> FigureLine:
    missing = answer.number is None
    nothing = answer.period.end == date.max  # no figure of any period: there is no cell to explain
    return FigureLine(
        period="" if nothing else answer.period.words,
        place=answer.place_name or answer.place,
        place_address=addresses.measure(measure.id, place=answer.place),
        category=answer.category,
        value=publish.why_missing(answer) if missing else publish.number_text(answer.number, measure, extra=1),
        interval="" if missing or answer.lower is None or answer.upper is None else limits(answer, measure),
        counts=publish.counts_text(answer),
        flags=", ".join(flag.WORDS[name] for name in answer.flags if name in flag.WORDS and name not in flag.MISSING),
        address="" if nothing else addresses.computed(answer),
        note=answer.label if answer.label and answer.label != "Common Cause" else "",
        ratio=ratio(answer),
        emphasis=emphasis,
    )


def limits(answer: publish.Released, measure: Measure) -> str:
    low, high = (publish.number_text(v, measure, extra=1, bare=True) for v in (answer.lower, answer.upper))
    return f"{low} to {high}"


def ratio(answer: publish.Released) -> str:
    """`3.4 times (3.1 to 3.7)` against the reference; empty for the reference itself."""
    alone = answer.ratio is None or answer.category == answer.against or answer.place_name == answer.against
    return "" if alone else publish.ratio_text(answer)


def released(answers, geography) -> list[publish.Released]:
    """The answers as the public may see them, with places named as people know them."""
    told = place_names.told(geography)
    return [replace(answer, place_name=told(answer.place_name)) for answer in publish.release(answers)]


def table_of(answers: list[publish.Released], measure: Measure, name: str, title: str, spc: bool = False, against: bool = False) -> Table:
    """Every field that leaves Esteem, one row an answer, for the files of a page."""
    rows = publish.as_rows(answers, spc=spc, against=against)
    keys = list(rows[0]) if rows else ["measure", "place_code", "period", "value", "flags"]
    numbers = {"value", "lower", "upper"}
    share = "proportion" if measure.unit == "proportion" else "number"
    counted = {"numerator", "denominator", "ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper"}
    limits_of_chart = {"centre", "lower_process_limit", "upper_process_limit"}
    columns = [
        Column(
            key, key.replace("_", " ").capitalize(), share if key in numbers | limits_of_chart else "number" if key in counted else "text"
        )
        for key in keys
    ]
    cells = [[", ".join(v) if isinstance(v := row[key], list) else v for key in keys] for row in rows]
    return Table(name, title, columns, cells, notes_of(answers, measure))


def notes_of(answers: list[publish.Released], measure: Measure) -> list[tuple[str, str]]:
    """Question, quality notes, flags explained and attributions, for the notes sheet."""
    said = [("Question", measure.question), ("Why it matters", measure.why)]
    said += [("Quality note", note.text) for note in measure.notes]
    used = sorted({name for a in answers for name in a.flags if name in flag.WORDS})
    said += [(f"Flag: {name}", flag.WORDS[name]) for name in used]
    files = dict.fromkeys(file for a in answers for file in a.files)
    said += [("Source", f"{file.words}. {file.attribution} Licence: {file.licence}") for file in files]
    return said


def by_latest(answers: list[Answer]) -> Answer | None:
    """The last answer with a number, else the last."""
    return next((a for a in reversed(answers) if a.number is not None), answers[-1] if answers else None)
