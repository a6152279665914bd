"""A chunk of people and all that happens to them in the window, drawn from the seed and the chunk's number alone."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from esteem.evidence.invented import contacts as care
from esteem.evidence.invented import hospital, mental_health_act, providers
from esteem.evidence.invented.columns import NONE
from esteem.evidence.invented.people import Drawing, People
from esteem.evidence.invented.referrals import Referrals, referrals_of
from esteem.evidence.invented.strands import HOSPITAL
from esteem.evidence.invented.talking_therapies import Courses, draw_therapy_people
from esteem.evidence.invented.timelines import timelines
from esteem.evidence.invented.world import CHUNK, World

_CRISIS_TOO = 0.1  # of adults in the community who also meet the crisis team in the window; assumed
_GUARDIANS = 0.002  # of people with a learning disability


@dataclass(frozen=True, eq=False)
class Chunk:
    """`number` of the chunk; `therapy`: people of talking therapies, drawn apart."""

    world: World
    number: int
    people: People
    referrals: Referrals
    spells: hospital.Spells
    periods: mental_health_act.Periods
    orders: mental_health_act.Orders
    contacts: care.Contacts
    scores: care.Scores
    indirect: care.IndirectWork
    therapy: People
    courses: Courses
    seed_of_rest: np.random.Generator

    @cached_property
    def home(self) -> np.ndarray:
        """Each person's own provider: that of the first referral."""
        found = np.zeros(len(self.people.index), np.int8)
        found[self.referrals.person[::-1]] = self.referrals.provider[::-1]
        return found


def draw_chunk(world: World, number: int) -> Chunk:
    chance = np.random.default_rng(np.random.SeedSequence(world.seed, spawn_key=(number,)))
    index = np.arange(number * CHUNK, min((number + 1) * CHUNK, world.cells.people))
    cell = world.cells.of(index)
    order = np.argsort(cell, kind="stable")
    index, strand, area = index[order], cell[order] // len(world.areas), cell[order] % len(world.areas)
    split = int(np.searchsorted(strand, world.therapies))
    drawing = Drawing(world.areas, world.strands, world.targets)
    arrived, lengths = _timelines(chance, world, strand[:split], area[:split])
    people = drawing.draw(chance, index[:split], strand[:split], area[:split], arrived)
    people = _younger_in_long_care(world, people, lengths)
    window = world.window
    therapy, courses = draw_therapy_people(drawing, chance, world.targets, index[split:], area[split:], window.start, window.length)
    referrals, spells = _referrals(chance, world, people, lengths)
    periods, orders, referrals = _act(chance, world, people, referrals, spells)
    contacts = care.contacts_of(chance, referrals, spells, world.strands, world.window)
    scores = care.scores_of(chance, referrals, people, world.strands, world.window)
    indirect = care.indirect_work(chance, referrals, contacts, world.strands)
    return Chunk(world, number, people, referrals, spells, periods, orders, contacts, scores, indirect, therapy, courses, chance)


def _younger_in_long_care(world: World, people: People, lengths: np.ndarray) -> People:
    """Children whose care lasts for years came to it young: who is in children's services is, as a rule, still a child."""
    young = people.strand == [one.name for one in world.strands].index("children and young people")
    until = np.minimum(people.arrived + lengths.sum(axis=0), world.window.end)
    oldest = np.maximum(17.9 - (until - people.arrived) / 365.25, 4.0)
    born = np.maximum(people.born, np.ceil(people.arrived - oldest * 365.25).astype(np.int64))
    return replace(people, born=np.where(young, born, people.born))


