"""NHS Mental Health Dashboard workbook: about 70 indicators by quarter or year for England, regions, STPs and CCGs (NHS England).

Read from the publisher's workbook, hidden sheets included. Series are `dashboard.<code of the sheet>`; columns of a plan, and columns in
another unit than the rest of the sheet, are series of their own (`.planned`, `.share`, `.count`, `.hours`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy, silent
from esteem.evidence.sources.mental_health_dashboard_indicators import INDICATORS, SHEETS, Indicator, unit_of, variant
from esteem.evidence.sources.mental_health_dashboard_rounding import rounding_flag, rounding_of
from esteem.evidence.sources.mental_health_dashboard_sheets import (
    Column,
    Sheet,
    column_letter,
    columns,
    header_problem,
    indicator_sheets,
    open_workbook,
    read_sheets,
    sheet_code,
)
from esteem.evidence.sources.observation_rows import ObservationRows, place_code, read_cell
from esteem.terms import flags as flag
from esteem.terms.places import ENGLAND, Place
from esteem.terms.problems import Problem, Problems

_PLACE_KIND = {"National": "country", "Region": "nhs_region", "STP": "icb", "CCG": "ccg"}
_VINTAGE_OF_CCGS = {106: "2021-04", 135: "2020-04", 191: "2019-04", 195: "2018-04"}
_STATISTIC = {"proportion": "proportion", "count": "count", "rate_per_100000": "rate", "pounds": "value", "yes_no": "value", "mean": "mean"}
_MERGED_TOGETHER = 10  # rows that must end together before their zeros are doubted
_KIND_COLUMN = 4  # "Org Type"
_NOTHING = ("", "N/A", "#N/A")


def recognise(raw: RawFile) -> Edition | None:
    book = open_workbook(raw)
    if book is None:
        return None
    codes = {sheet_code(n) for n in book.sheet_names}
    if "Metadata" not in book.sheet_names or len(codes & set(SHEETS)) < len(SHEETS) / 2:
        return None
    latest = _latest_quarter(book)
    return Edition(f"Q{latest[1]} {latest[0]}/{(latest[0] + 1) % 100:02d}", latest, "", None, "final") if latest else None


def _latest_quarter(book) -> tuple[int, int] | None:
    """(financial year, quarter) that the sheets give as their latest period, the latest of all."""
    found = []
    for name in indicator_sheets(book)[:12]:
        text = Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=9)).label("Latest Period")
        if m := re.fullmatch(r"Q([1-4]) (\d{4})/\d\d", text):
            found.append((int(m[2]), int(m[1])))
    return max(found, default=None)


def near(raw: RawFile) -> Problem | None:
    """A workbook with a few of the sheets."""
    book = open_workbook(raw)
    if book is None or recognise(raw):
        return None
    codes = [sheet_code(n) for n in book.sheet_names]
    return _sheets_problem(codes, raw.name) if len(set(codes) & set(SHEETS)) >= 3 else None


def _sheets_problem(codes: list[str], file: str) -> Problem | None:
    missing = [c for c in SHEETS if c not in codes]
    unknown = [c for c in codes if c not in SHEETS]
    if not missing and not unknown:
        return None
    found = "; ".join([f"missing {', '.join(missing)}"] * bool(missing) + [f"unknown {', '.join(unknown)}"] * bool(unknown))
    remedy = "Load the workbook as the publisher gave it, or tell the developers that its sheets have changed."
    return Problem("sheet-missing" if missing else "sheet-unknown", "The workbook holds every indicator sheet.", found, remedy, file)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress = silent) -> Tidy:
    book = open_workbook(raw)
    if problem := _sheets_problem([sheet_code(n) for n in indicator_sheets(book)], raw.name):
        raise problem
    sheets = list(read_sheets(raw, book))
    if wrong := [p for p in (header_problem(sheet, raw.name) for sheet in sheets) if p]:
        raise Problems(wrong)
    reading = _Reading(canonical)
    for done, sheet in enumerate(sheets, 1):
        reading.take(sheet)
        progress(done, len(sheets))
    return reading.finished()


class _Reading:
    """The workbook as read so far."""

    def __init__(self, canonical: Canonical):
        self.canonical = canonical
        self.out, self.rows = Tidy(), ObservationRows()
        self.series: dict[str, Series] = {}
        self.places: dict[str, Place] = {}

    def finished(self) -> Tidy:
        self.out.observations = self.rows.table(self.out.rejected)
        self.out.series, self.out.places = list(self.series.values()), list(self.places.values())
        self.out.notes.append("SP(iii)_FINAL CALC OLD is superseded by SP(iii_b) and is left out.")
        return self.out

    def take(self, sheet: Sheet) -> None:
        """Add the cells of one sheet."""
        found, notes = columns(sheet)
        self.out.notes.extend(notes)
        organisations = list(sheet.organisations())
        collected = _collected(organisations, found)
        vintage = _VINTAGE_OF_CCGS.get(Counter(row[4] for _, row in organisations)["CCG"], "")
        quarantine = _impossible(sheet, organisations, found, self.out.rejected)
        passed_over = 0
        self.out.rows_read += len(organisations)
        for index, row in organisations:
            before = len(self.rows)
            place = ENGLAND if row[4] == "National" else place_code(str(row[2]), self.canonical)
            self.places.setdefault(place, Place(place, str(row[3]).strip(), _PLACE_KIND[row[4]]))
            own = _own_columns(row, found) if row[4] == "CCG" and not vintage else found
            passed_over += len(found) - len(own)
            for column in own:
                if (row[4], column.index) not in collected:
                    passed_over += 1
                elif (index, column.index) not in quarantine:
                    self._add(sheet, index, column, place, vintage)
            self.out.rows_kept += len(self.rows) > before
        if passed_over:
            self.out.notes.append(
                f"{sheet.name}: {passed_over} cells are left out where nobody of that kind, or a CCG not yet begun or merged, has a figure."
            )
        if others := sheet.other_rows():
            self.out.notes.append(
                f"{sheet.name}: {others} rows without a place (superseded CCGs, working lines) hold no figure and are left out."
            )

    def _add(self, sheet: Sheet, index: int, column: Column, place: str, vintage: str) -> None:
        where = f"{sheet.code}!row {index + 1} column {column_letter(column.index)}"
        cell = sheet.cell(index, column.index)
        end, other_unit = variant(sheet.code, column.financial_year, column.planned)
        unit = other_unit or unit_of(sheet.code, sheet.label("Format"))
        name = f"dashboard.{sheet.code}{end}"
        if unit == "yes_no" and cell in ("Y", "N"):
            value, reason = float(cell == "Y"), ""
        elif cell == "" and (index, column.index) in sheet.errors:
            value, reason = None, flag.NOT_COLLECTED
        else:
            value, reason = read_cell(cell, where, column.header, self.out.rejected)
        if name not in self.series:
            self.series[name] = _series(sheet, name, end, unit)
        if value is not None:
            reason = rounding_flag(rounding_of(sheet.code + end, unit), str(sheet.cell(index, _KIND_COLUMN)), value)
        self.rows.add(name, place, column.period, value, flags=reason, vintage=vintage, source_row=where)


def _own_columns(row: list, found: list[Column]) -> list[Column]:
    """Columns from a place's first figure to its last, for sheets that hold the CCGs of several years beside each other."""
    given = [n for n, c in enumerate(found) if str(row[c.index]).strip() not in _NOTHING]
    return found[given[0] : given[-1] + 1] if given else []


