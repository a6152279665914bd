"""Mental Health Act Statistics, annual figures: detentions and other uses of the Act by organisation and group of people (NHS England).

A blank count is a suppressed value (the publisher's stars were emptied in the public copy). England is `All submissions`; the code
`All prov` under another kind of organisation is that kind's unrounded subtotal.
"""

from __future__ import annotations

from collections import defaultdict

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy, silent
from esteem.evidence.sources.group_names import NOT_KNOWN, deprivation_decile, ethnic_detail, ethnic_group
from esteem.evidence.sources.observation_rows import ObservationRows, place_code, read_cell, slug
from esteem.terms import flags as flag
from esteem.terms.periods import Period, parse
from esteem.terms.places import ENGLAND, Place
from esteem.terms.problems import Problem

COLUMNS = (
    *("Year", "Measure", "measureSubcategory", "Demographic", "DemographicBreakdown", "OrganisationBreakdown", "Datasource", "OrgID"),
    *("OrgName", "MHSDS_Count", "Acute_Count", "Total_Count", "CrudeRate", "StdRate", "Confidence_interval"),
)
_AT = {name: i for i, name in enumerate(COLUMNS)}
_EVERYONE = "All submissions"
_KIND_OF_PLACE = {"ICB": "icb", "Sub ICB": "sub_icb", "NHS Trust": "trust", "Independent Health Provider": "provider"}
_STATISTICS = {
    "count": ("Total_Count", "count", "count", "England exact; elsewhere to the nearest 5"),
    "crude_rate": ("CrudeRate", "rate_per_100000", "rate", "one decimal"),
    "standardised_rate": ("StdRate", "rate_per_100000", "rate", "one decimal; limits from the published half-width"),
}
_WORDS = {"count": "", "crude_rate": ", crude rate per 100,000", "standardised_rate": ", age- and sex-standardised rate per 100,000"}
# Broad and detailed groups stand side by side under Ethnicity; these two are both the detail and, together, the broad "Unknown".
_UNKNOWN_DETAILS = ("Not Known", "Not Stated")
_NOTES = (
    "England and counts `Both` include acute hospitals; figures by group of people are MHSDS only.",
    "Section 136 is under-recorded by some trusts: a low figure may be a gap in recording.",
    "The ethnicity total leaves out people whose ethnicity is not known.",
)
_DAMAGE = (
    "Labels of deprivation tenths 1 and 2 and of some totals were restored by position in the copy held here: confirm with the publisher."
)
_REPEAT = "Other ethnic groups includes people whose ethnicity is not known or not stated."


def recognise(raw: RawFile) -> Edition | None:
    first = delimited.first_records(raw, 2)
    if len(first) < 2 or not delimited.matches(first[0], COLUMNS):
        return None
    year = first[1][0].strip()
    return Edition(f"Annual figures {year}", (1,), year, None, "final")


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress = silent) -> Tidy:
    out, rows, series, places = Tidy(), ObservationRows(), {}, {}
    records = list(delimited.records(raw, COLUMNS, progress, out.rejected))
    out.rows_read = len(records)
    given = _statistics_given(records)
    hollow = _hollow_totals(records, out.rejected)
    for row, fields in records:
        cells = [c.strip() for c in fields]
        period = _period(cells[0], row, raw.name)
        if row in hollow:
            continue
        out.rows_kept += 1
        place, breakdown, category = _where(cells, canonical, places, row, raw.name)
        for name in _STATISTICS:
            if (name, *_block(cells)) in given:
                identifier = _identifier(cells, name)
                series.setdefault(identifier, _series(identifier, cells, name))
                _add(rows, identifier, name, place, period, breakdown, category, cells, row, out.rejected)
    out.observations = rows.table(out.rejected)
    out.series, out.places = list(series.values()), list(places.values())
    return out


