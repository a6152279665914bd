"""Days of detention as menh_bbrb prints them: a mean or median to the nearest whole day, hidden with the count it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, floor

from esteem.evidence.record_model import Breakdown, Counted, Figure, Levels, Read


@dataclass(frozen=True, eq=False)
class WholeDays:
    """`days`, a mean or median, rounded halves away from zero. Released as a percentage is: hidden when `count` is."""

    days: Counted
    count: Counted
    kind: str = "percent"

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return [(self.days, breakdown), (self.count, breakdown)]

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        days, count = read(self.days, breakdown), read(self.count, breakdown)
        return {level: Figure(_whole(days[level].value) if level in days else 0.0, part.value) for level, part in count.items()}


def _whole(value: float) -> float:
    return copysign(floor(abs(value) + 0.5), value)
