"""XmR charts for one series (`xmr`) or many (`xmr_many`): limits, labels, variation, assurance.

Better than the reference in four ways: a group without limits says so (`No Limits`, with a reason) in place of a silent common cause; a
group whose limits collapse on the mean warns; a missing point breaks windows and never stops the run; gaps in dates and rebase dates that
are not in the series warn. A missing point keeps the label `Common Cause` as in the reference: see `missing` before showing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from esteem.methods import inputs, spc_rules
from esteem.methods import reasons as reason
from esteem.methods.spc_dates import Rebase, gaps, group_of_each_point, in_date_order
from esteem.methods.spc_rules import ASSURANCES, IMPROVEMENT, LABELS, POINT_TYPES
from esteem.methods.spc_segments import Segments
from esteem.terms.problems import Problem

__all__ = ["FEWEST_FIXED", "Group", "Rebase", "XmR", "XmRs", "xmr", "xmr_many"]

FEWEST_FIXED = 12
_LABELS = np.array(LABELS, dtype=object)
_TYPES = np.array(POINT_TYPES, dtype=object)
_ASSURANCES = np.array(ASSURANCES, dtype=object)


@dataclass(frozen=True)
class Group:
    """One stretch of points with limits of its own. `reason` says why there are no limits; `warnings` what to know of them.

    `assurance` is that of the last group of a series, None before. `counts` holds the number of points of each point type.
    `rebase_reason` says why the stretch begins here ("" for the first).
    """

    series: int
    start: int  # position of its first point that counts
    points: int
    mean: float
    lower: float
    upper: float
    variation: str
    assurance: str | None
    reason: str
    warnings: tuple[str, ...]
    counts: dict[str, int]
    rebase_reason: str = ""


@dataclass(frozen=True)
class XmRs:
    """Charts of many series. Arrays (series, points): NaN limits where a group has none; ghosted points have limits but no label.

    `label_code` and `type_code` are positions in LABELS and POINT_TYPES. `found`, `variation_code` and `assurance_code` have one cell for
    each group, in the order of series and time (`segments` says which group is whose).
    """

    values: np.ndarray
    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    near_lower: np.ndarray
    near_upper: np.ndarray
    label_code: np.ndarray
    type_code: np.ndarray
    outside: np.ndarray
    near: np.ndarray
    side: np.ndarray  # 1 above the mean, -1 below, 0 on it or missing
    missing: np.ndarray
    ghost: np.ndarray
    segments: Segments
    found: spc_rules.Limits
    variation_code: np.ndarray
    assurance_code: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        return _LABELS[self.label_code]

    @property
    def point_types(self) -> np.ndarray:
        return _TYPES[self.type_code]

    @property
    def variation(self) -> np.ndarray:
        """Variation of each series: the type of the last point of its last group; None for a series with no point that counts."""
        return self._of_series(_TYPES[self.variation_code])

    @property
    def assurance(self) -> np.ndarray:
        """Assurance of each series: that of its last group."""
        return self._of_series(_ASSURANCES[self.assurance_code])

    def _of_series(self, of_group: np.ndarray) -> np.ndarray:
        last = self.segments.last_of_series
        found = np.full(self.values.shape[0], None, dtype=object)
        found[self.segments.series[last]] = of_group[last]
        return found

    def groups(self, series: int) -> tuple[Group, ...]:
        """The groups of one series, first to last."""
        return tuple(self._group(g) for g in np.flatnonzero(self.segments.series == series))

    def _group(self, g: int) -> Group:
        cells = self.segments.cells(g)
        row = self.type_code.ravel()[cells]
        counts = np.bincount(row, minlength=len(POINT_TYPES))
        return Group(
            series=int(self.segments.series[g]),
            start=int(cells[0] % self.values.shape[1]),
            points=cells.size,
            mean=float(self.found.mean[g]),
            lower=float(self.found.lower[g]),
            upper=float(self.found.upper[g]),
            variation=POINT_TYPES[self.variation_code[g]],
            assurance=ASSURANCES[self.assurance_code[g]],
            reason=reason.CODES[self.found.why[g]],
            warnings=self._warnings(g, cells),
            counts={name: int(counts[i]) for i, name in enumerate(POINT_TYPES[:-1])},
        )

    def _warnings(self, g: int, cells: np.ndarray) -> tuple[str, ...]:
        said = (
            (cells.size <= spc_rules.SHORT_GROUP_POINTS, reason.SHORT_GROUP),
            (bool(self.found.stepped[g]), reason.LIMITS_EQUAL_MEAN),
            (bool(self.found.flat[g]), reason.NO_VARIATION),
            (bool(self.missing.ravel()[cells[-1]]), reason.LAST_POINT_MISSING),
        )
        return tuple(code for applies, code in said if applies)


@dataclass(frozen=True)
class XmR:
    """Chart of one series, points in date order (`order` holds their positions in the input). Arrays have one cell for each point."""

    dates: np.ndarray | None
    order: np.ndarray
    values: np.ndarray
    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    near_lower: np.ndarray
    near_upper: np.ndarray
    labels: np.ndarray
    point_types: np.ndarray
    outside: np.ndarray
    near: np.ndarray
    side: np.ndarray
    missing: np.ndarray
    ghost: np.ndarray
    group: np.ndarray
    groups: tuple[Group, ...]
    warnings: tuple[str, ...]  # of the whole series; those of a group are in its own
    variation: str | None  # of the last group; None when there is no point
    assurance: str | None

    @property
    def special(self) -> np.ndarray:
        """True for each point with a special cause."""
        return np.array([kind.startswith("special") for kind in self.point_types], dtype=bool)


def xmr_many(matrix, *, improvement="neutral", target=None, groups=None, fix_after=None, screen=True, ghost=None) -> XmRs:
    """XmR charts of all rows of `matrix` (series, points in time order; NaN = missing) at once.

    improvement: `increase`, `decrease` or `neutral`, one or one for each series. target: number, or one for each series (NaN = none).
    groups: whole numbers (series, points): limits start anew where the number changes. fix_after: limits from the first so many points
    of each group (12 or more), one or one for each series (0 = all). screen: leave wide moving ranges out of the limits, one or each.
    ghost: True for points left out of every calculation (also pads shorter series). Raises Problem for a wrong figure or choice.
    """
    y = np.atleast_2d(inputs.numbers(matrix, "value"))
    if y.ndim != 2:
        raise Problem("matrix-shape", "Values come as a matrix: one row for each series.", f"{y.ndim} dimensions")
    series = y.shape[0]
    direction = _directions(improvement, series)
    aim = np.broadcast_to(np.nan if target is None else inputs.numbers(target, "target"), series)
    hidden = np.zeros(y.shape, dtype=bool) if ghost is None else np.broadcast_to(np.asarray(ghost, dtype=bool), y.shape)
    segments = Segments.of(hidden, None if groups is None else np.broadcast_to(groups, y.shape))
    laid_out = segments.gather(y)
    found = spc_rules.limits(laid_out, _baseline(fix_after, segments, series), np.broadcast_to(screen, series)[segments.series])
    marks = spc_rules.signals(laid_out, found)
    own_direction = direction[segments.series]
    types = spc_rules.TYPE_OF_LABEL[own_direction[:, None], marks.label]
    near = spc_rules.NEAR_SHARE * found.reach
    return XmRs(
        values=y,
        mean=segments.spread(found.mean),
        lower=segments.spread(found.lower),
        upper=segments.spread(found.upper),
        near_lower=segments.spread(found.mean - near),
        near_upper=segments.spread(found.mean + near),
        label_code=segments.scatter(marks.label, spc_rules.GHOST),
        type_code=segments.scatter(types, len(POINT_TYPES) - 1),
        outside=segments.scatter(marks.outside, False),
        near=segments.scatter(marks.near, False),
        side=segments.scatter(marks.above.astype(np.int8) - marks.below, 0),
        missing=np.isnan(y),
        ghost=hidden,
        segments=segments,
        found=found,
        variation_code=types[np.arange(segments.series.size), segments.length - 1],
        assurance_code=_of_last_groups(spc_rules.assurance(found, aim[segments.series], own_direction), segments),
    )


def _of_last_groups(assurance: np.ndarray, segments: Segments) -> np.ndarray:
    """Assurance speaks of the process as it is now: only the last group of a series has one."""
    now = np.zeros_like(assurance)
    now[segments.last_of_series] = assurance[segments.last_of_series]
    return now


def _directions(improvement, series: int) -> np.ndarray:
    names = [improvement] if isinstance(improvement, str) else list(improvement)
    codes = [IMPROVEMENT.index(inputs.choice(name, IMPROVEMENT, "improvement")) for name in names]
    return np.broadcast_to(np.array(codes, dtype=np.intp), series)


def _baseline(fix_after, segments: Segments, series: int) -> np.ndarray | None:
    if fix_after is None:
        return None
    fix = np.broadcast_to(inputs.numbers(fix_after, "fix_after"), series)
    rule = f"Limits are fixed on the first {FEWEST_FIXED} points of a group or more (0 = all)."
    inputs.insist((fix >= FEWEST_FIXED) | (fix == 0), fix, "fix_after", "fix-after-range", rule)
    first = np.where(fix == 0, np.inf, fix)[segments.series]
    return np.arange(segments.width) < first[:, None]


def xmr(
    values,
    *,
    dates: Sequence[date | str] | None = None,
    groups=None,
    improvement: str = "neutral",
    target: float | None = None,
    rebase: Sequence[Rebase] = (),
    fix_after: int | None = None,
    screen: bool = True,
    ghost=None,
) -> XmR:
    """XmR chart of one series; arguments as for `xmr_many`.

    dates: one for each value, in any order (the chart is in date order); a date that comes twice raises `duplicate-date`. rebase: where
    new limits start and why (`at` is a date of the series, or a position from 0 when there are no dates); a date that is not a point
    that counts is not used, with a warning. `groups` in place of `rebase` gives a whole number for each value.
    """
    y = np.atleast_1d(inputs.numbers(values, "value"))
    if y.ndim != 1:
        raise Problem("series-shape", "The values of one series come as a list.", f"{y.ndim} dimensions", "Use xmr_many for a matrix.")
    order, days = in_date_order(dates, y.size)
    hidden = np.zeros(y.size, dtype=bool) if ghost is None else np.asarray(ghost, dtype=bool)[order]
    group, starts, unused = group_of_each_point(groups, rebase, order, days, hidden)
    options = {"improvement": improvement, "target": target, "fix_after": fix_after, "screen": screen}
    many = xmr_many(y[order][np.newaxis], groups=group[np.newaxis], ghost=hidden[np.newaxis], **options)
    reasons = {start: r.reason for start, r in starts.items()}
    own = tuple(replace(g, rebase_reason=reasons.get(g.start, "")) for g in many.groups(0))
    said = ((unused, reason.REBASE_DATE_NOT_IN_SERIES), (gaps(days), reason.GAPS_IN_DATES))
    last = own[-1] if own else None
    return XmR(
        dates=days,
        order=order,
        group=group,
        groups=own,
        warnings=tuple(code for applies, code in said if applies),
        variation=last.variation if last else None,
        assurance=last.assurance if last else None,
        labels=many.labels[0],
        point_types=many.point_types[0],
        **{name: getattr(many, name)[0] for name in _POINT_ARRAYS},
    )


_POINT_ARRAYS = ("values", "mean", "lower", "upper", "near_lower", "near_upper", "outside", "near", "side", "missing", "ghost")
