"""Places as the figures know them: one canonical code each, dated, with what holds them, what they hold and what they followed.

geography = Geography(places, links, codes)
geography.canonical("E38000168")        # "99G"
geography.place("07N").valid_to         # 31 March 2020
geography.parents("E09000004")          # 72Q, QKK, London ...
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from esteem.evidence import similar_places
from esteem.evidence.geography_facts import facts
from esteem.evidence.place_links import WHOLE, Link, link_of
from esteem.evidence.provider_names import folded
from esteem.evidence.sources.postcodes import written_postcode
from esteem.terms.places import ENGLAND, Place, is_england
from esteem.terms.problems import Problem

# "SS1 2AB" -> its row of `postcodes`, or None
PostcodeFinder = Callable[[str], Mapping | None]
# place -> feature -> value (evidence/similar_places.py)
Features = Mapping[str, Mapping[str, float]]
_HOLDS = ("part_of", "lies_in")
_COUNCILS = ("utla", "ltla", "unitary")
_NHS_AREAS = ("ccg", "sub_icb", "icb")


@dataclass(frozen=True)
class JoinedSeries:
    """Predecessors whose counts may be added to carry a place's series back before `until` (their last day). `words` says so."""

    place: str
    predecessors: tuple[str, ...]
    until: date
    valid: bool
    words: str


