"""Invented people: how many of each strand and area, and who they are. Identities are pseudonyms; NHS numbers are never issued ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np

from esteem.evidence.invented.place import AGES, ETHNICITIES, GROUP_OF, GROUPS, Area
from esteem.evidence.invented.strands import DETAINED_SHARE, Strand
from esteem.evidence.invented.targets import Targets
from esteem.evidence.invented.timelines import pick

NOT_STATED, NOT_KNOWN = 16, 17  # places after ETHNICITIES
ETHNIC_CODES = (*ETHNICITIES, "Z", "99")
GENDERS = ("1", "2", "3", "4")
STATUSES = ("1", "2", "5", "U", "X")  # of learning disability and autism
WITH_DETENTIONS = ("acute ward", "older people's ward")
_NOT_STATED, _NOT_KNOWN = 0.05, 0.03  # assumed shares
_BIG_PRIME, _STRIDE = 1_000_000_007, 387_420_489  # a multiplication that shuffles numbers below the prime
_DIGIT_WEIGHTS = np.arange(10, 1, -1)


@dataclass(frozen=True, eq=False)
class Cells:
    """How many people each strand and area has: `counts` [strands, areas]; `scale`: their number to that of the real place's services."""

    counts: np.ndarray
    scale: float

    @property
    def people(self) -> int:
        return int(self.counts.sum())

    def of(self, index: np.ndarray) -> np.ndarray:
        """The cell (strand x areas + area) of people by their number, so that every stretch of numbers holds all cells in proportion."""
        people = self.people
        step = int(people * 0.618034) | 1
        while gcd(step, people) > 1:
            step += 2
        return np.searchsorted(np.cumsum(self.counts.reshape(-1)), index * step % people, side="right")


def share_out(expected: np.ndarray, people: int) -> Cells:
    """`people` shared out over cells in proportion to `expected`, by largest remainders."""
    exact = expected * people / expected.sum()
    counts = np.floor(exact).astype(np.int64)
    left = people - counts.sum()
    order = np.argsort((counts - exact).reshape(-1), kind="stable")[:left]
    counts.reshape(-1)[order] += 1
    return Cells(counts, people / expected.sum())


