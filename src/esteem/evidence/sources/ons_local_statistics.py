"""ONS Explore Local Statistics: one CSV for each subject with the publisher's own 95% limits, and a JSON file with its definitions.

The order of columns differs between files (in personal well-being `measure` comes before `observation`). Per cents become fractions.
Status `x` is not available, `u` withheld as unreliable. Areas outside England are left out and counted in the notes.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import date

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.newest_period import newest_period
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell
from esteem.evidence.sources.scaling import scaled
from esteem.terms import flags as flag
from esteem.terms import periods
from esteem.terms.places import Place
from esteem.terms.problems import Problem

COLUMNS = ("areacd", "areanm", "geography", "indicator", "period", "observation", "measure", "unit", "lci_95", "uci_95", "status", "notes")
SWAPPED = (*COLUMNS[:5], "measure", "observation", *COLUMNS[7:])
# unit as printed -> (unit, multiplier, statistic, lowest, highest published number)
_UNITS = {
    "%": ("proportion", 0.01, "proportion", 0, 100),
    "yrs": ("years", 1, "mean", 0, 120),
    "Score out of 10": ("score", 1, "mean", 0, 10),
    "Count per 10,000 people": ("rate_per_10000", 1, "rate", 0, None),
}
_SLUGS = {"Modelled unemployment rate": "modelled_unemployment"}
_KEPT_PLACES = {"E47": "combined_authority", "E13": "region_part", "E11": "metropolitan_county"}
_COUNCILS = ("E06", "E07", "E08", "E09", "E10")
_FIGURES = ("observation", "lci_95", "uci_95")
METADATA = pa.schema([(n, pa.string()) for n in ("series", "label", "definition", "caveats", "published", "producer", "address", "status")])
_KEY = b'"ess-beta-metadata"'


def slug(indicator: str) -> str:
    """`Claimant Count` -> `claimant_count`."""
    return _SLUGS.get(indicator) or re.sub(r"[^a-z0-9]+", "_", indicator.casefold()).strip("_")


def _layout(raw: RawFile) -> tuple[str, ...] | None:
    found = delimited.header(raw)
    return next((layout for layout in (COLUMNS, SWAPPED) if delimited.matches(found, layout)), None)


def _is_metadata(raw: RawFile) -> bool:
    return raw.head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{") and _KEY in raw.head


def recognise(raw: RawFile) -> Edition | None:
    if _is_metadata(raw):
        series = [row["series"] for row in _metadata(raw)]
        published = max((row["published"] for row in _metadata(raw)), default="")
        return Edition(f"definitions of {', '.join(series)}", (published,), f"definitions {' '.join(sorted(series))}")
    layout = _layout(raw)
    if layout is None:
        return None
    first = delimited.first_records(raw, 2)
    name = first[1][3] if len(first) > 1 and len(first[1]) > 3 else ""
    newest = newest_period(raw, layout, "period")
    return Edition(f"{name}, to {newest[1]}" if newest else name, (newest[0].isoformat(),) if newest else (), name)


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, COLUMNS, SWAPPED)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    if _is_metadata(raw):
        found = _metadata(raw)
        return Tidy(tables={"indicator_definitions": pa.Table.from_pylist(found, METADATA)}, rows_read=len(found), rows_kept=len(found))
    return _Reader(_layout(raw), canonical).read(raw, progress)


class _Reader:
    """Reads one CSV into observations."""

    def __init__(self, layout: tuple[str, ...], canonical: Canonical):
        self.layout, self.canonical = layout, canonical
        self.rows, self.rejected, self.series = ObservationRows(), [], {}
        self.places: dict[str, Place] = {}
        self.outside = 0

    def read(self, raw: RawFile, progress: Progress) -> Tidy:
        read = kept = 0
        for line, cells in delimited.records(raw, self.layout, progress, self.rejected):
            read += 1
            row = dict(zip(self.layout, (c.strip() for c in cells), strict=False))
            kept += self._row(row, line)
        notes = [f"{self.outside} rows of areas outside England left out"] if self.outside else []
        table = self.rows.table(self.rejected)
        return Tidy(
            table, list(self.series.values()), self.rejected, list(self.places.values()), rows_read=read, rows_kept=kept, notes=notes
        )

    def _row(self, row: dict[str, str], line: int) -> bool:
        where = f"row {line}"
        if not row["areacd"].startswith("E"):
            self.outside += 1
            return False
        if row["unit"] not in _UNITS:
            self._reject(where, "unit", f"The unit is one of {', '.join(_UNITS)}.", row["unit"], "Tell the developers of the new unit.")
            return False
        try:
            period = periods.parse(row["period"])
        except Problem as problem:
            self._reject(where, "period", problem.rule, problem.found, problem.remedy, "unreadable")
            return False
        figures = self._figures(row, where)
        if figures is None or self._came_too_late(row, period, where):
            return False
        self._add(row, period, figures, where)
        return True

    def _came_too_late(self, row: dict[str, str], period: periods.Period, where: str) -> bool:
        """True for a council that, by the publisher's own note, had ended when the period began (recoded councils live on)."""
        found = re.match(r"Obsolete code since (\d{4})", row["notes"])
        code = row["areacd"]
        late = found and code[:3] in _COUNCILS and self.canonical(code) == code and period.start >= date(int(found[1]), 4, 1)
        if late:
            rule = f"A figure is for a council that existed in its period. {row['notes']}."
            self._reject(where, "areacd", rule, f"{code} for {row['period']}", "Use the figure of the council that followed.")
        return bool(late)

    def _figures(self, row: dict[str, str], where: str) -> tuple | None:
        """(value, lower, upper, flags) in the unit stored; None when one of them is impossible."""
        _, multiplier, _, low, high = _UNITS[row["unit"]]
        numbers, why = {}, flag.UNKNOWN
        for column in _FIGURES:
            numbers[column], missing = (None, "") if not row[column] else read_cell(row[column], where, column, self.rejected)
            why = missing or why
            if (n := numbers[column]) is not None and column == "observation" and (n < low or (high is not None and n > high)):
                rule = f"A figure in {row['unit']} lies between {low} and {high}." if high is not None else "A figure is not below 0."
                self._reject(where, column, rule, row[column], "Ask the publisher for the right figure.")
                return None
        value = numbers["observation"]
        flags = self._flags(row, value, why, where)
        return (*(scaled(n, multiplier) for n in numbers.values()), flags)

    def _flags(self, row: dict[str, str], value: float | None, why: str, where: str) -> str:
        status = {"": "", "x": flag.NOT_COLLECTED, "u": flag.UNRELIABLE}.get(row["status"])
        if status is None:
            self._reject(
                where, "status", "The status is empty, x or u.", row["status"], "Tell the developers of the new status.", "unreadable"
            )
        if value is None:
            return status or why
        doubtful = "unreliable" in row["notes"].casefold() or status
        return flag.join([flag.OUTLIER] if doubtful else [])

    def _reject(self, where: str, column: str, rule: str, found: str, remedy: str, kind: str = "quarantine") -> None:
        self.rejected.append(Rejected(where, column, rule, repr(found), remedy, kind))

    def _add(self, row: dict[str, str], period: periods.Period, figures: tuple, where: str) -> None:
        place, (value, lower, upper, flags) = self.canonical(row["areacd"]), figures
        name = f"ons_local.{slug(row['indicator'])}"
        if name not in self.series:
            self.series[name] = _series(name, row)
        if (kind := _KEPT_PLACES.get(row["areacd"][:3])) and place not in self.places:
            self.places[place] = Place(place, row["areanm"], kind)
        self.rows.add(name, place, period, value, lower=lower, upper=upper, flags=flags, source_row=where)


