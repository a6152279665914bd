"""Turn the series of a measure at a place into a Finding against its target: numbers only, ready for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from esteem.evidence.answers import Answer
from esteem.evidence.model import Measure
from esteem.strategy.finding import Finding
from esteem.strategy.gather import Evidence, PlaceSeries
from esteem.strategy.outlook import forecast_on
from esteem.strategy.promises import Binding, Promise, Strategy, Target
from esteem.strategy.years import Years, compare_years
from esteem.terms import flags as flag
from esteem.terms.problems import Problem

FEWEST_CHART_POINTS = 10  # fewer give limits too loose to lean on (Making Data Count asks for 10 to 12)
_WHOLE_COUNTS = ("count", "yes_no", "pounds")  # everyone was counted: chance plays no part in whether a number was reached


@dataclass(frozen=True)
class Weighed:
    """A finding with its figures: `headline` is the one to show (twelve months where they add up), `years` the yearly steps."""

    series: PlaceSeries
    finding: Finding
    headline: Answer | None
    years: Years


def due_date(strategy: Strategy, promise: Promise, target: Target) -> tuple[date | None, bool]:
    """(day, standing): the target's own day, else the promise's; a target without one stands until the strategy ends."""
    day = target.by or promise.by
    return (day, False) if day else (strategy.ends, True)


def weigh(
    evidence: Evidence, strategy: Strategy, promise: Promise, binding: Binding, measure: Measure, series: PlaceSeries, day: date
) -> Weighed:
    """What `series` says about the target of `binding` on `day`. Several queries at most: twelve months, whole years, two groups."""
    target = binding.target
    due, standing = due_date(strategy, promise, target)
    recent = evidence.last_twelve_months(measure, series)
    headline = recent or series.latest
    years = Years()
    more: dict = {}
    if target.kind in ("direction", "ambition"):
        years = compare_years(evidence.yearly(measure, series), _sign(target), strategy.starts, measure)
        more = years.facts
    elif target.kind == "parity" and headline is not None:
        headline = _compared(evidence, measure, series, headline, target)
        more = {"ratio": headline.ratio, "ratio_lower": headline.ratio_lower, "ratio_upper": headline.ratio_upper}
    else:
        more = _against_level(evidence, series, headline, target, measure, due)
    finding = Finding(
        kind=target.kind,
        sign=_sign(target),
        value=headline.number if headline else None,
        lower=headline.lower if headline else None,
        upper=headline.upper if headline else None,
        suppressed=headline is not None and bool({flag.SUPPRESSED, flag.SUPPRESSED_PART} & set(headline.flags)),
        starts=strategy.starts,
        due=due,
        standing=standing,
        period_end=headline.period.end if headline else None,
        as_at=day,
        every_year=target.every_year,
        **more,
    )
    return Weighed(series, finding, headline, years)


def _sign(target: Target) -> int:
    return -1 if target.comparison == "at_most" or target.direction == "falls" else 1


def _against_level(
    evidence: Evidence, series: PlaceSeries, headline: Answer | None, target: Target, measure: Measure, due: date | None
) -> dict:
    value = target.value_at(series.code)
    facts = {"target": value, "whole_count": measure.kind in _WHOLE_COUNTS}
    if headline is None or headline.is_missing:
        return facts
    facts["expected"] = target.expected_on(headline.period.end)
    facts |= _chart(series, value, _sign(target))
    if due and headline.period.end < due and facts["expected"] is None:
        # A total over twelve months is held to the target as such, so whole years are forecast, not the months they are made of.
        totals = headline not in series.answers and measure.kind != "proportion"
        facts["forecast"] = forecast_on(due, evidence.yearly(measure, series) if totals else series.answers, measure)
    return facts


def _chart(series: PlaceSeries, target: float, sign: int) -> dict:
    """Variation and assurance from the control chart of the latest stretch, against this target (the measure's own may be another)."""
    stretch = [a for a in series.answers if a.lower_process_limit is not None and not a.is_missing]
    if not stretch:
        return {}
    last = stretch[-1]
    points = sum(1 for a in stretch if a.centre == last.centre and a.upper_process_limit == last.upper_process_limit)
    if points < FEWEST_CHART_POINTS or last is not series.latest:
        return {}
    low, high = last.lower_process_limit, last.upper_process_limit
    if low <= target <= high:
        assurance = "inconsistent"
    else:
        assurance = "pass" if (target < low) == (sign > 0) else "fail"
    return {"assurance": assurance, "variation": _variation(last)}


def _variation(answer: Answer) -> str:
    kinds = {"special_cause_improvement": "improvement", "special_cause_concern": "concern"}
    return kinds.get(answer.variation or "", "common")


def _compared(evidence: Evidence, measure: Measure, series: PlaceSeries, headline: Answer, target: Target) -> Answer:
    """The group's figure for the latest period, with its ratio to the reference group."""
    codes = tuple(series.code.split("+"))
    try:
        answers = evidence.ask(measure, codes, headline.period, by=target.breakdown, against=target.against)
    except Problem as problem:
        if problem.code != "breakdown-unknown":
            raise
        return headline  # published by this breakdown (the file was checked), but not here and by then
    held = [a.category for a in answers]
    if target.group not in held and len(held) > 1:
        remedy = f"Use one of: {', '.join(held)}."
        raise Problem("strategy-group-unknown", f"A group of {measure.title} is one of its published ones.", target.group, remedy)
    return next((a for a in answers if a.category == target.group), headline)


def only_show(evidence: Evidence, measure: Measure, series: PlaceSeries, day: date) -> Weighed:
    """A context measure: its latest figure, never judged."""
    headline = evidence.last_twelve_months(measure, series) or series.latest
    ends = headline.period.end if headline and not headline.is_missing else None
    return Weighed(series, Finding(value=headline.number if headline else None, period_end=ends, as_at=day), headline, Years())
