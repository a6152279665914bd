"""What the project's data guide knows of doubtful steps in the MHSDS monthly figures: flags for the cells, reasons for the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from esteem.terms import flags as flag
from esteem.terms.periods import Period


@dataclass(frozen=True)
class KnownEvent:
    """Cells of `measures` (a pattern) at `places` (empty = everywhere) whose period ends in one of `ends`."""

    flag: str
    measures: str
    places: tuple[str, ...]
    ends: tuple[date, ...]
    reason: str


_SPRING_TO_AUTUMN_2024 = tuple(date(2024, m, d) for m, d in ((4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30)))

KNOWN_EVENTS = (
    KnownEvent(
        flag.METHOD_BREAK,
        r"MRS0[12][a-f]?",
        (),
        _SPRING_TO_AUTUMN_2024,
        "For spells that began on or after 1 April 2024 the adult clock stop also needs a meaningful assessment. While older and newer "
        "spells are mixed, fewer clock stops do not mean less care: in Mid and South Essex they fell from 140 to 30 while about as many "
        "spells began.",
    ),
    KnownEvent(
        flag.SUBMISSION_GAP,
        r"MRS\d\d[a-f]?",
        ("QKK",),
        (date(2024, 7, 31),),
        "South East London: about four in ten open spells are gone in July 2024 and back in August. A large provider seems to be missing.",
    ),
    KnownEvent(
        flag.SUBMISSION_GAP,
        r"MRS0(2|3|6|7)[a-f]?",
        ("QH8", "R1L"),
        (date(2024, 5, 31), date(2024, 6, 30), date(2024, 8, 31)),
        "Mid and South Essex follows Essex Partnership (R1L), whose open adult spells halve in May, June and August 2024 and are back in "
        "between: part of its submission seems to be missing.",
    ),
)


def known_flags(measure: str, place: str, period: Period) -> list[str]:
    """Flags that known events put on one cell."""
    return [
        event.flag
        for event in KNOWN_EVENTS
        if period.end in event.ends and (not event.places or place in event.places) and re.fullmatch(event.measures, measure)
    ]
