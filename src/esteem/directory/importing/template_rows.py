"""What the columns of the template mean, and how a row of them becomes a service."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from esteem.directory.importing import texts
from esteem.directory.importing.areas import codes_of
from esteem.directory.importing.openreferral_records import LANGUAGE_CODES, Locate
from esteem.directory.needs import scheme
from esteem.directory.record import (
    CHANNELS,
    ROUTES_IN,
    Accessibility,
    Address,
    Assurance,
    Contact,
    CostOption,
    Eligibility,
    Language,
    Location,
    Organization,
    Phone,
    Provenance,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Wait,
)
from esteem.directory.served import county_of
from esteem.directory.weekdays import DAYS
from esteem.evidence.sources.postcodes import written_postcode
from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Column:
    name: str
    help: str
    example: str = ""
    required: bool = False


COLUMNS = (
    Column("reference", "Your own number for the service. It must stay the same the next time you send the file.", "A1", True),
    Column("organisation", "Who runs it.", "Example Trust", True),
    Column("organisation_website", "Address of the organisation on the web.", "https://example.org"),
    Column("service", "Name of the service.", "Tuesday drop-in", True),
    Column("description", "What it is and what happens there, in plain words.", "A warm room and someone to talk to.", True),
    Column("what_happens_next", "What happens after somebody gets in touch.", "Just turn up."),
    Column("needs", "What it is for: one to four ids of the needs scheme, with semicolons between.", "loneliness; peer-support", True),
    Column("website", "Page of the service.", "https://example.org/drop-in"),
    Column("email", "Address for the public. No personal address.", "hello@example.org"),
    Column("phone", "Number for the public.", "01632 960001"),
    Column("text_number", "Number for text messages.", "07700 900001"),
    Column("channels", f"How help is given: {', '.join(CHANNELS)}.", "in_person; phone"),
    Column("minimum_age", "From this age. Empty: not said.", "18"),
    Column("maximum_age", "Up to this age. Empty: no upper limit.", ""),
    Column("for_whom", "everyone, women or men. Empty: not said.", "everyone"),
    Column("routes", f"How people come: {', '.join(ROUTES_IN)}.", "self; gp"),
    Column("cost", "Pounds; 0 is free. Empty: not said.", "0"),
    Column("cost_notes", "More about the cost.", ""),
    Column("languages", "Languages in which help is given, names or codes.", "Punjabi; Polish"),
    Column("access", "step_free, hearing_loop, accessible_toilet, easy_read, british_sign_language, quiet_space, parking.", "step_free"),
    Column("areas", "Where people must live: districts or counties, with semicolons between.", "Southend-on-Sea; Essex"),
    Column("place", "Name of the place where people come.", "Example House"),
    Column("address", "Street and number. Leave it out for a refuge.", "1 Example Street"),
    Column("town", "Town of the address.", "Southend-on-Sea"),
    Column("postcode", "Postcode of the address.", "SS1 1AA"),
    Column("hours", "Days and times, with semicolons between: MO-FR 09:00-17:00; SA 10:00-12:30; 2WE 14:00-16:00.", "TU 18:00-21:00"),
    Column("wait_days", "Days until the first help, as you would say today.", ""),
    Column("assured_on", "Day on which somebody said that all this is right, as 2026-05-11.", "2026-05-11"),
    Column("assured_by", "Who said it: an organisation or a role.", "Example Trust"),
    Column("owner_email", "Whom we ask whether it is still right. Never shown.", "manager@example.org"),
)
_GENDERS = {"everyone": (), "everybody": (), "all": (), "women": ("women",), "men": ("men",)}
_ACCESS = ("step_free", "hearing_loop", "accessible_toilet", "easy_read", "british_sign_language", "quiet_space", "parking")
_HOURS = re.compile(
    r"(?P<days>[1-5-]{0,2}(?:MO|TU|WE|TH|FR|SA|SU)(?:[-,](?:MO|TU|WE|TH|FR|SA|SU))*)\s+"
    r"(?P<opens>\d{1,2}(?:[:.]\d{2})?)\s*(?:-|–|to)\s*(?P<closes>\d{1,2}(?:[:.]\d{2})?)"
)


@dataclass
class RowReader:
    """Reads rows of one file; `wrong` gathers every fault with its row and column."""

    source: str
    file: str
    locate: Locate
    wrong: list[Problem] = field(default_factory=list)
    references: dict[str, int] = field(default_factory=dict)

    def read(self, row: int, values: dict[str, str]) -> Service | None:
        before = len(self.wrong)
        service = _Row(self, row, values).service()
        return service if len(self.wrong) == before else None


class _Row:
    def __init__(self, reader: RowReader, row: int, values: dict[str, str]):
        self.reader, self.row, self.values = reader, row, values

    def text(self, column: str) -> str:
        return self.values.get(column, "")

    def bad(self, column: str, code: str, rule: str, remedy: str) -> None:
        self.reader.wrong.append(Problem(code, rule, self.text(column)[:100], remedy, self.reader.file, self.row, column))

    def several(self, column: str) -> list[str]:
        return [part.strip() for part in self.text(column).split(";") if part.strip()]

    def id(self, kind: str, part: object = "") -> str:
        return texts.own_id(self.reader.source, kind, f"{self.text('reference')}/{part}" if part != "" else self.text("reference"))

    def service(self) -> Service | None:
        for column in COLUMNS:
            if column.required and not self.text(column.name):
                self.bad(column.name, "cell-empty", f"This column is filled: {column.help}", f"For example: {column.example}")
        self._insist_on_a_new_reference()
        name, owner = texts.short(self.text("service")), texts.short(self.text("organisation"))
        needs = self.chosen("needs", [need.id for need in scheme().needs], "need-unknown")
        if len(needs) > 4:
            self.bad("needs", "needs-too-many", "A service is for one to four needs.", "Keep the ones that it is there for.")
        location = self.location()
        channels = self.chosen("channels", CHANNELS, "channel-unknown") or (("in_person",) if location else ())
        return Service(
            id=self.id("service"),
            name=name,
            organization=Organization(
                texts.own_id(self.reader.source, "organization", owner.lower()), owner, owner, self.web("organisation_website")
            ),
            description=texts.plain(self.text("description")),
            what_happens_next=texts.plain(self.text("what_happens_next"), 1000),
            url=self.web("website"),
            email=self.email(),
            phones=tuple(self.phones("service")),
            contacts=(Contact(self.id("contact"), "Contact", phones=tuple(self.phones("contact"))),) if self.text("phone") else (),
            channels=channels,
            needs=needs,
            eligibility=self.eligibility(),
            costs=self.costs(),
            languages=tuple(self.languages()),
            accessibility=tuple(Accessibility(self.id("access", k), k.replace("_", " ").capitalize(), kind=k) for k in self.access()),
            coverage=tuple(self.areas()),
            schedules=tuple(self.hours()),
            locations=(ServiceAtLocation(self.id("at"), location),) if location else (),
            wait=self.wait(),
            assurance=self.assurance(),
            provenance=(Provenance(self.reader.source, self.text("reference")),),
        )

    def _insist_on_a_new_reference(self) -> None:
        reference = self.text("reference")
        first = self.reader.references.setdefault(reference, self.row)
        if reference and first != self.row:
            self.bad("reference", "reference-double", f"Each reference stands once; row {first} has it too.", "Give it another.")

    def chosen(self, column: str, known: Any, code: str) -> tuple[str, ...]:
        picked = [part.lower().replace(" ", "-" if column == "needs" else "_") for part in self.several(column)]
        strange = [part for part in picked if part not in known]
        if strange:
            near = [k for k in known if any(k.startswith(s[:4]) for s in strange)][:5]
            self.bad(column, code, f"Every word is one that we know: {', '.join(strange)} is not.", f"Near: {', '.join(near or known[:7])}")
        return tuple(dict.fromkeys(part for part in picked if part in known))

    def access(self) -> tuple[str, ...]:
        return self.chosen("access", _ACCESS, "access-unknown")

    def web(self, column: str) -> str:
        found = texts.web(self.text(column))
        if self.text(column) and not found:
            self.bad(column, "web-address-wrong", "A web address begins with https://.", "Copy it from the browser, or leave it empty.")
        return found

    def email(self) -> str:
        found = texts.email(self.text("email"))
        if self.text("email") and not found:
            self.bad("email", "email-wrong", "An e-mail address has one @ and a name behind it.", "Correct it or leave it empty.")
        return found

    def phones(self, owner: str) -> Iterator[Phone]:
        for column, kind in (("phone", "voice"), ("text_number", "text")):
            if owner == "contact" and kind == "text":
                continue
            found = texts.dialled(self.text(column))
            if found:
                yield Phone(self.id(f"{owner} {kind}"), found, kind=kind)
            elif self.text(column) and owner == "service":
                self.bad(column, "phone-wrong", "A number can be dialled from a phone in this country.", "Write it as 01702 123456.")

    def eligibility(self) -> Eligibility:
        youngest, oldest = self.age("minimum_age"), self.age("maximum_age")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.bad("maximum_age", "ages-wrong", "The highest age is no lower than the lowest.", "Correct one of them.")
        who = self.text("for_whom").lower()
        if who and who not in _GENDERS:
            self.bad("for_whom", "for-whom-unknown", "It is for everyone, for women or for men.", "Write one of them or nothing.")
        routes = self.chosen("routes", ROUTES_IN, "route-unknown")
        return Eligibility(youngest, oldest, genders=_GENDERS.get(who, ()), genders_said=who in _GENDERS, routes=routes)

    def age(self, column: str) -> int | None:
        found = texts.age(self.text(column)) if self.text(column) else None
        if self.text(column) and found is None:
            self.bad(column, "age-wrong", "An age is a whole number from 0 to 120.", "Write it as 18.")
        return found

    def costs(self) -> tuple[CostOption, ...]:
        text, notes = self.text("cost").lstrip("£"), texts.plain(self.text("cost_notes"), 500)
        amount = 0.0 if text.lower() == "free" else texts.number(text) if text else None
        if text and (amount is None or amount < 0):
            self.bad("cost", "cost-wrong", "A cost is a number of pounds; 0 is free.", "Write 0, 5 or 12.50; words go to cost_notes.")
        return (CostOption(self.id("cost"), "Free" if amount == 0 else "", amount, notes),) if amount is not None or notes else ()

    def languages(self) -> Iterator[Language]:
        for said in self.several("languages"):
            code = LANGUAGE_CODES.get(said.lower(), said.lower() if re.fullmatch(r"[a-z]{2,3}", said.lower()) else "")
            if not code:
                self.bad("languages", "language-unknown", "A language is one that we know, or a code such as pl.", f"Correct {said}.")
            yield Language(self.id("language", code), code, said)

    def areas(self) -> Iterator[ServiceArea]:
        for said in self.several("areas"):
            codes = codes_of(said)
            if not codes:
                rule = "An area is Southend-on-Sea, Thurrock, Bexley, Essex or one of its districts, England, or a code."
                self.bad("areas", "area-unknown", rule, f"Correct {said}.")
            yield ServiceArea(self.id("area", said), said, codes)

    def location(self) -> Location | None:
        if not self.text("postcode"):
            return None
        postcode = written_postcode(self.text("postcode"))
        found = self.reader.locate(postcode) if postcode else None
        if found is None:
            rule = "The postcode exists, in or near the area of this directory."
            self.bad("postcode", "postcode-unknown", rule, "Correct it; a service without a place leaves it empty.")
            return None
        latitude, longitude, district = found
        town = texts.short(self.text("town")) or "Town not said"
        county = county_of(district) if district else "Essex"
        address = Address(self.id("address"), texts.short(self.text("address")), town, county, postcode)
        name = texts.short(self.text("place"))
        place = texts.own_id(self.reader.source, "location", f"{name} {address.address_1} {postcode}".lower())
        return Location(place, name, "physical", latitude, longitude, address, district=district)

    def hours(self) -> Iterator[Schedule]:
        for number, said in enumerate(self.several("hours")):
            found = read_hours(said, self.id("schedule", number))
            if found is None:
                rule = "Hours are days and two different times: MO-FR 09:00-17:00, or 2WE 14:00-16:00 for the second Wednesday."
                self.bad("hours", "hours-wrong", rule, f"Correct {said}.")
            else:
                yield found

    def wait(self) -> Wait:
        days, said_on = texts.number(self.text("wait_days")), texts.day(self.text("assured_on"))
        if self.text("wait_days") and (days is None or days < 0):
            self.bad("wait_days", "wait-wrong", "A wait is a number of days.", "Write it as 14.")
        return Wait(int(days), "said", said_on=said_on) if days is not None and days >= 0 else Wait()

    def assurance(self) -> Assurance:
        on = texts.day(self.text("assured_on"))
        if self.text("assured_on") and on is None:
            self.bad("assured_on", "day-wrong", "A day is written as 2026-05-11.", "Correct it or leave it empty.")
        return Assurance(on, texts.short(self.text("assured_by")) or texts.short(self.text("organisation")), "owner") if on else Assurance()


def read_hours(said: str, id_: str) -> Schedule | None:
    """`MO-FR 09:00-17:00`, `SA 10-12:30`, `2WE 14:00-16:00`; None for anything else."""
    found = _HOURS.fullmatch(said.upper().replace(" TO ", "-"))
    opens, closes = (texts.clock(_with_minutes(found[n])) for n in ("opens", "closes")) if found else (None, None)
    if opens is None or closes is None or opens == closes:
        return None
    days = _spelled(found["days"])
    return Schedule(id_, "MONTHLY" if days[0] in "12345-" else "WEEKLY", days, opens, closes, description=said)


def schedules_of(text: str, own: Callable[..., str]) -> Iterator[Schedule]:
    """Hours of our own files, several with semicolons between; the first that is wrong raises ValueError."""
    for number, said in enumerate(part.strip() for part in text.split(";") if part.strip()):
        schedule = read_hours(said, own("schedule", str(number)))
        if schedule is None:
            raise ValueError(f"hours that nobody can read: {said}")
        yield schedule


def _with_minutes(text: str) -> str:
    return text if re.search(r"[:.]", text) else f"{text}:00"


def _spelled(days: str) -> str:
    """`MO-FR` as `MO,TU,WE,TH,FR`; a list or an ordinal stays."""
    found = re.fullmatch(r"(MO|TU|WE|TH|FR|SA|SU)-(MO|TU|WE|TH|FR|SA|SU)", days)
    return ",".join(DAYS[DAYS.index(found[1]) : DAYS.index(found[2]) + 1]) if found else days
