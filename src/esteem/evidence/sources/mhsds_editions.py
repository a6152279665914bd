"""Editions of the MHSDS monthly files: what a file name says, which of two files speaks, and whether a new one may replace an old one.

For one month Final outranks Performance, then a later version outranks an earlier one. Two different files of equal rank: stop and ask.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

import pyarrow as pa

from esteem.evidence.sources.contract import Check, Edition
from esteem.evidence.sources.parquet_tables import open_engine
from esteem.terms import periods
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

STATUS_RANK = {"performance": 1, "final": 2}
_STATUS_FORMS = {"p": "provisional", "prov": "provisional", "provisional": "provisional", "final": "final", "fin": "final"}
_STATUS_FORMS |= {"perf": "performance", "prf": "performance", "performance": "performance"}

# Words in a name that tell the companion files of the month from the main one; they never replace one another.
FAMILIES = (
    ("community waits", r"\b4ww\b|referral.?spells"),
    ("restrictive interventions", r"\brstr\b|restrictive"),
    ("out of area placements", r"\boaps?\b|out.of.area"),
    ("adult social care outcomes", r"\bascof\b"),
    ("time series", r"time.series"),
    ("data quality", r"\bdq\b|data.quality"),
    ("reference tables", r"reference.tables?"),
)
MAIN = "main"

_STATUS = r"(performance|perf|prf|provisional|prov|final|fin|p)"
_SHORT_NAME = re.compile(rf"\b([a-z]{{3,9}}?){_STATUS} (\d{{4}})\b", re.I)
_LONG_NAME = re.compile(rf"\bmonthly {_STATUS} ([a-z]{{3,9}}) (\d{{4}})\b", re.I)


@dataclass(frozen=True)
class NamedEdition:
    """What a file name says; `month` and `status` are None when it says nothing."""

    family: str
    month: periods.Period | None
    status: str | None
    version: int


def read_name(name: str) -> NamedEdition:
    """Family, month, status and version from a file name such as `MHSDS%20Data_AprPrf_2023 v3.csv`. `Sept` is September."""
    words = re.sub(r"\.(csv|zip|gz|txt)\b", " ", unquote(name), flags=re.I)
    words = " ".join(words.replace("_", " ").split())
    family = next((family for family, pattern in FAMILIES if re.search(pattern, words, re.I)), MAIN)
    version = re.search(r"\bv ?(\d+)\b", words, re.I)
    month = status = None
    if m := _LONG_NAME.search(words):
        status, month = m[1], _month(m[2], m[3])
    elif m := _SHORT_NAME.search(words):
        month, status = _month(m[1], m[3]), m[2]
    known = _STATUS_FORMS[status.casefold()] if status and month else None
    return NamedEdition(family, month, known, int(version[1]) if version else 1)


def _month(name: str, year: str) -> periods.Period | None:
    try:
        return periods.parse(f"{name} {year}")
    except Problem:
        return None


def edition_of(name: str, row_status: str, row_month: periods.Period) -> Edition:
    """The edition of a file from its name and its rows, which must agree; a name that says nothing leaves it to the rows.

    Raises Problem when they differ, or when the file is provisional (the older scheme), which is not for use.
    """
    named = read_name(name)
    status = _STATUS_FORMS.get(row_status.strip().casefold(), row_status.strip().casefold())
    if "provisional" in (named.status, status):
        rule = "Provisional files of the older scheme are not for use: wait for Performance or Final."
        raise Problem("edition-provisional", rule, name, "Load the Performance or Final file of this month.", name, column="STATUS")
    if status not in STATUS_RANK:
        raise Problem("edition-status", "STATUS is Performance or Final.", repr(row_status), "Ask the publisher.", name, 2, "STATUS")
    if named.status and named.status != status:
        raise _disagree(name, "STATUS", f"the name says {named.status}, the rows say {status}")
    if named.month and named.month != row_month:
        raise _disagree(name, "REPORTING_PERIOD_END", f"the name says {named.month.words}, the rows say {row_month.words}")
    what = "" if named.family == MAIN else f", {named.family}"
    label = f"{row_month.words} {status.capitalize()}{f' v{named.version}' if named.version > 1 else ''}{what}"
    return Edition(label, (STATUS_RANK[status], named.version), f"{named.family} {row_month.label}", None, status)


def _disagree(name: str, column: str, found: str) -> Problem:
    rule = "The name of a monthly file and its rows speak of one month and one status."
    return Problem("edition-disagrees", rule, found, "Give the file the publisher's own name, or download it again.", name, 2, column)


def decide(first: tuple[Edition, str], second: tuple[Edition, str]) -> Edition:
    """The edition that speaks, of two (edition, checksum) for the same month. Raises Problem for equal rank and different bytes."""
    (a, a_bytes), (b, b_bytes) = first, second
    if a.covers != b.covers:
        rule = "Editions are compared within one publication and month."
        raise Problem("edition-months-differ", rule, f"{a.covers} and {b.covers}", "Compare files of the same month.")
    if a.rank == b.rank and a_bytes != b_bytes:
        rule = "For one month Final outranks Performance, then a later version outranks an earlier one. These two rank equally and differ."
        found = f"{a.label} ({a_bytes[:12]}) and {b.label} ({b_bytes[:12]})"
        raise Problem("edition-equal-rank", rule, found, "Ask the publisher which file is right, and load only that one.")
    return max((a, b), key=lambda edition: edition.rank)


# Suggested stops: a change this large between two editions of a month wants a person's eye before it is published.
TOTAL_MOVES = 0.5  # the total of a measure over all areas, as a share
AREAS_LOST = 5  # areas that had a number and have none now
AREAS_MOVED = 10  # areas whose number moves by more than TOTAL_MOVES

_COMPARED = f"""
with pairs as (
    select series, place, o.value as old, n.value as new, o.series is not null and n.series is not null as in_both
    from (select * from old_rows where breakdown = 'all') o
    full join (select * from new_rows where breakdown = 'all') n using (series, place, period_start, period_end)
)
select
    series, coalesce(sum(old) filter (place <> '{ENGLAND}'), 0), coalesce(sum(new) filter (place <> '{ENGLAND}'), 0),
    count(*) filter (old is not null and new is null),
    count(*) filter (old <> 0 and abs(new - old) > {TOTAL_MOVES} * abs(old)),
    count(*) filter (in_both and ((old = 0 and new is null) or (old is null and new = 0)))
