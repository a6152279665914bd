"""How good the search is: gains of services for judged queries, and the measures made of them. The rules are those of the judged sets.

A judged query is a CSV row with the columns id, query, primary, also, age, who, only_for, cost, channel, language, access, when, place,
crisis, style, intended. A gain rests on a service's own data, not on what the search said of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from esteem.directory.opening import LONDON, open_at
from esteem.directory.record import Service
from esteem.directory.search.columns import EVERYWHERE, hours_of

MET, UNKNOWN, BROKEN = 1, 0, -1
LEVELS = ("none", "signpost", "crisis")


@dataclass(frozen=True)
class Judged:
    """One query with its answer: what `Found` or the JSON search gave. `ids`: services in the order shown."""

    row: Mapping[str, str]
    ids: Sequence[str]
    crisis: str
    ids_of_intended: Sequence[str] = ()


def gain(service: Service, row: Mapping[str, str], areas: frozenset[str], now: datetime) -> tuple[int, bool]:
    """(gain 0-3, whether a stated constraint is broken). `areas`: codes of the place that the query names."""
    states = list(_states(service, row, areas, now))
    broken = BROKEN in states
    primary, also = set(row["primary"].split()), set(row["also"].split())
    has_primary, has_also = bool(primary & set(service.needs)), bool(also & set(service.needs))
    if broken:
        return 0, True
    unknown = UNKNOWN in states
    if has_primary and not unknown:
        return (3 if has_also or not also else 2), False
    if has_primary or (has_also and not unknown):
        return 1, False
    return 0, False


def _states(service: Service, row: Mapping[str, str], areas: frozenset[str], now: datetime) -> Iterable[int]:
    rules = service.eligibility
    if row["age"]:
        low, _, high = row["age"].partition("-")
        yield _age(service, int(low or 0), int(high or 150))
    if row["only_for"]:
        yield BROKEN if rules.genders and row["only_for"] not in rules.genders else MET
    if row["cost"] == "free":
        yield {True: MET, False: BROKEN, None: UNKNOWN}[service.free]
    if row["channel"]:
        yield UNKNOWN if not service.channels else MET if row["channel"] in service.channels else BROKEN
    if row["language"]:
        yield _language(service, row["language"])
    if row["access"]:
        kinds = {a.kind for a in (*service.accessibility, *(a for at in service.locations for a in at.location.accessibility))}
        yield MET if row["access"] in kinds else UNKNOWN
    if row["when"]:
        yield _when(service, row["when"], now)
    if row["place"]:
        codes = {code for area in service.coverage for code in area.areas}
        anywhere = bool({"phone", "online", "text"} & set(service.channels))
        yield MET if anywhere or codes & (areas | EVERYWHERE) else UNKNOWN if not codes else BROKEN


def _age(service: Service, low: int, high: int) -> int:
    rules = service.eligibility
    if rules.all_ages:
        return MET
    if rules.minimum_age is None and rules.maximum_age is None:
        return UNKNOWN
    most = 150 if rules.maximum_age is None else rules.maximum_age
    return MET if low <= most and high >= (rules.minimum_age or 0) else BROKEN


def _language(service: Service, code: str) -> int:
    if code in {language.code for language in service.languages}:
        return MET
    interpreted = service.interpretation_services or any(language.interpreter for language in service.languages)
    return UNKNOWN if interpreted or not service.languages else BROKEN


def _when(service: Service, when: str, now: datetime) -> int:
    rows = (*service.schedules, *(row for at in service.locations for row in at.schedules))
    local = now.astimezone(LONDON)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = hours_of(when, local.weekday(), local.hour)
    moments = [local] if when == "now" else [monday + timedelta(hours=h, minutes=30) for h in hours]
    states = {open_at(rows, moment).state for moment in moments}
    return MET if "open" in states else UNKNOWN if states & {"check", "open_days_only"} else BROKEN


def ndcg(gains: Sequence[int], best: Sequence[int], depth: int = 10) -> float:
    """Of gains in the order shown against the best possible order of the catalogue."""

    def discounted(values: Sequence[int]) -> float:
        return sum((2**value - 1) / math.log2(rank + 2) for rank, value in enumerate(values[:depth]))

    ideal = discounted(sorted(best, reverse=True))
    return discounted(gains) / ideal if ideal else 0.0


def measures(
    judged: Iterable[Judged], services: Mapping[str, Service], areas_of: Callable[[str], frozenset[str]], now: datetime
) -> tuple[dict[str, float], list[dict]]:
    """The measures of the second table, and one line for each query. Queries without a service of gain 2 are gaps, left out of the mean."""
    lines = []
    for one in judged:
        row, areas = one.row, areas_of(one.row["place"]) if one.row["place"] else frozenset()
        every = {sid: gain(service, row, areas, now) for sid, service in services.items()}
        best = [value for value, _ in every.values()]
        gains = [every[sid][0] for sid in one.ids if sid in every]
        level_met = one.crisis == row["crisis"] or LEVELS.index(one.crisis) == LEVELS.index(row["crisis"]) + 1
        line = {"id": row["id"], "query": row["query"], "style": row["style"], "gap": max(best, default=0) < 2, "panel": level_met}
        line |= {"crisis": one.crisis, "ndcg": ndcg(gains, best), "success": any(value >= 2 for value in gains[:3])}
        line |= {"broken": any(every[sid][1] for sid in one.ids[:5] if sid in every), "zero": not one.ids, "gains": gains[:5]}
        if row["intended"]:
            intended = ndcg([every[sid][0] for sid in one.ids_of_intended if sid in every], best)
            line["typo"] = line["ndcg"] / intended if intended else 1.0
        lines.append(line)
    rated = [line for line in lines if not line["gap"]]
    lay = [line for line in rated if line["style"] in ("slang", "indirect")]
    typos = [line["typo"] for line in rated if "typo" in line]
    return {
        "nDCG@10": _mean(line["ndcg"] for line in rated),
        "success@3": _mean(line["success"] for line in rated),
        "broken@5": _mean(line["broken"] for line in lines),
        "typo": _mean(typos),
        "lay words": _mean(line["success"] for line in lay),
        "zero results": _mean(line["zero"] for line in lines),
        "panel": _mean(line["panel"] for line in lines),
        "gaps": _mean(line["gap"] for line in lines),
    }, lines


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else math.nan
