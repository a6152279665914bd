"""What the directory holds of a service, as values: the shape that search, pages, feeds and checks share. They know no database.

Names and meanings are those of the Human Services Data Specification 3.0 and its UK profile (Open Referral UK 3.0); what is ours beyond
them is said so. Identifiers are UUIDs as text. An empty text means that nobody has said; unknown is never an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

CHANNELS = ("in_person", "phone", "text", "online", "home_visit")
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
# States of an entry, find-help design section 7. `stale` is moved down and said so; `hidden` is kept for staff alone.
STATES = ("draft", "published", "due", "stale", "hidden", "closed")
ROUTES_IN = ("self", "drop_in", "gp", "professional", "school", "social_care", "any")


@dataclass(frozen=True)
class Phone:
    id: str
    number: str
    description: str = ""  # what the number is for
    extension: str = ""
    kind: str = "voice"  # voice, text (SMS), textphone


@dataclass(frozen=True)
class Contact:
    """Whom to ask for. Personal names and personal addresses of staff are not published: `name` is a role or a team."""

    id: str
    name: str = ""
    title: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """Local time (Europe/London). A row without times says on which days only, and never makes a service open now.

    `freq` WEEKLY or MONTHLY; `byday` like "MO,TU" or, with MONTHLY, "2MO,-1FR"; a `closes_at` before `opens_at` is past midnight;
    00:00 to 23:59 is the whole day. `bank_holidays`: open, closed or empty (not said).
    """

    id: str
    freq: str = "WEEKLY"
    byday: str = ""
    opens_at: time | None = None
    closes_at: time | None = None
    interval: int = 1
    dtstart: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    bymonthday: str = ""
    description: str = ""
    notes: str = ""
    bank_holidays: str = ""


@dataclass(frozen=True)
class Address:
    id: str
    address_1: str
    city: str
    state_province: str
    postal_code: str
    country: str = "GB"
    address_type: str = "physical"


@dataclass(frozen=True)
class Accessibility:
    id: str
    description: str = ""
    details: str = ""
    kind: str = ""  # ours: step_free, hearing_loop, accessible_toilet, easy_read, british_sign_language, quiet_space, parking


@dataclass(frozen=True)
class Location:
    """`confidential`: the address is never stored here (refuges, safe houses); the location is virtual with an area name."""

    id: str
    name: str = ""
    location_type: str = "physical"  # physical, postal, virtual
    latitude: float | None = None
    longitude: float | None = None
    address: Address | None = None
    accessibility: tuple[Accessibility, ...] = ()
    external_identifier: str = ""
    external_identifier_type: str = ""
    transportation: str = ""
    district: str = ""  # code of the local authority district in which it lies (E07..., E06..., E09...)
    confidential: bool = False


@dataclass(frozen=True)
class ServiceAtLocation:
    id: str
    location: Location
    description: str = ""
    schedules: tuple[Schedule, ...] = ()
    phones: tuple[Phone, ...] = ()


@dataclass(frozen=True)
class Organization:
    id: str
    name: str
    description: str
    website: str = ""
    email: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()  # (identifier_type, identifier), e.g. ("ODS", "R1L")
    kind: str = ""  # ours: nhs, council, voluntary, national, private


@dataclass(frozen=True)
class CostOption:
    id: str
    option: str = ""
    amount: float | None = None  # pounds; 0 is free
    amount_description: str = ""


@dataclass(frozen=True)
class Language:
    """`code` is BCP 47 (`pa`, `bfi` British Sign Language). `interpreter`: through an interpreter on request."""

    id: str
    code: str
    name: str
    interpreter: bool = False


@dataclass(frozen=True)
class ServiceArea:
    """Where people must live. `areas`: codes of districts, wards, small areas or countries (E92000001 = all England)."""

    id: str
    name: str
    areas: tuple[str, ...] = ()
    extent: str = ""  # GeoJSON text
    extent_type: str = ""


@dataclass(frozen=True)
class Eligibility:
    """Who may use the service. None or empty: not said, which is `check`, never `no`.

    `genders`: of women, men, non_binary; empty = everyone or not said (`genders_said` tells). `registered_with`: codes of councils or
    practices of which one must be a resident or patient. `conditions_in`, `conditions_out`: need ids that admit or exclude.
    """

    minimum_age: int | None = None
    maximum_age: int | None = None
    all_ages: bool = False  # said to be for every age
    genders: tuple[str, ...] = ()
    genders_said: bool = False
    registered_with: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    conditions_in: tuple[str, ...] = ()
    conditions_out: tuple[str, ...] = ()
    for_carers: bool | None = None
    description: str = ""  # eligibility_description of HSDS


@dataclass(frozen=True)
class Assurance:
    """That somebody with authority said "this is right": when, who (organisation or role), how (owner, council, phone call, visit)."""

    assured_on: date | None = None
    by: str = ""
    how: str = ""


@dataclass(frozen=True)
class Wait:
    """Observed from referrals (median days, how many), or said by the provider, with the day; what is only said expires in 30 days."""

    days: int | None = None
    kind: str = ""  # observed, said
    referrals: int | None = None
    said_on: date | None = None
    words: str = ""


@dataclass(frozen=True)
class Provenance:
    """Where a record came from. `licence` and `attribution` are shown with it."""

    source: str  # name of the source, e.g. "csv:st-annes.csv" or the feed's address
    source_id: str = ""
    licence: str = ""
    attribution: str = ""
    imported_on: date | None = None


@dataclass(frozen=True)
class Service:
    """One service with everything that belongs to it. `invented`: made up for demonstration; every page that shows it says so.

    `layer`: `services`, or `community` for places (libraries, hospital sites) that a national list names and nobody here has confirmed.
    `channels` of CHANNELS: how help is given. `needs`: one to four ids of the needs scheme. `coverage` empty: not said.
    """

    id: str
    name: str
    organization: Organization
    description: str = ""
    summary: str = ""  # ours: own words in plain English, reading age at most 9
    what_happens_next: str = ""  # ours
    status: str = "active"
    state: str = "published"
    layer: str = "services"
    url: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()
    channels: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    eligibility: Eligibility = field(default_factory=Eligibility)
    costs: tuple[CostOption, ...] = ()
    languages: tuple[Language, ...] = ()
    accessibility: tuple[Accessibility, ...] = ()
    coverage: tuple[ServiceArea, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    locations: tuple[ServiceAtLocation, ...] = ()
    wait: Wait = field(default_factory=Wait)
    capacity: str = ""  # ours: open, few, full, closed_to_new
    application_process: str = ""
    interpretation_services: str = ""
    alert: str = ""
    assurance: Assurance = field(default_factory=Assurance)
    last_modified: datetime | None = None
    provenance: tuple[Provenance, ...] = ()
    sensitive: bool = False  # neutral page title, no-store, leave-this-page button
    invented: bool = False

    @property
    def free(self) -> bool | None:
        """True or False when the costs say so, None when nobody has said."""
        amounts = [cost.amount for cost in self.costs if cost.amount is not None]
        return None if not amounts else min(amounts) == 0
