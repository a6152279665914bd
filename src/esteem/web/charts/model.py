"""What a chart is given: points already released and worded (web/words), never raw figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

COMMON, IMPROVEMENT, CONCERN, NEUTRAL = "common", "improvement", "concern", "neutral"


@dataclass(frozen=True)
class Point:
    """One period. `y` None leaves a gap; `mark` is COMMON, IMPROVEMENT, CONCERN or NEUTRAL; limits are those of this point's segment."""

    when: date
    label: str
    y: float | None
    lower: float | None = None
    upper: float | None = None
    centre: float | None = None
    low_limit: float | None = None
    high_limit: float | None = None
    mark: str = COMMON
    note: str = ""  # words of the special-cause label, or why the value is missing
    segment: int = 0


@dataclass(frozen=True)
class Event:
    """A numbered note under the chart."""

    when: date
    number: int
    text: str


@dataclass(frozen=True)
class Target:
    y: float
    words: str


@dataclass(frozen=True)
class Bar:
    """One group or place with its interval. `emphasis` marks the reader's own place or the reference group."""

    label: str
    y: float | None
    lower: float | None = None
    upper: float | None = None
    shown: str = ""  # the value in words, eg "48%" or "suppressed"
    emphasis: bool = False


@dataclass(frozen=True)
class Dot:
    """One place in a funnel: x is the denominator."""

    label: str
    x: float
    y: float
    emphasis: bool = False
    outside: str = ""  # "", "high" or "low": beyond the outer limits


@dataclass(frozen=True)
class Area:
    """One area of a map: rings in degrees, `level` the quantile class from 0, None when there is no figure."""

    code: str
    name: str
    polygons: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]
    level: int | None
    shown: str
    emphasis: bool = False


@dataclass(frozen=True)
class Frame:
    """Title, finding and axis words shared by every chart."""

    identity: str
    title: str
    finding: str
    y_title: str = ""
    x_title: str = ""
    zero: bool = True  # start the value axis at zero where it matters
    ceiling: float | None = None  # eg 1.0 for proportions: the axis never runs past it
    events: tuple[Event, ...] = field(default=())
