"""Places while files are read: what all sources state about them put together, and figures for places that are not known found out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from esteem.evidence import gazetteer
from esteem.evidence.geography import Geography
from esteem.evidence.pack.parts import unpacked
from esteem.evidence.pack.reading import ReadFile, rejected_row
from esteem.evidence.pack.shapes import REJECTED, STATED_PLACES
from esteem.terms.places import Place
from esteem.terms.problems import Problem

SET_ASIDE = "Or load with --set-aside to leave such rows out."
INPUTS = (*gazetteer.INPUTS, STATED_PLACES)


def gathered(tables: Iterable[tuple[str, pa.Table]]) -> gazetteer.Assembled:
    """All places, from (name, rows) of the tables in INPUTS; of two that name a place alike, the first is heard."""
    by_name: dict[str, list[pa.Table]] = {}
    for name, rows in tables:
        by_name.setdefault(name, []).append(rows)
    joined = {name: pa.concat_tables(some, promote_options="default") for name, some in by_name.items()}
    stated = joined.pop(STATED_PLACES, None)
    return gazetteer.assemble(joined, () if stated is None else map(_place, stated.to_pylist()))


def _place(row: dict) -> Place:
    return Place(row["code"], row["name"], row["kind"], row["valid_from"], row["valid_to"], row["note"] or "")


def stated_codes(tables: Mapping[str, pa.Table]) -> set[str]:
    """Codes of the places that a file itself names."""
    found = set(tables[STATED_PLACES]["code"].to_pylist()) if STATED_PLACES in tables else set()
    return found | (set(tables["stated_codes"]["place"].to_pylist()) if "stated_codes" in tables else set())


def misplaced(observations: pa.Table, geography: Geography, stated: set[str], file: str) -> list[tuple[str, Problem]]:
    """(code, problem) for each place of the figures that is not known, or that had long ended when the period of a figure of it began.

    `stated` are the codes that the file names as places. `observations` are packed.
    """
    found = []
    for code, last in sorted(uses(observations).items()):
        if not geography.knows(code):
            if code not in stated:
                found.append((code, _unknown(observations, geography, code, file)))
        elif last > _last_use(geography.place(code)):
            found.append((code, _ended(observations, geography, code, file)))
    return found


def uses(observations: pa.Table) -> dict[str, date]:
    """place -> start of the last period for which it has a value (the first day there is, when it has none)."""
    start = pc.if_else(observations["value"].is_valid(), observations["period_start"], pa.scalar(date.min, pa.date32()))
    table = pa.table({"place": observations["place"], "start": start})
    return {row["place"]: row["start_max"] for row in table.group_by("place").aggregate([("start", "max")]).to_pylist()}


def all_placed(used: Mapping[str, date], geography: Geography) -> bool:
    """True when every place is known and none is used after it had long ended."""
    return all(geography.knows(code) and last <= _last_use(geography.place(code)) for code, last in used.items())


def _last_use(place: Place) -> date:
    """The last day on which a period may begin. Publishers finish a year under the old codes; providers that merged go on reporting."""
    if place.valid_to is None or place.kind in ("trust", "provider", "practice"):
        return date.max
    return place.valid_to + timedelta(days=366)


def _late(observations: pa.Table, place: Place) -> pa.ChunkedArray:
    """Which figures are for the place after its last use. An empty cell for a place that has ended is no figure."""
    of_place = pc.and_(pc.equal(observations["place"], place.code), observations["value"].is_valid())
    return pc.and_(of_place, pc.greater(observations["period_start"], pa.scalar(_last_use(place))))


def _first(observations: pa.Table, chosen: pa.ChunkedArray) -> dict:
    return unpacked(observations.filter(chosen).slice(0, 1)).to_pylist()[0]


def row_number(source_row: str | None) -> int | None:
    """The first row that words like "row 12" or "EIP(i)!row 77 column AB" name."""
    digits = [word.strip(",") for word in (source_row or "").split() if word.strip(",").isdigit()]
    return int(digits[0]) if digits else None


def _unknown(observations: pa.Table, geography: Geography, code: str, file: str) -> Problem:
    try:
        geography.place(code)
        remedy = ""
    except Problem as problem:
        remedy = problem.remedy
    of_place = pc.equal(observations["place"], code)
    at, rows = _first(observations, of_place)["source_row"], pc.sum(of_place).as_py()
    return Problem(
        "place-unknown",
        "A figure is for a place with a known code.",
        f"{code!r} at {at}; {rows} figures",
        f"{remedy or 'Correct the code.'} {SET_ASIDE}",
        file,
        row_number(at),
        "place",
    )


def _ended(observations: pa.Table, geography: Geography, code: str, file: str) -> Problem:
    place = geography.place(code)
    late = _late(observations, place)
    first = _first(observations, late)
    heirs = " and ".join(f"{p.code} ({p.name})" for p, _, _ in geography.successors(code))
    return Problem(
        "place-ended",
        f"A figure is for a place that existed in its period; {place.name} ended on {place.valid_to:%d %B %Y}.",
        f"{code!r} for a period from {first['period_start']} at {first['source_row']}; {pc.sum(late).as_py()} figures",
        (f"It was followed by {heirs}. " if heirs else "") + f"Correct the code. {SET_ASIDE}",
        file,
        row_number(first["source_row"]),
        "place",
    )


def set_aside_places(read: ReadFile, wrong: list[tuple[str, Problem]]) -> ReadFile:
    """The file without the figures of those places; each place is one rejected row."""
    out = pc.is_in(read.observations["place"].cast(pa.string()), pa.array([code for code, _ in wrong], pa.string()))
    rows = [rejected_row(read.edition, str(p.row or ""), p.column, p.rule, p.found, p.remedy, "quarantine") for _, p in wrong]
    edition = read.edition | {"rejected": read.edition["rejected"] + len(rows)}
    rejected = pa.concat_tables([read.rejected, pa.Table.from_pylist(rows, REJECTED)])
    return replace(read, edition=edition, observations=read.observations.filter(pc.invert(out)), rejected=rejected)
