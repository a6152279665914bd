"""Loads a folder of record-level tables as a new edition: checked row by row, whole or not at all, months of earlier loads carried over."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, islice
from pathlib import Path

from esteem.evidence.records.checks import Checks, checks_of
from esteem.evidence.records.edition import EditionManifest, LoadedFolder, SourceFile
from esteem.evidence.records.extract import parts_of
from esteem.evidence.records.incoming_tables import IncomingFolder, check_columns, find_tables
from esteem.evidence.records.intake import MEMORY, Intake, Room
from esteem.evidence.records.quarantine import quarantine_rows, rule_counts, write_quarantine
from esteem.evidence.records.record_store import QUARANTINE, SCORECARD, LoadedRecords, RecordStore, months_in_words
from esteem.evidence.records.row_checks import literal, quoted
from esteem.evidence.records.scorecard import write_scorecard
from esteem.evidence.records.watching import Watch
from esteem.evidence.records.whole_months import check_header, check_months, check_quarantine, check_tables
from esteem.terms.problems import Problem, Problems

MARKER = "extract.json"  # beside the tables: {"label": "...", "invented": true}
_TOLD = 20


@dataclass(frozen=True)
class Wanted:
    """What a person asks for. `replace`: months that are loaded already may come again; `fresh`: nothing of earlier loads is carried over;
    `accept_missing`, `accept_quarantine`: go on although a month looks half there, or a tenth of a table is out."""

    label: str = ""
    invented: bool = False
    replace: bool = False
    fresh: bool = False
    accept_missing: bool = False
    accept_quarantine: bool = False
    dry_run: bool = False
    memory: str = MEMORY
    threads: int | None = None
    on_quarantine: Callable[[Path], None] | None = None  # given the list of rows as soon as it is written, even if the load stops


@dataclass(frozen=True)
class LoadedFolderReport:
    """What became of a load: `changed` is false when the folder is loaded already, or on a dry run."""

    manifest: EditionManifest
    changed: bool
    not_read: tuple[str, ...] = ()
    found: tuple[dict, ...] = ()  # rows by rule and table, as `quarantine.rule_counts`
    loaded: LoadedRecords | None = None


@dataclass
class _Load:
    """One load under way."""

    data_set: str
    folder: Path
    wanted: Wanted
    at: datetime
    by: str
    watch: Watch
    checks: Checks
    found: IncomingFolder
    files: tuple[SourceFile, ...]
    label: str
    invented: bool
    before: LoadedRecords | None
    edition: str = ""
    counted: tuple[dict, ...] = field(default=())


class _DryRun(Exception):
    def __init__(self, manifest: EditionManifest):
        self.manifest = manifest


def load_records(
    data_set: str,
    folder: Path,
    *,
    at: datetime,
    by: str,
    home: Path | None = None,
    wanted: Wanted | None = None,
    watch: Watch | None = None,
) -> LoadedFolderReport:
    """Load `folder` into the store of `home` and count from it. `at`, `by`: when and by whom.

    Raises Problem or Problems; then nothing has changed.
    """
    store, checks, wanted, watch = RecordStore(home), checks_of(data_set), wanted or Wanted(), watch or Watch()
    with store.writing():
        found = find_tables(Path(folder).resolve(), checks)
        before = None if wanted.fresh else store.current_or_none(data_set)
        missing = check_tables(found, checks, _tables_of(before, checks))
        if (missing and not wanted.accept_missing) or checks.header not in found.tables:
            raise Problems(missing)
        watch.stage("checksums")
        files, (label, invented) = tuple(found.files()), _marker(found.folder, wanted)
        load = _Load(data_set, found.folder, wanted, at, by, watch, checks, found, files, label, invented, before)
        if before and _loaded_already(load):
            return LoadedFolderReport(before.manifest, False, found.not_read, loaded=before)
        _check_not_mixed(load)
        load.edition = _new_id(store, load)
        try:
            kept = store.keep(data_set, load.edition, lambda target: _filled(load, target))
        except _DryRun as dry:
            return LoadedFolderReport(dry.manifest, False, found.not_read, load.counted)
        watch.stage("swapping in")
        store.point_to(kept)
    return LoadedFolderReport(kept.manifest, True, found.not_read, load.counted, kept)


def _marker(folder: Path, wanted: Wanted) -> tuple[str, bool]:
    """Label and invented or not: from the command, else from the marker that the folder brings, else the folder's name and real."""
    path, raw = folder / MARKER, {}
    if path.is_file():
        try:
            raw = dict(json.loads(path.read_text(encoding="utf-8")))
        except ValueError as wrong:
            remedy = 'Write {"label": "...", "invented": true}, or take it away.'
            raise Problem("records-marker", f"{MARKER} is JSON.", str(wrong), remedy, str(path)) from None
    return wanted.label or str(raw.get("label") or folder.name), wanted.invented or bool(raw.get("invented", False))


