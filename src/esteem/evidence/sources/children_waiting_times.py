"""Waiting times into children and young people's mental health services, referral to second contact, 2019-20 to 2021-22 (NHS Digital).

Tables 1a to 10c of three workbooks on one layout: year and quarters, people and referrals, three groups of services. The method and the
data set changed between the years: no trend is to be drawn over them.
"""

from __future__ import annotations

from collections import defaultdict

import pyarrow.compute as pc

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy, silent
from esteem.evidence.sources.observation_rows import ObservationRows, place_code, read_cell
from esteem.terms import flags as flag
from esteem.terms.periods import Period, parse
from esteem.terms.places import ENGLAND, Place
from esteem.terms.problems import Problem

# Name in the file of each group of referrals, name in the series, words.
_GROUPS = (
    ("0_4_weeks", "within_4_weeks", "second contact within 4 weeks"),
    ("4_6_weeks", "weeks_4_to_6", "second contact after 4 to 6 weeks"),
    ("6_8_weeks", "weeks_6_to_8", "second contact after 6 to 8 weeks"),
    ("8_10_weeks", "weeks_8_to_10", "second contact after 8 to 10 weeks"),
    ("10_12_weeks", "weeks_10_to_12", "second contact after 10 to 12 weeks"),
    ("over_12_weeks", "over_12_weeks", "second contact after more than 12 weeks"),
    ("closed_before_treatment", "closed_before_treatment", "closed before treatment"),
    ("still_waiting_no_contact", "still_waiting_no_contact", "still waiting for a first contact"),
    ("still_waiting_one_contact", "still_waiting_one_contact", "still waiting for a second contact"),
)
COLUMNS = (
    *("year", "table", "services", "unit", "period", "org_code", "org_name", "total", "avg_wait_days_two_contacts"),
    *(f"{kind}_{name}" for name, _, _ in _GROUPS for kind in ("n", "pct")),
    "contacts_before_referral",
)
_SERVICES = {"All services": "all", "Mental health services": "mental_health", "Learning disability services": "learning_disability"}
_UNITS = ("people", "referrals")
_ROUNDING = "England exact; elsewhere counts to the nearest 5 and per cents cut to whole numbers; * below 5"
_NOTES = (
    "A wait runs from referral to the second contact.",
    "The method and the data set (version 4.1 to 5) changed between years: do not compare years.",
    "Referrals of the groups overlap: their per cents do not add up to 100.",
)


def recognise(raw: RawFile) -> Edition | None:
    if not delimited.matches(delimited.header(raw), COLUMNS):
        return None
    return Edition("Tables of 2019-20, 2020-21 and 2021-22", (1,), "", None, "final")


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress = silent) -> Tidy:
    out, rows, series, places = Tidy(), ObservationRows(), {}, {}
    seen: dict[tuple, tuple[int, list[str]]] = {}
    for row, fields in delimited.records(raw, COLUMNS, progress, out.rejected):
        out.rows_read += 1
        cells = [c.strip() for c in fields]
        stem, period, place = _key(cells, canonical, row, raw.name)
        if _repeats(seen, (stem, period, place), row, cells, out.rejected):
            continue
        places.setdefault(place, Place(place, cells[6], "unknown" if place == "UNKNOWN" else _kind(cells[5])))
        before = len(rows)
        _add(rows, series, stem, period, place, cells, row, out.rejected)
        out.rows_kept += len(rows) > before
    out.observations = rows.table(out.rejected)
    out.series = list(series.values())
    out.places = [p for p in places.values() if p.code != ENGLAND]
    return out


def _key(cells: list[str], canonical: Canonical, row: int, file: str) -> tuple[str, Period, str]:
    """(series without its last part, period, place)."""
    _, _, services, unit, period, code, _ = cells[:7]
    if services not in _SERVICES or unit not in _UNITS:
        rule = f"Services are {', '.join(_SERVICES)}; the unit is people or referrals."
        raise Problem("label-unknown", rule, f"{services}, {unit}", "Tell the developers of the new label.", file, row, "services")
    try:
        when = parse(period)
    except Problem as problem:
        raise Problem(problem.code, problem.rule, problem.found, problem.remedy, file, row, "period") from problem
    place = "UNKNOWN" if code.startswith("UNKNOWN") else place_code(code, canonical)
    return f"cyp_waits.{_SERVICES[services]}.{unit}", when, place


def _kind(code: str) -> str:
    if len(code) == 3:
        return "nhs_region" if code.startswith("Y") else "icb" if code.startswith("Q") else "ccg"
    return "icb" if code.startswith("E54") else "ccg"


