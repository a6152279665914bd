"""Mid-year population estimates of England's councils, counties and regions by sex and single year of age (ONS MYE2).

The file does not say its year: the name does (`mye2_mid2021_...`). Rows follow the publisher's order: a region, then what it consists of; a
county, then its districts. That order gives the links of councils to counties and regions, and the sums prove it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from esteem.evidence.sources import delimited
from esteem.evidence.sources.age_groups import ALL_AGES, age_sex_group
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.lookups import PLACE_LINKS, table_of
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell
from esteem.terms.periods import Period
from esteem.terms.places import ENGLAND, Place
from esteem.terms.problems import Problem

COLUMNS = ("code", "name", "geography", "sex", "age", "population")
_KINDS = {
    "Region": "region",
    "County": "utla",
    "Metropolitan County": "metropolitan_county",
    "Unitary Authority": "unitary",
    "Non-metropolitan District": "ltla",
    "Metropolitan District": "unitary",
    "London Borough": "unitary",
}
SERIES = Series(
    "population.mye",
    "People living in the area, mid-year estimate",
    "count",
    "MYE2: population estimates by single year of age and sex",
    "stock",
    "none: whole people, from an estimate",
    notes=(
        "Estimate of 30 June. Counties and regions hold the districts listed beside them: do not add both.",
        "Mid-2020 was made before Census 2021: a rate that changes base between 2020 and 2021 makes a step.",
    ),
)


def _year(raw: RawFile) -> int | None:
    found = re.search(r"mid[-_ ]?(20\d\d)", raw.name, re.I)
    return int(found[1]) if found else None


def recognise(raw: RawFile) -> Edition | None:
    year = _year(raw)
    if year is None or not delimited.matches(delimited.header(raw), COLUMNS):
        return None
    return Edition(f"mid-{year} estimates", (year,), f"mid-{year}")


def near(raw: RawFile) -> Problem | None:
    if delimited.matches(delimited.header(raw), COLUMNS):
        rule = "The year of the estimate stands in the name of the file, for the file itself does not say it."
        return Problem(
            "edition-unknown", rule, raw.name, "Put mid and the year in the name of the file, for example mye2_mid2021.csv.", raw.name
        )
    return delimited.near_header(raw, COLUMNS)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    year = int(edition.covers.removeprefix("mid-"))
    period = Period(date(year, 6, 30), date(year, 6, 30), "day")
    rows, rejected, order = ObservationRows(), [], _PublishedOrder()
    read = kept = 0
    for line, cells in delimited.records(raw, COLUMNS, progress, rejected):
        read += 1
        code, name, geography, sex, age, text = (c.strip() for c in cells[:6])
        group, where = age_sex_group(sex, age), f"row {line}"
        value, flags = read_cell(text, where, "population", rejected)
        if group is None or (value is not None and value < 0):
            rule = "A row has a sex, an age of 0 to 89, 90+ or All ages, and a count of 0 or more."
            rejected.append(Rejected(where, "age", rule, f"{sex}, {age}, {text}", "Ask the publisher for the right row."))
            continue
        kept += 1
        place = ENGLAND if code == ENGLAND else canonical(code)
        order.add(place, name, geography)
        rows.add(
            "population.mye",
            place,
            period,
            value,
            breakdown=group[0],
            category=group[1],
            vintage="2021-04",
            flags=flags,
            source_row=where,
        )
    tables = {"stated_links": table_of(order.links, PLACE_LINKS)}
    return Tidy(rows.table(rejected), [SERIES], rejected, order.places, tables, read, kept)


class _PublishedOrder:
    """What holds what, told by the order of the rows."""

    def __init__(self):
        self.places: list[Place] = []
        self.links: list[tuple] = []
        self._seen: set[str] = set()
        self._region = self._county = ""

    def add(self, code: str, name: str, geography: str) -> None:
        if code in self._seen or geography not in _KINDS:
            return
        self._seen.add(code)
        kind = _KINDS[geography]
        readable = name.title() if name.isupper() else name.replace(" (Met County)", "")
        self.places.append(Place(code, readable, kind))
        if kind == "region":
            self._region, self._county = code, ""
            return
        within_county = geography in ("Non-metropolitan District", "Metropolitan District") and self._county
        parents = [self._county] if geography == "Non-metropolitan District" and within_county else [self._region]
        if geography == "Metropolitan District" and within_county:
            parents.append(self._county)
        self.links += [(code, parent, "part_of", None, None, 1.0, "") for parent in parents if parent]
        self._county = code if geography in ("County", "Metropolitan County") else self._county


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Ages add to all ages, the sexes to persons, members to their county and region, regions to England."""
    people: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    table = tidied.observations
    for place, breakdown, category, value in zip(*(table[c].to_pylist() for c in ("place", "breakdown", "category", "value")), strict=True):
        who, age = (category, ALL_AGES) if breakdown == "sex" else ("Persons", ALL_AGES) if breakdown == "all" else category.split(" ", 1)
        people[place, who][age] = value or 0
    ages = [k for k, by_age in people.items() if len(by_age) > 1 and sum(by_age.values()) != 2 * by_age.get(ALL_AGES, 0)]
    total = {place: by_age.get(ALL_AGES, 0) for (place, who), by_age in people.items() if who == "Persons"}
    of_sex = {p: sum(people.get((p, s), {}).get(ALL_AGES, 0) for s in ("Female", "Male")) for p in total}
    sexes = [p for p in total if of_sex[p] and of_sex[p] != total[p]]
    return [
        Check("single years add to all ages", not ages, f"{len(people)} places and sexes; astray: {ages[:3] or 'none'}"),
        Check("women and men add to persons", not sexes, f"{len(total)} places; astray: {sexes[:3] or 'none'}"),
        *_members_add_up(tidied, total),
    ]


def _members_add_up(tidied: Tidy, total: dict[str, float]) -> list[Check]:
    held: dict[str, list[str]] = defaultdict(list)
    kinds = {p.code: p.kind for p in tidied.places}
    for link in tidied.tables["stated_links"].to_pylist():
        parent_is_region = kinds.get(link["parent"]) == "region"
        if not (parent_is_region and kinds.get(link["child"]) == "metropolitan_county"):
            held[link["parent"]].append(link["child"])
    astray = [p for p, members in held.items() if p in total and sum(total.get(m, 0) for m in members) != total[p]]
    regions = sum(total.get(code, 0) for code, kind in kinds.items() if kind == "region")
    checks = [Check("members add to their county or region", not astray, f"{len(held)} areas; astray: {astray[:3] or 'none'}")]
    if ENGLAND in total and regions:
        checks.append(Check("regions add to England", regions == total[ENGLAND], f"{regions:.0f} and {total[ENGLAND]:.0f}"))
    return checks


SOURCE = Source(
    id="population_local_authority",
    title="Mid-year population estimates of councils",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    attribution="Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
    homepage="ONS, estimates of the population for England and Wales",
    layout=f"{','.join(COLUMNS)}, with mid and the year in the name of the file",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="yearly",
)
