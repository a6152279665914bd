"""Strands of care: who comes, how many, how long they wait and stay, and how they are seen. Published figures set what they can.

Where no figure is published for the areas, the numbers here are assumptions of ours (docs/invented-place.md lists them); none is a claim
about a real service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from esteem.evidence.invented import providers
from esteem.evidence.invented.place import Area
from esteem.evidence.invented.targets import Targets
from esteem.evidence.invented.timelines import Lengths
from esteem.evidence.invented.waits import waiting_lengths, within

YEAR, QUARTER = 365.25, 91.3
SCORE_AFTER, SCORE_DELAY = 29, 40.0  # days from the first contact to a score that stops the clock later than at once
_ADULT_SOURCES = {"A1": 0.5, "B1": 0.12, "H1": 0.1, "I1": 0.05, "J1": 0.08, "P1": 0.15}
_YOUNG_SOURCES = {"A1": 0.4, "F1": 0.25, "B2": 0.2, "C1": 0.08, "H2": 0.07}
_ADULT_REASONS = {
    "04": 0.3,
    "05": 0.26,
    "02": 0.1,
    "03": 0.07,
    "14": 0.09,
    "11": 0.06,
    "15": 0.04,
    "09": 0.03,
    "12": 0.02,
    "06": 0.03,
    "01": 0.015,
}
_YOUNG_REASONS = {"05": 0.34, "04": 0.14, "24": 0.2, "25": 0.12, "15": 0.08, "16": 0.06, "21": 0.06}
_WAYS = {"01": 0.6, "02": 0.25, "11": 0.13, "98": 0.02}
_ADULT_AGES = ((18, 34, 1.3), (35, 64, 1.0), (65, 90, 0.35))


@dataclass(frozen=True, eq=False)
class Strand:
    """`flow`: arrivals a day by area. `phases`: waiting, then care. `ages`: (first, last, weight) at referral. `gap`: days between
    contacts in care. `helped`: share by area of those in care whose outcome was measured; `soon`: of those, at the first contact.
    """

    name: str
    flow: np.ndarray
    phases: tuple[Lengths, ...]
    ages: Sequence[tuple[int, int, float]]
    teams: Mapping[str, float]
    provider: str = providers.ADULT
    female: float | None = None
    reasons: Mapping[str, float] = field(default_factory=lambda: _ADULT_REASONS)
    sources: Mapping[str, float] = field(default_factory=lambda: _ADULT_SOURCES)
    priorities: Mapping[str, float] = field(default_factory=lambda: {"3": 0.9, "2": 0.08, "1": 0.02})
    ways: Mapping[str, float] = field(default_factory=lambda: _WAYS)
    gap: float = 30.0
    attended: float = 0.85
    poverty: float = 1.06  # how much oftener than the next decile a more deprived one
    helped: np.ndarray | None = None
    soon: np.ndarray | None = None
    first_is_early: bool = False  # a first contact while waiting for the second


def strands(targets: Targets) -> tuple[Strand, ...]:
    """Every strand but talking therapies, in a fixed order."""
    areas = targets.areas
    return (*_waiting_list_strands(targets), *_targeted_strands(targets, areas), *_assumed_strands(targets, areas), *_hospital(targets))


def _waiting_list_strands(targets: Targets) -> tuple[Strand, ...]:
    adults = _waiting(targets, "adults", "waiting_second", unseen=np.full(len(targets.areas), 0.25))
    young_flow = targets.of("young.started") / QUARTER
    in_care = targets.of("young.open") - targets.of("young.waiting_first")
    seen = np.clip((targets.of("young.access") - in_care) / (young_flow * YEAR), 0.12, 0.95)
    young = _waiting(targets, "young", "waiting_first", unseen=1 - seen)
    return (
        Strand(
            "adults in the community",
            *adults,
            _ADULT_AGES,
            first_is_early=True,
            **_help(targets, "adults", "waiting_second"),
            teams={"A06": 0.62, "A05": 0.1, "A08": 0.04, "A09": 0.04, "A12": 0.04, "A13": 0.08, "A16": 0.05, "C10": 0.03},
        ),
        Strand(
            "children and young people",
            *young,
            ((4, 10, 0.55), (11, 15, 1.3), (16, 17, 1.2)),
            provider=providers.YOUNG,
            female=0.54,
            teams={"F01": 0.34, "Z02": 0.4, "C04": 0.16, "F06": 0.05, "C06": 0.03, "D06": 0.02},
            gap=28.0,
            reasons=_YOUNG_REASONS,
            sources=_YOUNG_SOURCES,
            **_help(targets, "young", "waiting_first"),
        ),
    )


def _waiting(targets: Targets, who: str, waiting: str, unseen: np.ndarray) -> tuple[np.ndarray, tuple[Lengths, ...]]:
    """Flow and phases (waiting, care) that give the published stock, flow and waits; `unseen` of the flow leaves without care."""
    flow = targets.of(f"{who}.started") / QUARTER
    stock, in_care = targets.of(f"{who}.{waiting}"), targets.of(f"{who}.open") - targets.of(f"{who}.{waiting}")
    marks = {name: targets.of(f"{who}.{name}") for name in ("median_wait", "over_52_weeks", "over_104_weeks")}
    care = np.maximum(in_care, 1) / (flow * (1 - unseen))
    stays = Lengths(np.stack([unseen, (1 - unseen) * 0.5, (1 - unseen) * 0.5], 1), np.stack([0 * care, care * 0.5, care * 1.5], 1))
    return flow, (waiting_lengths(stock, flow, **marks), stays)


def _help(targets: Targets, who: str, waiting: str) -> dict[str, np.ndarray]:
    """Shares in care whose clock stopped, and of clock stops within four weeks."""
    open_now, stuck = targets.of(f"{who}.open"), targets.of(f"{who}.waiting_help")
    in_care = open_now - targets.of(f"{who}.{waiting}")
    unseen_flow = targets.of(f"{who}.started") / QUARTER
    stays = in_care / (unseen_flow * 0.75)  # days in care of those seen
    shorter, longer = _measured_by(stays * 0.5), _measured_by(stays * 1.5)
    reached, of_all = 0.25 * shorter + 0.75 * longer, 0.5 * shorter + 0.5 * longer  # of those in care now; of all who come into care
    soon = targets.of(f"{who}.helped_in_4_weeks")
    return {
        "helped": np.clip((open_now - stuck) / in_care / reached, 0.02, 0.98),
        "soon": soon * of_all / (1 - soon + soon * of_all),
    }


def _measured_by(mean: np.ndarray) -> np.ndarray:
    """Of stays of this mean length, the share with a score after the first weeks and an exponential delay (contacts.scores_of)."""
    return np.exp(-SCORE_AFTER / mean) * mean / (mean + SCORE_DELAY)


def _targeted_strands(targets: Targets, areas: Sequence[Area]) -> tuple[Strand, ...]:
    count = len(areas)
    eating = _per(areas, 160, first=8, last=17)
    urgent = within(targets.of("eating.urgent_1_week"), 7, 3.0, 40.0)
    routine = within(targets.of("eating.routine_4_weeks"), 28, 11.0, 80.0)
    child = {"provider": providers.YOUNG, "teams": {"C10": 1.0}, "reasons": {"12": 1.0}, "sources": _YOUNG_SOURCES, "female": 0.9}
    perinatal = Lengths.same(count, (0.7, 120.0), (0.3, 240.0))
    work = Lengths.same(count, (1.0, 150.0))
    return (
        Strand(
            "early intervention in psychosis",
            targets.of("psychosis.started") / YEAR / 0.92,
            ages=((14, 17, 0.7), (18, 34, 1.4), (35, 64, 0.6)),
            phases=(within(targets.of("psychosis.two_weeks"), 14, 3.5, 70.0), Lengths.same(count, (0.08, 0.0), (0.92, 620.0))),
            female=0.4,
            teams={"A14": 1.0},
            reasons={"01": 1.0},
            priorities={"2": 0.6, "3": 0.4},
            gap=14.0,
            attended=0.9,
            poverty=1.15,
        ),
        Strand(
            "perinatal",
            targets.of("perinatal.access") / (YEAR + perinatal.mean * 0.9) / 0.9,
            ages=((18, 24, 0.8), (25, 34, 1.3), (35, 44, 0.6)),
            phases=(Lengths.same(count, (1.0, 18.0)), perinatal),
            female=1.0,
            teams={"C02": 0.85, "F02": 0.15},
            reasons={"13": 1.0},
            gap=17.0,
            ways={"01": 0.7, "11": 0.25, "02": 0.05},
        ),
        Strand(
            "employment support",
            targets.of("employment.access") / (YEAR + work.mean),
            ages=((18, 44, 1.2), (45, 64, 0.8)),
            phases=(Lengths.same(count, (1.0, 15.0)), work),
            provider=providers.VOLUNTARY,
            female=0.46,
            teams={"D05": 1.0},
            reasons={"31": 1.0},
            gap=15.0,
        ),
        Strand(
            "eating disorder, urgent",
            eating * 0.12 / YEAR,
            (urgent, Lengths.same(count, (1.0, 170.0))),
            ((10, 17, 1.0),),
            priorities={"2": 0.6, "1": 0.2, "4": 0.2},
            gap=8.0,
            attended=0.95,
            **child,
        ),
        Strand(
            "eating disorder, routine",
            eating * 0.88 / YEAR,
            (routine, Lengths.same(count, (0.1, 0.0), (0.9, 190.0))),
            ((9, 17, 1.0),),
            priorities={"3": 1.0},
            gap=11.0,
            attended=0.93,
            **child,
        ),
    )


def _assumed_strands(targets: Targets, areas: Sequence[Area]) -> tuple[Strand, ...]:
    count = len(areas)
    once, week, brief = Lengths.same(count, (1.0, 0.3)), Lengths.same(count, (1.0, 4.0)), Lengths.same(count, (1.0, 20.0))
    crisis = Lengths.same(count, (0.55, 0.08), (0.3, 0.5), (0.15, 3.0))
    rest = _rest_in_contact(targets)
    memory, autism = Lengths.same(count, (1.0, 45.0)), Lengths.same(count, (1.0, 200.0))
    return (
        Strand(
            "crisis",
            _per(areas, 420, first=12) / YEAR,
            (crisis, brief),
            ((12, 17, 0.6), *_ADULT_AGES),
            {"A02": 0.8, "A18": 0.12, "A19": 0.08},
            priorities={"4": 0.3, "2": 0.55, "1": 0.15},
            reasons={"18": 0.6, "15": 0.2, "04": 0.2},
            gap=2.5,
            attended=0.9,
            poverty=1.12,
            ways={"01": 0.72, "02": 0.28},
        ),
        Strand(
            "liaison",
            _per(areas, 480, first=10) / YEAR,
            (Lengths.same(count, (0.75, 0.03), (0.25, 0.12)), once),
            ((10, 17, 0.5), *_ADULT_AGES),
            {"A11": 0.9, "C05": 0.1},
            sources={"H1": 0.8, "H2": 0.2},
            reasons={"15": 0.45, "18": 0.55},
            gap=1.0,
            priorities={"1": 0.7, "2": 0.3},
            attended=0.97,
            ways={"01": 1.0},
            poverty=1.12,
        ),
        Strand(
            "memory and older people",
            rest * 0.62 / (45 + 300),
            (memory, Lengths.same(count, (0.1, 0.0), (0.9, 330.0))),
            ((65, 74, 0.5), (75, 90, 1.5)),
            {"A17": 0.6, "A07": 0.4},
            reasons={"08": 0.8, "04": 0.2},
            gap=45.0,
        ),
        Strand(
            "autism and attention, adults",
            rest * 0.2 / (200 + 200),
            (autism, Lengths.same(count, (0.2, 0.0), (0.8, 250.0))),
            ((18, 45, 1.0),),
            {"C01": 0.5, "C04": 0.5},
            reasons={"24": 0.55, "25": 0.4, "26": 0.05},
            gap=60.0,
            poverty=1.0,
        ),
        Strand(
            "learning disability",
            rest * 0.16 / 830,
            (Lengths.same(count, (1.0, 30.0)), Lengths.same(count, (1.0, 800.0))),
            ((18, 64, 1.0),),
            {"E01": 0.8, "E04": 0.12, "E02": 0.08},
            reasons={"30": 0.6, "26": 0.4},
            gap=30.0,
        ),
        Strand(
            "liaison and diversion",
            _per(areas, 60, first=16) / YEAR,
            (week, brief),
            ((16, 17, 0.4), (18, 60, 1.0)),
            {"D02": 1.0},
            female=0.2,
            sources={"E1": 0.3, "E2": 0.3, "E5": 0.4},
            gap=9.0,
            poverty=1.15,
        ),
        Strand(
            "place of safety",
            _places_of_safety(targets),
            (once, Lengths.same(count, (1.0, 1.0))),
            ((16, 17, 0.8), (18, 60, 1.0)),
            {"A20": 1.0},
            sources={"E5": 1.0},
            reasons={"18": 1.0},
            priorities={"1": 1.0},
            gap=0.7,
            attended=1.0,
            ways={"01": 1.0},
            poverty=1.15,
            female=0.48,
        ),
    )


def _places_of_safety(targets: Targets) -> np.ndarray:
    """Orders a day of section 135 or 136 that lead to no stay: the board's short-term orders in England's mix, less those that do."""
    share = targets.of("orders.places_of_safety") / targets.of("orders.all_in_england")
    admitted = targets.of("detentions.after_place_of_safety") / 365.25
    return np.maximum(targets.of("orders.short_term") * share * _all(targets.areas) / 1e5 / YEAR - admitted, 0.0)


def _rest_in_contact(targets: Targets) -> np.ndarray:
    """People in contact beyond those waiting-list strands: in the proportion of England, where the two are some six tenths."""
    known = targets.of("contact.adults_open") + targets.of("contact.young_open")
    rest = targets.of("contact.people") / known - 1
    return rest * (targets.of("adults.open") + targets.of("young.open")) * 0.9


def _hospital(targets: Targets) -> tuple[Strand, ...]:
    """Phases: before admission, the stay, after discharge."""
    areas = targets.areas
    count, people = len(areas), _all(areas)
    detained = targets.of("detentions.all") * people / 1e5 / YEAR
    before, after = Lengths.same(count, (0.15, 0.5), (0.85, 70.0)), Lengths.same(count, (0.7, 25.0), (0.3, 150.0))
    old = np.array([area.aged(65) for area in areas])
    adult = np.array([area.aged(18, 64) for area in areas])
    admissions = detained / DETAINED_SHARE
    adults, older = admissions * 0.82, admissions * 0.18
    long_adult = targets.of("stays.adults_60_days") * adult / 1e5 / QUARTER / adults
    long_older = targets.of("stays.older_90_days") * old / 1e5 / QUARTER / older
    ward = {"teams": {"A10": 1.0}, "gap": 12.0, "reasons": {"02": 0.4, "03": 0.2, "04": 0.2, "18": 0.2}, "poverty": 1.2}
    young_flow = targets.of("young_beds.admissions") / QUARTER
    young_stay = np.clip(targets.of("young_beds.days") / targets.of("young_beds.admissions"), 20, 150)
    placed = np.maximum(targets.of("placements.started"), 1.0) / QUARTER
    placed_stay = np.clip(targets.of("placements.bed_days") / QUARTER / placed, 4, 120)
    secure = _per(areas, 9, first=18) / YEAR
    return (
        Strand("acute ward", adults, (before, within(1 - long_adult, 59.5, 14.0, 110.0), after), ((18, 34, 1.3), (35, 64, 1.0)), **ward),
        Strand("older people's ward", older, (before, within(1 - long_older, 89.5, 28.0, 130.0), after), ((65, 90, 1.0),), **ward),
        Strand(
            "secure and rehabilitation ward",
            secure,
            (before, Lengths.same(count, (0.3, 90.0), (0.7, 420.0)), after),
            ((18, 60, 1.0),),
            female=0.2,
            **ward,
        ),
        Strand(
            "young people's ward",
            young_flow,
            (before, Lengths(np.ones((count, 1)), young_stay[:, None]), after),
            ((12, 17, 1.0),),
            provider=providers.YOUNG,
            female=0.75,
            **ward,
        ),
        Strand(
            "placement out of area",
            placed,
            (Lengths.same(count, (1.0, 0.2)), Lengths(np.ones((count, 1)), placed_stay[:, None]), Lengths.same(count, (1.0, 0.4))),
            ((18, 64, 1.0),),
            provider=providers.DISTANT,
            **ward,
        ),
    )


DETAINED_SHARE = 0.55  # of admissions; assumed
HOSPITAL = ("acute ward", "older people's ward", "secure and rehabilitation ward", "young people's ward", "placement out of area")


def _all(areas: Sequence[Area]) -> np.ndarray:
    return np.array([area.residents.sum() for area in areas])


def _per(areas: Sequence[Area], rate: float, first: int = 0, last: int = 90) -> np.ndarray:
    """A rate per 100,000 residents of an age as a number for each area."""
    return rate * np.array([area.aged(first, last) for area in areas]) / 1e5
