"""Where a postcode, a town or a district lies, from the figures that ship with Esteem. What is typed is looked up and forgotten.

The shipped postcodes are those around Southend, Essex, Thurrock and Bexley (National Statistics Postcode Lookup); the rest of England is
outside, and said to be so.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

TOWNS = Path(__file__).with_name("towns.toml")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_OUTWARD = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
# A letter O typed for a nought and the other way round, in the place where only one of them can stand.
_DIGIT_MEANT = {"O": "0", "I": "1"}


@dataclass(frozen=True)
class Place:
    """A point and the codes of the areas that hold it: district, county, ward, small area, sub-ICB location, England."""

    name: str
    latitude: float
    longitude: float
    areas: frozenset[str]
    district: str


@dataclass(frozen=True)
class Postcodes:
    """Columns of the shipped postcodes, one row each. `number`: postcode ("SS1 2AB") -> row."""

    number: Mapping[str, int]
    latitude: np.ndarray
    longitude: np.ndarray
    district: Sequence[str]
    small_area: Sequence[str]
    sub_icb: Sequence[str]


class PlaceFinder:
    """Made once of a snapshot's postcodes and areas; asked many times. See `place_finder`."""

    def __init__(self, postcodes: Postcodes, names: Mapping[str, str], counties: Mapping[str, str], wards: Mapping[str, str]):
        """`names`: district code -> name; `counties`: district code -> its county council; `wards`: small area -> ward."""
        self._postcodes, self.names, self._counties, self._wards = postcodes, names, counties, wards

    def find(self, text: str) -> Place:
        """By postcode, the first half of one, a town or a district. Problems `postcode-unknown`, `place-unknown`."""
        squeezed = re.sub(r"[^A-Z0-9]", "", text.upper())
        if whole := _POSTCODE.fullmatch(_mended(squeezed)):
            return self._at_postcode(whole[1], whole[2])
        if _OUTWARD.fullmatch(squeezed):
            return self._around(squeezed)
        folded = fold(text)
        if folded in self._named:
            return self._named[folded]
        raise Problem(
            "place-unknown",
            "A place is a postcode, a town or a district of Southend, Essex, Thurrock or Bexley.",
            text[:40],
            "Check how it is written, or leave the place out.",
        )

    def counties_of(self, district: str) -> tuple[str, ...]:
        return (self._counties[district],) if district in self._counties else ()

    def names_known(self) -> Mapping[str, Place]:
        """Folded name -> place, of every town and district."""
        return self._named

    def _at_postcode(self, outward: str, inward: str) -> Place:
        rows = self._postcodes
        row = rows.number.get(f"{outward} {inward}")
        if row is None:
            raise _outside(f"{outward} {inward}")
        codes = (rows.small_area[row], self._wards.get(rows.small_area[row]), rows.sub_icb[row])
        areas = self._with_county(rows.district[row], frozenset(code for code in codes if code))
        return Place(outward, float(rows.latitude[row]), float(rows.longitude[row]), areas, rows.district[row])

    def _around(self, outward: str) -> Place:
        rows = self._by_outward.get(outward)
        if not rows:
            raise _outside(outward)
        return self._middle(outward, rows)

    def _middle(self, name: str, rows: Sequence[int]) -> Place:
        """The middle of several postcodes, in the district that most of them lie in."""
        kept = self._postcodes
        district, _ = Counter(sorted(kept.district[row] for row in rows)).most_common(1)[0]
        inside = [row for row in rows if kept.district[row] == district]
        latitude, longitude = float(np.median(kept.latitude[inside])), float(np.median(kept.longitude[inside]))
        return Place(name, latitude, longitude, self._with_county(district, frozenset()), district)

    def _with_county(self, district: str, areas: frozenset[str]) -> frozenset[str]:
        county = self._counties.get(district)
        return areas | {district, ENGLAND} | ({county} if county else set())

    @cached_property
    def _by_outward(self) -> dict[str, list[int]]:
        made: dict[str, list[int]] = {}
        for code, row in self._postcodes.number.items():
            made.setdefault(code.partition(" ")[0], []).append(row)
        return made

    @cached_property
    def _named(self) -> dict[str, Place]:
        by_district: dict[str, list[int]] = {}
        for row, district in enumerate(self._postcodes.district):
            by_district.setdefault(district, []).append(row)
        made = {fold(name): self._middle(name, by_district[code]) for code, name in self.names.items() if code in by_district}
        made["essex"] = self._county_of_essex(by_district)
        for town in tomllib.loads(TOWNS.read_text(encoding="utf-8"))["town"]:
            rows = [row for outward in town["postcodes"] for row in self._by_outward.get(outward, ())]
            if rows:
                place = self._middle(town["name"], rows)
                made |= {fold(name): place for name in (town["name"], *town.get("also", ())) if fold(name) not in made}
        return made

    def _county_of_essex(self, by_district: Mapping[str, list[int]]) -> Place:
        """The whole county: its middle, and the codes of all its districts, so that each of them is covered."""
        county = next(iter(self._counties.values()), ENGLAND)
        rows = [row for district, found in by_district.items() if district in self._counties for row in found]
        latitude, longitude = (
            float(np.median(column[rows])) if rows else 0.0 for column in (self._postcodes.latitude, self._postcodes.longitude)
        )
        return Place("Essex", latitude, longitude, frozenset(self._counties) | {county, ENGLAND}, "")


def fold(text: str) -> str:
    """Lower case, hyphens as spaces, single spaces: how names are compared."""
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.casefold().replace("-", " ")).split())


def _mended(squeezed: str) -> str:
    """O and I where only a digit can stand: the first of the second half, and the last of a first half of three."""
    if not 5 <= len(squeezed) <= 7:
        return squeezed
    outward, inward = squeezed[:-3], squeezed[-3:]
    if len(outward) == 3 and outward[:2].isalpha():
        outward = outward[:2] + _DIGIT_MEANT.get(outward[2], outward[2])
    return outward + _DIGIT_MEANT.get(inward[0], inward[0]) + inward[1:]


def _outside(code: str) -> Problem:
    return Problem(
        "postcode-unknown",
        "The postcode lies in or around Southend, Essex, Thurrock or Bexley, which this directory serves.",
        code[:12],
        "Check how it is written, or leave the place out: help by phone and online is for everyone.",
    )


def place_finder(snapshot) -> PlaceFinder:
    """From a snapshot of published figures (`evidence.snapshots`): its postcodes, wards and districts."""
    wards = dict(_pairs(snapshot, "select small_area, area from small_areas where kind = 'ward' and small_vintage = '2021'"))
    table = snapshot.table("select postcode, latitude, longitude, district, small_area, sub_icb from postcodes")
    codes = table.column("postcode").to_pylist()
    texts = (table.column(name).to_pylist() for name in ("district", "small_area", "sub_icb"))
    positions = (table.column(name).to_numpy() for name in ("latitude", "longitude"))
    postcodes = Postcodes({code: row for row, code in enumerate(codes)}, *positions, *texts)
    places = snapshot.geography
    districts = sorted(set(postcodes.district) - {"", None})
    counties = {code: parent.code for code in districts for parent in places.parents(code) if parent.code == "E10000012"}
    local = {code: places.place(code).name for code in districts}
    return PlaceFinder(postcodes, local, counties, wards)


def _pairs(snapshot, sql: str) -> Iterable[tuple]:
    return zip(*(column.to_pylist() for column in snapshot.table(sql).columns), strict=True)
