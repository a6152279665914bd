"""Services as FHIR R4 resources: HealthcareService, Location, Organization. Reading only; HL7 FHIR R4 (4.0.1).

Needs go out as `type` codes of our own scheme. What FHIR cannot say (the third Tuesday of a month, "usually open on Tuesdays") is in words
in `availabilityExceptions`; nothing is claimed as an available time that the record does not claim.
"""

from __future__ import annotations

from datetime import UTC, time

from esteem.directory import record
from esteem.directory.needs import NeedsScheme
from esteem.directory.openreferral import kept

NEEDS_SYSTEM = "urn:esteem:needs"
_DAYS = {"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}
_ORDER = tuple(_DAYS)
_PROVISION = "http://terminology.hl7.org/CodeSystem/service-provision-conditions"
_LANGUAGES = "urn:ietf:bcp:47"
_IDENTIFIERS = {"ODS": "https://fhir.nhs.uk/Id/ods-organization-code", "ODS site": "https://fhir.nhs.uk/Id/ods-site-code"}
_LAST = time(23, 59)


def as_healthcare_service(service: record.Service, scheme: NeedsScheme) -> dict:
    return {"resourceType": "HealthcareService"} | kept(
        id=service.id,
        meta=_meta(service),
        identifier=[{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{service.id}"}],
        active=service.status == "active",
        providedBy={"reference": f"Organization/{service.organization.id}", "display": service.organization.name},
        type=[
            {"coding": [{"system": NEEDS_SYSTEM, "code": need, "display": scheme.find(need).label}], "text": scheme.find(need).label}
            for need in service.needs
            if need in scheme.by_id
        ],
        location=[kept(reference=f"Location/{place.location.id}", display=place.location.name) for place in service.locations],
        name=service.name,
        comment=service.summary,
        extraDetails=service.description,
        telecom=_telecom(service.phones, service.email, service.url),
        serviceProvisionCode=[_coded(_PROVISION, "free", "Free")] if service.free else [],
        eligibility=[{"comment": words} for words in [_who(service.eligibility)] if words],
        communication=[_coded(_LANGUAGES, one.code, one.name) for one in service.languages],
        referralMethod=[{"text": route.replace("_", " ")} for route in service.eligibility.routes],
        availableTime=[row for one in _schedules(service) for row in _available(one)],
        availabilityExceptions="; ".join(one.description for one in _schedules(service) if not _available(one) and one.description),
    )


def as_location(location: record.Location, organization: record.Organization) -> dict:
    """A confidential place has a name of an area and nothing that could lead there."""
    hidden = location.confidential
    address = None if hidden else location.address
    position = None if hidden or location.latitude is None or location.longitude is None else location
    return {"resourceType": "Location"} | kept(
        id=location.id,
        identifier=[] if hidden or not location.external_identifier else [_identifier(location)],
        status="active",
        name=location.name,
        mode="instance",
        address=kept(
            line=[address.address_1],
            city=address.city,
            district=address.state_province,
            postalCode=address.postal_code,
            country=address.country,
        )
        if address
        else None,
        position={"latitude": position.latitude, "longitude": position.longitude} if position else None,
        managingOrganization={"reference": f"Organization/{organization.id}"},
    )


def as_organization(organization: record.Organization) -> dict:
    return {"resourceType": "Organization"} | kept(
        id=organization.id,
        identifier=[{"system": _IDENTIFIERS.get(kind, f"urn:esteem:{kind}"), "value": value} for kind, value in organization.identifiers],
        active=True,
        name=organization.name,
        telecom=_telecom((), organization.email, organization.website),
    )


def operation_outcome(code: str, words: str) -> dict:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code, "diagnostics": words}]}


def _meta(service: record.Service) -> dict | None:
    at = service.last_modified
    tags = [{"system": "urn:esteem:tags", "code": "invented", "display": "Made up for demonstration"}] if service.invented else []
    return kept(lastUpdated=at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None, tag=tags) or None


def _coded(system: str, code: str, display: str) -> dict:
    return {"coding": [kept(system=system, code=code, display=display)]}


def _identifier(location: record.Location) -> dict:
    kind = location.external_identifier_type
    return {"system": _IDENTIFIERS.get(kind, f"urn:esteem:{kind or 'location'}"), "value": location.external_identifier}


def _telecom(phones: tuple[record.Phone, ...], email: str, url: str) -> list[dict]:
    made = [{"system": "sms" if phone.kind == "text" else "phone", "value": phone.number} for phone in phones]
    return made + [{"system": system, "value": value} for system, value in (("email", email), ("url", url)) if value]


def _who(eligibility: record.Eligibility) -> str:
    least, most = eligibility.minimum_age, eligibility.maximum_age
    ages = "" if least is None and most is None else f"Ages {0 if least is None else least} to {'any' if most is None else most}"
    return ". ".join(words for words in (ages, eligibility.description) if words)


def _schedules(service: record.Service) -> list[record.Schedule]:
    return [*service.schedules, *(one for place in service.locations for one in place.schedules)]


def _available(schedule: record.Schedule) -> list[dict]:
    """Weekly hours as FHIR's available times. Hours that run past midnight become two rows, as FHIR knows single days only."""
    days = [day for day in (part.strip() for part in schedule.byday.split(",")) if day in _DAYS]
    opens, closes = schedule.opens_at, schedule.closes_at
    if schedule.freq != "WEEKLY" or schedule.interval != 1 or not days or opens is None or closes is None:
        return []
    if opens == time(0) and closes >= _LAST:
        return [{"daysOfWeek": [_DAYS[day] for day in days], "allDay": True}]
    if closes > opens:
        return [_hours(days, opens, closes)]
    following = [_ORDER[(_ORDER.index(day) + 1) % 7] for day in days]
    return [_hours(days, opens, _LAST)] + ([_hours(following, time(0), closes)] if closes > time(0) else [])


def _hours(days: list[str], opens: time, closes: time) -> dict:
    return {"daysOfWeek": [_DAYS[day] for day in days], "availableStartTime": opens.isoformat(), "availableEndTime": closes.isoformat()}
