"""A few series and places of a snapshot, held in memory: for work that asks many small questions of the same figures, such as a sheet.

One reading of the snapshot's files takes the place of one for each question. It answers as the snapshot does (`rows`, `geography`), for
the series and places it was made for, and only for the day it was made for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from esteem.evidence.model import Measure
from esteem.evidence.published_cells import series_names

_CONFIG = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "python_enable_replacements": "false"}


class Narrowed:
    """Figures of `measures` at `codes` and at the places they were formed from, for periods that had ended by `as_at` (None: all)."""

    def __init__(self, snapshot, measures: Iterable[Measure], codes: Iterable[str], as_at: date | None = None):
        self.id = snapshot.id
        self.geography = snapshot.geography
        series = sorted({name for measure in measures for name in series_names(measure.published)})
        places = sorted(self._with_predecessors(codes))
        source, day = ("observations_as_at(?)", [as_at]) if as_at else ("observations", [])
        chosen = f"select * from {source} o where o.series in ({_marks(series)}) and o.place in ({_marks(places)})"
        self._answers: dict[tuple, list[dict]] = {}
        self._engine = duckdb.connect(":memory:", config=_CONFIG)
        self._hold("observations", snapshot.table(chosen, [*day, *series, *places]) if series and places else _nothing(snapshot))
        for name in ("editions", "places"):
            self._hold(name, snapshot.table(f"select * from {name}"))
        self._engine.execute("create macro observations_as_at(day) as table select * from observations where period_end <= day")

    def _with_predecessors(self, codes: Iterable[str]) -> set[str]:
        codes = set(codes)
        return codes | {earlier for code in codes for joined in self.geography.joined_series(code) for earlier in joined.predecessors}

    def _hold(self, name: str, table) -> None:
        self._engine.register("arriving", table)
        self._engine.execute(f'create table "{name}" as select * from arriving')
        self._engine.unregister("arriving")

    def rows(self, sql: str, params: Sequence = ()) -> list[dict]:
        """Rows as dictionaries, by column name; remembered, so read them only."""
        key = (sql, tuple(params))
        if key not in self._answers:
            cursor = self._engine.execute(sql, list(params))
            names = [column[0] for column in cursor.description]
            self._answers[key] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return self._answers[key]


def _nothing(snapshot):
    return snapshot.table("select * from observations limit 0")


def _marks(values: Sequence) -> str:
    return ", ".join("?" * len(values))
