"""What of a single answer counted here from records may be shown: step 1 and 2 of docs/suppression.md, by the numbers of `mhsds.public`.

What must be hidden besides, so that nothing can be worked out, is decided over a whole month at once (`release/`), and an answer obeys
those decisions (`released_runs.py`); of a month not yet released, one hidden group takes the smallest other along (`in_company`).
Intervals are worked out anew from the rounded counts, so that nothing of the exact ones is left in them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from esteem.evidence.answers import Answer
from esteem.evidence.release.policies import find_policy
from esteem.methods import counts
from esteem.methods.linked_counts import rounded
from esteem.methods.proportions import wilson
from esteem.terms import flags as flag
from esteem.terms.places import ENGLAND

POLICY = find_policy("mhsds", "public")
Shown = TypeVar("Shown", bound=Answer)


def as_own_figure(answer: Shown) -> Shown:
    """The answer as it may be shown; hidden ones have no number and the flag `suppressed`."""
    if answer.number is None:
        return answer
    if any(count is not None and count < POLICY.fewest for count in _counts(answer)):
        return replace(answer.flagged(flag.SUPPRESSED), number=None, cells=())
    if answer.place == ENGLAND and answer.breakdown == "all":
        return answer
    shown = replace(
        answer.flagged(flag.ROUNDED_HERE),
        number=_number(answer),
        numerator=_rounded(answer.numerator),
        denominator=_rounded(answer.denominator),
        cells=(),
    )
    return _with_limits(shown)


def in_company(answers: list[Shown]) -> list[Shown]:
    """The groups of one place and time, so that no single group is hidden: it would be what the others leave of the whole.

    With the one goes the smallest that is shown.
    """
    lines: dict[tuple, list[int]] = {}
    for number, answer in enumerate(answers):
        if answer.breakdown != "all" and answer.unit == "count":
            lines.setdefault((answer.measure, answer.place, answer.period, answer.breakdown), []).append(number)
    found = list(answers)
    for numbers in lines.values():
        shown = [number for number in numbers if answers[number].number is not None]
        if len(numbers) - len(shown) == 1 and shown:
            least = min(shown, key=lambda number: answers[number].number)
            found[least] = replace(answers[least].flagged(flag.SUPPRESSED), number=None, cells=())
    return found


def as_own_rows(rows: int) -> int | None:
    """Rows left after a step of a cohort, over everybody in the records; None when they are few."""
    return rows if rows >= POLICY.fewest else None


def _counts(answer: Answer) -> tuple[float | None, ...]:
    return (answer.number if answer.unit == "count" else None, answer.numerator, answer.denominator)


def _number(answer: Answer) -> float:
    if answer.unit == "count":
        return _rounded(answer.number)
    return rounded(answer.number * 100, 1) / 100 if answer.unit == "proportion" else rounded(answer.number, 1)


def _with_limits(answer: Shown) -> Shown:
    if answer.lower is None or answer.upper is None or not answer.numerator:
        return answer
    if answer.unit == "proportion":
        if not answer.denominator or not 0 <= answer.number <= 1:
            return replace(answer, lower=None, upper=None)
        found = wilson([answer.number * answer.denominator], [answer.denominator])  # around the share as it is shown
        return replace(answer, lower=float(found.lower[0]), upper=float(found.upper[0]))
    found = counts.interval([answer.numerator])
    scale = answer.number / answer.numerator
    return replace(answer, lower=float(found.lower[0]) * scale, upper=float(found.upper[0]) * scale)


def _rounded(count: float | None) -> float | None:
    return None if count is None else rounded(count, POLICY.round_to)
