"""What the panel of help in a crisis says, and in which order. It blocks nothing and asks nothing first; results stand below it unchanged.

Order for `crisis`: danger to life now; a local line where one is confirmed, else NHS 111; someone to talk to; a safe place open now. Young
people's lines lead for the young; what to do for another person leads when it is about another person; for abuse, that calls and pages may
be seen. Source: find-help design, section 4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from esteem.directory.crisis.numbers import CrisisNumber, numbers

_OTHERS = (
    "mum|mom|mother|dad|father|son|daughter|wife|husband|partner|boyfriend|girlfriend|bf|gf|brother|sister|friend|mate|bestie|child|kid|"
    "nan|gran|grandad|uncle|aunt|aunty|cousin|neighbour|flatmate|housemate|colleague|student|pupil|tenant|patient|client|boy|girl"
)
_ABOUT_OTHER = re.compile(rf"\b(my|our|a|his|her|their|best)\s+(\w+\s+){{0,2}}({_OTHERS})s?\b", re.I)
_ABUSE = re.compile(
    r"\b(hits?|hitting|beats?|beating|abus\w+|violen\w+|rap(e|ed|ing|ist)|assault\w*|strangl\w+|chok(es|ed|ing)|"
    r"forced? (me|marriage)|stalk\w+|controls? (me|my)|threaten\w*|scared of (him|her|them)|hurts me|touch(es|ed|ing) me|groom\w*)\b",
    re.I,
)
ADULT = 18


@dataclass(frozen=True)
class Block:
    """Words under a heading, and the numbers that belong there."""

    id: str  # them, seen, danger, urgent, talk, place
    heading: str
    words: tuple[str, ...]
    numbers: tuple[CrisisNumber, ...] = ()
    places: tuple[tuple[str, str], ...] = ()  # (service id, name) of safe places open now


@dataclass(frozen=True)
class Panel:
    level: str  # none, signpost, crisis
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class About:
    """What the words, the filters and the place tell. `age`: of the person the help is for."""

    age: int | None = None
    other: bool = False
    abuse: bool = False
    areas: frozenset[str] = frozenset()

    @property
    def young(self) -> bool:
        return self.age is not None and self.age < ADULT


def about(text: str, age: int | None = None, who: str = "", areas: frozenset[str] = frozenset()) -> About:
    """From the words and the choices made. The words are looked at and forgotten."""
    other = bool(_ABOUT_OTHER.search(text)) or who in ("parent", "carer", "partner", "family", "friend", "professional")
    return About(age, other, bool(_ABUSE.search(text)), areas)


_ANYONE = About()


def panel(level: str, what: About = _ANYONE, safe_places: tuple[tuple[str, str], ...] = ()) -> Panel:
    """`level` as the detector gave it; `safe_places`: services for a crisis that are open now and near, nearest first."""
    if level == "none":
        return Panel(level, ())
    lead = _for_them(what) + _seen(what)
    if level == "signpost":
        return Panel(level, (*lead[-1:], Block("talk", "You can talk to someone now", (), _talk(what, most=3))))
    places = (Block("place", "Safe places open now", (), (), safe_places),) if safe_places else ()
    talk = Block("talk", "Someone to talk to", (), _talk(what, most=5))
    urgent = Block("urgent", "Urgent help for your mental health", (), _urgent(what))
    after = (talk, urgent) if what.young else (urgent, talk)
    return Panel(level, (*lead, Block("danger", "If a life is in danger now", (), _of("danger", what)), *after, *places))


def _for_them(what: About) -> tuple[Block, ...]:
    words = (
        "Stay with them if it is safe. Ask them straight out if they think of suicide: asking does not put the thought there.",
        "Take away what they could use to hurt themselves, if you can do so safely.",
        "You can call these numbers for them.",
    )
    return (Block("them", "What to do for them", words),) if what.other else ()


def _seen(what: About) -> tuple[Block, ...]:
    words = (
        "Calls, texts and pages you look at may be seen by someone who shares your phone or computer.",
        "If you call 999 and cannot speak, press 55 when you are asked.",
    )
    return (Block("seen", "If someone is hurting you", words, _of("abuse", what)),) if what.abuse else ()


def _urgent(what: About) -> tuple[CrisisNumber, ...]:
    """Lines of the person's own area first, where they are confirmed; NHS 111 always."""
    found = _of("urgent", what)
    return tuple(sorted(found, key=lambda one: one.national))


def _talk(what: About, most: int) -> tuple[CrisisNumber, ...]:
    found = [one for one in _of("talk", what) if what.age is not None or not one.young]
    if what.young:
        found.sort(key=lambda one: not one.young)
    return tuple(found[:most])


def _of(group: str, what: About) -> tuple[CrisisNumber, ...]:
    return tuple(
        one for one in numbers() if one.group == group and one.suits(what.age) and (one.national or not what.areas.isdisjoint(one.areas))
    )
