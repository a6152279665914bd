"""Released figures as rows: what each says to its audience, and the log of what is hidden and why."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.evidence.definitions.mhsds.publication import HIDDEN, plain
from esteem.evidence.release.cells import rounded_to
from esteem.evidence.release.deciding import RULES, Decided, is_public_number
from esteem.evidence.release.policies import ReleasePolicy
from esteem.evidence.release.splits import Split
from esteem.methods.linked_counts import rounded


@dataclass(frozen=True)
class ReleasedRow:
    """One figure as its audience may see it: `shown` is `*` when it is hidden."""

    pipeline: str
    measure: str
    title: str
    period: str  # kind: M, Q, 12M
    start: str
    end: str
    breakdown: str
    level: str
    kind: str
    shown: str


def released_rows(decided: Decided) -> list[ReleasedRow]:
    """Every figure of the run in its order."""
    return [
        _row(split, level, HIDDEN if level in hidden else _text(split, level, decided.policy))
        for split, hidden in zip(decided.splits, decided.hidden, strict=True)
        for level in split.levels
    ]


def nationally_printed(splits: list[Split]) -> list[ReleasedRow]:
    """The same figures as the national pipelines print them: nothing hidden beyond their own rule."""
    return [
        _row(split, level, split.defined.family.publication.text(figure, split.kind, split.breakdown))
        for split in splits
        for level, figure in split.levels.items()
    ]


def _row(split: Split, level: str, shown: str) -> ReleasedRow:
    window = split.window
    return ReleasedRow(
        *(split.pipeline, split.measure.id, split.measure.title, window.kind, window.start.isoformat(), window.end.isoformat()),
        *(split.breakdown.name, level, split.kind, shown),
    )


def _text(split: Split, level: str, policy: ReleasePolicy) -> str:
    figure = split.levels[level]
    if figure is None:
        return "0" if policy.fewest == 0 and split.kind == "count" else HIDDEN
    if is_public_number(split):
        return plain(figure.value)
    if split.kind == "count":
        unrounded = policy.round_to == 1 or split.breakdown.name in policy.exact
        return plain(figure.value if unrounded else rounded(figure.value, policy.round_to))
    return plain(rounded_to(figure.value, policy.share_step) if policy.share_step else figure.value)


def decision_rows(decided: Decided, when: str, edition: str) -> list[dict[str, str]]:
    """The log: one row for each hidden figure. It tells small figures from others, so it is as restricted as the figures themselves."""
    return [
        {
            "measure": s.measure.id,
            "pipeline": s.pipeline,
            "period": s.window.kind,
            "period_end": s.window.end.isoformat(),
            "breakdown": s.breakdown.name,
            "level": level,
            "stage": why.stage,
            "rule": why.rule,
            "words": RULES[why.rule],
            "protects": why.protects,
            "policy": f"{decided.policy.data_set}.{decided.policy.audience}",
            "decided": when,
            "edition": edition,
        }
        for s, hidden in zip(decided.splits, decided.hidden, strict=True)
        for level, why in hidden.items()
    ]
