"""Out of Area Placements in Mental Health Services, open data, October 2016 to February 2017 (NHS Digital).

Three headers in five months. The month stands in the file's name, in the last file also in its rows. A placement counts for the provider
that sent it; figures of the provider that received it have the breakdown `receiving_provider`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy, silent
from esteem.evidence.sources.observation_rows import ObservationRows, april_before, place_code, read_cell, slug
from esteem.terms import flags as flag
from esteem.terms.periods import Period, parse
from esteem.terms.places import ENGLAND, Place
from esteem.terms.problems import Problem

_SHORT = ("Question", "Breakdown1", "Breakdown1Code", "Breakdown2", "Breakdown2Code", "value")
_LONG = (*_SHORT[:3], "Breakdown1Description", *_SHORT[3:5], "Breakdown2Description", "value")
LAYOUTS = (_SHORT, _LONG, ("PublicationDate", "PublicationPeriod", *_LONG))

_PLACES = {"ccg": "ccg", "region": "nhs_region", "stp": "icb", "sendingprovider": "provider", "receivingprovider": "provider"}
_GROUPS = {
    "bedtype": "bed_type",
    "gender": "sex",
    "mhastatus": "detained_under_the_act",
    "outofareareason": "reason",
    "primarydiagnosis": "diagnosis",
    "receivergroup": "receiver",
}
# Words for the codes, as the files from December 2016 print them; October and November give codes only.
_WORDS = {
    "bed_type": {
        "10": "Acute adult mental health care",
        "11": "Acute older adult mental health care",
        "12": "Psychiatric intensive care unit",
    },
    "sex": {"1": "Male", "2": "Female", "9": "Indeterminate", "X": "Not known or not stated"},
    "detained_under_the_act": {"1": "Yes", "2": "No"},
    "receiver": {"1": "NHS", "2": "Private", "999": "Not known or not stated"},
    "reason": {
        "10": "Unavailability of bed",
        "11": "Safeguarding",
        "12": "Offending restrictions",
        "13": "Staff member or family or friend",
        "14": "Patient choice",
        "15": "Admitted while away from home",
    },
    "diagnosis": dict(
        zip(
            (f"{n:02d}" for n in range(1, 24)),
            (
                *("First episode psychosis (suspected)", "Ongoing or recurrent psychosis", "Bipolar disorder", "Depression", "Anxiety"),
                *("Obsessive compulsive disorder", "Phobias", "Organic brain disorder", "Drug and alcohol difficulties"),
                *("Unexplained physical symptoms", "Post-traumatic stress disorder", "Eating disorders", "Perinatal mental health issues"),
                *("Personality disorders", "Self-harm behaviours", "Conduct disorders", "Neurodevelopmental conditions", "In crisis"),
                *("Relationship difficulties", "Gender discomfort issues", "Attachment difficulties", "Self-care issues"),
                "Adjustment to health issues",
            ),
            strict=True,
        )
    ),
}
_TO_FIVE = "England exact; elsewhere placements to the nearest 5"
_NOTES = (
    "The first months of the collection: not every provider took part.",
    "Questions and distance bands change in November and in December 2016.",
    "* stands for a small number; most local cells are suppressed.",
)


def recognise(raw: RawFile) -> Edition | None:
    found = delimited.header(raw)
    if not any(delimited.matches(found, layout) for layout in LAYOUTS):
        return None
    try:
        when = month_of(raw)
    except Problem:
        return Edition("month unknown", (1,), "", None, "final")
    return Edition(when.words, (1,), when.label, None, "final")


def month_of(raw: RawFile) -> Period:
    """The month a file is for: from PublicationPeriod of its first row where it has one, else from its name (`...-nov-2016...`).

    Problem `period-missing` when neither tells.
    """
    head, *first = delimited.first_records(raw, 2)
    if "PublicationPeriod" in head and first:
        return parse(first[0][head.index("PublicationPeriod")])
    if m := re.search(r"(?<![a-z])([a-z]{3,9})[-_ ]?(20\d\d)", raw.name.casefold()):
        try:
            return parse(f"{m[1]} {m[2]}")
        except Problem:
            pass
    rule = "A file without a PublicationPeriod column has its month in its name, such as oaps-open-data-nov-2016.csv."
    raise Problem("period-missing", rule, raw.name, "Rename the file as the publisher named it.", raw.name)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress = silent) -> Tidy:
    out, rows, series, places = Tidy(), ObservationRows(), {}, {}
    layout = next(found for found in LAYOUTS if delimited.matches(delimited.header(raw), found))
    when = month_of(raw)
    totals = 0
    for row, fields in delimited.records(raw, layout, progress, out.rejected):
        out.rows_read += 1
        cell = _Cell(row, dict(zip(layout, (f.strip() for f in fields), strict=False)), raw.name)
        cell.check_month(when)
        if cell.repeats_england:
            totals += 1
            continue
        place, breakdown, category = cell.where(canonical, places)
        identifier = f"oaps.{slug(cell['Question'])}"
        series.setdefault(identifier, _series(identifier, cell["Question"]))
        value, reason = read_cell(cell["value"], f"row {row}", "value", out.rejected)
        if value is not None and (value < 0 or (series[identifier].unit == "proportion" and value > 1)):
            rule = "A figure is not below zero and a share not above 1."
            out.rejected.append(Rejected(f"row {row}", "value", rule, cell["value"], "Ask the publisher; the cell is left out."))
            continue
        known = flag.EXACT if place == ENGLAND or series[identifier].rounding != _TO_FIVE else flag.ROUNDED
        rows.add(
            *(identifier, place, when, value),
            breakdown=breakdown,
            category=category,
            flags=reason or known,
            vintage=april_before(when.start),
            source_row=f"row {row}",
        )
        out.rows_kept += 1
    out.observations = rows.table(out.rejected)
    out.series, out.places = list(series.values()), list(places.values())
    out.notes.append(f"{totals} rows that repeat England's total inside a breakdown are compared with it and not kept twice.")
    return out


@dataclass
class _Cell:
    """One row of a file, by column name."""

    row: int
    fields: dict[str, str]
    file: str

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def repeats_england(self) -> bool:
        """Code `England` inside a breakdown by place or group."""
        return self["Breakdown1Code"] == "England"

    def check_month(self, when: Period) -> None:
        text = self["PublicationPeriod"]
        if text and parse(text) != when:
            raise Problem(
                "period-mixed", "A file holds one month.", text, "Load one file for each month.", self.file, self.row, "PublicationPeriod"
            )

    def where(self, canonical: Canonical, places: dict[str, Place]) -> tuple[str, str, str]:
        """(place, breakdown, category)."""
        first, code = self["Breakdown1"].casefold(), self["Breakdown1Code"]
        if first == "england":
            return ENGLAND, "all", "All"
        if first in _GROUPS:
            return (ENGLAND, *self._group(first, code))
        if first not in _PLACES:
            raise self._unknown("Breakdown1", self["Breakdown1"])
        place = f"999 {first}" if code == "999" else place_code(code, canonical)
        name = self["Breakdown1Description"] or code
        places.setdefault(place, Place(place, name, "unknown" if code == "999" else _PLACES[first]))
        if self["Breakdown2"]:
            return (place, *self._group(self["Breakdown2"].casefold(), self["Breakdown2Code"]))
        return place, "receiving_provider" if first == "receivingprovider" else "all", "All"

    def _group(self, group: str, code: str) -> tuple[str, str]:
        breakdown = _GROUPS.get(group)
        if breakdown is None:
            raise self._unknown("Breakdown2", group)
        if code == "0":
            return breakdown, "All"
        if code not in _WORDS[breakdown]:
            raise self._unknown(f"code of {breakdown}", code)
        return breakdown, _WORDS[breakdown][code]

    def _unknown(self, column: str, found: str) -> Problem:
        rule = "Breakdowns and their codes are those of the publisher's guide."
        return Problem("label-unknown", rule, found, "Tell the developers of the new label.", self.file, self.row, column)


def _series(identifier: str, question: str) -> Series:
    q = question.casefold()
    if q.startswith("percentage"):
        unit, statistic = "proportion", "proportion"
    elif "cost" in q:
        unit, statistic = "pounds", "mean" if "daily" in q else "value"
    elif "distance (km)" in q:
        unit, statistic = "mean", "mean"
    elif q.startswith("average stay"):
        unit, statistic = "days", "mean"
    else:
        unit, statistic = "count", "stock" if "at period end" in q else "count"
    rounding = _TO_FIVE if unit == "count" and "days" not in q else "none: days, costs and distances are given as recorded"
    return Series(identifier, f"Out of area placements: {question}", unit, question, statistic, rounding, notes=_NOTES)


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Rows that repeat England inside a breakdown agree with England's own row, for every question."""
    layout = next(found for found in LAYOUTS if delimited.matches(delimited.header(raw), found))
    england, repeats = {}, defaultdict(list)
    for row, fields in delimited.records(raw, layout, rejected=[]):
        cell = _Cell(row, dict(zip(layout, (f.strip() for f in fields), strict=False)), raw.name)
        if cell["Breakdown1"] == "England":
            england[cell["Question"]] = cell["value"]
        elif cell.repeats_england:
            repeats[cell["Question"]].append((row, cell["value"]))
    wrong = [f"row {row}: {value} for {england.get(q)}" for q, found in repeats.items() for row, value in found if value != england.get(q)]
    words = "; ".join(wrong[:3]) or f"{sum(map(len, repeats.values()))} rows of {len(england)} questions"
    return [Check("Totals inside breakdowns equal England", bool(england) and not wrong, words)]


SOURCE = Source(
    id="oaps",
    title="Out of Area Placements in Mental Health Services, open data",
    publisher="NHS England (NHS Digital)",
    licence="Open Government Licence v3.0",
    attribution=(
        "Source: NHS Digital, Out of Area Placements in Mental Health Services. "
        "Contains public sector information licensed under the Open Government Licence v3.0."
    ),
    homepage="NHS Digital, Out of Area Placements in Mental Health Services",
    layout="; or ".join(",".join(layout) for layout in LAYOUTS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, *LAYOUTS),
    frequency="stopped",
)
