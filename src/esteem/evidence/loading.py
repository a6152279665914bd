"""Load published files: recognise, check, build a new snapshot beside the served one, and swap it in whole.

    report = load([Path("MHSDS Data_JanPerf_2026.zip")])

All or nothing: when one file of a batch is wrong, nothing is loaded and the problem says which others were good. A file that is
already there changes nothing. A newer edition takes the place of an older one figure by figure; the older figures stay in `superseded`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from esteem.evidence.incoming import incoming
from esteem.evidence.load_changes import Changes, changes_of
from esteem.evidence.load_stops import large_changes, unusable_rows
from esteem.evidence.pack.assembly import Earlier, SourceTables, WrittenPart, assemble_source, spanning_parts
from esteem.evidence.pack.finishing import finished
from esteem.evidence.pack.manifest import Manifest
from esteem.evidence.pack.placing import misplaced, set_aside_places, stated_codes
from esteem.evidence.pack.reading import ReadFile, content_sha256, read_file
from esteem.evidence.pack.recognising import Recognised
from esteem.evidence.pack.shapes import REJECTED
from esteem.evidence.snapshot_store import Kept, SnapshotStore, newer_parts, told_plainly
from esteem.evidence.snapshots import Snapshot
from esteem.evidence.sources import all_sources
from esteem.evidence.sources.contract import Source
from esteem.terms.problems import Problem, Problems


class Watch:
    """Hears how a load is getting on. `stage` is called as each step begins; `rows` while a file is read."""

    def stage(self, name: str) -> None:
        """One of: recognise, read, assemble, keep-parts, kept-part (after each), keep-manifest, swap, done."""

    def file(self, name: str, number: int, total: int) -> None:
        """Reading of a file begins."""

    def rows(self, done: int, total: int | None) -> None:
        """Rows of the present file read so far, and in all where that is known."""


class Refused(Problems):
    """Nothing was loaded. `good` names the files of the batch that had nothing wrong; `rejected` lists every row that was not used."""

    def __init__(self, problems: list[Problem], good: Sequence[str], rejected: Sequence[pa.Table] = ()):
        super().__init__(problems)
        self.good = tuple(good)
        self.rejected = pa.concat_tables([REJECTED.empty_table(), *rejected])

    def __str__(self) -> str:
        others = f"\nNothing wrong with: {', '.join(self.good)}." if self.good else ""
        return f"{super().__str__()}{others}\nNothing was loaded: the earlier snapshot is served."


@dataclass(frozen=True)
class Outcome:
    """What became of one file: "loaded", "already loaded", or "left out" with the reason."""

    file: str
    status: str
    source: str = ""
    edition: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    figures: int = 0
    checks: tuple[str, ...] = ()
    reason: str = ""


@dataclass
class LoadReport:
    """What a load did, or with `dry_run` would do. `rejected` has the columns of the snapshot's table of that name."""

    files: list[Outcome]
    before: str
    after: str
    changes: Changes
    rejected: pa.Table
    dry_run: bool = False
    set_aside: list[Problem] = field(default_factory=list)  # what would have stopped the load, had it not been set aside as asked

    @property
    def changed(self) -> bool:
        return self.before != self.after


def load(
    paths: Sequence[Path],
    home: Path | None = None,
    *,
    on: date | None = None,
    dry_run: bool = False,
    set_aside: bool = False,
    accept_changes: bool = False,
    watch: Watch | None = None,
    sources: tuple[Source, ...] | None = None,
) -> LoadReport:
    """Load files, folders and archives. `on` is the day written into the editions (None: today). `set_aside`: leave out rows that cannot be
    read, contradict one another, or are for places that are not known or had ended, instead of refusing the file. `accept_changes`: take
    a new edition although its figures are so unlike those it replaces that a person should look first.

    Raises Refused (every problem of every file) or Problem; the served snapshot is then as it was.
    """
    watch, store, sources = watch or Watch(), SnapshotStore(home), sources or all_sources()
    on = on or date.today()
    with nullcontext() if dry_run else store.writing(), told_plainly(store.home):
        before = store.current()
        with Snapshot(before) as snapshot:
            watch.stage("recognise")
            with incoming(paths, sources) as found:
                _stop_at(found.problems, [r.raw.name for r in found.recognised])
                fresh, known = _apart(found.recognised, snapshot)
                reading = _Reading(snapshot, watch, set_aside, accept_changes, on)
                read = reading.all(fresh, [r.raw.name for r in known])
            outcomes = [_loaded(r, f) for r, f in zip(fresh, read, strict=True)]
            outcomes += [Outcome(r.raw.name, "already loaded", r.source.id) for r in known]
            outcomes += [Outcome(name, "left out", reason=reason) for name, reason in found.left_out]
            watch.stage("assemble")
            manifest, parts, tables = _next_snapshot(before, read, on)
            changes = changes_of(snapshot, tables)
            if read and not dry_run:
                _keep(store, before, manifest, parts, watch)
            rejected = pa.concat_tables([REJECTED.empty_table(), *reading.rejected])
            return LoadReport(outcomes, before.manifest.id, manifest.id, changes, rejected, dry_run, reading.left)


