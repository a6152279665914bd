"""The addresses of pages: all state is in the path and the query, so that every page can be kept, sent and printed."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from esteem.evidence.answers import Answer
from esteem.evidence.definitions import find_measure
from esteem.terms.periods import Period, parse


def sheet(strategy: str) -> str:
    return f"/sheets/{quote(strategy)}"


def promise(strategy: str, row: str) -> str:
    return f"{sheet(strategy)}/{quote(row)}"


def measure(name: str, **state) -> str:
    """`state`: place, over, by, against, limits, view ... as the measure page reads them; None is left out."""
    return _with(f"/measures/{quote(name)}", state)


def computed_measure(name: str, **state) -> str:
    """The page of a measure counted from records; `name` is its id as an address has it."""
    return _with(f"/computed/{quote(name)}", state)


def computed(answer: Answer) -> str:
    """The page that shows how this figure was computed."""
    own = find_measure(answer.measure).published  # a measure of one group only reads that group without being asked
    whole = answer.breakdown == "all" or (answer.breakdown, answer.category) == (own.breakdown, own.category)
    by = None if whole else answer.breakdown
    category = None if whole or answer.category == "All" else answer.category
    state = {"place": answer.place, "over": period(answer.period), "by": by, "category": category}
    return _with(f"/measures/{quote(answer.measure)}/how", state)


def period(period: Period) -> str:
    """The label where it reads back to the same days, else the two days (a survey year has the label of a financial year)."""
    read = parse(period.label)
    same = (read.start, read.end) == (period.start, period.end)
    return period.label if same else f"{period.start.isoformat()}..{period.end.isoformat()}"


def place(code: str) -> str:
    return f"/places/{quote(code)}"


def _with(path: str, state: dict) -> str:
    query = urlencode({name: value for name, value in state.items() if value not in (None, "")}, quote_via=quote)
    return f"{path}?{query}" if query else path
