"""Find help as JSON: one search with everything that a page of results needs. Open to all; the words are never stored or logged."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from threading import Lock

from django.http import HttpRequest, HttpResponse
from ninja import Query as Parameter
from ninja import Router, Schema

from esteem.directory.eligible import Person, eligibility
from esteem.directory.gazetteer import Place
from esteem.directory.needs import scheme
from esteem.directory.opening import Opening, open_at
from esteem.directory.record import Service
from esteem.directory.search import Found, Query, Result, SearchIndex, search
from esteem.directory.search.query import ACCESS, CHANNELS, GENDERS, KINDS, WHEN, WHO
from esteem.directory.travel import travel
from esteem.terms.problems import Problem, Problems
from esteem.web import directory_search

router = Router(tags=["Find help"])
_AGES = re.compile(r"^(\d{1,3})?(-)?(\d{1,3})?$")
_FURTHEST = 200.0  # km

# The parameters, as the page at /api lists them.
_Q = Parameter("", description="What is wrong, in your own words. Never stored.", examples=["cant sleep im 16"])
_POSTCODE = Parameter("", description="A postcode, the first half of one, or a town. Looked up and forgotten.", examples=["SS1 2AB"])
_AGE = Parameter("", description="Age of the person the help is for: 16, 13-18, 65-.", examples=["16"])
_WHO = Parameter("", description=f"Who asks: {', '.join(WHO)}.", examples=["self"])
_NEED = Parameter([], description="Ids of the needs scheme; any of them.")
_GENDER = Parameter([], description=f"The service must admit: {', '.join(GENDERS)}.")
_FREE = Parameter(False, description="Only help that costs nothing.")
_CHANNEL = Parameter([], description=f"Any of {', '.join(CHANNELS)}.")
_LANGUAGE = Parameter([], description="BCP 47 codes; any of them.", examples=[["pl"]])
_ACCESS = Parameter([], description=f"All of {', '.join(ACCESS)}.")
_WHEN = Parameter("", description="now, today, evening, weekend, a day, or a day and a part of it: sunday-evening.")
_WITHIN_KM = Parameter(0.0, description="No further than this; help by phone and online is always near. 0: any distance.")
_UNDO = Parameter([], description=f"What not to read out of the words: {', '.join(KINDS)}.")
_AS_TYPED = Parameter(False, description="Do not repair the spelling.")
_PAGE = Parameter(1, ge=1, le=1000, description="Which page of results.")
_PER_PAGE = Parameter(20, ge=1, le=50, description="Results on a page.")


class UnderstoodAnswer(Schema):
    kind: str
    value: str
    words: str
    undo: str


class EligibilityAnswer(Schema):
    answer: str
    reasons: list[str]


class FoundService(Schema):
    id: str
    name: str
    organization: str
    summary: str
    needs: list[str]
    why: list[str]
    distance_km: float | None
    minutes: int | None
    travel: str
    open_now: str
    opening: str
    eligibility: EligibilityAnswer
    channels: list[str]
    free: bool | None
    phone: str
    url: str
    assured_on: str | None
    stale: bool
    sensitive: bool
    invented: bool
    check: list[str]


class DirectoryAnswer(Schema):
    crisis: str
    corrected: str
    understood_needs: list[str]
    understood: list[UnderstoodAnswer]
    place: str
    place_problem: str
    relaxed: list[str]
    helplines: bool
    total: int
    page: int
    results: list[FoundService]


@router.get("/directory/search", response=DirectoryAnswer, summary="Find help")
def directory_search_(
    request: HttpRequest,
    q: str = _Q,
    postcode: str = _POSTCODE,
    age: str = _AGE,
    who: str = _WHO,
    need: list[str] = _NEED,
    gender: list[str] = _GENDER,
    free: bool = _FREE,
    channel: list[str] = _CHANNEL,
    language: list[str] = _LANGUAGE,
    access: list[str] = _ACCESS,
    when: str = _WHEN,
    within_km: float = _WITHIN_KM,
    undo: list[str] = _UNDO,
    as_typed: bool = _AS_TYPED,
    page: int = _PAGE,
    per_page: int = _PER_PAGE,
):
    """Services for what the words say, best first, each with the reason why it is here.

    `crisis` (none, signpost, crisis) tells which crisis panel belongs above the results; they are the same with and without it.
    """
    place, trouble = _place(postcode)
    now = datetime.now(UTC)
    query = Query(
        text=q,
        needs=_of("need", need, scheme().by_id),
        ages=_ages(age),
        who=_one("who", who, WHO),
        genders=_of("gender", gender, GENDERS),
        free=free,
        channels=_of("channel", channel, CHANNELS),
        languages=tuple(code[:12].lower() for code in language if code),
        access=_of("access", access, ACCESS),
        when=_when(when),
        point=(place.latitude, place.longitude) if place else None,
        areas=place.areas if place else frozenset(),
        place_name=place.name if place else "",
        within_km=min(within_km, _FURTHEST) if within_km > 0 else None,
        undo=frozenset(_of("undo", undo, KINDS)),
        as_typed=as_typed,
        at=now,
        page=page,
        per_page=per_page,
    )
    index = directory_search.index()
    found = search(index, query, directory_search.place_named_in)
    response = HttpResponse(json.dumps(as_dict(index, found, now, trouble), ensure_ascii=False), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def as_dict(index: SearchIndex, found: Found, now: datetime, trouble: str = "") -> dict:
    """The answer in plain values. `trouble`: why a typed place could not be used."""
    return {
        "crisis": found.crisis,
        "corrected": found.corrected,
        "understood_needs": list(found.understood_needs),
        "understood": [{"kind": one.kind, "value": one.value, "words": one.words, "undo": one.undo} for one in found.understood],
        "place": found.query.place_name,
        "place_problem": trouble,
        "relaxed": list(found.relaxed),
        "helplines": found.helplines,
        "total": found.total,
        "page": found.query.page,
        "results": _results(index, found, now),
    }


def _results(index: SearchIndex, found: Found, now: datetime) -> list[dict]:
    person = person_of(found.query, found.understood_needs)
    point = _Point(*found.query.point) if found.query.point else None
    return [_result(index, one, person, point, now) for one in found.results]


@cache
def _why(need: str) -> str:
    return f"Helps with: {scheme().find(need).label}"


def _result(index: SearchIndex, one: Result, person: Person, point: _Point | None, now: datetime) -> dict:
    service = index.services[one.number]
    opening = _opening(index, one.number, now)
    away = travel(service, point) if point else None
    fits = eligibility(service, person)
    assured_on = service.assurance.assured_on
    return {
        "id": service.id,
        "name": service.name,
        "organization": service.organization.name,
        "summary": service.summary or service.description[:300],
        "needs": list(service.needs),
        "why": [_why(need) for need in one.needs] or ["Your words are in its description"],
        "distance_km": one.distance_km,
        "minutes": away.minutes if away else None,
        "travel": away.words if away else "",
        "open_now": opening.state,
        "opening": opening.words,
        "eligibility": {"answer": fits.answer, "reasons": list(fits.reasons)},
        "channels": list(service.channels),
        "free": service.free,
        "phone": service.phones[0].number if service.phones else "",
        "url": service.url,
        "assured_on": assured_on.isoformat() if assured_on else None,
        "stale": service.state == "stale",
        "sensitive": service.sensitive,
        "invented": service.invented,
        "check": list(one.doubtful),
    }


class _Point:
    __slots__ = ("latitude", "longitude")

    def __init__(self, latitude: float, longitude: float):
        self.latitude, self.longitude = latitude, longitude


def person_of(asked: Query, needs: tuple[str, ...]) -> Person:
    low, high = asked.ages or (None, None)
    return Person(low, high, asked.genders[0] if asked.genders else "", asked.who, asked.areas, needs)


# Opening times change by the minute, not by the question.
_minute: dict = {"of": None, "openings": {}}
_lock = Lock()


def _opening(index: SearchIndex, number: int, now: datetime) -> Opening:
    stamp = (id(index), now.replace(second=0, microsecond=0))
    with _lock:
        if _minute["of"] != stamp:
            _minute.update(of=stamp, openings={})
        kept = _minute["openings"]
    times = index.columns.times_of[number]  # services with the same hours are looked at once
    if times not in kept:
        kept[times] = open_at(rows_of(index.services[number]), now)
    return kept[times]


def rows_of(service: Service) -> tuple:
    """All schedules of a service, its own and those of its places."""
    return (*service.schedules, *(row for at in service.locations for row in at.schedules))


def _place(text: str) -> tuple[Place | None, str]:
    """Where a typed place lies; or why it cannot be used, in words. A wrong postcode never stands between a person and help."""
    if not text.strip():
        return None, ""
    try:
        return directory_search.finder().find(text[:60]), ""
    except (Problem, Problems) as wrong:
        return None, f"{wrong.rule} {wrong.remedy}" if isinstance(wrong, Problem) else "We could not find that place."


def _ages(text: str) -> tuple[int | None, int | None] | None:
    if not text.strip():
        return None
    match = _AGES.match(text.strip())
    low, high = (int(match.group(n)) if match and match.group(n) else None for n in (1, 3))
    if not match or (low is None and high is None) or max(low or 0, high or 0) > 120:
        raise _wrong("age", "An age is a number up to 120, or two with a hyphen: 13-18, 65-.", text)
    return (low, high) if match.group(2) else (low, low)


def _when(text: str) -> str:
    day, _, part = text.partition("-")
    if text and (day not in WHEN or part not in ("", "morning", "afternoon", "evening", "night")):
        raise _wrong("when", f"when is one of {', '.join(WHEN)}, or a day and a part of it: sunday-evening.", text)
    return text


def _one(name: str, value: str, known) -> str:
    return next(iter(_of(name, [value], known)), "")


def _of(name: str, values: list[str], known) -> tuple[str, ...]:
    found = tuple(value for value in values if value)
    for value in found:
        if value not in known:
            raise _wrong(name, f"{name} is one of {', '.join(known)}.", value)
    return found


def _wrong(name: str, rule: str, found: str) -> Problem:
    return Problem("parameter-wrong", rule, found[:40], "Write it as the list of parameters says: /api.", column=name)