def _collected(organisations: list, found: list[Column]) -> set[tuple[str, int]]:
    """(kind of place, column) pairs in which at least one place has a figure or a star: elsewhere nothing was collected."""
    return {(row[4], c.index) for _, row in organisations for c in found if str(row[c.index]).strip() not in _NOTHING}


def _series(sheet: Sheet, name: str, end: str, unit: str) -> Series:
    known = INDICATORS.get(sheet.code, Indicator())
    words = {".planned": " (planned)", ".hours": " (hours a week; 168 is always)", ".share": " (share of need)", ".count": " (number)"}
    title = known.title or sheet.indicator_name or " ".join(sheet.title.replace("ⱡ", "").split())
    notes = [*known.notes, f"Source given in the sheet: {sheet.label('Source') or 'none'}."]
    if unit == "pounds":
        notes.append("Whole pounds, also where the title says thousands.")
    rounding = rounding_of(sheet.code + end, unit).words
    return Series(name, title + words.get(end, ""), unit, sheet.code, known.statistic or _STATISTIC[unit], rounding, notes=tuple(notes))


def _impossible(sheet: Sheet, organisations: list, found: list[Column], rejected: list[Rejected]) -> set[tuple[int, int]]:
    """(row, column) of cells that cannot be true; each is reported."""
    bad: dict[tuple[int, int], str] = {}
    numbers = {(i, c.index): row[c.index] for i, row in organisations for c in found if _is_number(row[c.index])}
    england = next((i for i, row in organisations if row[4] == "National"), None)
    holders = Counter(column for _, column in numbers)
    by_column = {c.index: c for c in found}
    for (i, column), value in numbers.items():
        unit = variant(sheet.code, by_column[column].financial_year, by_column[column].planned)[1] or unit_of(
            sheet.code, sheet.label("Format")
        )
        if value < 0:
            bad[i, column] = "A count, share or cost is not below zero."
        elif unit == "proportion" and value > 1:
            bad[i, column] = "A share is not above 1."
            bad.update(_stray(i, numbers, holders))
        elif unit == "count" and value > numbers.get((england, column), value):
            bad[i, column] = f"A part is not larger than England ({numbers[england, column]:g})."
    bad.update(_zeros_after_merger(organisations, found))
    for (i, column), rule in sorted(bad.items()):
        where, header = f"{sheet.code}!row {i + 1}", f"{column_letter(column)} ({by_column[column].header})"
        remedy = "Ask the publisher; the cell is left out."
        rejected.append(Rejected(where, header, rule, f"{sheet.rows[i][2]}: {numbers[i, column]:g}", remedy))
    return set(bad)


