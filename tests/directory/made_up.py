"""Services for tests: small, made here by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from esteem.directory.record import (
    Address,
    Assurance,
    Contact,
    CostOption,
    Eligibility,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from esteem.terms.actors import Actor

AT = datetime(2026, 5, 11, 9, 30, tzinfo=UTC)
EDITOR = Actor("person", "directory team")


def uid(words: str) -> str:
    return str(uuid5(NAMESPACE_URL, words))


def organization(name: str = "Tidewell Trust", **others) -> Organization:
    return Organization(uid(name), name, "A made-up charity.", website="https://tidewell.example.org", kind="voluntary", **others)


def place(name: str = "Tidewell House", postcode: str = "SS1 1AA", **others) -> Location:
    address = Address(uid(name + "address"), "1 Test Street", "Southend-on-Sea", "Southend-on-Sea", postcode)
    return replace(Location(uid(name), name, "physical", 51.54, 0.71, address, district="E06000033"), **others)


def made_service(name: str = "Tidewell evening drop-in", **others) -> Service:
    """A whole service; `others` replace any of its fields."""
    full = Service(
        id=uid(name),
        name=name,
        organization=organization(),
        description="A warm room and someone to talk to.",
        url="https://tidewell.example.org/drop-in",
        email="hello@tidewell.example.org",
        phones=(Phone(uid(name + "phone"), "01632 960001"),),
        contacts=(Contact(uid(name + "contact"), "Front desk"),),
        channels=("in_person",),
        needs=("loneliness", "peer-support"),
        eligibility=Eligibility(minimum_age=18, genders_said=True),
        costs=(CostOption(uid(name + "cost"), "Free", 0.0),),
        languages=(Language(uid(name + "pa"), "pa", "Punjabi"),),
        coverage=(ServiceArea(uid(name + "area"), "Southend-on-Sea", ("E06000033",)),),
        schedules=(Schedule(uid(name + "schedule"), byday="TU,TH", opens_at=time(18), closes_at=time(21)),),
        locations=(ServiceAtLocation(uid(name + "at"), place()),),
        assurance=Assurance(date(2026, 5, 1), "Tidewell Trust", "owner"),
    )
    return replace(full, **others)
