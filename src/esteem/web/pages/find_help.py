"""Find help: the start, the four questions, one service, the saved list. Results are in `find_help_results.py`.

Nothing here needs an account, a cookie or a script. What a person has told stands in the address (words/find_help_state.py).
"""

from __future__ import annotations

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import segno
from django.http import HttpRequest, HttpResponse
from django.urls import path

from esteem.directory import record
from esteem.directory.eligible import eligibility
from esteem.directory.needs import scheme
from esteem.directory.opening import open_at
from esteem.terms.problems import Problem
from esteem.web import directory_reading
from esteem.web.find_help import answer_page, knows_something, person_of, travel_to
from esteem.web.languages import say, spoken
from esteem.web.printing import entries_pdf
from esteem.web.words import find_help_choices as choices
from esteem.web.words import find_help_paper as paper
from esteem.web.words.find_help_results import reason_words
from esteem.web.words.find_help_state import State, code_of
from esteem.web.words.opening_words import now_words
from esteem.web.words.service_view import service_view

LONDON = ZoneInfo("Europe/London")
HOME = ("Find help", "/find-help")


def start(request: HttpRequest) -> HttpResponse:
    state = State.of(request.GET)
    context = {"title": say("Find help"), "groups": choices.need_groups(scheme(), state.but(q="", needs=()))}
    return answer_page(request, "find_help/start.jinja", state, context | {"trail": []})


# ---------------------------------------------------------------- four questions


def step(request: HttpRequest, name: str) -> HttpResponse:
    if name not in choices.STEPS:
        raise Problem("step-unknown", "There are four questions: who, what, where and when.", name, "Begin at /find-help/questions/who.")
    state = State.of(request.GET)
    made = choices.step(name, state, scheme(), directory_reading.districts())
    context = vars(made) | {"choice_groups": made.groups, "postcode_form": made.postcode_form}
    if name == "where":
        context["place_problem"] = directory_reading.place_problem(state.postcode)
    return answer_page(request, "find_help/step.jinja", state, context)


# ---------------------------------------------------------------- one service


def service(request: HttpRequest, identifier: str) -> HttpResponse:
    found, state = directory_reading.service(identifier), State.of(request.GET)
    now = datetime.now(LONDON)
    view = service_view(found, now.date())
    known = eligibility(found, person_of(state)) if knows_something(state) else None
    code = code_of(found.id)
    here = f"/find-help/services/{found.id}"
    context = {
        "title": say("A service") if found.sensitive else found.name,
        "view": view,
        "eligible": known,
        "eligible_words": say(choices.ELIGIBLE[known.answer]) if known else "",
        "reasons": [reason_words(one) for one in known.reasons] if known else [],
        "opening": now_words(open_at(_schedules(found), now), now),
        "travel": travel_to(found, state),
        "needs": [
            {"label": scheme().find(need).label, "address": state.but(q="", needs=(need,)).at("/find-help/results")} for need in found.needs
        ],
        "saved": code in state.saved,
        "save_address": state.saving(code).at(here),
        "drop_address": state.dropping(code).at(here),
        "wrong_address": state.at(f"{here}/wrong", whole=False),
        "history_address": state.at(f"{here}/history", whole=False),
        "sensitive": found.sensitive,
        "invented": found.invented,
    }
    if state.asked:
        context["trail"] = [HOME, (say("Results"), state.at("/find-help/results"))]
    return answer_page(request, "find_help/service.jinja", state, context)


def _schedules(found: record.Service) -> tuple[record.Schedule, ...]:
    return (*found.schedules, *(one for place in found.locations for one in place.schedules))


# ---------------------------------------------------------------- the saved list


def saved_list(request: HttpRequest) -> HttpResponse:
    state = State.of(request.GET)
    services, missing = directory_reading.by_codes(state.saved)
    now = datetime.now(LONDON)
    rows = [
        {
            "view": service_view(found, now.date()),
            "hours": paper.hours_of(found),
            "address": state.at(f"/find-help/services/{found.id}", whole=False),
            "drop": state.dropping(code_of(found.id)).at("/find-help/list", whole=False),
        }
        for found in services
    ]
    context = {
        "title": say("Your list"),
        "rows": rows,
        "gone": say("Some services on this list have closed or been taken out.") if missing else "",
        "pdf": state.at("/find-help/list.pdf", whole=False),
        "qr": state.at("/find-help/list.svg", whole=False),
        "share": state.at("/find-help/list", whole=False),
        "forget": State(lang=state.lang).at("/find-help/list", whole=False),
        "invented": any(found.invented for found in services),
        "sensitive": any(found.sensitive for found in services),
    }
    return answer_page(request, "find_help/list.jinja", state, context)


def _list_address(request: HttpRequest, state: State) -> str:
    return request.build_absolute_uri(state.at("/find-help/list", whole=False))


def saved_list_pdf(request: HttpRequest) -> HttpResponse:
    state = State.of(request.GET)
    services, _ = directory_reading.by_codes(state.saved)
    if not services:
        raise Problem("list-missing", "A list to print holds at least one service.", "an empty list", "Save a service first.")
    today = datetime.now(LONDON).date()
    made = paper.saved_list(services, today, spoken(), qr=_qr(_list_address(request, state)))
    return _pdf(entries_pdf.one_page(made), "help-list.pdf")


def saved_list_qr(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        _qr(_list_address(request, State.of(request.GET))), content_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )


def _qr(address: str) -> str:
    made = io.BytesIO()
    segno.make(address, error="m").save(made, kind="svg", scale=4, dark="#000", light="#fff", xmldecl=False)
    return made.getvalue().decode()


def _pdf(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


# ---------------------------------------------------------------- booklets


def booklet(request: HttpRequest) -> HttpResponse:
    state = State.of(request.GET)
    context = {
        "title": say("Make a booklet"),
        "districts": directory_reading.districts(),
        "audiences": [(key, say(words)) for key, words in paper.AUDIENCES.items()],
    }
    return answer_page(request, "find_help/booklet.jinja", state, context)


def booklet_pdf(request: HttpRequest) -> HttpResponse:
    area, audience = request.GET.get("area", ""), request.GET.get("audience", "everyone")
    if audience not in paper.AUDIENCES:
        raise Problem("audience-unknown", f"A booklet is for one of: {', '.join(paper.AUDIENCES)}.", audience[:40])
    name, services = directory_reading.of_area(area, request.GET.get("around", "").strip())
    if not services:
        raise Problem("booklet-missing", "A booklet holds at least one service.", name, "Choose a wider area.")
    today = datetime.now(LONDON).date()
    made = paper.booklet(services, name, audience, scheme(), today, spoken())
    return _pdf(entries_pdf.booklet(made, large_print=request.GET.get("print") == "large"), f"help-{area or 'all'}-{audience}.pdf")


routes = [
    path("find-help", start, name="find-help"),
    path("find-help/list", saved_list, name="find-help-list"),
    path("find-help/list.pdf", saved_list_pdf),
    path("find-help/list.svg", saved_list_qr),
    path("find-help/booklet", booklet, name="find-help-booklet"),
    path("find-help/booklet.pdf", booklet_pdf),
    path("find-help/services/<uuid:identifier>", service, name="find-help-service"),
    path("find-help/questions/<slug:name>", step, name="find-help-step"),
]
