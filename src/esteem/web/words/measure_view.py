"""Everything the page of one measure shows for one place: finding, history, comparison, groups, notes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from esteem.evidence import publish
from esteem.evidence.ask import ask
from esteem.evidence.model import Measure
from esteem.terms import flags as flag
from esteem.terms import periods
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem
from esteem.web.charts.model import Target
from esteem.web.words import addresses
from esteem.web.words.comparison import Beside, Everywhere, beside, everywhere
from esteem.web.words.figures import by_latest, released
from esteem.web.words.groups import WORDS, Groups, groups
from esteem.web.words.history import History, history

_A_YEAR = {"month": 12, "quarter": 4}


@dataclass(frozen=True)
class MeasureView:
    """`sentence` is the finding; `age` says that it is old, `missing` why there is none and who publishes it.

    `answers` are the rows behind the history.
    """

    measure: Measure
    place: str
    place_name: str
    sentence: str
    standard: str
    age: str
    missing: tuple[str, ...]
    words: tuple[str, ...]
    latest: publish.Released | None
    history: History
    beside: Beside | None
    everywhere: Everywhere | None
    groups: tuple[Groups, ...]
    breakdowns: tuple[tuple[str, str], ...]
    answers: tuple[publish.Released, ...]
    sources: tuple[str, ...]
    periods: tuple[tuple[str, str], ...]  # (address form, words) of periods that can be chosen, latest first


@dataclass(frozen=True)
class Asked:
    """State of the page, all of it from the address."""

    place: str
    by: str = ""
    against: str = ""
    limits: bool = True
    as_at: date | None = None
    over: str = ""  # label of a period of the series; "" = the latest


def measure_view(snapshot, measure: Measure, asked: Asked) -> MeasureView:
    answers = released(ask(snapshot, measure, [asked.place], spc=measure.independent_periods, as_at=asked.as_at), snapshot.geography)
    latest = _chosen(snapshot, measure, asked, answers)
    found = latest is not None and latest.number is not None
    target = target_of(measure)
    return MeasureView(
        measure=measure,
        place=asked.place,
        place_name=answers[-1].place_name if answers else snapshot.geography.place(asked.place).name,
        sentence=publish.sentence(latest, measure) if found else "",
        standard=f"The standard: {measure.standard.words} ({measure.standard.source})." if measure.standard else "",
        age=age_words(latest.period.end, asked.as_at or date.today()) if found and not asked.over else "",
        missing=() if found else tuple(latest.words if latest else ("There is no figure for this place.",)),
        words=tuple(latest.words) if found else (),
        latest=latest,
        history=history(answers if found or _hidden(answers) else [], measure, target, asked.limits),
        beside=beside(snapshot, measure, latest, asked.as_at, target) if found else None,
        everywhere=everywhere(snapshot, measure, latest, asked.as_at) if found else None,
        groups=_groups(snapshot, measure, asked, latest, target) if found else (),
        breakdowns=tuple((by, WORDS.get(by, by)) for by in measure.breakdowns),
        answers=tuple(answers if found or _hidden(answers) else ()),
        periods=_periods(measure, answers),
        sources=tuple(dict.fromkeys(f"{f.words}. {f.attribution}" for a in answers for f in a.files)),
    )


def _chosen(snapshot, measure: Measure, asked: Asked, answers: list[publish.Released]) -> publish.Released | None:
    """The answer for the period asked for (of the series, or a longer one that adds up), else the latest with a number.

    Raises Problem `period-without-figure`.
    """
    if not asked.over:
        return by_latest(answers)
    found = next((a for a in answers if addresses.period(a.period) == asked.over), None)
    if found is None:
        added = released(ask(snapshot, measure, [asked.place], periods.parse(asked.over), as_at=asked.as_at), snapshot.geography)
        found = next((a for a in added if a.number is not None), None)
    if found is None:
        said = f"Choose one of: {', '.join(addresses.period(a.period) for a in answers[-6:])}." if answers else ""
        raise Problem("period-without-figure", "This place has no figure for this period.", asked.over, said)
    return found


def _periods(measure: Measure, answers: list[publish.Released]) -> tuple[tuple[str, str], ...]:
    """Periods of the series, latest first; then the financial years that its months or quarters fill, where they may be added."""
    own = [a.period for a in reversed(answers) if a.number is not None]
    filled = Counter(_financial_year(p) for p in own if p.kind in _A_YEAR)
    kinds = {p.kind for p in own}
    complete = measure.period_pooling != "none" and len(kinds & set(_A_YEAR)) == 1
    whole = [year for year, n in filled.items() if complete and n == _A_YEAR[next(iter(kinds & set(_A_YEAR)))]]
    return tuple((addresses.period(p), p.words) for p in [*own, *map(periods.financial_year, sorted(whole, reverse=True))])


def _financial_year(period: periods.Period) -> int:
    return period.start.year - (period.start.month < 4)


def _hidden(answers: list[publish.Released]) -> bool:
    """Figures exist, and the publisher hid every one of them: the reader sees for which periods."""
    return any(set(a.flags) & {flag.SUPPRESSED, flag.SUPPRESSED_PART} for a in answers)


def age_words(end: date, day: date) -> str:
    """A sentence for figures of two years or older; "" for newer ones."""
    months = (day.year - end.year) * 12 + day.month - end.month
    if months < 24:
        return ""
    years, rest = divmod(months, 12)
    more = f" and {rest} month{'s' if rest > 1 else ''}" if rest else ""
    return f"This figure is {years} years{more} old: nothing newer is loaded for this place."


def target_of(measure: Measure) -> Target | None:
    """The national standard as a line on the chart."""
    if measure.standard is None:
        return None
    return Target(
        measure.standard.value, f"standard {publish.number_text(measure.standard.value, measure, bare=measure.unit != 'proportion')}"
    )


def _groups(snapshot, measure: Measure, asked: Asked, latest, target) -> tuple[Groups, ...]:
    """The breakdown asked for, or the first that the place has."""
    wanted = [asked.by] if asked.by else list(measure.breakdowns)
    for by in wanted:
        try:
            found = groups(snapshot, measure, asked.place, by, latest.period, asked.as_at, asked.against or None, target)
        except Problem as problem:
            if problem.code not in ("not-poolable", "breakdown-unknown") or asked.by:
                raise
            found = None
        if found is not None:
            return (found,)
    return ()


def default_place(snapshot, measure: Measure) -> str:
    """England when it has the figure, else the first place (by code) that has the latest one."""
    series = measure.published.series
    marks = ", ".join("?" for _ in series)
    rows = snapshot.rows(
        f"SELECT place FROM observations WHERE series IN ({marks}) AND value IS NOT NULL GROUP BY place "
        "ORDER BY place <> ?, max(period_end) DESC, place LIMIT 1",
        (*series, ENGLAND),
    )
    return rows[0]["place"] if rows else ENGLAND
