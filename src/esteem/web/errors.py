"""Pages for what went wrong. Each begins with what to do; the API's addresses get the same as problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from esteem.terms.problems import Problem

API = ("/api/", "/oruk", "/fhir")  # addresses for programs: what goes wrong there is told as problem+json
log = logging.getLogger("esteem.web")


@dataclass(frozen=True)
class Words:
    """`todo` is the heading: what the reader can do. `what` says what happened."""

    status: int
    todo: str
    what: str


NOT_FOUND = Words(404, "Check the address, or search", "There is no page at this address. It may have been typed wrongly or moved.")
BAD_REQUEST = Words(400, "Check the address or what you typed", "Esteem could not read this request.")
NOT_ALLOWED = Words(405, "Read this address instead", "Nothing can be sent or changed here: this address can only be read.")
FORBIDDEN = Words(403, "Go back and send the form again", "The form was open for too long, or came from another site.")
TOO_MANY = Words(
    429, "Wait an hour, then send it again", "Many forms were sent from your connection in this hour. Nothing else is affected."
)
FAILED = Words(500, "Try again in a minute", "Something failed inside Esteem. The figures are safe; the failure is in the log.")


def status_of(code: str) -> int:
    """HTTP status of a Problem by its code: what does not exist 404, what cannot be read 503, any other mistake in a request 400."""
    if code in ("snapshot-missing", "snapshot-damaged", "asset-missing"):
        return 503
    return 404 if code.endswith(("-unknown", "-missing")) else 400


def problem(request: HttpRequest, *wrong: Problem) -> HttpResponse:
    """The page (or problem+json) for Problems met while answering: the words of each, the first one's remedy as the heading."""
    status = status_of(wrong[0].code)
    words = Words(status, (wrong[0].remedy or (NOT_FOUND if status == 404 else BAD_REQUEST).todo).rstrip("."), wrong[0].rule)
    return _answer(request, words, wrong)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, BAD_REQUEST)


def not_allowed(request: HttpRequest) -> HttpResponse:
    return _answer(request, NOT_ALLOWED)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, FORBIDDEN)


def too_many(request: HttpRequest) -> HttpResponse:
    return _answer(request, TOO_MANY)


def failed(request: HttpRequest) -> HttpResponse:
    log.error("failed: %s %s", request.method, request.path)
    return _answer(request, FAILED)


def _answer(request: HttpRequest, words: Words, wrong: tuple[Problem, ...] = ()) -> HttpResponse:
    if request.path.startswith(API):
        return _as_json(words, wrong)
    context = {"words": words, "problems": wrong, "section": ""}
    return render(request, "error.jinja", context, status=words.status)


def _as_json(words: Words, wrong: tuple[Problem, ...]) -> JsonResponse:
    body = {
        "type": f"urn:esteem:problem:{wrong[0].code}" if wrong else "about:blank",
        "title": HTTPStatus(words.status).phrase,
        "status": words.status,
        "detail": words.what,
        **({name: getattr(wrong[0], name) for name in ("code", "found", "remedy")} if wrong else {}),
        "problems": [one.as_dict() for one in wrong],
    }
    return JsonResponse(body, status=words.status, content_type="application/problem+json")