def _block(cells: list[str]) -> tuple[str, ...]:
    """Measure, subcategory, demographic and kind of organisation: rows that are published with the same statistics."""
    return tuple(cells[_AT[n]].strip() for n in ("Measure", "measureSubcategory", "Demographic", "OrganisationBreakdown"))


def _statistics_given(records: list) -> set[tuple]:
    """(statistic, block) pairs in which at least one row has a figure; counts are given everywhere."""
    return {
        (name, *_block(f)) for _, f in records for name, (column, *_) in _STATISTICS.items() if name == "count" or f[_AT[column]].strip()
    }


def _hollow_totals(records: list, rejected: list[Rejected]) -> set[int]:
    """Rows of a group total that is smaller than one of its groups (`All` of repeat detentions stands at 0)."""
    totals, largest = {}, defaultdict(float)
    for row, f in records:
        key = (*_block(f), f[_AT["OrgID"]])
        count = read_cell(f[_AT["Total_Count"]], f"row {row}", "Total_Count", [])[0]
        if count is None or f[_AT["Demographic"]] == "All":
            continue
        if f[_AT["DemographicBreakdown"]].startswith("All"):
            totals[key] = (row, count)
        else:
            largest[key] = max(largest[key], count)
    wrong = {key: found for key, found in totals.items() if found[1] < largest[key]}
    rule = "The total of a breakdown is not smaller than one of its groups."
    for key, (row, count) in wrong.items():
        found = f"{', '.join(key)}: {count:g}, largest group {largest[key]:g}"
        rejected.append(Rejected(f"row {row}", "Total_Count", rule, found, "Use the figure under Demographic All."))
    return {row for row, _ in wrong.values()}


def _period(text: str, row: int, file: str) -> Period:
    try:
        return parse(text)
    except Problem as problem:
        raise Problem(problem.code, problem.rule, problem.found, problem.remedy, file, row, "Year") from problem


def _where(cells: list[str], canonical: Canonical, places: dict[str, Place], row: int, file: str) -> tuple[str, str, str]:
    """(place, breakdown, category) of a row."""
    kind, code = cells[_AT["OrganisationBreakdown"]], cells[_AT["OrgID"]]
    breakdown, category = _group(cells[_AT["Demographic"]], cells[_AT["DemographicBreakdown"]], row, file)
    if kind == _EVERYONE:
        return ENGLAND, breakdown, category
    if kind not in _KIND_OF_PLACE:
        rule = f"OrganisationBreakdown is {_EVERYONE}, {', '.join(_KIND_OF_PLACE)}."
        raise Problem("label-unknown", rule, kind, "Tell the developers of the new label.", file, row, "OrganisationBreakdown")
    if code == "All prov":
        return ENGLAND, "organisation_type", kind
    place = place_code(code, canonical)
    places.setdefault(place, Place(place, cells[_AT["OrgName"]], "unknown" if code == "UNKNOWN" else _KIND_OF_PLACE[kind]))
    return place, breakdown, category


def _group(demographic: str, text: str, row: int, file: str) -> tuple[str, str]:
    """(breakdown, category) in canonical words."""
    if demographic == "All":
        return "all", "All"
    unknown = {"Unknown", "Not stated/Not known/Invalid"}
    if demographic == "Ethnicity":
        if text == "All":
            return "ethnicity", "All with known ethnicity"
        broad = None if text in _UNKNOWN_DETAILS else ethnic_group(text)
        return ("ethnicity", broad) if broad else ("ethnicity_detail", ethnic_detail(text))
    if demographic == "IMD":
        category = NOT_KNOWN if text in unknown else "All" if text == "All" else deprivation_decile(text)
        if category:
            return "deprivation", category
    if demographic == "Gender":
        return "sex", "All" if text == "All genders" else NOT_KNOWN if text in unknown else text
    if demographic == "Age":
        return "age", NOT_KNOWN if text in unknown else text
    rule = "Demographic is All, Ethnicity, IMD, Gender or Age, with a group that belongs to it."
    raise Problem(
        "label-unknown", rule, f"{demographic}: {text}", "Tell the developers of the new label.", file, row, "DemographicBreakdown"
    )


