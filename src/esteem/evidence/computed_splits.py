"""Breakdowns of counted figures: the words a reader asks by, the columns of the records that hold the groups, and names for group codes."""

from __future__ import annotations

from esteem.evidence.computed_figures import Columns, Counting
from esteem.evidence.computed_places import PLACE_COLUMNS
from esteem.evidence.computed_places import WORDS as PLACE_WORDS
from esteem.evidence.records.schema import mhsds_v6
from esteem.terms.problems import Problem

# What a reader asks by -> columns that hold it; the first that the measure has is taken.
COLUMNS_OF = {
    "age": ("age_band", "age_group"),
    "sex": ("gender",),
    "ethnicity": ("ethnicity_group", "ethnicity_group_short", "ethnicity"),
    "ethnicity_detail": ("ethnicity",),
    "minority_ethnic": ("white_british",),
    "deprivation": ("imd_decile", "imd_quintile", "imd_core20"),
    "deprivation_quintile": ("imd_quintile",),
    "deprivation_core20": ("imd_core20",),
    "learning_disability": ("ld_status",),
    "autism": ("autism_status",),
    "bed_type": ("bed_type", "bed_group"),
}
_ALSO = {"gender": "sex", "age_band": "age", "imd_decile": "deprivation", "council": "local_authority", "trust": "provider"}
_ALSO |= {"ld_status": "learning_disability", "autism_status": "autism", "ethnicity_group": "ethnicity"}
WORDS = {
    "age": "age",
    "sex": "gender",
    "ethnicity": "ethnic group",
    "ethnicity_detail": "detailed ethnic group",
    "minority_ethnic": "ethnic minority or White British",
    "deprivation": "how deprived the area is",
    "deprivation_quintile": "how deprived the area is, in fifths",
    "deprivation_core20": "the most deprived fifth and the rest",
    "learning_disability": "learning disability",
    "autism": "autism",
    "bed_type": "kind of bed",
    "attendance": "whether the contact was attended",
    "mechanism": "how the contact was held",
    "delay_reason": "reason for the delay",
    "delay_attributed_to": "whom the delay is put down to",
    **PLACE_WORDS,
}
# Columns whose codes have names in the schema: column of the cohort -> code list
_NAMED = {"gender": "gender_identity", "ethnicity": "ethnicity2001", "ld_status": "ld_autism_status", "autism_status": "ld_autism_status"}
_NAMED |= {"attendance": "attendance", "mechanism": "consultation"}
_OWN_NAMES = {"gender": {"1": "Male", "2": "Female", "3": "Non-binary", "4": "Other", "9": "Indeterminate"}}
NOT_KNOWN = "Not known"


def columns_asked(counting: Counting, by: str | None, place_column: str) -> tuple[str, Columns]:
    """(what is asked, its columns) for `by`: one word or two with a comma between. Nothing for everyone together.

    Problem `breakdown-not-possible` names the breakdowns that the records can give for this kind of place.
    """
    if not by:
        return "all", ()
    names = [_ALSO.get(name, name) for name in (word.strip().lower().replace("-", "_").replace(" ", "_") for word in by.split(","))]
    if len(names) > 2 or len(set(names)) != len(names):
        raise Problem("breakdown-not-possible", "A figure is split by one thing, or by two crossed.", by, "Name one or two.")
    columns: list[str] = []
    for name in names:
        choices = COLUMNS_OF.get(name, (name,))
        found = next((column for column in choices if counting.possible(placed(place_column, (*columns, column)))), None)
        if found is None or found == place_column:
            raise _not_possible(counting, by, place_column)
        columns.append(found)
    return ",".join(names), tuple(columns)


def placed(place_column: str, columns: Columns) -> Columns:
    """The columns of a split within one kind of place."""
    return columns if place_column == "england" and columns else (place_column, *columns)


def splits_possible(counting: Counting, place_column: str = "england") -> list[str]:
    """Every word that a reader can ask by, for places of this kind."""
    declared = {column for b in counting.defined.measure.breakdowns for column in b.columns}
    held = {column for columns in COLUMNS_OF.values() for column in columns}
    own = [column for column in sorted(declared - held) if column in WORDS and column not in (*PLACE_COLUMNS, "england")]
    areas = [column for column in ("provider", "sub_icb", "icb", "region", "local_authority") if column != place_column]
    choices = COLUMNS_OF | {column: (column,) for column in (*own, *areas)}
    return [name for name, columns in choices.items() if any(counting.possible(placed(place_column, (column,))) for column in columns)]


def _not_possible(counting: Counting, by: str, place_column: str) -> Problem:
    can = splits_possible(counting, place_column)
    remedy = f"Ask by one of: {', '.join(can)}." if can else "Leave the breakdown out: the definition has no groups."
    rule = f"{counting.defined.measure.id} is split by what its definition knows of each row, within {PLACE_WORDS[place_column]}."
    return Problem("breakdown-not-possible", rule, by, remedy)


def group_name(columns: Columns, level: str) -> str:
    """`A;2` -> `British, Female`: the codes of a level in words."""
    parts = level.split(";") if len(columns) > 1 else [level]
    return ", ".join(_named(column, code) for column, code in zip(columns, parts, strict=True))


def _named(column: str, code: str) -> str:
    if code == "UNKNOWN":
        return NOT_KNOWN
    found = _OWN_NAMES.get(column, {}).get(code) or mhsds_v6().codes.get(_NAMED.get(column, ""), {}).get(code, code)
    return found[:1].upper() + found[1:]
