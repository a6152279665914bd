"""Keeping the directory true: something wrong, what has changed, one click of the owner, the edit form, how fresh it all is."""

from __future__ import annotations

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from esteem.directory import actions, queries
from esteem.terms.problems import Problem
from esteem.web import directory_reading
from esteem.web.find_help import answer_page
from esteem.web.forms.service_edit import ServiceEdit
from esteem.web.languages import say
from esteem.web.mail import unsigned
from esteem.web.words import directory_health
from esteem.web.words.find_help_state import State
from esteem.web.words.service_view import service_view

LONDON = ZoneInfo("Europe/London")


def _now() -> datetime:
    return datetime.now(LONDON)


def wrong(request: HttpRequest, identifier: object) -> HttpResponse:
    """The form for anybody who finds a mistake; nothing of the sender is kept."""
    found, state = directory_reading.service(identifier), State.of(request.GET)
    kind, words, problem = request.POST.get("kind", ""), request.POST.get("words", ""), ""
    if request.method == "POST":
        try:
            report = actions.report_wrong(found.id, kind, words, code=actions.tracking_code(secrets.token_bytes(8)), at=_now())
        except Problem as refused:
            problem = say("Choose what is wrong") if refused.code == "report-kind-unknown" else str(refused)
        else:
            return redirect(f"/find-help/reports/{report.code}")
    context = {
        "title": say("Something wrong with this entry?"),
        "service": found,
        "kinds": [(key, say(text)) for key, text in actions.REPORT_KINDS.items()],
        "kind": kind,
        "words": words,
        "problem": problem,
        "trail": [("Find help", "/find-help"), (found.name, f"/find-help/services/{found.id}")],
    }
    return answer_page(request, "find_help/wrong.jinja", state, context)


def report(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.report(code.upper())
    context = {"title": say("Your report"), "report": found, "kind": say(actions.REPORT_KINDS[found.kind])}
    return answer_page(request, "find_help/report.jinja", State.of(request.GET), context)


def history(request: HttpRequest, identifier: object) -> HttpResponse:
    found = directory_reading.service(identifier)
    context = {
        "title": say("What has changed"),
        "service": found,
        "rows": directory_health.history_rows(queries.history(found.id)),
        "conflicts": directory_health.conflict_rows(queries.conflicts(found.id)),
        "trail": [("Find help", "/find-help"), (found.name, f"/find-help/services/{found.id}")],
    }
    return answer_page(request, "find_help/history.jinja", State.of(request.GET), context)


# ---------------------------------------------------------------- the owner's link


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a reminder. Opening it changes nothing, since mail programs open links by themselves; one click does."""
    now, plain = _now(), unsigned(token)
    if request.method == "POST":
        done = actions.answer_by_link(plain, request.POST.get("answer", ""), at=now)
        context = {"title": say("Thank you"), "service": done, "closed": done.state == "closed"}
        return answer_page(request, "find_help/confirmed.jinja", State(), context)
    link = queries.link(plain, now)
    found = queries.service(link.service_id)
    context = {"title": say("Is this still right?"), "service": found, "view": service_view(found, now.date()), "token": token}
    return answer_page(request, "find_help/confirm.jinja", State(), context)


def edit(request: HttpRequest, token: str) -> HttpResponse:
    """The owner's form. What they send confirms the entry as well; claims about who may come are looked at by the team afterwards."""
    now, plain = _now(), unsigned(token)
    link = queries.link(plain, now)
    found = queries.service(link.service_id)
    form = ServiceEdit.of(found) if request.method == "GET" else ServiceEdit.sent(request.POST)
    if request.method == "POST" and not form.problems():
        done = actions.change_by_link(plain, form.applied_to(found), looked_at=form.to_look_at(found), at=now)
        return answer_page(request, "find_help/confirmed.jinja", State(), {"title": say("Thank you"), "service": done, "closed": False})
    context = {"title": say("Change your entry"), "service": found, "form": form, "problems": form.problems() if request.POST else {}}
    return answer_page(request, "find_help/edit.jinja", State(), context)


def for_services(request: HttpRequest) -> HttpResponse:
    return answer_page(request, "find_help/for_services.jinja", State.of(request.GET), {"title": say("For services")})


# ---------------------------------------------------------------- how it all stands


def freshness(request: HttpRequest) -> HttpResponse:
    names = directory_reading.places().names
    context = {"title": say("How up to date this directory is")} | directory_health.freshness(_now().date(), names)
    return answer_page(request, "find_help/freshness.jinja", State.of(request.GET), context)


def unmet(request: HttpRequest) -> HttpResponse:
    names = directory_reading.places().names
    context = {"title": say("What people looked for and did not find")} | directory_health.unmet(_now().date(), names)
    return answer_page(request, "find_help/unmet.jinja", State.of(request.GET), context)


def found_help(request: HttpRequest) -> HttpResponse:
    """ "Did you find help?": counted by need and wide area, nothing else."""
    state = State.of(request.GET)
    if request.method == "POST":
        state = State.of(request.POST)
        place = directory_reading.place(state.postcode)
        for need in state.needs:
            actions.count_help(need, place.district if place else "", found=request.POST.get("answer") == "yes", at=_now())
        return answer_page(request, "find_help/thanks.jinja", state, {"title": say("Thank you")})
    return answer_page(request, "find_help/found.jinja", state, {"title": say("Did you find help?")})


def panel_wrong(request: HttpRequest) -> HttpResponse:
    """That the panel for a crisis did not fit: a tally, never the words."""
    if request.method == "POST":
        actions.count_help("crisis-panel", "", found=False, at=_now())
        return answer_page(request, "find_help/thanks.jinja", State(), {"title": say("Thank you")})
    return answer_page(request, "find_help/panel_wrong.jinja", State.of(request.GET), {"title": say("The crisis numbers did not fit")})


routes = [
    path("find-help/services/<uuid:identifier>/wrong", wrong),
    path("find-help/services/<uuid:identifier>/history", history),
    path("find-help/reports/<str:code>", report),
    path("find-help/confirm/<str:token>", confirm),
    path("find-help/edit/<str:token>", edit),
    path("find-help/for-services", for_services),
    path("find-help/freshness", freshness),
    path("find-help/unmet", unmet),
    path("find-help/found", found_help),
    path("find-help/crisis/wrong", panel_wrong),
]
