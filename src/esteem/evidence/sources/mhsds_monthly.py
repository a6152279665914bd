"""Mental Health Services Monthly Statistics: the main monthly file and its companions of the same layout (community waits, "4WW").

One file speaks for one month: flows of a rolling quarter or twelve months start earlier but end with it. The edition comes from the name
and must agree with the rows (`mhsds_editions`). Streams files of any size; a zip is read in place. Values below England are counts to the
nearest 5 (below 5 hidden) and whole per cents: they do not add up to England, and parents less children must not be published.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.delimited import ObservationRows, read_cell
from esteem.evidence.sources.impossible_values import quarantined
from esteem.evidence.sources.mhsds_breakdowns import USUAL, Breakdown, group, read_breakdown
from esteem.evidence.sources.mhsds_editions import compare_editions, edition_of
from esteem.evidence.sources.mhsds_known_events import known_flags
from esteem.evidence.sources.mhsds_shares import NUMERATORS, fill_shares
from esteem.evidence.sources.parquet_tables import open_engine
from esteem.evidence.sources.provider_places import provider
from esteem.evidence.sources.scaling import scaled
from esteem.terms import flags as flag
from esteem.terms import periods
from esteem.terms.places import ENGLAND, is_england
from esteem.terms.problems import Problem

COLUMNS = (
    *("REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "STATUS", "BREAKDOWN", "PRIMARY_LEVEL", "PRIMARY_LEVEL_DESCRIPTION"),
    *("SECONDARY_LEVEL", "SECONDARY_LEVEL_DESCRIPTION", "MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE"),
)
_REMEDY = "Ask the publisher, or tell the developers that the layout has changed."
# These councils switch between two codes from file to file.
_TWO_CODES = {"E08000038": "E08000016", "E08000039": "E08000019"}
# Geography in force from each date, for the dated areas.
_VINTAGES = ((date(2026, 4, 1), "2026-04"), (date(2022, 7, 1), "2022-07"), (date(2021, 4, 1), "2021-04"), (date(2020, 4, 1), "2020-04"))
_DATED = ("sub_icb", "icb", "stp", "ccg")


def recognise(raw: RawFile) -> Edition | None:
    """The edition of a file with this header. Raises Problem when name and rows disagree or the file is provisional."""
    if not delimited.matches(delimited.header(raw), COLUMNS):
        return None
    rows = delimited.first_records(raw, 2)
    if len(rows) < 2 or len(rows[1]) < len(COLUMNS):
        return Edition("MHSDS monthly file without rows")
    return edition_of(raw.name, rows[1][2], _month_of(raw.name, 2, rows[1][1]))


def _month_of(file: str, line: int, text: str) -> periods.Period:
    end = _day(file, line, "REPORTING_PERIOD_END", text)
    if (end + timedelta(days=1)).day != 1:
        rule = "A reporting period ends on the last day of a month."
        raise Problem("period-end", rule, text, _REMEDY, file, line, "REPORTING_PERIOD_END")
    return periods.month(end.year, end.month)


def _day(file: str, line: int, column: str, text: str) -> date:
    try:
        return periods.parse_day(text)
    except Problem as problem:
        raise replace(problem, file=file, row=line, column=column) from None


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    reader = _Reader(raw, edition, canonical)
    for line, fields in delimited.records(raw, COLUMNS, progress, reader.out.rejected):
        reader.row(line, [" ".join(field.split()) for field in fields[: len(COLUMNS)]])
    return reader.finish()


class _Reader:
    """One pass over the rows of one file. Texts that repeat (dates, breakdowns, places) are understood once."""

    def __init__(self, raw: RawFile, edition: Edition, canonical):
        self.raw, self.edition = raw, edition
        self.out, self.rows = Tidy(), ObservationRows()
        self.series: dict[str, Series] = {}
        self.unknown_areas = 0
        self.unknown_breakdowns: dict[str, list[int]] = {}
        self.providers: dict[str, str] = {}
        self.status, self.month = "", None
        self.breakdown = cache(read_breakdown)
        self.place = cache(lambda code: _place(code, canonical))
        self.period = cache(periods.between)
        self.day = cache(periods.parse_day)

    def row(self, line: int, fields: list[str]) -> None:
        start, end, status, breakdown_text, level, level_name, second, second_name, measure, name, value = fields
        self.out.rows_read += 1
        period = self._period(line, start, end)
        self._one_status(line, status)
        breakdown = self.breakdown(breakdown_text)
        if breakdown is None:
            self.unknown_breakdowns.setdefault(breakdown_text, []).append(line)
            return
        if level.upper() in ("UNKNOWN", "NONE", "NULL", ""):
            self.unknown_areas += 1
            return
        category = self._category(line, breakdown, second, second_name)
        if category is None:
            return
        place = ENGLAND if breakdown.geography == "england" else self.place(level)
        if breakdown.geography == "provider":
            self.providers.setdefault(place, level_name)
        self._cell(line, self._series(measure, name, breakdown), place, period, breakdown.geography, category, value)

    def _period(self, line: int, start: str, end: str) -> periods.Period:
        try:
            period = self.period(self.day(start), self.day(end))
        except Problem as problem:
            raise replace(problem, file=self.raw.name, row=line, column="REPORTING_PERIOD_START, REPORTING_PERIOD_END") from None
        if self.month is None:
            self.month = _month_of(self.raw.name, line, end)
        if period.end != self.month.end:
            rule = f"All rows of a monthly file end with its month, {self.month.words}."
            raise Problem("period-disagrees", rule, end, _REMEDY, self.raw.name, line, "REPORTING_PERIOD_END")
        return period

    def _one_status(self, line: int, status: str) -> None:
        self.status = self.status or status.casefold()
        if status.casefold() != self.status:
            rule = f"All rows of a monthly file have one STATUS, here {self.status.capitalize()}."
            raise Problem("edition-disagrees", rule, status, _REMEDY, self.raw.name, line, "STATUS")

    def _category(self, line: int, breakdown: Breakdown, second: str, name: str) -> tuple[str, str] | None:
        if not breakdown.dimension:
            return "all", "All"
        found = group(breakdown.dimension, second, name)
        if found is None:
            rule = f"A group of the breakdown by {breakdown.dimension} is one that the publisher's code lists name."
            self._reject(line, "SECONDARY_LEVEL", rule, f"{second} {name}", _REMEDY)
        return found

    def _series(self, measure: str, name: str, breakdown: Breakdown) -> Series:
        suffix = "" if breakdown.attribution in USUAL else f".{breakdown.attribution.replace(' ', '_')}"
        series_id = f"mhsds_monthly.{measure}{suffix}"
        if series_id not in self.series:
            self.series[series_id] = _describe(series_id, measure, name, breakdown.attribution)
        return self.series[series_id]

    def _cell(self, line: int, series: Series, place: str, period, geography: str, category: tuple[str, str], text: str) -> None:
        number, why = read_cell(text, f"row {line}", "MEASURE_VALUE", self.out.rejected)
        found = f"{series.published_as}, {place}: {text}"
        if quarantined(number, series.unit, f"row {line}", "MEASURE_VALUE", found, self.out.rejected):
            return
        measure = series.id.split(".")[1]
        flags = [why] if number is None else [flag.EXACT if geography == "england" else flag.ROUNDED, *known_flags(measure, place, period)]
        if number is not None and self.edition.status == "performance":
            flags.append(flag.PROVISIONAL)
        breakdown, label = category
        self.rows.add(
            *(series.id, place, period, scaled(number, series.multiplier)),
            source_row=f"row {line}",
            flags=flag.join(flags),
            vintage=_vintage(geography, period),
            breakdown=breakdown,
            category=label,
        )

    def _reject(self, line: int, column: str, rule: str, found: str, remedy: str) -> None:
        self.out.rejected.append(Rejected(f"row {line}", column, rule, found, remedy))

    def finish(self) -> Tidy:
        out = self.out
        for text, lines in self.unknown_breakdowns.items():
            rule = "BREAKDOWN is an area, or an area and one group, that Esteem knows."
            out.rejected.append(Rejected(f"row {lines[0]}", "BREAKDOWN", rule, f"{text} ({len(lines):,} rows)", _REMEDY, "unreadable"))
        if self.unknown_areas:
            out.notes.append(f"{self.unknown_areas:,} rows not kept: area not known to the publisher (UNKNOWN or NONE).")
        out.observations = fill_shares(self.rows.table(out.rejected))
        out.rows_kept = len(out.observations)
        out.series = [self.series[key] for key in sorted(self.series)]
        out.places = [provider(code, name) for code, name in sorted(self.providers.items())]
        return out


def _place(code: str, canonical) -> str:
    found = canonical(code)
    if is_england(found):
        return ENGLAND
    return _TWO_CODES.get(found, found)


def _vintage(geography: str, period: periods.Period) -> str:
    if geography not in _DATED:
        return ""
    return next((label for since, label in _VINTAGES if period.end >= since), "")


def _describe(series_id: str, measure: str, name: str, attribution: str) -> Series:
    """Unit and statistic from the measure's own name: nothing else in the file tells them."""
    folded = name.casefold()
    unit, statistic, multiplier = "count", "count", 1.0
    if re.search(r"\bproportion\b|percentage|per ?cent(?!ile)|%", folded):
        unit, statistic, multiplier = "proportion", "proportion", 0.01
    elif "per 100,000" in folded or "per 100000" in folded:
        unit, statistic = "rate_per_100000", "rate"
    elif re.search(r"\(days\)|median|percentile|average|mean\b|length of (stay|discharged)", folded):
        unit, statistic = ("days" if "day" in folded or "length" in folded else "mean"), "mean"
    elif re.search(r"at the end of the (rp|reporting period)|on the last day", folded):
        statistic = "stock"
    notes = [
        "Below England counts are to the nearest 5 (below 5 hidden) and per cents whole; areas do not add up to England.",
        "A county (E10) holds its districts (E07): use one or the other.",
    ]
    if measure in NUMERATORS:
        notes.append("Numerator and denominator are {} and {} of the same file.".format(*NUMERATORS[measure]))
    if attribution not in USUAL:
        notes.append(f"People are given to areas by {attribution} alone.")
    rounding = "England exact; elsewhere counts to the nearest 5, per cents and rates whole"
    return Series(series_id, name, unit, measure, statistic, rounding, multiplier, tuple(notes))


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """Per cents follow from the counts of the same file; no area has more than England."""
    engine = open_engine()
    engine.register("observations", tidy.observations)
    engine.register("counted", pa.table({"series": pa.array([s.id for s in tidy.series if s.unit == "count"], pa.string())}))
    compared, off, first = engine.execute(_SHARES_OFF).fetchone()
    counts, above, example = engine.execute(_ABOVE_ENGLAND).fetchone()
    return [
        Check("Per cents follow from the counts of the file (500 people or more)", not off, _detail(compared, off, first)),
        Check("No area has more than England", not above, _detail(counts, above, example)),
    ]


