"""Where snapshots are kept: immutable folders beside parts shared by checksum, and one pointer to the snapshot that is served.

    ESTEEM_HOME/
      snapshots/<id>/manifest.json   what a snapshot holds; never changed once it is there
      parts/<sha256>.parquet         the rows, shared by every snapshot that holds the same ones
      current                        the id of the snapshot that is served, replaced in one step
      lock                           held by the one process that may write

Everything is written under another name, flushed to the disk, and only then given its name; the pointer comes last. So a process killed
at any moment leaves the earlier snapshot served, and what it left behind is swept away by the next load.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from esteem.evidence.pack.manifest import NAME, Manifest, Part, file_sha256, read_manifest
from esteem.terms.home import home as esteem_home
from esteem.terms.problems import Problem

_UNFINISHED = ".unfinished-"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Kept:
    """A snapshot and where its parts lie."""

    manifest: Manifest
    folder: Path
    place_of: Callable[[Part], Path]
    shipped: bool = False

    def damage(self, thorough: bool = False) -> list[str]:
        """Parts that are missing or of the wrong size (`thorough`: of the wrong checksum), in words."""
        found = []
        for part in self.manifest.parts:
            path = self.place_of(part)
            if not path.exists():
                found.append(f"{path} is missing")
            elif path.stat().st_size != part.bytes or (thorough and file_sha256(path) != part.sha256):
                found.append(f"{path} is damaged")
        return found


def shipped_folder() -> Path:
    """The pack that came with Esteem."""
    return Path(str(files("esteem"))) / "pack_data"


def shipped() -> Kept:
    folder = shipped_folder()
    return Kept(read_manifest(folder), folder, lambda part: folder / part.file, shipped=True)


class SnapshotStore:
    """The snapshots of one installation."""

    def __init__(self, home: Path | None = None):
        self.home = Path(home) if home is not None else esteem_home()
        self.snapshots = self.home / "snapshots"
        self.parts = self.home / "parts"
        self.pointer = self.home / "current"

    # ------------------------------------------------------------ reading

    def current_id(self) -> str | None:
        """The id that the pointer names; None while nothing has been loaded."""
        try:
            return self.pointer.read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None

    def current(self) -> Kept:
        """The snapshot that is served: the one pointed to, else the shipped pack."""
        found = self.current_id()
        return self.find(found) if found else shipped()

    def find(self, ref: str) -> Kept:
        """A snapshot by its id or the beginning of it, or `shipped`. Raises Problem `snapshot-unknown`."""
        if ref == "shipped":
            return shipped()
        matching = [name for name in self.ids() if name.startswith(ref)]
        if len(matching) == 1:
            return self._kept(matching[0])
        ship = shipped()
        if not matching and ship.manifest.id.startswith(ref):
            return ship
        raise Problem(
            "snapshot-unknown",
            "A snapshot is named by its id, or enough of its beginning.",
            f"{ref!r} fits {', '.join(matching) or 'none'}",
            "Run `esteem snapshots list` to see those there are.",
        )

    def ids(self) -> list[str]:
        if not self.snapshots.is_dir():
            return []
        return sorted(p.name for p in self.snapshots.iterdir() if p.is_dir() and not p.name.startswith("."))

    def all(self) -> list[Kept]:
        """Every snapshot, in the order they were made; the shipped pack too."""
        kept = [self._kept(name) for name in self.ids()]
        ship = shipped()
        if ship.manifest.id not in {k.manifest.id for k in kept}:
            kept.append(ship)
        return sorted(kept, key=lambda k: (k.manifest.number, k.manifest.created, k.manifest.id))

    def _kept(self, name: str) -> Kept:
        folder = self.snapshots / name
        return Kept(read_manifest(folder), folder, self.part_path)

    def part_path(self, part: Part) -> Path:
        return self.parts / f"{part.sha256}.parquet"

    # ------------------------------------------------------------ writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store for writing, and sweep what an interrupted load left. Raises Problem `store-busy`, `disk-full`, `store-closed`."""
        with told_plainly(self.home):
            self.snapshots.mkdir(parents=True, exist_ok=True)
            self.parts.mkdir(exist_ok=True)
            with (self.home / "lock").open("a+") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise Problem(
                        "store-busy",
                        "One load runs at a time.",
                        f"another process is writing to {self.home}",
                        "Wait until it has ended, then load again.",
                    ) from None
                self._sweep()
                yield

    def _sweep(self) -> None:
        for folder in (self.home, self.snapshots, self.parts):
            for left in folder.glob(f"{_UNFINISHED}*"):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        wanted = {f"{part.sha256}.parquet" for name in self.ids() for part in read_manifest(self.snapshots / name).parts}
        for path in self.parts.iterdir():
            if path.name not in wanted:
                path.unlink()

    def keep_part(self, part: Part, data: bytes) -> None:
        path = self.part_path(part)
        if not (path.exists() and path.stat().st_size == part.bytes):
            write_whole(path, data)

    def adopt(self, kept: Kept) -> None:
        """Copy a shipped pack into the store, so that snapshots built on it outlive it."""
        if (self.snapshots / kept.manifest.id / NAME).exists():
            return
        for part in kept.manifest.parts:
            self.keep_part(part, kept.place_of(part).read_bytes())
        self.keep_manifest(kept.manifest)

    def keep_manifest(self, manifest: Manifest) -> None:
        """Give the snapshot its name. Its parts must be there already."""
        target = self.snapshots / manifest.id
        if (target / NAME).exists():
            return
        parts = tuple(replace(part, file=f"{part.sha256}.parquet") for part in manifest.parts)
        beside = self.snapshots / f"{_UNFINISHED}{manifest.id}"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        write_whole(beside / NAME, replace(manifest, parts=parts).text().encode())
        beside.rename(target)
        flush_folder(self.snapshots)

    def point_to(self, snapshot_id: str) -> None:
        """Serve this snapshot from now on."""
        write_whole(self.pointer, f"{snapshot_id}\n".encode("ascii"))


def write_whole(path: Path, data: bytes) -> None:
    """All of the bytes under the name, or nothing."""
    beside = path.with_name(f"{_UNFINISHED}{path.name}")
    with beside.open("wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())
    beside.replace(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def told_plainly(home: Path) -> Iterator[None]:
    """Turn what the disk refuses into Problems."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Problem(
                "disk-full",
                "There is room on the disk for the new snapshot.",
                f"{home}: {error.strerror}",
                "Free some space, then load again. Nothing has changed: the earlier snapshot is served.",
            ) from error
        if isinstance(error, PermissionError):
            raise Problem(
                "store-closed",
                "Esteem may write to its own folder.",
                f"{error.filename or home}: {error.strerror}",
                "Give your account the right to write there, or name another folder in ESTEEM_HOME.",
            ) from error
        raise


def newer_parts(manifest: Manifest, fresh: Iterable[Part]) -> tuple[Part, ...]:
    """Parts of a snapshot with the fresh ones in place of those of the same table and source."""
    by_key = {(p.table, p.source): p for p in manifest.parts} | {(p.table, p.source): p for p in fresh}
    return tuple(sorted(by_key.values()))
