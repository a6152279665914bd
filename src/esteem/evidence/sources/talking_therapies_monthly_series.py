"""NHS Talking Therapies, monthly time series for key measures: Table 1 of the workbook, 13 months by CCG and by provider.

Kept: England, CCGs and providers. Rows for one provider within one CCG are two places at once and are left out with a count; so are rows
of an invalid commissioner. `-` means that no activity was submitted.
"""

from __future__ import annotations

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.delimited import ObservationRows, read_cell
from esteem.evidence.sources.impossible_values import quarantined
from esteem.evidence.sources.provider_places import provider
from esteem.evidence.sources.scaling import scaled
from esteem.terms import flags as flag
from esteem.terms import periods
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

_PLACES = ("CCG Code", "CCG Name", "Provider Code", "Provider Name", "Group Type", "Month / Year")
# column: (series name, words, per cent)
_FIGURES = {
    "Referrals Received": ("referrals_received", "Referrals received", False),
    "First Treatment": ("first_treatment", "Referrals that entered treatment", False),
    "Ended Referrals": ("ended_referrals", "Referrals that ended", False),
    "Finished a Course of Treatment": ("finished_course_treatment", "Referrals that finished a course of treatment", False),
    "First Treatment within 6 weeks Finished a Course of Treatment": (
        *("first_treatment_within_6_weeks", "Finished courses whose first treatment came within 6 weeks", True),
    ),
    "First Treatment within 18 weeks Finished a Course of Treatment": (
        *("first_treatment_within_18_weeks", "Finished courses whose first treatment came within 18 weeks", True),
    ),
    "Recovery rate": ("recovery_rate", "Recovery rate", True),
    "Improvement rate": ("improvement_rate", "Reliable improvement rate", True),
    "Reliable Recovery rate": ("reliable_recovery_rate", "Reliable recovery rate", True),
}
COLUMNS = (*_PLACES, *_FIGURES)

# Doubtful in the project's data guide: 89% recovered against 51% to 60% in every later month.
_OUTLIERS = {("99G", "2019-02", name) for name in ("recovery_rate", "improvement_rate", "reliable_recovery_rate")}
_VINTAGE = "2019-04"


def recognise(raw: RawFile) -> Edition | None:
    if not delimited.matches(delimited.header(raw), COLUMNS):
        return None
    return Edition("NHS Talking Therapies monthly time series, Table 1", status="final")


def _series() -> list[Series]:
    return [
        Series(
            f"tt_monthly_series.{name}",
            words,
            "proportion" if share else "count",
            column,
            "proportion" if share else "count",
            "England exact (per cents to one decimal); elsewhere counts to the nearest 5 and whole per cents",
            0.01 if share else 1,
            ("February 2020 is the last month before the pandemic.",),
        )
        for column, (name, words, share) in _FIGURES.items()
    ]


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    out, rows = Tidy(series=_series()), ObservationRows()
    left_out = {"one provider within one CCG": 0, "invalid commissioner code": 0}
    providers = {}
    for line, fields in delimited.records(raw, COLUMNS, progress, out.rejected):
        out.rows_read += 1
        ccg, _, code, name, group, month, *figures = (" ".join(f.split()) for f in fields[: len(COLUMNS)])
        if group == "CCG/Provider":
            left_out["one provider within one CCG"] += 1
            continue
        place = {"England": ENGLAND, "CCG": ccg, "Provider": code}.get(group)
        if not place:
            _no_place(line, group, left_out, out.rejected)
            continue
        if group == "Provider":
            providers[canonical(code)] = name
        out.rows_kept += 1
        _figures(rows, line, place if group == "England" else canonical(place), _month(raw, line, month), figures, out.rejected)
    out.notes = [f"{count:,} rows not kept: {reason}." for reason, count in left_out.items() if count]
    out.places = [provider(code, name) for code, name in sorted(providers.items())]
    out.observations = rows.table(out.rejected)
    return out


def _no_place(line: int, group: str, left_out: dict[str, int], rejected: list[Rejected]) -> None:
    if group in ("CCG", "Provider"):
        left_out["invalid commissioner code"] += 1
        return
    rule = "Group Type is England, CCG, Provider or CCG/Provider."
    rejected.append(Rejected(f"row {line}", "Group Type", rule, repr(group), "Correct the row or ask the publisher.", "unreadable"))


def _month(raw: RawFile, line: int, text: str) -> periods.Period:
    try:
        day = periods.parse_day(text)
    except Problem as problem:
        problem.file, problem.row, problem.column = raw.name, line, "Month / Year"
        raise
    return periods.month(day.year, day.month)


def _figures(rows: ObservationRows, line: int, place: str, month: periods.Period, figures: list[str], rejected: list[Rejected]) -> None:
    for (column, (name, _, share)), text in zip(_FIGURES.items(), figures, strict=True):
        number, why = read_cell(text, f"row {line}", column, rejected)
        unit = "proportion" if share else "count"
        if quarantined(number, unit, f"row {line}", column, text, rejected):
            continue
        flags = [why or (flag.EXACT if place == ENGLAND else flag.ROUNDED)]
        flags += [flag.OUTLIER] if (place, month.label, name) in _OUTLIERS else []
        rows.add(
            *(f"tt_monthly_series.{name}", place, month, scaled(number, 0.01 if share else 1)),
            source_row=f"row {line}",
            flags=flag.join(flags),
            vintage="" if place == ENGLAND else _VINTAGE,
        )


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """England's referrals are about the sum of its CCGs: rounding and hidden small numbers explain at most 2 in 100."""
    england: dict = {}
    parts: dict = {}
    providers = {place.code for place in tidy.places}
    for row in tidy.observations.to_pylist():
        if row["series"] != "tt_monthly_series.referrals_received" or row["value"] is None or row["place"] in providers:
            continue
        if row["place"] == ENGLAND:
            england[row["period_start"]] = row["value"]
        else:
            parts[row["period_start"]] = parts.get(row["period_start"], 0) + row["value"]
    both = sorted(england.keys() & parts.keys())
    off = [f"{day:%B %Y}: {england[day]:,.0f} and {parts[day]:,.0f}" for day in both if abs(parts[day] / england[day] - 1) > 0.02]
    name = "England's referrals agree with the sum of its CCGs to 2%"
    return [Check(name, not off, "; ".join(off) or f"{len(both)} months agree")]


SOURCE = Source(
    id="talking_therapies_monthly_series",
    title="NHS Talking Therapies: monthly time series for key measures (Table 1)",
    publisher="NHS England (NHS Digital)",
    licence="Open Government Licence v3.0",
    attribution=(
        "Source: NHS England, NHS Talking Therapies (IAPT) statistics. Contains public sector information licensed under the Open "
        "Government Licence v3.0."
    ),
    homepage="NHS England, Psychological Therapies: reports on the use of IAPT services",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, COLUMNS),
    frequency="stopped",
)
