"""PostgreSQL full text: each index is a temporary table of its own connection with a GIN index, so that a new one is built beside the old
and nothing is left behind by a process that ends.

PostgreSQL ranks by weighted counts of words, without how rare they are in the directory: its scores are of another scale than tantivy's,
which is why the search only uses their order and their share of the best.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

import psycopg
from psycopg import sql

from esteem.directory.search.backend import WEIGHTS, Document
from esteem.terms.problems import Problem

# Letters of tsvector weights, and what ts_rank gives each (in the order D, C, B, A): the shares of WEIGHTS.
_LETTERS = dict(zip(WEIGHTS, "ABCD", strict=True))
_RANKS = [WEIGHTS[name] / WEIGHTS["name"] for name in reversed(WEIGHTS)]


class PostgresqlBackend:
    name = "postgresql"

    def __init__(self, address: str):
        """`address`: a libpq connection string. Raises Problem `search-backend` when nothing answers there."""
        try:
            self._connection = psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError as reason:
            remedy = "Start it, or use the search that needs no server: tantivy."
            raise Problem("search-backend", "The search needs a PostgreSQL that answers.", str(reason)[:120], remedy) from None
        self._table = sql.Identifier(f"search_{uuid.uuid4().hex}")

    def build(self, documents: Iterable[Document]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute(sql.SQL("create temporary table {} (number integer primary key, words tsvector not null)").format(self._table))
            with cursor.copy(sql.SQL("copy {} (number, words) from stdin").format(self._table)) as rows:
                for one in documents:
                    rows.write_row((one.number, _vector(one)))
            cursor.execute(sql.SQL("create index on {} using gin (words)").format(self._table))
            cursor.execute(sql.SQL("analyze {}").format(self._table))

    def match(self, stems: Sequence[str], *, limit: int, every: bool = False) -> list[tuple[int, float]]:
        if not stems:
            return []
        wanted = (" & " if every else " | ").join(_quoted(stem) for stem in dict.fromkeys(stems))
        asked = sql.SQL(
            "select number, ts_rank(%s::float4[], words, asked) as score from {}, (select %s::tsquery as asked) q"
            " where words @@ asked order by score desc, number limit %s"
        )
        with self._connection.cursor() as cursor:
            return cursor.execute(asked.format(self._table), (_RANKS, wanted, limit)).fetchall()

    def close(self) -> None:
        self._connection.close()  # its table goes with it


def _quoted(stem: str) -> str:
    return "'" + stem.replace("\\", "").replace("'", "''") + "'"


def _vector(one: Document) -> str:
    """tsvector text: each stem with its places and the letter of its field."""
    places: dict[str, list[str]] = {}
    at = 0
    for name, letter in _LETTERS.items():
        for stem in getattr(one, name):
            at = min(at + 1, 16383)
            places.setdefault(stem, []).append(f"{at}{letter}")
    return " ".join(f"{_quoted(stem)}:{','.join(where[:255])}" for stem, where in places.items())
