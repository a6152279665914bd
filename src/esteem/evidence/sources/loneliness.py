"""Loneliness by small area, 2020/21: estimates from the type of neighbourhood, not local answers. A reference table, never a trend."""

from __future__ import annotations

import itertools

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Source, Tidy
from esteem.evidence.sources.delimited import read_cell
from esteem.evidence.sources.impossible_values import quarantined

COLUMNS = ("lsoa21_code", "perc", "deciles")
_SCHEMA = pa.schema([("lsoa21", pa.string()), ("share", pa.float64()), ("decile_from_most_lonely", pa.int8()), ("source_row", pa.string())])


def recognise(raw: RawFile) -> Edition | None:
    return Edition("Loneliness estimates 2020/21", status="final") if delimited.matches(delimited.header(raw), COLUMNS) else None


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    """Table `loneliness_lsoa`: share (a fraction) often, always or some of the time lonely; tenth 1 is the most lonely.

    The file counts its tenths the other way (10 is the most lonely); they are turned to run as deprivation does.
    """
    out, found, seen = Tidy(), [], set()
    for line, fields in delimited.records(raw, COLUMNS, progress, out.rejected):
        out.rows_read += 1
        code, per_cent, decile = (field.strip() for field in fields)
        value, _ = read_cell(per_cent, f"row {line}", "perc", out.rejected)
        if value is None or quarantined(value, "proportion", f"row {line}", "perc", per_cent, out.rejected):
            continue
        if code in seen or not (decile.isdigit() and 1 <= int(decile) <= 10):
            rule = "Each area stands once, with a tenth from 1 to 10."
            out.rejected.append(Rejected(f"row {line}", "lsoa21_code, deciles", rule, f"{code}, {decile}", "Ask the publisher."))
            continue
        seen.add(code)
        found.append({"lsoa21": code, "share": value / 100, "decile_from_most_lonely": 11 - int(decile), "source_row": f"row {line}"})
    out.tables["loneliness_lsoa"] = pa.Table.from_pylist(found, _SCHEMA)
    out.rows_kept = len(found)
    out.notes.append("National survey answers spread over small areas by type of neighbourhood: do not test change with them.")
    return out


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """Lonelier tenths have higher shares."""
    ranges: dict[int, list[float]] = {}
    for row in tidy.tables["loneliness_lsoa"].to_pylist():
        ranges.setdefault(row["decile_from_most_lonely"], []).append(row["share"])
    tenths = sorted(ranges)
    ordered = all(min(ranges[a]) >= max(ranges[b]) for a, b in itertools.pairwise(tenths))
    return [Check("Tenth 1 has the highest shares and tenth 10 the lowest", ordered, f"{len(tenths)} tenths, {tidy.rows_kept:,} areas")]


SOURCE = Source(
    id="loneliness",
    title="Loneliness estimate by small area (Community Life Survey 2020/21)",
    publisher="British Red Cross (humaniverse), from DCMS Community Life Survey",
    licence="MIT (package), Open Government Licence v3.0 (survey)",
    attribution=(
        "Source: British Red Cross from DCMS Community Life Survey 2020/21. Contains public sector information licensed under the Open "
        "Government Licence v3.0. Packaged under the MIT Licence, Copyright (c) 2023 loneliness authors."
    ),
    homepage="humaniverse/loneliness",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    frequency="stopped",
)
