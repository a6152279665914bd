"""Running the automatic checks: each finding becomes a task, each task whose cause is gone is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from esteem.directory import actions, queries
from esteem.directory.checking import Found, check, check_links, page_problem
from esteem.directory.importing.fetching import Fetcher
from esteem.directory.places import locator
from esteem.directory.record import Service
from esteem.evidence.snapshots import open_snapshot
from esteem.evidence.sources.postcodes import written_postcode
from esteem.terms.actors import Actor
from esteem.terms.problems import Problem

CHECKS = Actor("system", "automatic checks")
_KINDS = ("phone", "link", "postcode", "hours", "needs", "reading", "claimed twice")
_LINK_BYTES, _LINK_SECONDS = 3_000_000, 15.0


def run_checks(
    *, at: datetime, links: bool = False, private: bool = False, tell: Callable[[str, int], None] = lambda words, done: None
) -> tuple[list[Found], int]:
    """(everything found, how many of it are new tasks)."""
    services = list(queries.services(states=(*queries.SHOWN, "draft", "hidden")))
    found = list(check(services, _postcode_test(services)))
    kinds = list(_KINDS)
    if links:
        with Fetcher(private=private, most_bytes=_LINK_BYTES, seconds=_LINK_SECONDS) as fetcher:
            found += check_links(services, _asking(fetcher, tell))
        kinds.append("link answers")
    new = sum(actions.open_task(f.key, f.kind, f.service_id, f.found, f.remedy, by=CHECKS, at=at) for f in found)
    still = {f.key for f in found}
    for task in queries.tasks():
        if task.kind in kinds and task.key not in still:
            actions.finish_task(task.id, by=CHECKS, at=at, why="the check finds it no longer")
    return found, new


def _postcode_test(services: list[Service]) -> Callable[[str], bool]:
    """Whether a postcode is known. Of postcode areas that the pack does not hold we know nothing, and say nothing."""
    locate = locator(open_snapshot())
    ours = ("SS", "CM", "CO", "RM", "DA")  # areas that the pack holds whole inside the place

    def known(postcode: str) -> bool:
        written = written_postcode(postcode) or ""
        return not written.startswith(ours) or locate(written) is not None

    return known


def _asking(fetcher: Fetcher, tell: Callable[[str, int], None]) -> Callable[[str], str]:
    asked = 0

    def ask(address: str) -> str:
        nonlocal asked
        asked += 1
        tell("addresses asked", asked)
        try:
            return page_problem(fetcher.body(address).decode("utf-8", "replace"))
        except Problem as problem:
            return problem.found or problem.rule

    return ask
