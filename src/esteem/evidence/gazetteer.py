"""Works out, from lookups, registers and written facts, which places there are and how they follow and hold one another.

    assembled = assemble(tables, places)     # "small_areas", "stated_codes", "stated_links" of all sources; their `Tidy.places`
    assembled.geography                      # evidence.geography.Geography: `.canonical` for tidying the figures
    assembled.tables                         # "places", "place_links", "place_codes" for the snapshot

`written_canonical` maps the codes that are known without any file (England's spellings, recodes): enough to tidy the reference files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import pyarrow as pa

from esteem.evidence.geography import Geography
from esteem.evidence.geography_facts import Facts, day_before, facts
from esteem.evidence.place_links import Link, Membership, changed, containment, link_of, succession
from esteem.evidence.provider_names import codes_of_names
from esteem.evidence.sources.contract import Tidy
from esteem.evidence.sources.lookups import PLACE_CODES, PLACE_LINKS, table_of
from esteem.terms.places import ENGLAND, Place, is_england

PLACES = pa.schema(
    [
        ("code", pa.string()),
        ("name", pa.string()),
        ("kind", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("note", pa.string()),
    ]
)
INPUTS = ("small_areas", "stated_codes", "stated_links")
_NHS = ("ccg", "sub_icb")
_FIRST_CCGS = date(2013, 4, 1)


def written_canonical(raw: str) -> str:
    """Canonical code as far as the written facts go; other codes come back trimmed."""
    code = raw.strip()
    return ENGLAND if is_england(code) else facts().codes.get(code.upper(), code)


@dataclass(frozen=True)
class Assembled:
    places: list[Place]
    links: list[Link]
    codes: dict[str, str]
    tables: dict[str, pa.Table]
    geography: Geography


def assemble(tables: Mapping[str, pa.Table], stated: Iterable[Place] = ()) -> Assembled:
    """Everything known about places, from the reference tables (others are left alone), `places` of tidied files and written facts."""
    known, stated = facts(), list(stated)
    names = tables["stated_codes"].to_pylist() if "stated_codes" in tables else []
    codes = known.codes | {r["code"]: known.codes.get(r["place"], r["place"]) for r in names if r["code"] != r["place"]}
    members = _memberships(tables, codes)
    links = _links(tables, members, known, codes)
    places = _places(names, stated, links, members, known, codes)
    links = _dated(links, places)
    providers = codes_of_names(stated, codes)
    written = _as_tables(places, links, names, codes, providers)
    codes = {name: place.code for name, place in providers.items()} | codes
    return Assembled(places, links, codes, written, Geography(places, links, codes))


def assemble_tidied(tidies: Iterable[Tidy]) -> Assembled:
    """`assemble` for tidied files as they come from the sources."""
    tidies = list(tidies)
    names = {name for t in tidies for name in INPUTS if name in t.tables}
    tables = {name: pa.concat_tables(t.tables[name] for t in tidies if name in t.tables) for name in names}
    return assemble(tables, (p for t in tidies for p in t.places))


def _as_tables(
    places: list[Place], links: list[Link], names: list[dict], codes: dict[str, str], providers: dict[str, Place]
) -> dict[str, pa.Table]:
    rows = [(r["code"], codes.get(r["code"], r["place"]), r["name"], r["kind"], r["vintage"]) for r in names]
    seen = {row[0] for row in rows}
    rows += [(code, place, "", "", "") for code, place in codes.items() if code not in seen]
    rows += [(name, place.code, place.name, place.kind, "") for name, place in providers.items() if name not in seen | set(codes)]
    return {
        "places": table_of(((p.code, p.name, p.kind, p.valid_from, p.valid_to, p.note) for p in places), PLACES),
        "place_links": table_of(
            ((x.child, x.parent, x.relation, x.valid_from, x.valid_to, x.share, x.note) for x in links),
            PLACE_LINKS,
        ),
        "place_codes": table_of(rows, PLACE_CODES),
    }


# ---------------------------------------------------------------- memberships


def _memberships(tables: Mapping[str, pa.Table], codes: dict[str, str]) -> dict[tuple[str, str], Membership]:
    """(kind, vintage) -> small area -> larger area, with the lookup of 2011 to 2021 small areas under ("lsoa", ...)."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    table = tables.get("small_areas")
    if table is None:
        return {}
    for small, kind, area, vintage in zip(*(table.column(c).to_pylist() for c in ("small_area", "kind", "area", "vintage")), strict=True):
        if kind == "lsoa":
            found[kind, vintage].setdefault(small, []).append(area)
        else:
            found[kind, vintage][small] = codes.get(area, area)
    return dict(found)