from pairs group by series order by series
"""


def compare_editions(old: pa.Table, new: pa.Table) -> list[Check]:
    """Suggested stops between two editions of one month (tables of observations), one check for each rule and measure that breaks it.

    When nothing is suspicious there is one passed check for each rule. Totals are of non-null values over all areas but England.
    """
    engine = open_engine()
    engine.register("old_rows", old)
    engine.register("new_rows", new)
    measures = engine.execute(_COMPARED).fetchall()
    rules = (
        ("total moves by more than half", lambda m: abs(m[2] - m[1]) > TOTAL_MOVES * abs(m[1]), lambda m: f"{m[1]:,.0f} to {m[2]:,.0f}"),
        (f"a number is gone in more than {AREAS_LOST} areas", lambda m: m[3] > AREAS_LOST, lambda m: f"{m[3]} areas"),
        (f"more than {AREAS_MOVED} areas move by more than half", lambda m: m[4] > AREAS_MOVED, lambda m: f"{m[4]} areas"),
        ("zero becomes missing, or missing becomes zero", lambda m: m[5] > 0, lambda m: f"{m[5]} areas"),
    )
    checks = []
    for rule, breaks, words in rules:
        broken = [Check(f"{m[0]}: {rule}", False, words(m)) for m in measures if breaks(m)]
        checks.extend(broken or [Check(f"No measure: {rule}", True, f"{len(measures)} measures compared")])
    return checks
