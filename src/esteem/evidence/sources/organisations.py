"""NHS organisations (Organisation Data Service): trusts (`etr`) and prescribers with GP practices (`epraccur`); no header.

Gives the places of trusts, the table `practices` (active GP practices of England: prescribing setting 4), and links: sub-ICB location to
ICB to NHS region as the active practices have them, trust to the ICB of its seat. Telephone numbers and street addresses are left out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Source, Tidy
from esteem.evidence.sources.lookups import PLACE_LINKS, table_of
from esteem.terms.periods import parse_day
from esteem.terms.places import Place
from esteem.terms.problems import Problem

WIDTH = 27
_CODE, _NAME, _REGION, _BOARD, _POSTCODE, _OPENED, _CLOSED, _STATUS, _SUB_ICB, _SETTING = 0, 1, 2, 3, 9, 10, 11, 12, 14, 25
_GP_PRACTICE = "4"
PRACTICES = pa.schema([(n, pa.string()) for n in ("code", "name", "postcode", "sub_icb", "icb", "nhs_region")] + [("opened", pa.date32())])
_SMALL_WORDS = {"And", "Of", "The", "For", "On", "In", "At", "With"}
_ENGLISH_REGION = re.compile(r"Y\d\d")


def readable_name(name: str) -> str:
    """`ESSEX PARTNERSHIP UNIVERSITY NHS FOUNDATION TRUST` in title case, NHS kept in capitals."""
    words = [w.capitalize() for w in re.split(r"(?<=[\s(\-&])", name.strip())]
    plain = "".join(w.lower() if i and w.strip() in _SMALL_WORDS else w for i, w in enumerate(words))
    return re.sub(r"\b(Nhs|Gp|Nhse)\b", lambda m: m[1].upper(), plain).replace("'S ", "'s ")


def _records(raw: RawFile) -> list[list[str]]:
    return [r for r in delimited.first_records(raw, 6)[:5] if r]


def _is_register(records: list[list[str]]) -> bool:
    """27 columns: a code, a name, a region, an ICB ..., dates of eight digits."""
    return bool(records) and all(
        len(r) == WIDTH and re.fullmatch(r"[A-Z0-9]{3,8}", r[_CODE]) and re.fullmatch(r"(\d{8})?", r[_OPENED]) for r in records
    )


def _holds_practices(records: list[list[str]]) -> bool:
    return any(r[_SETTING] for r in records)


def recognise(raw: RawFile) -> Edition | None:
    records = _records(raw)
    if not _is_register(records):
        return None
    if _holds_practices(records):
        return Edition(f"Practices, {raw.name}", (), "practices")
    return Edition(f"Trusts, {raw.name}", (), "trusts") if all(r[_CODE].startswith("R") for r in records) else None


def near(raw: RawFile) -> Problem | None:
    """A header row on a register, which the publisher gives without one."""
    records = _records(raw)
    if len(records) > 1 and len(records[0]) == WIDTH and _is_register(records[1:]):
        rule = "The register has 27 columns and no header row."
        return Problem("header-wrong", rule, ",".join(records[0])[:120], "Load the file as the publisher gave it.", raw.name, 1)
    return None


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    reader = _Practices() if edition.covers == "practices" else _Trusts()
    rejected: list[Rejected] = []
    read = 0
    for line, cells in delimited.records(raw, None, progress, rejected, width=WIDTH):
        read += 1
        cells = [c.strip() for c in cells]
        try:
            dates = [parse_day(f"{d[:4]}-{d[4:6]}-{d[6:]}") if d else None for d in (cells[_OPENED], cells[_CLOSED])]
        except Problem as problem:
            rejected.append(Rejected(f"row {line}", "dates", problem.rule, problem.found, problem.remedy, "unreadable"))
            continue
        reader.read(cells, *dates)
    return reader.tidied(rejected, read)


class _Practices:
    def __init__(self):
        self.rows: list[tuple] = []
        self.others = self.abroad = 0
        self.boards: dict[str, Counter] = defaultdict(Counter)
        self.regions: dict[str, Counter] = defaultdict(Counter)

    def read(self, cells: list[str], opened, closed) -> None:
        if cells[_SETTING] != _GP_PRACTICE or cells[_STATUS] != "A":
            self.others += 1
            return
        if not _ENGLISH_REGION.fullmatch(cells[_REGION]):
            self.abroad += 1
            return
        region, board, area = cells[_REGION], cells[_BOARD], cells[_SUB_ICB]
        self.rows.append((cells[_CODE], readable_name(cells[_NAME]), cells[_POSTCODE], area, board, region, opened))
        self.boards[area][board] += 1
        self.regions[board][region] += 1

    def tidied(self, rejected: list[Rejected], read: int) -> Tidy:
        links = [
            (child, parents.most_common(1)[0][0], "part_of", None, None, None, f"as {parents.total()} practices have it")
            for held in (self.boards, self.regions)
            for child, parents in sorted(held.items())
            if child
        ]
        tables = {"practices": table_of(sorted(self.rows), PRACTICES), "stated_links": table_of(links, PLACE_LINKS)}
        notes = [
            f"{self.others} rows are not active GP practices and are left out",
            f"{self.abroad} active practices outside England are left out",
        ]
        return Tidy(tables=tables, rejected=rejected, rows_read=read, rows_kept=len(self.rows), notes=notes)


class _Trusts:
    def __init__(self):
        self.places: list[Place] = []
        self.links: list[tuple] = []

    def read(self, cells: list[str], opened, closed) -> None:
        self.places.append(Place(cells[_CODE], readable_name(cells[_NAME]), "trust", opened, closed))
        if _ENGLISH_REGION.fullmatch(cells[_REGION]):
            self.links.append((cells[_CODE], cells[_BOARD], "based_in", None, None, None, ""))

    def tidied(self, rejected: list[Rejected], read: int) -> Tidy:
        tables = {"stated_links": table_of(self.links, PLACE_LINKS)}
        return Tidy(places=self.places, tables=tables, rejected=rejected, rows_read=read, rows_kept=len(self.places))


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Codes stand once; every practice is in an ICB."""
    if "practices" in tidied.tables:
        table = tidied.tables["practices"]
        codes = table["code"].to_pylist()
        homeless = sum(not board for board in table["icb"].to_pylist())
        return [
            Check("each practice stands once", len(set(codes)) == len(codes), f"{len(codes)} practices"),
            Check("every practice is in an ICB", homeless == 0, f"{homeless} without"),
        ]
    codes = [p.code for p in tidied.places]
    return [Check("each trust stands once", len(set(codes)) == len(codes), f"{len(codes)} trusts")]


SOURCE = Source(
    id="organisations",
    title="NHS trusts and GP practices",
    publisher="NHS England, Organisation Data Service",
    licence="Open Government Licence v3.0",
    attribution="Source: NHS England, Organisation Data Service, licensed under the Open Government Licence v3.0.",
    homepage="NHS England, Organisation Data Service, data downloads",
    layout="27 columns without a header: code, name, region, ICB, five address lines, postcode, dates yyyymmdd, status ...",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="quarterly",
)
