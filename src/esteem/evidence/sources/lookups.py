"""Lookups between small areas, councils and NHS areas (ONS Open Geography), six layouts.

Gives two or three reference tables, no figures:
- `small_areas`: one row for each small area (LSOA) and larger area that holds it: small_area, small_vintage ("2011", "2021"), kind
  ("ccg", "sub_icb", "icb", "ltla", "ward", "lsoa"), area (canonical code), vintage of the larger area ("2019-04");
- `stated_codes`: every code and name an edition uses: code, place (canonical), name, kind, vintage;
- `stated_links` (lower to upper tier councils): child, parent, relation, valid_from, valid_to, share, note.
`evidence/gazetteer.py` works out from them how places follow and hold one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Source, Tidy
from esteem.terms.problems import Problem

SMALL_AREAS = pa.schema([(name, pa.string()) for name in ("small_area", "small_vintage", "kind", "area", "vintage")])
PLACE_CODES = pa.schema([(name, pa.string()) for name in ("code", "place", "name", "kind", "vintage")])
PLACE_LINKS = pa.schema(
    [
        ("child", pa.string()),
        ("parent", pa.string()),
        ("relation", pa.string()),  # part_of, became, lies_in, partly_in, based_in
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("share", pa.float64()),  # share of the child's small areas that lie in the parent; null when not worked out
        ("note", pa.string()),
    ]
)


@dataclass(frozen=True)
class _Area:
    """Columns of a larger area: its kind, the column of its code, of its name, and of its ODS code when it has one."""

    kind: str
    code: str
    name: str
    ods: str = ""


@dataclass(frozen=True)
class _Layout:
    label: str
    vintage: str
    columns: tuple[str, ...]
    small: str  # column of the small area's code; "" in the lookup of councils
    small_vintage: str
    areas: tuple[_Area, ...]


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


LAYOUTS = (
    _Layout(
        "LSOA 2011 to CCG and district, 2019",
        "2019-04",
        _columns("LSOA11CD,LSOA11NM,CCG19CD,CCG19CDH,CCG19NM,LAD19CD,LAD19NM,FID"),
        "LSOA11CD",
        "2011",
        (_Area("ccg", "CCG19CD", "CCG19NM", "CCG19CDH"), _Area("ltla", "LAD19CD", "LAD19NM")),
    ),
    _Layout(
        "LSOA 2011 to sub-ICB location, ICB and district, 2022",
        "2022-07",
        _columns(
            "lsoa11_name,lsoa11_code,sicbl22_name,sicbl22_code,sicbl22_code_h,icb22_name,icb22_code,icb22_code_h,ltla22_name,ltla22_code"
        ),
        "lsoa11_code",
        "2011",
        (
            _Area("sub_icb", "sicbl22_code", "sicbl22_name", "sicbl22_code_h"),
            _Area("icb", "icb22_code", "icb22_name", "icb22_code_h"),
            _Area("ltla", "ltla22_code", "ltla22_name"),
        ),
    ),
    _Layout(
        "LSOA 2011 to LSOA 2021 and district 2022",
        "2022-04",
        _columns("lsoa11_name,lsoa11_code,change_code,lsoa21_name,lsoa21_code,ltla22_name,ltla22_code"),
        "lsoa11_code",
        "2011",
        (_Area("lsoa", "lsoa21_code", "lsoa21_name"),),
    ),
    _Layout(
        "LSOA 2021 to sub-ICB location and ICB, 2024",
        "2024-04",
        _columns("lsoa21_name,lsoa21_code,sicbl24_name,sicbl24_code,sicbl24_code_nhs,icb24_name,icb24_code,icb24_code_nhs"),
        "lsoa21_code",
        "2021",
        (
            _Area("sub_icb", "sicbl24_code", "sicbl24_name", "sicbl24_code_nhs"),
            _Area("icb", "icb24_code", "icb24_name", "icb24_code_nhs"),
        ),
    ),
    _Layout(
        "LSOA 2021 to ward and district, 2024",
        "2024-05",
        _columns("lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code"),
        "lsoa21_code",
        "2021",
        (_Area("ward", "ward24_code", "ward24_name"), _Area("ltla", "ltla24_code", "ltla24_name")),
    ),
    _Layout(
        "Lower to upper tier councils, April 2023",
        "2023-04",
        _columns("LTLA23CD,LTLA23NM,LTLA23NMW,UTLA23CD,UTLA23NM,UTLA23NMW,ObjectId"),
        "",
        "",
        (_Area("ltla", "LTLA23CD", "LTLA23NM"), _Area("utla", "UTLA23CD", "UTLA23NM")),
    ),
)
# Kinds whose codes are too many to be places of their own: they stay in `small_areas`.
_SMALL_KINDS = ("lsoa", "ward")


def council_kind(code: str) -> str:
    """Kind of a council by the first characters of its ONS code: E10 county, E07 district, the others both tiers at once."""
    return {"E10": "utla", "E07": "ltla"}.get(code[:3], "unitary")


def _layout(raw: RawFile) -> _Layout | None:
    found = delimited.header(raw)
    return next((layout for layout in LAYOUTS if delimited.matches(found, layout.columns)), None)


def recognise(raw: RawFile) -> Edition | None:
    layout = _layout(raw)
    return layout and Edition(layout.label, (layout.vintage,), layout.label)


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, *(layout.columns for layout in LAYOUTS))


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    layout = _layout(raw)
    reader = _Reader(layout, canonical)
    rejected: list[Rejected] = []
    for line, cells in delimited.records(raw, layout.columns, progress, rejected):
        reader.read(line, dict(zip(layout.columns, (c.strip() for c in cells), strict=False)), rejected)
    notes = [f"{reader.outside} rows of Wales, Scotland or Northern Ireland left out"] if reader.outside else []
    tables = {name: table for name, table in reader.tables().items() if len(table)}
    return Tidy(tables=tables, rejected=rejected, rows_read=reader.rows, rows_kept=reader.kept, notes=notes)


class _Reader:
    """Reads one layout row by row into columns."""

    def __init__(self, layout: _Layout, canonical: Canonical):
        self.layout, self.canonical = layout, canonical
        self.small: list[tuple] = []
        self.codes: dict[str, tuple] = {}
        self.links: list[tuple] = []
        self.seen: dict[tuple, str] = {}
        self.rows = self.kept = self.outside = 0

    def read(self, line: int, row: dict[str, str], rejected: list[Rejected]) -> None:
        self.rows += 1
        first = row[self.layout.small or self.layout.areas[0].code]
        if first[:1] in "WSN" and first[1:].isdigit():
            self.outside += 1
            return
        if not (first[:1] == "E" and first[1:].isdigit() and len(first) == 9):
            column = self.layout.small or self.layout.areas[0].code
            remedy = "Correct the code or download the file again."
            rejected.append(Rejected(f"row {line}", column, "An ONS code is one letter and eight digits.", repr(first), remedy))
            return
        areas = [self._area(area, row) for area in self.layout.areas]
        self.kept += 1
        if self.layout.small:
            self._small_area(line, first, areas, rejected)
        elif areas[0] != areas[1]:
            self.links.append((areas[0], areas[1], "part_of", None, None, 1.0, ""))

    def _area(self, area: _Area, row: dict[str, str]) -> str:
        code = row[area.code]
        place = row[area.ods] if area.ods else self.canonical(code)
        if area.kind not in _SMALL_KINDS and code not in self.codes:
            kind = council_kind(code) if area.kind in ("ltla", "utla") else area.kind
            self.codes[code] = (code, place, row[area.name], kind, self.layout.vintage)
        return place

    def _small_area(self, line: int, small: str, areas: list[str], rejected: list[Rejected]) -> None:
        for area, place in zip(self.layout.areas, areas, strict=True):
            known = self.seen.setdefault((small, area.kind, place if area.kind == "lsoa" else ""), place)
            if known != place:
                rule = f"A small area lies in one {area.kind}; an earlier row puts it in {known}."
                rejected.append(Rejected(f"row {line}", area.code, rule, f"{small} in {place}", "Ask the publisher which row is right."))
            else:
                self.small.append((small, self.layout.small_vintage, area.kind, place, self.layout.vintage))

    def tables(self) -> dict[str, pa.Table]:
        ordered = sorted(self.small, key=lambda r: (r[2], r[0], r[3]))
        return {
            "small_areas": table_of(ordered, SMALL_AREAS),
            "stated_codes": table_of(self.codes.values(), PLACE_CODES),
            "stated_links": table_of(self.links, PLACE_LINKS),
        }


def table_of(rows: Iterable[tuple], schema: pa.Schema) -> pa.Table:
    """Rows as tuples -> a table of `schema`."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Row counts of the whole English files, and every small area in one area of each kind."""
    layout = _layout(raw)
    checks = [Check("every row was used", not tidied.rejected, f"{tidied.rows_kept} of {tidied.rows_read} rows")]
    table = tidied.tables.get("small_areas")
    if table is not None and layout.areas[0].kind != "lsoa":
        small = len(set(table.column("small_area").to_pylist()))
        expected = len(layout.areas) * small
        checks.append(Check("one area of each kind for each small area", len(table) == expected, f"{len(table)} links of {expected}"))
    return checks


SOURCE = Source(
    id="lookups",
    title="Lookups between small areas, councils and NHS areas",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    attribution=(
        "Source: Office for National Statistics licensed under the Open Government Licence v3.0. "
        "Contains OS data © Crown copyright and database right."
    ),
    homepage="ONS Open Geography portal, lookups",
    layout="; ".join(f"{layout.label}: {','.join(layout.columns)}" for layout in LAYOUTS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="yearly",
)
