"""One extract as it stood at the end of one reporting month: the tables to count from, and what has been prepared once for all measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import ibis.expr.types as ir

from esteem.evidence.records.extract import Extract
from esteem.evidence.records.reporting import Reporting
from esteem.terms.problems import Problem

MONTH_COLUMNS = ("UniqMonthID", "Unique_MonthID")  # of mental health services and of talking therapies


class Tables:
    """Tables as attributes. With `last_month`, rows of later months are left out, so that later submissions never move a figure."""

    def __init__(self, extract: Extract, last_month: int | None):
        self._extract, self._last_month = extract, last_month
        self._seen: dict[str, ir.Table] = {}

    def __getattr__(self, name: str) -> ir.Table:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._seen:
            table = self._extract.table(name)
            month = next((column for column in MONTH_COLUMNS if column in table.columns), None)
            if self._last_month is not None and month:
                table = table.filter(table[month] <= self._last_month)
            self._seen[name] = table
        return self._seen[name]


@dataclass(frozen=True)
class Step:
    """One rule of a cohort in words, and the rows left after it."""

    words: str
    table: ir.Table


class Workbench:
    """`t`: tables up to the reporting month; `later`: the same tables with every month (for the few rules that look further).

    `corrected`: ids of the quirks to put right ("all" = every one); the others stay as published.
    """

    def __init__(self, extract: Extract, month: Reporting, corrected: frozenset[str] | str = frozenset()):
        self.extract, self.month, self.corrected = extract, month, corrected
        self.t = Tables(extract, month.month_id)
        self.later = Tables(extract, None)
        self.steps: list[Step] | None = None
        self._prepared: dict[tuple, ir.Table] = {}
        self._prepared_steps: dict[tuple, list[Step]] = {}

    @property
    def rp_start(self):
        return self.month.start

    @property
    def rp_end(self):
        return self.month.end

    @property
    def month_id(self) -> int:
        return self.month.month_id

    def as_published(self, quirk: str) -> bool:
        """True while the quirk stays as the nation publishes it."""
        return self.corrected != "all" and quirk not in self.corrected

    def once(self, rule: Callable[..., ir.Table], *arguments) -> ir.Table:
        """`rule(self, *arguments)`, worked out and kept the first time it is asked for; its steps belong to every cohort that asks."""
        key = (rule, *arguments)
        if key not in self._prepared:
            outside, self.steps = self.steps, []
            try:
                self._prepared[key] = self.extract.engine.keep(rule(self, *arguments))
                self._prepared_steps[key] = self.steps
            finally:
                self.steps = outside
        if self.steps is not None:
            seen = {id(step) for step in self.steps}
            self.steps += [step for step in self._prepared_steps[key] if id(step) not in seen]
        return self._prepared[key]

    def step(self, table: ir.Table, words: str) -> ir.Table:
        """The table unchanged; when a cohort's steps are being traced, remembered with the rule in words."""
        if self.steps is not None:
            self.steps.append(Step(words, table))
        return table

    def require(self, table: str) -> ir.Table:
        """A reference table that must have rows. Problem `reference-absent` when it has none."""
        found = getattr(self.t, table)
        if table in self.extract.absent:
            remedy = f"Add reference_data/{table}.parquet (or .csv) to {self.extract.folder}."
            raise Problem("reference-absent", f"The measure needs the reference table {table}.", "no such file", remedy)
        return found


def prepared(rule: Callable[..., ir.Table]) -> Callable[..., ir.Table]:
    """Marks a rule `rule(work, *arguments) -> table` as worked out once for an extract and month, and shared by all measures.

    Arguments must be hashable (a Window, a text). Use it for what several cohorts read; not for a cohort itself.
    """

    @wraps(rule)
    def shared(work: Workbench, *arguments) -> ir.Table:
        return work.once(rule, *arguments)

    return shared
