"""Events and quality notes that several measures share: what happened, from when, where, and who says so.

A note that starts new limits (`rebase`) or keeps months out of them (`exclude`) always gives its reason and its author, so that a
reader can disagree.
"""

from __future__ import annotations

from datetime import date

from esteem.evidence.model import Measure, Note
from esteem.terms.periods import Period

GUIDE = "data guide of the project"

PANDEMIC = Note(
    "The COVID-19 pandemic: from March 2020 fewer people were referred, and services worked in other ways.",
    start=date(2020, 3, 1),
    source="general knowledge; first lockdown 23 March 2020",
)
ROUNDED_COUNTS = Note(
    "Below England, counts are rounded to the nearest 5, per cents to whole numbers, and counts under 5 are hidden. "
    "Places do not add up to England.",
    source="publisher's own rounding rule",
)
WHOLE_PER_CENTS = Note(
    "Published as a share without the counts behind it: no interval can be given, and places cannot be added together.",
    source="NHS Mental Health Dashboard, Q4 2021/22",
)
FOLLOW_UP_CHANGE = Note(
    "In 2020/21 follow-up within 72 hours took the place of follow-up within 7 days. The two are different measures: "
    "they are never drawn as one line.",
    start=date(2020, 4, 1),
    source="NHS Mental Health Dashboard, metadata",
)
CLOCK_STOP_CHANGE = Note(
    "For referrals that start on or after 1 April 2024 the adult clock stops only after a meaningful assessment as well. "
    "Fewer clock stops after that day are a new definition, not less care.",
    start=date(2024, 4, 1),
    source="NHS England, Mental Health Services Monthly Statistics",
)
SUBMISSION_STEPS = Note(
    "Some months lack a large provider: South East London in July 2024, Mid and South Essex in May, June and August 2024.",
    start=date(2024, 5, 1),
    end=date(2024, 8, 31),
    places=("QKK", "QH8", "R1L"),
    source=GUIDE + ", section 3.5",
)
PSYCHOSIS_RUN_IN = Note(
    "The two-week standard began in April 2016. December 2015 to March 2016 were the run-in months, so they stay out of the limits.",
    start=date(2015, 12, 1),
    end=date(2016, 3, 31),
    exclude=True,
    source=GUIDE + ", section 3.2",
)
ESSEX_TRUST_MERGER = Note(
    "South Essex Partnership (RWN) and North Essex Partnership (RRD) became Essex Partnership (R1L) in April 2017: "
    "the series by area is unbroken, the series by provider is not.",
    start=date(2017, 4, 1),
    places=("R1L", "RWN", "RRD"),
    source=GUIDE + ", section 3.2",
)
SOUTHEND_FEBRUARY_2019 = Note(
    "Southend shows a recovery rate of 89% in February 2019 and 51% to 60% in the months that follow. "
    "It looks like an error of that month's return, so it stays out of the limits.",
    start=date(2019, 2, 1),
    end=date(2019, 2, 28),
    places=("99G",),
    exclude=True,
    source=GUIDE + ", section 3.3",
)
POPULATION_BASE = Note(
    "Rates up to 2020 rest on population estimates made before the 2021 census, later rates on the census: "
    "do not draw a trend across the change.",
    start=date(2021, 1, 1),
    source=GUIDE + ", sections 3.4 and 3.13",
)
SECTION_136_UNDER_RECORDED = Note(
    "Essex Partnership reports 35 uses of section 136 against 175 at Oxleas: it seems to record too few. Read it as a gap in recording.",
    places=("R1L", "QH8"),
    source=GUIDE + ", section 3.4",
)
ACUTE_COUNTED_IN_ENGLAND = Note(
    "Local figures come from mental health returns; the England total also counts detentions in acute hospitals.",
    source="NHS England, Mental Health Act Statistics, Annual Figures 2023-24",
)
OVERLAPPING_YEARS = Note(
    "Each figure covers three years, and neighbours share two of them: they are not independent, so there are no control limits.",
    source="ONS",
)
ROLLING_YEAR = Note(
    "Each figure counts the 12 months to the end of the quarter, so neighbours share nine months and there are no control limits.",
    source="NHS Mental Health Dashboard, metadata",
)
CONTROL_TOTAL = "values of Southend (99G), Bexley or England read by hand from the publisher's file"


def annotations(measure: Measure, place: str, first: Period | None = None, last: Period | None = None) -> list[Note]:
    """The measure's notes that concern `place`, undated ones first, then by date; dated ones only when they touch first..last."""

    def touches(note: Note) -> bool:
        if note.start is None or first is None or last is None:
            return True
        return note.start <= last.end and (note.end or note.start) >= first.start

    notes = [note for note in measure.notes if note.about(place) and touches(note)]
    return sorted(notes, key=lambda note: note.start or date.min)
