"""Makes the records of an invented place: chunks drawn side by side, written in order, so that the rows never depend on the threads."""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from esteem.evidence.invented import reference_data, therapy_tables
from esteem.evidence.invented.chunk import draw_chunk
from esteem.evidence.invented.faults import FirstDays, Planted, plant
from esteem.evidence.invented.hospital_tables import HospitalTables
from esteem.evidence.invented.person_tables import person_tables
from esteem.evidence.invented.place import place_names
from esteem.evidence.invented.providers import PROVIDERS, THERAPIES
from esteem.evidence.invented.recording import Columns, Recording
from esteem.evidence.invented.referral_tables import ReferralTables
from esteem.evidence.invented.therapy_tables import TherapyTables
from esteem.evidence.invented.world import CHUNK, World, build_world
from esteem.evidence.invented.writing import Writers, as_table, schemas
from esteem.evidence.records.record_loading import MARKER
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.snapshots import open_snapshot

UNTIL = Reporting.of(date(2025, 5, 1))  # the last month by default; not the clock's, so that the same call gives the same records


@dataclass(frozen=True)
class Made:
    """What was written: rows by table, people, months, and how much of the real place's services the people stand for."""

    folder: Path
    places: tuple[str, ...]
    people: int
    months: tuple[int, ...]
    scale: float
    rows: dict[str, int]
    planted: tuple[Planted, ...]


def make_records(
    folder: Path,
    places: Sequence[str],
    people: int,
    months: int = 14,
    seed: int = 1,
    *,
    until: Reporting = UNTIL,
    threads: int = 2,
    faults: bool = True,
    heard: Callable[[int, int], None] = lambda done, people: None,
) -> Made:
    """Write the extracts of an invented place into `folder`. `heard` is told of the people done after each chunk.

    The same places, people, months, seed and last month give the same files, whatever `threads` is.
    Problems: `invented-place-unknown`, `invented-people`, `invented-months`, `invented-seed`.
    """
    names = place_names(places)
    with open_snapshot("shipped") as snapshot:
        world = build_world(snapshot, names, people, months, seed, until)
    sent, planted = set(), []
    with Writers(folder) as writers:
        for name, columns in reference_data.reference_tables(world).items():
            writers.add(name, as_table(name, columns))
        for done, made in _chunks(world, threads, faults):
            for name, table in made.tables.items():
                planted += [replace(one, row=one.row + writers.rows.get(name, 0)) for one in made.planted if one.table == name]
                writers.add(name, table)
            sent |= made.sent
            heard(done, people)
        for name, columns in _submissions(sorted(sent), therapies=len(schemas()) > 1).items():
            writers.add(name, as_table(name, columns))
    numbers = tuple(world.window.first_month + n for n in range(months))
    made = Made(folder, names, people, numbers, world.cells.scale, dict(writers.rows), tuple(planted))
    _describe(made, seed)
    return made


def _submissions(sent: list[tuple[int, int]], therapies: bool) -> dict[str, Columns]:
    """Tables that list what was sent, by month and provider."""
    courses = [one for one in sent if THERAPIES in PROVIDERS[one[1]].kinds]
    care = [one for one in sent if one not in set(courses)]
    lists = {"MHS000Header": reference_data.header(care)} | reference_data.teams_and_wards(care)
    return lists | ({therapy_tables.SUBMISSIONS: therapy_tables.header(courses)} if therapies else {})


def _describe(made: Made, seed: int) -> None:
    """What a load reads beside the tables (`extract.json`), and the list of planted faults."""
    label = f"invented-{'-'.join(made.places)}-{made.people}-seed-{seed}"
    said = {
        "label": label,
        "invented": True,
        "places": list(made.places),
        "people": made.people,
        "months": list(made.months),
        "seed": seed,
        "scale": made.scale,
    }
    (made.folder / MARKER).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    with (made.folder / "planted.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Planted)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(one) for one in made.planted)


def _chunks(world: World, threads: int, faults: bool) -> Iterator[tuple[int, MadeChunk]]:
    """People done so far and the tables of each chunk, in order; at most `threads` chunks are in memory beside the one being written."""
    with ThreadPoolExecutor(max_workers=max(threads, 1)) as pool:
        waiting: deque[Future] = deque()
        for number in range(world.chunks + max(threads, 1)):
            if number < world.chunks:
                waiting.append(pool.submit(make_chunk, world, number, faults))
            if number >= max(threads, 1) and waiting:
                done = number - max(threads, 1) + 1
                yield min(done * CHUNK, world.cells.people), waiting.popleft().result()


@dataclass(frozen=True, eq=False)
class MadeChunk:
    """`sent`: month and provider of every submission; `planted`: faults, with row numbers of these tables."""

    tables: dict[str, pa.Table]
    sent: set[tuple[int, int]]
    planted: list[Planted]


def make_chunk(world: World, number: int, faults: bool) -> MadeChunk:
    """The tables of one chunk, by name."""
    chunk = draw_chunk(world, number)
    made = Recording(chunk)
    found = person_tables(made) | ReferralTables(made).tables() | HospitalTables(made).tables()
    if len(schemas()) > 1:
        found |= TherapyTables(chunk).tables()
    tables = {name: as_table(name, columns) for name, columns in found.items()}
    submissions = np.unique(np.concatenate([tables[name].column(column).to_numpy() for name, column in _SENT if name in tables]))
    sent = {(int(one) // 100, int(one) % 100) for one in submissions}
    window = world.window
    days = FirstDays(window.start, window.end, window.first_month)
    return MadeChunk(tables, sent, plant(tables, chunk.seed_of_rest, number, days) if faults else [])


_SENT = (("MHS001MPI", "UniqSubmissionID"), ("IDS101referral", "UniqueSubmissionID"))
