"""NHS Talking Therapies Monthly Statistics: the national monthly file with measures M001, M002 ... by organisation.

One place a row is kept: England, regions, ICBs, sub-ICB locations and providers. Rows for two organisations at once (a provider within a
sub-ICB) are left out with a count. One file speaks for one month.
"""

from __future__ import annotations

import re

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.delimited import ObservationRows, read_cell
from esteem.evidence.sources.impossible_values import quarantined
from esteem.evidence.sources.provider_places import provider
from esteem.evidence.sources.scaling import scaled
from esteem.terms import flags as flag
from esteem.terms import periods
from esteem.terms.places import ENGLAND, is_england
from esteem.terms.problems import Problem

COLUMNS = (
    *("REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "GROUP_TYPE", "ORG_CODE1", "ORG_NAME1", "ORG_CODE2", "ORG_NAME2"),
    *("MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE_SUPPRESSED"),
)
_NOTHING = ("", "NULL", "NONE", "ALL")
_UNKNOWN = ("UNKNOWN", "INVALID", *_NOTHING)


def recognise(raw: RawFile) -> Edition | None:
    if not delimited.matches(delimited.header(raw), COLUMNS):
        return None
    rows = delimited.first_records(raw, 2)
    if len(rows) < 2:
        return Edition("NHS Talking Therapies monthly file without rows")
    month = _period(raw.name, 2, rows[1][0], rows[1][1])
    final = bool(re.search(r"final", raw.name, re.I))
    status = "final" if final else "performance"
    return Edition(f"NHS Talking Therapies {month.words} {status}", (2 if final else 1,), month.label, None, status)


def _period(file: str, line: int, start: str, end: str) -> periods.Period:
    try:
        return periods.between(periods.parse_day(start), periods.parse_day(end))
    except Problem as problem:
        problem.file, problem.row, problem.column = file, line, "REPORTING_PERIOD_START, REPORTING_PERIOD_END"
        raise


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    out, rows = Tidy(), ObservationRows()
    series: dict[str, Series] = {}
    providers: dict[str, str] = {}
    left_out = {"two organisations at once": 0, "area not known to the publisher": 0}
    months: dict[tuple[str, str], periods.Period] = {}
    for line, fields in delimited.records(raw, COLUMNS, progress, out.rejected):
        out.rows_read += 1
        start, end, group, code, name, second, _, measure, measure_name, text = (" ".join(f.split()) for f in fields[: len(COLUMNS)])
        month = months.get((start, end)) or months.setdefault((start, end), _one_month(raw, edition, line, start, end))
        if second.upper() not in _NOTHING:
            left_out["two organisations at once"] += 1
            continue
        place = ENGLAND if is_england(group) else canonical(code)
        if place != ENGLAND and code.upper() in _UNKNOWN:
            left_out["area not known to the publisher"] += 1
            continue
        if group.casefold() == "provider":
            providers.setdefault(place, name)
        described = series.get(measure) or series.setdefault(measure, _describe(measure, measure_name))
        _cell(rows, out.rejected, line, described, place, month, group, text)
    out.notes = [f"{count:,} rows not kept: {reason}." for reason, count in left_out.items() if count]
    out.series = [series[key] for key in sorted(series)]
    out.places = [provider(code, name) for code, name in sorted(providers.items())]
    out.observations = rows.table(out.rejected)
    out.rows_kept = len(out.observations)
    return out


def _one_month(raw: RawFile, edition: Edition, line: int, start: str, end: str) -> periods.Period:
    month = _period(raw.name, line, start, end)
    if month.label != edition.covers:
        rule = "A monthly file speaks for one month."
        found = f"{month.label}, where the first row says {edition.covers}"
        raise Problem("period-disagrees", rule, found, "Ask the publisher.", raw.name, line, "REPORTING_PERIOD_START")
    return month


def _describe(measure: str, name: str) -> Series:
    """The first word of the name tells the statistic: Count_, Percentage_, Mean_, Median_."""
    first = name.split("_")[0].casefold()
    words = " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|\d+", name))
    rounding = "England exact; elsewhere counts to the nearest 5, per cents whole"
    unit, statistic, multiplier = "count", "count", 1.0
    if first.startswith("percent"):
        unit, statistic, multiplier = "proportion", "proportion", 0.01
    elif first in ("mean", "median"):
        unit, statistic = "days" if "wait" in name.casefold() else "mean", "mean"
    return Series(f"tt_monthly.{measure}", words, unit, f"{measure} {name}", statistic, rounding, multiplier)


def _cell(rows: ObservationRows, rejected: list[Rejected], line: int, series: Series, place: str, month, group: str, text: str) -> None:
    column = COLUMNS[-1]
    number, why = read_cell(text, f"row {line}", column, rejected)
    # A mean change of scores may be negative; counts, shares and waits may not.
    if series.unit != "mean" and quarantined(number, series.unit, f"row {line}", column, f"{series.published_as}: {text}", rejected):
        return
    rows.add(
        *(series.id, place, month, scaled(number, series.multiplier)),
        source_row=f"row {line}",
        flags=why or (flag.EXACT if place == ENGLAND else flag.ROUNDED),
        vintage="" if place == ENGLAND or group.casefold() == "provider" else ("2026-04" if month.start.year >= 2026 else "2022-07"),
    )


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """No organisation has more than England, measure by measure."""
    counts = {s.id for s in tidy.series if s.unit == "count"}
    cells = [r for r in tidy.observations.to_pylist() if r["series"] in counts and r["value"] is not None]
    england = {r["series"]: r["value"] for r in cells if r["place"] == ENGLAND}
    above = [r for r in cells if r["value"] > england.get(r["series"], float("inf")) + 5]
    detail = f"{len(cells):,} counts" + (f"; first above England: {above[0]['series']} {above[0]['source_row']}" if above else "")
    return [Check("No organisation has more than England", not above, detail)]


SOURCE = Source(
    id="talking_therapies_monthly",
    title="NHS Talking Therapies Monthly Statistics",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    attribution=(
        "Source: NHS England, NHS Talking Therapies Monthly Statistics. Contains public sector information licensed under the Open "
        "Government Licence v3.0."
    ),
    homepage="NHS England, NHS Talking Therapies Monthly Statistics Including Employment Advisors",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    frequency="monthly",
)