def _identifier(cells: list[str], statistic: str) -> str:
    part = cells[_AT["measureSubcategory"]]
    return ".".join(["mha_annual", slug(cells[_AT["Measure"]]), *([slug(part)] if part != "All" else []), statistic])


def _series(identifier: str, cells: list[str], statistic: str) -> Series:
    measure, part = cells[_AT["Measure"]], cells[_AT["measureSubcategory"]]
    title = measure if part == "All" else f"{measure}: {part}"
    _, unit, kind, rounding = _STATISTICS[statistic]
    notes = (*_NOTES, _DAMAGE, *([_REPEAT] if "repeat" in measure else []))
    return Series(identifier, title + _WORDS[statistic], unit, f"{measure} / {part}", kind, rounding, notes=notes)


def _add(rows, identifier, statistic, place, period, breakdown, category, cells, row, rejected) -> None:
    column = _STATISTICS[statistic][0]
    where = f"row {row}"
    value, reason = read_cell(cells[_AT[column]], where, column, rejected)
    count = read_cell(cells[_AT["Total_Count"]], where, "Total_Count", [])[0]
    lower = upper = None
    if value is None and reason == flag.UNKNOWN:
        reason = flag.SUPPRESSED if count is None else flag.NOT_COLLECTED
    if statistic == "standardised_rate" and value is not None:
        half = read_cell(cells[_AT["Confidence_interval"]], where, "Confidence_interval", rejected)[0]
        lower, upper = (None, None) if half is None else (value - half, value + half)
    exact = place == ENGLAND
    flags = flag.join([reason] if reason else [flag.EXACT if exact and statistic == "count" else flag.ROUNDED])
    numerator = count if statistic == "crude_rate" else None
    rows.add(
        *(identifier, place, period, value),
        breakdown=breakdown,
        category=category,
        numerator=numerator,
        lower=lower,
        upper=upper,
        flags=flags,
        vintage=f"{period.start.year}-04",
        source_row=where,
    )


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """The publisher's own sums: MHSDS and acute counts make the total; detailed ethnic groups of England make the broad ones."""
    wrong, compared, england = [], 0, defaultdict(dict)
    for row, fields in delimited.records(raw, COLUMNS, rejected=[]):
        parts = [read_cell(fields[_AT[n]], "", "", [])[0] for n in ("MHSDS_Count", "Acute_Count", "Total_Count")]
        if parts[2] is not None:
            compared += 1
            wrong += [row] if (parts[0] or 0) + (parts[1] or 0) != parts[2] else []
        if fields[_AT["OrganisationBreakdown"]] == _EVERYONE and fields[_AT["Demographic"]] == "Ethnicity":
            england[_block(fields)][fields[_AT["DemographicBreakdown"]]] = parts[2] or 0
    checks = [Check("MHSDS and acute counts make the total in every row", not wrong, f"{compared} rows; wrong: {wrong[:5] or 'none'}")]
    black = {"African", "Caribbean", "Any Other Black background"}
    for block, counts in england.items():
        if black <= set(counts) and "Black or Black British" in counts:
            total, parts = counts["Black or Black British"], sum(counts[name] for name in black)
            checks.append(
                Check(f"{block[0]}, {block[1]}: three Black groups make the broad group", total == parts, f"{parts:g} of {total:g}")
            )
    return checks


SOURCE = Source(
    id="mha_annual",
    title="Mental Health Act Statistics, annual figures",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    attribution=(
        "Source: NHS England, Mental Health Act Statistics, Annual Figures. "
        "Contains public sector information licensed under the Open Government Licence v3.0."
    ),
    homepage="NHS England, Mental Health Act Statistics, Annual Figures",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    frequency="yearly",
)
