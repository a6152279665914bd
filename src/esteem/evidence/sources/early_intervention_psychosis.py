"""Early Intervention in Psychosis waiting times, monthly by provider and CCG, December 2015 to September 2019 (NHS England).

The file has no England rows and no suppression: its counts are exact, so sums over providers (a CCG), over CCGs (a provider) and over
all rows (England) are valid. Each sum keeps the rows it came from.
"""

from __future__ import annotations

from collections import defaultdict

import pyarrow.compute as pc

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy, silent
from esteem.evidence.sources.observation_rows import ObservationRows, april_before, place_code, rows_in_words
from esteem.terms import flags as flag
from esteem.terms.periods import month, parse_day
from esteem.terms.places import ENGLAND, Place
from esteem.terms.problems import Problem

_BANDS = (
    *("Gt_0_1_Weeks", "Gt_1_2_Weeks", "Gt_2_3_Weeks", "Gt_3_4_Weeks", "Gt_4_5_Weeks", "Gt_5_6_Weeks", "Gt_6_7_Weeks"),
    *("Gt_7_8_Weeks", "Gt_8_9_Weeks", "Gt_9_10_Weeks", "Gt_10_11_Weeks", "Gt_11_12_Weeks", "Gt_12_Plus_Weeks"),
)
COLUMNS = ("Date", "Provider_Org_code", "Provider_name", "Org_Code", "CCG_Name", "Description", *_BANDS, "Total_Pathways")

_SERIES_OF = {
    "EIP pathways completed this month": "eip_history.completed",
    "EIP pathways incomplete at month end": "eip_history.incomplete",
}
_PSEUDO = {"X24": "NHS England commissioning", "NONC": "No commissioner recorded"}
_ROUNDING = "none: every count is published as it is"
SERIES = [
    Series(
        "eip_history.completed",
        "First episode psychosis: started treatment within two weeks of referral",
        "proportion",
        "EIP pathways completed this month",
        "proportion",
        _ROUNDING,
        notes=(
            "(Gt_0_1_Weeks + Gt_1_2_Weeks) / Total_Pathways, added over the rows of a place and month.",
            "The standard began in April 2016: December 2015 to March 2016 are run-in months and lie low.",
            "Essex providers changed in April 2017 (RWN and RRD became R1L): the series of a CCG is unbroken, that of a provider is not.",
        ),
    ),
    Series(
        "eip_history.incomplete",
        "First episode psychosis: still waiting at the end of the month, share waiting two weeks or less",
        "proportion",
        "EIP pathways incomplete at month end",
        "proportion",
        _ROUNDING,
        notes=(
            "(Gt_0_1_Weeks + Gt_1_2_Weeks) / Total_Pathways of those still waiting; a count at one moment, not to be added over months.",
        ),
    ),
]


def recognise(raw: RawFile) -> Edition | None:
    if not delimited.matches(delimited.header(raw), COLUMNS):
        return None
    return Edition("EIP waiting times history file, December 2015 to September 2019", (2019, 9), "", None, "final")


class _Sum:
    """Pathways of one place, month and description, with the rows they came from and what they lack."""

    def __init__(self):
        self.within, self.total, self.rows, self.lacks = 0.0, 0.0, [], set()


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress = silent) -> Tidy:
    out = Tidy(series=list(SERIES))
    sums: dict[tuple, _Sum] = defaultdict(_Sum)
    places: dict[str, Place] = {}
    for key, group in _rows_by_key(raw, progress, out).items():
        counts, lack = _counts(key, group, out.rejected)
        out.rows_kept += not lack
        for sum_key in _sum_keys(group[0], canonical, places, raw.name):
            found = sums[sum_key]
            found.rows.append(group[0][0])
            found.within += counts[0]
            found.total += counts[1]
            found.lacks |= lack
    out.observations = _observations(sums).table(out.rejected)
    out.places = list(places.values())
    return out


def _rows_by_key(raw: RawFile, progress: Progress, out: Tidy) -> dict[tuple, list]:
    """(row, fields) of each date, provider, CCG and description: one, unless the file repeats itself."""
    found: dict[tuple, list] = defaultdict(list)
    for row, fields in delimited.records(raw, COLUMNS, progress, out.rejected):
        out.rows_read += 1
        found[tuple(fields[i].strip() for i in (0, 1, 3, 5))].append((row, fields))
    return found


