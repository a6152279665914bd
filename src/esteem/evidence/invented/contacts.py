"""Contacts of invented people, what was done in them, and the scores and plans that came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from esteem.evidence.invented.columns import NONE
from esteem.evidence.invented.hospital import Spells
from esteem.evidence.invented.people import People
from esteem.evidence.invented.referrals import WAYS, Referrals
from esteem.evidence.invented.strands import SCORE_AFTER, SCORE_DELAY, Strand

STATUSES = ("5", "6", "3", "2", "4", "7", "0")  # attendance: the first two attended; the last is in no code list, for planted faults
_ATTENDED, _MISSED = np.array([0.92, 0.08]), np.array([0.55, 0.25, 0.14, 0.06])
FACE_TO_FACE = WAYS.index("01")
NOTHING, INTERVENTION, ASSESSMENT, EATING, EMPLOYMENT = range(5)
PROCEDURES = ("", "304891004", "99100001", "51484002", "1082621000000104")  # by the numbers above; the second is invented
_INTERVENTIONS, _ASSESSMENTS = 0.3, 0.1  # shares of attended contacts with a code; assumed
_TIME_UNKNOWN = 0.02
_INDIRECT = 0.12  # pieces of indirect work for each contact of the young; assumed


@dataclass(frozen=True, eq=False)
class Window:
    """Days from `start` to before `end`; `months`: the first day of each month, and of the month after the last."""

    start: int
    end: int
    months: np.ndarray
    first_month: int  # number of the first reporting month

    @property
    def length(self) -> int:
        return self.end - self.start

    def month_of(self, day: np.ndarray) -> np.ndarray:
        """Place of the day's month; below nought or beyond the last outside the window."""
        return np.searchsorted(self.months, day, side="right") - 1

    def holds(self, day: np.ndarray) -> np.ndarray:
        return (day >= self.start) & (day < self.end)


@dataclass(frozen=True, eq=False)
class Contacts:
    """Arrays with an entry for each contact in the window; `referral` is a place in Referrals, `done` one of NOTHING and so on."""

    referral: np.ndarray
    day: np.ndarray
    minute: np.ndarray
    status: np.ndarray
    way: np.ndarray
    done: np.ndarray
    also_assessed: np.ndarray

    def __len__(self) -> int:
        return len(self.referral)

    @property
    def attended(self) -> np.ndarray:
        return self.status < 2


def contacts_of(chance: np.random.Generator, referrals: Referrals, spells: Spells, strands: Sequence[Strand], window: Window) -> Contacts:
    """First contacts, the ones with which care begins, those that follow in care, and follow-up after hospital."""
    parts = [
        _marked(referrals.first, referrals.first_minute, window),
        _marked(np.where(referrals.seen == referrals.first, NONE, referrals.seen), np.full(len(referrals), 700), window),
    ]
    follow_up = np.minimum(spells.follow_up, referrals.closed[spells.followed_on])
    kept = window.holds(follow_up)
    parts.append((spells.followed_on[kept], follow_up[kept], np.full(kept.sum(), 680), np.ones(kept.sum(), bool)))
    parts.append(_in_care(chance, referrals, spells, strands, window))
    referral, day, minute, certain = (np.concatenate(found) for found in zip(*parts, strict=True))
    order = np.lexsort((day, referral))
    referral, day, minute, certain = referral[order], day[order], minute[order], certain[order]
    strand = referrals.strand[referral]
    attends = certain | (chance.random(len(day)) < np.array([one.attended for one in strands])[strand])
    status = np.where(attends, _drawn(chance, _ATTENDED, len(day)), 2 + _drawn(chance, _MISSED, len(day))).astype(np.int8)
    way = _ways(chance, strand, strands)
    way = np.where(certain & (way >= WAYS.index("98")), FACE_TO_FACE, way).astype(np.int8)
    unknown = (chance.random(len(day)) < _TIME_UNKNOWN) & ~certain
    done, also = _done(chance, strand, strands, attends, certain)
    return Contacts(referral, day, np.where(unknown, NONE, minute), status, way, done, also)


def _marked(day: np.ndarray, minute: np.ndarray, window: Window) -> tuple[np.ndarray, ...]:
    rows = np.flatnonzero(window.holds(day))
    return rows, day[rows], minute[rows], np.ones(len(rows), bool)


def _in_care(
    chance: np.random.Generator, referrals: Referrals, spells: Spells, strands: Sequence[Strand], window: Window
) -> tuple[np.ndarray, ...]:
    """Contacts at a steady pace from the beginning of care to the end of the referral, but not while on a ward or before follow-up."""
    rows = np.flatnonzero((referrals.seen != NONE) & (referrals.seen < window.end) & (referrals.closed > window.start))
    begin = np.maximum(referrals.seen[rows] + 1, window.start)
    end = np.minimum(referrals.closed[rows], window.end)
    span = np.maximum(end - begin, 0)
    gap = np.array([one.gap for one in strands])[referrals.strand[rows]]
    number = chance.poisson(span / gap)
    referral = np.repeat(rows, number)
    day = np.repeat(begin, number) + np.floor(chance.random(len(referral)) * np.repeat(span, number)).astype(np.int64)
    if len(spells):
        away = np.zeros(len(day), bool)
        for again in (False, True):
            one = spells.again == again
            first, last = np.full(len(referrals), NONE, np.int64), np.full(len(referrals), NONE, np.int64)
            first[spells.referral[one]], last[spells.referral[one]] = spells.admitted[one], spells.follow_up[one]
            away |= (day >= first[referral]) & (day <= last[referral])
        referral, day = referral[~away], day[~away]
    minute = 480 + chance.integers(0, 36, len(day)) * 15
    return referral, day, minute, np.zeros(len(day), bool)


