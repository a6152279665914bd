"""From page to page along the links that the scope admits. Answers are written as they come; links are mended when all are known.

Pages are visited in waves: those of the first wave, then all they lead to, and so on. A wave is shared out among processes; what they
find is put together in the order of the wave, so that any number of processes gives the same edition.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from esteem.terms.problems import Problem
from esteem.web.static_edition import rewriting
from esteem.web.static_edition.addresses import file_of, normal, path_of
from esteem.web.static_edition.scope import START, Scope
from esteem.web.static_edition.visits import visit

_FEW = 8  # pages are not worth a process of their own

# told(files written, files known of)
Progress = Callable[[int, int], None]


@dataclass
class Found:
    """`files`: address -> file of everything written; `pages` those that are HTML, in the order met. `aliases`: address -> the address
    that answers for it. `missing`: addresses that the site links to and does not have. `links`: pages that these lead to.
    """

    files: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def file(self, address: str) -> str | None:
        """The file that answers for an address, None when the edition leaves it out."""
        seen = set()
        while address in self.aliases and address not in seen:
            seen.add(address)
            address = self.aliases[address]
        return self.files.get(address)

    def add(self, more: Found) -> None:
        self.files |= more.files
        self.aliases |= more.aliases
        self.pages += more.pages
        self.missing += more.missing

    def check_names(self) -> None:
        """Raises Problem `file-name-shared` for two answers of one name."""
        owners: dict[str, str] = {}
        for address, file in self.files.items():
            if (other := owners.setdefault(file, address)) != address:
                raise Problem("file-name-shared", "Each page has a file of its own.", f"{address} and {other}: {file}")


def crawl(folder: Path, scope: Scope, progress: Progress, processes: int = 1) -> Found:
    """Writes every admitted answer into `folder`. Raises Problem `page-failed`, `file-name-shared`."""
    found, seen, wave = Found(), set(START), list(START)
    with _shared_out(partial(_visited, folder, scope), processes) as visit_all:
        while wave:
            following: list[str] = []
            for done, one in enumerate(visit_all(wave), 1):
                found.add(one)
                fresh = [link for link in dict.fromkeys(one.links) if link not in seen]
                seen.update(fresh)
                following += fresh
                progress(len(found.files), len(found.files) + len(wave) - done + len(following))
            wave = following
    found.check_names()
    return found


Visited = Callable[[str], Found]


@contextmanager
def _shared_out(work: Visited, processes: int) -> Iterator[Callable[[list[str]], Iterable[Found]]]:
    """Gives a function that does `work` for each address of a wave, in as many processes."""
    if processes == 1:
        yield partial(map, work)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield lambda wave: map(work, wave) if len(wave) < _FEW else pool.map(work, wave, chunksize=4)


def _visited(folder: Path, scope: Scope, first: str) -> Found:
    """One page and the files it offers, while the site still remembers what it worked out for it."""
    found = Found()
    waiting, seen = deque([first]), {first}
    while waiting:
        address = waiting.popleft()
        for link in _kept(folder, address, scope, found):
            if _is_page(link):
                found.links.append(link)
            elif link not in seen and not (folder / file_of(link)).exists():  # a style sheet is kept once
                seen.add(link)
                waiting.append(link)
    return found


def _is_page(address: str) -> bool:
    return file_of(address).endswith(".html")


def _kept(folder: Path, address: str, scope: Scope, found: Found) -> list[str]:
    """Keeps one answer and gives the admitted links in it."""
    reply = visit(address)
    if reply.location:
        target = scope.alias(normal(reply.location, address) or address)
        found.aliases[address] = target
        return [target] if scope.admits(target, address) else []
    if reply.status != 200:
        found.missing.append(address)
        return []
    path = folder / file_of(address)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(reply.body)
    found.files[address] = file_of(address)
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
    return [link for link in dict.fromkeys(links) if scope.admits(link, address, first_how)]
