"""Figures counted from loaded records: worked out once for an edition, a month and a mode, and kept on the disk.

    ESTEEM_HOME/computed/<edition>/<definitions>/<month>-<mode>/<pipeline>-<id>-<period>.json

`definitions` is a checksum of the code that defines and counts: a changed definition never answers with an old figure. What is kept is
not yet released: only `publish.release` lets it out.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import RLock

from esteem.evidence.computing import Request, columns_given, compute, rows_and_steps
from esteem.evidence.definitions.mhsds import Defined, find_breakdown
from esteem.evidence.record_model import Breakdown, Cohort, Figure, Levels
from esteem.evidence.records.places_named import places_named
from esteem.evidence.records.record_store import LoadedRecords
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.workbench import Workbench
from esteem.terms.problems import Problem

MODES = ("as-published", "corrected")
Columns = tuple[str, ...]
QUICK = 5_000_000  # rows of records
AREAS_AHEAD = ("england", "provider", "sub_icb", "icb", "region", "local_authority")
_CODE = ("computing.py", "record_model.py", "records", "engines", "definitions/mhsds")
_lock = RLock()  # an engine belongs to one thread at a time
_bench: dict[tuple, Workbench] = {}


@dataclass(frozen=True)
class Step:
    """One line of a waterfall: a rule in words and the rows left after it. `kind`: table, rule or cohort."""

    kind: str
    words: str
    rows: int


@dataclass(frozen=True)
class Counting:
    """One measure over one kind of period, counted from one edition as it stood at the end of a month."""

    records: LoadedRecords
    home: Path
    defined: Defined
    period: str
    month: Reporting
    mode: str = MODES[0]

    def __post_init__(self):
        if self.mode not in MODES:
            raise Problem("mode-unknown", f"Records are counted in one of two modes: {', '.join(MODES)}.", self.mode, "Name one of them.")

    @property
    def path(self) -> Path:
        measure, publication = self.defined.measure, self.defined.family.publication
        name = f"{publication.name}-{measure.id.replace('%', '_percent')}-{self.period}.json"
        return self.home / "computed" / self.records.id / definitions_checksum() / f"{self.month.month_id}-{self.mode}" / name

    def levels(self, wanted: Iterable[Columns]) -> dict[Columns, Levels]:
        """Figures by level for each set of columns that is possible; one that the records cannot give is left out."""
        wanted = list(dict.fromkeys(wanted))
        kept = _read(self.path)
        missing = [columns for columns in wanted if ";".join(columns) not in kept["levels"]]
        if missing:
            with _lock:
                kept = _read(self.path)
                missing = [columns for columns in wanted if ";".join(columns) not in kept["levels"]]
                if missing:
                    kept["levels"] |= self._counted(missing)
                    _write(self.path, kept)
        found = {columns: kept["levels"][";".join(columns)] for columns in wanted}
        given = {columns: levels for columns, levels in found.items() if levels is not None}
        return {columns: {level: Figure(*numbers) for level, numbers in levels.items()} for columns, levels in given.items()}

    def kept(self, columns: Columns) -> Levels | None:
        """What has been counted before; None when nothing has, and nothing is counted now."""
        levels = _read(self.path)["levels"].get(";".join(columns))
        return None if levels is None else {level: Figure(*numbers) for level, numbers in levels.items()}

    def waterfall(self) -> tuple[tuple[str, tuple[Step, ...]], ...]:
        """For each cohort of the measure its name, the tables it reads, its rules with the rows left after each, and its rows."""
        kept = _read(self.path)
        if kept["steps"] is None:
            with _lock:
                steps = self._steps()
                kept = _read(self.path)
                kept["steps"] = steps
                _write(self.path, kept)
        return tuple((name, tuple(Step(*step) for step in steps)) for name, steps in kept["steps"])

    def places(self) -> dict[str, dict[str, str]]:
        """Column -> code -> name ("" where the records have none) of the places that the records of the month name."""
        path = self.path.with_name("places.json")
        kept = _read(path)
        if "places" not in kept:
            with _lock:
                kept = {"places": places_named(self._work())}
                _write(path, kept)
        return kept["places"]

    def breakdown(self, columns: Columns) -> Breakdown:
        """The published breakdown with these columns (some values are defined for certain names), else one that says its columns."""
        if columns == ("england",):
            return find_breakdown(self.defined, "England") or Breakdown("England", columns)
        own = next((b for b in self.defined.measure.breakdowns if b.columns == columns), None)
        return own or Breakdown(" x ".join(columns), columns)

    def possible(self, columns: Columns) -> bool:
        """True when every cohort of the measure has the columns that this breakdown needs."""
        key, kept = ";".join(columns), _read(self.path)
        if key in kept["levels"]:
            return kept["levels"][key] is not None
        if key not in kept["possible"]:
            with _lock:
                kept = _read(self.path)
                kept["possible"][key] = self._possible(columns)
                _write(self.path, kept)
        return kept["possible"][key]

    def _possible(self, columns: Columns) -> bool:
        work = self._work()
        return all(set(b.columns) <= self._has(work, c.cohort) for c, b in self.defined.measure.value.counts(self.breakdown(columns)))

    def cohorts(self) -> tuple[Cohort, ...]:
        counts = self.defined.measure.value.counts(self.breakdown(("england",)))
        return tuple({id(counted.cohort): counted.cohort for counted, _ in counts}.values())

    @property
    def is_quick(self) -> bool:
        """True when a reader can wait for the figures: those of more records are counted ahead (`count_ahead`)."""
        return self.records.manifest.kept <= QUICK

    def _counted(self, wanted: list[Columns]) -> dict[str, dict | None]:
        requests = self._requests(wanted)
        found = compute(self._work(), [request for request in requests.values() if request])
        return {";".join(columns): _plain(found[request]) if request else None for columns, request in requests.items()}

    def _requests(self, wanted: Iterable[Columns]) -> dict[Columns, Request | None]:
        """What to compute for each set of columns; nothing for one that the records cannot give."""
        return {c: Request(self.defined.measure, self.period, self.breakdown(c)) if self._possible(c) else None for c in wanted}

    def _has(self, work: Workbench, cohort: Cohort) -> set[str]:
        known = work.__dict__.setdefault("_columns_of_cohorts", {})
        key = (id(cohort), self.period)
        if key not in known:
            known[key] = columns_given(work, cohort, self.month.window(self.period))
        return known[key]

    def _steps(self) -> list:
        return [[cohort.name, self._steps_of(cohort)] for cohort in self.cohorts()]

    def _steps_of(self, cohort: Cohort) -> list:
        """Each cohort on a workbench of its own, so that the tables it reads are known; measures of one cohort share what is found."""
        known = self._work().__dict__.setdefault("_steps_of_cohorts", {})
        key = (id(cohort), self.period)
        if key not in known:
            work = Workbench(self._work().extract, self.month, self._work().corrected)
            rows, rules = rows_and_steps(work, cohort, self.period)
            run = work.extract.engine.run
            tables = [("table", name, _count(run, getattr(work.t, name))) for name in sorted(work.t._seen) if name.startswith("MHS")]
            left = [("rule", step.words, _count(run, step.table)) for step in rules]
            known[key] = [*tables, *left, ("cohort", cohort.name, _count(run, rows))]
        return known[key]

    def _work(self) -> Workbench:
        """The workbenches of one month are kept open: its measures share what has been prepared."""
        key = (str(self.records.folder), self.month.month_id, self.mode)
        if key not in _bench:
            extract = next((work.extract for (folder, *_), work in _bench.items() if folder == key[0]), None)
            for other in [other for other in _bench if other[:2] != key[:2]]:  # both modes of one month stay open, nothing else
                del _bench[other]
            corrected = "all" if self.mode == "corrected" else frozenset()
            _bench[key] = Workbench(extract or self.records.extract(), self.month, corrected)
        return _bench[key]


def count_ahead(countings: Iterable[Counting], told: Callable[[str], None] = lambda words: None) -> int:
    """Count measures for every kind of place and by what they are published by, with their waterfalls, so that no reader waits for it.

    Those of one data set, month and mode are counted together, which costs far less than one after another.
    """
    together: dict[tuple, list[Counting]] = {}
    for counting in countings:
        together.setdefault((counting.records.data_set, counting.mode, counting.month), []).append(counting)
    for (data_set, mode, month), group in together.items():
        told(f"{len(group)} measures of {data_set} to {month.end:%B %Y}, {mode}")
        _count_group(group)
    return sum(map(len, together.values()))


def _count_group(group: list[Counting]) -> None:
    with _lock:
        wanted = []
        for counting in group:
            own = (b.columns for b in counting.defined.measure.breakdowns)
            wanted.append(counting._requests(dict.fromkeys([*((column,) for column in AREAS_AHEAD), *own])))
        found = _computed_ahead(group[0]._work(), [request for asked in wanted for request in asked.values() if request])
        for counting, asked in zip(group, wanted, strict=True):
            kept = _read(counting.path)
            given = {c: request for c, request in asked.items() if request is None or request in found}
            kept["levels"] |= {";".join(c): _plain(found[request]) if request else None for c, request in given.items()}
            kept["steps"] = counting._steps()
            _write(counting.path, kept)
        group[0].places()


def _computed_ahead(work: Workbench, requests: list[Request]) -> dict[Request, Levels]:
    """As `compute`, without rates of areas whose population is not loaded: whoever asks for one is told why."""
    try:
        return compute(work, requests)
    except Problem as problem:
        if problem.code != "population-missing":
            raise
        if len(requests) <= 1:
            return {}
        half = len(requests) // 2
        return _computed_ahead(work, requests[:half]) | _computed_ahead(work, requests[half:])


def _count(run, table) -> int:
    return int(run(table.count().as_table()).column(0)[0].as_py())


def _plain(levels: Levels) -> dict[str, list]:
    return {level: [figure.value, figure.numerator, figure.denominator] for level, figure in levels.items()}


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # none yet, or one that a full disk cut off: counted anew
        return {"levels": {}, "possible": {}, "steps": None}


def _write(path: Path, kept: dict) -> None:
    """All of it or nothing under the name. It can be counted again, so it is not waited for until the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{os.getpid()}-{path.name}")
    beside.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    beside.replace(path)


@cache
def definitions_checksum() -> str:
    """Twelve characters that change with any file that defines or counts."""
    here, digest = Path(__file__).parent, hashlib.sha256()
    files = [path for name in _CODE for path in ([here / name] if name.endswith(".py") else (here / name).rglob("*"))]
    for path in sorted(path for path in files if path.suffix in (".py", ".toml")):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def forget() -> None:
    """Let go of the records that are open."""
    with _lock:
        _bench.clear()


os.register_at_fork(after_in_child=_bench.clear)  # a connection does not survive a fork
