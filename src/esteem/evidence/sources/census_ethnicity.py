"""Ethnic groups in Census 2021: districts in 19 detailed groups (ONS TS021), and small areas in five.

The file of districts mixes numbers and per cents in one column, told apart by the end of `ethnic_group` (some with two spaces before it).
Districts outside England are left out and counted in the notes. Figures of small areas go into the table `small_area_ethnicity`.
"""

from __future__ import annotations

import re
from collections import defaultdict

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell
from esteem.evidence.sources.scaling import scaled
from esteem.terms import flags as flag
from esteem.terms.periods import parse
from esteem.terms.problems import Problem

DISTRICTS = ("ltla21_code", "ltla21_name", "ethnic_group", "value")
SMALL_AREAS = ("lsoa21_code", "total_residents", "ethnic_group", "n", "prop")
CENSUS_DAY = parse("2021-03-21")
_BROAD = {
    "Asian, Asian British or Asian Welsh": "Asian or Asian British",
    "Black, Black British, Black Welsh, Caribbean or African": "Black or Black British",
    "Mixed or Multiple ethnic groups": "Mixed",
    "White": "White",
    "Other ethnic group": "Other ethnic groups",
}
_DETAIL = {
    "English, Welsh, Scottish, Northern Irish or British": "White British",
    "Irish": "White Irish",
    "Other White": "Any other White background",
    "Other Asian": "Any other Asian background",
    "Other Black": "Any other Black background",
    "Other Mixed or Multiple ethnic groups": "Any other Mixed background",
}
_GROUPS_OF_A_DISTRICT = 19
_CENSUS_NOTE = "Census day was 21 March 2021. The census bureau swaps some records between areas to protect people."
SERIES = [
    Series(
        "census_2021.ethnicity",
        "Usual residents by ethnic group, Census 2021",
        "count",
        "ethnic_group (number)",
        "count",
        "none, apart from the swaps that protect people",
        notes=(_CENSUS_NOTE, "The five broad groups and the total are sums of the 19 published groups."),
    ),
    Series(
        "census_2021.ethnicity_share",
        "Share of usual residents in each ethnic group, Census 2021",
        "proportion",
        "ethnic_group (percent)",
        "proportion",
        "per cents to one decimal",
        0.01,
        (_CENSUS_NOTE, "The numerator is the published number, the denominator the sum of the 19 published groups."),
    ),
]
_TABLE = pa.schema([("small_area", pa.string()), ("ethnic_group", pa.string()), ("residents", pa.int32()), ("total_residents", pa.int32())])


def recognise(raw: RawFile) -> Edition | None:
    found = delimited.header(raw)
    if delimited.matches(found, DISTRICTS):
        return Edition("Census 2021, districts", ("2021",), "ethnicity of districts")
    if delimited.matches(found, SMALL_AREAS):
        return Edition("Census 2021, small areas", ("2021",), "ethnicity of small areas")
    return None


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, DISTRICTS, SMALL_AREAS)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    if edition.covers == "ethnicity of small areas":
        return _small_areas(raw, progress)
    cells, rejected, counts = _cells_of_districts(raw, progress)
    rows = ObservationRows()
    for code, figures in cells.items():
        _district(rows, canonical(code), figures)
    notes = [f"{counts['outside']} rows of districts outside England left out"] if counts["outside"] else []
    return Tidy(rows.table(rejected), SERIES, rejected, rows_read=counts["read"], rows_kept=counts["kept"], notes=notes)


def _cells_of_districts(raw: RawFile, progress: Progress):
    """district -> (broad, detail, "number" or "percent") -> (value, flag, line); then rejected rows and counts of rows."""
    cells: dict[str, dict[tuple, tuple]] = defaultdict(dict)
    rejected: list[Rejected] = []
    counts = defaultdict(int)
    for line, fields in delimited.records(raw, DISTRICTS, progress, rejected):
        counts["read"] += 1
        code, _, text, value = (" ".join(f.split()) for f in fields[:4])
        if not code.startswith("E"):
            counts["outside"] += 1
            continue
        found = re.fullmatch(r"(.+?): (.+) \((number|percent)\)", text)
        number, why = read_cell(value, f"row {line}", "value", rejected)
        if found is None or found[1] not in _BROAD or (number is not None and not 0 <= number <= (100 if found[3] == "percent" else 1e8)):
            rule = "A row names one of the five broad groups, a detailed group, and (number) or (percent), with a figure that can be true."
            rejected.append(Rejected(f"row {line}", "ethnic_group", rule, f"{text}: {value}", "Ask the publisher for the right row."))
            continue
        counts["kept"] += 1
        key = (_BROAD[found[1]], _DETAIL.get(found[2], found[2]), found[3])
        if key in cells[code]:
            rule = f"Each group stands once for a district; {text} was in row {cells[code][key][2]}."
            rejected.append(Rejected(f"row {line}", "ethnic_group", rule, f"{code} {value}", "Ask the publisher which row is right."))
            continue
        cells[code][key] = (number, why, line)
    return cells, rejected, counts


