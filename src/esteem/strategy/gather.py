"""Ask the evidence for the series that a bound measure needs: added up where that is valid, place by place where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from esteem.evidence import publish
from esteem.evidence.answers import Answer
from esteem.evidence.ask import ask, latest
from esteem.evidence.definitions import find_measure
from esteem.evidence.figures import Question, figures_of_places
from esteem.evidence.model import Measure
from esteem.evidence.narrowed import Narrowed
from esteem.evidence.no_figures import no_figures
from esteem.evidence.places_asked import PlaceAsked
from esteem.strategy.promises import Strategy
from esteem.terms.periods import Period, between, financial_year, from_months
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem


@dataclass(frozen=True)
class PlaceSeries:
    """The series of one measure at one place (or several added up), in the order of time; those without a value stay in."""

    code: str
    name: str
    answers: tuple[Answer, ...]

    @property
    def latest(self) -> Answer | None:
        """The latest figure. One that is suppressed counts: an older number never stands in for it."""
        return next(iter(latest(list(self.answers))), None)

    @property
    def reaches(self) -> date | None:
        """Last day that a figure with a value covers."""
        return max((a.period.end for a in self.answers if not a.is_missing), default=None)


class Evidence:
    """Asks a snapshot on behalf of one sheet: its figures are read once, and each question is asked once."""

    def __init__(self, snapshot, strategy: Strategy, as_at: date | None):
        self.snapshot = snapshot
        self.as_at = as_at
        measures = {find_measure(b.measure) for p in strategy.promises for b in p.measures}
        codes = {ENGLAND, *(code for place in strategy.places for code in self.members(place.codes))}
        self._held = Narrowed(snapshot, measures, codes, as_at)
        self._asked: dict[tuple, tuple[Answer, ...]] = {}

    def ask(self, measure: Measure, codes: tuple[str, ...], over=None, **more) -> tuple[Answer, ...]:
        """As evidence.ask, released to the public and remembered. Raises what it raises."""
        key = (measure.id, codes, over, *sorted(more.items()))
        if key not in self._asked:
            self._asked[key] = tuple(publish.release(ask(self._held, measure, codes, over, as_at=self.as_at, **more)))
        return self._asked[key]

    def members(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Named groups opened into the codes they hold."""
        groups = self.snapshot.geography.groups
        return tuple(m for code in codes for m in groups.get(code, (code,)))

    def series(self, measure: Measure, codes: tuple[str, ...]) -> tuple[PlaceSeries, ...]:
        """One series for all of `codes` together when the measure may be added up and that loses no later figures, else one for each."""
        places = self.members(codes)
        together = self._together(measure, codes) if len(places) > 1 and measure.place_pooling != "none" else None
        if together is None or _stops_early(together):
            return self._each(measure, places)
        return (together,)

    def _together(self, measure: Measure, codes: tuple[str, ...]) -> PlaceSeries | None:
        try:
            answers = self.ask(measure, codes, spc=measure.independent_periods)
        except Problem as problem:
            if problem.code != "not-poolable":
                raise
            return None
        return PlaceSeries("+".join(codes), answers[-1].place_name, answers)

    def _each(self, measure: Measure, places: tuple[str, ...]) -> tuple[PlaceSeries, ...]:
        """Every place by itself. One without figures has one answer whose words say who publishes what."""
        witness = measure.published
        question = Question(measure, witness.breakdown, witness.category, None, measure.independent_periods, self.as_at)
        known = [self.snapshot.geography.place(code) for code in places]
        asked = [PlaceAsked(place.code, place.name, (place.code,)) for place in known]
        answers = figures_of_places(self._held, question, asked)
        found = []
        for place in asked:
            own = [a for a in answers if a.place == place.code] or [no_figures(self.snapshot, question, place)]
            found.append(PlaceSeries(place.code, place.name, tuple(publish.release(own))))
        return tuple(found)

    def last_twelve_months(self, measure: Measure, series: PlaceSeries) -> Answer | None:
        """The latest figure over twelve months, for flows published more often than yearly; None where periods cannot be added."""
        latest = series.latest
        if latest is None or latest.is_missing or measure.period_pooling == "none" or _months(latest.period) >= 12:
            return None
        end = latest.period.end
        year = from_months(date(end.year - (end.month < 12), end.month % 12 + 1, 1), 12)
        return self._pooled(measure, series, year)

    def yearly(self, measure: Measure, series: PlaceSeries) -> tuple[Answer, ...]:
        """Figures that stand a year or more apart without sharing days, oldest first: the steps of a year-on-year comparison.

        Flows published monthly or quarterly are added into whole financial years; of stocks, rolling and overlapping figures one is
        taken for each year, counted back from the latest. Figures the publisher carried forward are left out.
        """
        usable = [a for a in series.answers if not a.is_missing and "carried_forward" not in a.flags]
        if not usable:
            return ()
        if measure.period_pooling != "none" and measure.independent_periods and _months(usable[-1].period) < 12:
            years = range(usable[0].period.start.year - 1, usable[-1].period.end.year + 1)
            whole = (self._pooled(measure, series, financial_year(y)) for y in years)
            return tuple(a for a in whole if a is not None)
        return _a_year_apart(usable)

    def _pooled(self, measure: Measure, series: PlaceSeries, period: Period) -> Answer | None:
        inside = [a for a in series.answers if period.holds(a.period)]
        if not inside or between(inside[0].period.start, inside[-1].period.end) != between(period.start, period.end):
            return None
        try:
            answers = self.ask(measure, tuple(series.code.split("+")), period)
        except Problem as problem:
            if problem.code != "not-poolable":
                raise
            return None
        return next((a for a in answers if not a.is_missing), None)


def _stops_early(together: PlaceSeries) -> bool:
    """The sum has no figure for the last year of what its places publish: shares without counts, or parts that are hidden."""
    if together.reaches is None or together.latest.is_missing:
        return True
    return together.answers[-1].period.end - together.reaches >= timedelta(days=365)


def _months(period: Period) -> int:
    return round((period.end - period.start).days / 30.44)


def _a_year_apart(answers: list[Answer]) -> tuple[Answer, ...]:
    """From the latest back: the next figure that starts at least a year earlier and ends before the one after it starts."""
    kept: list[Answer] = []
    for answer in reversed(answers):
        after = kept[-1].period if kept else None
        if after is None or ((after.end - answer.period.end).days >= 350 and (_months(after) < 12 or answer.period.end < after.start)):
            kept.append(answer)
    return tuple(reversed(kept))
