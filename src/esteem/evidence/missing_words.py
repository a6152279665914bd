"""A few words for a figure that is not given."""

from __future__ import annotations

from esteem.terms import flags as flag

# The first that applies speaks: a suppressed part is named before any other reason.
_SHORT = {
    flag.SUPPRESSED: "suppressed",
    flag.SUPPRESSED_PART: "not given: a part is suppressed",
    flag.NOT_POOLABLE: "cannot be added up",
    flag.TOO_FEW: "too few to say",
    flag.NOT_COLLECTED: "not collected",
    flag.UNRELIABLE: "withheld as unreliable",
    flag.MISSING_PART: "not given: a part is missing",
}


def why_missing(value) -> str:
    """Why a Value has no number, in one to six words."""
    return next((words for name, words in _SHORT.items() if name in value.flags), "not known")
