"""Walking a feed page by page: Open Referral UK 3 and 1. Page counts are not believed; what repeats ends the walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

from esteem.directory.importing.fetching import Fetcher
from esteem.terms.problems import Problem

MOST_PAGES = 2000
MOST_SERVICES = 200_000
_PER_PAGE = 100
_CONTENTS = ("contents", "content", "services", "items", "data")
# A record with none of these is the short form of a list; the whole stands at /services/{id}.
_WHOLE = ("service_at_locations", "schedules", "regular_schedules", "contacts", "attributes", "service_taxonomys", "cost_options")


def read_feed(base: str, fetcher: Fetcher, tell: Callable[[str, int], None] = lambda words, done: None) -> Iterator[dict]:
    """Every service of the feed at `base` once, whole. Raises Problem `feed-*`."""
    base = base.split("#")[0].split("?")[0].rstrip("/").removesuffix("/services")
    seen: set[str] = set()
    for short in _listed(base, fetcher):
        id_ = str(short.get("id") or "")
        if id_ in seen:
            continue
        seen.add(id_)
        if len(seen) > MOST_SERVICES:
            raise Problem("feed-huge", f"A feed holds at most {MOST_SERVICES:,} services.", "more", "Ask for a file of it.", base)
        yield short if not id_ or any(short.get(name) for name in _WHOLE) else _whole(base, id_, short, fetcher)
        tell("services read", len(seen))


def _listed(base: str, fetcher: Fetcher) -> Iterator[dict]:
    known: set[str] = set()
    for page in range(1, MOST_PAGES + 1):
        answer = fetcher.json(f"{base}/services?{urlencode({'page': page, 'per_page': _PER_PAGE})}")
        records = records_of(answer, base)
        ids = {str(record.get("id")) for record in records}
        if not records or ids <= known:
            return  # the end, or the same page again: a feed that turns in a circle or knows no pages
        known |= ids
        yield from records
        if isinstance(answer, list) or _says_last(answer):
            return
    raise Problem("feed-huge", f"A feed has at most {MOST_PAGES} pages.", "it goes on", "Ask the publisher for a file.", base)


def _says_last(answer: dict) -> bool:
    """Only a feed's plain word that this was the last page is believed, and only when its own count does not contradict it."""
    said = answer.get("last_page", answer.get("last"))
    number, pages = answer.get("page_number", answer.get("number")), answer.get("total_pages", answer.get("totalPages"))
    contradicts = isinstance(number, int) and isinstance(pages, int) and number < pages - 1
    return said is True and not contradicts


def _whole(base: str, id_: str, short: dict, fetcher: Fetcher) -> dict:
    found = fetcher.json(f"{base}/services/{quote(id_, safe='')}")
    return short | found if isinstance(found, dict) and str(found.get("id")) == id_ else short


def records_of(answer: object, where: str) -> list[dict]:
    """The service records inside whatever wraps them. Raises Problem `feed-shape`."""
    if isinstance(answer, dict):
        held = next((answer[name] for name in _CONTENTS if isinstance(answer.get(name), list)), None)
        if held is None and answer.get("name") and answer.get("id"):
            held = [answer]
        if held is None and any(name in answer for name in _CONTENTS):
            held = []  # null where the list should be: an empty page
    else:
        held = answer if isinstance(answer, list) else None
    if held is None:
        rule = "A feed's list of services is a JSON array, or stands under `contents`."
        raise Problem("feed-shape", rule, str(answer)[:80], "Check that this is an Open Referral UK feed.", where)
    return [record for record in held if isinstance(record, dict)]
