"""Canonical words for groups of people, so that one group has one name whichever file it comes from."""

from __future__ import annotations

import re

NOT_KNOWN = "Not known or not stated"

ETHNIC_GROUPS = ("Asian or Asian British", "Black or Black British", "Mixed", "White", "Other ethnic groups", NOT_KNOWN)

# What publishers write, folded, where it is not the canonical name itself.
_ETHNIC_FORMS = {
    "asian": ETHNIC_GROUPS[0],
    "black": ETHNIC_GROUPS[1],
    "black, black british, caribbean or african": ETHNIC_GROUPS[1],
    "black or black british or caribbean or african": ETHNIC_GROUPS[1],
    "mixed or multiple ethnic groups": ETHNIC_GROUPS[2],
    "white or white british": ETHNIC_GROUPS[3],
    "other": ETHNIC_GROUPS[4],
    "other ethnic group": ETHNIC_GROUPS[4],
    "not stated": NOT_KNOWN,
    "not known": NOT_KNOWN,
    "unknown": NOT_KNOWN,
    "not stated/not known/invalid": NOT_KNOWN,
}
_ETHNIC_FORMS |= {name.casefold(): name for name in ETHNIC_GROUPS}

_DETAIL_FORMS = {"british": "White British", "irish": "White Irish", "gypsy": "Gypsy or Irish Traveller", "roma": "Roma"}


def ethnic_group(text: str) -> str | None:
    """Broad ethnic group, or None for words that are not known to be one."""
    return _ETHNIC_FORMS.get(" ".join(text.split()).casefold())


def ethnic_detail(text: str) -> str:
    """Detailed ethnic group: `British` becomes `White British`, `Any Other Asian Background` becomes `Any other Asian background`."""
    t = " ".join(text.split())
    if t.casefold() in _DETAIL_FORMS:
        return _DETAIL_FORMS[t.casefold()]
    for word in ("Other", "Background", "Ethnic", "Group"):
        t = t.replace(f" {word}", f" {word.lower()}")
    return t


def deprivation_decile(text: str) -> str | None:
    """`1 most deprived`, `2` ... `9`, `10 least deprived`, whichever way the file counts; None for anything else.

    The words at the ends decide: `10 Most deprived` and `01 Most deprived` are the same tenth. For the tenths between them the words
    `more` and `less` decide the direction: `02 Less deprived` counts from the least deprived, `02 More deprived` from the most.
    """
    m = re.fullmatch(r"0?(\d{1,2}) (most|more|less|least) deprived", " ".join(text.split()).casefold())
    if not m or not 1 <= int(m[1]) <= 10:
        return None
    number, word = int(m[1]), m[2]
    low_end_is_most = (number <= 5) == (word in ("most", "more"))
    return deprivation_label(number if low_end_is_most else 11 - number)


def deprivation_label(number: int) -> str:
    """Label of a tenth counted from the most deprived, as ONS and MHCLG count."""
    return {1: "1 most deprived", 10: "10 least deprived"}.get(number, str(number))
