"""Public Health Profiles (Fingertips) extracts for all English authorities, two header layouts, one indicator a file.

No counts or intervals are published in these extracts. `unit` holds the population (`Persons`), the base of the rate stands in `measure`
or in the name of the indicator. `NA` is a value that is not given, never a zero.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.newest_period import newest_period
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell
from esteem.evidence.sources.scaling import scaled
from esteem.terms import periods
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

OLDER = ("area_code", "area_name", "period", "value", "indicator", "measure", "unit", "significance")
NEWER = ("area_code", "area_name", "area_type", "period", "indicator", "measure", "unit", "value", "compared_to_England", "inequality")
_SEXES = {"male": "Male", "males": "Male", "female": "Female", "females": "Female"}
_ALL_AREAS = 100  # an extract of fewer areas need not have England among them
_NO_COUNTS = "Neither counts nor intervals are published in this extract."


@dataclass(frozen=True)
class _Indicator:
    """`ceiling` is the highest possible published number, None when there is none."""

    slug: str
    title: str
    unit: str
    multiplier: float = 1
    ceiling: float | None = None
    notes: tuple[str, ...] = ()


_INDICATORS = {
    "Excess under 75 mortality rate in adults with serious mental illness": _Indicator(
        "smi_mortality",
        "Deaths before 75 of adults with severe mental illness against everyone's (indirectly standardised ratio)",
        "ratio",
        notes=("100 means as often as in the general population.", "The series stops at 2014/15."),
    ),
    "Emergency Hospital Admissions for Intentional Self-Harm": _Indicator(
        "self_harm", "Emergency hospital admissions for intentional self-harm, age-standardised", "rate_per_100000"
    ),
    "Hospital admissions as a result of self-harm (10-24 years)": _Indicator(
        "self_harm_10_24", "Hospital admissions for self-harm at 10 to 24 years, age-standardised", "rate_per_100000"
    ),
    "Estimated dementia diagnosis rate (aged 65 and over)": _Indicator(
        "dementia_diagnosis",
        "People of 65 and over with a dementia diagnosis, as a share of those estimated to have dementia",
        "proportion",
        0.01,
        notes=("The number of people with dementia is an estimate, so the share can pass 100%.",),
    ),
    "Alcohol related admissions (narrow measure)": _Indicator(
        "alcohol_admissions", "Alcohol-related hospital admissions (narrow definition), age-standardised", "rate_per_100000"
    ),
    "Depression: QOF prevalence": _Indicator(
        "depression",
        "Adults on the depression register of their practice",
        "proportion",
        0.01,
        100,
        ("Counts recorded depression: more can mean better recording.", "There is no 2023/24 in the extract."),
    ),
    "Under 75 mortality rate from causes considered preventable (per 100,000 population)": _Indicator(
        "preventable_mortality", "Deaths before 75 from causes considered preventable, age-standardised", "rate_per_100000"
    ),
}


def _indicator(name: str, measure: str) -> _Indicator:
    """The indicator of a name; one that Esteem does not know yet gets a name and unit from its own words."""
    if name in _INDICATORS:
        return _INDICATORS[name]
    words = f"{name} {measure}".casefold()
    slug = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
    if "100,000" in words:
        return _Indicator(slug, name, "rate_per_100000")
    if "percent" in words or "proportion" in words:
        return _Indicator(slug, name, "proportion", 0.01, 100)
    return _Indicator(slug, name, "ratio" if "ratio" in words else "rate")


def _layout(raw: RawFile) -> tuple[str, ...] | None:
    found = delimited.header(raw)
    return next((layout for layout in (OLDER, NEWER) if delimited.matches(found, layout)), None)


def recognise(raw: RawFile) -> Edition | None:
    layout = _layout(raw)
    if layout is None:
        return None
    first = delimited.first_records(raw, 2)
    name = first[1][layout.index("indicator")] if len(first) > 1 and len(first[1]) > layout.index("indicator") else ""
    newest = newest_period(raw, layout, "period")
    return Edition(f"{name}, to {newest[1]}" if newest else name, (newest[0].isoformat(),) if newest else (), name)


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, OLDER, NEWER)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    layout = _layout(raw)
    vintage = "2018-04" if layout == OLDER else ""
    rows, rejected, series = ObservationRows(), [], {}
    read = kept = 0
    for line, cells in delimited.records(raw, layout, progress, rejected):
        read += 1
        row = dict(zip(layout, (c.strip() for c in cells), strict=False))
        indicator = _indicator(row["indicator"], row["measure"])
        series.setdefault(indicator.slug, _series(indicator, row, layout))
        if (cell := _figure(row, line, indicator, rejected)) is not None:
            kept += 1
            for breakdown, category in _groups(row["unit"]):
                place, period, value, flags = canonical(row["area_code"]), *cell
                where = {"vintage": vintage, "source_row": f"row {line}", "flags": flags, "breakdown": breakdown, "category": category}
                rows.add(f"fingertips.{indicator.slug}", place, period, value, **where)
    return Tidy(rows.table(rejected), list(series.values()), rejected, rows_read=read, rows_kept=kept)


def _groups(population: str) -> list[tuple[str, str]]:
    sex = _SEXES.get(population.casefold())
    return [("sex", sex)] if sex else [("all", "All")]


def _figure(row: dict, line: int, indicator: _Indicator, rejected: list[Rejected]):
    """(period, value, flags), or None with the reason in `rejected`."""
    where = f"row {line}"
    if row.get("inequality", "NA") not in ("NA", ""):
        rule = "Only whole-area figures are read: the column `inequality` is NA."
        rejected.append(Rejected(where, "inequality", rule, row["inequality"], "Tell the developers that breakdowns are now published."))
        return None
    try:
        period = periods.parse(row["period"])
    except Problem as problem:
        rejected.append(Rejected(where, "period", problem.rule, problem.found, problem.remedy, "unreadable"))
        return None
    value, flags = read_cell(row["value"], where, "value", rejected)
    top = indicator.ceiling
    if value is not None and (value < 0 or (top is not None and value > top)):
        rule = f"A figure lies between 0 and {top:g}." if top is not None else "A figure is not below 0."
        rejected.append(Rejected(where, "value", rule, row["value"], "Ask the publisher for the right figure."))
        return None
    return period, scaled(value, indicator.multiplier), flags


def _series(indicator: _Indicator, row: dict, layout: tuple[str, ...]) -> Series:
    own = "Each year is on the councils of its own time." if layout == NEWER else "On the councils of 2018."
    return Series(
        f"fingertips.{indicator.slug}",
        indicator.title,
        indicator.unit,
        f"{row['indicator']} / {row['measure']}",
        {"proportion": "proportion", "ratio": "ratio"}.get(indicator.unit, "rate"),
        "as the extract prints it, to one decimal or a whole number",
        indicator.multiplier,
        (*indicator.notes, _NO_COUNTS, own),
    )


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """England in every period, and England between the lowest and the highest area."""
    spans: dict[tuple, list[float]] = defaultdict(list)
    england: dict[tuple, float | None] = {}
    table = tidied.observations.select(["series", "place", "period_start", "category", "value"])
    for series, place, start, category, value in zip(*(c.to_pylist() for c in table.columns), strict=True):
        key = (series, start, category)
        if place == ENGLAND:
            england[key] = value
        elif value is not None:
            spans[key].append(value)
    missing = [key for key in spans if key not in england]
    whole = {key: values for key, values in spans.items() if len(values) >= _ALL_AREAS}
    outside = [k for k, values in whole.items() if england.get(k) is not None and not min(values) <= england[k] <= max(values)]
    return [
        Check("England in every period", not missing, f"{len(england)} England figures; missing for {missing[:3] or 'none'}"),
        Check(
            "England lies between the lowest and the highest area",
            not outside,
            f"{len(whole)} whole sets of areas; outside for {outside[:3] or 'none'}",
        ),
    ]


SOURCE = Source(
    id="fingertips",
    title="Public Health Profiles (Fingertips), extracts for all authorities",
    publisher="Office for Health Improvement and Disparities",
    licence="Open Government Licence v3.0; extracts MIT Licence, Trafford Data Lab",
    attribution=(
        "Source: Office for Health Improvement and Disparities, Public Health Profiles, © Crown copyright, "
        "licensed under the Open Government Licence v3.0. Extracted by Trafford Data Lab."
    ),
    homepage="Fingertips, Public Health Profiles, Department of Health and Social Care",
    layout=f"{','.join(OLDER)}; or {','.join(NEWER)}",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="yearly",
)
