"""ONS Health Index for England: underlying indicators, in two layouts.

The long layout has 56 indicators for lower-tier authorities, 2015 to 2021. Some values repeat an earlier year; they are flagged
`carried_forward` as the project's data guide lists them, and must stay out of trends. The wide layout has one row for each upper-tier
authority, 2018; columns with unexplained codes (`Li.2.1.n`) are left out.
"""

from __future__ import annotations

import re

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.delimited import ObservationRows, read_cell
from esteem.evidence.sources.health_index_words import CARRIED_FORWARD, COLUMNS_2018, INDICATORS
from esteem.terms import flags as flag
from esteem.terms import periods

LONG = ("ltla21_code", "year", "indicator", "value")
_WIDE_KEYS = ("Area code", "Area name")
_WIDE_SIGNS = {"suicide", "self_harm", "depres", "srwb_sat", "avoid_mort", "rough_sleep"}
_WIDE_YEAR = 2018


def recognise(raw: RawFile) -> Edition | None:
    found = delimited.header(raw)
    if delimited.matches(found, LONG):
        return Edition("ONS Health Index indicators 2015 to 2021", covers="2015 to 2021", status="final")
    if found[:2] == _WIDE_KEYS and set(found) >= _WIDE_SIGNS:
        return Edition("ONS Health Index underlying values 2018", covers="2018", status="final")
    return None


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    return (_tidy_wide if edition.covers == "2018" else _tidy_long)(raw, canonical, progress)


def snake_name(indicator: str) -> str:
    """`Children's social, emotional and mental health` becomes `childrens_social_emotional_and_mental_health`."""
    return re.sub(r"[^a-z0-9]+", "_", indicator.casefold().replace("'", "")).strip("_")


def period_of(indicator: str, year: int) -> periods.Period:
    """Calendar year, but suicide rates of year Y are over the three years that end with it."""
    return periods.years(year - 2, year) if indicator == "Suicides" else periods.calendar_year(year)


def _tidy_long(raw: RawFile, canonical, progress) -> Tidy:
    out, rows = Tidy(), ObservationRows()
    found: set[str] = set()
    for line, fields in delimited.records(raw, LONG, progress, out.rejected):
        out.rows_read += 1
        code, year_text, indicator, text = (field.strip() for field in fields)
        year = _year(line, year_text, out.rejected)
        if year is None:
            continue
        value, why = read_cell(text, f"row {line}", "value", out.rejected)
        found.add(indicator)
        carried = value is not None and year in CARRIED_FORWARD.get(indicator, ())
        rows.add(
            *(f"health_index.{snake_name(indicator)}", canonical(code), period_of(indicator, year), value),
            source_row=f"row {line}",
            flags=why or (flag.CARRIED_FORWARD if carried else ""),
            vintage="2021-04",
        )
    out.series = [_describe(indicator) for indicator in sorted(found)]
    out.observations = rows.table(out.rejected)
    out.rows_kept = len(out.observations)
    return out


def _year(line: int, text: str, rejected: list[Rejected]) -> int | None:
    """The year in `2015.0` or `2015`."""
    if re.fullmatch(r"(19|20)\d\d(\.0+)?", text):
        return int(text[:4])
    rejected.append(Rejected(f"row {line}", "year", "A year has four digits.", repr(text), "Correct the year in the file.", "unreadable"))
    return None


def _describe(indicator: str) -> Series:
    unit, statistic, words = INDICATORS.get(indicator, ("score", "value", ""))
    notes = [words] if words else ["Unit as the publisher uses it; the file does not state it."]
    if indicator in CARRIED_FORWARD:
        years = ", ".join(str(year) for year in CARRIED_FORWARD[indicator])
        notes.append(f"The publisher repeated an earlier value in {years}: left out of trends.")
    return Series(f"health_index.{snake_name(indicator)}", indicator, unit, indicator, statistic, "as published", 1, tuple(notes))


def _tidy_wide(raw: RawFile, canonical, progress) -> Tidy:
    out, rows = Tidy(), ObservationRows()
    header = delimited.header(raw)
    wanted = [(i, name) for i, name in enumerate(header) if name in COLUMNS_2018]
    for line, fields in delimited.records(raw, header, progress, out.rejected):
        out.rows_read += 1
        for i, name in wanted:
            value, why = read_cell(fields[i], f"row {line}", name, out.rejected)
            period = period_of("Suicides" if name == "suicide" else "", _WIDE_YEAR)
            rows.add(
                *(f"health_index_2018.{name}", canonical(fields[0].strip()), period, value),
                source_row=f"row {line} column {name}",
                flags=why,
                vintage="2019-04",
            )
    out.notes = _left_out([name for name in header if name not in COLUMNS_2018 and name not in _WIDE_KEYS])
    out.series = [_describe_wide(name) for _, name in wanted]
    out.observations = rows.table(out.rejected)
    out.rows_kept = out.rows_read - sum(r.kind == "unreadable" and not r.column for r in out.rejected)
    return out


def _left_out(names: list[str]) -> list[str]:
    unexplained = [name for name in names if "." in name]
    other = [name for name in names if "." not in name]
    return [
        f"{len(unexplained)} columns not kept, their codes are not explained: {', '.join(unexplained)}.",
        f"{len(other)} columns not kept, about other matters than mental health: {', '.join(other)}.",
    ]


def _describe_wide(name: str) -> Series:
    title, unit, statistic = COLUMNS_2018[name]
    return Series(f"health_index_2018.{name}", title, unit, name, statistic, "as published", 1, ("One year: no trend.",))


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """Every value that the guide calls carried forward equals the same place's value of the year before; mean answers lie in 0 to 10."""
    means = {s.id for s in tidy.series if s.unit == "mean"}
    rows = tidy.observations.to_pylist()
    values = {(r["series"], r["place"], r["period_end"].year): r["value"] for r in rows}
    carried = {f"health_index.{snake_name(indicator)}": years for indicator, years in CARRIED_FORWARD.items()}
    pairs = [
        (value, values.get((series, place, year - 1))) for (series, place, year), value in values.items() if year in carried.get(series, ())
    ]
    unlike = sum(now != before for now, before in pairs)
    outside = sum(r["value"] is not None and not 0 <= r["value"] <= 10 for r in rows if r["series"] in means)
    return [
        Check("Values marked as carried forward repeat the year before", not unlike, f"{len(pairs):,} compared, {unlike:,} differ"),
        Check("Mean answers lie between 0 and 10", not outside, f"{outside} outside"),
    ]


SOURCE = Source(
    id="health_index",
    title="ONS Health Index for England: underlying indicators",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0 (data), MIT (packages)",
    attribution=(
        "Source: Office for National Statistics, Health Index for England. Contains public sector information licensed under the Open "
        "Government Licence v3.0. Packaged under the MIT Licence, Copyright (c) 2022 British Red Cross; Copyright (c) 2022 The Alan "
        "Turing Institute."
    ),
    homepage="Office for National Statistics, Health Index; humaniverse/healthyr; alan-turing-institute/Health-Index-UK",
    layout=f"{','.join(LONG)} or {','.join(_WIDE_KEYS)},... with {', '.join(sorted(_WIDE_SIGNS))}",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, LONG),
    frequency="stopped",
)
