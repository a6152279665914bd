"""ask: a measure, a place, a time and a breakdown in; figures with their intervals, charts and comparisons out.

    answers = ask(snapshot, find_measure("psychosis-treated-within-two-weeks"), ["set-ccgs"], over=financial_year(2018))

Every answer keeps the published cells it rests on. Nothing here may be shown before `publish.release` has looked at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from esteem.evidence.answers import Answer
from esteem.evidence.figures import Over, Question, figures_of_kinds, figures_of_places
from esteem.evidence.group_comparison import with_comparison
from esteem.evidence.model import Measure
from esteem.evidence.no_figures import no_figures
from esteem.evidence.places_asked import kinds_asked, place_asked
from esteem.evidence.pooling import check_places
from esteem.evidence.published_cells import choose_breakdown
from esteem.terms import flags as flag
from esteem.terms.problems import Problem

__all__ = ["WITNESSES", "Answer", "Over", "ask", "latest"]
WITNESSES = ("published", "computed")


def ask(
    snapshot,
    measure: Measure,
    where: str | Sequence[str],
    over: Over = None,
    by: str | None = None,
    *,
    spc: bool = False,
    against: str | None = None,
    as_at: date | None = None,
    witness: str = "published",
    mode: str = "as-published",
) -> list[Answer]:
    """Answers in the order of place, category and time.

    where: codes, or names of groups; several are added together as one place. `all:ccg`, `all:icb`, `all:council`, `all:trust` ... give
    every place of the kind, each by itself. over: a Period (a longer one than published adds up flows), two Periods (every published
    period from the first to the second), or None (the whole series). by: a breakdown: one answer for each category.
    spc: with control limits, from the points of `over` when it gives a range, else from the whole series. against: a category of a
    breakdown, or a place, to compare each answer with. as_at: only periods that ended by then.
    witness: "computed" counts from the loaded records (computed_witness.py), where None for `over` is the newest month; `mode` is then
    "as-published" or "corrected".
    A place without figures gives one answer without a number, whose `words` say who publishes what.
    Raises Problems `not-poolable`, `place-unknown`, `group-overlap`, `breakdown-unknown`, `against-unknown`, `witness-missing`,
    `witness-unknown`.
    """
    if witness not in WITNESSES:
        raise Problem("witness-unknown", f"A figure has one of two witnesses: {', '.join(WITNESSES)}.", witness)
    if witness == "computed":
        return _from_records(snapshot, measure, where, over, by, mode, spc, against, as_at)
    if measure.published is None:
        rule = f"{measure.title} is counted from records only."
        raise Problem("witness-missing", rule, witness, "Ask for the computed witness.")
    breakdown, category = choose_breakdown(snapshot, measure, by)
    question = Question(measure, breakdown, category, over, spc, as_at)
    if kinds := kinds_asked(where):
        answers = figures_of_kinds(snapshot, question, kinds)
    else:
        place = place_asked(snapshot.geography, where)
        check_places(measure, place.parts)
        answers = figures_of_places(snapshot, question, [place]) or [no_figures(snapshot, question, place)]
    return with_comparison(snapshot, question, answers, against) if against else answers


def _from_records(snapshot, measure: Measure, where, over: Over, by, mode: str, spc: bool, against, as_at) -> list[Answer]:
    from esteem.evidence import computed_witness  # reading of records is a heavy import that published figures do not need

    if against:
        remedy = "Ask by the group alone: each group comes with its interval."
        raise Problem("against-not-counted", "Comparisons are worked out for published figures.", against, remedy)
    text = where if isinstance(where, str) else "+".join(where)
    asked = computed_witness.Asked(measure.computed_id, text, over, by, mode, spc, as_at)
    return computed_witness.ask_records(asked, geography=snapshot.geography)


def latest(answers: list[Answer]) -> list[Answer]:
    """Of each place and category the last answer. Periods for which nothing was published, or nothing that adds up, are passed over.

    A suppressed figure is an answer: an older number never stands in for it.
    """
    chosen: dict[tuple[str, str], Answer] = {}
    passed: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        key = (answer.place, answer.category)
        if answer.number is None and set(answer.flags) & _NOTHING_THERE and key in chosen:
            passed.setdefault(key, []).append(answer)
            continue
        chosen[key] = answer
        passed.pop(key, None)
    return [_with_later(answer, passed.get(key, [])) for key, answer in chosen.items()]


_NOTHING_THERE = {flag.NOT_COLLECTED, flag.UNKNOWN, flag.NOT_POOLABLE}


def _with_later(answer: Answer, later: list[Answer]) -> Answer:
    if not later:
        return answer
    reasons = dict.fromkeys(flag.WORDS[name] for other in later for name in other.flags if name in _NOTHING_THERE)
    words = f"Later periods, up to {later[-1].period.words}, have no figure here: {'; '.join(reasons)}."
    return replace(answer, words=(*answer.words, words))
