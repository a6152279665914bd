"""From a line to a whole service: the same record every time, apart from the days, which count from the day of seeding."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from esteem.directory.demonstration import wording
from esteem.directory.demonstration.lines import Line, Slot, lines
from esteem.directory.demonstration.organizations import organization_for, slug
from esteem.directory.demonstration.towns import AREAS, TOWNS, Town
from esteem.directory.needs import scheme
from esteem.directory.record import (
    Accessibility,
    Address,
    Assurance,
    Contact,
    CostOption,
    Eligibility,
    Language,
    Location,
    Phone,
    Provenance,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Wait,
)
from esteem.directory.served import NAMES

SOURCE = "demonstration"
_BASE = "https://esteem.example/demonstration/"
_SENSITIVE = {"domestic-abuse", "sexual-harm", "lgbtq", "self-harm", "suicidal-thoughts", "suicide-loss"}
_INTERPRETED = ("pa", "bn", "pl", "uk", "ro", "tr", "ur", "ar", "so", "lt", "pt", "bfi")
_HUB_TOWNS = ("southend", "grays", "bexleyheath")
Postcodes = Callable[[Town], list[tuple[str, float, float]]]


def demonstration(postcodes: Iterable[dict], on: date) -> Iterator[Service]:
    """Every invented service as of the day `on`. `postcodes`: rows of the pack's table (postcode, latitude, longitude, district)."""
    near = _near(postcodes)
    for number, line in enumerate(lines()):
        yield _Composer(line, number, on, near).service()


def identifier(*parts: object) -> str:
    return str(uuid5(NAMESPACE_URL, _BASE + "/".join(map(str, parts))))


def _near(rows: Iterable[dict], how_many: int = 24) -> Postcodes:
    """The postcodes nearest to the middle of each town, inside its district."""
    by_district: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for row in rows:
        if row["district"] in NAMES:
            by_district[row["district"]].append((row["postcode"], row["latitude"], row["longitude"]))
    found: dict[str, list[tuple[str, float, float]]] = {}

    def near(town: Town) -> list[tuple[str, float, float]]:
        if town.key not in found:
            every = by_district[town.district]
            found[town.key] = sorted(every, key=lambda p: ((p[1] - town.latitude) ** 2 + ((p[2] - town.longitude) * 0.62) ** 2, p[0]))[
                :how_many
            ]
        return found[town.key]

    return near


