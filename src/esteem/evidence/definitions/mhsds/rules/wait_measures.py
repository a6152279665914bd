"""Three measures of one wait: how many, and the median and 90th percentile of their days."""

from __future__ import annotations

from ibis.common.deferred import Deferred

from esteem.evidence.definitions.mhsds.rules.release import HiddenWith
from esteem.evidence.record_model import Breakdown, Cohort, Counted, RecordMeasure, distinct, median, percentile


def wait_measures(
    numbers: tuple[str, str, str],
    title: str,
    cohort: Cohort,
    unit: str,
    days: str,
    period: str,
    breakdowns: tuple[Breakdown, ...],
    where: Deferred | None = None,
) -> list[RecordMeasure]:
    """Measures with the ids `numbers`. `unit`: column that tells those who wait apart; `days`: column of their days; days are hidden with
    the count."""
    count = Counted(cohort, distinct(unit), where)
    middle, long = (Counted(cohort, aggregate, where) for aggregate in (median(days), percentile(days, 0.9)))
    values = (
        (title, count),
        (f"{title}: median days", HiddenWith(middle, count)),
        (f"{title}: 90th percentile of days", HiddenWith(long, count)),
    )
    return [RecordMeasure(number, words, value, (period,), breakdowns) for number, (words, value) in zip(numbers, values, strict=True)]
