"""tantivy inside the process: the index lies in memory, is built whole and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tantivy

from esteem.directory.search.backend import WEIGHTS, Document

_HEAP = 64_000_000  # bytes for building


class TantivyBackend:
    name = "tantivy"

    def __init__(self) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=False, indexed=False, fast=True)
        for name in WEIGHTS:
            builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._searcher = None

    def build(self, documents: Iterable[Document]) -> None:
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        for one in documents:
            made = tantivy.Document()
            made.add_unsigned("number", one.number)
            for name in WEIGHTS:
                made.add_text(name, " ".join(getattr(one, name)))
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def match(self, stems: Sequence[str], *, limit: int, every: bool = False) -> list[tuple[int, float]]:
        if not stems or self._searcher is None:
            return []
        occur = tantivy.Occur.Must if every else tantivy.Occur.Should
        wanted = tantivy.Query.boolean_query([(occur, self._word(stem)) for stem in dict.fromkeys(stems)])
        hits = self._searcher.search(wanted, limit=limit, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return [(number, score) for number, (score, _) in zip(numbers, hits, strict=True)]

    def _word(self, stem: str) -> tantivy.Query:
        """The stem in any field, its fields weighted and added up."""
        parts = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, stem), weight))
            for name, weight in WEIGHTS.items()
        ]
        return tantivy.Query.boolean_query(parts)

    def close(self) -> None:
        self._searcher = None
