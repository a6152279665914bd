"""What happens to every request: the day to look back to, Problems turned into pages, security headers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from esteem.terms.problems import Problem, Problems
from esteem.web import as_at, errors, languages, security

READING = ("GET", "HEAD")
Respond = Callable[[HttpRequest], HttpResponse]


def security_headers(respond: Respond) -> Respond:
    """Outermost: no answer leaves without these headers, an error page included."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        for name, value in security.of(request.path).items():
            response.headers.setdefault(name, value)
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", security.STRICT_TRANSPORT)
        # Figures change when a load ends: a browser may keep a page, but asks (by ETag) before it shows it again.
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return with_headers


def reading_only(respond: Respond) -> Respond:
    """Refuses every method but reading, save at `security.WRITING`: `writes: yes` in tests/contracts/doors.csv."""

    def refusing(request: HttpRequest) -> HttpResponse:
        if request.method in READING or (request.method == "POST" and security.WRITING.fullmatch(request.path)):
            return respond(request)
        response = errors.not_allowed(request)
        response["Allow"] = ", ".join(READING)
        return response

    return refusing


def in_the_language_asked(respond: Respond) -> Respond:
    """`?lang=cy` on a page of find help: everything we say ourselves on it is said in that language."""

    def speaking(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/find-help"):
            return respond(request)
        token = languages.speak(request.GET.get("lang", ""))
        try:
            return respond(request)
        finally:
            languages.restore(token)

    return speaking


class AsAtAndProblems:
    """Gives each request `as_at` (a date or None), and shows a Problem as a page that begins with what to do."""

    def __init__(self, respond: Respond):
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.as_at = None
        request.get_host()  # raises for a name this site does not answer to: no other site may speak through ours
        try:
            request.as_at = as_at.read(request.GET.get(as_at.PARAMETER))
        except Problem as wrong:
            return errors.problem(request, wrong)
        return self.respond(request)

    def process_exception(self, request: HttpRequest, wrong: Exception) -> HttpResponse | None:
        if isinstance(wrong, Problem):
            return errors.problem(request, wrong)
        if isinstance(wrong, Problems):
            return errors.problem(request, *wrong.problems)
        return None
