"""The parameters that several endpoints take, and how their text is read."""

from __future__ import annotations

import re

from ninja import Query

from esteem.evidence.ask import Over
from esteem.terms.periods import parse
from esteem.web.api.answering import FEW, MOST

LIMIT = Query(FEW, ge=1, le=MOST, description=f"At most so many rows on one page (1 to {MOST}).", examples=[FEW])
CURSOR = Query("", max_length=40, description="Where the page starts: leave it out, then follow `next`.")
AS_AT = Query(
    "",
    pattern=r"^(?:|[0-9]{4}-[0-9]{2}-[0-9]{2})$",
    description="Look back: only periods that had ended by this day, as they were published then.",
    examples=["2021-03-31"],
)


def over(text: str) -> Over:
    """A period, or the first and the last joined by `..`; nothing for the latest. Problem `period-form`."""
    if not text:
        return None
    first, dots, last = text.partition("..")
    return (parse(first), parse(last)) if dots else parse(text)


def where(text: str) -> str:
    """Codes joined by +. A plus in an address is read as a blank, so blanks and commas join codes too."""
    return "+".join(re.split(r"[\s,+]+", text.strip()))
