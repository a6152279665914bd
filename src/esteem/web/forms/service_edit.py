"""The owner's form for an entry: what they may change by themselves, and what the team looks at afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from uuid import NAMESPACE_URL, uuid5

import phonenumbers

from esteem.directory import record
from esteem.directory.importing.template_rows import read_hours
from esteem.directory.reading_age import SERVICE_TEXT_AT_MOST, grade
from esteem.web.languages import say

_DAYS = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}
_NAMES = {code: name.capitalize() for name, code in _DAYS.items()}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST = 4000


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    value: str
    hint: str = ""
    rows: int = 1


@dataclass(frozen=True)
class ServiceEdit:
    """Every field as text, as it was typed. `hours`: one line for each, such as `Mon, Tue 09:00-17:00`."""

    summary: str = ""
    description: str = ""
    alert: str = ""
    phone: str = ""
    email: str = ""
    url: str = ""
    hours: str = ""
    minimum_age: str = ""
    maximum_age: str = ""
    who: str = ""
    what_happens_next: str = ""
    wait: str = ""

    @classmethod
    def of(cls, service: record.Service) -> ServiceEdit:
        rules = service.eligibility
        return cls(
            summary=service.summary,
            description=service.description,
            alert=service.alert,
            phone=service.phones[0].number if service.phones else "",
            email=service.email,
            url=service.url,
            hours="\n".join(_written(one) for one in service.schedules if _simple(one)),
            minimum_age="" if rules.minimum_age is None else str(rules.minimum_age),
            maximum_age="" if rules.maximum_age is None else str(rules.maximum_age),
            who=rules.description,
            what_happens_next=service.what_happens_next,
            wait=service.wait.words,
        )

    @classmethod
    def sent(cls, post: Mapping[str, str]) -> ServiceEdit:
        return cls(**{one.name: post.get(one.name, "").strip().replace("\r\n", "\n")[:_LONGEST] for one in fields(cls)})

    def fields(self) -> list[Field]:
        return [
            Field(
                "summary", say("What it is, in one or two sentences"), self.summary, say("Plain words that a child of eleven can read."), 3
            ),
            Field("description", say("More about it"), self.description, "", 6),
            Field("alert", say("Notice at the top of the entry"), self.alert, say("For example: closed from 24 to 27 December"), 2),
            Field("phone", say("Phone number"), self.phone),
            Field("email", say("Email"), self.email, say("An address of the service, not of a person.")),
            Field("url", say("Web address"), self.url, say("It begins with https://")),
            Field("hours", say("Opening hours"), self.hours, say("One line for each, like: Mon, Tue 09:00-17:00"), 5),
            Field("minimum_age", say("Youngest age"), self.minimum_age),
            Field("maximum_age", say("Oldest age"), self.maximum_age),
            Field("who", say("Who can come"), self.who, "", 3),
            Field("what_happens_next", say("What happens after someone gets in touch"), self.what_happens_next, "", 3),
            Field("wait", say("How long people wait now"), self.wait, say("Shown for 30 days.")),
        ]

    def problems(self) -> dict[str, str]:
        """Field -> what to do about it."""
        found = {
            "summary": "" if self.summary or self.description else say("Write what the service is"),
            "phone": "" if not self.phone or _dialable(self.phone) else say("Write a phone number that can be called, like 01702 000000"),
            "email": "" if not self.email or _EMAIL.fullmatch(self.email) else say("Write an email address, like team@example.org"),
            "url": "" if not self.url or re.match(r"https?://[^\s]+\.[^\s]+", self.url) else say("Begin the web address with https://"),
            "hours": self._hours_problem(),
            "minimum_age": _age_problem(self.minimum_age),
            "maximum_age": _age_problem(self.maximum_age),
        }
        if not found["minimum_age"] and not found["maximum_age"] and self.minimum_age and self.maximum_age:
            found["maximum_age"] = "" if int(self.minimum_age) <= int(self.maximum_age) else say("The oldest age is not below the youngest")
        return {name: words for name, words in found.items() if words}

    def _hours_problem(self) -> str:
        for line in self.hours.splitlines():
            if line.strip() and _read(line) is None:
                return say("Write days and times like “Mon, Tue 09:00-17:00”. This line is not clear: {line}").format(
                    line=line.strip()[:60]
                )
        return ""

    def applied_to(self, service: record.Service) -> record.Service:
        """The entry with these values; hours that the form cannot show (monthly ones) stay as they are."""
        rules = replace(service.eligibility, minimum_age=_age(self.minimum_age), maximum_age=_age(self.maximum_age), description=self.who)
        wait = service.wait if self.wait == service.wait.words else record.Wait(kind="said" if self.wait else "", words=self.wait)
        kept = tuple(one for one in service.schedules if not _simple(one))
        holidays = next((one.bank_holidays for one in service.schedules if one.bank_holidays), "")
        rows = tuple(_schedule(service.id, number, line, holidays) for number, line in enumerate(self.hours.splitlines()) if line.strip())
        unchanged = self.hours == ServiceEdit.of(service).hours
        return replace(
            service,
            summary=self.summary,
            description=self.description,
            alert=self.alert,
            phones=self._phones(service),
            email=self.email,
            url=self.url,
            schedules=service.schedules if unchanged else (*rows, *kept),
            eligibility=rules,
            what_happens_next=self.what_happens_next,
            wait=wait,
        )

    def _phones(self, service: record.Service) -> tuple[record.Phone, ...]:
        if not self.phone:
            return service.phones[1:]
        first = service.phones[0] if service.phones else record.Phone(_own(service.id, "phone"), "")
        return (replace(first, number=self.phone), *service.phones[1:])

    def to_look_at(self, service: record.Service) -> tuple[str, ...]:
        """What the team looks at afterwards: who may come, what it says of crises, words that are hard to read."""
        before = ServiceEdit.of(service)
        found = [say("who can come") for name in ("minimum_age", "maximum_age", "who") if getattr(self, name) != getattr(before, name)]
        if re.search(r"crisis|suicid|24.?hour|emergency|999", self.summary + self.description, re.I) and self != before:
            found.append(say("what it says about a crisis"))
        if grade(f"{self.summary} {self.description}") > SERVICE_TEXT_AT_MOST:
            found.append(say("words that are hard to read"))
        return tuple(dict.fromkeys(found))


def _own(service: str, part: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:esteem:{service}/{part}"))


def _dialable(number: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, "GB"))
    except phonenumbers.NumberParseException:
        return bool(re.fullmatch(r"[\d ]{3,6}", number))


def _age(text: str) -> int | None:
    return int(text) if text else None


def _age_problem(text: str) -> str:
    fits = not text or (re.fullmatch(r"\d{1,3}", text) and int(text) <= 120)
    return "" if fits else say("Write an age in whole years, or leave it empty")


def _simple(schedule: record.Schedule) -> bool:
    """Whether one line of the form says all of it."""
    plain = schedule.freq == "WEEKLY" and schedule.interval == 1 and not schedule.valid_from and not schedule.valid_to
    return plain and bool(schedule.byday) and schedule.opens_at is not None and schedule.closes_at is not None


def _written(schedule: record.Schedule) -> str:
    days = ", ".join(_NAMES[day.strip()] for day in schedule.byday.split(",") if day.strip() in _NAMES)
    return f"{days} {schedule.opens_at:%H:%M}-{schedule.closes_at:%H:%M}"


def _read(line: str, identifier: str = "") -> record.Schedule | None:
    """One line of hours, read as the importer's template reads it, with days by name as well: `Mon, Tue 09:00-17:00`."""
    plain = re.sub(r"\band\b", ",", line.strip().replace("–", "-"))
    named = re.sub(r"[A-Za-z]{3,}", lambda word: _DAYS.get(word[0][:3].lower(), word[0]), plain)
    return read_hours(re.sub(r"\s*,\s*", ",", named), identifier)


def _schedule(service: str, number: int, line: str, holidays: str) -> record.Schedule:
    return replace(_read(line, _own(service, f"hours/{number}")), bank_holidays=holidays, description="")
