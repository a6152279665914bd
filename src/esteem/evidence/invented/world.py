"""The invented place as a whole: its areas, strands and window, and how many people each has. All else is drawn from it in chunks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from esteem.evidence.invented import people, strands
from esteem.evidence.invented.columns import day_number
from esteem.evidence.invented.contacts import Window
from esteem.evidence.invented.place import Area, read_areas
from esteem.evidence.invented.talking_therapies import therapy_expected
from esteem.evidence.invented.targets import Targets, read_targets
from esteem.evidence.invented.timelines import present
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.snapshots import Snapshot
from esteem.terms.problems import Problem

PEOPLE = (1_000, 5_000_000)
MONTHS = (1, 60)
FIRST_MONTH = Reporting.of(date(2024, 4, 1)).month_id  # version 6 of the data set
CHUNK = 20_000  # people drawn at a time: bounds memory; changes what is drawn


@dataclass(frozen=True, eq=False)
class World:
    """`therapies`: the number that stands for talking therapies among strands (one beyond the last)."""

    areas: tuple[Area, ...]
    strands: tuple[strands.Strand, ...]
    targets: Targets
    cells: people.Cells
    window: Window
    seed: int

    @property
    def therapies(self) -> int:
        return len(self.strands)

    @property
    def months(self) -> int:
        return len(self.window.months) - 1

    @property
    def last_month(self) -> Reporting:
        return Reporting(self.window.first_month + self.months - 1)

    @property
    def chunks(self) -> int:
        return -(-self.cells.people // CHUNK)


def build_world(snapshot: Snapshot, places: Sequence[str], number: int, months: int, seed: int, last: Reporting) -> World:
    """Problems `invented-people`, `invented-months`."""
    _check(number, months, seed, last)
    areas = read_areas(snapshot, places)
    targets = Targets(read_targets(), areas)
    window = _window(months, last)
    every = strands.strands(targets)
    expected = [one.flow * present(one.phases, window.length) for one in every]
    expected.append(therapy_expected(targets, window.length))
    return World(areas, every, targets, people.share_out(np.stack(expected), number), window, seed)


def _window(months: int, last: Reporting) -> Window:
    first = last.month_id - months + 1
    starts = np.array([day_number(Reporting(first + n).start) for n in range(months + 1)])
    return Window(int(starts[0]), int(starts[-1]), starts, first)


def _check(number: int, months: int, seed: int, last: Reporting) -> None:
    if not PEOPLE[0] <= number <= PEOPLE[1]:
        raise Problem("invented-people", f"An invented place has {PEOPLE[0]:,} to {PEOPLE[1]:,} people.", f"{number:,}")
    if not MONTHS[0] <= months <= MONTHS[1] or last.month_id - months + 1 < FIRST_MONTH:
        earliest = Reporting(FIRST_MONTH).start
        rule = f"Records cover {MONTHS[0]} to {MONTHS[1]} months from {earliest:%B %Y}, when version 6 of the data set began."
        raise Problem("invented-months", rule, f"{months} months that end on {last.end}", "Give fewer months, or a later --until.")
    if seed < 0:
        raise Problem("invented-seed", "A seed is a whole number from 0.", str(seed))
