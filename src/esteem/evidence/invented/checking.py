"""Whether the measures counted from made records lie near the published figures they were made after.

Each comparison is between what the same definitions count that count real records, and the published figure of `targets.csv`: a count in
proportion to the people made, a share or rate as it is. Nearness is a share of the figure, or points for a share, and never less than what
chance alone does to numbers of this size (three standard deviations).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path

import numpy as np

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_breakdown, find_record_measures
from esteem.evidence.invented.checking_therapies import TherapyFigure, compare_therapies
from esteem.evidence.invented.place import GROUP_OF, GROUPS, Area, read_areas
from esteem.evidence.invented.targets import Targets, read_targets
from esteem.evidence.record_model import Figure, Levels
from esteem.evidence.records.extract import open_extract
from esteem.evidence.records.record_loading import MARKER
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.workbench import Workbench
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.problems import Problem

COUNT, SHARE, RATE, DAYS = "count", "share", "rate", "days"
_NORMAL = 3.0
_FEW = 100.0
_WORDS = {"White": "White or White British", "Other ethnic groups": "Other Ethnic Groups"}  # the group as the measure names it


@dataclass(frozen=True)
class Check:
    """A measure, period kind and England level against a parameter; `times`: of the published period in the measure's own; `near`: share
    of the figure (count, rate, days) or difference (share); `weight`: the parameter that areas are weighed by in a mean."""

    measure: str
    period: str
    parameter: str
    kind: str
    near: float
    times: float = 1.0
    weight: str = ""
    of: str = ""  # for a count of days: the parameter whose number of stays they belong to


CHECKS = (
    Check("MRS06", "M", "adults.open", COUNT, 0.10),
    Check("MRS04", "Q", "adults.started", COUNT, 0.10),
    Check("MRS03", "M", "adults.waiting_second", COUNT, 0.12),
    Check("MRS02", "M", "adults.waiting_help", COUNT, 0.12),
    Check("MRS01b", "Q", "adults.helped_in_4_weeks", SHARE, 0.06, weight="adults.started"),
    Check("MRS03a", "M", "adults.median_wait", DAYS, 0.20, weight="adults.waiting_second"),
    Check("MRS07f", "M", "adults.over_52_weeks", SHARE, 0.08, weight="adults.waiting_second"),
    Check("MRS13", "M", "young.open", COUNT, 0.10),
    Check("MRS11", "Q", "young.started", COUNT, 0.10),
    Check("MRS10", "M", "young.waiting_first", COUNT, 0.15),
    Check("MRS09", "M", "young.waiting_help", COUNT, 0.12),
    Check("MRS08b", "Q", "young.helped_in_4_weeks", SHARE, 0.10, weight="young.started"),
    Check("MRS10a", "M", "young.median_wait", DAYS, 0.25, weight="young.waiting_first"),
    Check("MRS14f", "M", "young.over_52_weeks", SHARE, 0.08, weight="young.waiting_first"),
    Check("MHS95", "12M", "young.access", COUNT, 0.10),
    Check("EIP23a", "Q", "psychosis.started", COUNT, 0.15, times=0.25),
    Check("EIP23i", "Q", "psychosis.two_weeks", SHARE, 0.08, weight="psychosis.started"),
    Check("MHS80", "M", "follow_up.72_hours", SHARE, 0.08, weight="detentions.all"),
    Check("MHS91", "12M", "perinatal.access", COUNT, 0.15),
    Check("MHS116", "12M", "employment.access", COUNT, 0.15),
    Check("ED87e", "Q", "eating.routine_4_weeks", SHARE, 0.12, weight="young.started"),
    Check("OAP01Q", "Q", "placements.started", COUNT, 0.15),
    Check("OAP02Q", "Q", "placements.bed_days", COUNT, 0.20, of="placements.started"),
    Check("MHS100a", "Q", "stays.adults_60_days", RATE, 0.20, weight="residents"),
    Check("MHS157a", "12M", "detentions.all", RATE, 0.10, weight="residents"),
    Check("MHS158a", "12M", "orders.community_treatment", RATE, 0.30, weight="residents"),
)


@dataclass(frozen=True)
class Compared:
    """One comparison; `found` is None when the measure gave no figure."""

    check: Check
    title: str
    category: str
    wanted: float
    found: float | None
    near: float
    few: bool = False  # so few people that a share or a median of nobody is no surprise

    @property
    def is_near(self) -> bool:
        return self.few if self.found is None else abs(self.found - self.wanted) <= self.near

    def as_row(self) -> dict[str, str]:
        """The comparison as the columns of the command."""
        return {
            "measure": self.check.measure,
            "period": self.check.period,
            "title": f"{self.title}{f': {self.category}' if self.category else ''}",
            "parameter": self.check.parameter,
            "wanted": f"{self.wanted:.4g}",
            "found": "" if self.found is None else f"{self.found:.4g}",
            "within": f"{self.near:.3g}",
            "near": "too few" if self.found is None and self.few else "yes" if self.is_near else "no",
        }


def compare(work: Workbench, targets: Targets, scale: float) -> list[Compared]:
    """Every check, and detentions by ethnic group, for the workbench's month."""
    requests = {check: _request(check.measure, check.period, "England") for check in CHECKS}
    groups = _request("MHS157a", "12M", "England; Upper Ethnicity")
    results = compute(work, dict.fromkeys([*requests.values(), groups]))
    people = _residents(targets.areas)
    found = [_compared(check, results[request].get("England"), request, targets, scale) for check, request in requests.items()]
    return found + [_of_group(group, results[groups], groups, targets, scale, people) for group in GROUPS]


