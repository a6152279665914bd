"""The status of a promise, of each of its measures, and of each place of a measure, with what they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.evidence.answers import Answer
from esteem.evidence.model import Measure
from esteem.strategy import rules
from esteem.strategy.promises import Binding, PlaceSet, Promise
from esteem.strategy.weigh import Weighed


@dataclass(frozen=True)
class PlaceStatus:
    """One place's verdict on one measure. `rule` is None for context measures: they are shown, never judged."""

    weighed: Weighed
    rule: rules.Rule | None

    @property
    def status(self) -> str:
        return self.rule.status if self.rule else ""


@dataclass(frozen=True)
class MeasureStatus:
    """A bound measure over its places. `combined` is the id of the rule that made one status of several places ("" for one place)."""

    binding: Binding
    measure: Measure
    place_set: PlaceSet
    places: tuple[PlaceStatus, ...]
    status: str
    combined: str
    reason: str

    @property
    def decisive(self) -> PlaceStatus | None:
        """The place whose verdict counts: of those with the status given (else of those with a figure) the least good."""
        by_status = [p for p in self.places if p.status == self.status]
        with_figure = [p for p in self.places if p.weighed.headline and not p.weighed.headline.is_missing]
        return min(by_status or with_figure or self.places, key=lambda p: p.weighed.finding.margin, default=None)

    @property
    def headline(self) -> Answer | None:
        return self.decisive.weighed.headline if self.decisive else None

    @property
    def at_last_count(self) -> bool:
        """Judged on a figure older than two years, because it reaches the day the promise fell due."""
        return self.status in rules.JUDGED and bool(self.decisive and self.decisive.weighed.finding.is_stale)


@dataclass(frozen=True)
class PromiseStatus:
    """`rule` is the id of the rule that decided; `missing` says what it would take to tell (or to tell better), one sentence each."""

    promise: Promise
    status: str
    rule: str
    reason: str
    measures: tuple[MeasureStatus, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def primary(self) -> MeasureStatus | None:
        return next((m for m in self.measures if m.binding.primary), None)

    @property
    def shown(self) -> MeasureStatus | None:
        """The measure whose figure stands beside the promise: the primary one, else the first context measure with a figure."""
        with_figure = (m for m in self.measures if m.headline and not m.headline.is_missing)
        return self.primary or next(with_figure, None)

    @property
    def at_last_count(self) -> bool:
        return bool(self.primary and self.primary.at_last_count)

    @property
    def status_words(self) -> str:
        return rules.WORDS[self.status] + (", at last count" if self.at_last_count else "")
