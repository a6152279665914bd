"""What the invented places share with the real ones: areas, residents by age and sex, ethnic groups, small areas and their deprivation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from esteem.evidence.snapshots import Snapshot
from esteem.terms.problems import Problem

AGES = 91  # single years, the last 90 and over
SEXES = ("1", "2")  # male, female
ETHNICITIES = ("A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S")
GROUPS = {"White": "ABC", "Mixed": "DEFG", "Asian or Asian British": "HJKL", "Black or Black British": "MNP", "Other ethnic groups": "RS"}
GROUP_OF = np.array([number for number, codes in enumerate(GROUPS.values()) for _ in codes])
_DETAIL = {
    "White British": "A",
    "White Irish": "B",
    "Any other White background": "C",
    "Gypsy or Irish Traveller": "C",
    "Roma": "C",
    "White and Black Caribbean": "D",
    "White and Black African": "E",
    "White and Asian": "F",
    "Any other Mixed background": "G",
    "Indian": "H",
    "Pakistani": "J",
    "Bangladeshi": "K",
    "Any other Asian background": "L",
    "Caribbean": "M",
    "African": "N",
    "Any other Black background": "P",
    "Chinese": "R",
    "Arab": "S",
    "Any other ethnic group": "S",
}
ESSEX = ("06Q", "06T", "07H", "99E", "99F")
PLACES = {"southend": ("99G",), "thurrock": ("07G",), "essex": ESSEX, "bexley": ("72Q",)}
ICBS = {"06Q": "QH8", "07G": "QH8", "99E": "QH8", "99F": "QH8", "99G": "QH8", "06T": "QJG", "07H": "QM7", "72Q": "QKK"}
REGIONS = {"QH8": "Y61", "QJG": "Y61", "QM7": "Y61", "QKK": "Y56"}
COUNCILS = {"99G": "E06000033", "07G": "E06000034", "72Q": "E09000004"}
BEXLEY = "E09000004"


@dataclass(frozen=True, eq=False)
class Area:
    """One sub-ICB. Of 72Q (South East London) only the borough of Bexley is part of the place.

    `residents` [2, 91] by sex and single year of age; `ethnicities` [16] shares; of each small area: `codes`, `districts`, `deciles`
    (deprivation 2019, 1 = most deprived) and `living` (residents).
    """

    sub_icb: str
    statistical: str
    name: str
    icb: str
    icb_name: str
    residents: np.ndarray
    ethnicities: np.ndarray
    codes: tuple[str, ...]
    districts: tuple[str, ...]
    deciles: np.ndarray
    living: np.ndarray

    def aged(self, first: int, last: int = AGES) -> float:
        return float(self.residents[:, first : last + 1].sum())


def place_names(asked: Sequence[str]) -> tuple[str, ...]:
    """The places asked for in the order of PLACES. Problem `invented-place-unknown`."""
    names = [name.strip().lower() for text in asked for name in text.split(",")]
    names = list(PLACES) if "all" in names else names
    unknown = [name for name in names if name not in PLACES]
    if unknown or not names:
        raise Problem(
            "invented-place-unknown",
            f"An invented place is one of {', '.join(PLACES)}, or all of them.",
            ", ".join(unknown) or "none",
            "For example: --place southend --place essex, or --place all.",
        )
    return tuple(name for name in PLACES if name in names)


def read_areas(snapshot: Snapshot, places: Sequence[str]) -> tuple[Area, ...]:
    """The areas of the places, from the published figures of the snapshot."""
    return tuple(_area(snapshot, code) for place in places for code in PLACES[place])


def _area(snapshot: Snapshot, code: str) -> Area:
    council = COUNCILS.get(code)
    rows = snapshot.rows(_SMALL_AREAS, [code])
    if code == "72Q":
        rows = [row for row in rows if row["district"] == BEXLEY]
    statistical = snapshot.rows("select max(code) as code from place_codes where place = ? and code like 'E38%'", [code])[0]["code"]
    names = {row["code"]: row["name"] for row in snapshot.rows("select code, name from places where code in (?, ?)", [code, ICBS[code]])}
    residents = _residents(snapshot, "population.mye", council) if code == "72Q" else _residents(snapshot, "population.sub_icb", code)
    shares = _ethnicities(snapshot, council) if council else _by_small_area(snapshot, code)
    living = np.array([row["living"] for row in rows], float)
    return Area(
        code,
        statistical,
        names[code],
        ICBS[code],
        names[ICBS[code]],
        residents,
        shares,
        tuple(row["small_area"] for row in rows),
        tuple(row["district"] for row in rows),
        np.array([row["decile"] for row in rows]),
        np.where(np.isnan(living), np.nanmean(living), living),
    )


_SMALL_AREAS = """
select s.small_area, max(l.area) as district, max(d.imd_decile) as decile, max(e.total_residents)::double as living
from small_areas s
join small_areas l on l.small_area = s.small_area and l.kind = 'ltla' and l.small_vintage = '2011'
join deprivation_2019 d on d.small_area = s.small_area
left join small_area_ethnicity e on e.small_area = s.small_area
where s.kind = 'sub_icb' and s.small_vintage = '2011' and s.area = ?
group by 1 order by 1"""


def _residents(snapshot: Snapshot, series: str, place: str) -> np.ndarray:
    """The newest estimates by sex and single year of age."""
    rows = snapshot.rows(
        "select category, max_by(value, period_end) as people from observations "
        "where series = ? and place = ? and breakdown = 'age_sex' group by 1",
        [series, place],
    )
    found = np.zeros((2, AGES))
    for row in rows:
        sex, _, age = row["category"].partition(" ")
        if sex in ("Male", "Female") and age.rstrip("+").isdigit():
            found[("Male", "Female").index(sex), min(int(age.rstrip("+")), AGES - 1)] += row["people"]
    return found


def _ethnicities(snapshot: Snapshot, council: str) -> np.ndarray:
    rows = snapshot.rows(
        "select category, value from observations where series = 'census_2021.ethnicity' and place = ? and breakdown = 'ethnicity_detail'",
        [council],
    )
    found = np.zeros(len(ETHNICITIES))
    for row in rows:
        found[ETHNICITIES.index(_DETAIL[row["category"]])] += row["value"]
    return found / found.sum()


def _by_small_area(snapshot: Snapshot, sub_icb: str) -> np.ndarray:
    """Five groups from the small areas; within a group as in Southend, for which alone of the county the detail is published here."""
    rows = snapshot.rows(
        "select ethnic_group, sum(residents) as people from small_area_ethnicity where small_area in "
        "(select small_area from small_areas where kind = 'sub_icb' and small_vintage = '2021' and area = ?) group by 1",
        [sub_icb],
    )
    people = {row["ethnic_group"]: float(row["people"]) for row in rows}
    groups = np.array([next(n for name, n in people.items() if name.lower() == group.lower()) for group in GROUPS])
    near = _ethnicities(snapshot, COUNCILS["99G"])
    within = near / np.bincount(GROUP_OF, near)[GROUP_OF]
    found = within * groups[GROUP_OF]
    return found / found.sum()