def _request(measure: str, period: str, breakdown: str) -> Request:
    found = next(one for one in find_record_measures(measure) if period in one.measure.periods)
    return Request(found.measure, period, find_breakdown(found, breakdown))


def _residents(areas: Sequence[Area]) -> np.ndarray:
    return np.array([area.residents.sum() for area in areas])


def _compared(check: Check, figure: Figure | None, request: Request, targets: Targets, scale: float) -> Compared:
    values = targets.of(check.parameter)
    if check.kind == COUNT:
        wanted = float(values.sum()) * check.times * scale
    else:
        weights = _residents(targets.areas) if check.weight == "residents" else targets.of(check.weight)
        wanted = float(np.average(values, weights=weights))
    waiting = float(targets.of(check.weight).sum()) * scale if check.kind == DAYS else 0.0
    chance = _chance(check, wanted, figure, waiting)
    if check.of:  # days of exponential stays: the variance of a sum is twice that of as many equal stays
        chance = _NORMAL * wanted * sqrt(2 / (float(targets.of(check.of).sum()) * scale))
    near = max(_near(check, wanted), chance)
    few = bool(check.weight) and check.weight != "residents" and float(targets.of(check.weight).sum()) * scale < _FEW
    return Compared(check, request.measure.title, "", wanted, _value(check, figure), near, few)


def _value(check: Check, figure: Figure | None) -> float | None:
    """A count or rate of nothing makes no figure: it is nought; a share or a median of nothing is not."""
    if figure is None:
        return 0.0 if check.kind in (COUNT, RATE) else None
    return figure.value / 100 if check.kind == SHARE else figure.value


def _near(check: Check, wanted: float) -> float:
    return check.near if check.kind == SHARE else check.near * wanted


def _chance(check: Check, wanted: float, figure: Figure | None, waiting: float) -> float:
    """Three standard deviations of a count (Poisson), a share (binomial), a rate (by its numerator) or a median wait of `waiting` people
    (those of an exponential wait: median / ln 2 / square root)."""
    if check.kind == COUNT:
        return _NORMAL * sqrt(wanted) + (_NORMAL**2 - 1) / 6 + 0.5  # small counts are skewed and whole
    if check.kind == DAYS:
        return _NORMAL * wanted / log(2) / sqrt(waiting)
    if figure is None:
        return wanted
    if check.kind == SHARE:
        return _NORMAL * sqrt(wanted * (1 - wanted) / figure.denominator) if figure.denominator else 0.0
    return _NORMAL * wanted / sqrt(figure.numerator) if figure.numerator else wanted


def _of_group(group: str, levels: Levels, request: Request, targets: Targets, scale: float, people: np.ndarray) -> Compared:
    """Detentions of one ethnic group for each 100,000 of its residents. Groups keep their published ratio to one another within each area,
    whose own rate for everybody sets the level."""
    rates = np.stack([targets.of("detentions.group", name) for name in GROUPS], axis=1)
    shares = np.stack([np.bincount(GROUP_OF, area.ethnicities) for area in targets.areas])
    level = targets.of("detentions.all") / (rates * shares).sum(axis=1) * _KNOWN
    place = list(GROUPS).index(group)
    living = people * shares[:, place]
    wanted = float(np.average(rates[:, place] * level, weights=living))
    figure = levels.get(_WORDS.get(group, group))
    check = Check("MHS157a", "12M", "detentions.group", RATE, 0.15)
    cases = wanted * living.sum() / 1e5 * scale
    near = max(0.15 * wanted, _NORMAL * wanted / sqrt(max(cases, 1.0)))
    return Compared(check, request.measure.title, group, wanted, _value(check, figure), near)


_KNOWN = 0.92  # of people, whose ethnic group is recorded


def check_folder(folder: Path) -> list[Compared]:
    """The comparisons for the last month of a folder that `make_records` made. Problem `invented-folder`."""
    said = _description(folder)
    with open_snapshot("shipped") as snapshot:
        targets = Targets(read_targets(), read_areas(snapshot, said["places"]))
    month = Reporting(said["months"][-1])
    counted = compare(Workbench(open_extract(folder), month), targets, said["scale"])
    return counted + [_of_therapies(one) for one in compare_therapies(folder, targets, said["scale"], month)]


def _of_therapies(one: TherapyFigure) -> Compared:
    asked = one.check
    check = Check("talking therapies", "", asked.parameter, asked.kind, asked.near)
    return Compared(check, asked.title, "", one.wanted, one.found, one.near)


def _description(folder: Path) -> dict:
    try:
        said = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        return {"places": said["places"], "months": said["months"], "scale": float(said["scale"])}
    except (OSError, ValueError, KeyError) as wrong:
        remedy = "Make one: `esteem demo records --place all --out DIR`."
        raise Problem("invented-folder", f"A folder of invented records has {MARKER}, which describes them.", str(wrong), remedy) from None
