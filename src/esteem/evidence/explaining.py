"""A measure counted from records, explained: in words, step by step, and as the SQL that DuckDB and Spark run. No records are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds import Defined
from esteem.evidence.definitions.mhsds.code_sets_used import CodeListUsed, code_lists_used
from esteem.evidence.definitions.mhsds.quirks import Quirk, find_quirk
from esteem.evidence.engines.dialects import DIALECTS, sql_text
from esteem.evidence.record_measures import found_for, published_for
from esteem.evidence.record_model import Breakdown, Counted, Value
from esteem.evidence.records.reporting import KINDS, Reporting
from esteem.evidence.records.schema import Schema, schema_of
from esteem.evidence.records.workbench import Workbench
from esteem.evidence.spoken import said
from esteem.terms.problems import Problem

MARCH_2025 = Reporting(1500)
_AGGREGATES = {
    "distinct": "different {of}",
    "rows": "rows",
    "sum": "the sum of {of}",
    "mean": "the mean of {of}",
    "median": "the median of {of}",
    "percentile": "the {share:.0%} point of {of}",
}


@dataclass(frozen=True)
class Population:
    """A cohort: its name, the tables that it reads, and its rules in the order in which they are applied."""

    name: str
    tables: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything a reader needs to check a definition. `counted` are the counts in words, the numerator first; `how` puts them together."""

    id: str
    title: str
    question: str
    why: str
    source: str
    checked_against: str
    author: str
    review_date: date
    periods: tuple[str, ...]
    counterpart: str
    how: str
    counted: tuple[str, ...]
    populations: tuple[Population, ...]
    breakdowns: tuple[str, ...]
    code_lists: tuple[CodeListUsed, ...]
    quirks: tuple[Quirk, ...]
    notes: tuple[str, ...]
    period: str
    month: Reporting
    sql: dict[str, str]


def explain(
    name: str, period: str = "", month: Reporting = MARCH_2025, engines: tuple[str, ...] = DIALECTS, corrected=False
) -> Explanation:
    """The definition behind a measure. `period` is a kind of KINDS, by default the shortest that the measure is counted over.

    Problems `measure-unknown`, `witness-missing`, `period-not-counted`, `engine-unknown`.
    """
    unknown = [engine for engine in engines if engine not in DIALECTS]
    if unknown:
        raise Problem("engine-unknown", f"The SQL is written for: {', '.join(DIALECTS)}.", ", ".join(unknown))
    every = found_for(name)
    fitting = [(kind, one) for kind in KINDS for one in every if kind in one.measure.periods and period in ("", kind)]
    if not fitting:
        kinds = ", ".join(kind for one in every for kind in one.measure.periods)
        raise Problem("period-not-counted", f"{every[0].measure.id} is counted over: {kinds}.", period)
    kind, found = fitting[0]
    return _explained(found, kind, month, engines, corrected)


def _explained(found: Defined, kind: str, month: Reporting, engines: tuple[str, ...], corrected: bool) -> Explanation:
    family, measure, published = found.family, found.measure, published_for(found)
    england = Breakdown("England", ("england",))
    counts = list(dict.fromkeys(counted for counted, _ in measure.value.counts(england)))
    sketches = {
        cohort: _Sketch(month, corrected, schema_of(family.data_set)) for cohort in dict.fromkeys(counted.cohort for counted in counts)
    }
    populations = []
    with code_lists_used() as lists:
        for cohort, sketch in sketches.items():
            sketch.steps = []
            sketch.rows = cohort.rows(sketch, month.window(kind))
            rules = tuple(dict.fromkeys(step.words for step in sketch.steps))
            populations.append(Population(cohort.name, tuple(sorted(sketch.read)), rules))
    return Explanation(
        id=measure.id,
        title=measure.title,
        question=family.question,
        why=family.why,
        source=family.source,
        checked_against=family.checked_against,
        author=family.author,
        review_date=family.review_date,
        periods=measure.periods,
        counterpart=published.id if published else "",
        how=how_words(measure.value),
        counted=tuple(counted_words(counted) for counted in counts),
        populations=tuple(populations),
        breakdowns=tuple(b.name for b in measure.breakdowns),
        code_lists=tuple(lists),
        quirks=tuple(find_quirk(name) for name in family.quirks),
        notes=family.notes,
        period=kind,
        month=month,
        sql={engine: "\n\n".join(_sql(counts, sketches, engine)) for engine in engines},
    )


