"""What the invented records are made to look like: published figures, each with the series, place and period it was read from.

`targets.csv` is data. `python -m esteem.evidence.invented.targets` reads the figures again from the shipped pack and prints it anew; a test
holds the two together. A count of a larger place than the area (an integrated care board, South East London, England) counts in proportion
to residents.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from esteem.evidence.invented.place import GROUPS, ICBS, Area
from esteem.evidence.snapshots import Snapshot, open_snapshot
from esteem.terms.problems import Problem

ENGLAND = "E92000001"
OWN, BOARD, COUNTRY = "sub-ICB", "ICB", "England"  # whose figure is wanted; a figure that is missing or hidden is looked for one higher


@dataclass(frozen=True)
class Wanted:
    """`unit`: count, share (0 to 1), rate (per 100,000) or days. `of`: the published place; `category`: of the ethnic groups."""

    parameter: str
    series: str
    unit: str
    of: str = OWN
    breakdown: str = "all"
    category: str = ""


@dataclass(frozen=True)
class Target:
    """One published figure and the area and parameter it sets. `residents` of the published place."""

    parameter: str
    area: str
    category: str
    series: str
    place: str
    period_start: str
    period_end: str
    value: float
    unit: str
    residents: float


WANTED = (
    *(Wanted(f"adults.{name}", f"mhsds_monthly.{id}", unit, BOARD) for name, id, unit in (
        ("started", "MRS04", "count"), ("open", "MRS06", "count"), ("waiting_second", "MRS03", "count"), ("median_wait", "MRS03a", "days"),
        ("over_52_weeks", "MRS07f", "share"), ("over_104_weeks", "MRS07b", "share"), ("waiting_help", "MRS02", "count"),
        ("helped_in_4_weeks", "MRS01b", "share"),
    )),
    *(Wanted(f"young.{name}", f"mhsds_monthly.{id}", unit, BOARD) for name, id, unit in (
        ("started", "MRS11", "count"), ("open", "MRS13", "count"), ("waiting_first", "MRS10", "count"), ("median_wait", "MRS10a", "days"),
        ("over_52_weeks", "MRS14f", "share"), ("over_104_weeks", "MRS14b", "share"), ("waiting_help", "MRS09", "count"),
        ("helped_in_4_weeks", "MRS08b", "share"),
    )),
    Wanted("young.access", "dashboard.CYP(i_a)", "count"),
    Wanted("psychosis.two_weeks", "dashboard.EIP(i)", "share"),
    Wanted("follow_up.72_hours", "dashboard.CR(viii)", "share"),
    Wanted("placements.bed_days", "dashboard.CR(iii_a)", "count"),
    Wanted("placements.started", "dashboard.CR(iii_b)", "count"),
    Wanted("stays.adults_60_days", "dashboard.CR(vii_a)", "rate"),
    Wanted("stays.older_90_days", "dashboard.CR(vii_b)", "rate"),
    Wanted("eating.urgent_1_week", "dashboard.CYP(ii_a)", "share"),
    Wanted("eating.routine_4_weeks", "dashboard.CYP(ii_b)", "share"),
    Wanted("young_beds.days", "dashboard.CYP(iii_a)", "count"),
    Wanted("young_beds.admissions", "dashboard.CYP(iii_b)", "count", BOARD),
    Wanted("employment.access", "dashboard.ES(i)", "count"),
    Wanted("perinatal.access", "dashboard.PMH(i_a)", "count"),
    Wanted("detentions.all", "mha_annual.all_detentions.crude_rate", "rate"),
    *(Wanted("detentions.group", "mha_annual.all_detentions.crude_rate", "rate", BOARD, "ethnicity", group) for group in GROUPS),
    Wanted("detentions.on_admission", "mha_annual.detentions_on_admission_to_hospital.count", "count", BOARD),
    Wanted("detentions.after_admission", "mha_annual.detentions_following_admission_to_hospital.count", "count", BOARD),
    Wanted("detentions.after_place_of_safety", "mha_annual.detentions_following_use_of_place_of_safety_order.count", "count", BOARD),
    Wanted("detentions.section_3_on_admission", "mha_annual.detentions_on_admission_to_hospital.section_3.count", "count", BOARD),
    Wanted("orders.short_term", "mha_annual.short_term_orders.crude_rate", "rate", BOARD),
    Wanted("orders.section_136", "mha_annual.short_term_orders.section_136.crude_rate", "rate", COUNTRY),
    Wanted("orders.places_of_safety", "mha_annual.short_term_orders.all_place_of_safety_orders.count", "count", COUNTRY),
    Wanted("orders.all_in_england", "mha_annual.short_term_orders.count", "count", COUNTRY),
    Wanted("orders.community_treatment", "mha_annual.uses_of_ctos.crude_rate", "rate", COUNTRY),
    Wanted("contact.people", "mhsds_time_series.in_contact", "count", COUNTRY),
    Wanted("contact.adults_open", "mhsds_monthly.MRS06", "count", COUNTRY),
    Wanted("contact.young_open", "mhsds_monthly.MRS13", "count", COUNTRY),
    Wanted("therapies.referrals", "tt_annual.referrals_received.count", "count"),
    Wanted("therapies.finished", "tt_annual.finished_course_treatment.count", "count"),
    Wanted("therapies.at_caseness", "tt_annual.at_caseness.count", "count"),
    Wanted("therapies.recovery", "tt_annual.recovery.percentage", "share"),
    Wanted("therapies.reliable_recovery", "tt_annual.reliable_recovery.percentage", "share"),
    Wanted("therapies.improvement", "tt_annual.improvement.percentage", "share"),
    Wanted("therapies.deterioration", "tt_annual.deterioration.percentage", "share"),
    Wanted("therapies.started", "tt_monthly_local.count_accessing_services", "count"),
    Wanted("therapies.six_weeks", "tt_monthly_local.percentage_accessing_services_6_weeks_finished_course_treatment", "share"),
    Wanted("therapies.eighteen_weeks", "tt_monthly_local.percentage_accessing_services_18_weeks_finished_course_treatment", "share"),
    Wanted("therapies.second_over_90_days", "dashboard.IAPT(iii_c)", "share"),
)  # fmt: skip
# Early intervention: the publication gives starts as the denominator of its share, by CCG. Bexley was one of them.
STARTS = ("psychosis.started", "eip_history.completed", {"72Q": "07N"}, "2018-10-01", "2019-09-30")


class Targets:
    """The published figures by parameter, as one number for each area of a place."""

    def __init__(self, rows: Iterable[Target], areas: Sequence[Area]):
        self.areas = areas
        self._rows = {(row.parameter, row.category, row.area): row for row in rows}

    def of(self, parameter: str, category: str = "") -> np.ndarray:
        """As published; a count in proportion to the area's residents. Problem `target-unknown`."""
        return np.array([self._one(parameter, category, area) for area in self.areas])

    def row(self, parameter: str, area: str, category: str = "") -> Target | None:
        return self._rows.get((parameter, category, area))

    def _one(self, parameter: str, category: str, area: Area) -> float:
        row = self.row(parameter, area.sub_icb, category)
        if row is None:
            raise Problem("target-unknown", "targets.csv has a figure for each parameter and area.", f"{parameter}, {area.sub_icb}")
        own = (row.place == area.sub_icb and area.sub_icb != "72Q") or row.place == "07N"
        return row.value if row.unit != "count" or own else row.value * area.residents.sum() / row.residents


