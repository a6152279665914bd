"""An index of the directory: the words of every service in a full-text engine, the rest as columns. Built whole, then never changed.

To change it, build another and put it in its place: whoever still reads the old one reads it to the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache

from esteem.directory.needs import scheme
from esteem.directory.record import Service
from esteem.directory.search.backend import Document, SearchBackend
from esteem.directory.search.columns import Columns
from esteem.directory.search.learned import STOP
from esteem.directory.search.tantivy_backend import TantivyBackend
from esteem.directory.spelling import Speller
from esteem.directory.typed import stem, words_of

# A word in so many services is no slip of somebody's keyboard.
_OFTEN = 3
_MOST_WORDS = 400  # of a text


class SearchIndex:
    """`services`: in the order of the index; `position`: id -> number."""

    def __init__(self, services: list[Service], backend: SearchBackend, columns: Columns, speller: Speller):
        self.services, self.backend, self.columns, self.speller = services, backend, columns, speller
        self.position = {service.id: number for number, service in enumerate(services)}

    @classmethod
    def build(cls, services: Iterable[Service], backend: Callable[[], SearchBackend] = TantivyBackend) -> SearchIndex:
        """Of services that residents may see. 50,000 take some seconds."""
        kept = [service for service in services if service.status != "defunct"]
        engine = backend()
        words: Counter[str] = Counter()
        documents = _Documents(words)
        engine.build(documents.of(number, service) for number, service in enumerate(kept))
        often = [word for word, count in words.items() if count >= _OFTEN and word.isalpha() and len(word) >= 4 and word not in STOP]
        return cls(kept, engine, Columns(kept), Speller(often))

    @cached_property
    def safe_places(self) -> tuple[Service, ...]:
        """Places that help in a crisis and take people as they come. Invented ones never stand among them."""
        return tuple(
            one
            for one in self.services
            if "crisis" in " ".join(one.needs) and "in_person" in one.channels and "drop_in" in one.eligibility.routes and not one.invented
        )

    def close(self) -> None:
        self.backend.close()

    def __len__(self) -> int:
        return len(self.services)


class _Documents:
    """Services as stems. Organisations and needs repeat: their stems are made once."""

    def __init__(self, words: Counter[str]):
        self._words = words
        self._stems = _Stems(dict.fromkeys(STOP, ""))
        self._line = lru_cache(maxsize=20_000)(self._made)
        self._labels = {need.id: f"{need.label} {' '.join(need.formal)}" for need in scheme().needs}
        self._tags = cache(self._of_needs)

    def of(self, number: int, service: Service) -> Document:
        name, name_words = self._made(service.name)
        text, text_words = self._made(f"{service.summary} {service.description} {service.eligibility.description}")
        self._words.update({*name_words, *text_words})
        return Document(number, name, self._tags(service.needs), self._line(service.organization.name)[0], text)

    def _of_needs(self, needs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(s for need in needs if need in self._labels for s in self._line(self._labels[need])[0])

    def _made(self, text: str) -> tuple[tuple[str, ...], list[str]]:
        """Stems of the words that say something, and all words."""
        words = words_of(text)[:_MOST_WORDS]
        return tuple(filter(None, map(self._stems.__getitem__, words))), words


class _Stems(dict):
    """word -> stem, worked out when first met; words that say nothing have none."""

    def __missing__(self, word: str) -> str:
        made = self[word] = stem(word)
        return made
