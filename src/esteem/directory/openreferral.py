"""Services as Open Referral UK 3.0 writes them (HSDS-UK-3.0), and as nothing else: the wire format beside what it maps.

Fields that the UK schema lacks but HSDS 3.0 has go out under their HSDS names; what is ours alone begins with `esteem_`. Empty optional
fields are left out: the standard's validator refuses null. Source: openreferraluk.org/specifications/3.0; traps in the design of find help.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from esteem.directory import record
from esteem.directory.needs import Need, NeedsScheme, term_id, term_uri

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"
_LOCAL = ZoneInfo("Europe/London")
_AREA_TYPES = ("geojson", "topojson", "kml", "text")


def taxonomy_id(scheme: NeedsScheme) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:esteem:taxonomies/{scheme.id}"))


def group_id(group: str) -> str:
    return term_id(f"groups/{group}")


def kept(**fields) -> dict:
    """The fields that say something. A zero and a False do; None, empty texts and empty lists do not."""
    return {name: value for name, value in fields.items() if value is not None and value != "" and value != [] and value != {}}


# ---------------------------------------------------------------- taxonomy


def as_taxonomy(scheme: NeedsScheme) -> dict:
    return kept(id=taxonomy_id(scheme), name=scheme.name, description=scheme.description or scheme.name, version=scheme.version)


def as_terms(scheme: NeedsScheme) -> list[dict]:
    """Every term of the scheme: the groups first, which have no parent, then the needs."""
    taxonomy = {"taxonomy": scheme.name, "taxonomy_id": taxonomy_id(scheme)}
    groups = [
        kept(id=group_id(group.id), name=group.label, description=f"Needs about {group.label.lower()}", **taxonomy)
        for group in scheme.groups
    ]
    return groups + [as_term(scheme, need) for need in scheme.needs]


def as_term(scheme: NeedsScheme, need: Need) -> dict:
    return kept(
        id=term_id(need.id),
        name=need.label,
        description="; ".join(need.says) or need.label,
        parent_id=group_id(need.group),
        taxonomy=scheme.name,
        taxonomy_id=taxonomy_id(scheme),
        term_uri=term_uri(need.id),
    )


# ---------------------------------------------------------------- services


def as_service(service: record.Service, scheme: NeedsScheme, on: date) -> dict:
    """One service with everything that belongs to it. `on`: the day whose clock offset its hours carry."""
    return as_listed(service) | kept(
        schedules=[as_schedule(one, on, service_id=service.id) for one in service.schedules],
        service_areas=[_area(one, service.id) for one in service.coverage],
        service_at_locations=[as_service_at_location(one, service, scheme, on, whole=False) for one in service.locations],
        languages=[_language(one, service.id) for one in service.languages],
        organization=as_organization(service.organization),
        cost_options=[_cost(one, service.id) for one in service.costs],
        contacts=_contacts(service),
        phones=[_phone(one) for one in service.phones],
        attributes=_attributes(service, scheme),
    )


def as_listed(service: record.Service) -> dict:
    """The one-to-one fields, with the organisation's own in brief, as lists carry them."""
    who = service.eligibility
    return kept(
        id=service.id,
        organization_id=service.organization.id,
        name=service.name,
        description=service.description or service.summary,
        url=service.url,
        email=service.email,
        status=service.status,
        minimum_age=who.minimum_age,
        maximum_age=who.maximum_age,
        eligibility_description=who.description,
        wait_time=service.wait.words,
        application_process=service.application_process,
        interpretation_services=service.interpretation_services,
        fees_description="; ".join(cost.amount_description for cost in service.costs if cost.amount_description),
        alert=service.alert,
        assured_date=service.assurance.assured_on.isoformat() if service.assurance.assured_on else None,
        last_modified=_moment(service.last_modified),
        organization=kept(
            id=service.organization.id,
            name=service.organization.name,
            description=service.organization.description or service.organization.name,
        ),
        esteem_channels=list(service.channels),
        esteem_genders=list(who.genders),
        esteem_routes=list(who.routes),
        esteem_needs=list(service.needs),
        esteem_accessibility=sorted({one.kind for one in _all_accessibility(service) if one.kind}),
        esteem_capacity=service.capacity,
        esteem_invented=True if service.invented else None,
    )


def as_organization(organization: record.Organization) -> dict:
    return kept(
        id=organization.id,
        name=organization.name,
        description=organization.description or organization.name,
        website=organization.website,
        email=organization.email,
        organization_identifiers=[
            {"id": _own(organization.id, kind, identifier), "identifier_type": kind, "identifier": identifier}
            for kind, identifier in organization.identifiers
        ],
    )


def as_service_at_location(
    place: record.ServiceAtLocation, service: record.Service, scheme: NeedsScheme, on: date, *, whole: bool = True
) -> dict:
    """A service at one of its locations; `whole` brings the service along, for the list that is not read from a service."""
    made = kept(
        id=place.id,
        service_id=service.id,
        location_id=place.location.id,
        description=place.description,
        schedules=[as_schedule(one, on, service_at_location_id=place.id) for one in place.schedules],
        phones=[_phone(one) for one in place.phones],
        location=as_location(place.location),
    )
    return made | ({"service": as_service_in_brief(service, scheme)} if whole else {})


