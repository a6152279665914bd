"""Who is told how far a load of records is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Watch:
    """Told nothing, says nothing: the default. A command overrides what it wants to show."""

    def table(self, name: str, number: int, total: int, rows: int | None) -> None:
        """A table is begun; `rows` is how many it has, where that is known beforehand."""

    def stage(self, words: str) -> None:
        """Something else than a table is begun."""

    @contextmanager
    def running(self, database) -> Iterator[None]:
        """A statement that reads or writes a whole table runs inside; `database.query_progress()` says how far it is."""
        yield
