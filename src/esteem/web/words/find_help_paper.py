"""What stands on paper: a saved list, a booklet for an area and an audience. Crisis numbers first, then the services, each with its numbers
and hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from esteem.directory import record
from esteem.directory.crisis.numbers import numbers
from esteem.directory.needs import NeedsScheme
from esteem.web.languages import Language, say
from esteem.web.words import service_view as words
from esteem.web.words.find_help_choices import by_group
from esteem.web.words.opening_words import day, hours
from esteem.web.words.paper import Entry, Paper, Section, sections_by

AUDIENCES = {
    "everyone": "Everyone",
    "gp": "A GP surgery",
    "school": "A school or college",
    "prison": "A prison",
    "library": "A library",
    "older": "Older people",
}
_YOUNGEST = {"gp": None, "school": 5, "prison": 18, "library": None, "older": 65, "everyone": None}
_OLDEST = {"school": 18}


def hours_of(found: record.Service) -> tuple[str, ...]:
    rows = (*found.schedules, *(one for place in found.locations for one in place.schedules))
    return tuple(dict.fromkeys(hours(one) for one in rows))


def entry(found: record.Service, today: date) -> Entry:
    """One service in the lines that fit on paper: numbers, hours, address, cost, how sure."""
    view = words.service_view(found, today)
    lines = [f"{one.label}: {one.text}" for one in view.reach]
    lines += [line for line in hours_of(found) if line]
    lines += [", ".join(place.lines) for place in view.places if place.lines]
    lines += [line for line in (*view.who, view.cost, view.sure) if line]
    mark = say("Made up") if found.invented else say("Not checked") if found.assurance.assured_on is None else ""
    return Entry(found.name, found.organization.name, view.summary, tuple(lines), mark)


def saved_list(services: Sequence[record.Service], today: date, language: Language, qr: str) -> Paper:
    return Paper(
        title=say("Your list"),
        intro="",
        crisis_title=say("If someone is in danger now"),
        crisis=crisis_lines(),
        sections=(Section("", tuple(entry(found, today) for found in services)),),
        footer=_footer(today),
        qr=qr,
        qr_alt=say("Square code that leads to this list"),
        lang=language.code,
        rtl=language.direction == "rtl",
    )


def booklet(services: Sequence[record.Service], area: str, audience: str, scheme: NeedsScheme, today: date, language: Language) -> Paper:
    """By the groups of the needs scheme, each service once, under its first need; those that the audience cannot use are left out."""
    chosen = [found for found in services if suits(found, audience)]
    titles = {need.id: group.label for group, needs in by_group(scheme) for need in needs}
    order = list(dict.fromkeys(titles.values()))
    titled = [(titles.get(found.needs[0], say("More")) if found.needs else say("More"), entry(found, today)) for found in chosen]
    titled.sort(key=lambda pair: (order.index(pair[0]) if pair[0] in order else len(order), pair[1].name.casefold()))
    return Paper(
        title=say("Help for your mind and mood in {area}").format(area=area),
        intro=say(AUDIENCES[audience]) if audience != "everyone" else "",
        crisis_title=say("If someone is in danger now"),
        crisis=crisis_lines(young=audience == "school"),
        sections=sections_by(titled),
        footer=_footer(today),
        lang=language.code,
        rtl=language.direction == "rtl",
    )


def suits(found: record.Service, audience: str) -> bool:
    """Whether people of the audience's ages may come; not said is no reason to leave a service out."""
    least, most = found.eligibility.minimum_age, found.eligibility.maximum_age
    youngest, oldest = _YOUNGEST[audience], _OLDEST.get(audience)
    if oldest is not None and least is not None and least >= oldest:
        return False
    return not (youngest is not None and most is not None and most < youngest)


def crisis_lines(young: bool = False) -> tuple[str, ...]:
    """National lines; for a school those of the young first."""
    found = [one for one in numbers() if one.national and one.group != "abuse" and (young or not one.young)]
    if young:
        found.sort(key=lambda one: not one.young)
    return tuple(f"{say(one.label)}: {one.number} ({say(one.hours)})" for one in found)


def _footer(today: date) -> str:
    return say("Printed on {day} from Esteem. Numbers and hours change: check before you go.").format(day=day(today))
