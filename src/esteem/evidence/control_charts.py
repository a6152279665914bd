"""XmR limits, labels, variation and assurance for series of answers (Making Data Count; statistics.md section 9)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from esteem.evidence.answers import Answer
from esteem.evidence.model import Measure
from esteem.methods import reasons as reason
from esteem.methods.spc import xmr_many
from esteem.terms import flags as flag

IMPROVEMENT = {"higher": "increase", "lower": "decrease", "neutral": "neutral"}
NOT_INDEPENDENT = "No control limits: neighbouring figures share part of their time, so they are not independent."


def with_control_limits(measure: Measure, lines: list[list[Answer]]) -> list[list[Answer]]:
    """Each line (one place and category, in the order of time) with its chart. Lines whose periods overlap get the reason instead.

    Limits start anew where another series takes over, where the length of the period changes and where a note says so (`rebase`);
    points inside an `exclude` note, repeated by the publisher or without a figure stay out of the limits.
    """
    if not measure.independent_periods:
        return [[replace(answer, words=(*answer.words, NOT_INDEPENDENT)) for answer in line] for line in lines]
    lines = [line for line in lines if line]
    if not lines:
        return []
    width = max(map(len, lines))
    values, ghost, groups = (
        np.full((len(lines), width), np.nan),
        np.ones((len(lines), width), dtype=bool),
        np.zeros((len(lines), width), int),
    )
    starts = []
    for i, line in enumerate(lines):
        values[i, : len(line)] = [np.nan if answer.number is None else answer.number for answer in line]
        ghost[i, : len(line)] = [_left_out(measure, answer) for answer in line]
        numbers, why = _stretches(measure, line)
        groups[i, : len(line)], groups[i, len(line) :] = numbers, numbers[-1]
        starts.append(why)
    chart = xmr_many(values, improvement=IMPROVEMENT[measure.better], target=_targets(measure, lines), groups=groups, ghost=ghost)
    return [_charted(line, chart, i, groups[i], starts[i], measure) for i, line in enumerate(lines)]


def _targets(measure: Measure, lines: list[list[Answer]]) -> list[float]:
    standard = measure.standard
    return [standard.value if standard and standard.holds_for(line[0].place) else np.nan for line in lines]


def _left_out(measure: Measure, answer: Answer) -> bool:
    return flag.CARRIED_FORWARD in answer.flags or _excluding_note(measure, answer) is not None


def _excluding_note(measure: Measure, answer: Answer):
    places = (answer.place, *answer.parts)
    for note in measure.notes:
        last = note.end or note.start
        inside = note.exclude and note.start <= answer.period.start and answer.period.end <= last
        # A note about some places leaves out a pooled figure only when it concerns every part.
        if inside and (note.about(answer.place) or (answer.parts and all(map(note.about, places[1:])))):
            return note
    return None


def _stretches(measure: Measure, line: list[Answer]) -> tuple[list[int], dict[int, str]]:
    """Group number of each answer, and why each group after the first begins."""
    numbers, why = [0], {}
    for before, answer in pairwise(line):
        rebases = [n for n in measure.notes if n.rebase and n.about(answer.place) and before.period.start < n.start <= answer.period.start]
        changed = answer.rank != before.rank or answer.period.kind != before.period.kind
        numbers.append(numbers[-1] + bool(rebases or changed))
        if rebases or changed:
            why[numbers[-1]] = rebases[0].text if rebases else "Another source, or another length of period, begins here."
    return numbers, why


def _charted(line: list[Answer], chart, i: int, groups: np.ndarray, why: dict[int, str], measure: Measure) -> list[Answer]:
    own = chart.groups(i)
    by_number = {int(groups[group.start]): group for group in own}
    out = []
    for j, answer in enumerate(line):
        group = by_number.get(int(groups[j]))
        if group is None:
            out.append(answer)
            continue
        has_limits = not group.reason
        labelled = answer.number is not None and not chart.ghost[i, j]
        said = [reason.WORDS[code] for code in (group.reason, *group.warnings) if code]
        if note := _excluding_note(measure, answer):
            said.append(f"left out of the limits: {note.text}")
        if number := why.get(int(groups[j])):
            said.append(f"new limits from {line[group.start].period.words}: {number}")
        out.append(
            replace(
                answer,
                centre=float(chart.mean[i, j]) if has_limits else None,
                lower_process_limit=float(chart.lower[i, j]) if has_limits else None,
                upper_process_limit=float(chart.upper[i, j]) if has_limits else None,
                label=str(chart.labels[i, j]) if labelled else None,
                variation=group.variation,
                assurance=group.assurance if has_limits else None,
                limit_points=group.points if has_limits else 0,
                chart=tuple(said),
            )
        )
    return out
