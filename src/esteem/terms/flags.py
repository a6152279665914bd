"""Flags a figure carries: why a value is missing, or what to know before it is used.

A missing value always has a flag that says why. A suppressed value is never zero.
"""

from __future__ import annotations

# Why there is no value.
SUPPRESSED = "suppressed"  # the publisher hid it (`*`, `[c]`): a small number
NOT_COLLECTED = "not_collected"  # `[x]`, `-`, `NULL`, `N/A`, `#N/A`: nobody measured it, or it does not apply
UNKNOWN = "unknown"  # blank in the file, with no reason given
UNRELIABLE = "unreliable"  # the publisher withheld it as not reliable (ONS status `u`)
SUPPRESSED_PART = "suppressed_part"  # a pooled or derived figure one of whose parts is suppressed
MISSING_PART = "missing_part"  # a pooled or derived figure one of whose parts has no value for another reason
NOT_POOLABLE = "not_poolable"  # adding these places or periods would not give a valid figure
TOO_FEW = "too_few"  # the method gives no answer for so few events

# What to know about a value.
EXACT = "exact"  # published unrounded
ROUNDED = "rounded"  # published rounded (counts to 5, per cents to whole numbers)
PROVISIONAL = "provisional"  # a later edition is expected
CARRIED_FORWARD = "carried_forward"  # the publisher repeated an earlier year's value: leave out of trends
METHOD_BREAK = "method_break"  # definition or method changed at this period
SUBMISSION_GAP = "submission_gap"  # a large provider seems to be missing
MODELLED = "modelled"  # estimated by a model, not counted
POOLED = "pooled"  # several places or periods added by Esteem
DERIVED = "derived"  # worked out by Esteem from published figures (the method says how)
REVISED = "revised"  # differs from an earlier edition of the same cell
OUTLIER = "outlier"  # marked as doubtful by the project's data guide; kept, and shown as such
FEW_EVENTS = "few_events"  # a rate on fewer than 20 events, which the ONS marks as unreliable: given, to be read with care
ROUNDED_HERE = "rounded_here"  # counted here from records and rounded for release
INVENTED = "invented"  # counted from records of invented people: to try things out, never to judge a place
HOLDS_PLACE = "holds_place"  # the figure is for a larger area that holds the place asked for

MISSING = frozenset({SUPPRESSED, NOT_COLLECTED, UNKNOWN, UNRELIABLE, SUPPRESSED_PART, MISSING_PART, NOT_POOLABLE, TOO_FEW})

WORDS = {
    SUPPRESSED: "suppressed by the publisher because the number is small",
    NOT_COLLECTED: "not collected",
    UNKNOWN: "blank in the published file",
    UNRELIABLE: "withheld by the publisher as unreliable",
    SUPPRESSED_PART: "not given because a part of it is suppressed",
    MISSING_PART: "not given because a part of it is missing",
    NOT_POOLABLE: "not given because these figures cannot be added together",
    TOO_FEW: "not given because there are too few events",
    EXACT: "published unrounded",
    ROUNDED: "rounded by the publisher",
    PROVISIONAL: "provisional",
    CARRIED_FORWARD: "repeated by the publisher from an earlier year",
    METHOD_BREAK: "the definition changed here",
    SUBMISSION_GAP: "a large provider seems to be missing",
    MODELLED: "estimated by a model",
    POOLED: "added up from several places or periods",
    DERIVED: "worked out from published figures",
    REVISED: "revised since an earlier edition",
    OUTLIER: "doubtful: see the quality notes",
    FEW_EVENTS: "rests on few events: read it with care",
    ROUNDED_HERE: "rounded here, so that nobody can be recognised",
    INVENTED: "counted from invented people",
    HOLDS_PLACE: "for a larger area that holds this place",
}


def join(flags) -> str:
    """Flags as one text cell: sorted, single spaces, no repeats."""
    return " ".join(sorted(set(flags)))


def split(text: str | None) -> list[str]:
    return (text or "").split()
