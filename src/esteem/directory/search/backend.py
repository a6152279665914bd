"""What a full-text engine must do for the search: hold the words of services and say which of them fit, with a score.

Everything else (needs, ages, distances, order) is reckoned beside it, so that every engine gives the same answers in the same order of
meaning; `tests/directory/test_search_backends.py` is the contract. An engine that lacks something must raise Problem `search-backend`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

# Weights of the fields (find-help design, section 5.1).
WEIGHTS = {"name": 8.0, "tags": 5.0, "organization": 2.0, "text": 1.0}


@dataclass(frozen=True)
class Document:
    """Stems of the words of one service, by field; `number` counts from 0 in the order of the index."""

    number: int
    name: tuple[str, ...]
    tags: tuple[str, ...]
    organization: tuple[str, ...]
    text: tuple[str, ...]


class SearchBackend(Protocol):
    name: str

    def build(self, documents: Iterable[Document]) -> None:
        """Takes every document. Called once; readers of an index built before are not disturbed."""

    def match(self, stems: Sequence[str], *, limit: int, every: bool = False) -> list[tuple[int, float]]:
        """(number, score) of documents that hold one of the stems (`every`: each of them), best first. No stems: nothing."""

    def close(self) -> None:
        """Lets go of what it holds. Called when an index has been replaced and nobody reads it any more."""
