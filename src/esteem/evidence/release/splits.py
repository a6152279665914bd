"""The figures of one run: each measure, period and breakdown with all its levels, and the counts behind its shares and means.

A level that has no row still stands here, with no figure: were it left out, its absence would say "none" where a `*` says "under 5".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from ibis import _

from esteem.evidence.computing import Request
from esteem.evidence.definitions.mhsds import Defined
from esteem.evidence.record_model import AREAS, ROWS, Breakdown, Counted, Figure, Levels, Ratio, RecordMeasure, Value
from esteem.evidence.records.reporting import Window


@dataclass(frozen=True, eq=False)
class Share:
    """`times` x above / below: the two counts that a percentage or rate is made of."""

    above: Value
    below: Value
    times: float


@dataclass(frozen=True, eq=False)
class Split:
    """One measure over one period by one breakdown. `levels`: every level; None where there is no row.

    `above`, `below`: the counts of `share` by level. `behind`: how many rows a mean or percentile is of, by level.
    """

    defined: Defined
    window: Window
    breakdown: Breakdown
    levels: dict[str, Figure | None]
    share: Share | None = None
    above: Levels = field(default_factory=dict)
    below: Levels = field(default_factory=dict)
    behind: Levels | None = None

    @property
    def measure(self) -> RecordMeasure:
        return self.defined.measure

    @property
    def kind(self) -> str:
        return self.measure.value.kind

    @property
    def pipeline(self) -> str:
        return self.defined.family.publication.name


def share_of(value: Value, breakdown: Breakdown) -> Share | None:
    """The share that a value prints, however it is wrapped; None for counts, means and rates over strata."""
    if isinstance(value, Ratio):
        return Share(value.numerator, value.denominator, value.times)
    if hasattr(value, "parts_of_share"):
        return Share(*value.parts_of_share(breakdown))
    inside = getattr(value, "value", None)
    return share_of(inside, breakdown) if inside is not None else None


def rows_behind(value: Value) -> Counted | None:
    """How many rows a mean, median or percentile is of; None for other values."""
    inside = value
    while not isinstance(inside, Counted):
        inside = getattr(inside, "value", None)
        if inside is None:
            return None
    if inside.kind != "mean":
        return None
    of = inside.aggregate.of
    kept = (_[of] if isinstance(of, str) else of).notnull()
    where = _[inside.where] if isinstance(inside.where, str) else inside.where
    return Counted(inside.cohort, ROWS, kept if where is None else where & kept)


@dataclass(frozen=True)
class Wanted:
    """A request with those for the counts behind it, all computed together."""

    defined: Defined
    request: Request
    share: Share | None
    above: Request | None
    below: Request | None
    behind: Request | None

    @classmethod
    def of(cls, defined: Defined, period: str, breakdown: Breakdown, behind: Counted | None) -> Wanted:
        share = share_of(defined.measure.value, breakdown)

        def also(value: Value | None, what: str) -> Request | None:
            return Request(RecordMeasure(f"{defined.measure.id} {what}", what, value, (period,), ()), period, breakdown) if value else None

        above, below = (also(share.above, "above"), also(share.below, "below")) if share else (None, None)
        return cls(defined, Request(defined.measure, period, breakdown), share, above, below, also(behind, "rows"))

    @property
    def requests(self) -> list[Request]:
        return [request for request in (self.request, self.above, self.below, self.behind) if request is not None]

    def split(self, window: Window, found: dict[Request, Levels]) -> Split:
        return Split(
            *(self.defined, window, self.request.breakdown, dict(found[self.request]), self.share),
            *(found.get(self.above, {}), found.get(self.below, {}), found.get(self.behind) if self.behind else None),
        )


def with_every_level(splits: Iterable[Split], known: Mapping[str, Collection[str]] | None = None) -> list[Split]:
    """Each split with every level of its breakdown: all areas that any measure names, and all groups that its own family names.

    Crosses get every pair of an area and a group, so that a pair's absence says nothing. `known`: the areas of a kind that are areas; a
    code sent by mistake stands only where it is counted (elsewhere its nought would follow from the areas above).
    """
    splits, known = list(splits), known or {}
    areas: dict[str, set[str]] = {}
    groups: dict[tuple[str, str], set[str]] = {}
    for split in splits:
        family, columns = split.defined.family.name, split.breakdown.columns
        for level in (*split.levels, *split.above, *split.below):
            parts = level.split(";") if len(columns) > 1 else [level]
            for column, part in zip(columns, parts, strict=True):
                if part not in known.get(column, (part,)):
                    continue
                (areas.setdefault(column, set()) if column in AREAS else groups.setdefault((family, column), set())).add(part)

    def every(split: Split) -> list[str]:
        family = split.defined.family.name
        parts = [areas.get(c, set()) if c in AREAS else groups.get((family, c), set()) for c in split.breakdown.columns]
        if split.breakdown.columns == ("england",):
            return ["England"]
        return list(dict.fromkeys([*(";".join(one) for one in product(*map(sorted, parts))), *split.levels]))

    return [replace(split, levels={level: split.levels.get(level) for level in every(split)}) for split in splits]