def _stray(i: int, numbers: dict, holders: Counter) -> dict[tuple[int, int], str]:
    """Cells of a dragged-out row in columns where no other place has a figure."""
    rule = "No other place has a figure for this period, and the row runs on into shares above 1."
    return {(r, c): rule for (r, c), v in numbers.items() if r == i and holders[c] == 1 and v <= 1}


def _zeros_after_merger(organisations: list, found: list[Column]) -> dict[tuple[int, int], str]:
    """Zeros at the end of the rows of merged CCGs: when all CCGs whose rows end together end in zeros, a formula left them there."""
    rule = "Every CCG whose row ends with this quarter has a zero here: they had merged, and the zero is no count."
    cohorts, bad = defaultdict(list), {}
    for i, row in organisations:
        if row[4] == "CCG" and (own := _own_columns(row, found)):
            cohorts[own[-1].index].append((i, row))
    for last, rows in cohorts.items():
        for column in reversed([c.index for c in found if c.index <= last]):
            if len(rows) < _MERGED_TOGETHER or last == found[-1].index or any(row[column] != 0 for _, row in rows):
                break
            bad.update({(i, column): rule for i, _ in rows})
    return bad


def _is_number(cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """England against its seven regions, for sheets of counts and costs where the parts should come near the whole."""
    tables: dict[tuple, dict[str, float]] = defaultdict(dict)
    regions = {p.code for p in tidied.places if p.kind == "nhs_region"}
    for cell in tidied.observations.to_pylist():
        if cell["series"] in _ADDS_UP and cell["value"] is not None and (cell["place"] == ENGLAND or cell["place"] in regions):
            tables[cell["series"], cell["period_start"]][cell["place"]] = cell["value"]
    checks = []
    for name, tolerance in _ADDS_UP.items():
        whole = {k: v for k, v in tables.items() if k[0] == name and ENGLAND in v and len(v) == 8}
        worst = max((abs(sum(v.values()) - 2 * v[ENGLAND]) / v[ENGLAND] for v in whole.values() if v[ENGLAND]), default=0)
        words = f"{len(whole)} periods; largest difference {worst:.2%} of England, allowed {tolerance:.0%} (rounding, unknown areas)"
        checks.append(Check(f"{name}: seven regions come near England", bool(whole) and worst <= tolerance, words))
    return checks


_ADDS_UP = {
    "dashboard.CR(iii_a)": 0.05,
    "dashboard.EIP(ii)": 0.02,
    "dashboard.CYP(v)": 0.02,
    "dashboard.PHSMI(i)": 0.02,
    "dashboard.IAPT(i_a).count": 0.05,
    "dashboard.CYP(i_a)": 0.05,
}

SOURCE = Source(
    id="dashboard",
    title="NHS Mental Health Dashboard",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    attribution="Contains information from NHS England, licensed under the Open Government Licence v3.0.",
    homepage="NHS England, NHS Mental Health Dashboard",
    layout="A workbook with a Metadata sheet and one sheet for each indicator, named <code>_FINAL CALC, with its header in row 10",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="stopped",
)
