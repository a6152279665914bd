"""What a new directory begins with: invented services to try it with, real places from the pack, helplines from our own review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from esteem.directory import queries
from esteem.directory.actions import Kept, Received, keep_services, receive, together
from esteem.directory.demonstration import demonstration
from esteem.directory.freshness import state_on
from esteem.directory.importing import national_lists
from esteem.directory.national_helplines import SOURCE, national_helplines
from esteem.directory.record import Service
from esteem.evidence.snapshots import Snapshot
from esteem.terms.actors import Actor

SEED = Actor("system", "seed of the demonstration directory")
_NATIONAL_LISTS = (
    ("hospital_sites", national_lists.HOSPITALS, national_lists.hospital_sites),
    ("public_libraries", national_lists.LIBRARIES, national_lists.public_libraries),
)
_POSTCODES = "select postcode, latitude, longitude, district from postcodes"


_STANDS_FOR = 30  # days after which the demonstration's days of assurance are brought up to the day


def wants_seeding(day: date) -> bool:
    """Whether nothing was ever put into the directory, or the demonstration in it has grown old. One that was closed stays closed."""
    if queries.count(states=("draft", *queries.SHOWN, "hidden", "closed")) == 0:
        return True
    newest = queries.newest_invented_assurance()
    return newest is not None and (day - newest).days > _STANDS_FOR


def seed(snapshot: Snapshot, *, at: datetime) -> Kept:
    """Put the demonstration into the directory, or bring it up to the day: its days of assurance count from `at`. All or nothing."""
    with together():
        invented = demonstration(snapshot.rows(_POSTCODES), at.date())
        dated = [replace(s, state=state_on(s.assurance.assured_on, at.date())) for s in invented]
        done = keep_services(dated, by=SEED, at=at, why="Invented services to try the directory with.")
        tables = {row["table_name"] for row in snapshot.rows("select table_name from information_schema.tables")}
        for table, source, places in _NATIONAL_LISTS:
            if table in tables:  # figures that somebody loaded from other files may hold no list of places
                done += _places(list(places(snapshot)), source, at)
        return done + _received(receive(national_helplines(), SOURCE, by=SEED, at=at, doubles=False))


def _places(services: list[Service], source: str, at: datetime) -> Kept:
    """Places of a national list, as they stand in it: a hospital site as a draft, a library for the layer of community places."""
    done = Kept()
    for state in sorted({s.state for s in services}):
        some = [s for s in services if s.state == state]
        done += _received(receive(some, source, by=SEED, at=at, state=state, doubles=False))
    return done


def _received(received: Received) -> Kept:
    return Kept(received.new, received.changed, received.same)
