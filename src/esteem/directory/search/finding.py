"""The search itself: from a question to services in order, each with the reason why it is here, and never an empty answer.

normalise, crisis level, spelling, constraints out of the words, needs, index, rank, relax (find-help design, section 5.1). The words
go no further than the answer, and neither is kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from esteem.directory.crisis.detector import level
from esteem.directory.needs import scheme
from esteem.directory.opening import LONDON
from esteem.directory.search import constraints
from esteem.directory.search.columns import FROM_HOME, Columns, hours_of
from esteem.directory.search.index import SearchIndex
from esteem.directory.search.learned import STOP
from esteem.directory.search.query import Query, Understood
from esteem.directory.search.understanding import FAIR, Meaning, as_array, meaning
from esteem.directory.typed import even, stem

# Points: a service on the subject has up to _TOPIC; the rest orders services on the same subject, and lets distance never beat relevance.
# _BOTH: for a second need that the words speak of; _ALSO: for a need near to the first; _FIRST: when it is what the service is mainly for.
_TOPIC, _BOTH, _ALSO, _FIRST, _TEXT = 10.0, 6.0, 2.5, 0.3, 2.5
_DOUBT = 1.6
_SOFT_AGE = 6.0
_SOFT_CHANNEL = 3.0
# Words for something that people go to: help of other kinds stands lower, and is not left out.
MEETS = re.compile(
    r"\b(?:group|groups|club|class|classes|cafe|drop in|meet|somewhere|choir|walk|walks|centre|shed|kickabout|near me|place to go)\b"
)
_SURE, _LEADING, _SPREAD = 0.5, 3, 12.0  # below this chance the first results stand for several readings
_HITS = 100  # of the full-text engine
_NEAR_SHARE = 0.2  # weight of a need near to the one that was asked for
_FEW = 5  # fewer results than this and the search relaxes
_PER_PAGE = 50
Places = Callable[[str], tuple[str, tuple[float, float], frozenset[str], str] | None]


@dataclass(frozen=True)
class Result:
    """`number` in the index; `needs`: those of the question that it helps with; `broken`: kinds of constraints that it does not meet."""

    number: int
    score: float
    needs: tuple[str, ...]
    why: tuple[str, ...]
    distance_km: float | None
    broken: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """`crisis`: level of the panel. `corrected`: the words when their spelling was repaired, else "". `relaxed`: what was let go."""

    crisis: str
    corrected: str
    understood: tuple[Understood, ...]
    understood_needs: tuple[str, ...]
    results: tuple[Result, ...]
    total: int
    relaxed: tuple[str, ...]
    query: Query  # with what was read out of the words
    helplines: bool = False  # nothing fitted: national lines and "ask us" are shown


@dataclass
class _Fitting:
    """Services that break nothing of what was asked, as rising numbers. `met`: kind of constraint -> met (1) or not said (0) by each."""

    rows: np.ndarray
    met: dict[str, np.ndarray]
    kilometres: np.ndarray | None = None

    def keep(self, those: np.ndarray) -> None:
        self.rows, self.met = self.rows[those], {kind: answers[those] for kind, answers in self.met.items()}
        if self.kilometres is not None:
            self.kilometres = self.kilometres[those]


@dataclass
class _Scored:
    fitting: _Fitting
    score: np.ndarray

    def __len__(self) -> int:
        return len(self.score)


def search(index: SearchIndex, query: Query, places: Places | None = None) -> Found:
    """`places(even text)` -> (words, point, areas, name) of a place named in the text, or None."""
    typed = even(query.text)
    repaired = typed if query.as_typed else index.speller.text(typed)
    named = places(repaired) if places and not query.point and "place" not in query.undo else None
    reading = constraints.read(repaired, query, (lambda _: (named[0], named[3])) if named else None)
    asked = _with(query, reading.understood, named)
    subject = " ".join(word for at, word in enumerate(reading.words) if at not in reading.masked)
    about = meaning(subject)
    asked = _for_the_parent(asked, query, about)
    asked_needs = tuple(need for need in query.needs if need in scheme().by_id)
    if asked_needs:
        about = Meaning({**about.weights, **dict.fromkeys(asked_needs, 1.0)}, about.phrases, 1.0)
    scored, relaxed = _ranked(index, asked, about, subject, asked_needs)
    if not asked_needs:
        _spread(index.columns, scored, about)
    per_page = max(1, min(query.per_page, _PER_PAGE))
    first = (max(1, query.page) - 1) * per_page
    results, total = _results(index, scored, about, asked, slice(first, first + per_page))
    helplines = not total
    if helplines and len(index):
        results, relaxed = (
            _always(index, asked),
            (*relaxed, "Nothing fitted: help for everyone is shown. Ask us, and we will look for you."),
        )
    return Found(
        crisis=level(query.text),
        corrected=repaired if repaired != typed else "",
        understood=tuple(reading.understood),
        understood_needs=tuple(dict.fromkeys((*asked_needs, *about.understood))),
        results=tuple(results),
        total=total or len(results),
        relaxed=relaxed,
        query=asked,
        helplines=helplines,
    )


def _with(query: Query, understood: list[Understood], named: tuple | None) -> Query:
    """The question with what was read out of its words."""
    changes: dict = {}
    for one in understood:
        if one.kind == "age":
            low, _, high = one.value.partition("-")
            changes["ages"] = (int(low) if low else None, int(high) if high else None)
        elif one.kind == "place" and named:
            changes |= {"point": named[1], "areas": named[2], "place_name": named[3]}
        elif one.kind in ("gender", "channel", "language", "access"):
            name = one.kind + "s" if one.kind != "access" else "access"
            changes[name] = (*changes.get(name, ()), one.value)
        elif one.kind == "cost":
            changes["free"] = True
        else:
            changes[one.kind] = one.value
    return replace(query, **changes) if changes else query


def _for_the_parent(asked: Query, query: Query, about: Meaning) -> Query:
    """A parenting course "for teenagers" is for their parents: an age read out of the words is then not that of who comes."""
    if asked.ages and not query.ages and about.understood[:1] and about.understood[0] in ("parenting", "carer", "carer-break"):
        high = asked.ages[1]
        return replace(asked, ages=None) if high is not None and high < 18 else asked
    return asked


def _ranked(index: SearchIndex, asked: Query, about: Meaning, subject: str, only: tuple[str, ...]) -> tuple[_Scored, tuple[str, ...]]:
    """Scored services, and what had to be let go for there to be enough of them."""
    stems = [stem(word) for word in subject.split() if word not in STOP]
    hits = index.backend.match(stems, limit=_HITS)
    relaxed: list[str] = []
    scored = _score(index, asked, about, hits, only, subject, near=False)
    if len(scored) < _FEW and about.weights:
        wider = _score(index, asked, about, hits, only, subject, near=True)
        if len(wider) > len(scored):
            scored, _ = wider, relaxed.append("Few services are for exactly this: you may also find help here.")
    for change, words in _LOOSER:
        if len(scored) or not change(asked):
            continue
        asked = replace(asked, **change(asked))
        scored = _score(index, asked, about, hits, only, subject, near=True)
        if len(scored):
            relaxed.append(words)
    return scored, tuple(relaxed)


_LOOSER = (
    (lambda q: {"within_km": None} if q.within_km else {}, "Nothing was near enough: places further away are shown."),
    (lambda q: {"when": "", "open_now": False} if q.when or q.open_now else {}, "Nothing is open then: other times are shown."),
    (lambda q: {"access": ()} if q.access else {}, "Nothing says that it is accessible in that way: ask the service."),
    (lambda q: {"channels": ()} if q.channels else {}, "Nothing is offered in that way: other ways are shown."),
    (lambda q: {"free": False} if q.free else {}, "Nothing of this kind is free: services that charge are shown."),
    (lambda q: {"languages": ()} if q.languages else {}, "Nothing is in that language: ask for an interpreter."),
    (lambda q: {"areas": frozenset()} if q.areas else {}, "Nothing covers that area: services elsewhere are shown."),
)


def _score(
    index: SearchIndex, asked: Query, about: Meaning, hits: list[tuple[int, float]], only: tuple[str, ...], subject: str, near: bool
) -> _Scored:
    columns = index.columns
    weights = _weights(about, only, near)
    text_rows = np.array([number for number, _ in hits], np.int64)
    fitting = _constrained(columns, _candidates(columns, asked, weights, text_rows, only), asked)
    rows = fitting.rows
    score = _on_the_subject(columns, weights, _beside(about))[columns.set_of[rows]]
    if len(hits):
        best = hits[0][1] or 1.0
        text = np.zeros(columns.count, np.float32)
        text[text_rows] = [value / best for _, value in hits]
        trust = _TEXT if about.weights else _TOPIC
        score = score + trust * text[rows]
    scored = _Scored(fitting, score)
    _meet(columns, scored, asked)
    _prefer(columns, scored, asked, about)
    if not asked.channels and MEETS.search(subject):
        scored.score -= columns.remembered("not in person", lambda: _SOFT_CHANNEL * ((columns.channels & 1) == 0))[rows]
    return scored


def _weights(about: Meaning, only: tuple[str, ...], near: bool) -> np.ndarray:
    """How much each need counts, in the order of the scheme; with `near`, needs near to those that were asked for count a little."""
    weights, order = as_array(about.weights), scheme().position
    weights[weights < FAIR] = 0.0
    if near:
        for need in about.understood or only:
            for place, other in enumerate(scheme().find(need).near):
                weights[order[other]] = max(weights[order[other]], _NEAR_SHARE - 0.03 * place)
    return weights


def _candidates(columns: Columns, asked: Query, weights: np.ndarray, text_rows: np.ndarray, only: tuple[str, ...]) -> np.ndarray:
    """Numbers of services that help with one of the needs or hold one of the words; without either, all, if anything else was asked."""
    if only:
        order = scheme().position
        rows = np.unique(np.concatenate([columns.postings[order[need]] for need in only]))
        return rows[~columns.closed[rows]]
    counts = np.append(weights > 0.0, False)
    inside = counts[columns.sets].any(1).take(columns.set_of)
    inside[text_rows] = True
    if not len(text_rows) and not counts.any():
        inside[:] = _has_filter(asked)
    return np.flatnonzero(inside & ~columns.closed)


def _on_the_subject(columns: Columns, weights: np.ndarray, beside: np.ndarray) -> np.ndarray:
    """Points for the needs alone, of every set of needs that services have."""
    shares = np.append(weights, 0.0)[columns.sets]
    top = shares.max(1, initial=0.0)
    second = np.minimum(shares.sum(1) - top, 1.0)
    near_by = np.minimum(np.append(beside * (weights <= 0.0), 0.0)[columns.sets].sum(1), 1.0)
    return _TOPIC * top + (_BOTH * second + _ALSO * near_by) * (top > 0.5) + _FIRST * shares[:, 0] - 0.2 * columns.set_sizes


def _beside(about: Meaning) -> np.ndarray:
    """Weights with which needs near to the leading one make a service a better answer; they bring in no service by themselves."""
    weights, order = np.zeros(len(scheme().needs), np.float32), scheme().position
    for need in about.understood[:1]:
        for place, other in enumerate(scheme().find(need).near):
            weights[order[other]] = 0.6 - 0.1 * place
    return weights


def _has_filter(asked: Query) -> bool:
    return bool(asked.ages or asked.genders or asked.free or asked.channels or asked.languages or asked.access or asked.when or asked.point)


def _constrained(columns: Columns, rows: np.ndarray, asked: Query) -> _Fitting:
    """Those of `rows` that break no constraint: what is broken never comes back, so nothing more is reckoned for it."""
    met: dict[str, np.ndarray] = {}
    if asked.ages:
        met["age"] = columns.age(rows, asked.ages)
    if asked.genders:
        met["gender"] = columns.gender(rows, asked.genders)
    if asked.free:
        met["cost"] = columns.cost(rows)
    if asked.channels:
        met["channel"] = columns.channel(rows, asked.channels)
    if asked.languages:
        met["language"] = columns.language(rows, asked.languages)
    if asked.access:
        met["access"] = columns.accessible(rows, asked.access)
    if asked.when or asked.open_now:
        now = (asked.at or datetime.now(LONDON)).astimezone(LONDON)
        hours = hours_of("now" if asked.open_now else asked.when, now.weekday(), now.hour)
        met["when"] = columns.open_then(rows, hours)
    if asked.areas:
        met["area"] = columns.area(rows, asked.areas)
    fitting = _Fitting(rows, met)
    if met:
        fitting.keep(np.logical_and.reduce([answers >= 0 for answers in met.values()]))
    if asked.point:
        fitting.kilometres = columns.kilometres(fitting.rows, asked.point)
        if asked.within_km:
            visits = (columns.channels[fitting.rows] & FROM_HOME) > 0
            fitting.keep(visits | ~(fitting.kilometres > asked.within_km))
    return fitting


def _meet(columns: Columns, scored: _Scored, asked: Query) -> None:
    """Points for what meets a constraint in full, and off for what nobody has said."""
    rows, met = scored.fitting.rows, scored.fitting.met
    if asked.ages:
        scored.score += 0.8 * columns.whole_age(rows, asked.ages)
    if asked.genders:
        scored.score += 1.2 * (columns.genders[rows] > 0) * (met["gender"] > 0)
    if asked.languages:
        spoken = sum((columns.spoken[code][rows] == 2 for code in asked.languages if code in columns.spoken), np.zeros(len(rows)))
        scored.score += 2.0 * (spoken > 0)
    for answers in met.values():
        scored.score -= _DOUBT * (answers == 0)


_STAGE_AGES = {"child": (0, 11), "young": (12, 17), "adult": (18, 64), "older": (65, 120), "perinatal": (16, 50)}


def _prefer(columns: Columns, scored: _Scored, asked: Query, about: Meaning) -> None:
    """What orders services that fit alike: who they are for, freshness, place in the queue, cost, distance."""
    rows, kilometres = scored.fitting.rows, scored.fitting.kilometres
    if not asked.ages and about.understood:
        ages = _likely_ages(asked, about)
        scored.score -= _SOFT_AGE * (columns.age(rows, ages) < 0)
    if not asked.genders:
        scored.score -= columns.remembered("for one gender", lambda: 2.0 * (columns.genders > 0))[rows]
    if asked.who in ("carer", "partner", "family", "parent"):
        scored.score += 0.5 * columns.carers[rows]
    elif asked.who in ("", "self") and "carer" not in about.understood and "carer-break" not in about.understood:
        scored.score -= 1.5 * columns.carers[rows]
    scored.score -= columns.remembered("lower", lambda: 1.5 * columns.stale + 4.0 * columns.community + 1.0 * columns.full)[rows]
    scored.score += columns.remembered("cost", lambda: 0.4 * (columns.free > 0) - 0.6 * (columns.free < 0))[rows]
    if kilometres is not None:
        at_home = (columns.channels[rows] & FROM_HOME) > 0
        away = np.where(np.isnan(kilometres), np.where(at_home, 0.0, 12.0), kilometres)
        scored.score -= np.minimum(away / 10.0, 2.5) * np.where(at_home, 0.5, 1.0)


def _likely_ages(asked: Query, about: Meaning) -> tuple[int, int]:
    """Ages at which the leading need occurs; grown-ups unless the need is one of children."""
    stages = scheme().find(about.understood[0]).stage
    childish = {"child", "young"}.issuperset(stages)
    if childish or (asked.who == "parent" and "child" in stages and about.understood[0] not in ("parenting",)):
        return (4, 17)
    return (18, 64) if "adult" in stages or "perinatal" in stages else (12, 25)


def _spread(columns: Columns, scored: _Scored, about: Meaning) -> None:
    """When it is not clear what the words mean, the first results stand for different readings of them, likeliest first."""
    if about.sure >= _SURE or len(about.weights) < 2 or len(scored) < _LEADING:
        return
    set_of = columns.set_of[scored.fitting.rows]
    chances, score = np.append(as_array(about.weights) * about.sure, 0.0), scored.score.copy()
    most = float(score.max())
    for place in range(_LEADING):
        best = int((score + _SPREAD * chances[columns.sets].max(1).take(set_of)).argmax())
        chances[columns.sets[set_of[best]]] = 0.0
        score[best] = -np.inf
        scored.score[best] = most + 0.01 * (_LEADING - place)


def _results(index: SearchIndex, scored: _Scored, about: Meaning, asked: Query, page: slice) -> tuple[list[Result], int]:
    """Those of a page, best first, and how many there are in all."""
    least = (0.5 if about.weights or about.sure else -np.inf) - 4.0 * bool(asked.needs)
    places = np.flatnonzero(scored.score > least)
    total, score = len(places), scored.score[places]
    if total > page.stop:  # only as many as the page needs are put in order
        least = np.partition(score, total - page.stop)[total - page.stop]
        best = score >= least
        places, score = places[best], score[best]
    places = places[np.lexsort((places, -score))]
    return [_result(index, scored, at, about) for at in places[page].tolist()], total


def _result(index: SearchIndex, scored: _Scored, at: int, about: Meaning) -> Result:
    fitting = scored.fitting
    number = int(fitting.rows[at])
    needs = tuple([need for need in index.services[number].needs if about.weights.get(need, 0.0) >= FAIR])
    away = math.nan if fitting.kilometres is None else float(fitting.kilometres[at])
    doubtful = tuple([kind for kind, answers in fitting.met.items() if not answers[at]])
    return Result(number, round(float(scored.score[at]), 3), needs, (), None if math.isnan(away) else round(away, 1), (), doubtful)


def _always(index: SearchIndex, asked: Query) -> list[Result]:
    """When nothing fits: services that help people find their way, and lines that are open to everybody."""
    order, columns = scheme().position, index.columns
    rows = np.unique(np.concatenate([columns.postings[order[need]] for need in ("where-to-start", "talking-therapy")]))
    fits = np.ones(len(rows), bool)
    if asked.ages:
        fits &= columns.age(rows, asked.ages) >= 0
    if asked.areas:
        fits &= columns.area(rows, asked.areas) >= 0
    rows = rows[fits & ~columns.closed[rows]]
    return [Result(int(number), 0.0, (), (), None) for number in rows[:10]]
