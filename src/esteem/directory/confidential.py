"""Addresses that are never kept: refuges, safe houses, and whatever a publisher marks as confidential.

Every write passes here (`actions/keeping.py`), so a feed that publishes a refuge's address by mistake does not make us publish it again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import NAMESPACE_URL, uuid5

from esteem.directory.record import Location, Service, ServiceAtLocation

_ACCOMMODATION = re.compile(
    r"\b(refuges?|safe[ -]?houses?|safe accommodation|emergency accommodation|women'?s shelters?|move-on (homes?|accommodation))\b", re.I
)
# "help to find a refuge", "refuge referrals", "does not run a refuge": the office of an adviser is no refuge, and its address may be known.
_ONLY_ABOUT_ONE = re.compile(
    r"\b(find(ing)?|get(ting)? into|refer(red|rals?)?( you)? to|places? in|no|not (run|have)|ask about|look for)"
    r"( you)?( a| an| any| the| safe)*\s+(refuges?|safe house)",
    re.I,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2}\b", re.I)


def is_refuge(service: Service) -> bool:
    """Help with abuse at home that gives somewhere to stay."""
    if "domestic-abuse" not in service.needs:
        return False
    words = " ".join((service.name, service.summary, service.description))
    return ("housing" in service.needs and bool(re.search(r"\brefuge|safe house|accommodation|shelter", words, re.I))) or bool(
        _ACCOMMODATION.search(_ONLY_ABOUT_ONE.sub(" ", words))
    )


def without_secret_places(service: Service) -> Service:
    """The service as it may be kept: no address, coordinates or postcode of a place that must not be found."""
    refuge = is_refuge(service)
    secret = [at for at in service.locations if refuge or at.location.confidential]
    if not secret:
        return service
    told = tuple(words for at in secret for words in _address_words(at.location))
    held = tuple(_hidden(at, told) if at in secret else at for at in service.locations)
    words = {name: _unsaid(getattr(service, name), told) for name in ("description", "summary", "what_happens_next", "application_process")}
    return replace(service, locations=held, **words)


def _hidden(at: ServiceAtLocation, told: tuple[str, ...]) -> ServiceAtLocation:
    """The place with its area alone, built anew: what is not named here is not kept.

    It gets an identifier of its own, so that an office that shares the house keeps its address and the refuge none.
    """
    place = at.location
    hidden_already = place.confidential and not place.address
    area = place.name if hidden_already else place.address.city if place.address else ""
    kept = Location(
        place.id if hidden_already else str(uuid5(NAMESPACE_URL, f"kept private:{place.id}")),
        area or "Address not given out, to keep people safe",
        "virtual",
        accessibility=place.accessibility,
        district=place.district,
        confidential=True,
    )
    return replace(at, location=kept, description=_unsaid(at.description, told))


def _address_words(place: Location) -> tuple[str, ...]:
    address = place.address
    return tuple(words for words in (address.address_1, address.postal_code) if len(words) > 3) if address else ()


def _unsaid(text: str, told: tuple[str, ...]) -> str:
    """The text without the street and without any postcode."""
    for words in told:
        text = re.sub(re.escape(words), "(address kept private)", text, flags=re.I)
    return _POSTCODE.sub("(address kept private)", text)