def _number(text: str, below: int) -> int:
    """A number that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") % below


@dataclass
class _Composer:
    line: Line
    number: int
    on: date
    near: Postcodes

    def __post_init__(self):
        self.key = slug(self.line.name)
        self.hub = "int" in self.line.marks and self.line.where == "all"
        group = scheme().find(self.line.needs[0]).group
        self.organization = organization_for(self.line.needs[0], group, self.pick("organization", 97), identifier)
        self.site = f"https://{slug(self.organization.name)}.example.org"
        self.assured = self.on - timedelta(days=self.pick("assured", 29) if self.pick("due", 8) else 30 + self.pick("assured", 45))

    def pick(self, what: str, below: int) -> int:
        return _number(f"{what}:{self.key}", below)

    def id(self, *parts: object) -> str:
        return identifier(self.key, *parts)

    def service(self) -> Service:
        line = self.line
        area_name, codes = self.area()
        return Service(
            id=self.id(),
            name=line.name,
            organization=self.organization,
            description=f"{line.words} {wording.details(line, self.pick)}",
            summary=line.words,
            what_happens_next=wording.next_steps(line, self.pick),
            url=f"{self.site}/{self.key}",
            email=f"{self.key[:40].strip('-')}@{slug(self.organization.name)}.example.org",
            phones=tuple(self.phones("service")),
            contacts=(Contact(self.id("contact"), wording.contact_name(line, self.pick), phones=tuple(self.phones("contact"))[:1]),),
            channels=line.channels,
            needs=line.needs,
            eligibility=self.eligibility(area_name),
            costs=self.costs(),
            languages=tuple(self.languages()),
            accessibility=tuple(self.accessibility()),
            coverage=(ServiceArea(self.id("area"), area_name, codes),),
            schedules=tuple(self.schedules()),
            locations=tuple(self.locations(codes)),
            wait=self.wait(),
            capacity=("open", "open", "open", "few", "open", "full")[self.pick("capacity", 6)] if line.wait else "open",
            application_process=wording.how_to_apply(line),
            interpretation_services="Interpreters by phone or face to face. Tell us your language." if "int" in line.marks else "",
            assurance=Assurance(self.assured, self.organization.name, ("owner", "phone call", "visit", "owner")[self.pick("how", 4)]),
            provenance=(Provenance(SOURCE, self.key, "MIT", "Invented for demonstration; no such service exists."),),
            sensitive=bool(_SENSITIVE & set(line.needs)),
            invented=True,
        )

    def area(self) -> tuple[str, tuple[str, ...]]:
        if self.line.where in AREAS:
            return AREAS[self.line.where]
        district = TOWNS[self.line.where].district
        return NAMES[district], (district,)

    def phones(self, owner: str) -> Iterator[Phone]:
        """Numbers of the ranges that Ofcom keeps for drama; no two services share one."""
        if {"phone", "in_person", "home_visit"} & set(self.line.channels):
            yield Phone(self.id("phone", owner), self.voice_number(), "Call us")
        if "text" in self.line.channels:
            yield Phone(self.id("text", owner), f"07700 900{self.number:03d}", "Text us", kind="text")

    def voice_number(self) -> str:
        if self.area()[1] == ("E09000004",):
            return f"020 7946 0{self.number:03d}"
        free_of_charge = "phone" in self.line.channels and self.line.where == "all"
        return f"0808 157 0{self.number:03d}" if free_of_charge else f"01632 960{self.number:03d}"

    def eligibility(self, area_name: str) -> Eligibility:
        line = self.line
        unsaid = not line.gender and not self.hub and self.pick("gender", 14) == 0
        return Eligibility(
            minimum_age=line.youngest,
            maximum_age=line.oldest,
            all_ages=line.youngest is None and line.oldest is None,
            genders=(line.gender,) if line.gender else (),
            genders_said=not unsaid,
            routes=line.routes,
            for_carers=True if "carers" in line.marks else None,
            description=wording.who_for(line, area_name),
        )

    def costs(self) -> tuple[CostOption, ...]:
        if self.line.cost == 0 and not self.hub and self.pick("cost unsaid", 25) == 0:
            return ()
        amount = self.line.cost
        words = "Free" if amount == 0 else f"£{amount:g} a session"
        return (CostOption(self.id("cost"), words, amount, "No charge." if amount == 0 else f"{words}. Ask us if you cannot pay."),)

    def languages(self) -> Iterator[Language]:
        yield Language(self.id("language", "en"), "en", "English")
        for code in self.line.languages:
            yield Language(self.id("language", code), code, wording.LANGUAGES[code])
        if "int" in self.line.marks:
            for code in _INTERPRETED:
                if code not in self.line.languages:
                    yield Language(self.id("language", code), code, wording.LANGUAGES[code], interpreter=True)

    def accessibility(self) -> Iterator[Accessibility]:
        kinds = ["easy_read"] if "er" in self.line.marks else []
        if "bfi" in self.line.languages:
            kinds.append("british_sign_language")
        for kind in kinds:
            yield Accessibility(self.id("access", kind), *wording.ACCESS[kind], kind)

    def schedules(self) -> Iterator[Schedule]:
        for number, slot in enumerate(self.line.slots):
            yield Schedule(
                self.id("schedule", number),
                "MONTHLY" if slot.monthly else "WEEKLY",
                slot.byday,
                slot.opens,
                slot.closes,
                description=wording.hours(slot),
                bank_holidays=self.bank_holidays(slot),
            )

    def bank_holidays(self, slot: Slot) -> str:
        if self.line.short in ("24", "X"):
            return "open"
        return "closed" if self.line.short in ("D", "L") or slot.monthly else ("closed", "", "closed")[self.pick("bank", 3)]

    def wait(self) -> Wait:
        """Said by the provider in the last days: what is only said expires in thirty."""
        if self.line.wait is None:
            return Wait()
        days = self.line.wait
        return Wait(days, "said", said_on=self.on - timedelta(days=self.pick("wait", 15)), words=wording.wait(days))

    def locations(self, codes: tuple[str, ...]) -> Iterator[ServiceAtLocation]:
        if "in_person" not in self.line.channels:
            return
        for town in self.towns(codes):
            yield ServiceAtLocation(self.id("at", town.key), self.place(town))

    def towns(self, codes: tuple[str, ...]) -> list[Town]:
        """Where people come: the named town, or some towns of the area, the larger ones of a service for all of it."""
        if self.line.where in TOWNS:
            return [TOWNS[self.line.where]]
        inside = [t for t in TOWNS.values() if t.district in codes]
        wanted = [TOWNS[key] for key in _HUB_TOWNS if TOWNS[key] in inside and (self.hub or self.pick(key, 3) == 0)]
        others = sorted((t for t in inside if t not in wanted), key=lambda t: _number(f"{t.key}:{self.key}", 10**9))
        chosen: dict[str, Town] = {}
        for town in (*wanted, *others):
            if len(chosen) < (6 if self.hub else 3):
                chosen.setdefault(town.district, town)
        return list(chosen.values())

    def place(self, town: Town) -> Location:
        """One house of the organisation in a town, at a postcode near its middle; several services share it."""
        owner = slug(self.organization.name)
        key = f"{owner}:{town.name}"
        around = self.near(town)
        postcode, latitude, longitude = around[_number(key, len(around))]
        street = ("Example Street", "Pretend Lane", "Sample Road", "Made-up Mews")[_number(key + "street", 4)]
        house = f"{1 + _number(key + 'house', 98)} {street}"
        address = Address(identifier("address", key), house, town.name, town.county, postcode)
        kinds = ["step_free", "accessible_toilet"] if _number(key + "steps", 6) or town.key in _HUB_TOWNS else []
        kinds += ["hearing_loop"] if _number(key + "loop", 3) == 0 else []
        kinds += ["parking"] if _number(key + "parking", 2) else []
        kinds += ["quiet_space"] if _number(key + "quiet", 4) == 0 else []
        return Location(
            identifier("location", key),
            f"{self.organization.name}, {town.name}",
            "physical",
            latitude,
            longitude,
            address,
            tuple(Accessibility(identifier("access", key, kind), *wording.ACCESS[kind], kind) for kind in kinds),
            transportation=wording.transport(town.name, _number(key + "bus", 4)),
            district=town.district,
        )
