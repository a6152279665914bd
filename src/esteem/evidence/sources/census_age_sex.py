"""Usual residents of districts by sex, Census 2021.

The file also has three bands of age for each sex. It does not say which ages they hold, and they do not add to the totals, so they are not
used: a note says so, with the counts.
"""

from __future__ import annotations

from esteem.evidence.sources import delimited
from esteem.evidence.sources.census_ethnicity import CENSUS_DAY
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell
from esteem.terms.problems import Problem

_USED = {"total_population": ("all", "All"), "total_females": ("sex", "Female"), "total_males": ("sex", "Male")}
_BANDS = tuple(f"{band}_{sex}" for sex in ("females", "males") for band in ("younger", "working_age", "older"))
COLUMNS = ("ltla21_code", *_USED, *_BANDS)
SERIES = Series(
    "census_2021.population",
    "Usual residents, Census 2021",
    "count",
    "total_population, total_females, total_males",
    "count",
    "none, apart from the changes that protect people",
    notes=("Census day was 21 March 2021.",),
)


def recognise(raw: RawFile) -> Edition | None:
    return Edition("Census 2021, sex of districts", ("2021",)) if delimited.matches(delimited.header(raw), COLUMNS) else None


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, COLUMNS)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    rows, rejected = ObservationRows(), []
    read = kept = outside = unexplained = 0
    for line, cells in delimited.records(raw, COLUMNS, progress, rejected):
        read += 1
        row = dict(zip(COLUMNS, (c.strip() for c in cells), strict=False))
        if not row["ltla21_code"].startswith("E"):
            outside += 1
            continue
        kept += 1
        unexplained += _bands_fall_short(row)
        for column, (breakdown, category) in _USED.items():
            value, flags = read_cell(row[column], f"row {line}", column, rejected)
            if value is not None and value < 0:
                rejected.append(Rejected(f"row {line}", column, "A count is not below 0.", row[column], "Ask the publisher."))
                continue
            more = {"breakdown": breakdown, "category": category, "vintage": "2021-04", "flags": flags, "source_row": f"row {line}"}
            rows.add(SERIES.id, canonical(row["ltla21_code"]), CENSUS_DAY, value, **more)
    notes = [
        f"Columns {', '.join(_BANDS)} are not used: the file does not define the ages, "
        f"and in {unexplained} of {kept} districts they do not add to the total"
    ]
    notes += [f"{outside} districts outside England left out"] if outside else []
    return Tidy(rows.table(rejected), [SERIES], rejected, rows_read=read, rows_kept=kept, notes=notes)


def _bands_fall_short(row: dict[str, str]) -> bool:
    try:
        return sum(float(row[band]) for band in _BANDS) != float(row["total_population"])
    except ValueError:
        return True


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Women and men add to all residents."""
    total, of_sex = {}, {}
    names = ("place", "breakdown", "value")
    for place, breakdown, value in zip(*(tidied.observations[n].to_pylist() for n in names), strict=True):
        if breakdown == "all":
            total[place] = value
        else:
            of_sex[place] = of_sex.get(place, 0) + (value or 0)
    # The publisher perturbs each cell on its own: differences of a few people are to be expected.
    astray = [p for p, people in total.items() if people is not None and abs(of_sex.get(p, 0) - people) > 10]
    return [Check("women and men add to all residents, within 10", not astray, f"{len(total)} districts; astray: {astray[:3] or 'none'}")]


SOURCE = Source(
    id="census_age_sex",
    title="Census 2021: residents by sex",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0; packaged MIT Licence",
    attribution="Source: Office for National Statistics, Census 2021, licensed under the Open Government Licence v3.0.",
    homepage="ONS, Census 2021",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="stopped",
)
