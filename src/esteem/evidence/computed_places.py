"""Places of loaded records: which codes they hold, what each is called, and which column of the records a place asked for stands in."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from esteem.evidence.computed_figures import Counting
from esteem.evidence.places_asked import EVERY
from esteem.terms.places import ENGLAND, is_england
from esteem.terms.problems import Problem

# Columns that say a place, in the order in which they are tried: of two that hold a code the first that the measure has is taken.
PLACE_COLUMNS = ("provider", "responsible_provider", "sending_provider", "receiving_provider", "sub_icb", "icb", "region")
PLACE_COLUMNS += ("local_authority", "sub_icb_of_residence")
WORDS = {
    "england": "England",
    "provider": "provider",
    "responsible_provider": "provider responsible",
    "sending_provider": "sending provider",
    "receiving_provider": "receiving provider",
    "sub_icb": "sub-ICB of the GP practice, else of residence",
    "icb": "integrated care board of the GP practice, else of residence",
    "region": "NHS region of the GP practice, else of residence",
    "local_authority": "council of residence",
    "sub_icb_of_residence": "sub-ICB of residence",
}
# What may follow `all:` for records
EVERY_OF = {
    "provider": "provider",
    "trust": "provider",
    "sub_icb": "sub_icb",
    "ccg": "sub_icb",
    "icb": "icb",
    "stp": "icb",
    "nhs_region": "region",
    "region": "region",
    "council": "local_authority",
}
UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class CountedPlace:
    """`column` of the records whose value `level` is this place; `code` and `name` are those a reader knows."""

    code: str
    name: str
    column: str
    level: str


def places_asked(counting: Counting, geography, where: str) -> list[CountedPlace]:
    """The places of a question, in the order of their codes when it is about every place of a kind.

    Problems `place-not-in-records`, `place-not-counted` (the records know it, the measure is not counted by such places),
    `not-poolable` (several places added up), `kind-unknown`.
    """
    text = where.strip()
    if text.casefold().startswith(EVERY):
        return _every(counting, geography, text[len(EVERY) :].strip().lower().replace("-", "_"))
    if is_england(text) or text.casefold() == "england":
        return [CountedPlace(ENGLAND, "England", "england", "England")]
    if "+" in text:
        rule = "People counted in two places are one person: places counted from records cannot be added up."
        raise Problem("not-poolable", rule, text, "Ask for each place by itself.")
    return [_one(counting, geography, text)]


def _one(counting: Counting, geography, text: str) -> CountedPlace:
    codes = _codes(geography, text)
    held = levels_held(counting, PLACE_COLUMNS)
    for column in PLACE_COLUMNS:
        found = next((code for code in codes if code in held.get(column, ())), None)
        if found:
            return CountedPlace(codes[0], name_of(counting, geography, found), column, found)
    known = places_known(counting)
    column = next((column for column, names in known.items() if set(codes) & set(names)), None)
    if column is None:
        raise _not_in_records(counting, text, known)
    level = next(code for code in codes if code in known[column])
    if column in held:  # the place is there and has no row: none, which is an answer
        return CountedPlace(codes[0], name_of(counting, geography, level), column, level)
    rule = f"{counting.defined.measure.id} is counted by: {', '.join(WORDS[c] for c in held) or 'England alone'}."
    raise Problem("place-not-counted", rule, f"{text} is a {WORDS[column]}", "Ask for one of these kinds of place, or for England.")


def _codes(geography, text: str) -> list[str]:
    """The code as asked for and every other code that names the same place."""
    if geography is None or not geography.knows(text):
        return [text.upper()]
    code = geography.canonical(text)
    return list(dict.fromkeys((code, text.upper(), *geography.codes_of(code))))


def _not_in_records(counting: Counting, text: str, known: dict[str, dict[str, str]]) -> Problem:
    names = {code: f"{code} ({name})" if name else code for held in known.values() for code, name in held.items() if code != UNKNOWN}
    near = get_close_matches(text.upper(), names, n=5, cutoff=0.5) or sorted(names)[:8]
    found = f"Loaded are {counting.records.label}, with for example {', '.join(names[code] for code in near)}."
    return Problem("place-not-in-records", "A figure is counted for a place that the loaded records hold.", text, found)


def _every(counting: Counting, geography, kind: str) -> list[CountedPlace]:
    column = EVERY_OF.get(kind)
    if column is None:
        raise Problem("kind-unknown", "After `all:` comes a kind of place.", kind, f"Use one of: {', '.join(EVERY + k for k in EVERY_OF)}.")
    held = levels_held(counting, (column,))
    if column not in held:
        rule = f"{counting.defined.measure.id} is not counted by {WORDS[column]}."
        raise Problem("place-not-counted", rule, f"all:{kind}", "Ask for another kind of place, or for England.")
    codes = sorted({*held[column], *places_known(counting).get(column, ())} - {UNKNOWN})
    return [CountedPlace(code, name_of(counting, geography, code), column, code) for code in codes]


def levels_held(counting: Counting, columns: tuple[str, ...]) -> dict[str, set[str]]:
    """Column -> codes with a figure; columns that the measure is not counted by are left out."""
    return {columns[0]: set(levels) for columns, levels in counting.levels((column,) for column in columns).items()}


def places_known(counting: Counting) -> dict[str, dict[str, str]]:
    """Column -> code -> name of every place that the records of the month name, whatever is counted there."""
    return counting.places()


def name_of(counting: Counting, geography, code: str) -> str:
    if geography is not None and geography.knows(code):
        return geography.place(code).name
    return next((names[code] for names in places_known(counting).values() if names.get(code)), "") or code
