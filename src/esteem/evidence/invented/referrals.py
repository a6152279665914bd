"""Referrals of invented people: when received, first seen and closed, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from esteem.evidence.invented import providers
from esteem.evidence.invented.columns import NONE
from esteem.evidence.invented.people import People
from esteem.evidence.invented.place import Area
from esteem.evidence.invented.strands import Strand
from esteem.evidence.records.schema import mhsds_v6

TEAMS = tuple(mhsds_v6().codes["team_type"])
REASONS = tuple(mhsds_v6().codes["referral_reason"])
SOURCES = ("A1", "B1", "B2", "C1", "E1", "E2", "E5", "F1", "H1", "H2", "I1", "J1", "P1", "M9")
PRIORITIES = ("1", "2", "3", "4", "9")  # the last is in no code list, for planted faults
WAYS = ("01", "02", "11", "98", "05")
_DAY = 1440  # minutes


@dataclass(frozen=True, eq=False)
class Referrals:
    """Arrays with an entry for each referral. Days are whole, NONE where a thing has not happened; `person` is a place in People.

    `first`, `seen`: days of the first contact and of the one with which care begins; `closed`: of the end, also after the window.
    """

    person: np.ndarray
    strand: np.ndarray
    provider: np.ndarray
    received: np.ndarray
    minute: np.ndarray
    first: np.ndarray
    first_minute: np.ndarray
    seen: np.ndarray
    closed: np.ndarray
    team: np.ndarray
    reason: np.ndarray
    source: np.ndarray
    priority: np.ndarray
    helped: np.ndarray
    helped_at_once: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def joined(self, other: Referrals) -> Referrals:
        return Referrals(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    def with_(self, **changed: np.ndarray) -> Referrals:
        return replace(self, **changed)


def referrals_of(
    chance: np.random.Generator,
    people: People,
    lengths: Sequence[np.ndarray],
    strands: Sequence[Strand],
    areas: Sequence[Area],
) -> Referrals:
    """One referral for each person. `lengths`: days of waiting and of care, floats; care of nought = left unseen."""
    waited, cared = lengths
    received = np.floor(people.arrived).astype(np.int64)
    minute = ((people.arrived % 1) * _DAY).astype(np.int64)
    seen_at = people.arrived + np.maximum(waited, 0.004)
    seen = np.where(cared > 0, np.floor(seen_at), NONE).astype(np.int64)
    early = np.array([one.first_is_early for one in strands])[people.strand] & (chance.random(len(received)) < 0.85)
    first_at = np.where(early, people.arrived + np.minimum(waited * chance.uniform(0.1, 0.7, len(waited)), waited), seen_at)
    first = np.where(early | (cared > 0), np.floor(first_at), NONE).astype(np.int64)
    by_strand = {name: _coded(chance, people.strand, [getattr(one, name) for one in strands], codes) for name, codes in _CODED.items()}
    helped, soon = _helped(chance, people, waited, first_at, strands)
    return Referrals(
        person=np.arange(len(received), dtype=np.int32),
        strand=people.strand,
        provider=_providers(people, strands, areas),
        received=received,
        minute=minute,
        first=first,
        first_minute=np.where(first == NONE, NONE, ((first_at % 1) * _DAY).astype(np.int64)),
        seen=seen,
        closed=np.floor(people.arrived + waited + cared).astype(np.int64),
        team=by_strand["teams"],
        reason=by_strand["reasons"],
        source=by_strand["sources"],
        priority=by_strand["priorities"],
        helped=helped & (cared > 0),
        helped_at_once=soon,
    )


_CODED = {"teams": TEAMS, "reasons": REASONS, "sources": SOURCES, "priorities": PRIORITIES}


def _coded(chance: np.random.Generator, strand: np.ndarray, mixes: Sequence[Mapping[str, float]], codes: Sequence[str]) -> np.ndarray:
    """Places in `codes`, drawn from the mix of each row's strand."""
    made = np.empty(len(strand), np.int8)
    for number, mix in enumerate(mixes):
        rows = slice(*np.searchsorted(strand, [number, number + 1]))
        weights = np.array(list(mix.values()))
        places = np.array([codes.index(code) for code in mix], np.int8)
        made[rows] = places[np.searchsorted(np.cumsum(weights / weights.sum())[:-1], chance.random(rows.stop - rows.start), side="right")]
    return made


def _providers(people: People, strands: Sequence[Strand], areas: Sequence[Area]) -> np.ndarray:
    table = np.array([[providers.serving(one.provider, area.sub_icb) for area in areas] for one in strands], np.int8)
    return table[people.strand, people.area]


def _helped(
    chance: np.random.Generator, people: People, waited: np.ndarray, first_at: np.ndarray, strands: Sequence[Strand]
) -> tuple[np.ndarray, np.ndarray]:
    """Whether the clock stops at all, and whether it stops with the first contact.

    Clock stops within four weeks are a published share of all clock stops; only early first contacts can give one.
    """
    helped, soon = np.zeros(len(waited), bool), np.zeros(len(waited), bool)
    for number, one in enumerate(strands):
        rows = slice(*np.searchsorted(people.strand, [number, number + 1]))
        if one.helped is None or rows.start == rows.stop:
            continue
        area = people.area[rows]
        helped[rows] = chance.random(len(area)) < one.helped[area]
        early = (first_at[rows] - people.arrived[rows]) <= 28
        for place in range(len(one.helped)):
            here = area == place
            possible = early[here].mean() if here.any() else 1.0
            at_once = chance.random(here.sum()) < min(1.0, one.soon[place] / max(possible, 0.02))
            soon[rows.start + np.flatnonzero(here)] = at_once
    return helped, soon
