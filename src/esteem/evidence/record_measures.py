"""Measures counted from records, as the rest of Esteem knows measures: found by id or by the published measure they answer, with words."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from esteem.evidence.definitions import all_measures
from esteem.evidence.definitions.mhsds import Defined, defined, find_record_measures
from esteem.evidence.model import Computed, Measure
from esteem.terms.problems import Problem

_UNIT = {"percent": "proportion", "count": "count", "mean": "mean"}
_INTERVAL = {"percent": "wilson", "rate": "byar"}
_PER = {100_000: "rate_per_100000", 10_000: "rate_per_10000"}


def found_for(name: str) -> list[Defined]:
    """Definitions with this id, or those that a published measure's id stands for. Problem `measure-unknown` names near ones."""
    if name in all_measures():
        counted = counted_for(all_measures()[name])
        if not counted:
            rule = "This measure is known from published figures only: nothing defines it over records."
            raise Problem("witness-missing", rule, name, "Ask for the published witness, or for a measure of `esteem measures --computed`.")
        return list(counted)
    near = {key.casefold(): key for key, _, _ in defined()}
    return find_record_measures(near.get(name.casefold(), name))


@cache
def counted_for(measure: Measure) -> tuple[Defined, ...]:
    """Definitions over records that answer the same question as a published measure: those that name it as their counterpart."""
    every = dict.fromkeys(defined().values())
    named = [d for d in every if d.counterpart == measure.id]
    return tuple(named) or tuple(d for d in every if d.measure.id in measure.national_ids)


@cache
def published_for(found: Defined) -> Measure | None:
    """The published measure that this definition answers, if there is one."""
    return next((measure for measure in all_measures().values() if found in counted_for(measure)), None)


@cache
def as_measure(found: Defined) -> Measure:
    """The definition in the form that `publish` words and pages read. Unit and direction are those of its published counterpart if any."""
    own, family, published = found.measure, found.family, published_for(found)
    kind, times = own.value.kind, multiplier(found)
    unit = _UNIT.get(kind) or _PER.get(times, "rate")
    if kind == "mean" and published and published.unit in ("days", "years", "score"):
        unit = published.unit
    return Measure(
        id=slug(own.id),
        title=own.title,
        question=family.question,
        why=family.why,
        sentence=f"{own.title}: {{figure}}",
        kind={"percent": "proportion"}.get(kind, kind),
        unit=unit,
        better=published.better if published else "neutral",
        topic=family.title,
        witnesses=(Computed(own.id),),
        interval=_INTERVAL.get(kind, "none"),
        multiplier=1 if kind in ("percent", "count", "mean") else times,
        decimals=1 if kind in ("rate", "mean") else 0,
        independent_periods="M" in own.periods,
        checked_against=family.checked_against,
        author=family.author,
        review_date=family.review_date,
        national_ids=(own.id,),
    )


def multiplier(found: Defined) -> float:
    """What a percentage or rate is per: 100 for a percentage, 100,000 for a rate that says nothing else."""
    value = found.measure.value
    while not hasattr(value, "times") and hasattr(value, "value"):
        value = value.value
    return getattr(value, "times", 100.0 if found.measure.value.kind == "percent" else 100_000.0)


def slug(name: str) -> str:
    """`AMH14e%` -> `amh14e-percent`: an id that can stand in an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("%", "-percent")).strip("-")


@cache
def by_slug() -> dict[str, str]:
    """Id in an address -> published id."""
    return {slug(key): key for key, _, _ in defined()}


def review_overdue(found: Defined, day: date) -> bool:
    return found.family.review_date < day


def find_slug(name: str) -> str:
    """The published id behind an id in an address. Problem `measure-unknown`."""
    found = by_slug().get(name.lower())
    return found if found is not None else find_record_measures(name)[0].measure.id
