"""From page to page along the links that the scope admits. Answers are written as they come; links are mended when all are known."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from esteem.terms.problems import Problem
from esteem.web.static_edition import rewriting
from esteem.web.static_edition.addresses import file_of, normal, path_of
from esteem.web.static_edition.scope import START, Scope
from esteem.web.static_edition.visits import Reply, visit

# told(files written, files known of)
Progress = Callable[[int, int], None]


@dataclass
class Found:
    """`files`: address -> file of everything written; `pages` those that are HTML, in the order met. `aliases`: address -> the address
    that answers for it. `missing`: addresses that the site links to and does not have. `left_out`: links not followed, by kind.
    """

    files: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    left_out: Counter = field(default_factory=Counter)

    def file(self, address: str) -> str | None:
        """The file that answers for an address, None when the edition leaves it out."""
        seen = set()
        while address in self.aliases and address not in seen:
            seen.add(address)
            address = self.aliases[address]
        return self.files.get(address)


def crawl(folder: Path, scope: Scope, progress: Progress) -> Found:
    """Writes every admitted answer into `folder`. Raises Problem `page-failed`, and `file-name-shared` for two answers of one name."""
    found = Found()
    waiting: deque[str] = deque(START)
    seen = set(START)
    owners: dict[str, str] = {}
    while waiting:
        address = waiting.popleft()
        reply = visit(address)
        links = _kept(folder, address, reply, scope, found, owners)
        for link in links:
            if link not in seen:
                seen.add(link)
                # Files come straight after their page, while the site still remembers what it worked out for it.
                waiting.appendleft(link) if _is_file(link) else waiting.append(link)
        progress(len(found.files), len(found.files) + len(waiting))
    return found


def _is_file(address: str) -> bool:
    return not file_of(address).endswith(".html")


def _kept(folder: Path, address: str, reply: Reply, scope: Scope, found: Found, owners: dict[str, str]) -> list[str]:
    """Keeps one answer and gives the admitted links in it."""
    if reply.location:
        target = scope.alias(normal(reply.location, address) or address)
        found.aliases[address] = target
        return [target] if scope.admits(target, address) else []
    if reply.status != 200:
        found.missing.append(address)
        return []
    name = file_of(address)
    if owners.setdefault(name, address) != address:
        raise Problem("file-name-shared", "Each page has a file of its own.", f"{address} and {owners[name]}: {name}", "Report this.")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(reply.body)
    found.files[address] = name
    if not reply.is_page:
        return []
    found.pages.append(address)
    return _admitted(address, reply.body.decode(), scope, found)


def _admitted(address: str, page: str, scope: Scope, found: Found) -> list[str]:
    links = []
    for link in rewriting.links(page):
        target = normal(link, address)
        if target is None:
            continue
        known = scope.alias(target)
        if known != target:
            found.aliases[target] = known
        links.append(known)
    first_how = next((one for one in links if path_of(one)[2:] == ("how",)), None)
    admitted = []
    for link in dict.fromkeys(links):
        if scope.admits(link, address, first_how):
            admitted.append(link)
        else:
            found.left_out["/".join(path_of(link)[:1])] += 1
    return admitted