def _stop_at(problems: list[Problem], good: Sequence[str], rejected: Sequence[pa.Table] = ()) -> None:
    if problems:
        raise Refused(problems, good, rejected)


def _apart(found: list[Recognised], snapshot: Snapshot) -> tuple[list[Recognised], list[Recognised]]:
    """(new files, files whose content is there already), each content once."""
    held = {row["content_sha256"] for row in snapshot.rows("select content_sha256 from editions")}
    fresh, known = [], []
    for recognised in found:
        content = content_sha256(recognised.raw)
        (known if content in held else fresh).append(recognised)
        held.add(content)
    return fresh, known


@dataclass
class _Reading:
    """Reads the new files of a load one after another, gathering all problems before it stops."""

    snapshot: Snapshot  # the one before
    watch: Watch
    set_rows_aside: bool
    accept_changes: bool
    on: date
    left: list[Problem] = field(default_factory=list)
    rejected: list[pa.Table] = field(default_factory=list)

    def all(self, fresh: list[Recognised], known: list[str]) -> list[ReadFile]:
        self.watch.stage("read")
        read, problems = [], []
        for number, recognised in enumerate(fresh, 1):
            self.watch.file(recognised.raw.name, number, len(fresh))
            try:
                read.append(self._one(recognised))
            except Problem as problem:
                problems.append(problem)
            except Problems as several:
                problems.extend(several.problems)
        _stop_at(problems, [f.edition["file"] for f in read] + known, self.rejected)
        return read

    def _one(self, recognised: Recognised) -> ReadFile:
        geography = self.snapshot.geography
        read = read_file(recognised, geography.canonical, self.watch.rows)
        read.edition["loaded"] = self.on
        misplaced_rows = misplaced(read.observations, geography, stated_codes(read.tables), recognised.raw.name)
        unusable = [*unusable_rows(read), *(problem for _, problem in misplaced_rows)]
        read = set_aside_places(read, misplaced_rows) if misplaced_rows else read
        self.rejected.append(read.rejected)
        changes = large_changes(read, recognised.source, self.snapshot)
        if wrong := [*(() if self.set_rows_aside else unusable), *(() if self.accept_changes else changes)]:
            raise Problems(wrong)
        self.left += unusable + changes
        return read


def _loaded(recognised: Recognised, read: ReadFile) -> Outcome:
    edition = read.edition
    return Outcome(
        edition["file"],
        "loaded",
        recognised.source.id,
        edition["label"],
        edition["rows_read"],
        edition["rows_kept"],
        read.observations.num_rows,
        tuple(read.checks),
    )


def _next_snapshot(before: Kept, read: list[ReadFile], on: date) -> tuple[Manifest, list[WrittenPart], list[SourceTables]]:
    """The manifest and new parts of the snapshot that the files make of the one before; the same one when there are none."""
    if not read:
        return before.manifest, [], []
    earlier = Earlier(before.manifest.parts, before.place_of)
    of_source: dict[str, list[ReadFile]] = {}
    for file in read:
        of_source.setdefault(file.edition["source"], []).append(file)
    tables = [assemble_source(source, files, earlier) for source, files in sorted(of_source.items())]
    parts = finished(tables, earlier) + spanning_parts(tables, earlier)
    pa.default_memory_pool().release_unused()  # what follows compares with the engine's own memory
    checksums = {row["id"]: row["checksum"] for t in tables for row in t.series.select(["id", "checksum"]).to_pylist()}
    manifest = Manifest(
        newer_parts(before.manifest, [p.part for p in parts]),
        before.manifest.series | checksums,
        on,
        before.manifest.number + 1,
        before.manifest.id,
        tuple(edition for t in tables for edition in t.added),
        before.manifest.left_out,
    )
    return manifest, parts, tables


def _keep(store: SnapshotStore, before: Kept, manifest: Manifest, parts: list[WrittenPart], watch: Watch) -> None:
    """Write what is new and serve it. The pointer is last: until then the snapshot before is the one served."""
    watch.stage("keep-parts")
    if before.shipped:
        store.adopt(before)
    for part in parts:
        store.keep_part(part.part, part.data)
        watch.stage("kept-part")
    watch.stage("keep-manifest")
    store.keep_manifest(manifest)
    watch.stage("swap")
    store.point_to(manifest.id)
    watch.stage("done")
