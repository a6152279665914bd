"""What needs attention first: points for each written reason, added up; the reader can open the list of reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esteem.strategy import rules
from esteem.strategy.gather import Evidence
from esteem.terms.places import ENGLAND

if TYPE_CHECKING:
    from esteem.strategy.sheet import PromiseStatus

SHOWN = 5
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
    change = _change(evidence, primary, primary.decisive.weighed.series, finding.sign)
    england = None
    if change is not None:
        country = evidence.series(primary.measure, (ENGLAND,))[0]
        england = _change(evidence, primary, country, finding.sign)
    return Facts(
        status=promise.status,
        concern=finding.variation == "concern",
        worse=finding.trend == "worse",
        miss=_miss(finding),
        gap=finding.kind == "parity" and promise.status == rules.NOT_KEPT,
        change=change,
        england=england,
        money=primary.measure.unit == "pounds" or primary.measure.id == "mental-health-investment-standard",
    )


def _miss(finding) -> float:
    if finding.target is None or finding.value is None or finding.meets:
        return 0.0
    return abs(finding.value - finding.target) / max(abs(finding.target), abs(finding.value))


def _change(evidence: Evidence, primary, series, sign: int) -> float | None:
    """Change from the last yearly figure before the strategy began (or the first after) to the latest, as a share of the first."""
    starts = primary.decisive.weighed.finding.starts
    answers = evidence.yearly(primary.measure, series)
    before = [a for a in answers if a.period.end <= starts]
    compared = [*before[-1:], *(a for a in answers if a.period.end > starts)]
    if len(compared) < 2 or not compared[0].number:
        return None
    return sign * (compared[-1].number - compared[0].number) / abs(compared[0].number)


def _sentence(promise: PromiseStatus, facts: Facts) -> str:
    """One sentence: what it is, which way it went, and England beside it."""
    title = promise.primary.measure.title
    if facts.change is None:
        return f"{title}: {rules.WORDS[promise.status]}."
    said = f"{title}: {_way(facts.change)} since the strategy began"
    return f"{said}; England {_way(facts.england)}." if facts.england is not None else f"{said}."


def _way(change: float) -> str:
    if abs(change) < 0.005:
        return "no change"
    return f"{abs(change):.0%} {'better' if change > 0 else 'worse'}"