def _tables_of(before: LoadedRecords | None, checks: Checks) -> dict[str, list[Path]]:
    """Parts of each table of an edition."""
    found = {}
    for name in checks.schema.tables if before else ():
        folder = before.folder / checks.schema.folder_of(name)
        if parts := [path for place in (folder / f"{name}.parquet", folder / name) if place.exists() for path in parts_of(place)]:
            found[name] = parts
    return found


def _loaded_already(load: _Load) -> bool:
    last = load.before.manifest.loads[-1]
    return {(f.file, f.sha256) for f in last.files} == {(f.file, f.sha256) for f in load.files} and load.label == last.label


def _check_not_mixed(load: _Load) -> None:
    if load.before and load.before.invented != load.invented:
        kinds = {True: "invented people", False: "real people"}
        found = f"loaded: {kinds[load.before.invented]} ({load.before.label}); new: {kinds[load.invented]} ({load.label})"
        remedy = "Load with --fresh: the new edition then holds this folder alone. The earlier edition is kept."
        raise Problem("records-invented-mixed", "Invented and real people never stand in one edition.", found, remedy, str(load.folder))


def _new_id(store: RecordStore, load: _Load) -> str:
    """When and a checksum of the files; numbered when the same files were loaded in the same second."""
    name, taken = f"{load.at:%Y%m%dT%H%M%SZ}-{_digest(load.files)}", {kept.id for kept in store.editions(load.data_set)}
    return next(one for number in count(1) if (one := name if number == 1 else f"{name}-{number}") not in taken)


def _digest(files: tuple[SourceFile, ...]) -> str:
    return hashlib.sha256("\n".join(sorted(f"{f.file} {f.sha256}" for f in files)).encode()).hexdigest()[:8]


# ------------------------------------------------------------ filling an edition


def _filled(load: _Load, target: Path) -> EditionManifest:
    """Writes the edition's files into the empty folder `target`. Problems of whole months, and Problem `reference-wrong`."""
    work = target / ".work"
    work.mkdir()
    carried: dict[str, list[Path]] = {}
    intake = Intake(load.checks, Room(work, target, load.edition, carried), load.watch, load.wanted.memory, load.wanted.threads)
    months = _months(load, intake)
    again = _months_again(load, months)
    check_columns(load.found, load.checks, months[-1])
    header = intake.path(load.checks.header)
    carried |= _carry_over(load, intake, target, again)
    header.rename(intake.path(load.checks.header))  # beside the parts of earlier loads, if there are any
    _take_tables(load, intake)
    manifest = _finished(load, intake, target, months, again)
    intake.database.close()
    shutil.rmtree(work)
    if load.wanted.dry_run:
        raise _DryRun(manifest)
    return manifest


def _months(load: _Load, intake: Intake) -> tuple[int, ...]:
    header = load.found.tables[load.checks.header]
    check_columns(IncomingFolder(load.folder, {header.table: header}, ()), load.checks)
    load.watch.table(header.table, 1, len(load.found.tables), header.rows)
    intake.take(header)
    rows = intake.database.execute("SELECT provider, month, first_day, last_day, times FROM header_months").fetchall()
    return check_header(rows, load.checks, header.path, intake.rows_in(header.table))


def _months_again(load: _Load, months: tuple[int, ...]) -> tuple[int, ...]:
    """Months that are loaded already. Problem `records-month-twice` unless they may be replaced."""
    again = tuple(month for month in months if load.before and month in load.before.months)
    if again and not load.wanted.replace:
        remedy = (
            "Load with --replace to count these months from the new folder (the earlier edition is kept), "
            "or with --fresh to count from the new folder alone."
        )
        found = f"{months_in_words(again)} is loaded already ({load.before.label}, {load.before.id})"
        raise Problem("records-month-twice", "A month is counted from one edition.", found, remedy, str(load.folder))
    return again


def _carry_over(load: _Load, intake: Intake, target: Path, again: tuple[int, ...]) -> dict[str, list[Path]]:
    """Parts of earlier loads in the new edition: the same bytes where nothing of them is replaced, else without the months replaced."""
    carried: dict[str, list[Path]] = {}
    for name, parts in _tables_of(load.before, load.checks).items():
        folder, record = target / load.checks.schema.folder_of(name), name in load.checks.schema.records
        if not record:
            if name not in load.found.tables:
                folder.mkdir(exist_ok=True)
                os.link(parts[0], folder / f"{name}.parquet")
            continue
        (folder / name).mkdir(parents=True)
        for part in parts:
            place = folder / name / (f"{load.before.id}.parquet" if part.stem == name else part.name)
            _link_without(load, intake, name, part, place, again)
            carried.setdefault(name, []).append(place)
    return carried


