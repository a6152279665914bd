"""Measures counted from records: one family to a file, found by its name `FAMILY` (or `FAMILIES`).

Those of the Mental Health Services Data Set lie here, those of talking therapies in the folder beside it.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module

from esteem.evidence.record_model import Breakdown, Family, RecordMeasure
from esteem.terms.problems import Problem

FOLDERS = (__name__, "esteem.evidence.definitions.talking_therapies_records")


@dataclass(frozen=True)
class Defined:
    """A measure with the family that gives it reason, source and release rules."""

    family: Family
    measure: RecordMeasure

    @property
    def counterpart(self) -> str:
        """The id of the published measure that answers the same question, "" when there is none."""
        return self.family.counterparts.get(self.measure.id, "")


@cache
def families() -> tuple[Family, ...]:
    """Every family of the folders, by file name: adding a file adds its measures."""
    found: list[Family] = []
    for folder in map(import_module, FOLDERS):
        for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda m: m.name):
            loaded = None if module.ispkg else import_module(f"{folder.__name__}.{module.name}")
            found += [loaded.FAMILY] if hasattr(loaded, "FAMILY") else list(getattr(loaded, "FAMILIES", ()))
    return tuple(found)


def families_of(data_set: str) -> tuple[Family, ...]:
    """The families that count records of one data set: `mhsds` or `talking-therapies`."""
    return tuple(family for family in families() if family.data_set == data_set)


@cache
def defined() -> dict[tuple[str, str, str], Defined]:
    """Every measure by id, period kind and pipeline. Problem `measure-twice` when two families claim one."""
    found: dict[tuple[str, str, str], Defined] = {}
    for family in families():
        for measure in family.measures:
            for period in measure.periods:
                key = (measure.id, period, family.publication.name)
                if key in found:
                    raise Problem("measure-twice", "An id belongs to one measure of a pipeline and period.", " ".join(key))
                found[key] = Defined(family, measure)
    return found


def find_defined(name: str, period: str, pipeline: str) -> Defined | None:
    return defined().get((name, period, pipeline))


def find_record_measures(name: str) -> list[Defined]:
    """Every definition with this id. Problem `measure-unknown` names near ones."""
    found = list(dict.fromkeys(d for (key, _, _), d in defined().items() if key == name))
    if not found:
        near = get_close_matches(name, {key for key, _, _ in defined()}, n=5)
        raise Problem("measure-unknown", "A measure counted from records has this id.", name, f"Near: {', '.join(near)}." if near else "")
    return found


def find_breakdown(found: Defined, name: str) -> Breakdown | None:
    """The breakdown of this published name: the measure's own, else one that any measure of the pipeline is published by."""
    return found.measure.breakdown(name) or _breakdowns(found.family.publication.name).get(name)


@cache
def _breakdowns(pipeline: str) -> dict[str, Breakdown]:
    chosen = (family for family in families() if family.publication.name == pipeline)
    return {b.name: b for family in chosen for measure in family.measures for b in measure.breakdowns}
