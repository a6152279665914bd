"""The directory as FHIR R4 at /fhir/R4: HealthcareService, Location and Organization, read and search, and what this server can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from esteem import __version__
from esteem.directory import fhir
from esteem.directory.open_feed import Feed, searchable
from esteem.web import directory_reading

ROOT = "fhir/R4"
FEW, MOST = 50, 500
_TYPE = "application/fhir+json; charset=utf-8"


@dataclass(frozen=True)
class Kind:
    """A resource type: how its resources are made, by id, and what may be asked of them (parameter -> test of a resource)."""

    resources: Callable[[Feed], dict[str, dict]]
    parameters: dict[str, Callable[[dict, str], bool]]


class _Wrong(Exception):
    def __init__(self, status: int, code: str, words: str):
        self.status, self.code, self.words = status, code, words


def _services(feed: Feed) -> dict[str, dict]:
    return {service.id: fhir.as_healthcare_service(service, feed.scheme) for service in feed.all}


def _locations(feed: Feed) -> dict[str, dict]:
    return {place.location.id: fhir.as_location(place.location, service.organization) for place, service in feed.places.values()}


def _organizations(feed: Feed) -> dict[str, dict]:
    return {one.id: fhir.as_organization(one) for one in feed.organizations}


def _begins(resource: dict, text: str) -> bool:
    """FHIR's string search: a word of the name begins with the text, whatever its case."""
    name, wanted = searchable(resource.get("name", "")), searchable(text)
    return name.startswith(wanted) or f" {wanted}" in name


def _refers(name: str) -> Callable[[dict, str], bool]:
    def test(resource: dict, text: str) -> bool:
        found = resource.get(name, [])
        wanted = text.split("/")[-1]
        return any(one["reference"].split("/")[-1] == wanted for one in (found if isinstance(found, list) else [found]))

    return test


def _coded(name: str) -> Callable[[dict, str], bool]:
    """A token, `code` or `system|code`."""

    def test(resource: dict, text: str) -> bool:
        system, _, code = text.rpartition("|")
        codings = [coding for concept in resource.get(name, []) for coding in concept.get("coding", [])]
        return any(coding["code"] == code and system in ("", coding["system"]) for coding in codings)

    return test


def _identified(resource: dict, text: str) -> bool:
    system, _, value = text.rpartition("|")
    return any(one["value"] == value and system in ("", one["system"]) for one in resource.get("identifier", []))


def _at_postcode(resource: dict, text: str) -> bool:
    return searchable(resource.get("address", {}).get("postalCode", "")).startswith(searchable(text))


def _in_city(resource: dict, text: str) -> bool:
    return searchable(resource.get("address", {}).get("city", "")).startswith(searchable(text))


def _active(resource: dict, text: str) -> bool:
    return str(resource.get("active", True)).lower() == text.lower()


def _is(resource: dict, text: str) -> bool:
    return resource["id"] in text.lower().split(",")


_EVERY = {"_id": _is, "name": _begins, "identifier": _identified}
KINDS = {
    "HealthcareService": Kind(
        _services,
        _EVERY
        | {
            "active": _active,
            "organization": _refers("providedBy"),
            "location": _refers("location"),
            "service-type": _coded("type"),
        },
    ),
    "Location": Kind(
        _locations,
        _EVERY | {"organization": _refers("managingOrganization"), "address-postalcode": _at_postcode, "address-city": _in_city},
    ),
    "Organization": Kind(_organizations, _EVERY | {"active": _active}),
}


def _endpoint(work: Callable[..., dict]) -> Callable[..., HttpResponse]:
    @wraps(work)
    def view(request: HttpRequest, **parts) -> HttpResponse:
        try:
            body, status = work(request, **parts), 200
        except _Wrong as wrong:
            body, status = fhir.operation_outcome(wrong.code, wrong.words), wrong.status
        options = {"ensure_ascii": False}
        return JsonResponse(
            body, status=status, content_type=_TYPE, json_dumps_params=options, headers={"Cache-Control": "public, max-age=300"}
        )

    return view


@_endpoint
def metadata(request: HttpRequest) -> dict:
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": date.today().isoformat(),
        "kind": "instance",
        "software": {"name": "Esteem", "version": __version__},
        "implementation": {"description": "Esteem's directory of services", "url": request.build_absolute_uri(f"/{ROOT}")},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{"mode": "server", "resource": [_ability(name, kind) for name, kind in KINDS.items()]}],
    }


def _ability(name: str, kind: Kind) -> dict:
    types = {"_id": "token", "name": "string", "identifier": "token", "active": "token", "service-type": "token"}
    types |= {"organization": "reference", "location": "reference"}
    searches = [{"name": parameter, "type": types.get(parameter, "string")} for parameter in kind.parameters]
    return {"type": name, "interaction": [{"code": "read"}, {"code": "search-type"}], "searchParam": searches}


@_endpoint
def read(request: HttpRequest, kind: str, identifier: str) -> dict:
    found = _resources(kind).get(identifier.lower())
    if not found:
        raise _Wrong(404, "not-found", f"There is no {kind} with the id {identifier[:80]}.")
    return found


@_endpoint
def search(request: HttpRequest, kind: str) -> dict:
    resources, tests = list(_resources(kind).values()), []
    for name, value in request.GET.items():
        if name in ("_count", "_page", "_format"):
            continue
        test = KINDS[kind].parameters.get(name)
        if not test:
            known = ", ".join(KINDS[kind].parameters)
            raise _Wrong(400, "not-supported", f"{kind} is not searched by {name[:40]}. It is searched by: {known}.")
        tests.append((test, value))
    found = [resource for resource in resources if all(test(resource, value) for test, value in tests)]
    return _bundle(request, kind, found)


def _resources(kind: str) -> dict[str, dict]:
    if kind not in KINDS:
        raise _Wrong(404, "not-supported", f"This server has {', '.join(KINDS)}; it has no {kind[:40]}.")
    return directory_reading.made_of_feed(KINDS[kind].resources)


def _bundle(request: HttpRequest, kind: str, found: list[dict]) -> dict:
    size, page = min(_number(request, "_count", FEW), MOST), _number(request, "_page", 1)
    own = request.build_absolute_uri(f"/{ROOT}/{kind}")

    def address(number: int) -> str:
        asked = [(name, value) for name, value in request.GET.items() if name != "_page"]
        return f"{own}?{urlencode([*asked, ('_page', number)])}"

    links = [{"relation": "self", "url": request.build_absolute_uri()}]
    links += [{"relation": "next", "url": address(page + 1)}] if page * size < len(found) else []
    entries = [
        {"fullUrl": f"{own}/{resource['id']}", "resource": resource, "search": {"mode": "match"}}
        for resource in found[(page - 1) * size : page * size]
    ]
    body = {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": links}
    return body | ({"entry": entries} if entries else {})


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):
        raise _Wrong(400, "invalid", f"{name} is a whole number from 1; found {text[:40]}.")
    return int(text)


routes = [
    path(f"{ROOT}/metadata", metadata, name="fhir"),
    path(f"{ROOT}/<str:kind>", search),
    path(f"{ROOT}/<str:kind>/<str:identifier>", read),
]
