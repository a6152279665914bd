"""Similar places, by a rule that anyone can read: same kind of place, nearest in four published features.

features = place_features(rows)            # rows: callable (sql, params) -> list of dicts, over the views of a snapshot
nearest(features, "E09000004", 10)         # [("E09000016", 0.61), ...]
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

RULE = (
    "Similar places are places of the same kind (a council with a council of the same tier, a sub-ICB location with another, an ICB with "
    "another) that are nearest in four published features: deprivation (average score, Index of Multiple Deprivation 2025), the share of "
    "people aged 65 and over (mid-year estimates), the share of people in ethnic groups other than White (Census 2021), and the number of "
    "people (as a logarithm). Each feature is measured in standard deviations of its kind of place; the distance is the square root of the "
    "sum of the four squared differences. For counties, deprivation and ethnic groups are means of their districts weighted by people; for "
    "NHS areas, deprivation is the plain average over small areas, and the share of ethnic groups "
    "is the average of the districts in the area, weighted by their numbers of small areas."
)
FEATURES = ("deprivation", "aged_65_and_over", "ethnic_minority", "people")
Rows = Callable[[str, Sequence], list[dict]]


def place_features(rows: Rows) -> dict[str, dict[str, float]]:
    """place -> feature -> value, of every council and NHS area for which all four are published."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for place, people, older in _populations(rows):
        if people:
            found[place]["people"] = math.log(people)
            found[place]["aged_65_and_over"] = older / people
    for place, share in _districts(rows, "census_2021.ethnicity_share", "White").items():
        found[place]["ethnic_minority"] = 1 - share
    for place, score in _districts(rows, "imd_2025.average_score", "All").items():
        found[place]["deprivation"] = score
    _add_counties(rows, found)
    _add_nhs_areas(rows, found)
    return {place: values for place, values in found.items() if len(values) == len(FEATURES)}


def _populations(rows: Rows) -> list[tuple[str, float, float]]:
    """(place, people, aged 65 and over) at the newest estimate of each place."""
    sql = """
        select place,
               sum(value) as people,
               sum(case when regexp_extract(category, ' ([0-9]+)', 1)::int >= 65 then value else 0 end) as older
        from observations o
        join (select place, series, max(period_end) as newest from observations
              where series in ('population.mye', 'population.sub_icb') group by all) n using (place, series)
        where o.breakdown = 'age_sex' and o.period_end = n.newest and (o.category like 'Female %' or o.category like 'Male %')
        group by place
    """
    return [(r["place"], r["people"], r["older"]) for r in rows(sql, ())]


def _districts(rows: Rows, series: str, category: str) -> dict[str, float]:
    sql = """
        select place, value from observations
        where series = ? and category = ? and breakdown in ('all', 'ethnicity') and value is not null
    """
    return {r["place"]: r["value"] for r in rows(sql, (series, category))}


def _add_counties(rows: Rows, found: dict[str, dict[str, float]]) -> None:
    sql = "select parent, child from place_links where relation = 'part_of' and parent like 'E10%' and valid_to is null"
    held: dict[str, list[dict[str, float]]] = defaultdict(list)
    for row in rows(sql, ()):
        held[row["parent"]].append(found.get(row["child"], {}))
    for county, districts in held.items():
        if all(len(d) == len(FEATURES) for d in districts):
            weights = [math.exp(d["people"]) for d in districts]
            for feature in ("deprivation", "ethnic_minority"):
                found[county][feature] = float(np.average([d[feature] for d in districts], weights=weights))


def _add_nhs_areas(rows: Rows, found: dict[str, dict[str, float]]) -> None:
    newest = "vintage = (select max(vintage) from small_areas where small_vintage = '2021' and kind = 'sub_icb')"
    sql = f"""
        select a.area as place, avg(d.imd_score) as score from small_areas a
        join deprivation_2025 d using (small_area)
        where a.small_vintage = '2021' and a.kind in ('sub_icb', 'icb') and a.{newest}
        group by a.area
    """
    for row in rows(sql, ()):
        found[row["place"]]["deprivation"] = row["score"]
    sql = f"""
        select a.area as place, l.area as district, count(*) as n from small_areas a
        join small_areas l on l.small_area = a.small_area and l.kind = 'ltla' and l.small_vintage = '2021'
        where a.small_vintage = '2021' and a.kind in ('sub_icb', 'icb') and a.{newest}
        group by a.area, l.area
    """
    weighed: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows(sql, ()):
        if (share := found.get(row["district"], {}).get("ethnic_minority")) is not None:
            weighed[row["place"]][0] += share * row["n"]
            weighed[row["place"]][1] += row["n"]
    for place, (total, n) in weighed.items():
        found[place]["ethnic_minority"] = total / n


def nearest(features: Mapping[str, Mapping[str, float]], code: str, among: Sequence[str], n: int = 10) -> list[tuple[str, float]]:
    """The `n` of `among` nearest to `code` by the rule, with their distance; empty when a feature of `code` is not published."""
    codes = [c for c in dict.fromkeys((code, *among)) if c in features]
    if code not in codes or len(codes) < 3:
        return []
    values = np.array([[features[c][f] for f in FEATURES] for c in codes])
    spread = values.std(0)
    scaled = (values - values[0]) / np.where(spread > 0, spread, 1)
    away = np.sqrt((scaled**2).sum(1))
    order = [i for i in np.argsort(away, kind="stable") if codes[i] != code]
    return [(codes[i], float(away[i])) for i in order[:n]]
