"""A reader's own group of places: who is in it, whether its figures may be added, and what can still join. All state is in the address."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.terms.places import Place
from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Member:
    place: Place
    without: str  # the codes that are left when it goes, joined by +


@dataclass(frozen=True)
class Group:
    """`code` is what other pages take as a place; "" while there are fewer than two places, or when people would count twice."""

    members: tuple[Member, ...]
    joined: str
    code: str
    problem: Problem | None


@dataclass(frozen=True)
class Choice:
    """A place that could join: `joined` the codes with it, `refused` why it cannot."""

    place: Place
    joined: str
    refused: str


def built(geography, codes: list[str]) -> Group:
    """Raises Problem `place-unknown` for a code that is no place."""
    places = [geography.place(code) for part in codes for code in geography.groups.get(part, (part,))]
    known = [place.code for place in places]
    members = tuple(Member(place, "+".join(known[:i] + known[i + 1 :])) for i, place in enumerate(places))
    problem = _refusal(geography, known)
    return Group(members, "+".join(known), "+".join(known) if len(known) > 1 and not problem else "", problem)


def choices(geography, codes: list[str], found: tuple[Place, ...]) -> tuple[Choice, ...]:
    known = [place.place.code for place in built(geography, codes).members]
    return tuple(Choice(place, "+".join([*known, place.code]), _why(_refusal(geography, [*known, place.code]))) for place in found)


def _refusal(geography, codes: list[str]) -> Problem | None:
    if len(codes) < 2:
        return None
    try:
        geography.members("+".join(codes))
    except Problem as problem:
        return problem
    return None


def _why(problem: Problem | None) -> str:
    return f"{problem.rule} {problem.found}." if problem else ""
