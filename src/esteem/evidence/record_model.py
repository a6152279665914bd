"""The model of a measure counted from records. A measure names no place, no period and no breakdown: they are supplied when it is computed.

Cohort: which rows, with which attributes. Value: what is worked out over them. RecordMeasure: a value with an id. Family: measures that
belong together, with question, reason, source and proof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import ibis.expr.types as ir
from ibis.common.deferred import Deferred

from esteem.evidence.records.reporting import KINDS, Window
from esteem.evidence.records.workbench import Workbench
from esteem.terms.problems import Problem, Problems

# Attribute columns that are areas (or organisations that stand for one). A breakdown by anything else is a breakdown of England.
AREAS = ("provider", "sub_icb", "icb", "region", "local_authority", "sub_icb_of_residence", "sending_provider", "receiving_provider")


@dataclass(frozen=True)
class Breakdown:
    """One way to split a measure: the publisher's name and the attribute column or columns whose values are the level codes.

    A row whose attribute is null belongs to no level of the breakdown; a group that is not known is the text UNKNOWN, never null.
    """

    name: str
    columns: tuple[str, ...]

    @property
    def geography(self) -> str:
        """The area within which the breakdown counts: a column of AREAS, or `england`."""
        return next((column for column in self.columns if column in AREAS), "england")

    def by(self, *columns: str) -> Breakdown:
        """This breakdown crossed with further attributes."""
        return Breakdown(f"{self.name} x {' x '.join(columns)}", (*self.columns, *columns))


@dataclass(frozen=True, eq=False)
class Cohort:
    """`rows(work, window)` gives one Ibis table: the units to count and their attributes, one column each, level codes ready.

    `counts_in`: the geographies (of AREAS, or `england`) in whose breakdowns not every row counts; for each the table has a boolean
    column `counts_in_<geography>`. Rule R8 needs it (a person counts once in each geography, at the first contact there).
    `published`: the rows are published statistics (resident populations), not people in records, and are never hidden.
    """

    name: str
    rows: Callable[[Workbench, Window], ir.Table]
    counts_in: tuple[str, ...] = ()
    published: bool = False


@dataclass(frozen=True)
class Aggregate:
    """What is worked out over the rows of a level. `kind` is one of AGGREGATES; `of` a column (none for rows); `share` for a percentile."""

    kind: str
    of: str | Deferred | None = None
    share: float = 0.5

    def __post_init__(self):
        if self.kind not in AGGREGATES or (self.of is None) != (self.kind == "rows") or not 0 <= self.share <= 1:
            raise Problem("aggregate-invalid", f"An aggregate is one of {', '.join(AGGREGATES)} of a column.", f"{self.kind} {self.of}")


AGGREGATES = ("distinct", "rows", "sum", "mean", "median", "percentile")
ROWS = Aggregate("rows")


def distinct(of: str) -> Aggregate:
    """How many different values; an empty value is not counted."""
    return Aggregate("distinct", of)


def total(of: str | Deferred) -> Aggregate:
    return Aggregate("sum", of)


def mean(of: str | Deferred) -> Aggregate:
    return Aggregate("mean", of)


def median(of: str | Deferred) -> Aggregate:
    return Aggregate("median", of)


def percentile(of: str | Deferred, share: float) -> Aggregate:
    """By linear interpolation between the two nearest rows."""
    return Aggregate("percentile", of, share)


@dataclass(frozen=True)
class Figure:
    """One figure before release. `numerator`, `denominator` where the value is a share or a rate (counts, before any multiplier)."""

    value: float
    numerator: float | None = None
    denominator: float | None = None


NEEDS_NUMERATOR = "quirk:pct-needs-numerator-row"
Levels = Mapping[str, Figure]  # level code -> figure; a level without rows is absent
Read = Callable[["Value", Breakdown], Levels]  # may have `as_published(quirk)`, as the reader of `computing` has


def stays_as_published(read: Read, quirk: str) -> bool:
    """Whether a value keeps to the national figure in what the quirk says. A plain function reads as published."""
    asked = getattr(read, "as_published", None)
    return asked is None or asked(quirk)


class Value(Protocol):
    """What a measure works out. `kind` says how it is released: count, mean, percent or rate."""

    kind: str

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        """The counts over cohorts that the value needs for a breakdown."""
        ...

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        """The figures by level. `read` gives those of a value that this one is made of."""
        ...


@dataclass(frozen=True, eq=False)
class Counted:
    """An aggregate over a cohort. `where`: the rows it counts, a boolean column of the cohort or an Ibis deferred (`_.age < 18`)."""

    cohort: Cohort
    aggregate: Aggregate
    where: str | Deferred | None = None

    @property
    def kind(self) -> str:
        return "count" if self.aggregate.kind in ("distinct", "rows", "sum") else "mean"

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return [(self, breakdown)]

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        return read(self, breakdown)


@dataclass(frozen=True, eq=False)
class Ratio:
    """`times` x numerator / denominator, level by level. Kind `percent` (times 100) or `rate` (per so many people).

    `numerator` and `denominator` are values, so that a ratio can be of sums over different cohorts. A level without numerator, or with
    a numerator of no rows, has no figure (quirk:pct-needs-numerator-row; corrected it is 0 of the denominator).
    `zero_without_numerator`: a pipeline that gives 0 there as it is.
    `zero_without_denominator`: a level that has a numerator and no denominator reads 0, as the national rates do for groups without a
    population. Problem `population-missing` when a rate of an area has none, or no level of the breakdown has one.
    """

    numerator: Value
    denominator: Value
    times: float = 100.0
    kind: str = "percent"
    zero_without_denominator: bool = False
    zero_without_numerator: bool = False

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return self.numerator.counts(breakdown) + self.denominator.counts(breakdown)

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        above, below = self.numerator.figures(breakdown, read), self.denominator.figures(breakdown, read)
        figures: dict[str, Figure] = {}
        for level, part in above.items():
            whole = below[level].value if level in below else None
            if whole:
                figures[level] = Figure(self.times * part.value / whole, part.value, whole)
            elif self.zero_without_denominator:
                if self.kind == "rate" and part.value:
                    _check_population(breakdown, level, below)
                figures[level] = Figure(0.0, part.value, whole)
        if self.zero_without_numerator or not stays_as_published(read, NEEDS_NUMERATOR):
            figures |= {level: Figure(0.0, 0.0, whole.value) for level, whole in below.items() if level not in above and whole.value}
        return figures


_AREA_ALONE = (("england",), ("sub_icb",), ("icb",), ("region",))


def _check_population(breakdown: Breakdown, level: str, populations: Levels) -> None:
    """A level without people is the nation's 0 (gender not known); an area with patients has people, or its population is missing."""
    if populations and (breakdown.columns not in _AREA_ALONE or level == "UNKNOWN"):
        return
    raise Problem(
        "population-missing",
        "A rate is of the people of an area or group.",
        f"no population of {level} ({breakdown.name})",
        "Add it to reference_data/ONS_POPULATION_V2 (or ONS_2021_census), its code to ONS_CHD_GEO_EQUIVALENTS, and load again.",
    )


