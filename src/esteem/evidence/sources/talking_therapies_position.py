"""NHS Talking Therapies, therapy types by position: England, by year. There are no local rows.

The therapies of position n add to n times the published total of that position, in every year: one course of it stands under n therapies.
The therapies of a position must therefore not be added up.
"""

from __future__ import annotations

from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.impossible_values import quarantined
from esteem.evidence.sources.observation_rows import ObservationRows
from esteem.evidence.sources.parquet_tables import (
    UNREADABLE,
    attach,
    column_names,
    damaged,
    financial_years,
    first_row,
    open_engine,
)
from esteem.evidence.sources.talking_therapies_annual import COLUMNS
from esteem.terms import flags as flag
from esteem.terms.places import ENGLAND, is_england

_POSITIONS = ("position_1", "position_2", "position_3", "position_4")
# Words for names that changed from one year to the next, so that one therapy is one category.
_SAME = {
    "42 couples therapy for depression": "42 couples therapy",
    "50 cognitive behavioural therapy": "50 cognitive behaviour therapy",
    "50 cognitive behaviour therapy cbt": "50 cognitive behaviour therapy",
    "51 interpersonal psycho therapy ipt": "51 interpersonal psychotherapy",
}


def recognise(raw: RawFile) -> Edition | None:
    if column_names(raw) != COLUMNS:
        return None
    first = first_row(raw, "variable_type")
    return Edition("NHS Talking Therapies annual therapy positions", status="final") if first == ("therapy_type",) else None


def therapy_name(code: str) -> str:
    """`20_guided_self_help_book` becomes `Guided self help book`; `total` becomes `All`."""
    words = code.replace("_", " ")
    words = _SAME.get(words, words)
    words = words[3:] if words[:2].isdigit() else words
    return "All" if words == "total" else words.capitalize()


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    out, rows = Tidy(), ObservationRows()
    engine = open_engine()
    try:
        attach(engine, raw)
        years = financial_years(engine, raw)
        found = engine.execute(
            "select file_row, reporting_period, org_code, variable_a, measure_name, value from published order by file_row"
        ).fetchall()
    except UNREADABLE as error:
        raise damaged(raw, error) from error
    out.rows_read = len(found)
    for row, year, place, therapy, measure, value in found:
        where = f"row {row}"
        if not is_england(place) or measure not in _POSITIONS:
            rule = "The organisation is England and the measure is position_1 to position_4."
            out.rejected.append(Rejected(where, "org_code, measure_name", rule, f"{place}, {measure}", "Ask the publisher.", "unreadable"))
            continue
        if quarantined(value, "count", where, "value", f"{therapy}: {value}", out.rejected):
            continue
        name = therapy_name(therapy)
        rows.add(
            *(f"tt_position.{measure}", ENGLAND, years[year], value),
            source_row=where,
            flags=flag.UNKNOWN if value is None else flag.EXACT,
            breakdown="all" if name == "All" else "therapy",
            category=name,
        )
    out.series = [_describe(measure) for measure in _POSITIONS]
    out.observations = rows.table(out.rejected)
    out.rows_kept = len(out.observations)
    progress(out.rows_read, out.rows_read)
    return out


def _describe(measure: str) -> Series:
    number = int(measure[-1])
    notes = (f"The therapies of this position add to {number} times its total: do not add them up.",) if number > 1 else ()
    title = f"Therapy types, position {number} as published"
    return Series(f"tt_position.{measure}", title, "count", f"{measure} / count", "count", "exact", notes=notes)


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """Therapies add to n times the published total of each year for position n."""
    parts: dict = {}
    totals: dict = {}
    for row in tidy.observations.to_pylist():
        key, value = (row["series"], row["period_start"]), row["value"] or 0
        if row["breakdown"] == "all":
            totals[key] = value
        else:
            parts[key] = parts.get(key, 0) + value
    off = [
        f"{series} {start.year}: {parts.get((series, start), 0):,.0f} and {total:,.0f}"
        for (series, start), total in totals.items()
        if parts.get((series, start), 0) != total * int(series[-1])
    ]
    name = "Therapies of position n add to n times its published total"
    return [Check(name, not off, "; ".join(off[:5]) or f"{len(totals)} totals agree")]


SOURCE = Source(
    id="talking_therapies_position",
    title="NHS Talking Therapies, for anxiety and depression: therapy type by position in the course",
    publisher="NHS England (NHS Digital); tidied by the Bennett Institute, University of Oxford",
    licence="Open Government Licence v3.0 (data), MIT (repository)",
    attribution=(
        "Source: NHS England, NHS Talking Therapies (IAPT) statistics. Contains public sector information licensed under the Open "
        "Government Licence v3.0. Packaged under the MIT Licence, Copyright (c) 2025 nhstt authors."
    ),
    homepage="NHS England, NHS Talking Therapies annual reports; bennettoxford/nhstt",
    layout=", ".join(COLUMNS) + " with variable_type therapy_type (Parquet)",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    frequency="yearly",
)