def _repeats(seen: dict, key: tuple, row: int, cells: list[str], rejected: list[Rejected]) -> bool:
    """True when the row repeats an earlier one (the unknown area stands in the tables of CCGs, STPs and regions alike)."""
    if key in seen and seen[key][1] == cells[7:]:
        rule = f"Each table and area stands once. This repeats row {seen[key][0]} and is kept once."
        found = f"table {cells[1]}, {cells[5]}, {cells[4]}"
        rejected.append(Rejected(f"row {row}", "", rule, found, "Nothing, if the publisher repeated the row.", "repeated"))
        return True
    seen.setdefault(key, (row, cells[7:]))
    return False


def _add(rows: ObservationRows, series: dict, stem: str, period: Period, place: str, cells: list[str], row: int, rejected: list) -> None:
    """The cells of one row: total, average wait, and a count and a share for each group."""
    values = {name: read_cell(cells[i], f"row {row}", name, rejected) for i, name in enumerate(COLUMNS) if i > 6}
    common = {"vintage": f"{cells[0][:4]}-04", "source_row": f"row {row}"}
    settled = flag.EXACT if place == ENGLAND else flag.ROUNDED
    total = values["total"][0]

    def add(name: str, unit: str, statistic: str, words: str, cell: tuple, multiplier: float = 1, **counts) -> None:
        identifier = f"{stem}.{name}"
        if identifier not in series:
            series[identifier] = _series(identifier, words, unit, statistic, multiplier)
        value, reason = cell
        rows.add(identifier, place, period, None if value is None else value * multiplier, flags=reason or settled, **common, **counts)

    add("total", "count", "count", "in all", values["total"])
    add("contacts_before_referral", "count", "count", "with contacts before referral", values["contacts_before_referral"])
    if (values["avg_wait_days_two_contacts"][0] or 0) < 0:
        rule = "A wait is not negative (contacts before the referral pull the average below zero)."
        found = f"{cells[5]}, table {cells[1]}, {cells[4]}: {cells[8]}"
        rejected.append(Rejected(f"row {row}", COLUMNS[8], rule, found, "Ask the publisher; the cell is left out."))
    else:
        add("average_wait", "days", "mean", "average wait to second contact in days", values["avg_wait_days_two_contacts"])
    for name, part, words in _GROUPS:
        count, share = values[f"n_{name}"], values[f"pct_{name}"]
        add(part, "count", "count", words, count)
        if share[0] is not None and not 0 <= share[0] <= 100:
            rejected.append(Rejected(f"row {row}", f"pct_{name}", "A per cent lies in 0 to 100.", str(share[0]), "Ask the publisher."))
        else:
            add(f"{part}_share", "proportion", "proportion", words, share, 0.01, numerator=count[0], denominator=total)


def _series(identifier: str, words: str, unit: str, statistic: str, multiplier: float) -> Series:
    _, services, counted, _ = identifier.split(".")
    of_services = next(name for name, short in _SERVICES.items() if short == services).casefold()
    what = "Children and young people" if counted == "people" else "Referrals of children and young people"
    title = f"{what}: {words} ({of_services}{', share' if unit == 'proportion' else ''})"
    return Series(identifier, title, unit, identifier.removeprefix("cyp_waits."), statistic, _ROUNDING, multiplier, _NOTES)


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """England, which is exact: groups of people make the total (referrals overlap), and per cents are counts over totals."""
    totals, parts, gaps = {}, defaultdict(float), []
    names = {part for _, part, _ in _GROUPS} | {"contacts_before_referral"}
    of_england = pc.equal(tidied.observations.column("place"), ENGLAND)
    for cell in tidied.observations.filter(of_england).to_pylist():
        stem, name = cell["series"].rsplit(".", 1)
        key = (stem, cell["period_start"], cell["period_end"])
        if name == "total" and stem.endswith("people"):
            totals[key] = cell["value"]
        elif name in names:
            parts[key] += cell["value"] or 0
        elif name.endswith("_share") and None not in (cell["value"], cell["numerator"], cell["denominator"]):
            gaps.append(abs(cell["numerator"] / cell["denominator"] - cell["value"]))
    wrong = [f"{k[0]} {k[1]}: {parts[k]:g} of {t:g}" for k, t in totals.items() if t is not None and abs(parts[k] - t) > 1]
    words = "; ".join(wrong[:3]) or f"{len(totals)} tables agree"
    widest = max(gaps, default=1)
    return [
        Check("England: groups of people and contacts before referral make the total", bool(totals) and not wrong, words),
        Check("England: per cents are counts over totals", widest < 0.01, f"{len(gaps)} cells; largest gap {widest:.4f}"),
    ]


SOURCE = Source(
    id="cyp_waits",
    title="Waiting times into children and young people's mental health services",
    publisher="NHS England (NHS Digital)",
    licence="Open Government Licence v3.0",
    attribution="Source: NHS Digital. Contains public sector information licensed under the Open Government Licence v3.0.",
    homepage="NHS Digital, additional statistics on waiting times into children and young people's mental health services",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    frequency="stopped",
)
