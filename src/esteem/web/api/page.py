"""/api: every endpoint with its parameters and an example, for people, made from the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.evidence.definitions import all_measures
from esteem.web import reading
from esteem.web.api.application import ROOT, document


@dataclass(frozen=True)
class Parameter:
    name: str
    needed: bool
    words: str


@dataclass(frozen=True)
class Endpoint:
    """`example` is an address that answers."""

    address: str
    summary: str
    words: str
    parameters: tuple[Parameter, ...]
    example: str


def endpoints() -> dict[str, list[Endpoint]]:
    """Endpoints by subject, in the order of the document."""
    found: dict[str, list[Endpoint]] = {}
    for address, operations in document()["paths"].items():
        operation = operations["get"]
        found.setdefault(operation["tags"][0], []).append(_endpoint(address, operation))
    return found


def _endpoint(address: str, operation: dict) -> Endpoint:
    said = operation["parameters"]
    given = {one["name"]: one["example"] for one in said if one["in"] == "query" and one["required"]}
    example = address.format(**_known()) + (f"?{urlencode(given)}" if given else "")
    parameters = tuple(Parameter(one["name"], one["required"], one.get("description", "")) for one in said if one["in"] == "query")
    return Endpoint(address, operation["summary"], operation["description"], parameters, example)


def _known() -> dict[str, str]:
    """What stands for the named parts of an address in an example: the first that this installation has."""
    strategies = reading.strategies()
    first = next(iter(strategies.values()), None)
    edition = reading.snapshot().rows("select edition from editions order by edition limit 1")
    return {
        "strategy": first.id if first else "strategy",
        "row": first.promises[0].row if first else "E01",
        "measure": next(iter(all_measures())),
        "code": "E92000001",
        "edition": edition[0]["edition"] if edition else "edition",
    }


def show(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "Figures for programs (API)",
        "section": "api",
        "subjects": endpoints(),
        "document": f"{ROOT}openapi.json",
        "breadcrumbs": [("Home", "/")],
    }
    return render(request, "api.jinja", context)


routes = [path("api", show, name="api")]
