"""The two pages that only an edition has: everything in it from A to Z, and what it holds and leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string

from esteem.evidence.definitions import all_measures
from esteem.terms.glossary import all_terms
from esteem.web import reading
from esteem.web.static_edition.addresses import path_of, query_of
from esteem.web.static_edition.rewriting import ABOUT, INDEX
from esteem.web.static_edition.scope import IN_WORDS, LEFT_OUT
from esteem.web.words.groups import WORDS

SCRIPT = "assets/find.js"


@dataclass(frozen=True)
class Entry:
    """One line of the A to Z: `also` are (words, address) of further pages about the same."""

    title: str
    kind: str
    address: str
    also: tuple[tuple[str, str], ...] = ()

    @property
    def letter(self) -> str:
        first = next((c for c in self.title if c.isalnum()), "#").upper()
        return first if first.isalpha() else "0 to 9"


def index(pages: Iterable[str]) -> str:
    """The A to Z of the pages at these addresses, as HTML of the live site's addresses."""
    entries = sorted(_entries(list(pages)), key=lambda entry: (entry.title.casefold(), entry.address))
    letters: dict[str, list[Entry]] = {}
    for entry in entries:
        letters.setdefault(entry.letter, []).append(entry)
    context = {"title": "A to Z of this edition", "letters": letters, "total": len(entries), "script": SCRIPT}
    return _rendered("edition_index.jinja", INDEX, context)


def about(made_on: date, files: int, small: bool) -> str:
    context = {
        "title": "About this edition",
        "snapshot": reading.snapshot(),
        "made_on": made_on,
        "files": files,
        "holds": IN_WORDS,
        "leaves_out": LEFT_OUT,
        "small": small,
    }
    return _rendered("edition_about.jinja", ABOUT, context)


def _rendered(template: str, address: str, context: dict) -> str:
    request = HttpRequest()
    request.path, request.method, request.as_at = address, "GET", None
    return render_to_string(template, {"section": "", "breadcrumbs": [("Home", "/")], **context}, request)


def _entries(pages: list[str]) -> Iterable[Entry]:
    yield from _measures(pages)
    yield from _promises(pages)
    geography = reading.snapshot().geography
    for page in pages:
        parts = path_of(page)
        if len(parts) == 2 and parts[0] == "places":
            place = geography.place(parts[1])
            yield Entry(place.name, f"Place, {place.code}", page)
    for term in all_terms():
        yield Entry(f"{term.name} ({term.short})" if term.short else term.name, "Word explained", f"/glossary#{term.key}")


def _measures(pages: list[str]) -> Iterable[Entry]:
    found: dict[str, list[tuple[str, str]]] = {}
    for page in pages:
        parts, query = path_of(page), query_of(page)
        if len(parts) == 2 and parts[0] == "measures":
            found.setdefault(parts[1], []).append((_state_words(query), page))
    for name, states in found.items():
        first = next((page for words, page in states if not words), states[0][1])
        also = tuple(sorted((words, page) for words, page in states if page != first))
        yield Entry(all_measures()[name].title, "Measure", first, also)


def _state_words(query: dict[str, str]) -> str:
    """Which page of a measure it is: of a place, or by a group."""
    if by := query.get("by"):
        return f"by {WORDS.get(by, by)}"
    return reading.snapshot().geography.place(query["place"]).name if "place" in query else ""


def _promises(pages: list[str]) -> Iterable[Entry]:
    for page in pages:
        parts = path_of(page)
        if len(parts) == 3 and parts[0] == "sheets":
            strategy = reading.strategy(parts[1])
            if promise := strategy.promise(parts[2].upper()):
                yield Entry(promise.text, f"Promise {promise.row}, {strategy.short}", page)
