"""The search index of this process: built from the store when first asked, and again, beside the old one, when the store has changed.

Readers are never interrupted: the new index takes the place of the old one in a single assignment. Words are never kept.
"""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from threading import Event, Lock, Thread
from time import monotonic

from django.conf import settings

from esteem.directory import queries
from esteem.directory.gazetteer import Place, PlaceFinder, fold, place_finder
from esteem.directory.record import Service
from esteem.directory.search import SearchBackend, SearchIndex
from esteem.directory.search.tantivy_backend import TantivyBackend
from esteem.directory.search.understanding import warm
from esteem.terms.problems import Problem
from esteem.web import reading

# Seconds for which the store is not asked again whether it has changed.
_PATIENCE = 2.0
_MANY = 3000  # services
# Names of towns that are also words: taken for a place only after "in", "near", "from" or at the end.
_ALSO_WORDS = frozenset(
    ("grays", "welling", "leigh", "walton", "bexley", "laindon", "springfield", "hadleigh", "stock", "bulphan", "thorpe")
)
# Cleared while a new installation is being given its first services: who looks for help then waits for them (`until_filled`).
filled = Event()
filled.set()
_LONGEST_FILLING = 60.0  # seconds
_lock = Lock()
_log = logging.getLogger(__name__)


class _Holder:
    index: SearchIndex | None = None
    before: SearchIndex | None = None  # somebody may still read it
    stamp: tuple | None = None
    asked = 0.0
    building = False


def until_filled() -> None:
    filled.wait(_LONGEST_FILLING)


def index() -> SearchIndex:
    """The index to read from. The first one is waited for; a later one is built beside it while the one before answers."""
    if _Holder.index is not None and monotonic() - _Holder.asked < _PATIENCE:
        return _Holder.index
    until_filled()
    stamp = (queries.newest_change(), queries.count())
    with _lock:
        _Holder.asked = monotonic()
        if _Holder.index is None:
            _swap(stamp)
        elif stamp != _Holder.stamp and not _Holder.building:
            _Holder.building = True
            Thread(target=_rebuild, args=(stamp,), daemon=True, name="search index").start()
        return _Holder.index


def reindex() -> int:
    """Build the index anew and put it in its place at once. How many services it holds."""
    with _lock:
        _swap((queries.newest_change(), queries.count()))
        return len(_Holder.index)


def _swap(stamp: tuple) -> None:
    with uncollected():
        made = SearchIndex.build(queries.services_since(indexed()), engine)
        warm()
    last = _Holder.before
    _Holder.before, _Holder.index, _Holder.stamp = _Holder.index, made, stamp
    if last is not None:  # two builds ago: whoever read it has long finished
        last.close()


def indexed() -> Sequence[Service]:
    """Services as the index holds them: what has not changed since need not be read again."""
    return _Holder.index.services if _Holder.index is not None else ()


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for garbage: among the millions of parts of 50,000 services there is none, and the search for it takes half the time.

    What was made is left out of later searches for garbage as well, which would stop every reader for as long.
    """
    gc.disable()
    try:
        yield
        if len(indexed()) > _MANY:
            gc.freeze()
    finally:
        gc.enable()


def engine() -> SearchBackend:
    if settings.SEARCH_BACKEND != "postgresql":
        return TantivyBackend()
    from esteem.directory.search.postgresql_backend import PostgresqlBackend  # its driver is not loaded where it is not used

    return PostgresqlBackend(settings.SEARCH_SERVER)


def _rebuild(stamp: tuple) -> None:
    try:
        _swap(stamp)
    except Exception:  # the index before it goes on answering; the next question tries again
        _log.exception("the search index could not be built anew")
    finally:
        _Holder.building = False
        _close_connections()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


@lru_cache(maxsize=2)
def _finder(snapshot_id: str) -> PlaceFinder:
    return place_finder(reading.snapshot())


def finder() -> PlaceFinder:
    return _finder(reading.snapshot().id)


def place_named_in(even_text: str) -> tuple[str, tuple[float, float], frozenset[str], str] | None:
    """A postcode or town named in an even text: (its words, point, areas, name). Longest name first."""
    known, words = _names(reading.snapshot().id), even_text.split()
    for length in (4, 3, 2, 1):
        for at in range(len(words) - length + 1):
            name = " ".join(words[at : at + length])
            place = known.get(name)
            if place and (
                name not in _ALSO_WORDS or at + length == len(words) or (at and words[at - 1] in ("in", "near", "from", "around"))
            ):
                return name, (place.latitude, place.longitude), place.areas, place.name
    if match := re.search(r"\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b", even_text):
        try:
            place = finder().find(match.group())
        except Problem:
            return None
        return match.group(), (place.latitude, place.longitude), place.areas, place.name
    return None


@lru_cache(maxsize=2)
def _names(snapshot_id: str) -> dict[str, Place]:
    return {fold(name): place for name, place in finder().names_known().items()}
