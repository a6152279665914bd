"""Figures of the place's own directory of services, as `esteem directory figures` writes them: raw counts on one day, by district."""

from __future__ import annotations

from datetime import date

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.delimited import ObservationRows
from esteem.terms import flags as flag
from esteem.terms.periods import Period

COLUMNS = ("directory_measure", "district", "day", "numerator", "denominator", "invented")
_TITLES = {
    "coverage": "Needs with at least one service that serves the district, of all needs of the scheme",
    "near": "Needs with help within 30 minutes of the middle of the district, by telephone, online or at home, of all needs of the scheme",
    "fresh": "Services shown that somebody confirmed in the last 92 days",
    "own_way": "Services that people can use without being referred, of those that say how people come to them",
}


def recognise(raw: RawFile) -> Edition | None:
    if not delimited.matches(delimited.header(raw), COLUMNS):
        return None
    day = next((row[2].strip() for row in delimited.first_records(raw, 2)[1:] if len(row) > 2), "")
    return Edition(f"Directory of services on {day}", rank=(day,), covers=day, status="final")


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    out, rows, seen = Tidy(), ObservationRows(), set()
    for line, fields in delimited.records(raw, COLUMNS, progress, out.rejected):
        out.rows_read += 1
        name, district, day, *counts, invented = (field.strip() for field in fields)
        found = _read(name, day, counts, invented, line, out.rejected)
        if found is None:
            continue
        numerator, denominator, on = found
        seen.add(name)
        rows.add(
            *(f"directory.{name}", canonical(district), Period(on, on, "day"), numerator / denominator),
            source_row=f"row {line}",
            flags=flag.INVENTED if invented == "yes" else flag.EXACT,
            numerator=numerator,
            denominator=denominator,
        )
    out.series = [Series(f"directory.{name}", _TITLES[name], "proportion", name, "proportion", "not rounded") for name in sorted(seen)]
    out.observations = rows.table(out.rejected)
    out.rows_kept = len(out.observations)
    return out


def _read(name: str, day: str, counts: list[str], invented: str, line: int, rejected: list[Rejected]) -> tuple[int, int, date] | None:
    """The counts and the day of a row; None when something is wrong with it, which is then in `rejected`."""
    rules = (
        (name in _TITLES, "directory_measure", f"The measure is one of {', '.join(_TITLES)}.", name),
        (all(text.isdigit() for text in counts), "numerator", "Counts are whole numbers.", " of ".join(counts)),
        (_is_day(day), "day", "The day is written year-month-day.", day),
        (invented in ("yes", "no"), "invented", "invented is yes or no.", invented),
    )
    for fits, column, rule, found in rules:
        if not fits:
            rejected.append(Rejected(f"row {line}", column, rule, found, "Write the file anew: esteem directory figures.", "unreadable"))
            return None
    numerator, denominator = map(int, counts)
    if denominator <= 0 or numerator > denominator:
        rule = "A part is not larger than its whole, and the whole is not nothing."
        rejected.append(Rejected(f"row {line}", "denominator", rule, " of ".join(counts), "Write the file anew.", "quarantine"))
        return None
    return numerator, denominator, date.fromisoformat(day)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """Every district has its coverage once, out of the same number of needs."""
    rows = [row for row in tidy.observations.to_pylist() if row["series"] == "directory.coverage"]
    wholes = {row["denominator"] for row in rows}
    return [Check("Coverage counts the same needs in every district", len(wholes) <= 1, f"{len(rows)} districts, {len(wholes)} totals")]


SOURCE = Source(
    id="directory_figures",
    title="The place's own directory of services: coverage, freshness, nearness, open doors",
    publisher="The owner of this directory, from Esteem",
    licence="as the owner of the directory says",
    attribution="Counted from this directory of services.",
    homepage="/find-help/freshness",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    frequency="monthly",
)
