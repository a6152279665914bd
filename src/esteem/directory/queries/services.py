"""Services, organisations, places, and what happened to them, as the values of `record.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from esteem.directory.body import from_body
from esteem.directory.record import Location, Organization, Service, ServiceAtLocation
from esteem.store import directory as kept
from esteem.terms.problems import Problem

# What residents may see. `stale` entries say so and stand lower; drafts, hidden and closed ones are for staff.
SHOWN = ("published", "due", "stale")
_AT_ONCE = 2000
_FEW = 50
_COLUMNS = ("id", "organization_id", "name", "status", "state", "layer", "last_modified", "invented", "sensitive", "body")


def services(*, states: Iterable[str] = SHOWN, layer: str | None = None) -> Iterator[Service]:
    """Every service in one of `states`, in the order of their names; `layer` None means every layer. 50,000 take a few seconds."""
    rows = kept.Service.objects.filter(state__in=tuple(states))
    if layer is not None:
        rows = rows.filter(layer=layer)
    yield from _read(rows.order_by("name", "id"))


def services_since(known: Iterable[Service], *, states: Iterable[str] = SHOWN) -> list[Service]:
    """As `services`, reading only what has changed since `known` was read, and what shares an organisation or a place with that."""
    held = {one.id: one for one in known}
    rows = kept.Service.objects.filter(state__in=tuple(states)).order_by("name", "id").values_list("id", "last_modified", "state")
    now = list(rows.iterator(chunk_size=_AT_ONCE))
    changed = {id_ for id_, at, state in now if id_ not in held or (held[id_].last_modified, held[id_].state) != (at, state)}
    if len(changed) > len(now) // 4:  # a whole pass is quicker then
        return list(services(states=states))
    fresh = services_by_id(changed)
    told = [*fresh.values(), *(held[id_] for id_ in changed if id_ in held)]  # as they stand, and as they stood
    organizations_met = {one.organization.id for one in told}
    places_met = {at.location.id for one in told for at in one.locations}
    beside = [
        one.id
        for one in held.values()
        if one.id not in fresh and (one.organization.id in organizations_met or any(at.location.id in places_met for at in one.locations))
    ]
    fresh |= services_by_id(beside)
    return [fresh.get(id_) or held[id_] for id_, _, _ in now if id_ in fresh or id_ in held]


def services_by_id(ids: Iterable[str]) -> dict[str, Service]:
    """Those of `ids` that are kept, whatever their state."""
    found: dict[str, Service] = {}
    for some in _portions(list(dict.fromkeys(ids))):
        rows = kept.Service.objects.filter(id__in=some)
        links = kept.ServiceAtLocation.objects.filter(service_id__in=some)
        owners = kept.Organization.objects.filter(services__in=rows).distinct() if len(some) < _FEW else None
        found |= {s.id: s for s in _read(rows, links, owners)}
    return found


def service(service_id: str) -> Service:
    """One service, whatever its state. Raises Problem `service-unknown`."""
    found = services_by_id([service_id]).get(service_id)
    if found is None:
        rule = "A service is asked for by the identifier it has in the directory."
        raise Problem("service-unknown", rule, service_id[:60], "Search for it by name; it may have been closed or merged.")
    return found


def organizations() -> list[Organization]:
    return sorted(_organizations(kept.Organization.objects).values(), key=lambda o: (o.name, o.id))


def locations() -> list[Location]:
    return sorted(_locations(kept.Location.objects).values(), key=lambda p: (p.name, p.id))


def count(*, states: Iterable[str] = SHOWN, layer: str | None = None) -> int:
    rows = kept.Service.objects.filter(state__in=tuple(states))
    return (rows.filter(layer=layer) if layer is not None else rows).count()


def newest_change() -> datetime | None:
    """When a service was last changed; a reader that keeps something made from them asks whether it is still that."""
    return kept.Service.objects.order_by("-last_modified").values_list("last_modified", flat=True).first()


def newest_invented_assurance() -> date | None:
    """The latest day of assurance among invented entries that are shown; None when there are none."""
    rows = kept.Service.objects.filter(invented=True, state__in=SHOWN).order_by("-assured_on")
    return rows.values_list("assured_on", flat=True).first()


@dataclass(frozen=True)
class Happened:
    """One event, as the history of a record shows it."""

    at: datetime
    actor_kind: str
    actor: str
    what: str
    why: str
    before: dict[str, Any]
    after: dict[str, Any]


def history(service_id: str) -> list[Happened]:
    """What happened to a service, newest first."""
    rows = kept.Event.objects.filter(subject="service", subject_id=service_id).order_by("-at", "-id")
    return [Happened(*row) for row in rows.values_list("at", "actor_kind", "actor", "what", "why", "before", "after")]


@dataclass(frozen=True)
class SourceSays:
    source: str
    source_id: str
    imported_on: date
    body: dict[str, Any]


def said_by_sources(service_id: str) -> list[SourceSays]:
    """What each publisher said of a service when it was last read."""
    rows = kept.SourceRecord.objects.filter(service_id=service_id).order_by("source", "source_id")
    return [SourceSays(*row) for row in rows.values_list("source", "source_id", "imported_on", "body")]


def services_of_sources(source: str, source_ids: Iterable[str]) -> dict[str, str]:
    """Which service each record of a source became: source id -> service id."""
    found: dict[str, str] = {}
    for some in _portions(list(source_ids)):
        rows = kept.SourceRecord.objects.filter(source=source, source_id__in=some)
        found |= dict(rows.values_list("source_id", "service_id"))
    return found


@dataclass(frozen=True)
class Conflict:
    """One field on which publishers of one service differ: what each says, with its day."""

    field: str
    said: tuple[tuple[str, date, Any], ...]  # (source, day, value)


_NOT_COMPARED = {"id", "last_modified", "provenance", "assurance", "state", "organization", "locations", "schedules", "contacts"}


def conflicts(service_id: str) -> list[Conflict]:
    """Fields on which two publishers say different things. A publisher that says nothing of a field contradicts nobody."""
    said = said_by_sources(service_id)
    names = sorted({name for one in said for name in one.body} - _NOT_COMPARED)
    found = []
    for name in names:
        values = [(one.source, one.imported_on, _without_ids(one.body[name])) for one in said if name in one.body]
        if any(value != values[0][2] for _, _, value in values):
            found.append(Conflict(name, tuple(values)))
    return found


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_ids(v) for k, v in value.items() if k != "id"}
    return [_without_ids(v) for v in value] if isinstance(value, list) else value


def _read(rows, links=None, owners=None) -> Iterator[Service]:
    """Services with everything that belongs to them, in a handful of statements whatever their number."""
    at = _places_of_services(kept.ServiceAtLocation.objects if links is None else links)
    organizations_held = _organizations(kept.Organization.objects if owners is None else owners)
    for row in rows.values_list(*_COLUMNS).iterator(chunk_size=_AT_ONCE):
        held = dict(zip(_COLUMNS, row, strict=True))
        body, organization = held.pop("body"), held.pop("organization_id")
        yield from_body(Service, body, organization=organizations_held[organization], locations=tuple(at.get(held["id"], ())), **held)


def _places_of_services(links) -> dict[str, list[ServiceAtLocation]]:
    rows = list(links.order_by("service_id", "position").values_list("service_id", "id", "location_id", "body"))
    wanted = {row[2] for row in rows}
    every = len(wanted) > _AT_ONCE
    places = _locations(kept.Location.objects if every else kept.Location.objects.filter(id__in=wanted))
    at: dict[str, list[ServiceAtLocation]] = defaultdict(list)
    for service_id, link_id, location_id, body in rows:
        at[service_id].append(from_body(ServiceAtLocation, body, id=link_id, location=places[location_id]))
    return at


def _organizations(rows) -> dict[str, Organization]:
    return {id_: from_body(Organization, body, id=id_, name=name) for id_, name, body in rows.values_list("id", "name", "body")}


def _locations(rows) -> dict[str, Location]:
    return {id_: from_body(Location, body, id=id_) for id_, body in rows.values_list("id", "body")}


def _portions(items: list, size: int = 500) -> Iterator[list]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
