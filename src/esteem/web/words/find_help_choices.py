"""The four questions of find help, as lists of links: one tap each, each can be passed over. And the words of choices elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from esteem.directory.needs import NeedsScheme
from esteem.web.languages import say
from esteem.web.words.find_help_state import WHEN, WHO, State

STEPS = ("who", "what", "where", "when")
RESULTS = "/find-help/results"
ELIGIBLE = {
    "yes": "You can use this",
    "check": "Check if you can use this",
    "no": "This is probably not for you",
}
_TITLES = {
    "who": "Who needs help?",
    "what": "What is it about?",
    "where": "Where do you need help?",
    "when": "When do you need help?",
}


@dataclass(frozen=True)
class Choice:
    text: str
    address: str
    hint: str = ""


@dataclass(frozen=True)
class Step:
    number: int
    title: str
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]  # (heading, choices)
    back: str
    skip: str
    postcode_form: str = ""


def step(name: str, state: State, scheme: NeedsScheme, districts: Iterable[tuple[str, str]]) -> Step:
    """One question; each answer leads to the next, the last to the results."""
    number = STEPS.index(name)
    following = address_of(STEPS[number + 1]) if number < 3 else RESULTS
    before = address_of(STEPS[number - 1]) if number else "/find-help"
    makers = {"who": _who, "what": lambda s, f: _what(s, f, scheme), "where": lambda s, f: _where(s, f, districts), "when": _when}
    skip = state if name != "what" else state.but(needs=state.needs or ("where-to-start",))
    groups = makers[name](state, following)
    form = following if name == "where" else ""
    return Step(number + 1, say(_TITLES[name]), groups, state.at(before), skip.at(following), form)


def address_of(name: str) -> str:
    return f"/find-help/questions/{name}"


def _who(state: State, following: str):
    me = (
        Choice(say("Me, and I am under 18"), state.but(who="self", age=None, young=True).at(following)),
        Choice(say("Me, and I am 18 or over"), state.but(who="self", age=None, young=False).at(following)),
    )
    others = tuple(
        Choice(say(words), state.but(who=key, age=None, young=False).at(following)) for key, words in WHO.items() if key != "self"
    )
    return (("", (*me, *others)),)


def _what(state: State, following: str, scheme: NeedsScheme):
    return tuple(
        (say(group.label), tuple(Choice(say(need.label), state.but(q="", needs=(need.id,)).at(following)) for need in needs))
        for group, needs in by_group(scheme)
    )


def _where(state: State, following: str, districts: Iterable[tuple[str, str]]):
    rows = tuple(Choice(name, state.but(postcode=name).at(following)) for _, name in districts)
    phone = Choice(say("Anywhere: by phone, text or online"), state.but(postcode="", channels=("phone", "text", "online")).at(following))
    return (("", (phone,)), (say("Or choose an area"), rows))


def _when(state: State, following: str):
    return (("", tuple(Choice(say(words), state.but(when=key).at(following)) for key, words in WHEN.items())),)


def by_group(scheme: NeedsScheme):
    """(group, its needs) in the order of the scheme; a group without needs is left out."""
    for group in scheme.groups:
        needs = [need for need in scheme.needs if need.group == group.id]
        if needs:
            yield group, needs


def need_groups(scheme: NeedsScheme, state: State) -> list[dict]:
    return [
        {
            "label": say(group.label),
            "needs": [{"label": say(need.label), "address": state.but(needs=(need.id,)).at(RESULTS)} for need in needs],
        }
        for group, needs in by_group(scheme)
    ]


def need_links(scheme: NeedsScheme, needs: Iterable[str], state: State) -> list[dict]:
    """Label and address of each need that the scheme still has."""
    known = scheme.by_id
    return [{"label": say(known[need].label), "address": state.but(q="", needs=(need,)).at(RESULTS)} for need in needs if need in known]
