"""`esteem explain`: what a measure counted from records counts, in words, step by step, and as SQL."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict

import typer

from esteem.terms.listings import as_json, check_format
from esteem.terms.problems import Problem


def add_to(app: typer.Typer) -> None:
    app.command("explain")(explained)


def explained(
    measure: str = typer.Argument(..., help="Id of a published measure, or a national id such as MHS95 or EIP23i."),
    engine: str = typer.Option("", "--engine", help="SQL for duckdb or spark alone; none for no SQL. Default: both."),
    period: str = typer.Option("", "--period", help="M, Q or 12M. Default: the shortest that the measure is counted over."),
    month: str = typer.Option("2025-03", "--month", help="Month to which the SQL counts."),
    mode: str = typer.Option("as-published", "--mode", help="as-published, or corrected (known quirks put right)."),
    form: str = typer.Option("text", "--format", help="text or json."),
) -> None:
    """Explain how a measure is counted from records. No records need be loaded, and neither engine is started."""
    from esteem.evidence import explaining
    from esteem.evidence.computed_figures import MODES
    from esteem.evidence.records.reporting import Reporting
    from esteem.terms.periods import parse

    check_format(form)
    if mode not in MODES:
        raise Problem("mode-unknown", f"Records are counted in one of two modes: {', '.join(MODES)}.", mode)
    engines = {"": explaining.DIALECTS, "none": ()}.get(engine, (engine,))
    found = explaining.explain(measure, period, Reporting.of(parse(month).end), engines, corrected=mode == MODES[1])
    if form != "text":
        typer.echo(as_json([_row(found)]))
        return
    typer.echo("\n".join(_in_words(found)))


def _row(found) -> dict:
    row = asdict(found) | {"review_date": found.review_date.isoformat(), "month": found.month.end.isoformat()[:7]}
    lists = [asdict(one) | {"validity": one.validity} for one in found.code_lists]
    return row | {"code_lists": lists}


def _in_words(found) -> Iterator[str]:
    from esteem.evidence.records.reporting import IN_WORDS

    yield from (f"{found.id}: {found.title}", "", found.question, found.why, "")
    yield f"Counted over: {', '.join(IN_WORDS[kind] for kind in found.periods)}, ending with the reporting month"
    yield f"Source: {found.source}"
    yield f"Checked against: {found.checked_against}"
    yield f"Author: {found.author}; review by {found.review_date}"
    yield f"Published measure: {found.counterpart or 'none in Esteem'}"
    yield from ("", f"The figure is {found.how}:")
    yield from (f"  {number}. {words}" for number, words in enumerate(found.counted, start=1))
    for population in found.populations:
        yield from ("", f"{population.name[:1].upper()}{population.name[1:]}", f"  read: {', '.join(population.tables)}")
        yield from (f"  {number}. {rule}" for number, rule in enumerate(population.rules, start=1))
    yield from ("", "Code lists:" if found.code_lists else "Code lists: none with months of validity")
    for one in found.code_lists:
        codes = ", ".join(f"{code} ({label})" if label else code for code, label in one.codes)
        yield _wrapped(f"{one.name or one.column} ({one.column}), {one.validity}: {codes}")
    yield from ("", "Known quirks of the national code, and what corrected mode does:" if found.quirks else "Known quirks: none")
    for quirk in found.quirks:
        yield _wrapped(f"{quirk.id.removeprefix('quirk:')} ({quirk.measures})")
        yield _wrapped(f"as published: {quirk.as_published}", "    ")
        yield _wrapped(f"corrected: {quirk.corrected}" + (" (a choice of this project)" if quirk.ours else ""), "    ")
    yield from ("", _wrapped(f"Published by: {'; '.join(found.breakdowns)}", ""))
    yield from (f"Note: {note}" for note in found.notes)
    for engine, text in found.sql.items():
        yield from ("", f"SQL for {engine}, everybody together, {found.month.end:%B %Y}, {IN_WORDS[found.period]}:", "", text)


def _wrapped(text: str, start: str = "  ") -> str:
    return textwrap.fill(text, 140, initial_indent=start, subsequent_indent=f"{start}  ")
