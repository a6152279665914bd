"""People in contact with mental health services at the end of the month, England (MHSDS time series, tidied by the British Red Cross)."""

from __future__ import annotations

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy, silent
from esteem.evidence.sources.observation_rows import ObservationRows, april_before, read_cell
from esteem.terms import flags as flag
from esteem.terms.periods import month, parse_day
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

COLUMNS = ("date", "measure", "count")
_IN_CONTACT = "People in contact with services at the end of the reporting period"
SERIES = Series(
    "mhsds_time_series.in_contact",
    "People in contact with mental health services at the end of the month",
    "count",
    _IN_CONTACT,
    "stock",
    "none: England is published as it is",
    notes=("A count at one moment: months are not to be added.",),
)


def recognise(raw: RawFile) -> Edition | None:
    first = delimited.first_records(raw, 2)
    if len(first) < 2 or not delimited.matches(first[0], COLUMNS) or first[1][1:2] != [_IN_CONTACT]:
        return None
    return Edition("MHSDS time series, England", (_last_month(raw),), "", None, "final")


def _last_month(raw: RawFile) -> int:
    """Months since year 0 of the latest date, so that a longer series replaces a shorter one."""
    latest = 0
    for _, fields in delimited.records(raw, COLUMNS, rejected=[]):
        try:
            day = parse_day(fields[0])
        except Problem:
            continue
        latest = max(latest, day.year * 12 + day.month)
    return latest


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress = silent) -> Tidy:
    out, rows = Tidy(series=[SERIES]), ObservationRows()
    for row, (text, measure, count) in delimited.records(raw, COLUMNS, progress, out.rejected):
        out.rows_read += 1
        where = f"row {row}"
        if measure.strip() != _IN_CONTACT:
            rule = f"The measure is: {_IN_CONTACT}."
            out.rejected.append(Rejected(where, "measure", rule, measure, "Tell the developers of the new measure.", "unreadable"))
            continue
        try:
            day = parse_day(text)
        except Problem as problem:
            raise Problem(problem.code, problem.rule, problem.found, problem.remedy, raw.name, row, "date") from problem
        value, reason = read_cell(count, where, "count", out.rejected)
        period = month(day.year, day.month)
        rows.add(SERIES.id, ENGLAND, period, value, flags=reason or flag.EXACT, vintage=april_before(day), source_row=where)
        out.rows_kept += 1
    out.observations = rows.table(out.rejected)
    return out


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """The file has no totals: no month may be missing between the first and the last."""
    starts = sorted(tidied.observations.column("period_start").to_pylist())
    months = {d.year * 12 + d.month for d in starts}
    span = max(months) - min(months) + 1 if months else 0
    return [Check("Every month from first to last is there", bool(months) and span == len(months), f"{len(months)} of {span} months")]


SOURCE = Source(
    id="mhsds_time_series",
    title="Mental Health Services Monthly Statistics, time series for England",
    publisher="NHS England (NHS Digital); tidied by British Red Cross",
    licence="Open Government Licence v3.0 (data), MIT (package)",
    attribution=(
        "Source: NHS England, Mental Health Services Monthly Statistics. Contains public sector information licensed under the Open "
        "Government Licence v3.0. Packaged under the MIT Licence, Copyright (c) 2022 British Red Cross."
    ),
    homepage="NHS England, Mental Health Services Monthly Statistics",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    frequency="monthly",
)