class Geography:
    """All places of a snapshot. Read-only; safe to share between threads."""

    def __init__(
        self,
        places: Iterable[Place],
        links: Iterable[Link],
        codes: dict[str, str] | None = None,
        postcodes: PostcodeFinder | None = None,
        features: Callable[[], Features] | None = None,
    ):
        self._places = {p.code: p for p in places}
        self.links = tuple(links)
        self._codes = {code.upper(): place for code, place in (codes or {}).items()}
        self._postcodes = postcodes
        self._find_features = features
        self._up: dict[str, list[Link]] = defaultdict(list)
        self._down: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            self._up[link.child].append(link)
            self._down[link.parent].append(link)
        self.groups: dict[str, tuple[str, ...]] = {code: members for code, (_, members) in facts().groups.items()}
        self.strategy_places: dict[str, tuple[str, ...]] = dict(facts().strategy_places)

    @classmethod
    def of_rows(
        cls,
        places: Iterable[Mapping],
        links: Iterable[Mapping],
        codes: Iterable[Mapping] = (),
        postcodes: PostcodeFinder | None = None,
        features: Callable[[], Features] | None = None,
    ) -> Geography:
        """From rows of the tables `places`, `place_links` and `place_codes` (see evidence/gazetteer.py)."""
        found = (Place(r["code"], r["name"], r["kind"], r["valid_from"], r["valid_to"], r["note"] or "") for r in places)
        return cls(found, map(link_of, links), {r["code"]: r["place"] for r in codes if r["code"] != r["place"]}, postcodes, features)

    @classmethod
    def of_snapshot(cls, rows: Callable[..., list[dict]]) -> Geography:
        """Over the views of a snapshot: `rows(sql, params)` gives the rows of a query."""

        def postcode(written: str) -> Mapping | None:
            return next(iter(rows("select * from postcodes where postcode = ?", (written,))), None)

        tables = (rows(f"select * from {name}", ()) for name in ("places", "place_links", "place_codes"))
        return cls.of_rows(*tables, postcode, lambda: similar_places.place_features(rows))

    # ------------------------------------------------------------ codes

    def canonical(self, raw: str) -> str:
        """Canonical code of any code, or full name of a provider, that a publisher writes; others come back trimmed and unchanged."""
        code = " ".join(raw.split())
        if is_england(code):
            return ENGLAND
        upper = code.upper()
        if " " in code and upper not in self._codes and upper not in self._places:
            upper = folded(code)
        found = self._codes.get(upper, upper)
        return found if found in self._places or upper in self._codes else code

    def knows(self, code: str) -> bool:
        return self.canonical(code) in self._places or code in self.groups

    @cached_property
    def _written(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code, place in self._codes.items():
            found[place].append(code)
        return found

    def codes_of(self, code: str) -> tuple[str, ...]:
        """Every code and folded name that stands for the place of this code, its canonical one first."""
        place = self.canonical(code)
        return tuple(dict.fromkeys((place, *self._written.get(place, ()))))

    def place(self, code: str) -> Place:
        """The place of a code, canonical or not, or of a named or custom group. Raises Problem `place-unknown` with near matches."""
        if code in self.groups:
            return Place(code, facts().groups[code][0], "group")
        if "+" in code:
            members = self.members(code)
            return Place("+".join(members), ", ".join(self.place(m).name for m in members), "group")
        if (found := self._places.get(self.canonical(code))) is not None:
            return found
        near = [f"{p.code} ({p.name})" for p in self._near(code)]
        raise Problem(
            "place-unknown",
            "A place is given by its code: a council, CCG, sub-ICB location, ICB, region, trust or England.",
            code,
            f"Use one of these, if you meant them: {', '.join(near)}." if near else "Search for the place by name: `esteem places NAME`.",
        )

    def _near(self, code: str) -> list[Place]:
        close = get_close_matches(code.strip().upper(), self._places, n=4, cutoff=0.6)
        if close or (named := self._by_name(code)[:4]):
            return [self._places[c] for c in close] or named
        words = {word: p for p in self._places.values() for word in p.name.casefold().split() if p.kind in (*_COUNCILS, *_NHS_AREAS)}
        return [words[w] for w in get_close_matches(code.strip().casefold(), words, n=4, cutoff=0.75)]

    def __iter__(self):
        return iter(self._places.values())

    def __len__(self) -> int:
        return len(self._places)

    # ------------------------------------------------------------ what holds what

    def parents(self, code: str, on: date | None = None) -> list[Place]:
        """Places that hold this one on a day (None: today's links, or the last ones of a place that ended), nearest first."""
        start = self.canonical(code)
        found, queue = [], [start]
        while queue:
            child = queue.pop(0)
            for link in self._holding(child, on):
                if link.parent != start and link.parent not in found:
                    found.append(link.parent)
                    queue.append(link.parent)
        return [self._places[c] for c in found if c in self._places]

    def _holding(self, child: str, on: date | None) -> list[Link]:
        links = [x for x in self._up[child] if x.relation in _HOLDS and not self._same_area(x)]
        valid = [x for x in links if x.holds_on(on)]
        place = self._places.get(child)
        return valid or (links if on is None and place is not None and place.valid_to else [])

    def _same_area(self, link: Link) -> bool:
        """True for the link from an NHS area to a council of the same extent (99G and Southend): the council is held, not the other way."""
        parent = self._places.get(link.parent)
        mutual = link.relation == "lies_in" and any(x.parent == link.child and x.relation == "lies_in" for x in self._up[link.parent])
        return mutual and parent is not None and parent.kind in _COUNCILS

    def children(self, code: str, kind: str | None = None, on: date | None = None) -> list[Place]:
        """Places directly or indirectly within this one, of one kind if given."""
        start = self.canonical(code)
        found, queue = [], [start]
        while queue:
            parent = queue.pop(0)
            for link in self._down[parent]:
                if link.relation in _HOLDS and link.holds_on(on) and link.child != start and link.child not in found:
                    found.append(link.child)
                    queue.append(link.child)
        places = [self._places[c] for c in found if c in self._places]
        return [p for p in places if kind is None or p.kind == kind]

    # ------------------------------------------------------------ what followed what

    def predecessors(self, code: str) -> list[tuple[Place, date | None, str]]:
        """(place, its last day, how) for every place that became this one, in whole or in part."""
        links = [x for x in self._down[self.canonical(code)] if x.relation == "became" and x.child in self._places]
        return [(self._places[x.child], self._places[x.child].valid_to, self._how(x)) for x in links]

    def successors(self, code: str) -> list[tuple[Place, date | None, str]]:
        """(place, its first day, how) for every place this one became."""
        links = [x for x in self._up[self.canonical(code)] if x.relation == "became" and x.parent in self._places]
        return [(self._places[x.parent], x.valid_from, self._how(x)) for x in links]

    @staticmethod
    def _how(link: Link) -> str:
        return "whole" if link.share == 1 else link.note or "in part"

    def joined_series(self, code: str) -> list[JoinedSeries]:
        """Ways to carry counts back beyond the first day of a place: one for each kind of predecessor and day.

        `valid` only when every predecessor ended whole in this place and nothing else joined. Means, rates and per cents may never be
        added: work them out again from summed numerators and denominators.
        """
        place = self.place(code)
        groups: dict[tuple, list[Link]] = defaultdict(list)
        for link in self._down[place.code]:
            if link.relation == "became" and link.valid_from and link.child in self._places:
                groups[link.valid_from, self._tier(link.child)].append(link)
        return [self._joined(place, links, day) for (day, _), links in sorted(groups.items())]

    def _tier(self, code: str) -> str:
        kind = self._places[code].kind
        return "lower" if kind in ("ltla", "unitary") else kind

    def _joined(self, place: Place, links: list[Link], day: date) -> JoinedSeries:
        codes = tuple(sorted(x.child for x in links))
        names = ", ".join(f"{self._places[c].name} ({c})" for c in codes)
        valid = all(x.share == 1 and x.note == WHOLE for x in links)
        when = f"Before {day.day} {day:%B %Y}"
        if valid:
            words = f"{when}, counts for {place.name} are the sum of {names}."
        else:
            words = f"{when}, {place.name} has no figures: {names} cannot simply be added, because the areas do not match."
        return JoinedSeries(place.code, codes, day, valid, words)

    # ------------------------------------------------------------ groups

    def members(self, group: str) -> tuple[str, ...]:
        """Codes of a named group (`set-ccgs`) or a custom one (`99G+07G`), canonical. One code is a group of one.

        Raises Problem `group-overlap` when a member holds another (a county with one of its districts), `place-unknown` for a wrong code.
        """
        parts = [c for part in group.split("+") if part.strip() for c in self.groups.get(part.strip(), (part.strip(),))]
        if not parts:
            raise Problem("group-empty", "A group of places is two or more codes joined by +.", repr(group), "Write for example 99G+07G.")
        codes = tuple(self.place(c).code for c in parts)
        for i, one in enumerate(codes):
            for other in codes[i + 1 :]:
                if one == other or self.overlap(one, other):
                    raise self._overlap_problem(one, other)
        return codes

    def overlap(self, one: str, other: str) -> bool:
        """True when, on some day, one of the two places held the other, they were the same area, or one followed the other."""
        return other in self._ever_within[one] or one in self._ever_within[other]

    @cached_property
    def _ever_within(self) -> dict[str, set[str]]:
        """Every place and all that ever held it, through links of holding and following."""
        up = {c: {x.parent for x in self._up[c] if x.relation in (*_HOLDS, "partly_in") or _followed(x)} for c in self._places}
        closed: dict[str, set[str]] = {}

        def close(code: str, trail: frozenset[str]) -> set[str]:
            if code in closed:
                return closed[code]
            found = set()
            for parent in up.get(code, ()):
                if parent not in trail:
                    found |= {parent} | close(parent, trail | {code})
            if not trail:
                closed[code] = found
            return found

        return defaultdict(set, {code: close(code, frozenset()) for code in self._places})

    def _overlap_problem(self, one: str, other: str) -> Problem:
        a, b = self._places[one], self._places[other]
        same = one == other
        return Problem(
            "group-overlap",
            "The places of a group do not overlap: people in two of them would be counted twice.",
            f"{a.name} ({a.code}) is given twice" if same else f"{a.name} ({a.code}) and {b.name} ({b.code}) share people",
            "Leave one of the two out.",
        )

    # ------------------------------------------------------------ search and comparison

    def search(self, text: str, limit: int = 20) -> list[Place]:
        """Places by code, name (also earlier names) or postcode, best first. Raises Problem `postcode-unknown` outside the shipped area."""
        wanted = text.strip()
        if wanted and self.knows(wanted):
            return [self.place(wanted)]
        if (written := written_postcode(wanted)) is not None:
            return self.places_of_postcode(written)[:limit]
        return self._by_name(wanted)[:limit]

    def places_of_postcode(self, postcode: str) -> list[Place]:
        """District, county, sub-ICB location and ICB of a postcode, nearest first. Raises Problem `postcode-unknown`."""
        written = written_postcode(postcode)
        row = self._postcodes(written) if self._postcodes and written else None
        if row is None:
            raise Problem(
                "postcode-unknown",
                "Postcodes are shipped for Essex, Southend, Thurrock and Bexley and about 2 km around them.",
                postcode,
                "Search by the name of the council or of the sub-ICB location instead.",
            )
        codes = [c for c in (row["district"], row["sub_icb"]) if c]
        above = [p.code for c in codes for p in self.parents(c) if p.kind in (*_COUNCILS, *_NHS_AREAS)]
        return [self._places[c] for c in dict.fromkeys((*codes, *above)) if c in self._places]

    def comparators(self, code: str, on: date | None = None) -> list[tuple[str, Place]]:
        """(role, place) to compare a place with: the ICB that holds it (of the day, and the one before it), its region, England.

        For trusts the ICB is that of its seat.

        `role`: "icb", "region", "england". Places without figures are for the caller to leave out.
        """
        place = self.place(code)
        up = self.parents(place.code, on)
        for seat in (x.parent for x in self._up[place.code] if x.relation == "based_in" and x.parent in self._places):
            up += [self._places[seat], *self.parents(seat, on)]
        boards = [p for p in up if p.kind == "icb"]
        boards += [p for b in boards if on is None for p, *_ in self.predecessors(b.code) if self.overlap(place.code, p.code)]
        regions = [p for p in up if p.kind == ("region" if place.kind in _COUNCILS else "nhs_region")]
        england = [self._places[ENGLAND]] if ENGLAND in self._places and place.code != ENGLAND else []
        roles = (("icb", boards), ("region", regions), ("england", england))
        return [(role, p) for role, found in roles for p in found if p.code != place.code]

    # ------------------------------------------------------------ similar places

    similarity_rule = similar_places.RULE

    def similar(self, code: str, n: int = 10) -> list[tuple[Place, float]]:
        """The `n` most similar places by `similarity_rule`, with their distance; empty when the features are not published for it."""
        place = self.place(code)
        among = [p.code for p in self._places.values() if p.valid_to is None and self._comparable(place, p)]
        found = similar_places.nearest(self._features, place.code, among, n)
        return [(self._places[c], away) for c, away in found]

    @cached_property
    def _features(self) -> Features:
        return self._find_features() if self._find_features else {}

    @staticmethod
    def _comparable(one: Place, other: Place) -> bool:
        lower = ("ltla", "unitary")
        return one.code != other.code and (one.kind == other.kind or (one.kind in lower and other.kind in lower))

    def _by_name(self, text: str) -> list[Place]:
        words = text.casefold().split()
        if not words:
            return []
        found = []
        for place in self._places.values():
            name = place.name.casefold()
            if all(w in f"{name} {place.note.casefold()} {place.code.casefold()}" for w in words):
                found.append((not name.startswith(words[0]), words[0] not in name, place.valid_to is not None, len(name), name, place))
        return [item[-1] for item in sorted(found, key=lambda item: item[:-1])]


def _followed(link: Link) -> bool:
    return link.relation == "became" and link.share == 1