def _link_without(load: _Load, intake: Intake, name: str, part: Path, place: Path, again: tuple[int, ...]) -> None:
    month, columns = load.checks.month, load.checks.schema.columns(name)
    if again and month not in columns:
        found, remedy = f"{name} has no column {month}", "Load a folder with every month, with --fresh."
        raise Problem("records-replace-whole", "Months are replaced in tables that say the month of each row.", found, remedy)
    gone = f"{quoted(month)} IN ({', '.join(map(str, again))})"
    source = f"read_parquet({literal(part)})"
    if not again or not intake.database.execute(f"SELECT EXISTS (SELECT 1 FROM {source} WHERE {gone})").fetchone()[0]:
        os.link(part, place)
    else:
        intake.database.execute(f"COPY (SELECT * FROM {source} WHERE NOT ({gone})) TO {literal(place)} (FORMAT parquet, COMPRESSION zstd)")


def _take_tables(load: _Load, intake: Intake) -> None:
    names = [name for name in load.checks.in_order() if name in load.found.tables and name != load.checks.header]
    for number, name in enumerate(names, start=2):
        incoming = load.found.tables[name]
        load.watch.table(name, number, len(names) + 1, incoming.rows)
        intake.take(incoming)
    for name in names:
        if load.checks.of(name).children:
            intake.note_without_children(name)


def _finished(load: _Load, intake: Intake, target: Path, months: tuple[int, ...], again: tuple[int, ...]) -> EditionManifest:
    """Quarantine, scorecard and manifest; stops the load when a month is half there, too much is out, or reference data are wrong."""
    load.watch.stage("scorecard")
    before = load.before
    write_quarantine(intake, target / QUARANTINE, load.edition, before.quarantine if before else None, again)
    write_scorecard(intake, target / SCORECARD, before.scorecard if before else None, again)
    if load.wanted.on_quarantine:
        load.wanted.on_quarantine(target / QUARANTINE)
    load.counted = tuple(rule_counts(target / QUARANTINE, load.edition))
    counts = intake.counts()
    _check_reference(load, target / QUARANTINE)
    accepted = _check_whole(load, intake, counts)
    one = LoadedFolder(load.label, str(load.folder), load.at.isoformat(), load.by, months, load.files, tuple(counts), accepted)
    earlier = tuple(_left(kept, again) for kept in before.manifest.loads) if before else ()
    rows = {name: intake.kept(name) for name in load.checks.schema.reference if name in intake.incoming}
    ignored = {
        name: extra
        for name, incoming in load.found.tables.items()
        if (extra := tuple(column for column in incoming.columns if column not in load.checks.schema.columns(name)))
    }
    return EditionManifest(
        data_set=load.data_set,
        edition=load.edition,
        label=load.label,
        source=str(load.folder),
        schema=load.checks.schema.version,
        invented=load.invented,
        loaded_at=load.at.isoformat(),
        loaded_by=load.by,
        months=tuple(sorted({*months, *(before.months if before else ())})),
        loads=(*(kept for kept in earlier if kept.months), one),
        parent=before.id if before else "",
        reference=(dict(before.manifest.reference) if before else {}) | rows,
        rule_counts={rule: sum(c["rows"] for c in load.counted if c["rule"] == rule) for rule in sorted({c["rule"] for c in load.counted})},
        ignored=ignored,
    )


def _left(kept: LoadedFolder, again: tuple[int, ...]) -> LoadedFolder:
    months = tuple(month for month in kept.months if month not in again)
    return LoadedFolder(kept.label, kept.source, kept.at, kept.by, months, kept.files, kept.tables, kept.accepted)


def _check_reference(load: _Load, listed: Path) -> None:
    faulty = {row["table"] for row in load.counted if row["table"] in load.checks.schema.reference}
    rows = (row for name in sorted(faulty) for row in quarantine_rows(listed, table=name, load=load.edition))
    wrong = [
        Problem("reference-wrong", row["reason"], row["value"], row["remedy"], row["file"], row["row"], row["column"])
        for row in islice(rows, _TOLD)
    ]
    if wrong:
        raise Problems(wrong)


def _check_whole(load: _Load, intake: Intake, counts: list) -> tuple[str, ...]:
    """What a person accepted, in words; Problems for what nobody did."""
    header = load.found.tables[load.checks.header].path
    pairs = set(intake.database.execute("SELECT provider, month FROM header_months").fetchall())
    kept = intake.database.execute("SELECT tbl, provider, month, sum(n) FROM facts WHERE what = 'kept' GROUP BY ALL").fetchall()
    by_place = {(table, provider, month): int(n) for table, provider, month, n in kept}
    half = check_months(pairs, by_place, load.checks, set(_tables_of(load.before, load.checks)), header)
    missing = check_tables(load.found, load.checks, _tables_of(load.before, load.checks))
    many = check_quarantine(counts, load.folder)
    unaccepted = ([] if load.wanted.accept_missing else half) + ([] if load.wanted.accept_quarantine else many)
    if unaccepted:
        raise Problems(unaccepted)
    return tuple(f"{problem.rule} Found: {problem.found}" for problem in [*missing, *half, *many])
