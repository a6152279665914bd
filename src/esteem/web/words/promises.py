"""The page of one promise: is it kept, for whom, since when, compared with whom, what would it take, what is missing."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from esteem.strategy import depth, rules, wording
from esteem.strategy.changes import changes as changes_of
from esteem.strategy.sheet import Sheet
from esteem.strategy.statuses import MeasureStatus, PlaceStatus, PromiseStatus
from esteem.terms.problems import Problem
from esteem.web.words import addresses
from esteem.web.words.comparison import Beside, beside
from esteem.web.words.figures import FigureLine, figure_line, released
from esteem.web.words.groups import Groups, groups
from esteem.web.words.history import History, history
from esteem.web.words.measure_view import target_of
from esteem.web.words.place_names import told
from esteem.web.words.sheet_view import ChangeLine, Changes, PromiseLine
from esteem.web.words.sheets import day_words, promise_line


@dataclass(frozen=True)
class BoundLine:
    """One bound measure: its role, its figure and what it was judged to be; `places` when places are judged one by one."""

    title: str
    role: str
    status: str
    status_word: str
    target: str
    line: FigureLine | None
    address: str
    places: tuple[tuple[str, str, FigureLine], ...]
    note: str


@dataclass(frozen=True)
class PromiseView:
    line: PromiseLine
    owner: str
    by: str
    rule: str
    rule_words: str
    measures: tuple[BoundLine, ...]
    history: History | None
    groups: Groups | None
    beside: Beside | None
    take: str
    needs: tuple[str, ...]
    sources: tuple[str, ...]
    measure_address: str


def promise_view(sheet: Sheet, found: PromiseStatus, snapshot) -> PromiseView:
    shown, geography = found.shown, snapshot.geography
    decisive = shown.decisive if shown else None
    answer = released([shown.headline], geography)[0] if shown and shown.headline and not shown.headline.is_missing else None
    place = decisive.weighed.series.code if decisive else ""
    return PromiseView(
        line=promise_line(sheet, found, told(geography)),
        owner=found.promise.owner,
        by=f"{found.promise.by:%B %Y}" if found.promise.by else "",
        rule=found.rule,
        rule_words=_rule_words(found.rule),
        measures=tuple(_bound(m, geography) for m in found.measures),
        history=_history(shown, geography) if answer else None,
        groups=_groups(snapshot, shown, place, answer, sheet.as_at) if answer else None,
        beside=beside(snapshot, shown.measure, answer, sheet.as_at, target_of(shown.measure)) if answer else None,
        take=told(geography)(depth.what_it_takes(shown)) if answer else "",
        needs=found.missing,
        sources=tuple(dict.fromkeys(f"{f.words}. {f.attribution}" for m in found.measures if m.headline for f in m.headline.files)),
        measure_address=addresses.measure(shown.measure.id, place=place) if answer else "",
    )


def _rule_words(rule: str) -> str:
    told = {r.id: r.words for group in (rules.FIGURE, rules.LEVEL, rules.DIRECTION, rules.PARITY) for r in group}
    return (told | dict(rules.COMBINING)).get(rule, "")


def _bound(found: MeasureStatus, geography) -> BoundLine:
    headline = released([found.headline], geography)[0] if found.headline else None
    several = [p for p in found.places if p.weighed.headline] if len(found.places) > 1 else []
    return BoundLine(
        title=found.measure.title,
        role={"outcome": "outcome", "activity": "activity", "context": "shown, not judged"}[found.binding.role],
        status=found.status,
        status_word=rules.WORDS.get(found.status, ""),
        target=wording.target(found.binding.target, found.measure) if found.binding.target else "",
        line=figure_line(headline, found.measure) if headline else None,
        address=addresses.measure(found.measure.id, place=found.decisive.weighed.series.code if found.decisive else None),
        places=tuple(
            (p.status, rules.WORDS.get(p.status, ""), figure_line(released([p.weighed.headline], geography)[0], found.measure))
            for p in several
        ),
        note=found.binding.note,
    )


def _place_line(found: PlaceStatus, of: MeasureStatus, geography) -> tuple[str, str, FigureLine]:
    answer = released([found.weighed.headline], geography)[0]
    return found.status, rules.WORDS.get(found.status, ""), figure_line(answer, of.measure)


def _history(shown: MeasureStatus, geography) -> History:
    answers = released(shown.decisive.weighed.series.answers, geography)
    return history(answers, shown.measure, target_of(shown.measure))


def _groups(snapshot, shown: MeasureStatus, place: str, answer, as_at) -> Groups | None:
    """The first breakdown that this place (or, failing that, a place that holds it) has figures for."""
    for by in shown.measure.breakdowns:
        try:
            found = groups(snapshot, shown.measure, place, by, answer.period, as_at, None, None)
        except Problem:
            continue
        if found is not None and found.gap:
            return found
    return None


SPANS = {"month": 1, "quarter": 3, "year": 12}


def changes(sheet: Sheet, span: str, sheet_on: Callable[[date], Sheet], named: Callable[[str], str]) -> Changes | None:
    """What the sheet says otherwise than it did a month, a quarter or a year before; None when it holds no figure."""
    day = sheet.as_at or sheet.figures_to
    if day is None:
        return None
    since = months_before(day, SPANS[span])
    lines = tuple(
        ChangeLine(c.row, c.text, addresses.promise(sheet.strategy.id, c.row), c.after, rules.WORDS[c.after], named(c.sentence))
        for c in changes_of(sheet, sheet_on(since))
    )
    return Changes(span, day_words(since), lines)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month; the last day of a month leads to the last day of the earlier one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))
