"""What every page reads from: the snapshot being served, and sheets already worked out for it.

A page never sees half a load: the pointer is looked at once a request, and a moved pointer opens the new snapshot whole.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import wraps
from threading import Lock
from typing import TypeVar

from esteem.evidence.snapshot_store import SnapshotStore
from esteem.evidence.snapshots import open_snapshot
from esteem.strategy.file import find_strategies, load_strategy
from esteem.strategy.promises import Strategy
from esteem.strategy.sheet import Sheet, sheet
from esteem.terms.problems import Problem, Problems

_KEPT = 256
_lock = Lock()
_open: dict[str, object] = {}
_remembered: OrderedDict[tuple, object] = OrderedDict()

Result = TypeVar("Result")


def snapshot():
    """The snapshot being served now; the one before it is let go when the pointer has moved."""
    ref = SnapshotStore().current_id() or "shipped"
    with _lock:
        if ref not in _open:
            _open.clear()
            _open[ref] = open_snapshot(ref)
        return _open[ref]


def remembered(work: Callable[..., Result]) -> Callable[..., Result]:
    """Remembers what `work(snapshot, ...)` gave for these arguments, this snapshot and this day.

    Figures of a snapshot never change; how old they are does, from one day to the next.
    """

    @wraps(work)
    def wrapper(snapshot, *arguments):
        key = (work.__module__, work.__qualname__, snapshot.id, date.today(), arguments)
        with _lock:
            if key in _remembered:
                _remembered.move_to_end(key)
                return _remembered[key]
        result = work(snapshot, *arguments)
        with _lock:
            _remembered[key] = result
            while len(_remembered) > _KEPT:
                _remembered.popitem(last=False)
        return result

    return wrapper


def strategies() -> dict[str, Strategy]:
    """Every strategy file that can be read, by id, read anew when its bytes changed; `unreadable` names the others."""
    return {name: found for name, found in _read_files().items() if isinstance(found, Strategy)}


def unreadable() -> dict[str, str]:
    """Strategy files with something wrong in them, and what: one of them must not take the sheets of the others away."""
    return {name: str(found) for name, found in _read_files().items() if not isinstance(found, Strategy)}


def _read_files() -> dict[str, Strategy | Exception]:
    return {name: _strategy(path, path.stat().st_mtime_ns) for name, path in sorted(find_strategies().items(), reverse=True)}


def _strategy(path, changed: int) -> Strategy | Exception:
    key = ("strategy", str(path), changed)
    with _lock:
        if key in _remembered:
            return _remembered[key]
    try:
        found = load_strategy(path)
    except (Problem, Problems) as wrong:
        found = wrong
    with _lock:
        _remembered[key] = found
    return found


def strategy(name: str) -> Strategy:
    """One strategy by id. Problem `strategy-unknown`."""
    found = strategies()
    if name not in found:
        raise Problem("strategy-unknown", "There is no strategy of this name.", name, f"Choose one of: {', '.join(found)}.")
    return found[name]


def places_of_strategies() -> tuple[tuple[str, str], ...]:
    """(code or group, name) of England and the places the strategies are about: the short cuts of a measure's page."""
    geography = snapshot().geography
    codes = dict.fromkeys(("E92000001", *(code for found in strategies().values() for place in found.places for code in place.codes)))
    short = [code for code in codes if code in geography.groups or geography.place(code).kind in ("country", "icb", "unitary", "trust")]
    return tuple((code, geography.place(code).name) for code in short)


def sheet_of(name: str, as_at: date | None) -> Sheet:
    """The sheet of a strategy on the snapshot being served."""
    found = strategy(name)
    return _sheet(snapshot(), found, as_at)


@remembered
def _sheet(snapshot, found: Strategy, as_at: date | None) -> Sheet:
    return sheet(found, snapshot, as_at, today=date.today())
