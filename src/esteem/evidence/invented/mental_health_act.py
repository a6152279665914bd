"""Time under the Mental Health Act: how detentions begin, follow one another and end, and orders in the community after them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from esteem.evidence.invented.columns import NONE
from esteem.evidence.invented.hospital import ACUTE, OLDER, SECURE, YOUNG, Spells
from esteem.evidence.invented.people import People
from esteem.evidence.invented.targets import Targets
from esteem.evidence.records.schema import mhsds_v6

STATUSES = tuple(mhsds_v6().codes["legal_status"])
S2, S3, S4, S52, S54, S3741, S4749, S135, S136, GUARDIANSHIP = (
    STATUSES.index(code) for code in ("02", "03", "04", "05", "06", "09", "15", "19", "20", "35")
)
LONGEST = {"02": 28, "03": 182, "04": 3, "05": 3, "06": 1, "19": 1, "20": 1, "09": 730, "15": 730, "35": 182}  # days a status lasts at most
_LONGEST = np.array([LONGEST.get(code, 182) for code in STATUSES])
_FURTHER = 0.8  # of those still in hospital at the end of section 2 or 3 who stay detained; assumed
_YOUNG_DETAINED = 0.3
_HELD = 0.12  # of informal patients held for some hours; assumed
_ENDING_AS_SECTION_3 = 0.34  # of detentions, those that are under section 3 on discharge: what the lengths of stay give
_CTO_DAYS = 330.0


@dataclass(frozen=True, eq=False)
class Periods:
    """Arrays with an entry for each legal status that a person had: `start` and `end` days (NONE: none yet), `minute` of the start.
    `referral` is -1 where there is no referral of its own."""

    person: np.ndarray
    referral: np.ndarray
    status: np.ndarray
    start: np.ndarray
    minute: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    @property
    def expiry(self) -> np.ndarray:
        return self.start + _LONGEST[self.status]


@dataclass(frozen=True, eq=False)
class Orders:
    """Community treatment orders: `period`: the detention they follow; `recalled`: day, NONE without."""

    person: np.ndarray
    referral: np.ndarray
    period: np.ndarray
    start: np.ndarray
    end: np.ndarray
    recalled: np.ndarray


def periods_of(chance: np.random.Generator, people: People, spells: Spells, targets: Targets) -> Periods:
    """Legal statuses of people on wards: the shares of each way into detention are those published for the board."""
    parts: list[Periods] = []
    ward = np.isin(spells.kind, (ACUTE, OLDER))
    detained = ward & people.detained[spells.person] & ~spells.again
    way = _ways(chance, people.area[spells.person], targets)
    three = chance.random(len(spells)) < _share_of_three(targets)[people.area[spells.person]]
    first = np.where(three, S3, S2)
    on_admission, after = detained & (way == 0), detained & (way == 1)
    safety = detained & (way == 2)
    start = np.where(after, np.minimum(spells.admitted + chance.integers(1, 6, len(spells)), spells.discharged), spells.admitted)
    minute = np.where(after, 600, spells.admitted_minute)
    held = after & (chance.random(len(spells)) < 0.45) & (start > spells.admitted + 1)
    parts.append(_some(spells, held, S52, start - 1, np.full(len(spells), 900), start))
    parts.append(_some(spells, safety, S136, spells.admitted - 1, np.full(len(spells), 1200), spells.admitted))
    parts += _followed(chance, spells, on_admission | after | safety, first, start, minute)
    informal = ward & ~detained & (chance.random(len(spells)) < _HELD) & (spells.discharged > spells.admitted + 3)
    kind = np.where(chance.random(len(spells)) < 0.85, S52, np.where(chance.random(len(spells)) < 0.9, S54, S4))
    day = spells.admitted + 2
    parts.append(_some(spells, informal, kind, day, np.full(len(spells), 700), np.where(kind == S54, day, day + 2)))
    young = (spells.kind == YOUNG) & (chance.random(len(spells)) < _YOUNG_DETAINED)
    parts += _followed(chance, spells, young, np.full(len(spells), S2), spells.admitted, spells.admitted_minute)
    court = (spells.kind == SECURE) & (chance.random(len(spells)) < 0.6)
    forensic = np.where(chance.random(len(spells)) < 0.5, S3741, S4749)
    parts.append(_some(spells, court, forensic, spells.admitted, np.zeros(len(spells), np.int64), spells.discharged))
    return _joined(parts)


def _ways(chance: np.random.Generator, area: np.ndarray, targets: Targets) -> np.ndarray:
    """0 on admission, 1 after admission, 2 after a place of safety."""
    counts = np.stack([targets.of(f"detentions.{name}") for name in ("on_admission", "after_admission", "after_place_of_safety")], axis=1)
    reached = np.cumsum(counts, axis=1) / counts.sum(axis=1, keepdims=True)
    return (chance.random(len(area))[:, None] >= reached[area]).sum(axis=1)


def _share_of_three(targets: Targets) -> np.ndarray:
    return targets.of("detentions.section_3_on_admission") / targets.of("detentions.on_admission")


def _some(spells: Spells, rows: np.ndarray, status, start: np.ndarray, minute: np.ndarray, end: np.ndarray) -> Periods:
    status = np.broadcast_to(np.asarray(status, np.int8), len(spells))
    return Periods(*(part[rows] for part in (spells.person, spells.referral, status, start, minute, end)))


def _followed(
    chance: np.random.Generator, spells: Spells, rows: np.ndarray, status: np.ndarray, start: np.ndarray, minute: np.ndarray
) -> list[Periods]:
    """A detention and those that follow without a gap: section 3 after section 2, then renewals, until discharge or until informal."""
    parts = []
    for _ in range(4):
        longest = _LONGEST[status]
        until = np.minimum(start + longest - np.where(chance.random(len(spells)) < 0.4, longest // 3, 0), spells.discharged)
        until = np.maximum(until, start)
        parts.append(_some(spells, rows, status, start, minute, until))
        rows = rows & (until < spells.discharged) & (chance.random(len(spells)) < _FURTHER)
        if not rows.any():
            break
        status, start, minute = np.full(len(spells), S3), until, np.full(len(spells), 660)
    return parts


def places_of_safety(chance: np.random.Generator, people: People, referral: np.ndarray, person: np.ndarray) -> Periods:
    """Orders of people taken to a place of safety who are not admitted."""
    day = np.floor(people.arrived[person]).astype(np.int64)
    status = np.where(chance.random(len(person)) < 0.94, S136, S135).astype(np.int8)
    minute = ((people.arrived[person] % 1) * 1440).astype(np.int64)
    return Periods(person, referral, status, day, minute, day + (minute > 900))


def guardianship(chance: np.random.Generator, people: People, referral: np.ndarray, person: np.ndarray) -> Periods:
    day = np.floor(people.arrived[person]).astype(np.int64) + 30
    kind = np.full(len(person), GUARDIANSHIP, np.int8)
    return Periods(person, referral, kind, day, np.full(len(person), 600), day + 180)


def orders_of(chance: np.random.Generator, people: People, periods: Periods, spells: Spells, targets: Targets) -> Orders:
    """Community treatment orders that begin when a section 3 ends with the discharge: as many for each resident as are published."""
    share = targets.of("orders.community_treatment") / (_ENDING_AS_SECTION_3 * targets.of("detentions.all"))
    last = dict(zip(spells.referral.tolist(), spells.discharged.tolist(), strict=True))
    discharge = np.array([last.get(referral, NONE) for referral in periods.referral.tolist()])
    can = (periods.status == S3) & (periods.end == discharge)
    rows = np.flatnonzero(can & (chance.random(len(periods)) < share[people.area[periods.person]]))
    start = periods.end[rows]
    end = start + np.maximum(chance.exponential(_CTO_DAYS, len(rows)), 20).astype(np.int64)
    recalled = np.where(chance.random(len(rows)) < 0.12, (start + end) // 2, NONE)
    return Orders(periods.person[rows], periods.referral[rows], rows, start, end, recalled)


def _joined(parts: list[Periods]) -> Periods:
    return Periods(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Periods)))


def joined(*parts: Periods) -> Periods:
    return _joined(list(parts))
