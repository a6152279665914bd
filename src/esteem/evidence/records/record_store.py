"""Where loaded records are kept: immutable editions of each data set, and one pointer to the edition that is counted from.

    ESTEEM_HOME/records/
      <data set>/<edition>/             one accepted state; never changed once it is there
        manifest.json                   what was loaded, by whom, which months, rows in, kept and quarantined
        <folder of the data set>/       <TABLE>.parquet, or a folder <TABLE>/ of parts; the layout that `open_extract` opens
        reference_data/
        quarantine.parquet              each row that was left out, and each that was kept with a warning, with the reason
        scorecard.parquet
      <data set>/current                the id of the edition in use, replaced in one step
      lock                              held by the one process that may write

An edition is written under another name, flushed to the disk and then given its name; the pointer comes last. So a load killed at any
moment leaves the earlier edition in use, and what it left behind is swept away by the next load.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from esteem.evidence.records.edition import NAME, EditionManifest, read_edition, written
from esteem.evidence.records.extract import Extract, open_extract
from esteem.evidence.records.reporting import Reporting, month_words
from esteem.evidence.records.schema import schema_of
from esteem.evidence.snapshot_store import flush_folder, told_plainly, write_whole
from esteem.terms.home import home as esteem_home
from esteem.terms.problems import Problem

DATA_SETS = ("mhsds", "talking-therapies")
QUARANTINE = "quarantine.parquet"
SCORECARD = "scorecard.parquet"
_UNFINISHED = ".unfinished-"
_LIST = "Run `esteem records` to see the editions there are."


@dataclass(frozen=True)
class LoadedRecords:
    """One edition of a data set and where it lies."""

    data_set: str
    folder: Path
    manifest: EditionManifest

    @property
    def id(self) -> str:
        return self.manifest.edition

    @property
    def label(self) -> str:
        return self.manifest.label

    @property
    def invented(self) -> bool:
        """True when the people in it are made up: every page that shows a figure from it says so."""
        return self.manifest.invented

    @property
    def months(self) -> tuple[int, ...]:
        """Numbers of the reporting months it holds, in order (`Reporting(number)` gives their days)."""
        return self.manifest.months

    @property
    def quarantine(self) -> Path:
        return self.folder / QUARANTINE

    @property
    def scorecard(self) -> Path:
        return self.folder / SCORECARD

    def extract(self, engine=None) -> Extract:
        """The tables, opened for counting; `engine` is one of `evidence/engines`, by default DuckDB.

        Problem `records-damaged` when a table that was loaded is no longer there: it would be counted as empty.
        """
        opened = open_extract(self.folder, schema_of(self.data_set), engine)
        loaded = {count.table for load in self.manifest.loads for count in load.tables}
        if gone := [table for table in opened.absent if table in loaded]:
            remedy = "Load the folder again with --fresh, or go back: `esteem records rollback`."
            raise Problem("records-damaged", "A table that was loaded is there.", f"no {', '.join(gone)}", remedy, str(self.folder))
        return opened

    def month(self, month: Reporting | int | None = None) -> Reporting:
        """The reporting month asked for, by default the last. Problem `records-month-missing` when the edition does not hold it."""
        number = self.months[-1] if month is None else getattr(month, "month_id", month)
        if number not in self.months:
            raise Problem(
                "records-month-missing",
                "A month is counted when its records are loaded.",
                f"{month_words(number)} is not loaded; loaded: {months_in_words(self.months)}",
                f"Load it: `esteem load {self.data_set} DIR`, or ask for a month that is loaded.",
            )
        return Reporting(number)


class RecordStore:
    """The loaded records of one installation."""

    def __init__(self, home: Path | None = None):
        self.home = Path(home) if home is not None else esteem_home()
        self.root = self.home / "records"

    # ------------------------------------------------------------ reading

    def current(self, data_set: str) -> LoadedRecords:
        """The edition in use. Problem `records-missing` when nothing has been loaded."""
        found = self.current_or_none(data_set)
        if found is None:
            raise Problem(
                "records-missing",
                "Measures are counted from records once records are loaded.",
                f"no {data_set} records in {self.root}",
                f"Load a folder of them: `esteem load {data_set} DIR`.",
            )
        return found

    def current_or_none(self, data_set: str) -> LoadedRecords | None:
        try:
            name = self._pointer(data_set).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        return self._loaded(data_set, name)

    def editions(self, data_set: str) -> list[LoadedRecords]:
        """Every edition, oldest first."""
        folder = self._folder(data_set)
        if not folder.is_dir():
            return []
        names = [path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
        return sorted((self._loaded(data_set, name) for name in names), key=lambda kept: (kept.manifest.loaded_at, kept.id))

    def find(self, data_set: str, ref: str) -> LoadedRecords:
        """An edition by its id, the beginning of it, or its label. Problem `records-edition-unknown`."""
        editions = self.editions(data_set)
        fitting = [kept for kept in editions if kept.id == ref] or [k for k in editions if k.id.startswith(ref) or k.label == ref]
        if len(fitting) != 1:
            found = f"{ref!r} fits {', '.join(kept.id for kept in fitting) or 'none'}"
            raise Problem("records-edition-unknown", "An edition is named by its id, the beginning of it, or its label.", found, _LIST)
        return fitting[0]

    def _loaded(self, data_set: str, name: str) -> LoadedRecords:
        folder = self._folder(data_set) / name
        return LoadedRecords(data_set, folder, read_edition(folder))

    def _folder(self, data_set: str) -> Path:
        if data_set not in DATA_SETS:
            raise Problem("data-set-unknown", f"A data set of records is one of: {', '.join(DATA_SETS)}.", repr(data_set))
        return self.root / data_set

    def _pointer(self, data_set: str) -> Path:
        return self._folder(data_set) / "current"

    # ------------------------------------------------------------ writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store for writing, and sweep what a killed load left. Problems `store-busy`, `disk-full`, `store-closed`."""
        with told_plainly(self.home):
            self.root.mkdir(parents=True, exist_ok=True)
            with (self.root / "lock").open("a+") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    found = f"another process is writing to {self.root}"
                    raise Problem("store-busy", "One load runs at a time.", found, "Wait until it has ended, then load again.") from None
                self._sweep()
                yield

    def _sweep(self) -> None:
        for left in self.root.glob(f"*/{_UNFINISHED}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def keep(self, data_set: str, edition: str, fill: Callable[[Path], EditionManifest]) -> LoadedRecords:
        """Make an edition: `fill` writes its files into an empty folder and returns the manifest. Nothing is kept when it fails."""
        parent = self._folder(data_set)
        beside, target = parent / f"{_UNFINISHED}{edition}", parent / edition
        beside.mkdir(parents=True)
        try:
            manifest = fill(beside)
            (beside / NAME).write_text(written(manifest), encoding="utf-8")
            _flush(beside)
            beside.rename(target)
            flush_folder(parent)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        return LoadedRecords(data_set, target, manifest)

    def point_to(self, kept: LoadedRecords) -> None:
        """Count from this edition from now on."""
        write_whole(self._pointer(kept.data_set), f"{kept.id}\n".encode("ascii"))


def months_in_words(months: tuple[int, ...]) -> str:
    """`April 2024 to May 2025`, with gaps named: `April 2024 to June 2024, August 2024`; `none` for no month."""
    runs: list[list[int]] = []
    for month in sorted(months):
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    words = [month_words(run[0]) + (f" to {month_words(run[-1])}" if len(run) > 1 else "") for run in runs]
    return ", ".join(words) or "none"


def _flush(folder: Path) -> None:
    """Every file on the disk before the edition gets its name."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    for inside in [path for path in folder.rglob("*") if path.is_dir()] + [folder]:
        flush_folder(inside)
