"""Values of the reference engine: a column of an expression, worked out for every row. Null is None, and spreads as in SQL."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import ibis.expr.operations as ops

from esteem.evidence.engines.reference_aggregates import partitions, ranks, reduce_values, sorted_places
from esteem.terms.problems import Problem


@dataclass
class Frame:
    """The rows in view: for each relation a list of `size` rows. `rows_of` works out another relation, for subqueries."""

    sides: dict[ops.Relation, list[dict[str, Any]]]
    size: int
    rows_of: Callable[[ops.Relation], list[dict[str, Any]]]
    seen: dict = field(default_factory=dict)

    def single(self, value: ops.Value):
        """The one value of an expression of aggregates."""
        if isinstance(value, ops.Reduction):
            return _reduced(value, self, range(self.size))
        return column(
            value, Frame({}, 1, self.rows_of, {part: [self.single(part)] for part in value.find(ops.Reduction, filter=ops.Value)})
        )[0]


def column(value: ops.Value, frame: Frame) -> list:
    """The value for each row of the frame. Problem `reference-operation` for what this engine does not know."""
    if value not in frame.seen:
        frame.seen[value] = _column(value, frame)
    return frame.seen[value]


def _column(value: ops.Value, frame: Frame) -> list:
    name = type(value).__name__
    if name in SPECIAL:
        return SPECIAL[name](value, frame)
    if isinstance(value, ops.Reduction):
        return [_reduced(value, frame, range(frame.size))] * frame.size
    parts = [column(part, frame) for part in _parts(value)]
    if name in OF_ALL:
        return [OF_ALL[name](*row) for row in zip(*parts, strict=True)]
    if name in STRICT:
        return [None if None in row else STRICT[name](*row) for row in zip(*parts, strict=True)]
    raise lacking(name)


def _parts(value: ops.Value) -> list[ops.Value]:
    flat: list[ops.Value] = []
    for part in value.args:
        flat += [each for each in (part if isinstance(part, tuple) else (part,)) if isinstance(each, ops.Value)]
    return flat


def lacking(name: str) -> Problem:
    remedy = "Add it to engines/reference_values.py (or reference.py), with a worked case that needs it."
    return Problem("reference-operation", "The reference engine knows each operation of a definition.", name, remedy)


def _and(*parts):
    return False if False in parts else None if None in parts else True


def _or(*parts):
    return True if True in parts else None if None in parts else False


def _in(value, *options):
    if value is None:
        return None
    return True if value in options else None if None in options else False


def _between(value, low, high):
    return _and(*(None if None in pair else pair[0] <= pair[1] for pair in ((low, value), (value, high))))


def _case(*parts):
    """Conditions, then results, then the value when none holds."""
    half = len(parts) // 2
    return next((parts[half + place] for place in range(half) if parts[place] is True), parts[-1])


def _extreme(choose):
    return lambda *parts: choose(present) if (present := [part for part in parts if part is not None]) else None


# Functions that see nulls.
OF_ALL: dict[str, Callable] = {
    "And": _and,
    "Or": _or,
    "IsNull": lambda value: value is None,
    "NotNull": lambda value: value is not None,
    "Coalesce": lambda *parts: next((part for part in parts if part is not None), None),
    "IfElse": lambda test, then, other: then if test is True else other,
    "SearchedCase": _case,
    "InValues": _in,
    "Between": _between,
    "Greatest": _extreme(max),
    "Least": _extreme(min),
}


def _add(left, right):
    whole_days = type(left) is date and isinstance(right, timedelta)
    return left + timedelta(days=right.days) if whole_days else left + right


# Functions that are null as soon as one of their arguments is.
STRICT: dict[str, Callable] = {
    "Equals": operator.eq,
    "NotEquals": operator.ne,
    "Less": operator.lt,
    "LessEqual": operator.le,
    "Greater": operator.gt,
    "GreaterEqual": operator.ge,
    "Not": operator.not_,
    "Add": operator.add,
    "Subtract": operator.sub,
    "Multiply": operator.mul,
    "Divide": lambda left, right: left / right if right else None,
    "FloorDivide": lambda left, right: left // right if right else None,
    "Modulus": lambda left, right: left % right if right else None,
    "Negate": operator.neg,
    "Abs": abs,
    "DateAdd": _add,
    "TimestampAdd": _add,
    "DateSub": lambda left, right: _add(left, -right),
    "TimestampSub": lambda left, right: left - right,
    "DateDelta": lambda part, left, right: (left - right).days,
    "Date": lambda moment: moment.date() if isinstance(moment, datetime) else moment,
    "DateFromYMD": date,
    "ExtractYear": lambda moment: moment.year,
    "ExtractMonth": lambda moment: moment.month,
    "ExtractDay": lambda moment: moment.day,
    "ExtractHour": lambda moment: moment.hour,
    "ExtractMinute": lambda moment: moment.minute,
    "ExtractSecond": lambda moment: moment.second,
    "StringConcat": lambda *parts: "".join(parts),
    "StringLength": len,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
    "StringContains": lambda text, part: part in text,
    "Substring": lambda text, start, length=None: text[start:] if length is None else text[start : start + length],
    "StringFind": str.find,
    "Strip": lambda text: text.strip(" "),
    "RStrip": lambda text: text.rstrip(" "),
    "LStrip": lambda text: text.lstrip(" "),
    "Uppercase": str.upper,
    "Lowercase": str.lower,
}


def cast(value, to):
    """The value as an Ibis type. A text that is no such value raises ValueError."""
    if value is None:
        return None
    if to.is_string():
        return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    if to.is_boolean():
        return {"true": True, "false": False}[value.lower()] if isinstance(value, str) else bool(value)
    if to.is_integer():
        return round(value) if isinstance(value, float) else int(value)
    if to.is_floating():
        return float(value)
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if to.is_timestamp():
        return moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    if to.is_date():
        return moment.date() if isinstance(moment, datetime) else moment
    raise lacking(f"Cast to {to}")


def _try_cast(value, to):
    try:
        return cast(value, to)
    except (ValueError, KeyError):
        return None


def _literal(value, frame: Frame) -> list:
    meant = value.value
    if value.dtype.is_interval():
        meant = timedelta(**{{"D": "days", "h": "hours", "m": "minutes", "s": "seconds", "W": "weeks"}[value.dtype.unit.value]: meant})
    return [meant] * frame.size


def _field(value, frame: Frame) -> list:
    return [row[value.name] for row in frame.sides[value.rel]]


def _in_subquery(value, frame: Frame) -> list:
    (name,) = value.rel.schema
    options = [row[name] for row in frame.rows_of(value.rel)]
    return [_in(needle, *options) if options else False for needle in column(value.needle, frame)]


def _scalar_subquery(value, frame: Frame) -> list:
    rows = frame.rows_of(value.rel)
    return [next(iter(rows[0].values())) if rows else None] * frame.size


def _keys(order_by, frame: Frame) -> list[tuple[list, bool, bool]]:
    return [(column(key.arg, frame), key.ascending, key.nulls_first) for key in order_by]


def _window(window, frame: Frame) -> list:
    """The function for each row, over the rows that share the values of `group_by`, in the order of `order_by`."""
    keys, found = _keys(window.order_by, frame), [None] * frame.size
    for places in partitions([column(part, frame) for part in window.group_by], frame.size):
        ordered = sorted_places(places, keys)
        for place, value in zip(ordered, _over(window, frame, ordered, keys), strict=True):
            found[place] = value
    return found


def _over(window, frame: Frame, ordered: list[int], keys) -> list:
    func, name = window.func, type(window.func).__name__
    if name == "RowNumber":
        return list(range(len(ordered)))
    if name in ("DenseRank", "MinRank"):
        return ranks(ordered, keys, dense=name == "DenseRank")
    if name in ("Lag", "Lead"):
        step = (_constant(func.offset) if func.offset is not None else 1) * (1 if name == "Lead" else -1)
        values, last = column(func.arg, frame), len(ordered)
        return [values[ordered[at + step]] if 0 <= at + step < last else None for at in range(last)]
    if isinstance(func, ops.Reduction):
        start, end = _bound(window.start, 0), _bound(window.end, len(ordered))
        return [_reduced(func, frame, ordered[max(0, start(at)) : max(0, end(at))]) for at in range(len(ordered))]
    raise lacking(f"{name} over a window")


def _bound(boundary, without: int) -> Callable[[int], int]:
    """First row (or the row after the last) of the window of the row `at`; `without`: where there is no boundary."""
    if boundary is None:
        return lambda at: without
    step = _constant(boundary.value) * (-1 if boundary.preceding else 1)
    return lambda at: at + step + (1 if without else 0)


def _constant(value):
    if isinstance(value, int):
        return value
    if isinstance(value, ops.Cast):
        return _constant(value.arg)
    if isinstance(value, ops.Literal):
        return value.value
    raise lacking(f"{type(value).__name__} as a constant")


_KINDS = {"CountStar": "rows", "Count": "rows", "CountDistinct": "distinct", "ArgMax": "first", "ArgMin": "first"}


def _reduced(reduction: ops.Reduction, frame: Frame, places) -> Any:
    """The aggregate over the rows at these places that its `where` lets through."""
    name = type(reduction).__name__
    if reduction.where is not None:
        holds = column(reduction.where, frame)
        places = [place for place in places if holds[place] is True]
    if name == "CountStar":
        return len(places)
    values = column(reduction.arg, frame)
    if name in ("ArgMax", "ArgMin"):
        by = column(reduction.key, frame)
        places = [place for place in places if by[place] is not None and values[place] is not None]
        places = sorted_places(places, [(by, name == "ArgMin", False)])
    if getattr(reduction, "order_by", ()):
        places = sorted_places(places, _keys(reduction.order_by, frame))
    kind = _KINDS.get(name, name.lower())
    if kind not in KNOWN:
        raise lacking(name)
    return reduce_values(kind, [values[place] for place in places])


KNOWN = ("rows", "distinct", "sum", "mean", "median", "min", "max", "any", "all", "first")

SPECIAL: dict[str, Callable] = {
    "Literal": _literal,
    "Field": _field,
    "Cast": lambda value, frame: [cast(each, value.to) for each in column(value.arg, frame)],
    "TryCast": lambda value, frame: [_try_cast(each, value.to) for each in column(value.arg, frame)],
    "InSubquery": _in_subquery,
    "ScalarSubquery": _scalar_subquery,
    "WindowFunction": _window,
}
