"""The answer for a place that has no figures: who publishes, for what kinds of place, and which larger area holds it."""

from __future__ import annotations

from datetime import date

from esteem.evidence.answers import Answer, SourceFile
from esteem.evidence.figures import Question
from esteem.evidence.model import Measure
from esteem.evidence.places_asked import PlaceAsked
from esteem.evidence.published_cells import source_files
from esteem.terms import flags as flag
from esteem.terms.periods import Period

KIND_WORDS = {
    "country": "England",
    "region": "regions",
    "nhs_region": "NHS regions",
    "icb": "integrated care boards (earlier STPs)",
    "sub_icb": "sub-ICB locations (earlier CCGs)",
    "ccg": "sub-ICB locations (earlier CCGs)",
    "utla": "counties",
    "ltla": "districts",
    "unitary": "unitary councils and boroughs",
    "trust": "NHS trusts",
    "provider": "other providers",
}


def no_figures(snapshot, question: Question, place: PlaceAsked) -> Answer:
    """One answer without a number (flag `not_collected`). Its words name the publisher and the nearest place that has figures."""
    measure = question.measure
    held = _held(snapshot, measure, question.breakdown, question.as_at)
    file = _file(snapshot, held)
    return Answer(
        measure=measure.id,
        place=place.code,
        period=_period(question.over, held),
        breakdown=question.breakdown,
        category=question.category or "All",
        unit=measure.unit,
        flags=(flag.NOT_COLLECTED,),
        method="no published figure",
        place_name=place.name,
        parts=place.parts if place.is_group else (),
        files=(file,) if file else (),
        words=tuple(_words(snapshot, measure, place, held, file)),
    )


def _held(snapshot, measure: Measure, breakdown: str, as_at: date | None) -> list[dict]:
    """(place, kind, first day, last period, an edition) of everything the series hold, up to `as_at`."""
    series = measure.published.series
    marks = ", ".join("?" * len(series))
    until = "and o.period_end <= ?" if as_at else ""
    return snapshot.rows(
        "select o.place, p.kind, min(o.period_start) first_start, max(o.period_start) last_start, max(o.period_end) last_end,"
        " arg_max(o.period_kind, o.period_end) period_kind, min(o.edition) edition"
        " from observations o left join places p on p.code = o.place"
        f" where o.series in ({marks}) and o.breakdown = ? {until} group by 1, 2",
        [*series, breakdown, *([as_at] if as_at else [])],
    )


def _file(snapshot, held: list[dict]) -> SourceFile | None:
    return source_files(snapshot).get(held[0]["edition"]) if held else None


def _period(over, held: list[dict]) -> Period:
    if isinstance(over, Period):
        return over
    if over is not None:
        return Period(over[0].start, over[1].end, "range")
    if not held:
        return Period(date.min, date.max, "range")
    last = max(held, key=lambda row: row["last_end"])
    return Period(last["last_start"], last["last_end"], last["period_kind"])


def _words(snapshot, measure: Measure, place: PlaceAsked, held: list[dict], file: SourceFile | None):
    if not held:
        yield f"No figure of this measure is loaded. Load one with `esteem load FILE` ({', '.join(measure.published.series)})."
        return
    kinds = dict.fromkeys(KIND_WORDS[row["kind"]] for row in held if row["kind"] in KIND_WORDS)
    codes = {row["place"] for row in held}
    if set(place.parts) <= codes:
        first, last = min(row["first_start"] for row in held), max(row["last_end"] for row in held)
        yield f"{place.name} has no figure for this time. The series runs from {first:%B %Y} to {last:%B %Y}."
        return
    publisher = file.publisher if file else "The publisher"
    yield f"{place.name} has no figures of its own: {publisher} publishes them for {', '.join(kinds)}."
    larger = [p for part in place.parts for p in snapshot.geography.parents(part) if p.code in codes]
    names = dict.fromkeys(f"{p.name} ({p.code})" for p in larger)
    if names:
        yield f"Larger areas that hold it and have figures: {', '.join(names)}."
    smaller = [p for part in place.parts for p in snapshot.geography.children(part) if p.code in codes]
    if smaller and not names:
        yield f"Smaller areas within it have figures: {', '.join(dict.fromkeys(f'{p.name} ({p.code})' for p in smaller[:8]))}."
