"""Detention, bed days and restraint by provider, monthly, September 2021 to August 2022 (MHSDS, extracted by the PROD-ALERT project).

The files have no header: date, provider name, measure, value. They are told by the shape of their first rows. Which figure a file holds is
read from its measure column, since it changes under one file name: people subject to detention, or people subject to the Act (wider).
"""

from __future__ import annotations

from collections.abc import Iterable

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Series, Source, Tidy, silent
from esteem.evidence.sources.observation_rows import ObservationRows, april_before, place_code, read_cell
from esteem.evidence.sources.provider_places import provider
from esteem.terms import flags as flag
from esteem.terms.periods import Period, month, parse_day
from esteem.terms.places import Place
from esteem.terms.problems import Problem

LAYOUT = ("date", "provider name", "measure", "value")
_SERIES_OF = {
    "People subject to detention at the end of the reporting period": "mhsds_provider.detained",
    "People subject to the Mental Health Act at the end of the reporting period": "mhsds_provider.subject_to_act",
    "Bed days in RP": "mhsds_provider.bed_days",
    "MHS76": "mhsds_provider.restrained",
}
_WIDER = (
    "The file changed from people subject to detention to people subject to the Act (wider) in January to May 2022: two series, no surge."
)
_TITLES = {
    "mhsds_provider.detained": ("People detained at the end of the month", "stock", (_WIDER,)),
    "mhsds_provider.subject_to_act": ("People subject to the Mental Health Act at the end of the month", "stock", (_WIDER,)),
    "mhsds_provider.bed_days": ("Bed days in the month", "count", ()),
    "mhsds_provider.restrained": (
        "People restrained in the month (MHS76)",
        "count",
        ("Many providers report no restraint for a whole year.",),
    ),
}
_BY_NAME = "The publisher names providers and gives no codes. A name was taken for a code where other files give it to one code alone."
_ROUNDING = "to the nearest 5; * below 5"


def recognise(raw: RawFile) -> Edition | None:
    first = delimited.first_records(raw, 3)
    if not first or any(len(r) != 4 or r[2] not in _SERIES_OF or not _day(r[0]) for r in first):
        return None
    start = _day(first[0][0])
    kind = _SERIES_OF[first[0][2]].rsplit(".", 1)[1]
    return Edition(f"{kind.replace('_', ' ')}, {start:%B %Y}", (1,), f"{kind} {start:%Y-%m}", None, "performance")


def _day(text: str):
    try:
        return parse_day(text)
    except Problem:
        return None


def near(raw: RawFile) -> Problem | None:
    """Four columns with a date first, and a measure that is not known."""
    first = delimited.first_records(raw, 3)
    if not first or any(len(r) != 4 or not _day(r[0]) for r in first) or recognise(raw):
        return None
    row = next(i for i, r in enumerate(first, 1) if r[2] not in _SERIES_OF)
    rule = f"The third column is one of: {'; '.join(_SERIES_OF)}."
    return Problem("label-unknown", rule, first[row - 1][2], "Tell the developers of the new measure.", raw.name, row, "measure")


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress = silent) -> Tidy:
    out, rows, places, used = Tidy(), ObservationRows(), {}, {}
    months: dict[Period, int] = {}
    for row, fields in delimited.records(raw, None, progress, out.rejected, width=4):
        out.rows_read += 1
        text, name, measure, count = (f.strip() for f in fields)
        day = _day(text)
        if day is None or measure not in _SERIES_OF:
            column, found = ("date", text) if day is None else ("measure", measure)
            rule = "Rows hold a date, a provider, a known measure and a value."
            raise Problem("row-unreadable", rule, found, "Load the file as the publisher gave it.", raw.name, row, column)
        period = month(day.year, day.month)
        months.setdefault(period, row)
        series = _SERIES_OF[measure]
        used.setdefault(series, _series(series, measure))
        place = place_code(name.replace("+", ""), canonical)  # a plus sign joins the codes of a group of places
        places.setdefault(place, Place(place, name, "unknown") if name == "UNKNOWN" else provider(place, name))
        value, reason = read_cell(count, f"row {row}", "value", out.rejected)
        rows.add(series, place, period, value, flags=reason or flag.ROUNDED, vintage=april_before(day), source_row=f"row {row}")
        out.rows_kept += 1
    _check_one_month(months, raw.name)
    out.notes += _without_code(places.values())
    out.observations = rows.table(out.rejected)
    out.series = list(used.values())
    out.places = list(places.values())
    return out


def _without_code(places: Iterable[Place]) -> list[str]:
    """A note that lists the providers whose name leads to no code, or to several."""
    names = sorted(place.name for place in places if place.code == place.name.replace("+", "") != "UNKNOWN")
    if not names:
        return []
    return [f"{len(names)} providers stand under their name: no other file gives that name to one code alone ({'; '.join(names)})."]


def _check_one_month(months: dict[Period, int], file: str) -> None:
    if len(months) > 1:
        second = sorted(months.items(), key=lambda item: item[1])[1]
        found = ", ".join(p.words for p in sorted(months))
        raise Problem("period-mixed", "A file holds one month.", found, "Load one file for each month.", file, second[1], "date")


def _series(identifier: str, measure: str) -> Series:
    title, statistic, notes = _TITLES[identifier]
    return Series(identifier, title, "count", measure, statistic, _ROUNDING, notes=(_BY_NAME, *notes))


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """No totals are published: every row must have come through, and every value be a multiple of 5."""
    values = [v for v in tidied.observations.column("value").to_pylist() if v is not None]
    odd = [v for v in values if v % 5]
    settled = len(tidied.observations) + sum(r.kind in ("repeated", "quarantine") for r in tidied.rejected)
    return [
        Check("Every row gave a figure or a reason", settled == tidied.rows_kept, f"{settled} of {tidied.rows_kept} rows"),
        Check("Figures are rounded to 5 as the publisher says", not odd, f"{len(values)} figures; not multiples of 5: {odd[:5] or 'none'}"),
    ]


SOURCE = Source(
    id="mhsds_provider",
    title="Mental Health Services Monthly Statistics, provider series 2021-22",
    publisher="NHS England (NHS Digital); extracted by the PROD-ALERT project",
    licence="Open Government Licence v3.0 (data), MIT (repository)",
    attribution=(
        "Source: NHS Digital, Mental Health Services Monthly Statistics. "
        "Contains public sector information licensed under the Open Government Licence v3.0."
    ),
    homepage="NHS England, Mental Health Services Monthly Statistics",
    layout=f"no header; {','.join(LAYOUT)}",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="monthly",
    names_only=True,
)
