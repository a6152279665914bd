"""All of an edition: what belongs, the crawl, its own pages, links mended, and a list of its files with their checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from esteem import __version__
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem
from esteem.web.static_edition import folder
from esteem.web.static_edition.crawl import Found, Progress, crawl
from esteem.web.static_edition.rewriting import ABOUT, INDEX, Rewriting, large_drawings
from esteem.web.static_edition.scope import Scope, is_first_page

_FIND = Path(__file__).with_name("find.js")


@dataclass(frozen=True)
class Edition:
    """What was written. `missing`: addresses that pages link to and the site does not have; their links stand as words."""

    target: Path
    snapshot: str
    pages: int
    files: int
    bytes: int
    missing: tuple[str, ...]


def publish(target: Path, progress: Progress, strategies: Sequence[str] = (), small: bool = False, processes: int = 1) -> Edition:
    """Writes an edition into `target`. `strategies`: ids of those it is about, by default all. `processes`: how many share the work.

    Raises Problem `folder-not-ours`, `strategy-unknown`, `page-failed`, `snapshot-changed`, `disk-full`. Nothing is left half written.
    """
    import esteem.web.wsgi  # noqa: F401  starts Django, which the pages are made with
    from esteem.web import reading
    from esteem.web.static_edition import own_pages

    target, snapshot = Path(target).absolute(), reading.snapshot().id
    scope = scope_of(strategies, small)
    with folder.replaced(target) as beside:
        found = crawl(beside, scope, progress, processes)
        if reading.snapshot().id != snapshot:
            rule = "An edition is made of one snapshot."
            raise Problem("snapshot-changed", rule, "figures were loaded meanwhile", "Publish again. Nothing was written.")
        for address in (INDEX, ABOUT):
            found.files[address] = f"{address[1:]}.html"
        own = {INDEX: own_pages.index(found.pages), ABOUT: own_pages.about(date.today(), len(found.files), small)}
        maps = {address: large_drawings(_text(beside, address, found)) for address in found.pages if is_first_page(address)}
        for address in found.pages:
            first = address.partition("?")[0]
            elsewhere = maps.get(first, frozenset()) if first != address else frozenset()
            _mend(beside, address, _text(beside, address, found), found, elsewhere)
        for address, page in own.items():
            _mend(beside, address, page, found)
        (beside / own_pages.SCRIPT).write_bytes(_FIND.read_bytes())
        written = _list_files(beside, snapshot, scope)
    pages, missing = len(found.pages) + len(own), tuple(dict.fromkeys(found.missing))
    return Edition(target, snapshot, pages, len(written), sum(written.values()), missing)


def scope_of(strategies: Sequence[str], small: bool) -> Scope:
    """Problem `strategy-unknown`."""
    from esteem.evidence.definitions import all_measures
    from esteem.web import reading
    from esteem.web.words.measure_view import default_place

    chosen = [reading.strategy(name) for name in strategies] or list(reading.strategies().values())
    theirs = {code for one in chosen for place in one.places for code in place.codes} | {ENGLAND}
    first_places = {name: default_place(reading.snapshot(), found) for name, found in all_measures().items()}
    main = frozenset(code for code, _ in reading.places_of_strategies() if code in theirs)
    return Scope(tuple(one.id for one in chosen), main, first_places, small)


def _text(beside: Path, address: str, found: Found) -> str:
    return (beside / found.files[address]).read_text(encoding="utf-8")


def _mend(beside: Path, address: str, page: str, found: Found, drawn_elsewhere: frozenset[str] = frozenset()) -> None:
    file = found.files[address]
    (beside / file).write_text(Rewriting(address, file, found.file, drawn_elsewhere).page(page), encoding="utf-8")


def _list_files(beside: Path, snapshot: str, scope: Scope) -> dict[str, int]:
    """Writes the list and gives file -> bytes."""
    paths = sorted(path for path in beside.rglob("*") if path.is_file())
    checksums = {path.relative_to(beside).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    manifest = {
        "made_by": folder.MADE_BY,
        "version": __version__,
        "made_on": date.today().isoformat(),
        "snapshot": snapshot,
        "strategies": list(scope.strategies),
        "small": scope.small,
        "files": checksums,
    }
    (beside / folder.MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return {path.relative_to(beside).as_posix(): path.stat().st_size for path in paths}