def _district(rows: ObservationRows, place: str, figures: dict[tuple, tuple]) -> None:
    numbers = {(broad, detail): cell for (broad, detail, what), cell in figures.items() if what == "number"}
    whole = len(numbers) == _GROUPS_OF_A_DISTRICT and all(cell[0] is not None for cell in numbers.values())
    total = sum(cell[0] for cell in numbers.values()) if whole else None
    at = {"vintage": "2021-04"}
    for (_, detail), (value, why, line) in numbers.items():
        more = at | {"breakdown": "ethnicity_detail", "category": detail, "flags": why, "source_row": f"row {line}"}
        rows.add("census_2021.ethnicity", place, CENSUS_DAY, value, **more)
    for (broad, detail, what), (value, why, line) in figures.items():
        if what == "percent":
            number = numbers.get((broad, detail), (None,))[0]
            more = at | {"breakdown": "ethnicity_detail", "category": detail, "flags": why, "source_row": f"row {line}"}
            share = scaled(value, 0.01)
            rows.add("census_2021.ethnicity_share", place, CENSUS_DAY, share, numerator=number, denominator=total, **more)
    _sums(rows, place, numbers, total)


def _sums(rows: ObservationRows, place: str, numbers: dict[tuple, tuple], total: float | None) -> None:
    """The five broad groups and everyone, as sums of the published groups."""
    lines = [cell[2] for cell in numbers.values()]
    where = f"rows {min(lines)} to {max(lines)}" if lines else "no row"
    parts: dict[str, list] = defaultdict(list)
    for (broad, _), (value, _, _) in numbers.items():
        parts[broad].append(value)
    for broad, values in parts.items():
        known = total is not None
        flags = flag.join([flag.DERIVED, *([] if known else [flag.MISSING_PART])])
        more = {"breakdown": "ethnicity", "category": broad, "flags": flags, "source_row": where, "vintage": "2021-04"}
        summed = sum(values) if known else None
        rows.add("census_2021.ethnicity", place, CENSUS_DAY, summed, **more)
        share = summed / total if known and total else None
        more["flags"] = flag.join([flag.DERIVED, *([] if share is not None else [flag.MISSING_PART])])
        rows.add("census_2021.ethnicity_share", place, CENSUS_DAY, share, numerator=summed, denominator=total, **more)
    flags = flag.join([flag.DERIVED, *([flag.MISSING_PART] if total is None else [])])
    rows.add("census_2021.ethnicity", place, CENSUS_DAY, total, flags=flags, source_row=where, vintage="2021-04")


def _small_areas(raw: RawFile, progress: Progress) -> Tidy:
    found, rejected, read = [], [], 0
    for line, fields in delimited.records(raw, SMALL_AREAS, progress, rejected):
        read += 1
        code, total, group, number, _ = (f.strip() for f in fields[:5])
        figures = [read_cell(text, f"row {line}", column, rejected)[0] for text, column in ((number, "n"), (total, "total_residents"))]
        if group not in _BROAD or None in figures or not 0 <= figures[0] <= figures[1]:
            rule = "A row has one of the five broad groups, and no more residents of the group than in all."
            found_words = f"{code}, {group}, {number} of {total}"
            rejected.append(Rejected(f"row {line}", "n", rule, found_words, "Ask the publisher for the right row."))
            continue
        found.append((code, _BROAD[group], int(figures[0]), int(figures[1])))
    columns = list(zip(*sorted(found), strict=True)) or [()] * 4
    table = pa.table([pa.array(c, f.type) for c, f in zip(columns, _TABLE, strict=True)], schema=_TABLE)
    return Tidy(tables={"small_area_ethnicity": table}, rejected=rejected, rows_read=read, rows_kept=len(found))


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Numbers over their total agree with the published per cents; small areas add to their totals."""
    if tidied.observations is None:
        return [_small_areas_add_up(tidied)]
    table = tidied.observations.to_pylist()
    shares = [r for r in table if r["series"] == "census_2021.ethnicity_share" and r["breakdown"] == "ethnicity_detail"]
    wrong = [
        f"{r['place']} {r['category']}"
        for r in shares
        if r["value"] is not None and r["denominator"] and abs(r["numerator"] / r["denominator"] - r["value"]) > 0.0005 + 1e-9
    ]
    whole = [r for r in table if r["breakdown"] == "all"]
    return [
        Check("numbers agree with the published per cents", not wrong, f"{len(shares)} shares; astray: {wrong[:3] or 'none'}"),
        Check("every district has its 19 groups", all(r["value"] is not None for r in whole), f"{len(whole)} districts"),
    ]


def _small_areas_add_up(tidied: Tidy) -> Check:
    sums: dict[str, int] = defaultdict(int)
    totals: dict[str, int] = {}
    table = tidied.tables["small_area_ethnicity"]
    for area, number, total in zip(*(table[c].to_pylist() for c in ("small_area", "residents", "total_residents")), strict=True):
        sums[area] += number
        totals[area] = total
    # Each cell is perturbed on its own by the publisher, so five groups need not add exactly to the total.
    astray = [a for a, total in totals.items() if abs(sums[a] - total) > 10]
    return Check(
        "the five groups add to all residents, within 10", not astray, f"{len(totals)} small areas; astray: {astray[:3] or 'none'}"
    )


SOURCE = Source(
    id="census_ethnicity",
    title="Census 2021: ethnic groups",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0; packaged MIT Licence",
    attribution="Source: Office for National Statistics, Census 2021, licensed under the Open Government Licence v3.0.",
    homepage="ONS, Census 2021, table TS021",
    layout=f"{','.join(DISTRICTS)}; or {','.join(SMALL_AREAS)}",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="stopped",
)