def how_words(value: Value) -> str:
    """How the counts become the figure."""
    name = type(value).__name__
    if isinstance(value, Counted):
        return "the count itself" if value.kind == "count" else "the figure itself, over the rows"
    if name == "Ratio":
        return f"{value.times:,.0f} x the first count / the second"
    if name == "Sum":
        return "the counts added up"
    first = (type(value).__doc__ or name).strip().partition("\n\n")[0]
    words = " ".join(first.replace("`", "").replace("_", " ").split())
    return words[:1].lower() + words[1:].rstrip(".")


def counted_words(counted: Counted) -> str:
    """`different referrals among referrals received, where suspected`."""
    aggregate = counted.aggregate
    what = _AGGREGATES[aggregate.kind].format(of=said(aggregate.of), share=aggregate.share)
    where = said(counted.where)
    return f"{what} among {counted.cohort.name}" + (f", where {where}" if where else "")


# ---------------------------------------------------------------- SQL


class _NoRecords:
    """Stands for an extract: the tables of the schema by their own names, with nothing in them."""

    def __init__(self, schema: Schema):
        self.schema, self.folder, self.absent, self.engine = schema, Path("DIR"), [], None

    def table(self, name: str) -> ir.Table:
        return ibis.table(dict(self.schema.columns(name)), name=name)


class _Sketch(Workbench):
    """Builds what a cohort would run, and runs nothing. What is prepared once is a named view, kept in `views` in the order of use."""

    def __init__(self, month: Reporting, corrected: bool, schema: Schema):
        super().__init__(_NoRecords(schema), month, "all" if corrected else frozenset())
        self.views: dict[str, ir.Table] = {}
        self.rows: ir.Table | None = None

    @property
    def read(self) -> set[str]:
        return {name for tables in (self.t, self.later) for name in tables._seen}

    def once(self, rule: Callable[..., ir.Table], *arguments) -> ir.Table:
        key = (rule, *arguments)
        if key not in self._prepared:
            made = rule(self, *arguments)
            name = rule.__name__.strip("_")
            name = name if name not in self.views else f"{name}_{len(self.views)}"
            self.views[name] = made
            self._prepared[key] = ibis.table(made.schema(), name=name)
        return self._prepared[key]


def _sql(counts: list[Counted], sketches: dict, engine: str) -> Iterator[str]:
    shown: set[str] = set()
    for counted in counts:
        sketch = sketches[counted.cohort]
        for name, made in sketch.views.items():
            if name not in shown:
                shown.add(name)
                yield f"CREATE TEMPORARY VIEW {name} AS\n{sql_text(made, engine)};"
        yield f"-- {counted_words(counted)}\n{sql_text(_total(sketch.rows, counted), engine)};"


def _total(rows: ir.Table, counted: Counted) -> ir.Table:
    """The count over everybody; for each place or group, the same by its column."""
    if counted.where is not None:
        rows = rows.filter(rows[counted.where] if isinstance(counted.where, str) else counted.where.resolve(rows))
    aggregate = counted.aggregate
    if aggregate.kind == "rows":
        return rows.aggregate(figure=rows.count())
    column = rows[aggregate.of] if isinstance(aggregate.of, str) else aggregate.of.resolve(rows)
    if aggregate.kind in ("median", "percentile"):
        return rows.aggregate(figure=column.quantile(aggregate.share))
    made = {"distinct": "nunique", "sum": "sum", "mean": "mean"}[aggregate.kind]
    return rows.aggregate(figure=getattr(column, made)())