def _editions(members: dict, *kinds: str) -> list[tuple[str, str]]:
    """Keys of `members` of these kinds, oldest first."""
    return sorted((key for key in members if key[0] in kinds), key=lambda key: key[1])


def _comparable(before: Membership, after: Membership, members: dict) -> tuple[Membership, Membership]:
    """Two memberships on the same small areas: those of 2011 are carried to 2021 where the two differ."""
    if not before or not after or next(iter(before)) in after:
        return before, after
    bridge = next((m for key, m in members.items() if key[0] == "lsoa"), {})
    pairs = [(f"{old}>{new}", old, new) for old, news in bridge.items() for new in news]
    return {k: before[old] for k, old, new in pairs if old in before}, {k: after[new] for k, old, new in pairs if new in after}


# ---------------------------------------------------------------- links


def _links(tables: Mapping[str, pa.Table], members: dict, known: Facts, codes: dict[str, str]) -> list[Link]:
    stated = [link_of(row) for row in tables["stated_links"].to_pylist()] if "stated_links" in tables else []
    links = [
        *(replace(x, child=codes.get(x.child, x.child), parent=codes.get(x.parent, x.parent)) for x in stated),
        *known.links,
        *_successions(members, known),
        *_boards_of_nhs_areas(members),
    ]
    links += _councils_and_nhs_areas(members, [x for x in links if x.relation == "part_of"])
    links += _rest_of_boards(known, links)
    links += _regions_of_new_councils(links)
    unique: dict[tuple, Link] = {}
    for link in links:
        unique.setdefault((link.child, link.parent, link.relation, link.valid_from), link)
    return list(unique.values())


def _successions(members: dict, known: Facts) -> list[Link]:
    links = []
    for kinds in (_NHS, ("ltla",)):
        keys = _editions(members, *kinds)
        for earlier, later in pairwise(keys):
            before, after = _comparable(members[earlier], members[later], members)
            links += [replace(x, valid_from=known.formed.get(x.parent)) for x in succession(before, after)]
    return links


def _boards_of_nhs_areas(members: dict) -> list[Link]:
    """`part_of` links from sub-ICB locations, and from CCGs that ended, to the ICB of their small areas."""
    links = []
    for key in _editions(members, *_NHS):
        for board_key in _editions(members, "icb"):
            children, boards = members[key], members[board_key]
            if key[0] == "ccg" or key[1] == board_key[1]:
                links += [replace(x, relation="part_of") if x.relation == "lies_in" else x for x in containment(children, boards)]
    return _first_of_each(links)


def _first_of_each(links: Iterable[Link]) -> list[Link]:
    unique: dict[tuple[str, str], Link] = {}
    for link in links:
        unique.setdefault((link.child, link.parent), link)
    return list(unique.values())


def _councils_and_nhs_areas(members: dict, part_of: list[Link]) -> list[Link]:
    """How councils lie in NHS areas and NHS areas in councils. The newest edition speaks; older ones only for places since ended."""
    upper = {x.child: x.parent for x in part_of if x.parent.startswith("E10")}
    links: list[Link] = []
    settled: set[str] = set()
    for key in reversed(_editions(members, *_NHS)):
        council_key = _same_edition(members, key)
        if council_key is None:
            continue
        areas, councils = members[key], members[council_key]
        counties = {small: upper[c] for small, c in councils.items() if c in upper}
        found = containment(councils, areas) + containment(areas, councils, partly=False) + containment(counties, areas, partly=False)
        found += [x for x in containment(areas, {**councils, **counties}, partly=False) if x.parent.startswith("E10")]
        board_key = ("icb", key[1])
        if board_key in members:
            found += containment(councils, members[board_key]) + containment(counties, members[board_key])
        links += [x for x in found if x.child not in settled or x.parent not in settled]
        settled |= set(areas.values()) | set(councils.values())
    return _first_of_each(links)


