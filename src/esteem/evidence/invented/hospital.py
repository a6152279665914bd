"""Hospital spells of invented people: admission, bed, ward moves, discharge, follow-up and readmission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from esteem.evidence.invented.columns import NONE
from esteem.evidence.invented.people import People
from esteem.evidence.invented.referrals import Referrals
from esteem.evidence.invented.strands import HOSPITAL, Strand
from esteem.evidence.invented.targets import Targets

BEDS = ("200", "201", "202", "206", "207", "212", "301", "302", "309")
METHODS = ("25", "21", "28", "22", "2A", "11", "81")
SOURCES_OF_ADMISSION = ("19", "51", "40", "53")
DESTINATIONS = ("19", "51")
ACUTE, OLDER, SECURE, YOUNG, PLACED = range(5)  # places in HOSPITAL
_MIXES = {  # by kind of ward: beds, methods and sources of admission (assumed)
    ACUTE: ({"200": 0.93, "202": 0.07}, {"25": 0.45, "21": 0.25, "28": 0.18, "22": 0.1, "2A": 0.02}, {"19": 0.93, "51": 0.07}),
    OLDER: ({"201": 1.0}, {"22": 0.4, "21": 0.3, "28": 0.3}, {"19": 0.85, "51": 0.15}),
    SECURE: ({"206": 0.45, "207": 0.2, "212": 0.35}, {"11": 0.85, "81": 0.15}, {"40": 0.5, "53": 0.3, "19": 0.2}),
    YOUNG: ({"301": 0.5, "302": 0.35, "309": 0.15}, {"28": 0.5, "22": 0.5}, {"19": 1.0}),
    PLACED: ({"200": 0.85, "202": 0.15}, {"25": 0.6, "28": 0.4}, {"19": 1.0}),
}
FOLLOW_UP_DAYS = 3
_READMITTED, _MOVED = 0.08, 0.12  # shares of discharges and of spells; assumed


@dataclass(frozen=True, eq=False)
class Spells:
    """Arrays with an entry for each spell. `referral`, `person`: places in the chunk; `kind`: place in HOSPITAL; `moved`: day of a second
    ward, NONE without; `follow_up`: day of the contact after discharge, on the referral `followed_on`."""

    referral: np.ndarray
    person: np.ndarray
    kind: np.ndarray
    admitted: np.ndarray
    admitted_minute: np.ndarray
    discharged: np.ndarray
    discharged_minute: np.ndarray
    bed: np.ndarray
    method: np.ndarray
    source: np.ndarray
    destination: np.ndarray
    moved: np.ndarray
    follow_up: np.ndarray
    again: np.ndarray
    followed_on: np.ndarray

    def __len__(self) -> int:
        return len(self.referral)

    def joined(self, other: Spells) -> Spells:
        return Spells(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))


def spells_of(
    chance: np.random.Generator,
    people: People,
    referrals: Referrals,
    lengths: Sequence[np.ndarray],
    strands: Sequence[Strand],
    targets: Targets,
) -> tuple[Referrals, Spells]:
    """The spells of referrals to wards (rows of `referrals` in the order of `lengths`: before, stay and after), and the referrals again,
    open until follow-up and readmission are done."""
    before, stay, _ = lengths
    kind = np.array([HOSPITAL.index(one.name) if one.name in HOSPITAL else -1 for one in strands])[referrals.strand]
    rows = np.flatnonzero(kind >= 0)
    kind, person = kind[rows], referrals.person[rows]
    begun = people.arrived[person] + before[rows]
    ended = begun + stay[rows]
    discharged = np.floor(ended).astype(np.int64)
    follow_up = _follow_up(chance, discharged, targets.of("follow_up.72_hours")[people.area[person]])
    spells = _made(chance, rows.astype(np.int32), person, kind, begun, ended, follow_up, again=np.zeros(len(rows), bool))
    again = (chance.random(len(rows)) < _READMITTED) & np.isin(kind, (ACUTE, OLDER))
    back = discharged + chance.integers(5, 29, len(rows))
    stay_again = np.maximum(stay[rows] * 0.5, 1.5)
    second = _made(
        chance,
        rows[again].astype(np.int32),
        person[again],
        kind[again],
        back[again] + 0.5,
        (back + stay_again)[again] + 0.5,
        _follow_up(chance, np.floor(back + stay_again + 0.5).astype(np.int64), targets.of("follow_up.72_hours")[people.area[person]])[
            again
        ],
        again=np.ones(again.sum(), bool),
    )
    spells = spells.joined(second)
    closed = referrals.closed.copy()
    np.maximum.at(closed, spells.referral, np.where(spells.kind == PLACED, spells.discharged, spells.follow_up + 1))
    placed = spells.referral[spells.kind == PLACED]
    closed[placed] = spells.discharged[spells.kind == PLACED]  # a placement ends with the stay; home follows it up
    return referrals.with_(closed=closed), spells


def _follow_up(chance: np.random.Generator, discharged: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Day of the first contact after discharge: within three days for the published share, else later."""
    soon, late = chance.integers(1, FOLLOW_UP_DAYS + 1, len(discharged)), chance.integers(FOLLOW_UP_DAYS + 1, 12, len(discharged))
    return discharged + np.where(chance.random(len(discharged)) < share, soon, late)


def _made(
    chance: np.random.Generator,
    referral: np.ndarray,
    person: np.ndarray,
    kind: np.ndarray,
    begun: np.ndarray,
    ended: np.ndarray,
    follow_up: np.ndarray,
    again: np.ndarray,
) -> Spells:
    count = len(referral)
    drawn = [np.zeros(count, np.int8) for _ in range(3)]
    for one, mixes in _MIXES.items():
        here = kind == one
        for made, mix, codes in zip(drawn, mixes, (BEDS, METHODS, SOURCES_OF_ADMISSION), strict=True):
            reached = np.cumsum(list(mix.values()))[:-1]
            made[here] = np.array([codes.index(code) for code in mix])[np.searchsorted(reached, chance.random(here.sum()), side="right")]
    admitted, discharged = np.floor(begun).astype(np.int64), np.floor(ended).astype(np.int64)
    moves = (chance.random(count) < _MOVED) & (discharged - admitted > 6)
    bed, method, source = drawn
    return Spells(
        referral=referral,
        person=person,
        kind=kind.astype(np.int8),
        admitted=admitted,
        admitted_minute=((begun % 1) * 1440).astype(np.int64),
        discharged=discharged,
        discharged_minute=np.where(discharged == admitted, 1439, ((ended % 1) * 1440).astype(np.int64)),
        bed=bed,
        method=method,
        source=source,
        destination=np.where(chance.random(count) < 0.92, 0, 1).astype(np.int8),
        moved=np.where(moves, (admitted + discharged) // 2, NONE),
        follow_up=follow_up,
        again=again,
        followed_on=referral,
    )
