"""Adult Social Care Outcomes Framework (ASCOF) 2020-21: outcomes by council, region and England (NHS Digital).

One series for each measure group (`ascof.1F`); the code's ending (1FF, 1FM, 1A1864) becomes a breakdown by sex or age. Numerator,
denominator and margin of error stand in rows of their own and are joined to the outcome.
"""

from __future__ import annotations

from collections import defaultdict

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy, silent
from esteem.evidence.sources.observation_rows import ObservationRows, place_code, read_cell, rows_in_words
from esteem.terms import flags as flag
from esteem.terms.periods import financial_year
from esteem.terms.problems import Problem

COLUMNS = (
    *("Geographical Code", "Geographical Description", "Geographical Level", "ONS Code", "ASCOF Measure Code"),
    *("Disaggregation Level", "Measure Type", "Measure Value", "Measure Group", "Measure Group Description"),
)
_YEAR = financial_year(2020)
_TYPES = ("Outcome", "Numerator", "Denominator", "Base", "Margin Of Error")
_AGES = {
    "18-64": "18 to 64",
    "64 and under": "64 and under",
    "65 and over": "65 and over",
    "65-74": "65 to 74",
    "65-84": "65 to 84",
    "75-84": "75 to 84",
    "85 and over": "85 and over",
}
_UNITS = {
    "1A": ("score", "mean", 1),
    "1J": ("score", "mean", 1),
    "2A1": ("rate_per_100000", "rate", 1),
    "2A2": ("rate_per_100000", "rate", 1),
}
_SHARE = ("proportion", "proportion", 0.01)
_SURVEYED = ("1A", "1B", "1I1", "1J", "3A", "3D1", "4A", "4B")  # survey of 18 councils that year; denominators are weighted to clients
_NOT_ADDED = ("2A1", "2A2")


def recognise(raw: RawFile) -> Edition | None:
    if not delimited.matches(delimited.header(raw), COLUMNS):
        return None
    return Edition("ASCOF 2020-21", (1,), "2020-21", None, "final")


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress = silent) -> Tidy:
    out = Tidy()
    cells, titles, types = _cells(raw, canonical, progress, out)
    rows = ObservationRows()
    for key, found in cells.items():
        _add(rows, key, found, out.rejected)
    out.observations = rows.table(out.rejected)
    out.series = [_series(group, title) for group, title in sorted(titles.items())]
    if types:
        out.notes.append(f"{types} rows of council types (shire, metropolitan, inner London ...) are not places and are left out.")
    return out


def _cells(raw: RawFile, canonical: Canonical, progress: Progress, out: Tidy) -> tuple[dict, dict[str, str], int]:
    """({(group, place, disaggregation): {measure type: [(row, text)]}}, titles by group, rows of council types)."""
    cells: dict[tuple, dict] = defaultdict(lambda: defaultdict(list))
    titles, types = {}, 0
    for row, fields in delimited.records(raw, COLUMNS, progress, out.rejected):
        out.rows_read += 1
        _, _, level, code, _, disaggregation, kind, text, group, title = (f.strip() for f in fields)
        if level == "Council Type":
            types += 1
            continue
        if kind not in _TYPES or (disaggregation not in _AGES and disaggregation not in ("Total", "Female", "Male")):
            rule = f"Measure Type is {', '.join(_TYPES)}; Disaggregation Level is Total, Female, Male or an age group."
            raise Problem("label-unknown", rule, f"{kind}, {disaggregation}", "Tell the developers of the new label.", raw.name, row)
        place = place_code("England" if level == "England" else code, canonical)
        cells[group, place, disaggregation][kind].append((row, text))
        titles.setdefault(group, title)
        out.rows_kept += 1
    return cells, titles, types


def _add(rows: ObservationRows, key: tuple, found: dict, rejected: list[Rejected]) -> None:
    group, place, disaggregation = key
    _, _, multiplier = _UNITS.get(group, _SHARE)
    values, reason = {}, flag.UNKNOWN
    for kind, stands in found.items():
        row, text = stands[0]
        values[kind], why = read_cell(text, f"row {row}", kind, rejected)
        reason = why if kind == "Outcome" else reason
        if any(other != text for _, other in stands[1:]):
            values[kind], why = None, flag.UNKNOWN
            rule = "Each area, measure and type stands once. Rows with different values are all left out."
            remedy = "Ask the publisher which row is right."
            rejected.extend(Rejected(f"row {n}", "Measure Value", rule, f"{', '.join(key)}: {t}", remedy) for n, t in stands)
    value, margin = values.get("Outcome"), values.get("Margin Of Error")
    if multiplier != 1 and value is not None and not 0 <= value <= 100:
        rejected.append(
            Rejected(f"row {found['Outcome'][0][0]}", "Measure Value", "A per cent lies in 0 to 100.", str(value), "Ask the publisher.")
        )
        return
    lower, upper = (None, None) if value is None or margin is None else (value - margin, value + margin)
    breakdown, category = _group(disaggregation)
    rows.add(
        *(f"ascof.{group}", place, _YEAR, _scaled(value, multiplier)),
        breakdown=breakdown,
        category=category,
        vintage="2020-04",
        numerator=values.get("Numerator"),
        denominator=values.get("Denominator"),
        lower=_scaled(lower, multiplier),
        upper=_scaled(upper, multiplier),
        flags=reason if value is None else flag.ROUNDED,
        source_row=rows_in_words(row for stands in found.values() for row, _ in stands),
    )


def _scaled(value: float | None, multiplier: float) -> float | None:
    return None if value is None else value * multiplier


def _group(disaggregation: str) -> tuple[str, str]:
    if disaggregation == "Total":
        return "all", "All"
    return ("sex", disaggregation) if disaggregation in ("Female", "Male") else ("age", _AGES[disaggregation])


def _series(group: str, title: str) -> Series:
    unit, statistic, multiplier = _UNITS.get(group, _SHARE)
    notes = []
    if group in ("1F", "1H"):
        notes.append("Worked out from MHSDS without counts, in whole per cents: a poor submission by a provider lowers it.")
    if group in _SURVEYED:
        notes.append("Adult social care survey; in 2020-21 only 18 councils took part. Limits are the published margin of error.")
    rounding = "whole per cents" if group in ("1F", "1H") else "one decimal"
    return Series(f"ascof.{group}", title, unit, group, statistic, rounding, multiplier, tuple(notes))


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Published per cents against published numerators and denominators (surveys left out: their counts are rounded to 5)."""
    groups = defaultdict(list)
    for cell in tidied.observations.to_pylist():
        group = cell["series"].removeprefix("ascof.")
        if group in _SURVEYED or group in _NOT_ADDED or cell["value"] is None or cell["numerator"] is None or not cell["denominator"]:
            continue
        groups[group].append(abs(cell["numerator"] / cell["denominator"] - cell["value"]))
    return [
        Check(
            f"{group}: numerator / denominator is the published per cent",
            sum(d > 0.0006 for d in differences) <= len(differences) * 0.02,
            f"{sum(d <= 0.0006 for d in differences)} of {len(differences)} agree to one decimal; largest gap {max(differences):.4f}",
        )
        for group, differences in sorted(groups.items())
    ]


SOURCE = Source(
    id="ascof",
    title="Measures from the Adult Social Care Outcomes Framework",
    publisher="NHS England (NHS Digital)",
    licence="Open Government Licence v3.0",
    attribution="Source: NHS Digital, ASCOF 2020-21. Contains public sector information licensed under the Open Government Licence v3.0.",
    homepage="NHS England, Measures from the Adult Social Care Outcomes Framework",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    frequency="yearly",
)
