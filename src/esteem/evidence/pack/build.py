"""Build the shipped pack from a folder of published files: every file is read, or listed with the reason why not."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pyarrow.compute as pc

from esteem.evidence import gazetteer
from esteem.evidence.geography import Geography
from esteem.evidence.pack.assembly import NAMING_SOURCES, SourceTables, all_places, assemble_source, spanning_parts
from esteem.evidence.pack.finishing import finished
from esteem.evidence.pack.manifest import NAME, LeftOut, Manifest
from esteem.evidence.pack.placing import all_placed, misplaced, set_aside_places, stated_codes
from esteem.evidence.pack.reading import ReadFile, read_file
from esteem.evidence.pack.recognising import Recognised, provenance, published_files, recognise
from esteem.evidence.sources import all_sources
from esteem.evidence.sources.contract import Canonical, RawFile, Source
from esteem.terms.problems import Problem, Problems

# Files of the data folder that are in no table, told by the beginning of their header, with the reason.
LEFT_OUT = {
    b"sheet,sheet_row,unique_id,title,source,format": "the same figures as the dashboard workbook, which is read cell by cell",
    b",Code,Indicator name,Description": "the same words as the Metadata sheet of the dashboard workbook, which is read",
}

# tell(words, done, in all)
Tell = Callable[[str, int, int], None]


def unheard(words: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass
class Plan:
    """The files of each source, and the files left out."""

    files: dict[str, list[Recognised]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)


def plan(folder: Path, sources: tuple[Source, ...]) -> Plan:
    """Recognise every file of the folder. Raises Problems naming each file that no source, or more than one, knows."""
    found, problems = Plan(), []
    for path in published_files(folder):
        raw = RawFile(path)
        reason = next((why for start, why in LEFT_OUT.items() if raw.head.removeprefix(b"\xef\xbb\xbf").startswith(start)), None)
        if reason:
            found.left_out.append(LeftOut(path.relative_to(folder).as_posix(), raw.sha256, reason))
            continue
        try:
            recognised = recognise(raw, sources)
        except Problem as problem:
            problems.append(problem)
        else:
            found.files.setdefault(recognised.source.id, []).append(recognised)
    if problems:
        raise Problems(problems)
    return found


@dataclass(frozen=True)
class _Job:
    """All files of one source, for a worker: plain paths, because readers are found again by name on the other side."""

    source: str
    paths: tuple[Path, ...]
    listed: dict[str, dict[str, str]]
    strict_places: bool = False


_geography: Geography | None = None


def _remember_places(geography: Geography | None) -> None:
    """In each worker: the places that codes are made canonical by, and figures held against; none before the lookups are read."""
    global _geography
    _geography = geography


def _do(job: _Job, sources: tuple[Source, ...] | None = None) -> SourceTables:
    sources = sources or all_sources()
    of_source = tuple(s for s in sources if s.id == job.source)
    read, problems = [], []
    for path in job.paths:
        raw = RawFile(path)
        try:
            read.append(_read(recognise(raw, of_source), job))
        except Problem as problem:
            problems.append(problem)
        except Problems as several:
            problems.extend(several.problems)
    if problems:
        raise Problems(problems)
    return assemble_source(job.source, read)


def _read(found: Recognised, job: _Job) -> ReadFile:
    """One file; with `strict_places`, figures for places that nobody knows are set aside and listed as rejected."""
    canonical: Canonical = _geography.canonical if _geography else gazetteer.written_canonical
    read = read_file(found, canonical, listed=job.listed.get(found.raw.sha256))
    if not job.strict_places:
        return read
    wrong = misplaced(read.observations, _geography, stated_codes(read.tables), found.raw.name)
    return set_aside_places(read, wrong) if wrong else read


def _run(jobs: list[_Job], sources: tuple[Source, ...] | None, workers: int, known) -> Iterator[SourceTables]:
    if workers == 1 or len(jobs) < 2:
        _remember_places(known)
        yield from (_do(job, sources) for job in jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _remember_places, (known,)) as pool:
        waiting = [pool.submit(_do, job) for job in jobs]
        try:
            for future in as_completed(waiting):
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def read_folder(folder: Path, sources: tuple[Source, ...] | None = None, workers: int = 2, tell: Tell = unheard):
    """([SourceTables], [LeftOut]) of every published file under `folder`. `sources` given = in this process (for tests)."""
    if not folder.is_dir():
        raise Problem("folder-missing", "The published files are in a folder.", str(folder), "Name the folder with --from.")
    tell("recognising files", 0, 0)
    found = plan(folder, sources or all_sources())
    listed = provenance(folder)
    total = sum(map(len, found.files.values()))
    jobs = [_Job(source, tuple(r.raw.path for r in files), listed) for source, files in found.files.items()]
    # The largest first, so that no worker is left with a long one at the end.
    jobs.sort(key=lambda job: (-sum(path.stat().st_size for path in job.paths), job.source))
    naming = [job for job in jobs if job.source in NAMING_SOURCES]
    done: list[SourceTables] = []

    def gather(some: list[_Job], known) -> None:
        for tables in _run(some, sources, 1 if sources else workers, known):
            done.append(tables)
            tell(tables.source, sum(len(t.editions) for t in done), total)

    for source in NAMING_SOURCES:
        gather([job for job in naming if job.source == source], all_places(done).geography if done else None)
    last = {source.id for source in sources or all_sources() if source.names_only}
    for names_only in (False, True):
        wave = [job for job in jobs if job not in naming and (job.source in last) == names_only]
        gather(wave, all_places(done).geography if done else None)
    # Every place is known by now. Sources with figures for others (Welsh councils in an English file) are read again without them.
    geography = all_places(done).geography
    again = {t.source for t in done if not all_placed(t.uses, geography)}
    done[:] = [t for t in done if t.source not in again]
    gather([replace(job, strict_places=True) for job in jobs if job.source in again], geography)
    return sorted(done, key=lambda t: t.source), found.left_out


def make_pack(folder: Path, sources: tuple[Source, ...] | None = None, workers: int = 2, tell: Tell = unheard):
    """(Manifest, parts) of a pack of all files under `folder`; nothing is written."""
    done, left_out = read_folder(folder, sources, workers, tell)
    tell("joining", 0, 0)
    parts = finished(done) + spanning_parts(done)
    series = {row["id"]: row["checksum"] for t in done for row in t.series.select(["id", "checksum"]).to_pylist()}
    manifest = Manifest(tuple(p.part for p in parts), series, _newest(done), left_out=tuple(left_out))
    return manifest, parts


def _newest(done: list[SourceTables]) -> date:
    """The day of a pack: the newest day on which an edition was published or a period ended. No clock, so it is repeatable."""
    published = [e["published"] for t in done for e in t.editions if e["published"]]
    ends = [pc.max(t.series["last_period"]).as_py() for t in done if t.series.num_rows]
    return max(published + ends, default=date(1970, 1, 1))


def build(target: Path, folder: Path, sources: tuple[Source, ...] | None = None, workers: int = 2, tell: Tell = unheard) -> Manifest:
    """Build the pack and put it at `target`, in place of the pack that was there. A failed build leaves the old one."""
    if target.exists() and any(target.iterdir()) and not (target / NAME).exists():
        raise Problem(
            "pack-target", "A pack goes into a new folder or replaces a pack.", f"{target} holds other files", "Name another folder."
        )
    manifest, parts = make_pack(folder, sources, workers, tell)
    beside = target.parent / f".{target.name}.building"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for part in parts:
        (beside / part.part.file).write_bytes(part.data)
    (beside / NAME).write_text(manifest.text(), encoding="utf-8")
    if target.exists():
        shutil.rmtree(target)
    beside.rename(target)
    return manifest
