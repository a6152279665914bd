"""The two witnesses of a measure beside each other, and why they differ, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from esteem.evidence.computed_figures import Counting
from esteem.evidence.computed_places import WORDS, CountedPlace
from esteem.evidence.definitions.mhsds import Defined
from esteem.evidence.publish import Released
from esteem.evidence.records.record_store import months_in_words
from esteem.terms import flags as flag

_BY_AREA = ("sub_icb", "icb", "region")


@dataclass(frozen=True)
class Witness:
    """One line of the table of witnesses, in words. `address` leads to the page behind it."""

    name: str
    value: str
    interval: str
    counts: str
    period: str
    source: str
    address: str


def differences(
    found: Defined, counting: Counting, place: CountedPlace, published: Released | None, own: Released, corrected_differs: bool
) -> Iterator[str]:
    """Every reason that is known for the figures not to be equal; the plainest first."""
    records = counting.records
    if records.invented:
        yield "The records are of invented people. They follow the published figures of a place, and are not its figures."
    if published is not None:
        if (published.period.start, published.period.end) != (own.period.start, own.period.end):
            yield f"Another time: published for {published.period.words}, counted for {own.period.words}."
        for file in published.files:
            yield f"Other records: the published figure is from {file.label or file.title}; ours are edition {records.id}, {records.label}."
        if flag.ROUNDED in published.flags:
            yield "Rounding: the published figure is rounded."
    if flag.ROUNDED_HERE in own.flags:
        yield "Rounding: counts here are to the nearest 5, shares to whole per cents, rates and means to whole numbers."
    held = len(counting.places().get("provider", ()))
    whose = f"{held} provider{'' if held == 1 else 's'}"
    yield f"What is loaded: records of {whose}, {months_in_words(records.months)}; a national figure has all."
    if place.column in _BY_AREA:
        yield f"Where people belong: this is the {WORDS[place.column]}, by the reference tables that were loaded."
    elif place.column in ("provider", "responsible_provider"):
        yield "A provider's figure has everybody it helped, wherever they live."
    if any(cohort.counts_in for cohort in counting.cohorts()):
        yield "Each place counts a person once, at the first contact there, so places do not add up to England."
    quirks = len(found.family.quirks)
    if quirks:
        effect = "here the corrected figure differs" if corrected_differs else "none of them changes this figure"
        yield f"Quirks of the national code: {quirks} known for this family; {effect}."
