"""`esteem up`: the strategies in the terminal, then the site in the browser, on this machine only."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from threading import Thread

import typer

from esteem.terms.problems import Problem

HOST = "127.0.0.1"
THREADS = 4
FIRST_PAGES = 12  # seconds in which nothing else is worked out beside the site
NARROWEST, WIDEST = 60, 100  # characters of a line in the terminal


def add_to(app: typer.Typer) -> None:
    app.command("up")(up)


def up(
    port: int = typer.Option(8765, min=0, max=65535, help="Serve on this port of 127.0.0.1; 0 takes any free one."),
    browser: bool = typer.Option(True, help="Open the site in a browser, where there is a screen."),
    sheets: bool = typer.Option(True, help="Show the strategies in the terminal first."),
    invented: bool = typer.Option(True, help="Where no records are loaded, make and load those of invented people, while the site runs."),
) -> None:
    """Show every strategy in the terminal, then serve the site on this machine until interrupted."""
    listener = listen(port)  # first of all: a busy port is told before any work
    if sheets:
        show_sheets()
    serve(listener, open_browser=browser and has_screen(), invented=invented)
    leave()


def leave() -> None:
    """End the process here and now, after all is closed and said.

    The database's own threads can outlive the interpreter's tear-down and abort it (seen in about one end of ten); nothing is left to tear
    down that matters, so it is not done.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def listen(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1. Raises Problem `port-busy` or `port-not-allowed`."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as failure:
        listener.close()
        raise _refused(failure, port) from None
    return listener


def _refused(failure: OSError, port: int) -> Problem:
    if failure.errno == errno.EADDRINUSE:
        return Problem(
            "port-busy",
            "The site is served on a port that no other program uses.",
            f"port {port} of {HOST} is in use",
            f"Stop the other program, or serve elsewhere: esteem up --port {port + 1 if port < 65535 else 0}",
        )
    return Problem(
        "port-not-allowed",
        "The site is served on a port that you may use.",
        f"port {port}: {failure.strerror}",
        "Choose a port above 1023: esteem up --port 8765",
    )


def show_sheets() -> None:
    """Every strategy's sheet, as the site will show it: what is worked out here is remembered for its first visitor."""
    from esteem.strategy import terminal
    from esteem.web import reading

    width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))
    for name in reading.strategies():
        print(f"Judging the promises of {name} ...", file=sys.stderr, flush=True)
        print(terminal.as_text(reading.sheet_of(name, None), width, colour=sys.stdout.isatty()), end="\n\n", flush=True)


def has_screen() -> bool:
    """Whether a browser window could open for the person at this terminal."""
    return sys.stdout.isatty() and (
        sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    )


def serve(listener: socket.socket, open_browser: bool, invented: bool = False) -> None:
    """Serve on `listener` until SIGINT or SIGTERM; both end it cleanly, requests under way included."""
    from django.urls import get_resolver
    from waitress.server import create_server

    from esteem.web import assets
    from esteem.web.databases import prepare
    from esteem.web.wsgi import application

    prepare()
    assets.insist_on_all()
    get_resolver().check()  # imports every page now: one that cannot be imported is told here, not to the first visitor
    server = create_server(application, sockets=[listener], threads=THREADS, ident=None)
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts what it puts in the background with SIGINT ignored
        signal.signal(number, _interrupt)
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    print(f"Esteem is served at {address}  (Ctrl+C stops it)", flush=True)
    _start_making_ready()
    place = _invented_place() if invented else None
    if open_browser:
        webbrowser.open(address)
    try:
        server.run()  # returns on KeyboardInterrupt
    finally:
        server.close()
        if place is not None and place.poll() is None:
            place.terminate()  # a load that is cut off leaves nothing behind, and starts anew next time
        _wait_for_requests(server)
    print("Stopped.", flush=True)


def _start_making_ready() -> None:
    from esteem.web import directory_search

    if empty := _wants_a_demonstration():
        directory_search.filled.clear()
    Thread(target=_make_ready, args=(empty,), daemon=True, name="make ready").start()


def _make_ready(empty: bool) -> None:
    """What the first search would wait for, while people look at their first page."""
    from django.db import connection

    from esteem.web import directory_reading, directory_search

    try:
        if empty:
            _seed()
        directory_search.filled.set()
        directory_reading.warm()
    finally:
        directory_search.filled.set()
        connection.close()


def _wants_a_demonstration() -> bool:
    """A new installation begins with the demonstration, so that find help can be tried at once."""
    from datetime import UTC, datetime

    from esteem.directory import seeding

    return seeding.wants_seeding(datetime.now(UTC).date())


def _seed() -> None:
    from datetime import UTC, datetime

    from esteem.directory import seeding
    from esteem.web import reading

    print("Putting a demonstration directory in place ...", file=sys.stderr, flush=True)
    seeding.seed(reading.snapshot(), at=datetime.now(UTC))


def _invented_place() -> subprocess.Popen | None:
    """A process of its own that makes and loads the small invented place where a data set has no records, once the first pages are out."""
    from esteem.evidence.invented.starting import data_sets_without_records
    from esteem.evidence.records.record_store import DATA_SETS, RecordStore

    loaded = [kept for name in DATA_SETS if (kept := RecordStore().current_or_none(name)) is not None]
    if any(kept.invented for kept in loaded):
        print("INVENTED PEOPLE: the records that are loaded are of people who do not exist.", flush=True)
    if not data_sets_without_records():
        return None
    return subprocess.Popen([sys.executable, "-m", "esteem.cli", "demo", "start", "--wait", str(FIRST_PAGES)], stdin=subprocess.DEVNULL)


def _wait_for_requests(server, seconds: float = 10) -> None:
    """Until no request is under way. The threads that answer are left standing: ending them one by one can abort the database's own."""
    until = time.monotonic() + seconds
    while (server.task_dispatcher.active_count or server.task_dispatcher.queue) and time.monotonic() < until:
        time.sleep(0.02)


def _interrupt(number: int, frame) -> None:
    raise KeyboardInterrupt
