"""Mid-year population estimates of sub-ICB locations by sex and single year of age, mid-2021 and mid-2022 (ONS).

The sums of an ICB's sub-ICB locations are given too, marked as derived: the file names the ICB of each row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from esteem.evidence.sources import delimited
from esteem.evidence.sources.age_groups import age_sex_group
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell
from esteem.terms import flags as flag
from esteem.terms.periods import Period
from esteem.terms.problems import Problem

COLUMNS = ("year", "sicbl23_code", "sicbl23_name", "icb23_code", "icb23_name", "sex", "age", "population")
SERIES = Series(
    "population.sub_icb",
    "People living in the area, mid-year estimate for NHS areas",
    "count",
    "Mid-year population estimates for sub-ICB locations",
    "stock",
    "none: whole people, from an estimate",
    notes=("Estimate of 30 June on the boundaries of April 2023.", "The figure of an ICB is the sum of its sub-ICB locations."),
)


def recognise(raw: RawFile) -> Edition | None:
    if not delimited.matches(delimited.header(raw), COLUMNS):
        return None
    return Edition("Sub-ICB locations of 2023, mid-2021 and mid-2022", ("2023-04",), "sub-ICB populations")


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, COLUMNS)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    rows, rejected = ObservationRows(), []
    boards: dict[tuple, list] = defaultdict(lambda: [0, 0, 0])  # sum, first line, last line
    read = kept = 0
    for line, cells in delimited.records(raw, COLUMNS, progress, rejected):
        read += 1
        year, area, _, board, _, sex, age, text = (c.strip() for c in cells[:8])
        found, group, where = re.fullmatch(r"mid-(20\d\d)", year, re.I), age_sex_group(sex, age), f"row {line}"
        value, flags = read_cell(text, where, "population", rejected)
        if found is None or group is None or (value is not None and value < 0):
            rule = "A row has a year such as mid-2022, a sex, an age of 0 to 89, 90+ or All ages, and a count of 0 or more."
            rejected.append(Rejected(where, "age", rule, f"{year}, {sex}, {age}, {text}", "Ask the publisher for the right row."))
            continue
        kept += 1
        day = date(int(found[1]), 6, 30)
        _add(rows, canonical(area), day, group, value, flags, where)
        summed = boards[canonical(board), day, group]
        summed[0] = None if value is None or summed[0] is None else summed[0] + value
        summed[1], summed[2] = summed[1] or line, line
    for (board, day, group), (value, first, last) in boards.items():
        flags = flag.join([flag.DERIVED, *([flag.MISSING_PART] if value is None else [])])
        _add(rows, board, day, group, value, flags, f"rows {first} to {last}, those of this ICB")
    return Tidy(rows.table(rejected), [SERIES], rejected, rows_read=read, rows_kept=kept)


def _add(rows: ObservationRows, place: str, day: date, group: tuple[str, str], value: float | None, flags: str, where: str) -> None:
    period = Period(day, day, "day")
    more = {"breakdown": group[0], "category": group[1], "vintage": "2023-04", "flags": flags, "source_row": where}
    rows.add(SERIES.id, place, period, value, **more)


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Women and men of every age add to the published total of persons."""
    totals: dict[tuple, float] = {}
    ages: dict[tuple, float] = defaultdict(float)
    names = ("place", "period_start", "breakdown", "value", "flags")
    for place, day, breakdown, value, flags in zip(*(tidied.observations[n].to_pylist() for n in names), strict=True):
        if flags:
            continue
        if breakdown == "all":
            totals[place, day] = value
        elif breakdown == "age_sex":
            ages[place, day] += value or 0
    astray = [key for key, total in totals.items() if ages.get(key) not in (None, total)]
    return [Check("single years of women and men add to all persons", not astray, f"{len(totals)} totals; astray: {astray[:3] or 'none'}")]


SOURCE = Source(
    id="population_sub_icb",
    title="Mid-year population estimates of sub-ICB locations",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    attribution="Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
    homepage="ONS, sub-ICB population estimates",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="yearly",
)
