"""What must be there always: the crisis page, the page for no connection, the worker that keeps both, the languages."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.urls import path

from esteem.directory.crisis.numbers import numbers
from esteem.directory.crisis.panel import About, panel
from esteem.web import assets
from esteem.web.find_help import answer_page
from esteem.web.languages import languages, say
from esteem.web.words import crisis_numbers
from esteem.web.words.find_help_state import State
from esteem.web.words.opening_words import day


def crisis(request: HttpRequest) -> HttpResponse:
    """Every number, for everyone: the same page with and without a connection."""
    state = State.of(request.GET)
    every = panel("crisis", About(age=state.age, other=True, abuse=True))
    blocks = {block.id: block for block in crisis_numbers.view(every).blocks}
    talk = crisis_numbers.BlockView(
        "talk", blocks["talk"].heading, (), tuple(crisis_numbers.line(one) for one in numbers() if one.group == "talk"), ()
    )
    order = [blocks["danger"], blocks["urgent"], talk, blocks["them"], blocks["seen"]]
    oldest = min(one.reviewed_on for one in numbers())
    context = {
        "title": say("Help in a crisis"),
        "blocks": order,
        "reviewed": day(oldest),
        "confirmed": all(one.confirmed for one in numbers()),
    }
    return answer_page(request, "find_help/crisis.jinja", state, context)


def offline(request: HttpRequest) -> HttpResponse:
    return answer_page(request, "find_help/offline.jinja", State(), {"title": say("No connection")})


def language_list(request: HttpRequest) -> HttpResponse:
    state = State.of(request.GET)
    rows = [vars(one) | {"address": state.but(lang=one.code).at("/find-help", whole=False)} for one in languages().values()]
    return answer_page(request, "find_help/languages.jinja", state, {"title": say("Languages"), "languages": rows})


def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker with the addresses of this version's style sheets written in, so that the pages it keeps look as they should."""
    kept = [assets.address(name) for name in (*assets.STYLE_SHEETS, "esteem/find_help.css", "esteem/find_help.js", "esteem/favicon.svg")]
    script = assets.all_assets()["esteem/service-worker.js"]
    text = script.content.decode().replace("/*ASSETS*/", ", ".join(json.dumps(one) for one in kept)).replace("VERSION", script.checksum)
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": "/find-help"})


def manifest(request: HttpRequest) -> HttpResponse:
    body = {
        "name": "Find help",
        "short_name": "Find help",
        "start_url": "/find-help",
        "scope": "/find-help",
        "display": "browser",
        "icons": [{"src": assets.address("esteem/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return HttpResponse(json.dumps(body), content_type="application/manifest+json")


routes = [
    path("find-help/crisis", crisis, name="find-help-crisis"),
    path("find-help/offline", offline),
    path("find-help/languages", language_list, name="find-help-languages"),
    path("find-help/service-worker.js", service_worker),
    path("find-help/manifest.webmanifest", manifest),
]
