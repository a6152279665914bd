"""Every measure Esteem knows: one family to a file."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from esteem.evidence.definitions import (
    children,
    community,
    crisis,
    detention,
    directory,
    justice,
    liaison,
    perinatal,
    physical_health,
    psychosis,
    recovery_living,
    spending,
    suicide_self_harm,
    talking_therapies,
    talking_therapies_monthly,
    wellbeing,
)
from esteem.evidence.model import Measure
from esteem.terms.problems import Problem

FAMILIES = (
    psychosis,
    talking_therapies,
    talking_therapies_monthly,
    perinatal,
    children,
    crisis,
    liaison,
    detention,
    justice,
    suicide_self_harm,
    physical_health,
    recovery_living,
    community,
    wellbeing,
    spending,
    directory,
)


@cache
def all_measures() -> dict[str, Measure]:
    """Every measure by id, in the order of the families. Raises Problem `measure-twice` when two share an id."""
    measures: dict[str, Measure] = {}
    for family in FAMILIES:
        for measure in family.MEASURES:
            if measure.id in measures:
                raise Problem("measure-twice", "An id belongs to one measure.", measure.id, "Give one of the two another id.")
            measures[measure.id] = measure
    return measures


def find_measure(name: str) -> Measure:
    """The measure with this id, or with this national id when it is the only one. Problem `measure-unknown` names near ones."""
    measures = all_measures()
    if name in measures:
        return measures[name]
    by_national_id = [m for m in measures.values() if name in m.national_ids]
    if len(by_national_id) == 1:
        return by_national_id[0]
    raise Problem("measure-unknown", "Name a measure that Esteem knows.", repr(name), _remedy(name, by_national_id))


def _remedy(name: str, several: list[Measure]) -> str:
    near = [m.id for m in several] or near_measures(name)
    listing = "`esteem measures` lists them all."
    return f"Try {', '.join(near)}. {listing}" if near else listing


def near_measures(text: str, limit: int = 3) -> list[str]:
    """Ids that resemble `text`: spelling first, then measures whose id or title holds all its words."""
    measures = all_measures()
    near = get_close_matches(text.lower(), measures, n=limit, cutoff=0.6)
    words = text.lower().replace("-", " ").split()
    holding = [m.id for m in measures.values() if words and all(w in f"{m.id} {m.title}".lower() for w in words)]
    return list(dict.fromkeys(near + holding))[:limit]
