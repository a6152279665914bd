"""`esteem strategy`: list, check and begin strategy files, and the rules that give a status."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

from esteem.evidence.snapshots import open_snapshot
from esteem.strategy import attention, rules
from esteem.strategy.file import find_strategies, load_strategy
from esteem.strategy.starter import starter_id, write_starter
from esteem.terms.listings import as_text, check_format, listed
from esteem.terms.problems import Problem, Problems

_FILES = typer.Argument(None, help="Strategy files. Default: every strategy that Esteem finds.")
_FILE = typer.Option(None, "--file", help="File to write. Default: the place's name and the year, here.")
_FORM = typer.Option("text", "--format", help="text, csv or json.")


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Strategy files: list, check, begin; and the rules that give a status.")
    for name, command in (("list", listing), ("check", check), ("new", new), ("rules", written_rules)):
        group.command(name)(command)
    app.add_typer(group, name="strategy")


def listing(form: str = _FORM) -> None:
    """List the strategies that Esteem finds: the shipped ones and those in ESTEEM_HOME/strategies."""
    check_format(form)
    found = [{"name": name, "title": load_strategy(path).title, "file": str(path)} for name, path in find_strategies().items()]
    typer.echo(listed(found, form, as_text(found) or "No strategy found. Write one: esteem strategy new PLACE."))


def check(
    files: list[Path] = _FILES,
    places: bool = typer.Option(True, "--places/--no-places", help="Also check that place codes exist in the snapshot."),
) -> None:
    """Check strategy files: every row, measure, place, date and target. Exit code 2 when one is wrong."""
    wrong: list[Problem] = []
    knows = open_snapshot().geography.knows if places else None
    for path in files or list(find_strategies().values()):
        try:
            strategy = load_strategy(path, known_place=knows)
        except Problem as problem:
            wrong.append(problem)
        except Problems as several:
            wrong += several.problems
        else:
            bound = len({b.measure for p in strategy.promises for b in p.measures})
            typer.echo(f"{path}: {len(strategy.promises)} promises, {bound} measures, nothing wrong.")
    if wrong:
        raise Problems(wrong)


def new(
    place: str = typer.Argument(..., help="Code of the place the strategy is for; `esteem places NAME` finds it."),
    file: Path = _FILE,
) -> None:
    """Write a commented file to begin a strategy with."""
    today = date.today()
    found = open_snapshot().geography.place(place)
    path = write_starter(found, today, file or Path(f"{starter_id(found, today)}.toml"))
    typer.echo(f"Wrote {path}. Change it, then: esteem strategy check {path}")


def written_rules(form: str = _FORM) -> None:
    """Print the rules that give a status, in the order in which they are tried, and those that rank what needs attention."""
    check_format(form)
    lists = (("every promise", rules.FIGURE), ("level", rules.LEVEL), ("direction and ambition", rules.DIRECTION), ("parity", rules.PARITY))
    found = [{"for": kind, "rule": r.id, "status": rules.WORDS[r.status], "words": r.words} for kind, some in lists for r in some]
    found += [{"for": "combining", "rule": name, "status": "", "words": words} for name, words in rules.COMBINING]
    found += [{"for": "attention", "rule": p.id, "status": f"{p.points} points", "words": p.words} for p in attention.POINTS]
    typer.echo(listed(found, form, as_text(found)))