def _timelines(chance: np.random.Generator, world: World, strand: np.ndarray, area: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Day of arrival, and lengths [3, people]: waiting, care and nought; on a ward before, stay and after."""
    arrived, lengths = np.empty(len(strand)), np.zeros((3, len(strand)))
    for number, one in enumerate(world.strands):
        rows = slice(*np.searchsorted(strand, [number, number + 1]))
        arrived[rows], found = timelines(chance, area[rows], one.phases, world.window.start, world.window.length)
        lengths[: len(found), rows] = found
    return arrived, lengths


def _referrals(chance: np.random.Generator, world: World, people: People, lengths: np.ndarray) -> tuple[Referrals, hospital.Spells]:
    ward = np.isin(people.strand, [n for n, one in enumerate(world.strands) if one.name in HOSPITAL])
    before, stay, after = lengths
    waited = np.where(ward, before * 0.25, before)
    cared = np.where(ward, before * 0.75 + stay + after, stay)
    referrals = referrals_of(chance, people, (waited, cared), world.strands, world.areas)
    seen_before = before > 3  # nobody was seen before a sudden admission
    referrals = referrals.with_(
        first=np.where(ward & ~seen_before, NONE, referrals.first),
        seen=np.where(ward & ~seen_before, np.floor(people.arrived + before + stay), referrals.seen).astype(np.int64),
    )
    referrals, spells = hospital.spells_of(chance, people, referrals, (before, stay, after), world.strands, world.targets)
    referrals = _bounded(world, referrals)
    return _with_crisis_too(chance, world, people, referrals, spells)


def _bounded(world: World, referrals: Referrals) -> Referrals:
    """Each referral touches the window; nothing comes after the close."""
    closed = np.maximum(np.maximum(referrals.closed, world.window.start), referrals.received)
    first, seen = (np.where(day == NONE, NONE, np.minimum(day, closed)) for day in (referrals.first, referrals.seen))
    return referrals.with_(closed=closed, first=first, seen=seen)


def _with_crisis_too(
    chance: np.random.Generator, world: World, people: People, referrals: Referrals, spells: hospital.Spells
) -> tuple[Referrals, hospital.Spells]:
    """Second referrals, to the crisis team at home: of some adults in the community, and of all placed out of area."""
    names = [one.name for one in world.strands]
    crisis = names.index("crisis")
    window = world.window
    begin, end = np.maximum(referrals.received, window.start), np.minimum(referrals.closed, window.end - 1)
    adults = (people.strand == names.index("adults in the community")) & (chance.random(len(begin)) < _CRISIS_TOO)
    placed = people.strand == names.index("placement out of area")
    rows = np.flatnonzero(adults | placed)
    arrived = np.where(placed[rows], begin[rows], begin[rows] + chance.random(len(rows)) * np.maximum(end - begin, 0)[rows])
    who = People(*(getattr(people, f.name)[rows] for f in fields(People)))
    who = replace(who, strand=np.full(len(rows), crisis), arrived=arrived)
    _, (waited, cared) = timelines(chance, who.area, world.strands[crisis].phases, window.start, window.length)
    more = referrals_of(chance, who, (waited, cared), world.strands, world.areas).with_(person=rows.astype(np.int32))
    after = np.full(len(people.index), NONE)
    after[spells.person] = spells.follow_up
    more = more.with_(closed=np.where(placed[rows], np.maximum(more.closed, after[rows]), more.closed))
    second = np.full(len(people.index), -1)
    second[rows] = len(referrals) + np.arange(len(rows))
    followed_on = np.where(spells.kind == hospital.PLACED, second[spells.person], spells.referral)
    return referrals.joined(_bounded(world, more)), replace(spells, followed_on=followed_on)


def _act(
    chance: np.random.Generator, world: World, people: People, referrals: Referrals, spells: hospital.Spells
) -> tuple[mental_health_act.Periods, mental_health_act.Orders, Referrals]:
    names = [one.name for one in world.strands]
    safety = np.flatnonzero(referrals.strand == names.index("place of safety")).astype(np.int32)
    disabled = np.flatnonzero(referrals.strand == names.index("learning disability")).astype(np.int32)
    disabled = disabled[chance.random(len(disabled)) < _GUARDIANS]
    periods = mental_health_act.joined(
        mental_health_act.periods_of(chance, people, spells, world.targets),
        mental_health_act.places_of_safety(chance, people, safety, referrals.person[safety]),
        mental_health_act.guardianship(chance, people, disabled, referrals.person[disabled]),
    )
    orders = mental_health_act.orders_of(chance, people, periods, spells, world.targets)
    closed = referrals.closed.copy()
    for part in (orders, periods):
        np.maximum.at(closed, part.referral, part.end)
    return periods, orders, referrals.with_(closed=closed)


def own_provider(world: World, area: np.ndarray, kind: str = providers.ADULT) -> np.ndarray:
    return np.array([providers.serving(kind, one.sub_icb) for one in world.areas], np.int8)[area]
