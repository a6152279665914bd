"""Keeping services: the one place where rows of services, organisations and places are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from esteem.directory import queries
from esteem.directory.actions.events import event
from esteem.directory.body import to_body
from esteem.directory.confidential import without_secret_places
from esteem.directory.record import Location, Organization, Service, ServiceAtLocation
from esteem.store import directory as kept
from esteem.store.transactions import together
from esteem.terms.actors import Actor

_AT_ONCE = 400
_COLUMNS = ("id", "name", "organization", "locations", "status", "state", "layer", "last_modified", "invented", "sensitive")
_SERVICE_FIELDS = (
    *("organization_id", "name", "status", "state", "layer", "minimum_age", "maximum_age", "free", "assured_on", "last_modified"),
    *("invented", "sensitive", "body"),
)
_LOCATION_FIELDS = ("name", "location_type", "latitude", "longitude", "postcode", "district", "confidential", "external_identifier", "body")


@dataclass
class Kept:
    """How many services were new, changed and the same as before."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.new + other.new, self.changed + other.changed, self.same + other.same)


def keep_services(services: Iterable[Service], *, by: Actor, at: datetime, why: str = "") -> Kept:
    """Write services that are new or differ from what is kept, each with its event; all of them or none.

    A changed service gets `at` as its `last_modified`; one that says the same leaves no trace at all.
    """
    done = Kept()
    with together():
        portion: list[Service] = []
        for service in services:
            portion.append(without_secret_places(service))
            if len(portion) == _AT_ONCE:
                done += _keep(portion, by, at, why)
                portion = []
        if portion:
            done += _keep(portion, by, at, why)
    return done


def keep_service(service: Service, *, by: Actor, at: datetime, why: str = "") -> Service:
    """Write one service; gives it as it is kept now."""
    keep_services([service], by=by, at=at, why=why)
    return queries.service(service.id)


def _keep(services: list[Service], by: Actor, at: datetime, why: str) -> Kept:
    services = list({s.id: s for s in services}.values())
    before = queries.services_by_id(s.id for s in services)
    new = [replace(s, last_modified=at) for s in services if s.id not in before]
    changed = [replace(s, last_modified=at) for s in services if s.id in before and not _same(s, before[s.id])]
    if new or changed:
        _keep_organizations({s.organization.id: s.organization for s in (*new, *changed)})
        _keep_locations({a.location.id: a.location for s in (*new, *changed) for a in s.locations})
        kept.Service.objects.bulk_create([_row(s) for s in new])
        kept.Service.objects.bulk_update([_row(s) for s in changed], _SERVICE_FIELDS, batch_size=100)
        _keep_parts(new, changed)
        kept.Event.objects.bulk_create(
            [event("added", "service", s.id, by=by, at=at, why=why, name=s.name) for s in new]
            + [_change(before[s.id], s, by, at, why) for s in changed]
        )
    return Kept(len(new), len(changed), len(services) - len(new) - len(changed))


def _same(one: Service, other: Service) -> bool:
    return replace(one, last_modified=None) == replace(other, last_modified=None)


def _change(old: Service, new: Service, by: Actor, at: datetime, why: str) -> kept.Event:
    before, after = to_body(old, ("last_modified",)), to_body(new, ("last_modified",))
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    what = {("state",): "moved", ("assurance",): "assured", ("assurance", "state"): "assured"}.get(tuple(names), "changed")
    old_values = {name: before.get(name) for name in names}
    return event(what, "service", new.id, by=by, at=at, why=why, before=old_values, **{name: after.get(name) for name in names})


def _row(service: Service) -> kept.Service:
    return kept.Service(
        id=service.id,
        organization_id=service.organization.id,
        name=service.name,
        status=service.status,
        state=service.state,
        layer=service.layer,
        minimum_age=service.eligibility.minimum_age,
        maximum_age=service.eligibility.maximum_age,
        free=service.free,
        assured_on=service.assurance.assured_on,
        last_modified=service.last_modified,
        invented=service.invented,
        sensitive=service.sensitive,
        body=to_body(service, _COLUMNS),
    )


def _keep_organizations(organizations: dict[str, Organization]) -> None:
    rows = [kept.Organization(id=o.id, name=o.name, kind=o.kind, body=to_body(o, ("id", "name"))) for o in organizations.values()]
    _upsert(kept.Organization, rows, ("name", "kind", "body"))


def _keep_locations(locations: dict[str, Location]) -> None:
    _upsert(kept.Location, [_location_row(place) for place in locations.values()], _LOCATION_FIELDS)


def _location_row(place: Location) -> kept.Location:
    return kept.Location(
        id=place.id,
        name=place.name,
        location_type=place.location_type,
        latitude=place.latitude,
        longitude=place.longitude,
        postcode=place.address.postal_code if place.address else "",
        district=place.district,
        confidential=place.confidential,
        external_identifier=place.external_identifier,
        body=to_body(place, ("id",)),
    )


def _upsert(model, rows: list, update: tuple[str, ...]) -> None:
    if rows:
        model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=list(update))


def _keep_parts(new: list[Service], changed: list[Service]) -> None:
    """Places, needs and areas of services: written anew where something changed."""
    ids = [s.id for s in changed]
    for part in (kept.ServiceAtLocation, kept.ServiceNeed, kept.ServiceCoverage):
        part.objects.filter(service_id__in=ids).delete()
    every = (*new, *changed)
    kept.ServiceAtLocation.objects.bulk_create([_at(s.id, position, a) for s in every for position, a in enumerate(s.locations)])
    kept.ServiceNeed.objects.bulk_create([kept.ServiceNeed(service_id=s.id, need=need) for s in every for need in dict.fromkeys(s.needs)])
    kept.ServiceCoverage.objects.bulk_create(
        [
            kept.ServiceCoverage(service_id=s.id, area=code)
            for s in every
            for code in dict.fromkeys(code for area in s.coverage for code in area.areas)
        ]
    )


def _at(service_id: str, position: int, at: ServiceAtLocation) -> kept.ServiceAtLocation:
    return kept.ServiceAtLocation(
        id=at.id, service_id=service_id, location_id=at.location.id, position=position, body=to_body(at, ("id", "location"))
    )