def _detail(compared: int, off: int, first: str | None) -> str:
    return f"{compared:,} compared" + (f"; {off:,} differ, the first is {first}" if off else "")


_SHARES_OFF = """
with shares as (
    select series, source_row, abs(numerator / denominator - value) > 0.011 as off from observations
    where breakdown = 'all' and value is not null and numerator is not null and denominator >= 500
)
select count(*), count(*) filter (off), min(series || ' ' || source_row) filter (off) from shares
"""
_ABOVE_ENGLAND = f"""
with areas as (
    select a.series, a.source_row, a.value > e.value + 5 as off
    from observations a join observations e using (series, period_start, breakdown, category) semi join counted using (series)
    where e.place = '{ENGLAND}' and a.breakdown = 'all' and a.value is not null and e.value is not null
)
select count(*), count(*) filter (off), min(series || ' ' || source_row) filter (off) from areas
"""


SOURCE = Source(
    id="mhsds_monthly",
    title="Mental Health Services Monthly Statistics",
    publisher="NHS England (NHS Digital)",
    licence="Open Government Licence v3.0",
    attribution=(
        "Source: NHS England, Mental Health Services Monthly Statistics. Contains public sector information licensed under the Open "
        "Government Licence v3.0."
    ),
    homepage="NHS England, Mental Health Services Monthly Statistics",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    compare_editions=compare_editions,
    frequency="monthly",
)