def _same_edition(members: dict, key: tuple[str, str]) -> tuple[str, str] | None:
    """The districts that go with an edition of NHS areas: on the same small areas and nearest in time."""
    small = next(iter(members[key]), None)
    choices = [k for k in _editions(members, "ltla") if small in members[k]]
    return min(choices, key=lambda k: abs(int(k[1][:4]) - int(key[1][:4])), default=None)


def _rest_of_boards(known: Facts, links: list[Link]) -> list[Link]:
    """Sub-ICB locations of the boards that new boards replaced: whole boards, and what other new boards left of the rest."""
    now = {x.child: x.parent for x in links if x.relation == "part_of" and x.valid_to is None and x.valid_from is None}
    claimed = {s for board in known.boards for s in board.get("sub_icbs", ())}
    return [
        Link(child, board["code"], "part_of", board["date"])
        for board in known.boards
        for child, parent in now.items()
        if parent in (*board["from_whole"], *board.get("rest_of", ())) and child not in claimed
    ]


def _regions_of_new_councils(links: list[Link]) -> list[Link]:
    """A new council lies in the region of the councils it followed."""
    region = {x.child: x.parent for x in links if x.relation == "part_of" and x.parent.startswith("E12")}
    county = {x.child: x.parent for x in links if x.relation == "part_of" and x.parent.startswith("E10")}
    found = {}
    for link in links:
        old = region.get(link.child) or region.get(county.get(link.child, ""))
        if link.relation == "became" and link.parent not in region and old and link.parent[:1] == "E":
            found[link.parent] = Link(link.parent, old, "part_of", link.valid_from)
    return list(found.values())


# ---------------------------------------------------------------- places


def _places(
    names: list[dict], stated: Iterable[Place], links: list[Link], members: dict, known: Facts, codes: dict[str, str]
) -> list[Place]:
    found = {p.code: p for p in known.places}
    for place in stated:
        code = codes.get(place.code, place.code)
        found.setdefault(code, replace(place, code=code))
    for code, rows in _by_place(names, codes).items():
        latest = rows[-1]
        formed = known.formed.get(code) or (_FIRST_CCGS if latest["kind"] in _NHS else None)
        found[code] = Place(code, latest["name"], latest["kind"], formed, None, _earlier_names(rows))
    for code, words in _boundary_changes(members).items():
        if code in found and not found[code].valid_to:
            found[code] = _noted(found[code], words)
    for code, words in {**known.former_codes, **known.holds}.items():
        if code in found:
            found[code] = _noted(found[code], words)
    for link in links:
        if link.relation == "became" and link.child in found and link.valid_from:
            found[link.child] = replace(found[link.child], valid_to=day_before(link.valid_from))
    return sorted(found.values(), key=lambda p: (p.kind, p.code))


def _by_place(names: list[dict], codes: dict[str, str]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = defaultdict(list)
    for row in sorted(names, key=lambda r: r["vintage"]):
        found[codes.get(row["code"], row["place"])].append(row)
    return found


def _earlier_names(rows: list[dict]) -> str:
    earlier = [n for n in dict.fromkeys(r["name"] for r in rows) if n != rows[-1]["name"]]
    return f"Earlier: {'; '.join(earlier)}." if earlier else ""


def _boundary_changes(members: dict) -> dict[str, str]:
    words = {}
    for kinds in (_NHS, ("ltla",)):
        keys = _editions(members, *kinds)
        for earlier, later in pairwise(keys):
            if next(iter(members[earlier]), None) in members[later]:
                for code, what in changed(members[earlier], members[later]).items():
                    words[code] = f"Boundary changed between {earlier[1][:4]} and {later[1][:4]}: {what}."
    return words


def _noted(place: Place, words: str) -> Place:
    return replace(place, note=" ".join(filter(None, (place.note, words))))


def _dated(links: list[Link], places: list[Place]) -> list[Link]:
    """Links other than successions end when either end of them does, and begin no sooner than both."""
    ended = {p.code: p.valid_to for p in places if p.valid_to}
    begun = {p.code: p.valid_from for p in places if p.valid_from}
    dated = []
    for link in links:
        if link.relation != "became":
            ends = [d for d in (link.valid_to, ended.get(link.child), ended.get(link.parent)) if d]
            starts = [d for d in (link.valid_from, begun.get(link.child), begun.get(link.parent)) if d]
            link = replace(link, valid_to=min(ends, default=None), valid_from=max(starts, default=None))
        dated.append(link)
    return dated
