"""Reads `geography_facts.toml`: what no loaded file states about places (dates of mergers, recodes, groups)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from esteem.evidence.place_links import WHOLE, Link
from esteem.terms.places import ENGLAND, Place

_FIRST_CCGS = date(2013, 4, 1)


@dataclass(frozen=True)
class Facts:
    """`codes`: other code -> canonical code. `formed`: code -> first day. `groups`: code -> (name, members)."""

    places: tuple[Place, ...]
    links: tuple[Link, ...]
    codes: dict[str, str]
    formed: dict[str, date]
    former_codes: dict[str, str]  # canonical code -> what its earlier codes mean for the reader
    groups: dict[str, tuple[str, tuple[str, ...]]]
    strategy_places: dict[str, tuple[str, ...]]
    holds: dict[str, str]  # code -> words for a larger area that stands in for a smaller one
    boards: tuple[dict, ...]
    review_date: date
    sources: tuple[str, ...] = field(default=())


def day_before(day: date) -> date:
    return day - timedelta(days=1)


@cache
def facts() -> Facts:
    """The facts, read once."""
    raw = tomllib.loads(files("esteem.evidence").joinpath("geography_facts.toml").read_text(encoding="utf-8"))
    codes = {code: place for block in raw["same_place"] for code, place in block["codes"].items()}
    return Facts(
        places=tuple(_places(raw)),
        links=tuple(_links(raw)),
        codes=codes,
        formed={code: block["date"] for block in raw["formed"] for code in block["codes"]} | {b["code"]: b["date"] for b in raw["board"]},
        former_codes={place: b["note"] for b in raw["same_place"] if "note" in b for place in b["codes"].values()},
        groups={g["code"]: (g["name"], tuple(g["members"])) for g in raw["group"]},
        strategy_places={s["id"]: tuple(s["places"]) for s in raw["strategy"]},
        holds={h["place"]: h["words"] for h in raw["holds"]},
        boards=tuple(raw["board"]),
        review_date=raw["review_date"],
        sources=tuple(b["source"] for blocks in raw.values() if isinstance(blocks, list) for b in blocks if "source" in b),
    )


def _places(raw: dict) -> Iterator[Place]:
    for place in raw["place"]:
        yield Place(place["code"], place["name"], place["kind"])
    for block in (*raw["regions"], *raw["ended"]):
        for code, name in block["names"].items():
            yield Place(code, name, block["kind"], block.get("valid_from"), block.get("valid_to"))
    for block in raw["merger"]:
        for code, name in block["from"].items():
            kind = block.get("kind") or ("ccg" if len(code) == 3 else "unitary" if code.startswith("E06") else "ltla")
            yield Place(code, name, kind, _FIRST_CCGS if kind == "ccg" else None, day_before(block["date"]))
    for county in raw["county_ended"]:
        yield Place(county["code"], county["name"].removesuffix(" County Council"), "utla", None, day_before(county["date"]))
    for board in raw["board"]:
        yield Place(board["code"], board["name"], "icb", board["date"])
    for block in raw["providers"]:
        yield from (Place(code, name, "provider") for code, name in block["names"].items())
    for block in raw["not_places"]:
        yield from (Place(code, name, "unknown") for code, name in block["names"].items())


def _links(raw: dict) -> Iterator[Link]:
    for block in raw["regions"]:
        for code in block["names"]:
            yield Link(code, ENGLAND, "part_of", block.get("valid_from"), block.get("valid_to"))
    for block in raw["merger"]:
        note = "" if block.get("keeps_code") else WHOLE
        for code in block["from"]:
            yield Link(code, block["into"], "became", block["date"], share=1.0, note=note)
    for county in raw["county_ended"]:
        alone = len(county["into"]) == 1
        for into in county["into"]:
            yield Link(county["code"], into, "became", county["date"], share=1.0 if alone else None, note=WHOLE if alone else "")
    for board in raw["board"]:
        yield from _board_links(board)


def _board_links(board: dict) -> Iterator[Link]:
    code, day = board["code"], board["date"]
    yield Link(code, board["region"], "part_of", day)
    for sub_icb in board.get("sub_icbs", ()):
        yield Link(sub_icb, code, "part_of", day)
    for council in board.get("councils", ()):
        yield Link(council, code, "lies_in", day)
    for old in board["from_whole"]:
        yield Link(old, code, "became", day, share=1.0)
    for old in (*board.get("from_part", ()), *board.get("rest_of", ())):
        yield Link(old, code, "became", day, note="in part")
