"""Makes the records of an invented place: chunks drawn side by side, written in order, so that the rows never depend on the threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from esteem.evidence.invented import reference_data
from esteem.evidence.invented.chunk import draw_chunk
from esteem.evidence.invented.hospital_tables import HospitalTables
from esteem.evidence.invented.person_tables import person_tables
from esteem.evidence.invented.place import place_names
from esteem.evidence.invented.providers import PROVIDERS, THERAPIES
from esteem.evidence.invented.recording import Recording
from esteem.evidence.invented.referral_tables import ReferralTables
from esteem.evidence.invented.world import CHUNK, World, build_world
from esteem.evidence.invented.writing import Writers, as_table
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.schema import mhsds_v6
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


def make_records(
    folder: Path,
    places: Sequence[str],
    people: int,
    months: int = 13,
    seed: int = 1,
    *,
    until: Reporting = UNTIL,
    threads: int = 2,
    heard: Callable[[int, int], None] = lambda done, people: None,
) -> Made:
    """Write the extracts of an invented place into `folder`. `heard` is told of the people done after each chunk.

    The same places, people, months, seed and last month give the same files, whatever `threads` is.
    Problems: `invented-place-unknown`, `invented-people`, `invented-months`, `invented-seed`.
    """
    names = place_names(places)
    with open_snapshot("shipped") as snapshot:
        world = build_world(snapshot, names, people, months, seed, until)
    schema = mhsds_v6()
    with Writers(folder, schema) as writers:
        for name, columns in _fixed(world).items():
            writers.add(name, as_table(schema, name, columns))
        for done, tables in _chunks(world, threads):
            for name, table in tables.items():
                writers.add(name, table)
            heard(done, people)
    numbers = tuple(world.window.first_month + n for n in range(months))
    return Made(folder, names, people, numbers, world.cells.scale, dict(writers.rows))


def _fixed(world: World) -> dict:
    """Tables that do not depend on chance."""
    serving = tuple(n for n, one in enumerate(PROVIDERS) if THERAPIES not in one.kinds and _serves(one.areas, world))
    header = {"MHS000Header": reference_data.header(world, serving)}
    return header | reference_data.teams_and_wards(world, serving) | reference_data.reference_tables(world)


def _serves(areas: tuple[str, ...], world: World) -> bool:
    return not areas or any(area.sub_icb in areas for area in world.areas)


def _chunks(world: World, threads: int) -> Iterator[tuple[int, dict[str, pa.Table]]]:
    """People done so far and the tables of each chunk, in order; at most `threads` chunks are in memory beside the one being written."""
    with ThreadPoolExecutor(max_workers=max(threads, 1)) as pool:
        waiting: deque[Future] = deque()
        for number in range(world.chunks + max(threads, 1)):
            if number < world.chunks:
                waiting.append(pool.submit(chunk_tables, world, number))
            if number >= max(threads, 1) and waiting:
                done = number - max(threads, 1) + 1
                yield min(done * CHUNK, world.cells.people), waiting.popleft().result()


def chunk_tables(world: World, number: int) -> dict[str, pa.Table]:
    """The tables of one chunk, by name."""
    made = Recording(draw_chunk(world, number))
    found = person_tables(made) | ReferralTables(made).tables() | HospitalTables(made).tables()
    return {name: as_table(mhsds_v6(), name, columns) for name, columns in found.items()}
