"""Places: dated codes for areas and organisations.

One canonical code for each place: ODS codes for NHS areas and organisations (`99G`, `QH8`, `Y61`, `R1L`), ONS codes for councils and
statistical regions (`E06000033`, `E10000012`, `E12000006`), `E92000001` for England. A CCG and the sub-ICB location that follows it
under the same code are one place with two dated kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ENGLAND = "E92000001"

KINDS = (
    "country",
    "region",  # ONS statistical region, E12
    "nhs_region",  # NHS England commissioning region, Y..
    "icb",  # integrated care board; before July 2022 the STP of the same code
    "sub_icb",  # sub-ICB location; before July 2022 the CCG of the same code
    "ccg",  # CCG that ended before July 2022
    "utla",  # county council
    "ltla",  # district council
    "metropolitan_county",  # E11: no council since 1986, still used in statistics
    "combined_authority",  # E47
    "region_part",  # E13: inner and outer London
    "unitary",  # both upper and lower tier: unitary, metropolitan or London borough
    "trust",  # NHS trust
    "provider",  # any other provider of care
    "practice",  # GP practice
    "lsoa",
    "msoa",
    "ward",
    "group",  # several places together
    "unknown",  # the publisher's own rows for unknown or invalid areas
)

_ENGLAND_FORMS = {"e92000001", "england", "eng", "en", "all", "all prov", "all providers", "all submissions", "national"}


@dataclass(frozen=True)
class Place:
    """`valid_to` is the last day the place existed, None while it exists. `note` says what a reader must know of its boundaries."""

    code: str
    name: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


def is_england(code: str) -> bool:
    """True for every way in which publishers write England's code (trim, fold case)."""
    return " ".join(code.split()).lower() in _ENGLAND_FORMS
