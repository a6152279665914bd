"""Ask the evidence for the series that a bound measure needs: added up where that is valid, place by place where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from esteem.evidence import publish
from esteem.evidence.answers import Answer
from esteem.evidence.ask import ask, latest
from esteem.evidence.figures import Question, figures_of_places
from esteem.evidence.model import Measure
from esteem.evidence.no_figures import no_figures
from esteem.evidence.places_asked import PlaceAsked
from esteem.terms.periods import Period, between, financial_year, from_months
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
    """Asks a snapshot on behalf of one sheet, each question once."""

    def __init__(self, snapshot, as_at: date | None):
        self.snapshot = snapshot
        self.as_at = as_at
        self._asked: dict[tuple, tuple[Answer, ...]] = {}

    def ask(self, measure: Measure, codes: tuple[str, ...], over=None, **more) -> tuple[Answer, ...]:
        """As evidence.ask, released to the public and remembered. Raises what it raises."""
        key = (measure.id, codes, over, *sorted(more.items()))
        if key not in self._asked:
            self._asked[key] = tuple(publish.release(ask(self.snapshot, measure, codes, over, as_at=self.as_at, **more)))
        return self._asked[key]

    def members(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Named groups opened into the codes they hold."""
        groups = self.snapshot.geography.groups
        return tuple(m for code in codes for m in groups.get(code, (code,)))

    def series(self, measure: Measure, codes: tuple[str, ...]) -> tuple[PlaceSeries, ...]:
        """One series for all of `codes` together when the measure may be added up and that loses no later figures, else one for each."""
        places = self.members(codes)
        together = self._together(measure, codes, places)
        if together is not None and (len(places) == 1 or not _stops_early(together)):
            return (together,)
        return self._each(measure, places)

    def _together(self, measure: Measure, codes: tuple[str, ...], places: tuple[str, ...]) -> PlaceSeries | None:
        if len(places) > 1 and measure.place_pooling == "none":
            return None
        try:
            return self._one(measure, codes)
        except Problem as problem:
            if problem.code != "not-poolable":
                raise
            return None

    def _each(self, measure: Measure, places: tuple[str, ...]) -> tuple[PlaceSeries, ...]:
        """Every place by itself, in one reading of the snapshot."""
        witness = measure.published
        question = Question(measure, witness.breakdown, witness.category, None, measure.independent_periods, self.as_at)
        asked = [PlaceAsked(code, self.snapshot.geography.place(code).name, (code,)) for code in places]
        answers = publish.release(figures_of_places(self.snapshot, question, asked))
        by_place = {place.code: tuple(a for a in answers if a.place == place.code) for place in asked}
        for place in asked:
            found = by_place[place.code] or tuple(publish.release([no_figures(self.snapshot, question, place)]))
            by_place[place.code] = found
        return tuple(PlaceSeries(place.code, place.name, by_place[place.code]) for place in asked)

    def _one(self, measure: Measure, codes: tuple[str, ...]) -> PlaceSeries:
        answers = self.ask(measure, codes, spc=measure.independent_periods)
        code = "+".join(codes)
        name = answers[-1].place_name if answers else self.snapshot.geography.place(code).name
        return PlaceSeries(code, name, answers)

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
