"""`esteem ask`: a figure with its interval, or a series, in words, CSV or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import typer

from esteem.evidence.ask import Over, ask, latest
from esteem.evidence.definitions import find_measure
from esteem.evidence.model import Measure
from esteem.evidence.publish import Released, as_rows, number_text, release, release_steps, sentence, why_missing
from esteem.evidence.snapshots import open_snapshot
from esteem.terms import flags as flag
from esteem.terms.listings import as_text, check_format, listed
from esteem.terms.periods import parse, parse_day
from esteem.terms.problems import Problem

_MOST_SENTENCES = 3  # more answers than this read better as a table alone
_SAID = (flag.EXACT, flag.ROUNDED, flag.ROUNDED_HERE, flag.DERIVED)  # in the notes beneath, not in each line


def add_to(app: typer.Typer) -> None:
    app.command("ask")(answer)


def answer(
    measure: str = typer.Argument(..., help="Id of a measure; `esteem measures` lists them."),
    where: str = typer.Option(..., "--where", help="Code of a place; CODE+CODE adds places together; all:ccg gives every CCG."),
    over: str = typer.Option(None, "--over", help="A period (2018-09, 2021/22 Q4, 2018/19, 2018) or FROM..TO. Default: the latest figure."),
    by: str = typer.Option(None, "--by", help="A breakdown: age, sex, ethnicity, deprivation ..."),
    spc: bool = typer.Option(False, "--spc", help="Add control limits, label, variation and assurance. Default period: the whole series."),
    against: str = typer.Option(None, "--against", help="Compare with a group of the breakdown, or with a place."),
    as_at: str = typer.Option(None, "--as-at", help="Use only periods that had ended by this day (2021-03-31)."),
    witness: str = typer.Option("published", "--witness", help="published, or computed: counted from the loaded records."),
    mode: str = typer.Option("as-published", "--mode", help="With computed: as-published, or corrected (known quirks put right)."),
    form: str = typer.Option("text", "--format", help="text, csv or json."),
) -> None:
    """Ask for a figure: how many, where, when, for whom, compared with what.

    With --witness computed the figure is counted from the records loaded with `esteem load mhsds DIR`, at least from the last month of
    the period; MEASURE may then be a national id too (MHS95, EIP23i), and --by two breakdowns with a comma between.
    """
    check_format(form)
    if mode != "as-published" and witness != "computed":
        raise Problem("mode-published", "A mode is chosen for figures counted from records.", mode, "Add `--witness computed`.")
    asked = _measure(measure, witness)
    when = _over(over)
    day = parse_day(as_at) if as_at else None
    answers = ask(open_snapshot(), asked, where, when, by, spc=spc, against=against, as_at=day, witness=witness, mode=mode)
    released = release(answers if when or spc else latest(answers))
    rows = as_rows(released, spc=spc, against=bool(against))
    text = _in_words(asked, released, spc, bool(against), day) if form == "text" else ""
    if witness == "computed" and form == "text":
        text = "\n\n".join((text, *_waterfalls(measure, when, mode)))
    typer.echo(listed(rows, form, text))


def _measure(name: str, witness: str) -> Measure:
    if witness != "computed":
        return find_measure(name)
    from esteem.evidence.computed_witness import measure_of  # reading of records is a heavy import that published figures do not need

    return measure_of(name)


def _waterfalls(measure: str, when: Over, mode: str) -> Iterator[str]:
    """Of each cohort the tables it reads, and the rows left after each rule, over everybody in the records."""
    from esteem.evidence.computed_witness import Asked, countings

    last = countings(Asked(measure, over=when, mode=mode))[-1]
    for name, steps in last.waterfall():
        lines = [{"": _STEP[step.kind], "Rule": step.words, "Rows": step.rows} for step in release_steps(steps)]
        yield f"How {name} were found, to {last.month.end:%B %Y}, everybody in the records:\n{as_text(lines, ('Rows',))}"


_STEP = {"table": "read", "rule": "left", "cohort": "counted from"}


def _over(text: str | None) -> Over:
    """One period, or the first and the last of a range."""
    if not text:
        return None
    if ".." in text:
        first, last = text.split("..", 1)
        return parse(first), parse(last)
    return parse(text)


def _in_words(measure: Measure, answers: list[Released], spc: bool, against: bool, as_at: date | None) -> str:
    parts = [measure.question + (f" (as at {as_at})" if as_at else "")]
    if len(answers) <= _MOST_SENTENCES:
        parts += [sentence(a, measure) for a in answers]
    if any(a.number is not None for a in answers):
        right = ("Value", "Of", "Counted", "95% interval", "Centre", "Limits", "Ratio", "Difference")
        parts.append(as_text([_line(a, measure, spc, against) for a in answers], right))
    return "\n\n".join([*parts, "\n".join(_notes(measure, answers))])


def _line(a: Released, measure: Measure, spc: bool, against: bool) -> dict[str, str]:
    def shown(number: float | None) -> str:
        return "" if number is None else number_text(number, measure, extra=1, bare=True)

    def between(low: float | None, high: float | None) -> str:
        return "" if low is None or high is None else f"{shown(low)} to {shown(high)}"

    line = {
        "Place": a.place_name or a.place,
        "Period": a.period.label,
        "Group": a.category,
        "Value": why_missing(a) if a.number is None else _in_table(a.number, measure),
        "Counted": "" if a.numerator is None else f"{a.numerator:,.0f}",
        "Of": "" if a.denominator is None else f"{a.denominator:,.0f}",
        "95% interval": between(a.lower, a.upper),
    }
    if spc:
        line |= {"Centre": shown(a.centre), "Limits": between(a.lower_process_limit, a.upper_process_limit), "Label": a.label or ""}
    if against:
        ratio = "" if a.ratio is None else f"{a.ratio:.2f}"
        if a.ratio_lower is not None and a.ratio_upper is not None:
            ratio += f" ({a.ratio_lower:.2f} to {a.ratio_upper:.2f})"
        line |= {"Ratio": ratio, "Difference": shown(a.difference)}
    return line | {"Notes": ", ".join(flag.WORDS.get(name, name) for name in a.flags if name not in (*_SAID, *flag.MISSING))}


def _in_table(number: float, measure: Measure) -> str:
    """Short enough for a column: the unit stands in the sentence and the question."""
    return number_text(number, measure, extra=1, bare=measure.unit not in ("proportion", "pounds", "yes_no"))


def _notes(measure: Measure, answers: list[Released]):
    """What stands beneath the table: target, method, words, source."""
    last = answers[-1]
    if measure.standard and measure.standard.holds_for(last.place):
        yield f"Standard: {measure.standard.words} ({measure.standard.source})."
    if last.variation:
        assurance = f"; against the standard: {last.assurance.replace('_', ' ')}" if last.assurance else ""
        yield f"Variation: {last.variation.replace('_', ' ')}{assurance}."
    if last.against:
        yield f"Compared with: {last.against} ({last.comparison_method})." if last.comparison_method else f"Compared with: {last.against}."
    rounded = [flag.WORDS[name] for name in (flag.ROUNDED, flag.ROUNDED_HERE, flag.EXACT) if any(name in a.flags for a in answers)]
    if last.number is not None:
        yield f"Method: {'; '.join([last.method, *rounded])}."
    yield from dict.fromkeys(words for a in answers for words in (*a.words, *a.chart))
    yield from dict.fromkeys(f"Source: {file.words}. {file.attribution}".rstrip() for a in answers for file in a.files)
