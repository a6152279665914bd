"""Links between places, and what overlaps of small areas say about them.

A link is dated and says how one place stands to another:
- `part_of`: administratively within (sub-ICB location in its ICB, district in its county, region in England);
- `lies_in`: every small area of the child lies in the parent (Bexley lies in sub-ICB 72Q);
- `partly_in`: some of its small areas do (`share`);
- `became`: the child ended and its area passed to the parent (`share` of its small areas);
- `based_in`: an organisation has its seat there; says nothing about the people it serves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

RELATIONS = ("part_of", "lies_in", "partly_in", "became", "based_in")
# Note of a `became` link whose parent consists of nothing but places that ended whole in it: their counts may be added.
WHOLE = "together with the others of the same kind it is all of it"


@dataclass(frozen=True)
class Link:
    """`share` is the part of the child's small areas that lie in the parent (0 to 1), None when not worked out."""

    child: str
    parent: str
    relation: str
    valid_from: date | None = None
    valid_to: date | None = None
    share: float | None = None
    note: str = ""

    def holds_on(self, day: date | None) -> bool:
        """True when the link was valid on `day`; with None, when it has not ended."""
        if day is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def link_of(row: Mapping) -> Link:
    """A link from a row of `place_links`; other columns (edition) are left alone."""
    return Link(*(row[name] for name in ("child", "parent", "relation", "valid_from", "valid_to", "share", "note")))


# small area -> the larger area that holds it
Membership = Mapping[str, str]


def overlaps(children: Membership, parents: Membership) -> dict[str, Counter]:
    """For each larger area of `children`: how many of its small areas lie in which area of `parents`."""
    found: dict[str, Counter] = defaultdict(Counter)
    for small, child in children.items():
        if (parent := parents.get(small)) is not None:
            found[child][parent] += 1
    return found


def containment(children: Membership, parents: Membership, partly: bool = True) -> list[Link]:
    """`lies_in` links for children that lie wholly in one parent, `partly_in` (if wanted) for the rest."""
    links = []
    for child, held in overlaps(children, parents).items():
        size = held.total()
        if len(held) == 1:
            links.append(Link(child, next(iter(held)), "lies_in", share=1.0))
        elif partly:
            links += [
                Link(child, parent, "partly_in", share=count / size, note=f"{count} of its {size} small areas")
                for parent, count in held.most_common()
            ]
    return [link for link in links if link.child != link.parent]


def succession(before: Membership, after: Membership) -> list[Link]:
    """`became` links from every area of `before` that `after` no longer has. The note is `WHOLE` where counts may be added."""
    survivors = set(after.values())
    sources = overlaps(after, before)
    ended = {old: held for old, held in overlaps(before, after).items() if old not in survivors}
    links = []
    for old, held in ended.items():
        for new, count in held.items():
            whole = all(source in ended and len(ended[source]) == 1 for source in sources[new])
            note = WHOLE if whole else f"{count} of its {held.total()} small areas"
            links.append(Link(old, new, "became", share=count / held.total(), note=note))
    return links


def changed(before: Membership, after: Membership) -> dict[str, str]:
    """Areas that kept their code but not their small areas: code -> what changed, in words."""
    kept = set(before.values()) & set(after.values())
    out, into = overlaps(before, after), overlaps(after, before)
    words = {}
    for code in kept:
        lost = out[code].total() - out[code][code]
        gained = into[code].total() - into[code][code]
        if lost or gained:
            words[code] = f"{lost} small areas left and {gained} joined"
    return words