def _series(name: str, row: dict[str, str]) -> Series:
    unit, multiplier, statistic, *_ = _UNITS[row["unit"]]
    notes = ["Each area is on the boundaries the publisher chose; obsolete codes are explained in its notes."]
    if "/P3Y" in row["period"] or "/P5Y" in row["period"]:
        notes.append(f"Periods of {row['period'][-2]} years overlap: neighbouring figures share most of their years.")
    title = {"Satisfaction": "Life satisfaction", "Worthwhile": "Feeling that life is worthwhile"}.get(row["indicator"], row["indicator"])
    return Series(name, title, unit, f"{row['indicator']} / {row['measure']}", statistic, "as published", multiplier, tuple(notes))


def _metadata(raw: RawFile) -> list[dict[str, str]]:
    """One row for each indicator that the JSON file defines. Raises Problem `json-wrong` for a file that is cut short."""
    try:
        content = json.loads(delimited.text_of(raw).lstrip("\ufeff"))["ess-beta-metadata"]
    except (ValueError, KeyError, TypeError) as error:
        rule = "The file is JSON with the key ess-beta-metadata."
        raise Problem("json-wrong", rule, str(error), "Download the file again: it may be cut short.", raw.name) from error
    shared = content.get("shared", {})
    entries = {k: v for k, v in content.items() if isinstance(v, dict) and k != "shared"} or {content.get("label", ""): content}
    return [_definition(name, shared | own) for name, own in entries.items()]


def _definition(name: str, entry: dict) -> dict[str, str]:
    day = periods.parse_day(entry["sourceDate"]).isoformat() if entry.get("sourceDate") else ""
    return {
        "series": f"ons_local.{slug(name)}",
        "label": entry.get("label") or name,
        "definition": entry.get("longDescription") or entry.get("subtitle") or "",
        "caveats": entry.get("caveats") or "",
        "published": day,
        "producer": entry.get("sourceOrg") or "",
        "address": entry.get("sourceURL") or "",
        "status": "official statistics in development" if entry.get("experimentalStatistic") == "T" else "",
    }


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """The published limits hold the figure, and every figure is in the unit's range."""
    if tidied.observations is None:
        return [Check("indicators defined", tidied.rows_kept > 0, f"{tidied.rows_kept}")]
    astray, limits = defaultdict(int), 0
    columns = tidied.observations.select(["series", "value", "lower", "upper"]).columns
    for series, value, lower, upper in zip(*(c.to_pylist() for c in columns), strict=True):
        if value is not None and lower is not None and upper is not None:
            limits += 1
            astray[series] += not lower - 1e-9 <= value <= upper + 1e-9
    wrong = {series: count for series, count in astray.items() if count}
    return [Check("the limits hold the figure", not wrong, f"{limits} figures with limits; outside: {wrong or 'none'}")]


SOURCE = Source(
    id="ons_local_statistics",
    title="Explore Local Statistics",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    attribution="Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
    homepage="ONS, Explore local statistics",
    layout=f"{','.join(COLUMNS)}; or measure before observation; or a JSON file with the key ess-beta-metadata",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="yearly",
)
