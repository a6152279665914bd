"""Conditions of a definition in plain words: `_.entered & (_.days <= 14)` becomes `entered and days at most 14`."""

from __future__ import annotations

import ast

from ibis.common.deferred import Deferred

_COMPARED = {ast.Eq: "is", ast.NotEq: "is not", ast.LtE: "at most", ast.GtE: "at least", ast.Lt: "under", ast.Gt: "over"}
_WORKED_OUT = {ast.Sub: "less", ast.Add: "plus", ast.Mult: "times", ast.Div: "divided by"}
# Columns of the data set in words; the columns that a cohort makes are words already.
NAMES = {
    "UniqServReqID": "referrals",
    "UniqHospProvSpellID": "hospital spells",
    "UniqWardStayID": "ward stays",
    "UniqCareContID": "contacts",
    "Person_ID": "people",
    "UniqMHActEpisodeID": "episodes under the Mental Health Act",
}


def said(condition: str | Deferred | None) -> str:
    """The condition in words; "" for none. What this cannot put into words comes back as it is written."""
    if condition is None:
        return ""
    if isinstance(condition, str):
        return _column(condition)
    try:
        return _said(ast.parse(str(condition), mode="eval").body)
    except (SyntaxError, KeyError, AttributeError):
        return str(condition)


def _column(name: str) -> str:
    return NAMES.get(name, name.replace("_", " "))


def _said(node: ast.expr, inside: bool = False) -> str:
    match node:
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as op, right=right):
            word = "and" if isinstance(op, ast.BitAnd) else "or"
            words = f"{_said(left, isinstance(op, ast.BitAnd))} {word} {_said(right, isinstance(op, ast.BitAnd))}"
            return f"({words})" if inside and word == "or" else words
        case ast.BinOp(left=left, op=op, right=right):
            return f"{_said(left)} {_WORKED_OUT[type(op)]} {_said(right)}"
        case ast.UnaryOp(op=ast.Invert(), operand=operand):
            return f"not {_said(operand, True)}"
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return f"{_said(left)} {_COMPARED[type(op)]} {_said(right)}"
        case ast.Call(func=ast.Attribute(value=value, attr=attr), args=arguments):
            return _called(_said(value), attr, arguments)
        case ast.Attribute(value=ast.Name(id="_"), attr=attr):
            return _column(attr)
        case ast.Subscript(value=ast.Name(id="_"), slice=ast.Constant(value=name)):
            return _column(name)
        case ast.Constant(value=value):
            return str(value)
    raise KeyError(ast.dump(node))


def _called(of: str, what: str, arguments: list[ast.expr]) -> str:
    if what == "between":
        low, high = map(_said, arguments)
        return f"{of} from {low} to {high}"
    if what in ("isin", "notin"):
        values = ", ".join(str(value) for value in ast.literal_eval(arguments[0]))
        return f"{of} {'one' if what == 'isin' else 'none'} of {values}"
    return {"isnull": f"no {of}", "notnull": f"some {of}"}[what]
