"""What changed on the sheet between two days: promises that changed status, and figures that came in."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.strategy import rows, rules
from esteem.strategy.sheet import Sheet
from esteem.strategy.statuses import PromiseStatus


@dataclass(frozen=True)
class Change:
    """One promise whose status changed, or whose figure is for a later period. `sentence` says both, oldest first."""

    row: str
    text: str
    before: str
    after: str
    new_figure: bool
    sentence: str

    @property
    def changed_status(self) -> bool:
        return self.before != self.after


def changes(now: Sheet, then: Sheet) -> tuple[Change, ...]:
    """Changes from the sheet `then` to the sheet `now` of the same strategy, those of status first, in the order of the strategy."""
    pairs = ((then.promise(found.promise.row), found) for found in now.promises)
    found = [_change(before, after) for before, after in pairs if before is not None]
    return tuple(sorted((c for c in found if c.changed_status or c.new_figure), key=lambda c: not c.changed_status))


def _change(before: PromiseStatus, after: PromiseStatus) -> Change:
    new_figure = _period(after) is not None and _period(after) != _period(before)
    said = []
    if before.status != after.status:
        said.append(f"{rules.WORDS[before.status]} became {rules.WORDS[after.status]}.")
    if new_figure:
        said.append(f"Figure: {_figure(before)} then, {_figure(after)} now.")
    return Change(after.promise.row, after.promise.text, before.status, after.status, new_figure, " ".join(said))


def _period(found: PromiseStatus):
    shown = found.shown
    return shown.headline.period if shown and shown.headline and not shown.headline.is_missing else None


def _figure(found: PromiseStatus) -> str:
    period = _period(found)
    return f"{rows.value_text(found.shown)} ({period.words})" if period else "none"
