"""What a strategy file holds, as frozen values: places, sections, promises, targets, bound measures and needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

TARGET_KINDS = ("level", "direction", "ambition", "parity")
ROLES = ("outcome", "activity", "context")
FACES = {
    "S": "strategy sheet",
    "D": "directory (find help)",
    "P": "pathways and crisis",
    "L": "learning",
    "C": "commissioning",
}


@dataclass(frozen=True)
class Target:
    """What a measure should reach. `value` is in the measure's unit (a proportion is a fraction).

    `kind`: "level" reaches `value` ("at_least" or "at_most"); "direction" goes the way `direction` says ("falls", "rises"), every year
    when `every_year`; "ambition" shows `value` as the aim and is judged by the direction towards it; "parity" asks that the figure of
    `group` is `at_least` or `at_most` that of `against`, two groups of the breakdown `breakdown`. `by` None = it stands for as long as the
    strategy runs. `areas` maps a place code to its own value. `trajectory` = (day, value) steps on the way.
    """

    kind: str
    source: str
    value: float | None = None
    comparison: str = ""
    direction: str = ""
    every_year: bool = False
    by: date | None = None
    breakdown: str = ""
    group: str = ""
    against: str = ""
    trajectory: tuple[tuple[date, float], ...] = ()
    areas: tuple[tuple[str, float], ...] = ()
    reason: str = ""

    def value_at(self, code: str) -> float | None:
        """The value this place is held to: its own where the file gives one."""
        return dict(self.areas).get(code, self.value)

    def expected_on(self, day: date) -> float | None:
        """Where the trajectory stands on `day` (straight lines between its steps); None outside it."""
        for (a, low), (b, high) in zip(self.trajectory, self.trajectory[1:], strict=False):
            if a <= day <= b:
                return low + (high - low) * (day - a).days / max((b - a).days, 1)
        return None


@dataclass(frozen=True)
class PlaceSet:
    """Places of the strategy under one name. `codes`: place codes or named groups; `words` as a reader would say it."""

    name: str
    codes: tuple[str, ...]
    words: str
    holds: bool = False  # a larger area that holds the place, not the place itself


@dataclass(frozen=True)
class Section:
    id: str
    title: str


@dataclass(frozen=True)
class Binding:
    """A measure that speaks for a promise. `role`: outcome, activity or context (shown, never judged). One outcome is `primary`."""

    measure: str
    where: str  # name of a PlaceSet
    role: str
    primary: bool = False
    target: Target | None = None
    breakdown: str = ""  # for a measure judged on one group only
    category: str = ""
    note: str = ""


@dataclass(frozen=True)
class Need:
    """What it would take to tell: the figure, who publishes or holds it, and the face of Esteem that will hold it ("" = a file to load)."""

    what: str
    publisher: str
    face: str = ""


@dataclass(frozen=True)
class Promise:
    row: str
    section: str
    text: str
    owner: str
    by: date | None = None
    faces: tuple[str, ...] = ()
    measures: tuple[Binding, ...] = ()
    needs: tuple[Need, ...] = ()

    @property
    def primary(self) -> Binding | None:
        return next((b for b in self.measures if b.primary), None)


@dataclass(frozen=True)
class Strategy:
    """One strategy file, checked. `ends` is the last day the strategy speaks for; None while it has no end."""

    id: str
    title: str
    short: str
    vision: tuple[str, ...]
    starts: date
    ends: date | None
    places: tuple[PlaceSet, ...]
    sections: tuple[Section, ...]
    promises: tuple[Promise, ...]
    about: str = ""
    path: Path | None = None

    def place_set(self, name: str) -> PlaceSet:
        return next(p for p in self.places if p.name == name)

    def promise(self, row: str) -> Promise | None:
        return next((p for p in self.promises if p.row == row), None)
