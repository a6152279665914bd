"""What a new directory begins with: invented services to try it with, real places from the pack, helplines from our own review."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from esteem.directory import queries
from esteem.directory.actions import Kept, keep_services
from esteem.directory.demonstration import demonstration
from esteem.directory.freshness import state_on
from esteem.evidence.snapshots import Snapshot
from esteem.terms.actors import Actor

SEED = Actor("system", "seed of the demonstration directory")
_POSTCODES = "select postcode, latitude, longitude, district from postcodes"


def is_empty() -> bool:
    """Whether nothing was ever put into the directory."""
    return queries.count(states=("draft", *queries.SHOWN, "hidden", "closed")) == 0


def seed(snapshot: Snapshot, *, at: datetime) -> Kept:
    """Put the demonstration into the directory, or bring it up to the day: the days of assurance count from `at`."""
    invented = list(demonstration(snapshot.rows(_POSTCODES), at.date()))
    services = [replace(s, state=state_on(s.assurance.assured_on, at.date())) for s in invented]
    return keep_services(services, by=SEED, at=at, why="Invented services to try the directory with.")
