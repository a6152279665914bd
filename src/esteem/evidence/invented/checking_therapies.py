"""Talking therapies counted from made records, straight from their tables, beside the published figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt
from pathlib import Path

import duckdb
import numpy as np

from esteem.evidence.invented.targets import Targets
from esteem.evidence.records.reporting import Reporting

_DEVIATIONS = 3.0
COUNT, SHARE = "count", "share"


@dataclass(frozen=True)
class TherapyCheck:
    """`above`, and for a share `below`: conditions on a referral as it was last sent; `weight`: what areas are weighed by in a mean."""

    parameter: str
    title: str
    kind: str
    near: float
    above: str
    below: str = ""
    weight: str = "therapies.finished"


_FINISHED = "finished"
CHECKS = (
    TherapyCheck("therapies.referrals", "Referrals received in twelve months", COUNT, 0.10, "received between year and last"),
    TherapyCheck("therapies.started", "First sessions in the month", COUNT, 0.12, "first between month and last"),
    TherapyCheck("therapies.finished", "Courses finished in twelve months", COUNT, 0.10, _FINISHED),
    TherapyCheck(
        "therapies.recovery", "Recovered", SHARE, 0.04, "recovered and finished", "caseness and finished", "therapies.at_caseness"
    ),
    TherapyCheck(
        "therapies.reliable_recovery",
        "Reliably recovered",
        SHARE,
        0.04,
        "reliably and finished",
        "caseness and finished",
        "therapies.at_caseness",
    ),
    TherapyCheck("therapies.improvement", "Reliably improved", SHARE, 0.04, "improved and finished", _FINISHED),
    TherapyCheck("therapies.deterioration", "Reliably worse", SHARE, 0.03, "worse and finished", _FINISHED),
    TherapyCheck("therapies.six_weeks", "First session within six weeks", SHARE, 0.04, "first - received <= 42 and finished", _FINISHED),
    TherapyCheck(
        "therapies.second_over_90_days",
        "Second session after more than 90 days",
        SHARE,
        0.08,
        "second - first > 90 and second >= year",
        "second >= year",
    ),
)

_REFERRALS = """
select ReferralRequestReceivedDate as received, TherapySession_FirstDate as first, TherapySession_SecondDate as second,
  CompletedTreatment_Flag = 'True' and ServDischDate between $year and $last as finished, NotCaseness_Flag = 'False' as caseness,
  Recovery_Flag = 'True' as recovered, ReliableRecovery_Flag = 'True' as reliably, ReliableImprovement_Flag = 'True' as improved,
  ReliableDeterioration_Flag = 'True' as worse, $year::date as year, $month::date as month, $last::date as last
from read_parquet($file)
where ReferralRequestReceivedDate <= $last and Unique_MonthID is not null
qualify row_number() over (partition by PathwayID, Unique_ServiceRequestID order by Unique_MonthID desc) = 1"""


@dataclass(frozen=True)
class TherapyFigure:
    """What was wanted and found, and how near it must be."""

    check: TherapyCheck
    wanted: float
    found: float | None
    near: float


def compare_therapies(folder: Path, targets: Targets, scale: float, month: Reporting) -> list[TherapyFigure]:
    """Every check for the last month; none when the folder has no such tables."""
    file = next(iter(folder.glob("*/IDS101referral.parquet")), None)
    if file is None:
        return []
    year = (
        date(month.end.year - 1, month.end.month, month.end.day)
        if (month.end.month, month.end.day) != (2, 29)
        else date(month.end.year - 1, 2, 28)
    )
    with duckdb.connect() as database:
        database.execute(
            f"create table referrals as {_REFERRALS}", {"file": str(file), "year": year, "month": month.start, "last": month.end}
        )
        return [_figure(database, check, targets, scale) for check in CHECKS]


def _figure(database: duckdb.DuckDBPyConnection, check: TherapyCheck, targets: Targets, scale: float) -> TherapyFigure:
    above, below = database.execute(
        f"select count(*) filter (where {check.above}), count(*) filter (where {check.below or 'true'}) from referrals"
    ).fetchone()
    values = targets.of(check.parameter)
    if check.kind == COUNT:
        wanted = float(values.sum()) * scale
        return TherapyFigure(check, wanted, float(above), max(check.near * wanted, _DEVIATIONS * sqrt(wanted)))
    wanted = float(np.average(values, weights=targets.of(check.weight)))
    chance = _DEVIATIONS * sqrt(wanted * (1 - wanted) / below) if below else 0.0
    return TherapyFigure(check, wanted, above / below if below else None, max(check.near, chance))
