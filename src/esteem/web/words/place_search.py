"""Places by name, code or postcode, with slips of spelling forgiven; which of them have figures of a measure."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.evidence.model import Measure
from esteem.terms.places import Place
from esteem.terms.problems import Problem
from esteem.web.words.search import Index, place_entries


@dataclass(frozen=True)
class PlacesFound:
    """Best first. `problem` says why a postcode was not found; `taken_for` the word taken instead of one that no name holds."""

    places: tuple[Place, ...] = ()
    problem: Problem | None = None
    taken_for: str = ""


def place_index(geography) -> Index:
    return Index(place_entries(geography))


def find_places(geography, index: Index, text: str, limit: int = 40) -> PlacesFound:
    try:
        found = geography.search(text, limit)
    except Problem as raised:
        return PlacesFound(problem=raised)
    if found:
        return PlacesFound(tuple(found))
    near = index.search(text)
    codes = [entry.key for kind in near.found for entry in kind.entries][:limit]
    return PlacesFound(tuple(geography.place(code) for code in codes), taken_for=near.instead[0][1] if near.instead else "")


def places_with_figures(snapshot, measure: Measure) -> frozenset[str]:
    """Codes of places for which any series of the measure has a value."""
    marks = ", ".join("?" for _ in measure.published.series)
    sql = f"SELECT DISTINCT place FROM observations WHERE series IN ({marks}) AND value IS NOT NULL"
    return frozenset(row["place"] for row in snapshot.rows(sql, measure.published.series))
