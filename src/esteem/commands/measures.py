"""`esteem measures`: every measure, all there is to know about one, and computed measures against figures a site trusts."""

from __future__ import annotations

from pathlib import Path

import typer

from esteem.evidence.definitions import all_measures, find_measure
from esteem.evidence.model import Measure
from esteem.evidence.publish import number_text
from esteem.terms.listings import as_text, check_format, listed
from esteem.terms.problems import Problem


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(invoke_without_command=True, help="Every measure: its question, unit, source and standard.")
    group.callback()(listing)
    group.command("show")(show)
    group.command("verify")(verify)
    app.add_typer(group, name="measures")


def listing(
    context: typer.Context,
    topic: str = typer.Option(None, "--topic", help="Only measures whose topic holds this text."),
    form: str = typer.Option("text", "--format", help="text, csv or json."),
) -> None:
    """List every measure by topic."""
    if context.invoked_subcommand:
        return
    check_format(form)
    measures = [m for m in all_measures().values() if not topic or topic.casefold() in m.topic.casefold()]
    if not measures:
        topics = ", ".join(dict.fromkeys(m.topic for m in all_measures().values()))
        raise Problem("topic-unknown", "Name a topic that has measures.", repr(topic), f"The topics are: {topics}.")
    typer.echo(listed([_row(m) for m in measures], form, _by_topic(measures)))


def show(
    measure: str = typer.Argument(..., help="Id of a measure."), form: str = typer.Option("text", "--format", help="text, csv or json.")
) -> None:
    """Show one measure in full."""
    check_format(form)
    found = find_measure(measure)
    typer.echo(listed([_row(found) | _details(found)], form, _in_words(found)))


def verify(
    folder: str = typer.Argument(..., help="A folder with mhsds/, reference_data/ and expected.csv."),
    measures: str = typer.Option("*", "--measures", help="Only measures whose id fits a pattern: 'MHS95*,MHS109'."),
    engine: str = typer.Option("duckdb", "--engine", help="duckdb, spark (needs PySpark and Java) or reference (slow, for few rows)."),
    form: str = typer.Option("text", "--format", help="text, csv or json."),
) -> None:
    """Compute every figure that expected.csv asks for from the folder's records, and compare. Exit code 1 when one differs."""
    from esteem.evidence import verification
    from esteem.evidence.engines.choosing import open_engine

    check_format(form)
    checked = verification.verify(Path(folder), measures, open_engine(engine))
    rows = [verification.as_row(row) for row in checked]
    typer.echo(listed(rows, form, as_text([row for row in rows if row["equal"] == "false"]) or "Every figure is equal."))
    for line in verification.summary(checked):
        typer.echo(line, err=True)
    if not all(row.equal for row in checked):
        raise typer.Exit(1)


def _row(measure: Measure) -> dict:
    return {
        "id": measure.id,
        "title": measure.title,
        "topic": measure.topic,
        "question": measure.question,
        "unit": measure.unit,
        "better": measure.better,
        "standard": measure.standard.value if measure.standard else None,
        "standard_words": measure.standard.words if measure.standard else "",
        "breakdowns": list(measure.breakdowns),
        "series": list(measure.published.series),
        "national_ids": list(measure.national_ids),
    }


def _details(measure: Measure) -> dict:
    return {
        "why": measure.why,
        "kind": measure.kind,
        "interval": measure.interval,
        "place_pooling": measure.place_pooling,
        "period_pooling": measure.period_pooling,
        "control_limits": measure.independent_periods,
        "notes": [f"{n.start}: {n.text}" if n.start else n.text for n in measure.notes],
        "checked_against": measure.checked_against,
        "author": measure.author,
        "review_date": measure.review_date.isoformat(),
    }


def _by_topic(measures: list[Measure]) -> str:
    parts = []
    for topic in dict.fromkeys(m.topic for m in measures):
        rows = [{"Measure": m.id, "Question": m.question} for m in measures if m.topic == topic]
        parts.append(f"{topic}\n{as_text(rows)}")
    return "\n\n".join(parts)


_POOLING = {
    "sum": "may be added together",
    "sum_of_shares": "may be added together: they are shares of one year's whole",
    "none": "cannot be added together",
}


def _in_words(measure: Measure) -> str:
    lines = [measure.title, f"({measure.id})", "", measure.question, measure.why, ""]
    if measure.standard:
        words = number_text(measure.standard.value, measure)
        lines.append(f"Standard: {measure.standard.words} ({words}; {measure.standard.source})")
    lines += [
        f"Better: {measure.better}",
        f"Unit: {measure.unit}; interval: {measure.interval}",
        f"Places {_POOLING[measure.place_pooling]}; periods {_POOLING[measure.period_pooling]}",
        f"Breakdowns: {', '.join(measure.breakdowns) or 'none'}",
        f"Published series: {', '.join(measure.published.series)}",
        *([f"Joined: {measure.published.joined}"] if measure.published.joined else []),
        *([f"Publisher's own ids: {', '.join(measure.national_ids)}"] if measure.national_ids else []),
        *(f"Note: {f'from {n.start}: ' if n.start else ''}{n.text}{f' [{n.source}]' if n.source else ''}" for n in measure.notes),
        f"Checked against: {measure.checked_against}",
        f"Author: {measure.author}; review by {measure.review_date}",
    ]
    return "\n".join(lines)
