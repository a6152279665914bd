"""NHS Talking Therapies, monthly figures by sub-ICB location (July 2022 on) or by NHS trust (May 2022 on), tidied by the British Red Cross.

Two files with one layout: `code, date, name, value`, dates as `July 2022`. `NA` is a value that the publisher did not give.
"""

from __future__ import annotations

import re

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Series, Source, Tidy
from esteem.evidence.sources.delimited import ObservationRows, read_cell
from esteem.evidence.sources.impossible_values import quarantined
from esteem.evidence.sources.scaling import scaled
from esteem.terms import flags as flag
from esteem.terms import periods
from esteem.terms.problems import Problem

# What the places are: (first column, geography's first month)
_LAYOUTS = {"sub-ICB location": ("sicbl22_code", "2022-07"), "NHS trust": ("nhs_trust22_code", "")}
_REST = ("date", "name", "value")
LAYOUTS = tuple((first, *_REST) for first, _ in _LAYOUTS.values())

_WORDS = {
    "count_referrals_received": "Referrals received",
    "count_accessing_services": "Referrals that entered treatment",
    "count_ended_referrals": "Referrals that ended",
    "count_finished_course_treatment": "Referrals that finished a course of treatment",
    "count_deterioration": "Finished courses with reliable deterioration",
    "percentage_deterioration": "Reliable deterioration, share of finished courses",
    "percentage_improvement": "Reliable improvement, share of finished courses",
    "percentage_recovery": "Moved to recovery, share of finished courses that began at caseness",
    "percentage_reliable_recovery": "Reliable recovery, share of finished courses that began at caseness",
    "percentage_accessing_services_6_weeks_finished_course_treatment": "Finished courses whose first treatment came within 6 weeks",
    "percentage_accessing_services_18_weeks_finished_course_treatment": "Finished courses whose first treatment came within 18 weeks",
}


def snake_name(name: str) -> str:
    """`Percentage_AccessingServices6Weeks` becomes `percentage_accessing_services_6_weeks`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|\d+", name)
    return "_".join(word.lower() for word in words)


def recognise(raw: RawFile) -> Edition | None:
    found = delimited.header(raw)
    for places, (first, _) in _LAYOUTS.items():
        if delimited.matches(found, (first, *_REST)):
            return Edition(f"NHS Talking Therapies monthly by {places}", covers=places, status="final")
    return None


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    out, rows = Tidy(), ObservationRows()
    first, vintage = _LAYOUTS[edition.covers]
    series: dict[str, Series] = {}
    for line, fields in delimited.records(raw, (first, *_REST), progress, out.rejected):
        out.rows_read += 1
        code, date, name, text = (field.strip() for field in fields)
        if name not in series:
            series[name] = _describe(name)
        number, why = read_cell(text, f"row {line}", "value", out.rejected)
        if quarantined(number, series[name].unit, f"row {line}", "value", f"{name}: {text}", out.rejected):
            continue
        out.rows_kept += 1
        rows.add(
            *(series[name].id, canonical(code), _month(raw, line, date), scaled(number, series[name].multiplier)),
            source_row=f"row {line}",
            flags=why or flag.ROUNDED,
            vintage=vintage,
        )
    out.series = [series[name] for name in sorted(series)]
    out.observations = rows.table(out.rejected)
    return out


def _describe(name: str) -> Series:
    snake = snake_name(name)
    share = snake.startswith("percent")
    unit = "proportion" if share else "count"
    rounding = "whole per cents" if share else "counts to the nearest 5"
    return Series(f"tt_monthly_local.{snake}", _WORDS.get(snake, name), unit, name, unit, rounding, 0.01 if share else 1)


def _month(raw: RawFile, line: int, text: str) -> periods.Period:
    try:
        found = periods.parse(text)
    except Problem as problem:
        problem.file, problem.row, problem.column = raw.name, line, "date"
        raise
    if found.kind != "month":
        rule, remedy = "A date is a month such as July 2022.", "Correct the date in the file."
        raise Problem("period-form", rule, text, remedy, raw.name, line, "date")
    return found


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """Nobody finishes a course without an ended referral: finished courses are not above ended referrals by more than rounding."""
    cells = {(r["series"].split(".")[1], r["place"], r["period_start"]): r["value"] for r in tidy.observations.to_pylist()}
    pairs = [
        (key, value, ended)
        for key, value in cells.items()
        if key[0] == "count_finished_course_treatment" and value is not None
        if (ended := cells.get(("count_ended_referrals", *key[1:]))) is not None
    ]
    off = [f"{place} {day:%B %Y}: {value:,.0f} of {ended:,.0f}" for (_, place, day), value, ended in pairs if value > ended + 5]
    return [Check("Finished courses are not above ended referrals", not off, "; ".join(off[:5]) or f"{len(pairs):,} compared")]


SOURCE = Source(
    id="talking_therapies_monthly_local",
    title="NHS Talking Therapies: monthly activity by sub-ICB location and NHS trust",
    publisher="NHS England (NHS Digital); tidied by British Red Cross (humaniverse)",
    licence="Open Government Licence v3.0 (data), MIT (repository)",
    attribution=(
        "Source: NHS England, NHS Talking Therapies (IAPT) statistics. Contains public sector information licensed under the Open "
        "Government Licence v3.0. Packaged under the MIT Licence, Copyright (c) 2022 British Red Cross."
    ),
    homepage="NHS England, NHS Talking Therapies Monthly Statistics; humaniverse/healthyr",
    layout=" or ".join(",".join(layout) for layout in LAYOUTS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, *LAYOUTS),
    frequency="monthly",
)
