"""What belongs to an edition. Every link of every page is put to `admits`; `IN_WORDS` says the same to a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from esteem.terms.places import ENGLAND
from esteem.web.assets import ADDRESS as ASSETS
from esteem.web.downloads.files import TABLES
from esteem.web.static_edition.addresses import path_of, query_of

START = ("/", "/sheets", "/statuses", "/measures", "/places", "/sources", "/glossary", "/accessibility", "/api")
_ALONE = frozenset(START[1:])

IN_WORDS = (
    "Every sheet, every promise and every file of a sheet.",
    "Every measure for England (or the first place that has it): all its groups, and each table and chart as a file.",
    "Every measure for the main places of the strategies; for their other places the measures by which a promise is judged.",
    "For these: the table over time and by group in every format, and charts as SVG.",
    "How each figure of a sheet or promise was computed, and the latest figure of each measure, with the script.",
    "The pages of these places and of the places around and like them.",
    "Every file that figures were read from, the glossary, the rules for statuses, and the accessibility statement.",
)
LEFT_OUT = (
    "Other places, groups of your own, and days to look back to: they are too many to write down.",
    "For places other than England: the map, the table of every place as a file, charts as PNG, and other groups than the first.",
    "Charts of groups as PNG, but for the first group of each measure.",
    "How figures of earlier periods were computed.",
    "Answers to programs (the API).",
)


@dataclass(frozen=True)
class Scope:
    """`whole`: places whose every measure is in. `first_places`: measure -> the place its page shows when none is named.

    `small`: only what sheets and promises lead to, without a page for each place and without PNG.
    """

    strategies: tuple[str, ...]
    whole: frozenset[str]
    first_places: Mapping[str, str]
    small: bool = False

    def alias(self, address: str) -> str:
        """The page of a measure for the place it shows anyway is the page of the measure."""
        parts, query = path_of(address), query_of(address)
        if len(parts) == 2 and parts[0] == "measures" and query == {"place": self.first_places.get(parts[1])}:
            return f"/measures/{parts[1]}"
        return address

    def admits(self, address: str, found_on: str, first_how: str | None = None) -> bool:
        """Whether the page at `address`, linked from `found_on`, belongs. `first_how`: the first account of a figure that page links to."""
        if address.startswith(ASSETS):
            return True
        match path_of(address), query_of(address):
            case [], query:
                return not query
            case [_], query:
                return address in _ALONE and not query
            case ["sheets", name, *_], query:
                return not query and (name in self.strategies or name.rpartition(".")[0] in self.strategies)
            case ["sources", _], query:
                return not query
            case ["places", "group"], _:  # where a reader puts places together: it answers to a form
                return False
            case ["places", code], query:
                return not query and self._admits_place(code, found_on)
            case ["measures", _], query:
                return self._admits_measure(address, query, found_on)
            case ["measures", _, "how"], _:
                return _tells_promises(found_on) or (address == first_how and "by" not in query_of(found_on))
            case ["measures", _, "how.py"], _:
                return path_of(found_on)[-1:] == ("how",)
            case ["measures", _, file], query:
                return self._admits_file(file, found_on)
        return False

    def _admits_place(self, code: str, found_on: str) -> bool:
        origin = path_of(found_on)
        if code in self.whole or origin == ("places",):
            return True
        return not self.small and origin[:1] == ("places",) and origin[1] in self.whole - {ENGLAND}

    def _admits_measure(self, address: str, query: dict[str, str], found_on: str) -> bool:
        name, place = path_of(address)[1], query.get("place")
        if not query:
            return not self.small or _tells_promises(found_on)
        if set(query) == {"place", "by"}:
            return not self.small and place == self.first_places.get(name)
        if set(query) != {"place"}:
            return False
        return _tells_promises(found_on) or (not self.small and place in self.whole)

    def _admits_file(self, file: str, found_on: str) -> bool:
        if path_of(found_on)[:1] != ("measures",):
            return False
        part, _, extension = file.rpartition(".")
        query = query_of(found_on)
        if extension == "png" and self.small:
            return False
        if "by" in query:
            return part == "groups" and extension in (*TABLES, "svg")
        if not query:
            return True
        return (part in ("figures", "groups") and extension in TABLES) or (part in ("history", "beside", "groups") and extension == "svg")


def _tells_promises(address: str) -> bool:
    parts = path_of(address)
    return not parts or parts[0] == "sheets"


def is_first_page(address: str) -> bool:
    """Whether this is the page of a measure that has everything (no place named)."""
    parts = path_of(address)
    return len(parts) == 2 and parts[0] == "measures" and not query_of(address)
