"""Places while files are read: what all sources state about them put together, and figures for places that are not known found out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from esteem.evidence import gazetteer
from esteem.evidence.geography import Geography
from esteem.evidence.pack.parts import unpacked
from esteem.evidence.pack.shapes import STATED_PLACES
from esteem.terms.places import Place
from esteem.terms.problems import Problem

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
    """(code, problem) for each place of the figures that is not known, or that ended before the period of a figure of it began.

    `stated` are the codes that the file names as places. `observations` are packed.
    """
    last = [("period_start", "max"), ([], "count_all")]
    uses = observations.select(["place", "period_start"]).group_by("place").aggregate(last).to_pylist()
    found = []
    for use in sorted(uses, key=lambda use: use["place"]):
        code = use["place"]
        if not geography.knows(code):
            if code not in stated:
                found.append((code, _unknown(observations, geography, code, use["count_all"], file)))
        elif _ended_before(geography.place(code), use["period_start_max"]):
            found.append((code, _ended(observations, geography, code, file)))
    return found


def _ended_before(place: Place, day: date) -> bool:
    """Councils and NHS areas only: providers that have merged go on reporting under their old code."""
    return place.valid_to is not None and place.valid_to < day and place.kind not in ("trust", "provider", "practice")


def _first(observations: pa.Table, chosen: pa.ChunkedArray) -> dict:
    return unpacked(observations.filter(chosen).slice(0, 1)).to_pylist()[0]


def _row_number(source_row: str | None) -> int | None:
    digits = [word.strip(",") for word in (source_row or "").split() if word.strip(",").isdigit()]
    return int(digits[0]) if digits else None


def _unknown(observations: pa.Table, geography: Geography, code: str, rows: int, file: str) -> Problem:
    try:
        geography.place(code)
        remedy = ""
    except Problem as problem:
        remedy = problem.remedy
    at = _first(observations, pc.equal(observations["place"], code))["source_row"]
    return Problem(
        "place-unknown",
        "A figure is for a place with a known code.",
        f"{code!r} at {at}; {rows} figures",
        remedy or "Correct the code, or load with --set-aside-places to leave these rows out.",
        file,
        _row_number(at),
        "place",
    )


def _ended(observations: pa.Table, geography: Geography, code: str, file: str) -> Problem:
    place = geography.place(code)
    late = pc.and_(pc.equal(observations["place"], code), pc.greater(observations["period_start"], place.valid_to))
    first = _first(observations, late)
    heirs = " and ".join(f"{p.code} ({p.name})" for p, _, _ in geography.successors(code))
    return Problem(
        "place-ended",
        f"A figure is for a place that existed in its period; {place.name} ended on {place.valid_to:%d %B %Y}.",
        f"{code!r} for a period from {first['period_start']} at {first['source_row']}; {pc.sum(late).as_py()} figures",
        (f"It was followed by {heirs}. " if heirs else "") + "Correct the code, or load with --set-aside-places to leave these rows out.",
        file,
        _row_number(first["source_row"]),
        "place",
    )
