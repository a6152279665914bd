"""How menh_bbrb releases a figure that is not a plain count: rounded when it is made, and hidden with the count it belongs to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from esteem.evidence.record_model import Breakdown, Counted, Figure, Levels, Read, Value


@dataclass(frozen=True, eq=False)
class HiddenWith:
    """`value`, released only where `count` is: a mean, a median or a percentage of few is hidden like the few.

    A level without a count counts as none.
    """

    value: Value
    count: Value

    @property
    def kind(self) -> str:
        return self.value.kind

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return self.value.counts(breakdown) + self.count.counts(breakdown)

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        found, counts = self.value.figures(breakdown, read), self.count.figures(breakdown, read)
        few = Figure(0.0)
        return {level: replace(figure, numerator=counts.get(level, few).value) for level, figure in found.items()}


@dataclass(frozen=True, eq=False)
class WholeNumber:
    """`value` to the nearest whole number, halves up, before anything else is done with it."""

    value: Value

    @property
    def kind(self) -> str:
        return self.value.kind

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return self.value.counts(breakdown)

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        found = self.value.figures(breakdown, read)
        return {level: replace(figure, value=float(math.floor(figure.value + 0.5))) for level, figure in found.items()}
