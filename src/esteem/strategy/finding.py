"""Finding: what the evidence says about one target at one place. Numbers only; the rules read nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LAST_YEAR = timedelta(days=365)
RUNNING_MONTHS = 36
STALE_MONTHS = 24  # figures that end longer ago than this are old: two yearly publications have been missed


@dataclass(frozen=True)
class Finding:
    """`sign` is +1 when higher is nearer the target, -1 when lower is. Limits are 95% ones, None when the figure has none.

    `steps` are the changes from one year to the next, counted so that + is the promised way; `sure_step_against` is True when one of them
    goes the other way beyond chance; `trend` is "better", "worse" or "unsure" over the years, "" when there are too few. `forecast` is
    (value, lower, upper) on the day the promise falls due. `ratio` compares a group with its reference group.
    """

    kind: str = "level"
    sign: int = 1
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    suppressed: bool = False
    whole_count: bool = False  # everyone or everything was counted: chance plays no part in whether a number was reached
    target: float | None = None
    expected: float | None = None  # where the trajectory stands at the end of the period
    starts: date | None = None  # first day of the strategy
    due: date | None = None
    standing: bool = False  # the target holds at all times; `due` is then the end of the strategy
    period_end: date | None = None
    as_at: date | None = None
    variation: str = ""  # "improvement", "concern", "common" by the XmR chart
    assurance: str = ""  # "pass", "fail", "inconsistent" by the XmR chart
    forecast: tuple[float, float, float] | None = None
    steps: tuple[float, ...] = ()
    sure_step_against: bool = False
    sure_last_step: bool = False
    trend: str = ""
    every_year: bool = False
    ratio: float | None = None
    ratio_lower: float | None = None
    ratio_upper: float | None = None

    @property
    def months_old(self) -> int:
        """Whole months from the end of the period to the day the sheet speaks for."""
        if self.period_end is None or self.as_at is None:
            return 0
        months = (self.as_at.year - self.period_end.year) * 12 + self.as_at.month - self.period_end.month
        return max(months - (self.as_at.day < self.period_end.day and self.as_at.day < 28), 0)

    @property
    def is_stale(self) -> bool:
        return self.months_old > STALE_MONTHS

    @property
    def covers_due(self) -> bool:
        """The figures reach the day on which the promise fell due. A standing promise asks for its strategy's last year or later; while
        the strategy has no end, for the last 36 months: a yearly figure comes out up to a year late, and two issues may be missing."""
        if self.period_end is None or (self.due is None and not self.standing):
            return False
        if self.due is None:
            return self.months_old <= RUNNING_MONTHS
        return self.period_end >= (self.due - LAST_YEAR if self.standing else self.due)

    @property
    def before_start(self) -> bool:
        """The figure is for a time before the strategy began."""
        return self.starts is not None and self.period_end is not None and self.period_end < self.starts

    def _at_least(self, number: float | None, aim: float | None) -> bool:
        return number is not None and aim is not None and self.sign * (number - aim) >= 0

    @property
    def _worst(self) -> float | None:
        limit = self.lower if self.sign > 0 else self.upper
        return self.value if limit is None else limit

    @property
    def _best(self) -> float | None:
        limit = self.upper if self.sign > 0 else self.lower
        return self.value if limit is None else limit

    @property
    def meets(self) -> bool:
        return self._at_least(self.value, self.target)

    @property
    def has_interval(self) -> bool:
        return self.lower is not None and self.upper is not None

    @property
    def chance_known(self) -> bool:
        """There is a way to tell chance from change: an interval, a control chart, or a whole count."""
        return self.has_interval or bool(self.assurance) or self.whole_count

    @property
    def surely_meets(self) -> bool:
        """The whole interval, or the limits of the control chart, or (for a whole count) the figure itself meets the target."""
        if not self.meets:
            return False
        if self.assurance == "pass":
            return True
        return self._at_least(self._worst, self.target) and (self.has_interval or (self.whole_count and not self.assurance))

    @property
    def surely_misses(self) -> bool:
        """The whole interval, or the limits of the control chart, or (for a whole count) the figure itself misses the target."""
        if self.target is None or self.value is None or self.meets:
            return False
        if self.has_interval or self.whole_count:
            return not self._at_least(self._best, self.target)
        return self.assurance == "fail"

    @property
    def on_trajectory(self) -> bool:
        return self._at_least(self.value, self.expected)

    @property
    def margin(self) -> float:
        """How far the figure is on the promised side: orders places of one status from least to most good."""
        if self.target is not None and self.value is not None:
            return self.sign * (self.value - self.target)
        return sum(self.steps)

    def forecast_meets(self) -> str:
        """ "all", "part" or "none" of the forecast interval on the due day meets the target; "" without a forecast."""
        if self.forecast is None or self.target is None:
            return ""
        _, low, high = self.forecast
        worst, best = (low, high) if self.sign > 0 else (high, low)
        if self._at_least(worst, self.target):
            return "all"
        return "part" if self._at_least(best, self.target) else "none"
