"""What the variables of the annual NHS Talking Therapies files are called in Esteem, and which of them are kept.

`group_of` turns (variable_type, variable_a, variable_b) into a breakdown and a category. Variables that no measure of the sheets uses are
named in `LEFT_OUT` with the reason, so that nothing is left out without being said.
"""

from __future__ import annotations

import re

from esteem.evidence.sources.group_names import NOT_KNOWN, deprivation_decile, ethnic_detail, ethnic_group

LEFT_OUT = {
    "Religion": "no measure of the two sheets asks for it",
    "Consultation Medium": "describes how appointments were held, not who is helped",
    "Stepped Care Pathway": "describes the order of therapies, not who is helped",
    "Mental Health Care Cluster": "the clusters are no longer used",
}

# In the published definitions "BME" is every ethnic category but White British, so White minorities are in it.
_MINORITY = {"BME": "Ethnic minorities (all but White British)", "White British": "White British"}

_SIMPLE = {
    "Age Group": ("age", {}),
    "Gender": ("sex", {"Indeterminate (unable to be classified as male or female)": "Indeterminate"}),
    "BME Group": ("minority_ethnic", _MINORITY),
    "Long Term Condition Status": ("long_term_condition", {}),
    "Sexual Orientation Type": ("sexual_orientation", {"Bi-sexual": "Bisexual", "Gay/Lesbian": "Gay or lesbian"}),
}

_WAITS = {
    "<6 weeks": "under 6 weeks",
    "<18 weeks": "under 18 weeks",
    "<=28 days": "28 days or fewer",
    "29-56 days": "29 to 56 days",
    "57-90 days": "57 to 90 days",
    ">90 days": "over 90 days",
    "mean wait": "mean wait",
}
# "First treatment" became "Accessing services" in 2022-23 without another change.
_WAIT_FROM = {
    "accessing services": "First treatment",
    "first treatment": "First treatment",
    "first to second treatment": "First to second treatment",
}

_NOTHING = {"", "NULL", "NA"}


def group_of(variable_type: str, a: str, b: str) -> tuple[str, str] | None:
    """(breakdown, category), or None when these words are not known."""
    a, b = ("" if part in _NOTHING else part for part in (a.strip(), b.strip()))
    if variable_type in _SIMPLE:
        breakdown, words = _SIMPLE[variable_type]
        return (breakdown, _known(words.get(a, a))) if a else None
    special = {
        "Total": _total,
        "Ethnic Group": _ethnic,
        "Indices of Deprivation Decile": _deprivation,
        "Disability Type": _disability,
        "Waiting Time": _waiting,
        "Presenting Complaint": _problem,
        "Problem Descriptor": _problem,
    }.get(variable_type)
    return special(a, b) if special else None


def _known(words: str) -> str:
    return NOT_KNOWN if words.casefold() == "not stated/not known/invalid" else words


def _total(a: str, b: str):
    return None if a or b else ("all", "All")


def _ethnic(a: str, b: str):
    broad = ethnic_group(a)
    if broad is None:
        return None
    return ("ethnicity", broad) if b in ("", "All") else ("ethnicity_detail", ethnic_detail(b))


def _deprivation(a: str, b: str):
    label = NOT_KNOWN if _known(a) == NOT_KNOWN else deprivation_decile(a)
    return ("deprivation", label) if label else None


def _disability(a: str, b: str):
    """Code numbers go, words stay: `02 Hearing` is `Hearing`."""
    return ("disability", re.sub(r"^(\d\d|NN|XX|ZZ) ", "", a)) if a else None


def _waiting(a: str, b: str):
    if a.casefold() == "no second treatment appointment":
        return "waiting_time", "No second treatment"
    start, wait = _WAIT_FROM.get(a.casefold()), _WAITS.get(b.casefold())
    return ("waiting_time", f"{start}: {wait}") if start and wait else None


def _problem(a: str, b: str):
    """`Anxiety and stress related disorders: Agoraphobia`; the whole group without a second part."""
    a, b = _known(a), _known(b)
    whole = b in ("", "All", "Total") or b == a
    return ("problem", a if whole else f"{a}: {b[0].upper()}{b[1:]}") if a else None
