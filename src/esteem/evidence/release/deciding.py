"""Which figures of a run are hidden, and why: small counts first, then what would give them away, over all linked figures together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from esteem.evidence.record_model import AREAS
from esteem.evidence.release.cells import Cells, ShareCells, cells_of, is_published
from esteem.evidence.release.policies import ReleasePolicy
from esteem.evidence.release.relations import Nesting, relations_of
from esteem.evidence.release.splits import Split
from esteem.methods.disclosure import unsafe
from esteem.methods.linked_counts import Linked, Shares, rows_over
from esteem.methods.protection import Protected, protect
from esteem.methods.witnesses import proven
from esteem.terms.problems import Problem

# The rules a decision may name, and their words in the log.
RULES = {
    "small": "the count is small",
    "small-part": "the numerator or the denominator is small",
    "few-rows": "a mean of few",
    "not-alone": "the only mean left besides those hidden",
    "nothing": "nothing was counted",
    "no-split": "areas are not split by group",
    "gives-away": "it would give a small count away",
    "with-its-count": "its numerator or its denominator is hidden",
}


@dataclass(frozen=True)
class Decision:
    """Why one figure is hidden. `protects`: the small count it would give away, in words; empty for a figure hidden for its own sake."""

    rule: str
    protects: str = ""

    @property
    def stage(self) -> str:
        return "secondary" if self.rule in ("gives-away", "with-its-count", "not-alone") else "primary"


@dataclass(frozen=True)
class Decided:
    """`hidden`: for each split its hidden levels. `linked`: what a reader of all releases knows; `primary`: the small counts in it.

    `given_away`: small counts that earlier releases give away already, in words.
    """

    policy: ReleasePolicy
    splits: list[Split]
    cells: Cells
    hidden: list[dict[str, Decision]]
    linked: Linked
    primary: np.ndarray
    given_away: list[str] = field(default_factory=list)


def decide(splits: list[Split], policy: ReleasePolicy, nesting: Nesting, earlier: Cells | None = None) -> Decided:
    """What is hidden of the splits. `earlier`: cells of releases that are out, of which nothing can be taken back."""
    cells = cells_of(splits, policy, earlier)
    kept_together = _not_split(splits, cells) if not policy.split_areas else set()
    counts = np.array(cells.counts)
    small = counts < policy.fewest
    shown = np.array(cells.printed, dtype=bool) & np.where(cells.earlier, ~np.array(cells.hidden_before, dtype=bool), ~small)
    shown[list(kept_together)] = False
    primary = np.flatnonzero(small)
    linked = _linked(cells, shown, small, policy, relations_of(cells, splits, nesting) if policy.secondary else [])
    because: dict[int, int] = {}
    shares_because: dict[int, int] = {}
    given_away: tuple[int, ...] = ()
    if policy.secondary and len(primary):
        safe = protect(linked, primary, float(policy.most_hidden), counts, last=linked.lower == linked.upper)
        _check(safe, counts, primary, float(policy.most_hidden))
        linked, because, shares_because, given_away = safe.linked, safe.because, safe.shares_because, safe.unprotected
    hidden = [_decisions(s, i, cells, linked, policy, because, kept_together) for i, s in enumerate(splits)]
    _add_shares(hidden, cells, linked, small, shares_because, policy)
    words = [_words(cells, cell) for cell in given_away]
    return Decided(policy, splits, cells, hidden, linked, primary, words)


def _check(safe: Protected, counts: np.ndarray, primary: np.ndarray, most: float) -> None:
    """Every small count within reach has its proof, in exact arithmetic over what is shown in the end. Problem `release-unproved`."""
    reached = primary[~np.isin(primary, np.array(safe.unprotected + safe.out_of_reach, dtype=int))]
    open_ones = reached[~proven(safe.linked, counts, reached, most, safe.witnesses)]
    if len(open_ones):
        rule = "A month is released when each small count is shown to be safe."
        raise Problem("release-unproved", rule, f"{len(open_ones)} small counts without proof", "Nothing is released. Tell the makers.")


def _not_split(splits: list[Split], cells: Cells) -> set[int]:
    """Cells of areas split by anything that is no area."""
    mixed = (len({column in AREAS for column in split.breakdown.columns}) > 1 for split in splits)
    return {cell for found, of in zip(mixed, cells.of_split, strict=True) if found for cell in of.values()}


def _share_hidden(share: ShareCells, small: np.ndarray, policy: ReleasePolicy) -> bool:
    if share.where is None:
        return share.hidden
    below = policy.both_sides and share.below is not None and small[share.below]
    return bool(share.hidden or small[share.above] or below)


def _linked(cells: Cells, shown: np.ndarray, small: np.ndarray, policy: ReleasePolicy, relations: list) -> Linked:
    """What a reader knows."""
    count, made = len(cells.counts), cells.shares
    given = [not _share_hidden(s, small, policy) and (s.where is None or not _count_hidden(s, cells, shown, policy)) for s in made]
    shares = Shares.of(
        *([s.above for s in made], [-1 if s.below is None else s.below for s in made], [s.constant for s in made]),
        *([s.times for s in made], [s.shown for s in made], [s.step for s in made]),
        *(given, [s.where is None for s in made]),
    )
    # A share that was counted in fewer digits may be printed one off; no reader can build on that, and a new one is not printed.
    shares = replace(shares, given=shares.given & shares.hold(np.array(cells.counts)))
    low, high = cells.limits(policy)
    weight = np.where(cells.earlier, np.inf, cells.weight)
    rows, least, most = ([relation[i] for relation in relations] for i in range(3))
    return Linked.of(rows_over(rows, count), least, most, low, high, shown, weight, shares)


def _count_hidden(share: ShareCells, cells: Cells, shown: np.ndarray, policy: ReleasePolicy) -> bool:
    parts = [share.above] + ([share.below] if policy.both_sides and share.below is not None else [])
    return any(cells.printed[part] and not shown[part] for part in parts)


def _words(cells: Cells, number: int) -> str:
    (name, kind, end, columns), level = cells.keys[number]
    return f"{name} {kind} to {end.isoformat()} by {', '.join(columns) or 'England'}: {level}"


# ---------------------------------------------------------------- decisions, split by split


def _decisions(split: Split, at: int, cells: Cells, linked: Linked, policy: ReleasePolicy, because, kept_together) -> dict[str, Decision]:
    """Of counts, means and rates over strata; shares are decided with their counts."""
    if split.kind == "count":
        found = {}
        for level, cell in cells.of_split[at].items():
            if linked.shown[cell]:
                continue
            if cells.counts[cell] < policy.fewest:
                found[level] = Decision("nothing" if split.levels[level] is None else "small")
            elif cell in kept_together:
                found[level] = Decision("no-split")
            else:
                found[level] = Decision("gives-away", _words(cells, because[cell]) if cell in because else "")
        return found
    if split.share is not None and policy.share_step:
        return {}
    return _not_counted(split, policy)


def _not_counted(split: Split, policy: ReleasePolicy) -> dict[str, Decision]:
    """Means of few, and rates over strata of few; where means are hidden, never one alone is hidden beside the others."""
    found: dict[str, Decision] = {}
    for level, figure in split.levels.items():
        if figure is None:
            found[level] = Decision("nothing")
        elif split.behind is not None:
            rows = split.behind.get(level)
            few = min((part for part in (rows.value if rows else 0.0, figure.numerator) if part is not None), default=0.0)
            if few < policy.fewest:
                found[level] = Decision("few-rows")
        elif any(part is not None and part < policy.fewest for part in (figure.numerator, figure.denominator)):
            found[level] = Decision("small-part")
    hidden = [level for level in found if split.levels[level] is not None]
    left = [level for level in split.levels if level not in found]
    if split.behind is not None and policy.secondary and len(hidden) == 1 and left and len(split.levels) > 1:
        fewest = min(left, key=lambda level: split.behind[level].value)
        found[fewest] = Decision("not-alone")
    return found


def _add_shares(
    hidden: list[dict[str, Decision]], cells: Cells, linked: Linked, small: np.ndarray, because: dict[int, int], policy
) -> None:
    for number, share in enumerate(cells.shares):
        if share.where is None:
            continue
        at, level = share.where
        if share.hidden:
            decision = Decision("nothing")
        elif _share_hidden(share, small, policy):
            decision = Decision("small-part")
        elif _count_hidden(share, cells, linked.shown, policy):
            decision = Decision("with-its-count")
        elif not linked.shares.given[number]:
            decision = Decision("gives-away", _words(cells, because[number]) if number in because else "")
        else:
            continue
        share.hidden = True
        hidden[at][level] = decision


def audit(decided: Decided) -> list[str]:
    """Small counts that a reader of everything shown can bound more narrowly than the policy allows, in words. Empty is right.

    By linear programs, one or two for each small count, without a look at how they were protected: slow.
    """
    most, counts = float(decided.policy.most_hidden), np.array(decided.cells.counts)
    found: list[str] = []
    is_primary = np.zeros(len(counts), dtype=bool)
    is_primary[decided.primary] = True
    for cells, part in decided.linked.groups():
        inside = np.flatnonzero(is_primary[cells])
        if len(inside):
            high, low = unsafe(part, inside, most, counts[cells])
            found += [_words(decided.cells, int(cells[c])) for c in sorted({*high, *low})]
    return found


def is_public_number(split: Split) -> bool:
    """True for resident populations, which are shown as they are."""
    return is_published(split.measure.value)
