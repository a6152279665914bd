"""A few invented services, enough to show each field, filter and trap of the feeds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from esteem.directory.record import (
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
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)

SOUTHEND, BEXLEY = "E06000033", "E09000004"
CHANGED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def uid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:test:{name}"))


ESTUARY = Organization(uid("estuary"), "Estuary Friends (invented)", "A made-up charity", "https://estuary.example.org")
HEATH = Organization(uid("heath"), "Heath Listening (invented)", "A made-up listening line", identifiers=(("ODS", "ZZ9"),))


def location(name: str, latitude: float, longitude: float, postcode: str, **other) -> Location:
    address = Address(uid(f"{name} address"), "1 High Street", name, "Essex", postcode)
    return Location(uid(name), f"{name} hall", latitude=latitude, longitude=longitude, address=address, **other)


def sadness_group(**other) -> Service:
    step_free = Accessibility(uid("step free"), "Step-free entrance", kind="step_free")
    hall = location("Southend-on-Sea", 51.538, 0.711, "SS1 1AB", accessibility=(step_free,))
    evening = Schedule(
        uid("evening"), byday="TU,TH", opens_at=time(18), closes_at=time(20, 30), description="Tuesday and Thursday evenings"
    )
    fields = {
        "id": uid("sadness"),
        "name": "Talking Tuesdays",
        "organization": ESTUARY,
        "description": "A friendly group for people who feel low.",
        "url": "https://estuary.example.org/talking",
        "phones": (Phone(uid("phone"), "01632 960001"),),
        "channels": ("in_person",),
        "needs": ("low-mood", "loneliness"),
        "eligibility": Eligibility(18, 65, description="Adults who live in Southend"),
        "costs": (CostOption(uid("cost"), "Free", 0.0, "Free to everyone"),),
        "languages": (Language(uid("english"), "en", "English"),),
        "coverage": (ServiceArea(uid("area"), "Southend-on-Sea", (SOUTHEND,)),),
        "schedules": (evening,),
        "locations": (ServiceAtLocation(uid("at hall"), hall, schedules=(evening,)),),
        "assurance": Assurance(date(2026, 11, 2), "Estuary Friends", "owner"),
        "last_modified": CHANGED,
        "invented": True,
    }
    return Service(**fields | other)


def night_line(**other) -> Service:
    nights = Schedule(uid("nights"), byday="SA,SU", opens_at=time(20), closes_at=time(2), description="Weekend nights, 8pm to 2am")
    fields = {
        "id": uid("night line"),
        "name": "Night Owl Line",
        "organization": HEATH,
        "description": "Someone to talk to at the weekend.",
        "contacts": (Contact(uid("contact"), "Listening team", phones=(Phone(uid("line"), "0808 157 0001"),)),),
        "channels": ("phone", "text"),
        "needs": ("anxiety",),
        "eligibility": Eligibility(minimum_age=16),
        "coverage": (ServiceArea(uid("england"), "England", ("E92000001",)),),
        "schedules": (nights,),
        "assurance": Assurance(date(2026, 10, 20), "Heath Listening", "phone call"),
        "last_modified": datetime(2026, 10, 20, 8, tzinfo=UTC),
    }
    return Service(**fields | other)


def refuge(**other) -> Service:
    """A safe house: even a record that wrongly holds a position must not give it away."""
    secret = location("Bexleyheath", 51.455, 0.145, "DA6 7AB", confidential=True)
    fields = {
        "id": uid("refuge"),
        "name": "Harbour House",
        "organization": ESTUARY,
        "description": "A safe place to stay.",
        "needs": ("domestic-abuse",),
        "coverage": (ServiceArea(uid("bexley"), "Bexley", (BEXLEY,)),),
        "locations": (ServiceAtLocation(uid("at refuge"), secret),),
        "assurance": Assurance(date(2026, 11, 1), "Estuary Friends", "owner"),
        "last_modified": datetime(2026, 11, 1, 8, tzinfo=UTC),
        "sensitive": True,
    }
    return Service(**fields | other)
