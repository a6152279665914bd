"""Whether a person can use a service, as far as both have said: yes, check or no, each with its reasons in plain words.

Only what a service has said can make a no. What nobody has said is `check`, which never hides a service. Every answer names why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from esteem.directory.needs import scheme
from esteem.directory.record import Eligibility, Service

ENGLAND = "E92000001"
_OWN_WAY = {"self", "drop_in", "any"}
_SENDERS = {"gp": "a GP", "professional": "a worker who knows you", "school": "a school or college", "social_care": "a social worker"}
_PEOPLE = {"women": "women", "men": "men", "non_binary": "non-binary people"}


@dataclass(frozen=True)
class Person:
    """What is known of the person the help is for. Ages as a range (`age_from` = `age_to` for one age); empty and None: not said.

    `who` types: self, parent, carer, partner, family, friend, professional. `areas`: codes of every area that holds their home.
    """

    age_from: int | None = None
    age_to: int | None = None
    gender: str = ""
    who: str = ""
    areas: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()

    @property
    def age_said(self) -> bool:
        return self.age_from is not None or self.age_to is not None


class Reason(str):
    """A reason in English, which remembers its pattern and values so that a page can say it in another language."""

    pattern: str
    values: dict[str, object]

    def __new__(cls, pattern: str, **values: object) -> Reason:
        made = super().__new__(cls, pattern.format(**values))
        made.pattern, made.values = pattern, values
        return made


@dataclass(frozen=True)
class Eligible:
    answer: str  # yes, check, no
    reasons: tuple[Reason, ...]


Finding = tuple[str, Reason]  # (yes, check or no; the reason)


def eligibility(service: Service, person: Person) -> Eligible:
    """The answer of all that both have said: one no makes it no, one doubt makes it check."""
    rules = service.eligibility
    findings = [*_age(rules, person), *_gender(rules, person), *_area(service, person), *_ways_in(rules, person), *_others(rules, person)]
    for answer in ("no", "check", "yes"):
        reasons = tuple(reason for found, reason in findings if found == answer)
        if reasons:
            return Eligible(answer, reasons)
    return Eligible("check", (Reason("It has not said who can use it: ask first"),))


def _age(rules: Eligibility, person: Person) -> Iterator[Finding]:
    least, most = rules.minimum_age, rules.maximum_age
    if rules.all_ages:
        yield "yes", Reason("it is for people of any age")
    if rules.all_ages or (least is None and most is None):
        if person.age_said and not rules.all_ages:
            yield "check", Reason("It has not said which ages it is for")
        return
    if not person.age_said:
        yield "check", _for_ages("It is for people", least, most)
        return
    low, high = person.age_from or 0, 130 if person.age_to is None else person.age_to
    floor, ceiling = least or 0, 130 if most is None else most
    if high < floor or low > ceiling:
        yield "no", _for_ages("It is for people", least, most)
    elif floor <= low and high <= ceiling:
        yield "yes", _for_ages("it is for people", least, most)
    else:
        yield "check", _for_ages("It is for people", least, most)


def _for_ages(start: str, least: int | None, most: int | None) -> Reason:
    if most is None:
        return Reason(f"{start} aged {{least}} and over", least=least) if least else Reason(f"{start} of any age")
    if not least:
        return Reason(f"{start} aged {{most}} and under", most=most)
    return Reason(f"{start} aged {{least}} to {{most}}", least=least, most=most)


def _gender(rules: Eligibility, person: Person) -> Iterator[Finding]:
    if not rules.genders:
        return
    words = " and ".join(_PEOPLE.get(one, one) for one in rules.genders)
    if not person.gender:
        yield "check", Reason("It is only for {people}", people=words)
    elif person.gender in rules.genders:
        yield "yes", Reason("it is for {people}", people=words)
    else:
        yield "no", Reason("It is only for {people}", people=words)


def _area(service: Service, person: Person) -> Iterator[Finding]:
    codes = {code for area in service.coverage for code in area.areas}
    names = ", ".join(area.name for area in service.coverage if area.name)
    if not codes:
        if names and person.areas:
            yield "check", Reason("It serves people who live in {area}", area=names)
        return
    if ENGLAND in codes:
        yield "yes", Reason("it serves all of England")
    elif not person.areas:
        yield "check", Reason("It serves people who live in {area}", area=names)
    elif codes & person.areas:
        yield "yes", Reason("it serves people who live in {area}", area=names)
    else:
        yield "no", Reason("It only serves people who live in {area}", area=names)


def _ways_in(rules: Eligibility, person: Person) -> Iterator[Finding]:
    if rules.registered_with:
        yield "check", Reason("You must be registered with one of its GP surgeries or councils")
    senders = [_SENDERS[route] for route in rules.routes if route in _SENDERS]
    if rules.routes and not _OWN_WAY & set(rules.routes) and person.who != "professional" and senders:
        yield "check", Reason("You need to be referred by {sender}", sender=" or ".join(senders))


def _others(rules: Eligibility, person: Person) -> Iterator[Finding]:
    if rules.for_carers:
        if person.who in ("carer", "parent"):
            yield "yes", Reason("it is for people who look after someone")
        elif person.who:
            yield "check", Reason("It is for people who look after someone")
    known = scheme().by_id
    shut_out = [known[need].label for need in rules.conditions_out if need in person.needs and need in known]
    if shut_out:
        yield "no", Reason("It does not help with: {needs}", needs=", ".join(shut_out))
    wanted = [known[need].label for need in rules.conditions_in if need in known]
    if wanted and person.needs:
        fits = bool(set(rules.conditions_in) & set(person.needs))
        pattern = "it is for people with: {needs}" if fits else "It is for people with: {needs}"
        yield "yes" if fits else "check", Reason(pattern, needs=", ".join(wanted))
