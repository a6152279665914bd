"""The live sheet: every promise of a strategy with its status, the rule that gave it, and what it rests on.

`sheet(strategy, snapshot, as_at)` asks the evidence once for each bound measure; pages and commands only lay out what it gives.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from esteem.evidence.definitions import find_measure
from esteem.strategy import rules, wording
from esteem.strategy.attention import Attention, rank
from esteem.strategy.gather import Evidence
from esteem.strategy.promises import Binding, Promise, Section, Strategy
from esteem.strategy.statuses import MeasureStatus, PlaceStatus, PromiseStatus
from esteem.strategy.weigh import only_show, weigh


@dataclass(frozen=True)
class Sheet:
    """A strategy judged on one snapshot on one day. `as_at` is the day asked for (None: everything in the snapshot); `day` the day used."""

    strategy: Strategy
    snapshot_id: str
    as_at: date | None
    day: date
    promises: tuple[PromiseStatus, ...]
    attention: tuple[Attention, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Promises for each status, in the order of the statuses; those with none count 0."""
        found = Counter(p.status for p in self.promises)
        return {status: found[status] for status in rules.STATUSES}

    @property
    def judged(self) -> int:
        return sum(n for status, n in self.counts.items() if status in rules.JUDGED)

    @property
    def figures_to(self) -> date | None:
        """Last day that any figure shown covers."""
        shown = (m.headline for p in self.promises for m in p.measures)
        return max((a.period.end for a in shown if a and not a.is_missing), default=None)

    @property
    def sections(self) -> tuple[tuple[Section, tuple[PromiseStatus, ...]], ...]:
        return tuple((s, tuple(p for p in self.promises if p.promise.section == s.id)) for s in self.strategy.sections)

    def promise(self, row: str) -> PromiseStatus | None:
        return next((p for p in self.promises if p.promise.row == row), None)


def sheet(strategy: Strategy, snapshot, as_at: date | None = None, today: date | None = None) -> Sheet:
    """Judge every promise on the figures of `snapshot` for periods that ended by `as_at` (None: all of them).

    `today` is the day from which the age of figures is counted when `as_at` is None (default: the day the snapshot was made).
    Raises Problem when a measure or a place code of the strategy does not exist.
    """
    evidence = Evidence(snapshot, strategy, as_at)
    day = as_at or today or snapshot.created
    promises = tuple(_promise_status(evidence, strategy, promise, day) for promise in strategy.promises)
    return Sheet(strategy, snapshot.id, as_at, day, promises, rank(promises, evidence))


def _promise_status(evidence: Evidence, strategy: Strategy, promise: Promise, day: date) -> PromiseStatus:
    measures = tuple(_measure_status(evidence, strategy, promise, binding, day) for binding in promise.measures)
    primary = next((m for m in measures if m.binding.primary), None)
    if primary is None:
        return _without_judged_measure(promise, measures)
    others = [m.status for m in measures if m.binding.role != "context" and not m.binding.primary]
    status, rule = rules.combine_measures(primary.status, others)
    reason = primary.reason
    if rule == "measures-lower":
        worse = next(m for m in measures if not m.binding.primary and m.status in (rules.AT_RISK, rules.NOT_KEPT))
        reason += f" Lowered by one step, because another measure is {rules.WORDS[worse.status]}. {worse.reason}"
    decided = rule if rule != "measures" else _deciding_rule(primary)
    missing = wording.missing(promise, primary) if status == rules.CANNOT_TELL else tuple(map(wording.need, promise.needs))
    return PromiseStatus(promise, status, decided, reason, measures, missing)


def _deciding_rule(primary: MeasureStatus) -> str:
    if primary.combined and primary.status == rules.CANNOT_TELL and primary.places:
        return _commonest(primary)
    return primary.decisive.rule.id if primary.decisive and primary.decisive.rule else primary.combined


def _commonest(measure: MeasureStatus) -> str:
    return Counter(p.rule.id for p in measure.places if p.status == rules.CANNOT_TELL).most_common(1)[0][0]


def _without_judged_measure(promise: Promise, measures: tuple[MeasureStatus, ...]) -> PromiseStatus:
    """No figure can judge it: not yet when a face of Esteem will hold the records, cannot tell when a published figure is missing."""
    waits_for_face = any(need.face for need in promise.needs)
    status, rule = (rules.NOT_YET, "not-yet") if waits_for_face else (rules.CANNOT_TELL, "no-figure-published-here")
    reason = wording.without_measure(promise, waits_for_face)
    return PromiseStatus(promise, status, rule, reason, measures, tuple(map(wording.need, promise.needs)))


def _measure_status(evidence: Evidence, strategy: Strategy, promise: Promise, binding: Binding, day: date) -> MeasureStatus:
    measure = find_measure(binding.measure)
    place_set = strategy.place_set(binding.where)
    places = []
    for series in evidence.series(measure, place_set.codes):
        if binding.target is None or binding.role == "context":
            places.append(PlaceStatus(only_show(evidence, measure, series, day), None))
            continue
        weighed = weigh(evidence, strategy, promise, binding, measure, series, day)
        places.append(PlaceStatus(weighed, rules.judge(weighed.finding)))
    if not places or places[0].rule is None:
        return MeasureStatus(binding, measure, place_set, tuple(places), "", "", "")
    if len(places) == 1:
        status, combined = places[0].status, ""
    else:
        status, combined = rules.combine_places([p.status for p in places])
    found = MeasureStatus(binding, measure, place_set, tuple(places), status, combined, "")
    return MeasureStatus(binding, measure, place_set, tuple(places), status, combined, wording.reason(found))
