"""A PostgreSQL server of our own for a test: on a socket in a folder that is thrown away, never on the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoServer(Exception):
    """Why there is no server here, in words."""


def programs() -> Path:
    """The folder of initdb and pg_ctl. Raises NoServer."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))[::-1]
    for folder in found:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoServer("PostgreSQL is not installed (python3 packaging/set_up.py database)")


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server, for ESTEEM_DATABASE_URL. Raises NoServer."""
    folder = programs()
    who = _other_user()
    place = Path(tempfile.mkdtemp(prefix="esteem-pg-", dir="/tmp"))
    if who:
        shutil.chown(place, "postgres", "postgres")
    data = place / "data"
    quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    try:
        _run(who, folder / "initdb", "-D", data, "-U", "esteem", "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{place}' {quick}"
        _run(who, folder / "pg_ctl", "-D", data, "-l", place / "log", "-w", "-t", "120", "-o", options, "start")
        try:
            yield f"postgresql:///postgres?host={place}&user=esteem"
        finally:
            _run(who, folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _other_user() -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made."""
    if os.geteuid():
        return []
    if not shutil.which("runuser"):
        raise NoServer("PostgreSQL does not run as root, and runuser is not here")
    return ["runuser", "-u", "postgres", "--"]


def _run(who: list[str], *command: object) -> None:
    done = subprocess.run([*who, *map(str, command)], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise NoServer(f"{command[0]} failed: {(done.stdout + done.stderr)[-400:]}")