@cache
def read_targets() -> tuple[Target, ...]:
    with Path(__file__).with_name("targets.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Target(**row | {"value": float(row["value"]), "residents": float(row["residents"])}) for row in csv.DictReader(file))


def published_targets(snapshot: Snapshot) -> list[Target]:
    """The newest figure of each wanted series, for each area or, where it has none that is shown, for the place above it."""
    newest = {(row["series"], row["place"], row["breakdown"], row["category"]): row for row in snapshot.table(_NEWEST).to_pylist()}
    residents = {place: _residents(snapshot, place) for place in (*ICBS, *ICBS.values(), ENGLAND)}
    rows = [_of_place(newest, residents, wanted, area) for wanted in WANTED for area in ICBS]
    return [*rows, *(_starts(snapshot, area) for area in ICBS)]


def _of_place(newest: dict[tuple, dict], residents: dict[str, float], wanted: Wanted, area: str) -> Target:
    chain = (area, ICBS[area], ENGLAND)[(OWN, BOARD, COUNTRY).index(wanted.of) :]
    for place in chain:
        row = newest.get((wanted.series, place, wanted.breakdown, wanted.category or "All"))
        if row:
            period = (str(row["period_start"]), str(row["period_end"]))
            return Target(
                wanted.parameter, area, wanted.category, wanted.series, place, *period, row["value"], wanted.unit, residents[place]
            )
    raise Problem("target-unpublished", "A wanted figure is published for the area or a place above it.", f"{wanted.series}, {area}")


_NEWEST = f"""
select series, place, breakdown, category, max_by(period_start, (period_end, period_start)) as period_start, max(period_end) as period_end,
  max_by(value, (period_end, period_start)) as value
from observations
where value is not null and series in ({", ".join(f"'{series}'" for series in dict.fromkeys(wanted.series for wanted in WANTED))})
  and place in ({", ".join(f"'{place}'" for place in (*ICBS, *dict.fromkeys(ICBS.values()), ENGLAND))})
group by 1, 2, 3, 4"""


def _residents(snapshot: Snapshot, place: str) -> float:
    rows = snapshot.rows(
        "select value from observations where series in ('population.sub_icb', 'population.mye') and place = ? and breakdown = 'all' "
        "order by series desc, period_end desc limit 1",
        [place],
    )
    return rows[0]["value"] if rows else 0.0


def _starts(snapshot: Snapshot, area: str) -> Target:
    parameter, series, other, start, end = STARTS
    place = other.get(area, area)
    found = snapshot.rows(
        "select sum(denominator) as starts from observations where series = ? and place = ? and period_start >= ?::date "
        "and period_end <= ?::date",
        [series, place, start, end],
    )
    return Target(parameter, area, "", series, place, start, end, found[0]["starts"], "count", _residents(snapshot, place))


def _print() -> None:
    writer = csv.DictWriter(sys.stdout, [field.name for field in fields(Target)], lineterminator="\n")
    writer.writeheader()
    with open_snapshot("shipped") as snapshot:
        writer.writerows(asdict(row) for row in published_targets(snapshot))


if __name__ == "__main__":
    _print()
