"""Read a strategy file (TOML) into a Strategy, or say everything that is wrong with it at once."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection
from pathlib import Path

from esteem.evidence import definitions
from esteem.strategy import checks
from esteem.strategy.fields import Report, Table
from esteem.strategy.lines import line_numbers
from esteem.strategy.promises import FACES, ROLES, TARGET_KINDS, Binding, Need, PlaceSet, Promise, Section, Strategy, Target
from esteem.terms.problems import Problem, Problems


def load_strategy(path: str | Path, *, known_place=None) -> Strategy:
    """The strategy in `path`. `known_place(code) -> bool` also checks place codes and group names (None = not checked).

    Raises Problem (`strategy-file`) when the file cannot be read as TOML, Problems naming line, key, rule, found and remedy otherwise.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except OSError as error:
        raise Problem(
            "strategy-file", "A strategy is a file that can be read.", str(error.strerror), "Check the path.", str(path)
        ) from None
    except UnicodeDecodeError as error:
        remedy = "Save the file again as UTF-8."
        raise Problem("strategy-file", "A strategy file is UTF-8 text.", f"byte {error.start}", remedy, str(path)) from None
    except tomllib.TOMLDecodeError as error:
        remedy = "Correct the line; `esteem strategy new` writes an example."
        raise Problem("strategy-file", "A strategy file is written in TOML.", str(error), remedy, str(path)) from None
    report = Report(str(path), line_numbers(text))
    strategy = _strategy(Table(values, (), report), path)
    checks.check(strategy, report, definitions.all_measures(), known_place)
    if report.problems:
        raise Problems(sorted(report.problems, key=lambda p: (p.row or 0, p.column)))
    return strategy


def _strategy(top: Table, path: Path) -> Strategy:
    strategy = Strategy(
        id=top.text("id", example='"southend-essex-thurrock-2017"'),
        title=top.text("title"),
        short=top.text("short", example='"Bexley"'),
        vision=top.texts("vision"),
        starts=top.day("starts", required=True),
        ends=top.day("ends"),
        places=tuple(_place_set(t) for t in top.tables("place", required=True)),
        sections=tuple(_section(t) for t in top.tables("section", required=True)),
        promises=tuple(_promise(t) for t in top.tables("promise", required=True)),
        about=top.text("about", required=False),
        path=path,
    )
    expected = top.texts("rows", example='["E01..E38"]')
    checks.check_rows(strategy, expected, top.report)
    top.done()
    return strategy


def _place_set(t: Table) -> PlaceSet:
    place = PlaceSet(
        name=t.text("name", example='"councils"'),
        codes=t.texts("codes", example='["set-councils"]'),
        words=t.text("words", example='"Southend, Essex and Thurrock"'),
        holds=t.yes("holds"),
    )
    t.done()
    return place


def _section(t: Table) -> Section:
    section = Section(t.text("id", example='"crisis"'), t.text("title", example='"Crisis and hospital"'))
    t.done()
    return section


def _promise(t: Table) -> Promise:
    promise = Promise(
        row=t.text("row", example='"E01"'),
        section=t.text("section", example='"crisis"'),
        text=t.text("text"),
        owner=t.text("owner", example='"Director of public health"'),
        by=t.day("by"),
        faces=_faces(t),
        measures=tuple(_binding(m) for m in t.tables("measure")),
        needs=tuple(_need(n) for n in t.tables("needs")),
    )
    t.done()
    return promise


def _faces(t: Table) -> tuple[str, ...]:
    faces = t.texts("faces", required=False, example='["S"]')
    for face in faces:
        if face not in FACES:
            words = ", ".join(f"{k} ({v})" for k, v in FACES.items())
            t.report.add("strategy-value-form", (*t.path, "faces"), f"A face is one of {words}.", face, "Use one of these letters.")
    return faces


def _binding(t: Table) -> Binding:
    target = t.table("target")
    binding = Binding(
        measure=t.text("id", example='"psychosis-treated-within-two-weeks"'),
        where=t.text("where", example='"councils"'),
        role=t.choice("role", ROLES),
        primary=t.yes("primary"),
        target=_target(target) if target else None,
        breakdown=t.text("breakdown", required=False),
        category=t.text("category", required=False),
        note=t.text("note", required=False),
    )
    t.done()
    return binding


def _need(t: Table) -> Need:
    need = Need(t.text("what"), t.text("from", example='"NHS England, ..."'), t.choice("face", FACES, required=False))
    t.done()
    return need


def _target(t: Table) -> Target:
    areas = t.table("areas")
    target = Target(
        kind=t.choice("kind", TARGET_KINDS),
        source=t.text("source", example='"The strategy, 2017"'),
        value=t.number("value"),
        comparison=t.choice("comparison", ("at_least", "at_most"), required=False),
        direction=t.choice("direction", ("falls", "rises"), required=False),
        every_year=t.yes("every_year"),
        by=t.day("by"),
        breakdown=t.text("breakdown", required=False),
        group=t.text("group", required=False),
        against=t.text("against", required=False),
        trajectory=tuple(_step(s) for s in t.tables("trajectory")),
        areas=tuple((code, areas.number(code) or 0.0) for code in areas.values) if areas else (),
        reason=t.text("reason", required=False),
    )
    t.done()
    checks.check_target(target, t.path, t.report)
    return target


def _step(t: Table):
    step = (t.day("on", required=True), t.number("value", required=True))
    t.done()
    return step


def strategy_folders() -> list[Path]:
    """Where strategy files lie: the shipped ones (beside the package in the wheel, at the root of a checkout), then ESTEEM_HOME's own."""
    package = Path(__file__).resolve().parent.parent
    shipped = [package / "strategies", package.parent.parent / "strategies"]
    home = Path(os.environ.get("ESTEEM_HOME") or Path.home() / ".local" / "share" / "esteem")
    return [f for f in (*shipped, home / "strategies") if f.is_dir()]


def find_strategies(folders: Collection[Path] | None = None) -> dict[str, Path]:
    """File name without .toml -> path, in order of name. A file in ESTEEM_HOME/strategies comes before a shipped one of the same name."""
    found: dict[str, Path] = {}
    for folder in folders if folders is not None else strategy_folders():
        found |= {p.stem: p for p in Path(folder).glob("*.toml")}
    return dict(sorted(found.items()))


def open_strategy(name: str | Path) -> Strategy:
    """The strategy called `name` (as `find_strategies` calls it), or in the file `name`. Raises Problem `strategy-unknown`."""
    known = find_strategies()
    if str(name) in known:
        return load_strategy(known[str(name)])
    if Path(name).suffix == ".toml":
        return load_strategy(name)
    raise Problem(
        "strategy-unknown",
        "A strategy is named as `esteem strategy list` names it, or by the path of its file.",
        str(name),
        f"Use one of: {', '.join(known) or 'none found'}.",
    )
