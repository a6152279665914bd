"""The files a person hands over to load: folders opened, archives unpacked, each told by its content."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from esteem.evidence.pack.recognising import Recognised, published_files, recognise
from esteem.evidence.sources.contract import RawFile, Source
from esteem.terms.problems import Problem

_OFFICE = ("[Content_Types].xml", "mimetype")  # a workbook is a zip too
_LARGEST_UNPACKED = 4 << 30  # bytes; a month of the largest publication is 175 MB


@dataclass
class Incoming:
    """What was handed over: files recognised, files left out with the reason, and what is wrong with the rest."""

    recognised: list[Recognised] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@contextmanager
def incoming(paths: Sequence[Path], sources: tuple[Source, ...]) -> Iterator[Incoming]:
    """Recognise everything under `paths`. Members of archives lie in a temporary folder until the block ends."""
    found = Incoming()
    with tempfile.TemporaryDirectory(prefix="esteem-load-") as room:
        for path in paths:
            _take(Path(path), sources, found, Path(room))
        yield found


def _take(path: Path, sources: tuple[Source, ...], found: Incoming, room: Path) -> None:
    if path.is_dir():
        inside = published_files(path)
        if not inside:
            found.problems.append(Problem("folder-empty", "A folder holds published files.", "no file", "Name another.", str(path)))
        for file in inside:
            _take(file, sources, found, room)
    elif not path.is_file():
        found.problems.append(Problem("file-missing", "A file that is loaded exists.", "no such file", "Check its name.", str(path)))
    else:
        _take_file(RawFile(path), sources, found, room)


def _take_file(raw: RawFile, sources: tuple[Source, ...], found: Incoming, room: Path) -> None:
    members = _members(raw)
    try:
        if len(members) > 1:
            _take_members(raw, members, sources, found, room)
        else:
            found.recognised.append(recognise(raw, sources))
    except Problem as problem:
        found.problems.append(problem)
    except OSError as error:
        wrong = Problem("file-unreadable", "A file that is loaded can be read.", error.strerror or str(error), "Check it.", raw.name)
        found.problems.append(wrong)


def _members(raw: RawFile) -> list[zipfile.ZipInfo]:
    """Files in an archive; none for anything else. A workbook counts as one file."""
    if not raw.head.startswith(b"PK\x03\x04"):
        return []
    try:
        with zipfile.ZipFile(raw.path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and m.file_size and not m.filename.startswith("__MACOSX/")]
    except zipfile.BadZipFile:
        return []
    return [] if any(m.filename in _OFFICE for m in members) else members


def _take_members(raw: RawFile, members: list[zipfile.ZipInfo], sources: tuple[Source, ...], found: Incoming, room: Path) -> None:
    """Each known member as a file of its own. Readers take a whole archive by its one data file, so a single known member stays inside."""
    unpacked = _unpacked(raw, members, Path(tempfile.mkdtemp(dir=room)))
    known, unknown = [], []
    for member in unpacked:
        try:
            known.append(recognise(member, sources))
        except Problem as problem:
            unknown.append((member, problem))
    if not known:
        found.problems.append(unknown[0][1])
        found.problems[-1].file = f"{raw.name}: {found.problems[-1].file}"
        return
    found.left_out += [(f"{raw.name}: {member.name}", problem.rule) for member, problem in unknown]
    if len(known) == 1:
        found.recognised.append(_by_archive_name(raw, known[0], sources))
    else:
        found.recognised += known


def _by_archive_name(raw: RawFile, member: Recognised, sources: tuple[Source, ...]) -> Recognised:
    """The publisher's archive names the edition where its member may not; the member when the archive as a whole is not known."""
    try:
        return recognise(raw, sources)
    except Problem:
        return member


def _unpacked(raw: RawFile, members: list[zipfile.ZipInfo], folder: Path) -> list[RawFile]:
    if sum(m.file_size for m in members) > _LARGEST_UNPACKED:
        size = sum(m.file_size for m in members) >> 20
        raise Problem("archive-too-large", "An archive unpacks to at most 4 GB.", f"{size:,} MB", "Unpack it and load its files.", raw.name)
    found = []
    with zipfile.ZipFile(raw.path) as archive:
        for number, member in enumerate(members):
            target = folder / str(number) / PurePosixPath(member.filename).name
            target.parent.mkdir()
            with archive.open(member) as packed, target.open("wb") as f:
                shutil.copyfileobj(packed, f, 1 << 20)
            found.append(RawFile(target))
    return found
