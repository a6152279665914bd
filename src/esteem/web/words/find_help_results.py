"""Results of a search as a person reads them: what it is, how to reach it, whether it is open, how far, who can use it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from esteem.directory import record
from esteem.directory.eligible import Eligible, Person, Reason, eligibility
from esteem.directory.gazetteer import Place
from esteem.directory.opening import open_at
from esteem.directory.search import Found, Result
from esteem.directory.travel import travel
from esteem.web.languages import say
from esteem.web.words import service_view
from esteem.web.words.find_help_choices import ELIGIBLE
from esteem.web.words.find_help_state import ACCESS, CHANNELS, GENDERS, WHEN, WHO, State, code_of
from esteem.web.words.opening_words import now_words

_REACH_SHOWN = 2


@dataclass(frozen=True)
class Row:
    name: str
    address: str
    organization: str
    summary: str
    marks: tuple[str, ...]
    answer: str  # yes, check, no, or empty when nothing is known of the person
    eligible: str
    reach: tuple[service_view.Reach, ...]
    why: str
    saved: bool
    save: str
    drop: str
    invented: bool
    community: bool


@dataclass(frozen=True)
class Asking:
    """What every row needs to know of the person who looks: nothing of it is kept."""

    state: State
    person: Person | None
    place: Place | None
    now: datetime


def row(found: Result, service: record.Service, asking: Asking) -> Row:
    state, code = asking.state, code_of(service.id)
    view = service_view.service_view(service, asking.now.date())
    known = eligibility(service, asking.person) if asking.person else None
    return Row(
        name=service.name,
        address=state.at(f"/find-help/services/{service.id}"),
        organization=service.organization.name,
        summary=view.summary,
        marks=tuple(mark for mark in _marks(service, view, asking) if mark),
        answer=known.answer if known else "",
        eligible=_eligible_words(known),
        reach=view.reach[:_REACH_SHOWN],
        why="; ".join(found.why) or say("Its words fit what you typed"),
        saved=code in state.saved,
        save=state.saving(code).at("/find-help/results"),
        drop=state.dropping(code).at("/find-help/results"),
        invented=service.invented,
        community=view.community,
    )


def _marks(service: record.Service, view: service_view.ServiceView, asking: Asking) -> Iterable[str]:
    schedules = (*service.schedules, *(one for at in service.locations for one in at.schedules))
    yield now_words(open_at(schedules, asking.now), asking.now)
    trip = travel(service, asking.place, step_free="step_free" in asking.state.access) if asking.place else None
    yield trip.words if trip else ""
    yield ", ".join(view.channels)
    yield view.cost
    yield view.wait
    late = service.state == "stale" or (view.community and service.assurance.assured_on is None)
    yield view.sure if late else ""


def _eligible_words(known: Eligible | None) -> str:
    if not known:
        return ""
    words = say(ELIGIBLE[known.answer])
    reason = reason_words(known.reasons[0])
    return f"{words} {say('because')} {reason}." if known.answer == "yes" else f"{words}. {reason}."


def reason_words(reason: Reason) -> str:
    return say(reason.pattern).format(**reason.values)


def count_words(found: Found) -> str:
    if found.helplines:
        return say("Help for everyone")
    if found.total == 1:
        return say("1 service")
    return say("{number} services").format(number=found.total)


def understood(found: Found, state: State) -> list[dict]:
    return [{"words": one.words, "undo": state.but(off=(*state.off, one.undo)).at("/find-help/results")} for one in found.understood]


def options(spoken: Mapping[str, str], state: State) -> dict:
    """What can be chosen under "Narrow it down". `spoken`: code -> name of the languages that some service speaks."""
    languages = sorted(((code, name) for code, name in spoken.items() if code != "en"), key=lambda pair: pair[1])
    ways = [(key, say(service_view.CHANNELS[key])) for key in CHANNELS]
    return {
        "who": [(key, say(words)) for key, words in WHO.items()],
        "when": [(key, say(words)) for key, words in WHEN.items()],
        "languages": languages,
        "genders": [(key, say(words)) for key, words in GENDERS.items()],
        "boxes": [
            (say("How?"), "channel", ways, state.channels),
            (say("What you need"), "access", [(key, say(words)) for key, words in ACCESS.items()], state.access),
            (say("Cost"), "free", [("yes", say("Free only"))], ("yes",) if state.free else ()),
        ],
    }


def filters_open(state: State) -> bool:
    return bool(state.channels or state.access or state.free or state.language or state.gender or state.age is not None)
