"""The sheet in a terminal: plain text of a given width, a shape and a word for each status, colour only when asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date

from esteem.strategy import attention, rows, rules
from esteem.strategy.sheet import Sheet
from esteem.strategy.statuses import PromiseStatus

MARKS = {
    rules.KEPT: "●",
    rules.ON_COURSE: "◐",
    rules.AT_RISK: "◆",
    rules.NOT_KEPT: "▲",
    rules.CANNOT_TELL: "?",
    rules.NOT_YET: "·",
}
_COLOURS = {rules.KEPT: "32", rules.ON_COURSE: "36", rules.AT_RISK: "33", rules.NOT_KEPT: "31"}
_WORD_WIDTH = max(map(len, rules.WORDS.values()))


def as_text(sheet: Sheet, width: int = 96, colour: bool = False, full: bool = False) -> str:
    """The whole sheet. `full` adds the reason of every promise and what each undecided one would need."""
    return "\n".join([*_head(sheet, width), *_attention(sheet, width), *_sections(sheet, width, colour, full)])


def promise_text(found: PromiseStatus, width: int = 96, colour: bool = False) -> str:
    """One promise in full: its reason, its measures place by place, and what is missing."""
    return "\n".join([*_promise(found, width, colour, full=True), *_measures(found, width)])


def _head(sheet: Sheet, width: int) -> Iterator[str]:
    strategy = sheet.strategy
    yield strategy.title
    until = f"Figures to {sheet.figures_to:%B %Y}" if sheet.figures_to else "No figures"
    yield f"{until} · {_day(sheet.as_at)}"
    yield ""
    for line in strategy.vision:
        yield from _wrap(line, width)
    yield ""
    yield from _wrap(summary(sheet), width)


def _day(as_at: date | None) -> str:
    return f"as at {as_at.day} {as_at:%B %Y}" if as_at else "as at today"


def summary(sheet: Sheet) -> str:
    """ "11 of 38 promises can be judged: 2 kept, 3 on course, ...; 9 cannot tell; 18 not yet in Esteem."""
    said = [f"{n} {rules.WORDS[s]}" for s, n in sheet.counts.items() if s in rules.JUDGED and n]
    rest = [f"{n} {rules.WORDS[s]}" for s, n in sheet.counts.items() if s not in rules.JUDGED and n]
    judged = f"{sheet.judged} of {len(sheet.promises)} promises can be judged" + (": " + ", ".join(said) if said else "")
    return "; ".join([judged, *rest]) + "."


def _attention(sheet: Sheet, width: int) -> Iterator[str]:
    if not sheet.attention:
        return
    yield ""
    yield "NEEDS ATTENTION FIRST"
    for found in sheet.attention[: attention.SHOWN]:
        yield from _wrap(f"{found.row}  {found.sentence} Why: {', '.join(found.reasons)}.", width, indent=5)


def _sections(sheet: Sheet, width: int, colour: bool, full: bool) -> Iterator[str]:
    for section, promises in sheet.sections:
        yield ""
        yield section.title.upper()
        for found in promises:
            yield from _promise(found, width, colour, full)


def _promise(found: PromiseStatus, width: int, colour: bool, full: bool) -> Iterator[str]:
    mark = f"{MARKS[found.status]} {rules.WORDS[found.status]:<{_WORD_WIDTH}}"
    lead = f"{found.promise.row}  {mark}  "
    lines = _wrap(found.promise.text, width - len(lead))
    yield f"{found.promise.row}  {_painted(mark, found.status, colour)}  {lines[0]}"
    under = " " * len(lead)
    yield from (under + line for line in lines[1:])
    yield from (under + line for line in _wrap(_figure(found), width - len(lead)))
    if full:
        yield from (under + line for line in _wrap(found.reason, width - len(lead)))
    if full or found.status == rules.CANNOT_TELL:
        yield from (under + line for text in found.missing for line in _wrap(text, width - len(lead)))


def _painted(mark: str, status: str, colour: bool) -> str:
    return f"\033[{_COLOURS[status]}m{mark}\033[0m" if colour and status in _COLOURS else mark


def _figure(found: PromiseStatus) -> str:
    """Value, target, period and age, on one line; empty when there is nothing to show."""
    shown = found.shown
    if shown is None or shown.headline is None or shown.headline.is_missing:
        return ""
    row = rows.row_of(found)
    age = f", {row['months_old']} months old" if row["months_old"] > 12 else ""
    target = f" · target: {row['target_text']}" if row["target_text"] and found.primary else ""
    where = f" in {shown.decisive.weighed.series.name}" if len(shown.places) > 1 else ""
    return f"{shown.measure.title}: {row['value_text']}{where}{target} · {shown.headline.period.words}{age}"


def _measures(found: PromiseStatus, width: int) -> Iterator[str]:
    for bound in found.measures:
        yield ""
        yield f"{bound.measure.title} ({bound.binding.role}{', primary' if bound.binding.primary else ''}), {bound.place_set.words}"
        for place in bound.places:
            answer = place.weighed.headline
            status = f"  {rules.WORDS[place.status]}" if place.status else ""
            when = f", {answer.period.words}" if answer and not answer.is_missing else ""
            yield from _wrap(f"{place.weighed.series.name}: {rows.figure_text(bound, answer)}{when}{status}", width, indent=4, first=2)


def _wrap(text: str, width: int, indent: int = 0, first: int = 0) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=" " * first, subsequent_indent=" " * indent, break_on_hyphens=False)
