"""What needs attention first: points for each written reason, added up; the reader can open the list of reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from esteem.evidence import publish
from esteem.evidence.answers import Answer
from esteem.strategy import rules, wording
from esteem.strategy.finding import Finding
from esteem.strategy.gather import Evidence
from esteem.strategy.statuses import MeasureStatus, PromiseStatus
from esteem.strategy.years import from_baseline
from esteem.terms.places import ENGLAND

SHOWN = 5
MONEY_TOPICS = ("Money", "Spending")
FELL_BEHIND = 0.1  # a tenth further the wrong way than England since the strategy began


@dataclass(frozen=True)
class Facts:
    """What the points are given for. `miss` is the distance from the target as a share of the larger of target and figure."""

    status: str
    concern: bool
    worse: bool
    miss: float
    gap: bool
    change: float | None  # since the strategy began, as a share of the first figure; + is the promised way
    england: float | None
    since: str
    money: bool


@dataclass(frozen=True)
class Point:
    id: str
    points: int
    words: str
    applies: Callable[[Facts], bool]


POINTS = (
    Point("not-kept", 40, "the promise is not kept", lambda f: f.status == rules.NOT_KEPT),
    Point("at-risk", 25, "the promise is at risk", lambda f: f.status == rules.AT_RISK),
    Point("concern", 20, "its control chart shows a change for the worse", lambda f: f.concern),
    Point("worse", 15, "it got worse over the years by more than chance", lambda f: f.worse),
    Point("far", 15, "the figure is further than half the way from its target", lambda f: f.miss > 0.5),
    Point(
        "fell-behind",
        15,
        "it fell behind England since the strategy began",
        lambda f: f.change is not None and f.england is not None and f.change < f.england - FELL_BEHIND,
    ),
    Point("gap", 10, "one group fares worse than another beyond chance", lambda f: f.gap),
    Point("money", 5, "money is at stake", lambda f: f.money),
)


@dataclass(frozen=True)
class Attention:
    """`points` rank it; `reasons` are the words of the points given; `change` since the strategy began (share, + promised way)."""

    row: str
    text: str
    points: int
    reasons: tuple[str, ...]
    sentence: str
    change: float | None = None
    england: float | None = None


def rank(promises: tuple[PromiseStatus, ...], evidence: Evidence) -> tuple[Attention, ...]:
    """Promises at risk or not kept, most points first; ties in the order of the strategy."""
    found = [_attention(p, evidence) for p in promises if p.status in (rules.AT_RISK, rules.NOT_KEPT)]
    return tuple(sorted(found, key=lambda a: -a.points))


def _attention(promise: PromiseStatus, evidence: Evidence) -> Attention:
    facts = _facts(promise, evidence)
    given = [p for p in POINTS if p.applies(facts)]
    return Attention(
        promise.promise.row,
        promise.promise.text,
        sum(p.points for p in given),
        tuple(p.words for p in given),
        _sentence(promise, facts),
        facts.change,
        facts.england,
    )


def _facts(promise: PromiseStatus, evidence: Evidence) -> Facts:
    primary = promise.primary
    finding = primary.decisive.weighed.finding
    change, england, since = (None, None, "") if finding.kind == "parity" else _changes(evidence, primary)
    return Facts(
        status=promise.status,
        concern=finding.variation == "concern",
        worse=finding.trend == "worse",
        miss=_miss(finding),
        gap=finding.kind == "parity" and promise.status == rules.NOT_KEPT,
        change=change,
        england=england,
        since=since,
        money=primary.measure.unit == "pounds" or primary.measure.topic in MONEY_TOPICS,
    )


def _miss(finding: Finding) -> float:
    if finding.target is None or finding.value is None or finding.meets:
        return 0.0
    return abs(finding.value - finding.target) / max(abs(finding.target), abs(finding.value))


def _changes(evidence: Evidence, primary: MeasureStatus) -> tuple[float | None, float | None, str]:
    """(change here, change in England, "from 2018/19 to 2021/22"): from the baseline to the latest yearly figure, as a share of the
    first; + is the promised way. England is compared over the same two periods or not at all."""
    finding = primary.decisive.weighed.finding
    answers = evidence.yearly(primary.measure, primary.decisive.weighed.series)
    compared = from_baseline(answers, finding.starts)
    if len(compared) < 2:
        return None, None, ""
    first, last = compared[0], compared[-1]
    country = evidence.yearly(primary.measure, evidence.series(primary.measure, (ENGLAND,))[0])
    there = {a.period: a for a in country}
    england = _share(there[first.period], there[last.period], finding.sign) if {first.period, last.period} <= set(there) else None
    return _share(first, last, finding.sign), england, f"from {first.period.label} to {last.period.label}"


def _share(first: Answer, last: Answer, sign: int) -> float | None:
    return sign * (last.number - first.number) / abs(first.number) if first.number else None


def _sentence(promise: PromiseStatus, facts: Facts) -> str:
    """One sentence: what it is, which way it went, and England beside it."""
    primary = promise.primary
    if primary.binding.target.kind == "parity" and primary.headline:
        aim = primary.binding.target
        who, than = wording.group(aim.group), wording.group(aim.against)
        said = f"for {who} it is {publish.ratio_text(primary.headline)} the figure for {than}"
        return f"{primary.measure.title}: {said}, {primary.headline.place_name}."
    if facts.change is None:
        return f"{primary.measure.title}: {wording.figure(primary.headline, primary.measure)}, {rules.WORDS[promise.status]}."
    said = f"{primary.measure.title}: {_way(facts.change)} {facts.since} in {primary.decisive.weighed.series.name}"
    return f"{said}; England {_way(facts.england)}." if facts.england is not None else f"{said}."


def _way(change: float) -> str:
    if abs(change) < 0.005:
        return "no change"
    return f"{abs(change):.0%} {'better' if change > 0 else 'worse'}"
