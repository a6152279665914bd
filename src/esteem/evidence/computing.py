"""Works out measures from records: for each cohort and period its rows once, and one group-by of them for each breakdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
from ibis.common.deferred import Deferred

from esteem.evidence.definitions.mhsds.rules.person_attributes import ATTRIBUTES, quintile, with_people_of_window
from esteem.evidence.engines.grouping import Grouping, Total
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Figure, Levels, RecordMeasure, Value
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Step, Workbench
from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Request:
    measure: RecordMeasure
    period: str
    breakdown: Breakdown


@dataclass
class _Plan:
    """What one cohort must give for one period. Keys of `wanted` are breakdown columns."""

    cohort: Cohort
    window: Window
    counts: dict[int, Counted] = field(default_factory=dict)
    wanted: dict[tuple[str, ...], set[int]] = field(default_factory=dict)

    def add(self, counted: Counted, breakdown: Breakdown) -> None:
        self.counts[id(counted)] = counted
        self.wanted.setdefault(breakdown.columns, set()).add(id(counted))


def compute(work: Workbench, requests: Iterable[Request]) -> dict[Request, Levels]:
    """Every request's figures by level code. A level with no row has no figure.

    Problem `definition-column` when a cohort lacks a column that a measure or a breakdown needs.
    """
    requests = list(requests)
    plans: dict[tuple[int, str], _Plan] = {}
    for request in requests:
        for counted, breakdown in request.measure.value.counts(request.breakdown):
            key = (id(counted.cohort), request.period)
            plan = plans.setdefault(key, _Plan(counted.cohort, work.month.window(request.period)))
            plan.add(counted, breakdown)
    work.extract.engine.one_answer = len(plans) == 1
    found: dict[tuple[int, str, tuple[str, ...]], dict[str, Figure]] = {}
    for plan in plans.values():
        found |= _run(work, plan)

    return {request: request.measure.value.figures(request.breakdown, _Reader(work, request.period, found)) for request in requests}


@dataclass(frozen=True)
class _Reader:
    """Gives a value the figures of the counts it is made of, and says which quirks stay as published."""

    work: Workbench
    period: str
    found: dict[tuple[int, str, tuple[str, ...]], dict[str, Figure]]

    def __call__(self, value: Value, breakdown: Breakdown) -> Levels:
        return self.found[id(value), self.period, breakdown.columns]

    def as_published(self, quirk: str) -> bool:
        return self.work.as_published(quirk)


def steps_of(work: Workbench, cohort: Cohort, period: str) -> list[tuple[str, int]]:
    """The cohort's waterfall: each rule in words with the rows left after it, in the order in which the cohort applies them."""
    _, steps = rows_and_steps(work, cohort, period)
    return [(step.words, work.extract.engine.run(step.table.count().as_table()).column(0)[0].as_py()) for step in steps]


def rows_and_steps(work: Workbench, cohort: Cohort, period: str) -> tuple[ir.Table, list[Step]]:
    """The cohort's rows, and the tables after each of its rules."""
    work.steps = []
    try:
        rows = cohort.rows(work, work.month.window(period))
        return rows, work.steps
    finally:
        work.steps = None


def _run(work: Workbench, plan: _Plan) -> dict:
    rows, names = _rows(work, plan)
    places = {key: place for place, key in enumerate(plan.counts)}
    groupings = [_grouping(plan, columns, wanted, names, places) for columns, wanted in plan.wanted.items()]
    found = {(key, plan.window.kind, columns): {} for columns, wanted in plan.wanted.items() for key in wanted}
    keys = list(plan.counts)
    for level in work.extract.engine.totals(rows, groupings):
        columns = groupings[level.grouping].columns
        for place, value in level.totals.items():
            figure = _figure(plan.counts[keys[place]], value)
            if figure is not None:
                found[keys[place], plan.window.kind, columns][level.level] = figure
    return found