def as_service_in_brief(service: record.Service, scheme: NeedsScheme) -> dict:
    return as_listed(service) | kept(attributes=_attributes(service, scheme))


def as_location(location: record.Location) -> dict:
    """A confidential location keeps its name of an area and nothing that could lead there."""
    if location.confidential:
        return kept(id=location.id, location_type="virtual", name=location.name)
    return kept(
        id=location.id,
        location_type=location.location_type,
        name=location.name,
        latitude=location.latitude,
        longitude=location.longitude,
        external_identifier=location.external_identifier,
        external_identifier_type=location.external_identifier_type,
        transportation=location.transportation,
        addresses=[_address(location.address)] if location.address else [],
        accessibility=[_accessibility(one, location.id) for one in location.accessibility],
    )


def as_schedule(schedule: record.Schedule, on: date, **owner: str) -> dict:
    """Times carry the offset of Europe/London on the day `on`, as the schema's own text asks."""
    return kept(
        id=schedule.id,
        **owner,
        freq=schedule.freq,
        byday=schedule.byday,
        bymonthday=schedule.bymonthday,
        interval=schedule.interval if schedule.interval != 1 else None,
        opens_at=_time(schedule.opens_at, on),
        closes_at=_time(schedule.closes_at, on),
        dtstart=schedule.dtstart.isoformat() if schedule.dtstart else None,
        valid_from=schedule.valid_from.isoformat() if schedule.valid_from else None,
        valid_to=schedule.valid_to.isoformat() if schedule.valid_to else None,
        description=schedule.description,
        notes=schedule.notes,
    )


def _time(at: time | None, on: date) -> str | None:
    return None if at is None else datetime.combine(on, at, _LOCAL).isoformat(timespec="minutes")[11:]


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _own(*parts: str) -> str:
    """An identifier for what our record keeps without one: the same each time."""
    return str(uuid5(NAMESPACE_URL, "urn:esteem:" + "/".join(parts)))


def _address(address: record.Address) -> dict:
    return kept(
        id=address.id,
        address_1=address.address_1,
        city=address.city,
        state_province=address.state_province,
        postal_code=address.postal_code,
        country=address.country,
        address_type=address.address_type,
    )


def _accessibility(one: record.Accessibility, location: str) -> dict:
    return kept(id=one.id, location_id=location, description=one.description, details=one.details, esteem_kind=one.kind)


def _all_accessibility(service: record.Service) -> list[record.Accessibility]:
    return [*service.accessibility, *(one for place in service.locations for one in place.location.accessibility)]


def _area(area: record.ServiceArea, service: str) -> dict:
    known = area.extent_type in _AREA_TYPES
    return kept(
        id=area.id,
        service_id=service,
        name=area.name,
        extent=area.extent if known else None,
        extent_type=area.extent_type if known else None,
        esteem_areas=list(area.areas),
    )


def _language(language: record.Language, service: str) -> dict:
    note = "through an interpreter" if language.interpreter else None
    return kept(id=language.id, service_id=service, code=language.code, name=language.name, note=note)


def _cost(cost: record.CostOption, service: str) -> dict:
    named = {"option": cost.option, "amount": cost.amount, "amount_description": cost.amount_description}
    return kept(id=cost.id, service_id=service, currency="GBP" if cost.amount else None, **named)


def _phone(phone: record.Phone, contact: str = "") -> dict:
    text = phone.kind if phone.kind != "voice" else None
    return kept(id=phone.id, contact_id=contact, number=phone.number, extension=phone.extension, description=phone.description, type=text)


def _contacts(service: record.Service) -> list[dict]:
    """The service's contacts; its own telephone numbers stand under one of them, where the UK schema looks for them."""
    made = [_contact(one, one.phones, service.id) for one in service.contacts]
    if service.phones and not any(one.phones for one in service.contacts):
        own = record.Contact(_own(service.id, "contact"), name=service.organization.name, email=service.email)
        made.append(_contact(own, service.phones, service.id))
    return made


def _contact(contact: record.Contact, phones: tuple[record.Phone, ...], service: str) -> dict:
    words = {"name": contact.name, "title": contact.title, "email": contact.email}
    return kept(id=contact.id, service_id=service, phones=[_phone(one, contact.id) for one in phones], **words)


def _attributes(service: record.Service, scheme: NeedsScheme) -> list[dict]:
    known = scheme.by_id
    return [
        {
            "id": _own(service.id, "need", need),
            "link_id": service.id,
            "link_type": "service",
            "taxonomy_term_id": term_id(need),
            "taxonomy_term": as_term(scheme, known[need]),
        }
        for need in service.needs
        if need in known
    ]
