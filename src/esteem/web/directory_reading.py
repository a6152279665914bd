"""What the directory's pages and interfaces read from: the services as the store holds them now, kept in memory until the store changes."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from esteem.directory import queries
from esteem.directory.needs import scheme
from esteem.directory.open_feed import Feed, Point
from esteem.terms.problems import Problem
from esteem.web import reading

Result = TypeVar("Result")

_lock = Lock()
_kept: dict[str, object] = {}  # the stamp of the store, its feed, and what was made of the feed


def feed() -> Feed:
    """The open feed. A changed store makes a new one whole; readers of the old one go on with it."""
    stamp = (queries.newest_change(), queries.count())
    with _lock:
        if _kept.get("stamp") != stamp:
            made = Feed(queries.services(), scheme())
            _kept.clear()
            _kept.update(stamp=stamp, feed=made)
        return _kept["feed"]


def made_of_feed(work: Callable[[Feed], Result]) -> Result:
    """What `work` makes of the feed, made once for each state of the store."""
    current = feed()
    key = f"{work.__module__}.{work.__qualname__}"
    with _lock:
        if _kept.get("feed") is current and key in _kept:
            return _kept[key]
    made = work(current)
    with _lock:
        if _kept.get("feed") is current:
            _kept[key] = made
    return made


def point(text: str) -> Point:
    """Where a postcode lies. It is looked up and forgotten. Problem `postcode-unknown`."""
    written = "".join(text.upper().split())
    row = reading.snapshot().rows("select * from postcodes where replace(postcode, ' ', '') = ?", (written,))
    if not row:
        raise Problem(
            "postcode-unknown", "The postcode lies in the area that this directory serves.", text[:12], "Check how it is written."
        )
    found = row[0]
    return Point(found["latitude"], found["longitude"], frozenset(code for code in (found["district"], found["small_area"]) if code))