def _grouping(plan: _Plan, columns: tuple[str, ...], wanted: set[int], names: dict[int, _Names], places: dict[int, int]) -> Grouping:
    geography = Breakdown("", columns).geography
    only = f"counts_in_{geography}" if geography in plan.cohort.counts_in else None
    totals = {}
    for key in sorted(wanted, key=places.__getitem__):
        aggregate = plan.counts[key].aggregate
        totals[places[key]] = Total(aggregate.kind, names[key].of, names[key].where, aggregate.share)
    return Grouping(columns, only, totals)


def _figure(counted: Counted, value) -> Figure | None:
    """No figure where no row is counted: a count of nothing makes no row, as in a query that filters and then groups."""
    if value is None or (value == 0 and counted.aggregate.kind in ("distinct", "rows")):
        return None
    return Figure(float(value))


@dataclass(frozen=True)
class _Names:
    """Columns of the kept table that hold what a count reads."""

    of: str | None
    where: str | None


def _rows(work: Workbench, plan: _Plan) -> tuple[ir.Table, dict[int, _Names]]:
    """The cohort's rows with every attribute, value and condition that is asked for as a plain column."""
    rows = plan.cohort.rows(work, plan.window)
    if "england" not in rows.columns:
        rows = rows.mutate(england=ibis.literal("England"))
    attributes = {column for columns in plan.wanted for column in columns}
    attributes |= {f"counts_in_{geography}" for geography in plan.cohort.counts_in}
    rows = _with_attributes(work, plan.window, rows, attributes)
    _check(plan.cohort, rows, attributes)
    made: dict[str, ir.Value] = {column: rows[column] for column in sorted(attributes)}
    seen: dict[object, str] = {}
    names = {}
    for key, counted in plan.counts.items():
        names[key] = _Names(
            _column(plan.cohort, rows, counted.aggregate.of, made, seen), _column(plan.cohort, rows, counted.where, made, seen)
        )
    return rows.select(**made), names


def columns_given(work: Workbench, cohort: Cohort, window: Window) -> set[str]:
    """The columns that a breakdown of the cohort can use: its own, and what the records know of its people."""
    own = {"england", *cohort.rows(work, window).columns}
    derived = {"imd_quintile"} if "imd_decile" in own else set()
    return own | derived | (set(ATTRIBUTES) if _names_people(work, own) else set())


def _names_people(work: Workbench, columns: Collection[str]) -> bool:
    return "Person_ID" in columns and "MHS001MPI" in work.extract.schema.records


def _with_attributes(work: Workbench, window: Window, rows: ir.Table, wanted: set[str]) -> ir.Table:
    """Adds what the cohort itself does not say of its rows: from each person's newest master row in the window."""
    if "imd_quintile" in wanted - set(rows.columns) and "imd_decile" in rows.columns:
        rows = rows.mutate(imd_quintile=quintile(rows.imd_decile))
    absent = tuple(sorted((wanted - set(rows.columns)) & set(ATTRIBUTES)))
    return with_people_of_window(work, window, rows, absent) if absent and _names_people(work, rows.columns) else rows


def _column(cohort: Cohort, rows: ir.Table, wanted, made: dict, seen: dict) -> str | None:
    if wanted is None:
        return None
    key = id(wanted) if isinstance(wanted, Deferred) else wanted
    if key not in seen:
        if not isinstance(wanted, Deferred):
            _check(cohort, rows, {wanted})
        seen[key] = f"made_{len(made)}"
        made[seen[key]] = wanted.resolve(rows) if isinstance(wanted, Deferred) else rows[wanted]
    return seen[key]


def _check(cohort: Cohort, rows: ir.Table, columns: set[str]) -> None:
    absent = sorted(columns - set(rows.columns))
    if absent:
        raise Problem(
            "definition-column",
            f"The cohort {cohort.name!r} has the columns its measures and breakdowns use.",
            f"no {', '.join(absent)}",
            f"Add them to the cohort, or ask for another breakdown. It has: {', '.join(rows.columns)}."
            + ("" if "Person_ID" in rows.columns else " Its rows name no person whose record could tell."),
        )