def _drawn(chance: np.random.Generator, weights: np.ndarray, count: int) -> np.ndarray:
    return np.searchsorted(np.cumsum(weights)[:-1], chance.random(count), side="right")


def _ways(chance: np.random.Generator, strand: np.ndarray, strands: Sequence[Strand]) -> np.ndarray:
    table = np.array([[one.ways.get(code, 0.0) for code in WAYS] for one in strands])
    reached = np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)
    return (chance.random(len(strand))[:, None] >= reached[strand][:, :-1]).sum(axis=1).astype(np.int8)


def _done(
    chance: np.random.Generator, strand: np.ndarray, strands: Sequence[Strand], attends: np.ndarray, certain: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What was coded on each contact; with the first contacts always an intervention and an assessment."""
    coded = np.array([_coded_as(one) for one in strands])[strand]
    told = chance.random(len(strand))
    done = np.where(certain | (told < _INTERVENTIONS), coded, np.where(told < _INTERVENTIONS + _ASSESSMENTS, ASSESSMENT, NOTHING))
    return np.where(attends, done, NOTHING).astype(np.int8), certain & attends & (coded == INTERVENTION)


def _coded_as(strand: Strand) -> int:
    if strand.name.startswith("eating"):
        return EATING
    return EMPLOYMENT if strand.name == "employment support" else INTERVENTION if strand.gap > 5 else NOTHING


@dataclass(frozen=True, eq=False)
class Scores:
    """A score on a referral: `tool`: place in TOOLS."""

    referral: np.ndarray
    day: np.ndarray
    tool: np.ndarray
    score: np.ndarray


TOOLS = ("1037651000000100", "718458005", "989881000000104", "860591000000104")  # DIALOG; young: own, parent's and clinician's view
_HIGHEST = np.array([7, 40, 4, 100])
_CHANGE = np.array([1, 11, -2, 12])  # a reliable change for the better


def scores_of(chance: np.random.Generator, referrals: Referrals, people: People, strands: Sequence[Strand], window: Window) -> Scores:
    """Outcome scores of those whose clock stops: at the first contact or some weeks later, and again near the end of care."""
    rows = np.flatnonzero(referrals.helped & (referrals.seen != NONE))
    first = referrals.first[rows]
    later = np.maximum(first, referrals.seen[rows]) + SCORE_AFTER + np.floor(chance.exponential(SCORE_DELAY, len(rows))).astype(np.int64)
    day = np.where(referrals.helped_at_once[rows], first, later)
    opening = window.start + np.floor(chance.random(len(rows)) * 25).astype(np.int64)
    day = np.where((day < window.start) & (referrals.closed[rows] > opening), opening, day)
    young = np.array([one.provider == "young" for one in strands])[referrals.strand[rows]]
    last = referrals.closed[rows] - 1
    found = []
    for tool in range(len(TOOLS)):
        of_tool = ~young if tool == 0 else young & (chance.random(len(rows)) < (0.75, 0.4, 0.5)[tool - 1])
        score = 1 + np.floor(chance.random(len(rows)) * (_HIGHEST[tool] - 1) * 0.6).astype(np.int64)
        step = chance.choice([0, 1, -1], len(rows), p=[0.45, 0.45, 0.1]) * _CHANGE[tool]
        again = np.clip(score + step, 0 if tool < 3 else 1, _HIGHEST[tool])
        kind = np.full(len(rows), tool, np.int8)
        found += [(rows, day, kind, score, of_tool), (rows, last, kind, again, of_tool & (last > day + 14))]
    parts = [np.concatenate(part) for part in zip(*found, strict=True)]
    referral, day, kind, score, kept = parts
    kept &= window.holds(day) & (day <= referrals.closed[referral]) & (day >= referrals.received[referral])
    return Scores(referral[kept], day[kept], kind[kept], score[kept])


@dataclass(frozen=True, eq=False)
class IndirectWork:
    referral: np.ndarray
    day: np.ndarray


def indirect_work(chance: np.random.Generator, referrals: Referrals, contacts: Contacts, strands: Sequence[Strand]) -> IndirectWork:
    """Work for a young person without the person: a few days after some of the contacts."""
    young = np.array([one.provider == "young" for one in strands])[referrals.strand[contacts.referral]]
    rows = np.flatnonzero(young & contacts.attended & (chance.random(len(contacts)) < _INDIRECT))
    return IndirectWork(contacts.referral[rows], contacts.day[rows])


def only(contacts: Contacts, kept: np.ndarray) -> Contacts:
    return Contacts(*(getattr(contacts, f.name)[kept] for f in fields(Contacts)))