@dataclass(frozen=True, eq=False)
class Sum:
    """Several values added level by level; a level that some of them lack is the sum of the others."""

    parts: tuple[Value, ...]
    kind: str = "count"

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return [count for part in self.parts for count in part.counts(breakdown)]

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        found: dict[str, float] = {}
        for part in self.parts:
            for level, figure in part.figures(breakdown, read).items():
                found[level] = found.get(level, 0.0) + figure.value
        return {level: Figure(value) for level, value in found.items()}


@dataclass(frozen=True, eq=False)
class RecordMeasure:
    """One published id. `periods`: kinds of KINDS it is published for; `breakdowns`: those it is published by.

    The engine computes any breakdown whose columns the cohorts have, published or not.
    """

    id: str
    title: str
    value: Value
    periods: tuple[str, ...]
    breakdowns: tuple[Breakdown, ...]

    def __post_init__(self):
        wrong = [kind for kind in self.periods if kind not in KINDS]
        if wrong or not self.periods or not self.id or not self.title:
            raise Problem("record-measure-invalid", "A measure has id, title and known period kinds.", f"{self.id} {self.periods}")

    def breakdown(self, name: str) -> Breakdown | None:
        return next((b for b in self.breakdowns if b.name == name), None)


@dataclass(frozen=True, eq=False)
class Family:
    """Measures that share cohorts. `publication`: the pipeline whose names and release rules hold (publication.py).

    `quirks`: ids of the register that the cohorts of the family switch (quirks.py). `cases`: worked cases as text (worked_cases.py).
    `counterparts`: id of a measure of the family -> id of the published measure (evidence/definitions) that answers the same question, so
    that both witnesses are shown side by side. `data_set`: whose records it counts, `mhsds` or `talking-therapies`.
    """

    name: str
    title: str
    question: str
    why: str
    source: str
    checked_against: str
    publication: object
    measures: tuple[RecordMeasure, ...]
    quirks: tuple[str, ...] = ()
    author: str = "Esteem developers"
    review_date: date = date(2027, 11, 1)
    notes: tuple[str, ...] = field(default=())
    counterparts: Mapping[str, str] = field(default_factory=dict)
    data_set: str = "mhsds"
    cases: str = ""

    def __post_init__(self):
        strange = ", ".join(sorted(set(self.counterparts) - {name for name, _ in self.ids}))
        wrong = [
            Problem("family-invalid", f"Family {self.name!r}: {rule}", str(found))
            for rule, found, ok in (
                ("the question ends with a question mark", self.question, self.question.endswith("?")),
                ("it says why it matters, its source and its proof", self.name, self.why and self.source and self.checked_against),
                ("it has measures", self.name, self.measures),
                ("an id and period belong to one measure", "twice", len(self.ids) == len(set(self.ids))),
                ("counterparts are those of its own measures", strange, not strange),
            )
            if not ok
        ]
        if wrong:
            raise Problems(wrong)

    @property
    def ids(self) -> list[tuple[str, str]]:
        return [(measure.id, period) for measure in self.measures for period in measure.periods]
