"""Talking therapies: referrals, sessions, scores and outcomes in the shares published for each area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from esteem.evidence.invented.people import Drawing, People
from esteem.evidence.invented.strands import YEAR, Strand
from esteem.evidence.invented.targets import Targets
from esteem.evidence.invented.timelines import Lengths, present, timelines
from esteem.evidence.invented.waits import within

NOT_STARTED, ONCE, FINISHED = range(3)  # how far a referral comes: no session, one, two or more
_AGES = ((16, 17, 0.5), (18, 34, 1.5), (35, 64, 1.0), (65, 90, 0.35))
_THERAPY = Strand("talking therapies", np.zeros(0), (), _AGES, {"A13": 1.0}, female=0.66, poverty=1.04)


@dataclass(frozen=True, eq=False)
class Courses:
    """Arrays with an entry for each person of talking therapies: how far they came, days of waiting and of therapy."""

    course: np.ndarray
    waited: np.ndarray
    treated: np.ndarray


def therapy_flows(targets: Targets) -> np.ndarray:
    """Referrals a day by area and how far they come [areas, 3]."""
    referrals = targets.of("therapies.referrals") / YEAR
    started = np.minimum(targets.of("therapies.started") * 12 / YEAR, referrals * 0.97)
    finished = np.minimum(targets.of("therapies.finished") / YEAR, started * 0.95)
    return np.stack([referrals - started, started - finished, finished], axis=1)


def _phases(targets: Targets) -> list[tuple[Lengths, Lengths]]:
    """Waiting and therapy for each of NOT_STARTED, ONCE and FINISHED."""
    count = len(targets.areas)
    six = targets.of("therapies.six_weeks")
    waits = within(np.minimum(six, 0.995), 42, 9.0, 60.0)
    left, once = Lengths.same(count, (1.0, 35.0)), Lengths.same(count, (1.0, 20.0))
    return [(left, Lengths.same(count, (1.0, 0.0))), (waits, once), (waits, Lengths.same(count, (0.5, 70.0), (0.5, 160.0)))]


def therapy_expected(targets: Targets, window: int) -> np.ndarray:
    """How many are met in the window, by area."""
    flows = therapy_flows(targets)
    return sum(flows[:, n] * present(phases, window) for n, phases in enumerate(_phases(targets)))


def draw_therapy_people(
    drawing: Drawing, chance: np.random.Generator, targets: Targets, index: np.ndarray, area: np.ndarray, start: int, window: int
) -> tuple[People, Courses]:
    """The people of a chunk who come to talking therapies, and how far they come."""
    flows, phases = therapy_flows(targets), _phases(targets)
    met = np.stack([flows[:, n] * present(one, window) for n, one in enumerate(phases)], axis=1)
    reached = np.cumsum(met / met.sum(axis=1, keepdims=True), axis=1)
    course = (chance.random(len(area))[:, None] >= reached[area][:, :-1]).sum(axis=1).astype(np.int8)
    arrived, waited, treated = np.empty(len(area)), np.empty(len(area)), np.empty(len(area))
    for n, one in enumerate(phases):
        rows = course == n
        arrived[rows], (waited[rows], treated[rows]) = timelines(chance, area[rows], one, start, window)
    therapies = Drawing(drawing.areas, [_THERAPY], targets)
    people = therapies.draw(chance, index, np.zeros(len(index), np.int64), area, arrived)
    return people, Courses(course, waited, treated)
