"""The sentences of the sheet: targets, reasons, and what is missing. Figures come as text from evidence/publish.py only."""

from __future__ import annotations

from collections import Counter

from esteem.evidence import publish
from esteem.evidence.answers import Answer
from esteem.evidence.model import Measure
from esteem.strategy import rules
from esteem.strategy.promises import FACES, Need, Promise, Target
from esteem.strategy.statuses import MeasureStatus

_TELL = "Load it with `esteem load FILE`."


def figure(answer: Answer | None, measure: Measure) -> str:
    """Value with its interval, as a reader sees it; "no figure" when there is none."""
    return publish.text(answer, measure) if answer is not None else "no figure"


def group(name: str) -> str:
    """A group as a sentence names it: the tenths of areas in words, every other group as published."""
    return {"1 most deprived": "the most deprived tenth of areas", "10 least deprived": "the least deprived tenth of areas"}.get(name, name)


def target(aim: Target | None, measure: Measure) -> str:
    """The target in a few words: "at least 50% by March 2021", "falls every year", "as high as for White"."""
    if aim is None:
        return "none"
    by = f" by {aim.by:%B %Y}" if aim.by else ""
    if aim.kind == "parity":
        return f"{group(aim.group)} no {'higher' if aim.comparison == 'at_most' else 'lower'} than {group(aim.against)}"
    way = f"{aim.direction} {'every year' if aim.every_year else 'over the years'}"
    if aim.kind == "direction":
        return way + by
    number = publish.number_text(aim.value, measure)
    if aim.kind == "ambition":
        return f"{way}, towards {number}" + by
    if measure.kind == "yes_no":
        return number + by
    return f"{'at least' if aim.comparison == 'at_least' else 'at most'} {number}{by}"


def reason(found: MeasureStatus) -> str:
    """Why a measure has its status: the numbers put in, then the rule in its own words."""
    decisive = found.decisive
    if decisive is None or decisive.rule is None:
        return ""
    rule = decisive.rule
    if found.status == rules.CANNOT_TELL and len(found.places) > 1:
        commonest = Counter(p.rule.id for p in found.places if p.status == rules.CANNOT_TELL).most_common(1)[0][0]
        rule = next(p.rule for p in found.places if p.rule.id == commonest)
    parts = [_numbers(found), _places(found), rule.words, _years(found), _age(found)]
    return " ".join(p for p in parts if p)


def _numbers(found: MeasureStatus) -> str:
    answer, aim = found.headline, found.binding.target
    if answer is None or answer.is_missing:
        return f"{found.measure.title}: no figure. Target: {target(aim, found.measure)}."
    where = found.decisive.weighed.series.name
    value = publish.ratio_text(answer) if aim.kind == "parity" and answer.ratio is not None else figure(answer, found.measure)
    return f"{found.measure.title}: {value} in {answer.period.words}, {where}. Target: {target(aim, found.measure)}."


def _places(found: MeasureStatus) -> str:
    """How the places stand, when they are judged one by one."""
    if len(found.places) < 2:
        return ""
    counts = Counter(p.status for p in found.places)
    said = ", ".join(f"{rules.WORDS[s]} in {counts[s]}" for s in rules.STATUSES if counts[s])
    worst = f" {found.decisive.weighed.series.name} decides." if found.status in rules.JUDGED else ""
    return f"Of {len(found.places)} places: {said}.{worst}"


def _years(found: MeasureStatus) -> str:
    """The yearly figures compared, first to last."""
    answers = found.decisive.weighed.years.answers
    if len(answers) < 2:
        return ""
    said = ", ".join(f"{publish.number_text(a.number, found.measure)} in {a.period.label}" for a in answers)
    return f"Year by year: {said}."


def _age(found: MeasureStatus) -> str:
    finding = found.decisive.weighed.finding
    if finding.value is None or not finding.is_stale:
        return ""
    judged = " It is from the time the promise was made for, so it is judged, as at last count." if found.at_last_count else ""
    return f"The figure is {finding.months_old} months old.{judged}"


def need(one: Need) -> str:
    """What would make a promise judgeable, from whom, and where it will be held."""
    held = f"The {FACES[one.face]} part of Esteem will hold it." if one.face else _TELL
    return f"Needed: {one.what}. From: {one.publisher}. {held}"


def missing(promise: Promise, primary: MeasureStatus) -> tuple[str, ...]:
    """What is missing to tell: the words of the file first, then what the evidence itself says."""
    said = [need(n) for n in promise.needs]
    answer = primary.headline
    if answer is None:
        return tuple(said)
    if answer.is_missing:
        said += answer.words[-2:]
    if not promise.needs:
        publisher = answer.files[0].publisher if answer.files else "the publisher"
        said.append(f"Needed: {primary.measure.title}, {_when(primary)}. From: {publisher}. {_TELL}")
    return tuple(dict.fromkeys(said))


def _when(primary: MeasureStatus) -> str:
    finding, binding = primary.decisive.weighed.finding, primary.binding
    if finding.value is None:
        return f"for {primary.place_set.words}"
    if finding.before_start:
        return f"for a time after {finding.starts:%B %Y}"
    if finding.kind == "direction" and not finding.steps:
        return "for at least two years that can be compared"
    if binding.target.kind == "parity":
        return f"for {binding.target.group} and {binding.target.against}, with the counts behind it"
    return f"up to {finding.due:%B %Y}" if finding.due and not finding.covers_due else "for the last two years"


def without_measure(promise: Promise, waits_for_face: bool) -> str:
    """Why a promise without a judged measure has no verdict."""
    shown = " What is published is shown beside it, but cannot judge it." if promise.measures else ""
    if waits_for_face:
        faces = " and ".join(dict.fromkeys(FACES[n.face] for n in promise.needs if n.face))
        return f"No public figure says whether this is kept. The {faces} part of Esteem will hold the records.{shown}"
    return f"A figure is published, but not here yet.{shown}"
