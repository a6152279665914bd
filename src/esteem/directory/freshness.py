"""How long an entry stands without being checked: the rungs as a table, and the state of an entry on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# What is assured less than this many days ago keeps the promise of Open Referral UK ("under three months").
PROMISED = 92


@dataclass(frozen=True)
class Rung:
    """What happens `day` days after the day of assurance. `state`: what the entry becomes; `asks`: who is written to, if anybody."""

    day: int
    what: str
    state: str = ""
    asks: str = ""  # owner, fallback, team


LADDER = (
    Rung(0, "Somebody with authority said that the entry is right.", "published"),
    Rung(30, "The owner gets a link that works once: still right, change, or closed.", "due", "owner"),
    Rung(60, "The owner is reminded.", asks="owner"),
    Rung(75, "The second contact is asked.", asks="fallback"),
    Rung(85, "The directory's team gets a task.", asks="team"),
    Rung(PROMISED, "The entry is marked as not checked and moved down.", "stale"),
    Rung(183, "The entry is hidden from residents and kept for staff.", "hidden"),
)
HIDDEN_FROM = next(rung.day for rung in LADDER if rung.state == "hidden")
# States that time moves. A draft waits for a person, a closed entry stays closed.
MOVED_BY_TIME = ("published", "due", "stale", "hidden")


def age_on(assured_on: date | None, day: date) -> int | None:
    """Days since the assurance; None when nobody ever gave one."""
    return None if assured_on is None else (day - assured_on).days


def state_on(assured_on: date | None, day: date, state: str = "published") -> str:
    """The state of an entry on a day. What was never assured keeps the state it has."""
    age = age_on(assured_on, day)
    if state not in MOVED_BY_TIME or age is None:
        return state
    return [rung.state for rung in LADDER if rung.state and rung.day <= max(age, 0)][-1]


def rungs_reached(assured_on: date | None, day: date) -> list[Rung]:
    """The rungs that an entry has passed by a day, the first left out."""
    age = age_on(assured_on, day)
    return [] if age is None else [rung for rung in LADDER[1:] if rung.day <= age]
