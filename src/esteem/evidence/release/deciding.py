"""Which figures of a run are hidden, and why: small counts first, then what would give them away, over all linked figures together."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from esteem.evidence.record_model import AREAS
from esteem.evidence.release.cells import Cells, ShareCells, cells_of, is_published, share_rows
from esteem.evidence.release.policies import ReleasePolicy
from esteem.evidence.release.relations import Nesting, relations_of
from esteem.evidence.release.splits import Split
from esteem.methods.disclosure import Linked, protect, rows_over, settled_together, unsafe

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
_SHARE_COST = 0.6  # hiding a share costs about as much as moving its numerator by this


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
    hidden_shares = np.array([_share_hidden(share, small, policy) for share in cells.shares], dtype=bool)
    shown = np.array(cells.printed, dtype=bool) & np.where(cells.earlier, ~np.array(cells.hidden_before, dtype=bool), ~small)
    shown[list(kept_together)] = False
    primary = np.flatnonzero(small)
    linked, owner = _linked(cells, shown, hidden_shares, policy, relations_of(cells, splits, nesting) if policy.secondary else [])
    because: dict[int, int] = {}
    shares_because: dict[int, int] = {}
    given_away: list[int] = []
    if policy.secondary and len(primary):
        work = _Protecting(linked, small, float(policy.most_hidden), counts)
        work.run()
        linked, because, given_away = work.linked, work.because, work.given_away
        for row, cell in work.rows_because.items():
            shares_because.setdefault(owner[row], cell)
        linked = _drop_shares(linked, cells, owner, shares_because, policy)
    hidden = [_decisions(s, i, cells, linked, policy, because, kept_together) for i, s in enumerate(splits)]
    _add_shares(hidden, cells, linked, small, shares_because, policy)
    words = [_words(cells, cell) for cell in given_away]
    return Decided(policy, splits, cells, hidden, linked, primary, words)


def _not_split(splits: list[Split], cells: Cells) -> set[int]:
    """Cells of areas split by anything that is no area."""
    mixed = (len({column in AREAS for column in split.breakdown.columns}) > 1 for split in splits)
    return {cell for found, of in zip(mixed, cells.of_split, strict=True) if found for cell in of.values()}


def _share_hidden(share: ShareCells, small: np.ndarray, policy: ReleasePolicy) -> bool:
    if share.where is None:
        return share.hidden
    below = policy.both_sides and share.below is not None and small[share.below]
    return bool(share.hidden or small[share.above] or below)


def _linked(cells: Cells, shown: np.ndarray, hidden_shares: np.ndarray, policy: ReleasePolicy, relations: list) -> tuple[Linked, list[int]]:
    """What a reader knows, and the share that each row of it says."""
    count = len(cells.counts)
    rows, owner, cost = [], [], []
    for number, share in enumerate(cells.shares):
        if hidden_shares[number]:
            continue
        for row in share_rows(share):
            rows.append(row)
            owner.append(number)
            cost.append(np.inf if share.where is None else _SHARE_COST / row[0][share.above])
    low, high = cells.limits(policy)
    weight = np.where(cells.earlier, np.inf, cells.weight)
    return (
        Linked.of(
            *(rows_over([r for r, _, _ in relations], count), [low for _, low, _ in relations], [high for _, _, high in relations]),
            *(low, high, shown, weight),
            (rows_over([r for r, _, _ in rows], count), [low for _, low, _ in rows], [high for _, _, high in rows]),
            np.array(cost),
        ),
        owner,
    )


@dataclass
class _Protecting:
    """Secondary suppression group by group: what is left shown, and which small count each hidden figure protects."""

    linked: Linked
    primary: np.ndarray  # of booleans
    most: float
    counts: np.ndarray
    because: dict[int, int] = field(default_factory=dict)
    rows_because: dict[int, int] = field(default_factory=dict)
    given_away: list[int] = field(default_factory=list)

    def run(self) -> None:
        """First with every exact total kept; then, for what that does not protect, with totals hidden where there is no other way."""
        self._pass(cut=True, only=None)
        left, self.given_away = self.given_away, []
        if left:
            self._pass(cut=False, only=frozenset(left))

    def _pass(self, cut: bool, only: frozenset[int] | None) -> None:
        shown, rows_shown = self.linked.shown.copy(), self.linked.shares_shown.copy()
        doubtful = self.primary.copy()
        if cut:
            numbers = np.flatnonzero(self.primary)
            doubtful[numbers[settled_together(self.linked, numbers, self.most, self.counts)]] = False
        for cells, rows, part in self.linked.parts(cut):
            inside = np.flatnonzero(self.primary[cells])
            if not doubtful[cells].any() or (len(cells) == 1 and not part.relations.shape[0] and not len(rows)):
                continue
            if only is not None and only.isdisjoint(cells.tolist()):
                continue
            safe = protect(part, inside, self.most, self.counts[cells])
            shown[cells], rows_shown[rows] = safe.linked.shown, safe.linked.shares_shown
            self.because |= {int(cells[k]): int(cells[v]) for k, v in safe.because.items()}
            self.rows_because |= {int(rows[k]): int(cells[v]) for k, v in safe.shares_because.items()}
            self.given_away += [int(cells[c]) for c in safe.unprotected]
        self.linked = _shown(self.linked, shown, rows_shown)


def _shown(linked: Linked, shown: np.ndarray, rows_shown: np.ndarray) -> Linked:
    return Linked(**{**vars(linked), "shown": shown, "shares_shown": rows_shown})


def _drop_shares(linked: Linked, cells: Cells, owner: list[int], because: dict[int, int], policy: ReleasePolicy) -> Linked:
    """Also hides the shares of which a printed count is hidden, and the second row of a share of which one is."""
    rows_shown = linked.shares_shown.copy()
    for row, number in enumerate(owner):
        share = cells.shares[number]
        if share.where is not None and (number in because or _count_hidden(share, cells, linked.shown, policy)):
            rows_shown[row] = False
    return _shown(linked, linked.shown, rows_shown)


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
        elif number in because:
            decision = Decision("gives-away", _words(cells, because[number]))
        else:
            continue
        share.hidden = True
        hidden[at][level] = decision


def audit(decided: Decided) -> list[str]:
    """Small counts that a reader of everything shown can bound more narrowly than the policy allows, in words. Empty is right."""
    most = float(decided.policy.most_hidden)
    counts = np.array(decided.cells.counts)
    found: list[str] = []
    is_primary = np.zeros(len(counts), dtype=bool)
    is_primary[decided.primary] = True
    for cells, _, part in decided.linked.parts(cut=True):
        inside = np.flatnonzero(is_primary[cells])
        if len(inside):
            high, low = unsafe(part, inside, most, counts[cells])
            found += [_words(decided.cells, int(cells[c])) for c in sorted({*high, *low})]
    return found


def is_public_number(split: Split) -> bool:
    """True for resident populations, which are shown as they are."""
    return is_published(split.measure.value)