def _sum_keys(first: tuple, canonical: Canonical, places: dict[str, Place], file: str) -> list[tuple]:
    """(series, first day, place) of each sum the row belongs to: its CCG, its provider and England."""
    row, fields = first
    text, provider, provider_name, ccg, ccg_name, description = (f.strip() for f in fields[:6])
    if description not in _SERIES_OF:
        rule = f"The description is one of: {'; '.join(_SERIES_OF)}."
        raise Problem("label-unknown", rule, description, "Tell the developers of the new kind of row.", file, row, "Description")
    try:
        start = parse_day(text)
    except Problem as problem:
        raise Problem(problem.code, problem.rule, problem.found, problem.remedy, file, row, "Date") from problem
    provider_code, ccg_code = place_code(provider, canonical), place_code(ccg, canonical)
    places.setdefault(provider_code, Place(provider_code, provider_name, "provider"))
    places.setdefault(ccg_code, Place(ccg_code, _PSEUDO.get(ccg, ccg_name), "unknown" if ccg in _PSEUDO else "ccg"))
    return [(_SERIES_OF[description], start, place) for place in (ccg_code, provider_code, ENGLAND)]


def _counts(key: tuple, group: list, rejected: list[Rejected]) -> tuple[tuple[float, float], set[str]]:
    """((within two weeks, all pathways), what is lacking): nothing lacks when the row can be used."""
    row, fields = group[0]
    words = ", ".join(key)
    if any(other != fields for _, other in group[1:]):
        rule = "Each month, provider, CCG and description stands once. Rows with different figures are all left out."
        remedy = "Ask the publisher which row is right; sums that hold it have no value."
        rejected.extend(Rejected(f"row {n}", "", rule, f"{words}: {','.join(f[6:])}", remedy) for n, f in group)
        return (0, 0), {flag.MISSING_PART}
    rule = f"Each month, provider, CCG and description stands once. This repeats row {row} and is kept once."
    remedy = "Nothing, if the publisher repeated the row."
    rejected.extend(Rejected(f"row {n}", "", rule, words, remedy, "repeated") for n, _ in group[1:])
    cells = [delimited.read_cell(text, f"row {row}", name, rejected) for name, text in zip(COLUMNS[6:], fields[6:], strict=False)]
    if reasons := {reason for value, reason in cells if value is None}:
        return (0, 0), {flag.SUPPRESSED_PART if flag.SUPPRESSED in reasons else flag.MISSING_PART}
    *bands, total = (value for value, _ in cells)
    if sum(bands) != total or min(bands) < 0:
        rule = "The thirteen waiting-time bands add up to Total_Pathways, and none is below zero."
        found = f"{words}: bands add to {sum(bands):g}, total {total:g}"
        remedy = "Ask the publisher for the right row; sums that hold it have no value."
        rejected.append(Rejected(f"row {row}", "Total_Pathways", rule, found, remedy))
        return (0, 0), {flag.MISSING_PART}
    return (bands[0] + bands[1], total), set()


def _observations(sums: dict[tuple, _Sum]) -> ObservationRows:
    rows = ObservationRows()
    for (series, start, place), found in sums.items():
        everywhere = f"all {len(found.rows)} rows of {start:%d/%m/%Y}, {_words(series)}"
        no_value = found.lacks or ({flag.TOO_FEW} if not found.total else set())
        rows.add(
            series,
            place,
            month(start.year, start.month),
            None if no_value else found.within / found.total,
            numerator=None if found.lacks else found.within,
            denominator=None if found.lacks else found.total,
            vintage=april_before(start),
            flags=flag.join([*no_value, flag.EXACT, *([flag.POOLED] if len(found.rows) > 1 else [])]),
            source_row=everywhere if place == ENGLAND else rows_in_words(found.rows),
        )
    return rows


def _words(series: str) -> str:
    return next(words for words, name in _SERIES_OF.items() if name == series)


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """The file gives no totals but Total_Pathways of each row: month by month, England must equal their sum."""
    published: dict[tuple, float] = defaultdict(float)
    when, description, total = (COLUMNS.index(name) for name in ("Date", "Description", "Total_Pathways"))
    for _, fields in delimited.records(raw, COLUMNS, rejected=[]):
        value = delimited.read_cell(fields[total], "", "", [])[0]
        published[_SERIES_OF[fields[description].strip()], parse_day(fields[when])] += value or 0
    of_england = pc.equal(tidied.observations.column("place"), ENGLAND)
    england = {(c["series"], c["period_start"]): c["denominator"] for c in tidied.observations.filter(of_england).to_pylist()}
    without = [key for key in published if england.get(key) is None]
    wrong = [
        f"{series} {day}: {england[series, day]:g} of {number:g}"
        for (series, day), number in published.items()
        if england.get((series, day), number) not in (None, number)
    ]
    return [
        Check(
            "England equals the pathways of all rows, month by month",
            not wrong and len(without) < len(published),
            "; ".join(wrong)
            or f"{len(published) - len(without)} months and kinds agree; {len(without)} have no sum because a row was left out",
        )
    ]


SOURCE = Source(
    id="eip_history",
    title="Early Intervention in Psychosis waiting times, history file",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    attribution="Contains information from NHS England, licensed under the Open Government Licence v3.0.",
    homepage="NHS England, Statistics, Early Intervention in Psychosis Waiting Times",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    frequency="stopped",
)