@dataclass(frozen=True, eq=False)
class People:
    """Arrays with an entry for each person. `index`: number in the whole place; `born`: day; `small_area`: place in the list of all."""

    index: np.ndarray
    strand: np.ndarray
    area: np.ndarray
    arrived: np.ndarray
    born: np.ndarray
    sex: np.ndarray
    gender: np.ndarray
    ethnicity: np.ndarray
    small_area: np.ndarray
    learning_disability: np.ndarray
    autism: np.ndarray
    detained: np.ndarray

    def age_on(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whole years on a day, never below nought."""
        return np.maximum(np.floor((day - self.born[person]) / 365.25), 0).astype(np.int64)


class Drawing:
    """Draws the people of a place; one for all chunks."""

    def __init__(self, areas: Sequence[Area], strands: Sequence[Strand], targets: Targets):
        self.areas, self.strands = areas, strands
        self._firsts = np.concatenate([[0], np.cumsum([len(area.codes) for area in areas])[:-1]])
        self._ethnic = np.stack([area.ethnicities for area in areas])
        rates = np.stack([targets.of("detentions.group", group) for group in GROUPS], axis=1)
        detained = self._ethnic * rates[:, GROUP_OF]
        self._ethnic_detained = detained / detained.sum(axis=1, keepdims=True)

    def draw(self, chance: np.random.Generator, index: np.ndarray, strand: np.ndarray, area: np.ndarray, arrived: np.ndarray) -> People:
        """People of strands and areas (sorted by strand) with the days on which they arrived."""
        count = len(index)
        sex, age, small = np.empty(count, np.int8), np.empty(count), np.empty(count, np.int32)
        for number, one in enumerate(self.strands):
            rows = slice(*np.searchsorted(strand, [number, number + 1]))
            if rows.start < rows.stop:
                sex[rows], age[rows] = self._sex_and_age(chance, one, area[rows])
                small[rows] = self._firsts[area[rows]] + self._small_area(chance, one, area[rows])
        hospital = np.isin(strand, [n for n, one in enumerate(self.strands) if one.name in WITH_DETENTIONS])
        detained = hospital & (chance.random(count) < DETAINED_SHARE)
        ethnic = np.where(detained, pick(chance, self._ethnic_detained, area), pick(chance, self._ethnic, area))
        told = chance.random(count)
        ethnic = np.where(told < _NOT_STATED, NOT_STATED, np.where(told < _NOT_STATED + _NOT_KNOWN, NOT_KNOWN, ethnic))
        says = chance.random(count)
        gender = np.where(says < 0.012, 2, np.where(says < 0.018, 3, sex)).astype(np.int8)
        disability = np.array([_disability(one.name) for one in self.strands])[strand]
        autism = np.array([_autism(one.name) for one in self.strands])[strand]
        return People(
            index,
            strand,
            area,
            arrived,
            np.floor(arrived - age * 365.25).astype(np.int64),
            sex,
            gender,
            ethnic,
            small,
            _status(chance, disability),
            _status(chance, autism),
            detained,
        )

    def _sex_and_age(self, chance: np.random.Generator, strand: Strand, area: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        weight = np.zeros(AGES)
        for first, last, one in strand.ages:
            weight[first : last + 1] = one
        people = np.stack([place.residents * weight for place in self.areas])
        if strand.female is not None:
            people = people / people.sum(axis=2, keepdims=True) * np.array([1 - strand.female, strand.female])[None, :, None]
        found = pick(chance, people.reshape(len(people), -1), area)
        return found // AGES, found % AGES + chance.random(len(area))

    def _small_area(self, chance: np.random.Generator, strand: Strand, area: np.ndarray) -> np.ndarray:
        widest = max(len(place.codes) for place in self.areas)
        weights = np.zeros((len(self.areas), widest))
        for row, place in zip(weights, self.areas, strict=True):
            row[: len(place.codes)] = place.living * strand.poverty ** (5.5 - place.deciles)
        return pick(chance, weights, area)


def _disability(strand: str) -> float:
    return 0.97 if strand == "learning disability" else 0.03


def _autism(strand: str) -> float:
    return {"autism and attention, adults": 0.4, "learning disability": 0.25, "children and young people": 0.09}.get(strand, 0.03)


def _status(chance: np.random.Generator, confirmed: np.ndarray) -> np.ndarray:
    """Places in STATUSES: confirmed, suspected, no, or not known."""
    told = chance.random(len(confirmed))
    rest = (told - confirmed) / np.maximum(1 - confirmed, 1e-9)
    return np.where(told < confirmed, 0, np.where(rest < 0.03, 1, np.where(rest < 0.8, 2, np.where(rest < 0.85, 3, 4)))).astype(np.int8)


def pseudonyms(index: np.ndarray, seed: int) -> np.ndarray:
    """Numbers below 1,000,000,007, no two alike, in no visible order."""
    return (index.astype(np.int64) * _STRIDE + seed % _BIG_PRIME) % _BIG_PRIME


def nhs_numbers(index: np.ndarray) -> np.ndarray:
    """Ten-digit numbers that begin with 9, which are never issued, with right check digits; no two alike.

    Of two neighbours at least one has a check digit: the weight of the last digit is 2, and 10 is the only remainder without one.
    """
    first = 900_000_000 + 2 * np.asarray(index, np.int64)
    digit = _check_digit(first)
    other = first + 1
    return np.where(digit == 10, other * 10 + _check_digit(other), first * 10 + digit)


def _check_digit(nine: np.ndarray) -> np.ndarray:
    digits = nine[:, None] // 10 ** np.arange(8, -1, -1) % 10
    remainder = 11 - (digits * _DIGIT_WEIGHTS).sum(axis=1) % 11
    return np.where(remainder == 11, 0, remainder)
