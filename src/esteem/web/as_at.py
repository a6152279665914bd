"""`?as_at=YYYY-MM-DD`: show what would have been shown on that day. Read once from each request, kept by every link of a page."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from esteem.terms.problems import Problem

PARAMETER = "as_at"
EARLIEST = date(2000, 1, 1)


def read(text: str | None) -> date | None:
    """The day in `text`; None for no text. Raises Problem `as-at-date` for anything that is not a day since 2000."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day < EARLIEST:
        raise Problem(
            "as-at-date",
            "The day to look back to is written as year-month-day and lies after 1999.",
            text[:40],
            "Write as_at=2022-03-31 for 31 March 2022, or leave it out to see today's figures.",
        )
    return day


def link(address: str, kept: date | None, **parameters) -> str:
    """`address` with `parameters` put in its query in place of any of the same name, and `as_at` carried along when `kept` is a day.

    A parameter of None is taken out (`as_at=None` leads back to today); a list or tuple is written once for each of its items. An address
    of another site does not get `as_at`.
    """
    parts = urlsplit(address)
    if kept and not parts.netloc:
        parameters.setdefault(PARAMETER, kept.isoformat())
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in parameters]
    query += [(name, value) for name, value in parameters.items() if value is not None]
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))
