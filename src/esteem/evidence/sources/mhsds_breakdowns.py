"""BREAKDOWN of the MHSDS monthly files as (geography, attribution, second dimension), and the groups of each second dimension."""

from __future__ import annotations

import re
from dataclasses import dataclass

from esteem.evidence.sources.group_names import NOT_KNOWN, deprivation_decile, ethnic_detail, ethnic_group

# Pattern of the geography's name, in order: a joint name such as "Sub ICB / CCG" is the newer of the two.
_GEOGRAPHIES = (
    ("england", r"england"),
    ("provider", r"provider"),
    ("sub_icb", r"sub[ -]?icb(?: ?/ ?ccg)?"),
    ("icb", r"icb(?: ?/ ?stp)?"),
    ("stp", r"stp"),
    ("ccg", r"ccg"),
    ("nhs_region", r"commissioning region"),
    ("council", r"local authority|cassr|la(?=$| )"),
)
# How a person is given to an area. The joint forms are the usual ones; single ones make a series of their own.
_ATTRIBUTIONS = ("gp practice or residence", "responsibility or residence", "residence", "responsibility", "gp practice")
USUAL = ("", "gp practice or residence", "responsibility or residence")

_DIMENSIONS = {
    "ethnicity": "ethnicity",
    "upper ethnicity": "ethnicity",
    "lower ethnicity": "ethnicity",
    "age": "age",
    "age group": "age",
    "age band": "age",
    "gender": "sex",
    "imd decile": "deprivation",
    "imd": "deprivation",
    "bed type": "bed_type",
    "provider of responsibility": "provider",
    "provider": "provider",
    "attendance": "attendance",
    "consmechanismmh": "consultation_mechanism",
    "ld status": "learning_disability",
    "autism status": "autism",
}


@dataclass(frozen=True)
class Breakdown:
    """`dimension` is "" when the file divides by area only."""

    geography: str
    attribution: str
    dimension: str


def read_breakdown(text: str) -> Breakdown | None:
    """`Sub ICB - GP Practice or Residence; Ethnicity` is (sub_icb, gp practice or residence, ethnicity); None for words not known."""
    folded = " ".join(text.split()).casefold()
    area, _, rest = folded.partition(";") if ";" in folded else folded.partition(" by ")
    dimension = _DIMENSIONS.get(rest.strip()) if rest else ""
    if dimension is None:
        return None
    for geography, pattern in _GEOGRAPHIES:
        if m := re.fullmatch(rf"(?:{pattern})(?: (?:-|of) (.+))?", area.strip()):
            attribution = m[1] or ""
            return Breakdown(geography, attribution, dimension) if attribution in ("", *_ATTRIBUTIONS) else None
    return None


def group(dimension: str, level: str, description: str) -> tuple[str, str] | None:
    """(breakdown, category) of a second level; None when the words are not known for this dimension."""
    level, description = " ".join(level.split()), " ".join(description.split())
    words = description if description and description.upper() != "NONE" else level
    if dimension == "ethnicity":
        return _ethnicity(level, words)
    if dimension == "deprivation":
        label = deprivation_decile(words) or (NOT_KNOWN if _unknown(words) else None)
        return ("deprivation", label) if label else None
    if dimension == "provider":
        return "provider", level
    return dimension, NOT_KNOWN if _unknown(words) else words


def _ethnicity(level: str, words: str) -> tuple[str, str]:
    """The letters A to Z and 99 are detailed groups; words that name a broad group are that group."""
    if re.fullmatch(r"[A-Z]|99", level):
        return "ethnicity_detail", ethnic_detail(words)
    broad = ethnic_group(words)
    if broad:
        return "ethnicity", broad
    return ("ethnicity", NOT_KNOWN) if _unknown(words) else ("ethnicity_detail", ethnic_detail(words))


def _unknown(words: str) -> bool:
    return words.casefold() in ("unknown", "not known", "not stated", "not stated/not known/invalid", "missing/invalid", "null")
