"""Rules a strategy file must keep beyond the form of each value. Each breach adds a Problem to the report."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping

from esteem.evidence.model import Measure
from esteem.strategy.fields import Report
from esteem.strategy.lines import Path
from esteem.strategy.promises import Binding, Promise, Strategy, Target

_ROW = re.compile(r"[A-Z]+\d{2,}")


def check(strategy: Strategy, report: Report, measures: Mapping[str, Measure], known_place=None) -> None:
    """Everything that needs the whole file: names that must exist, promises without evidence, one primary measure each."""
    _check_dates(strategy, report)
    _check_unique([p.name for p in strategy.places], "place", "name", report)
    _check_unique([s.id for s in strategy.sections], "section", "id", report)
    _check_unique([p.row for p in strategy.promises], "promise", "row", report)
    for i, promise in enumerate(strategy.promises):
        _check_promise(strategy, promise, ("promise", i), report, measures)
    if known_place is not None:
        _check_places(strategy, report, known_place)


def check_rows(strategy: Strategy, expected: tuple[str, ...], report: Report) -> None:
    """`rows` names the rows that the file must hold, such as "E01..E38": none is missing, none is beyond them."""
    wanted: list[str] = []
    for text in expected:
        if not (match := re.fullmatch(r"([A-Z]+)(\d{2,})\.\.([A-Z]+)(\d{2,})", text)) or match[1] != match[3]:
            report.add("strategy-rows-form", ("rows",), "Rows are written like E01..E38.", text, 'Write: rows = ["E01..E38"]')
            return
        wanted += [f"{match[1]}{n:0{len(match[2])}}" for n in range(int(match[2]), int(match[4]) + 1)]
    held = {p.row for p in strategy.promises}
    for row in wanted:
        if row not in held:
            remedy = f'Add a [[promise]] with row = "{row}", or correct rows.'
            report.add(
                "strategy-row-missing", ("rows",), "Every row of the strategy has its promise in the file.", f"no promise {row}", remedy
            )
    for i, promise in enumerate(strategy.promises):
        if promise.row and promise.row not in wanted:
            remedy = "Correct the row, or add it to rows at the head of the file."
            rule = f"A promise's row is one of {', '.join(expected)}."
            report.add("strategy-row-unknown", ("promise", i, "row"), rule, promise.row, remedy)


def check_target(target: Target, path: Path, report: Report) -> None:
    """A target has what its kind needs."""
    rules = {
        "level": (("value", target.value is None), ("comparison", not target.comparison)),
        "ambition": (("value", target.value is None), ("direction", not target.direction)),
        "direction": (("direction", not target.direction),),
        "parity": (
            ("comparison", not target.comparison),
            ("breakdown", not target.breakdown),
            ("group", not target.group),
            ("against", not target.against),
        ),
    }
    for key, missing in rules.get(target.kind, ()):
        if missing:
            rule = f"A target of kind {target.kind!r} has {key!r}."
            report.add("strategy-target-incomplete", path, rule, f"no {key}", f"Add {key!r} to the target, or choose another kind.")
    days = [day for day, _ in target.trajectory if day]
    if days != sorted(set(days)):
        rule = "A trajectory goes forward in time, one value a day."
        report.add("strategy-trajectory-order", (*path, "trajectory"), rule, ", ".join(map(str, days)), "Put its steps in order of date.")


def _check_dates(strategy: Strategy, report: Report) -> None:
    if strategy.starts and strategy.ends and strategy.ends < strategy.starts:
        rule = "A strategy ends on or after the day it starts."
        report.add("strategy-dates", ("ends",), rule, f"{strategy.starts} to {strategy.ends}", "Correct one of the two days.")


def _check_unique(names: list[str], table: str, key: str, report: Report) -> None:
    counts = Counter(n for n in names if n)
    for i, name in enumerate(names):
        if counts[name] > 1 and name in names[:i]:
            rule = f"Each {table} has a {key} of its own."
            report.add("strategy-duplicate", (table, i, key), rule, name, f"Change or take out one of the two {table} entries.")


def _check_promise(strategy: Strategy, promise: Promise, path: Path, report: Report, measures) -> None:
    if promise.row and not _ROW.fullmatch(promise.row):
        report.add(
            "strategy-row-form", (*path, "row"), "A row is capital letters and two or more digits.", promise.row, 'Write it like "E01".'
        )
    if promise.section:
        _check_name(promise.section, [s.id for s in strategy.sections], "section", (*path, "section"), report)
    if not promise.measures and not promise.needs:
        report.add(
            "strategy-promise-without-evidence",
            path,
            "A promise names the measures that speak for it, or what is needed to tell and from whom.",
            f"{promise.row} has neither [[promise.measure]] nor [[promise.needs]]",
            "Add a measure (`esteem measures` lists them) or a [[promise.needs]] with `what` and `from`.",
        )
    for i, binding in enumerate(promise.measures):
        _check_binding(strategy, binding, (*path, "measure", i), report, measures)
    _check_primary(promise, path, report)


def _check_primary(promise: Promise, path: Path, report: Report) -> None:
    primary = [b for b in promise.measures if b.primary]
    judged = [b for b in promise.measures if b.role != "context"]
    if len(primary) > 1 or (judged and not primary):
        remedy = 'Set primary = true on the one outcome that decides, or role = "context" on what is only shown.'
        rule = "One judged measure of a promise is primary: it decides the status."
        report.add("strategy-primary", path, rule, f"{promise.row} has {len(primary)} primary measures", remedy)
    for binding in primary:
        if binding.target is None or binding.role == "context":
            found = f"{binding.measure}: " + ("no target" if binding.target is None else "role context")
            remedy = "Give the measure a target with its source (a direction will do), or make it context."
            report.add("strategy-target-missing", path, "The primary measure has a target and a role that is judged.", found, remedy)
    if promise.measures and not judged and not promise.needs:
        rule = "A promise whose measures are all context says what is needed to judge it."
        report.add("strategy-needs-missing", path, rule, promise.row, "Add [[promise.needs]] with `what` and `from`.")


def _check_binding(strategy: Strategy, binding: Binding, path: Path, report: Report, measures) -> None:
    if binding.measure:
        _check_name(binding.measure, list(measures), "measure", (*path, "id"), report)
    if binding.where:
        _check_name(binding.where, [p.name for p in strategy.places], "place", (*path, "where"), report)
    measure, target = measures.get(binding.measure), binding.target
    if measure is None or target is None:
        return
    if target.kind == "parity" and target.breakdown and target.breakdown not in measure.breakdowns:
        rule = f"A parity target names a breakdown of its measure: {', '.join(measure.breakdowns) or 'none is published'}."
        report.add("strategy-breakdown-unknown", (*path, "target"), rule, target.breakdown, "Choose one of these, or another measure.")
    if target.value is None:
        return
    if measure.unit == "proportion" and not 0 <= target.value <= 1:
        rule = "A target for a share is a fraction between 0 and 1."
        report.add("strategy-target-unit", (*path, "target"), rule, target.value, f"Write {target.value / 100:g} for {target.value:g}%.")


def _check_name(name: str, known: list[str], kind: str, path: Path, report: Report) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, 3)
        remedy = f"Nearest: {', '.join(near)}." if near else f"Known: {', '.join(known[:8]) or 'none'}."
        report.add(f"strategy-{kind}-unknown", path, f"The {kind} named here exists.", name, remedy)


def _check_places(strategy: Strategy, report: Report, known_place) -> None:
    for i, place in enumerate(strategy.places):
        for code in place.codes:
            if not known_place(code):
                remedy = "Correct the code (`esteem places NAME` finds it) or use a named group."
                report.add("strategy-place-code", ("place", i, "codes"), "A place code or group name exists.", code, remedy)
    for i, promise in enumerate(strategy.promises):
        for j, binding in enumerate(promise.measures):
            for code, _ in binding.target.areas if binding.target else ():
                if not known_place(code):
                    path = ("promise", i, "measure", j, "target", "areas", code)
                    report.add(
                        "strategy-place-code", path, "A place code exists.", code, "Correct the code (`esteem places NAME` finds it)."
                    )
