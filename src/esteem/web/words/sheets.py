"""From a Sheet to what the page, the PDF and the tables show. Figures come as text from evidence/publish.py only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from esteem.evidence import publish
from esteem.evidence.answers import Answer
from esteem.strategy import rules, wording
from esteem.strategy.sheet import Sheet
from esteem.strategy.statuses import MeasureStatus, PromiseStatus
from esteem.web.words import addresses
from esteem.web.words.sheet_view import AttentionLine, Changes, PromiseLine, SectionLines, SheetView, Spark

_SPARK_POINTS = 36
Told = Callable[[str], str]  # words/place_names.py


def sheet_view(sheet: Sheet, told: Told, changes: Changes | None = None) -> SheetView:
    strategy = sheet.strategy
    counts = tuple((status, rules.WORDS[status], number) for status, number in sheet.counts.items())
    return SheetView(
        id=strategy.id,
        title=title_of(strategy),
        vision=strategy.vision,
        figures_to=f"Figures to {sheet.figures_to:%B %Y}" if sheet.figures_to else "No figures yet",
        as_at=f"as at {day_words(sheet.as_at)}" if sheet.as_at else "as at today",
        summary=summary(sheet),
        counts=counts,
        attention=tuple(AttentionLine(a.text, told(a.sentence), addresses.promise(strategy.id, a.row), a.row) for a in sheet.attention[:5]),
        sections=tuple(
            SectionLines(section.id, section.title, tuple(promise_line(sheet, p, told) for p in promises))
            for section, promises in sheet.sections
            if promises
        ),
        sources=attributions(sheet),
        changes=changes,
    )


def title_of(strategy) -> str:
    """Name and years: "Southend, Essex and Thurrock 2017 to 2021"; open-ended strategies say "from 2023"."""
    return (
        f"{strategy.short} {strategy.starts.year} to {strategy.ends.year}"
        if strategy.ends
        else f"{strategy.short} from {strategy.starts.year}"
    )


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def summary(sheet: Sheet) -> str:
    """`19 of 38 promises can be judged: 5 kept, 6 on course ...; 19 cannot be told, and each says what it would need.`"""
    judged = ", ".join(f"{sheet.counts[s]} {rules.WORDS[s]}" for s in rules.JUDGED if sheet.counts[s])
    rest = len(sheet.promises) - sheet.judged
    said = f"{sheet.judged} of {len(sheet.promises)} promises can be judged on published figures" + (f": {judged}." if judged else ".")
    return f"{said} Of the other {rest}, each says what it would need." if rest else said


def attributions(sheet: Sheet) -> tuple[str, ...]:
    """Publishers' attribution texts of every file behind a figure of the sheet, each once."""
    found = (file.attribution for p in sheet.promises for m in p.measures if m.headline for file in m.headline.files)
    return tuple(dict.fromkeys(text for text in found if text))


def promise_line(sheet: Sheet, found: PromiseStatus, told: Told) -> PromiseLine:
    shown = found.shown
    line = {
        "row": found.promise.row,
        "text": found.promise.text,
        "status": found.status,
        "status_word": found.status_words,
        "reason": told(found.reason),
        "address": addresses.promise(sheet.strategy.id, found.promise.row),
        "missing": needed(found),
    }
    if shown is None or shown.headline is None or shown.headline.is_missing:
        return PromiseLine(**line)
    return PromiseLine(**line, **figure_fields(shown, told))


def needed(found: PromiseStatus) -> str:
    """What it would take to tell, in a few words: the first need of the strategy file, else what the evidence says is missing."""
    if found.status not in (rules.CANNOT_TELL, rules.NOT_YET):
        return ""
    if found.promise.needs:
        return found.promise.needs[0].what
    said = found.missing[0] if found.missing else ""
    return said.removeprefix("Needed: ").split(". From: ")[0]


def figure_fields(shown: MeasureStatus, told: Told) -> dict:
    answer, measure = released(shown.headline), shown.measure
    aim = shown.binding.target
    value = publish.ratio_text(answer) if aim and aim.kind == "parity" and answer.ratio is not None else publish.text(answer, measure)
    return {
        "measure_title": measure.title,
        "value": value,
        "value_address": addresses.computed(answer),
        "target": wording.target(aim, measure) if aim else "",
        "period": answer.period.words,
        "place": told(answer.place_name or answer.place),
        "freshness": freshness(shown.decisive.weighed.finding.months_old),
        "spark": spark(shown, told),
    }


def released(answer: Answer) -> publish.Released:
    return publish.release([answer])[0]


def freshness(months: int) -> str:
    """`18 months old`; nothing for figures of the last year."""
    if months < 12:
        return ""
    return f"{months // 12} years old" if months >= 48 else f"{months} months old"


def spark(shown: MeasureStatus, told: Told) -> Spark | None:
    """The last points of the series, with the sentence that says the same."""
    series = shown.decisive.weighed.series
    answers = publish.release(series.answers[-_SPARK_POINTS:])
    known = [a for a in answers if a.number is not None]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]
    sentence = (
        f"{shown.measure.title}, {told(series.name)}: {publish.number_text(first.number, shown.measure)} in {first.period.words}, "
        f"{publish.number_text(last.number, shown.measure)} in {last.period.words}."
    )
    aim = shown.binding.target
    on_scale = aim is not None and aim.kind == "level" and shown.headline in series.answers
    target = (
        aim.value_at(series.code) if on_scale or (aim is not None and aim.kind == "level" and shown.measure.unit == "proportion") else None
    )
    return Spark(tuple(a.number for a in answers), target, sentence)
