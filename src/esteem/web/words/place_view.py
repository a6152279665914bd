"""One place: what it is, since when, what holds it and what it holds, and every measure that has a figure for it."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.evidence.definitions import all_measures
from esteem.evidence.model import Measure
from esteem.evidence.places_asked import place_asked
from esteem.terms.problems import Problem
from esteem.web.words.place_names import told

KINDS = {
    "country": "country",
    "region": "region",
    "nhs_region": "NHS region",
    "icb": "integrated care board",
    "sub_icb": "sub-ICB location (before July 2022 a clinical commissioning group)",
    "ccg": "clinical commissioning group (ended)",
    "utla": "county council",
    "ltla": "district council",
    "unitary": "council for all services (unitary, metropolitan or London borough)",
    "trust": "NHS trust",
    "provider": "provider of care",
    "practice": "GP practice",
    "group": "several places together",
    "unknown": "unknown area",
}


@dataclass(frozen=True)
class PlaceView:
    """`near` is (relation in words, code, name); `topics` (topic, measures with figures here); `parts` for several places together."""

    code: str
    name: str
    kind: str
    dates: str
    notes: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, str, str], ...]
    topics: tuple[tuple[str, tuple[Measure, ...]], ...]
    similar: tuple[tuple[str, str], ...]
    similarity_rule: str


def place_view(snapshot, code: str, as_at) -> PlaceView:
    """Problems `place-unknown`, `group-overlap` for places that cannot be shown."""
    geography = snapshot.geography
    asked = place_asked(geography, code)
    place = geography.place(asked.code)
    similar, rule = _similar(geography, asked)
    named = told(geography)
    return PlaceView(
        code=asked.code,
        name=named(asked.name),
        kind=KINDS.get(place.kind, place.kind),
        dates=_dates(place),
        notes=tuple(note for note in (_official(place, named), place.note) if note),
        parts=tuple((part, named(geography.place(part).name)) for part in asked.parts) if asked.is_group else (),
        near=() if asked.is_group else tuple((how, near, named(name)) for how, near, name in _near(geography, asked.code, as_at)),
        topics=_topics(snapshot, asked.parts, as_at),
        similar=tuple((near, named(name)) for near, name in similar),
        similarity_rule=rule,
    )


def _official(place, named) -> str:
    return f"Its official name: {place.name}." if named(place.name) != place.name else ""


def _dates(place) -> str:
    start = f"from {place.valid_from.day} {place.valid_from:%B %Y}" if place.valid_from else ""
    end = f"to {place.valid_to.day} {place.valid_to:%B %Y}" if place.valid_to else ""
    return " ".join(part for part in (start, end) if part)


def _near(geography, code: str, on):
    for parent in geography.parents(code, on):
        yield "Lies in", parent.code, parent.name
    for child in geography.children(code, None, on):
        yield "Holds", child.code, child.name
    for earlier, day, _ in geography.predecessors(code):
        yield f"Followed{_until(day)}", earlier.code, earlier.name
    for later, day, _ in geography.successors(code):
        yield f"Became{_until(day)}", later.code, later.name


def _until(day) -> str:
    return f" ({day:%B %Y})" if day else ""


def _similar(geography, asked) -> tuple[tuple[tuple[str, str], ...], str]:
    if asked.is_group:
        return (), ""
    try:
        return tuple((p.code, p.name) for p, _ in geography.similar(asked.code, 10)), geography.similarity_rule
    except Problem:
        return (), ""


def _topics(snapshot, parts, as_at):
    """Measures whose series hold a figure for any of the parts; of several places together only those that may be added up."""
    marks = ", ".join("?" for _ in parts)
    until, days = ("AND period_end <= ?", (as_at,)) if as_at else ("", ())
    rows = snapshot.rows(
        f"SELECT DISTINCT series FROM observations WHERE place IN ({marks}) AND value IS NOT NULL {until}", (*parts, *days)
    )
    held = {row["series"] for row in rows}
    topics: dict[str, list[Measure]] = {}
    for measure in all_measures().values():
        may_be_added = len(parts) == 1 or measure.place_pooling == "sum"
        if measure.published and may_be_added and held & set(measure.published.series):
            topics.setdefault(measure.topic, []).append(measure)
    return tuple((topic, tuple(measures)) for topic, measures in topics.items())
