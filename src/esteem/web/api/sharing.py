"""Public figures may be read by a page of any site (CORS); no other address of ours may."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from esteem.web.errors import API
from esteem.web.middleware import Respond

_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def open_to_other_sites(respond: Respond) -> Respond:
    """Stands inside `security_headers`, which leaves headers that are set already as they are; errors are readable too.

    Endpoints know GET alone: HEAD is answered as GET would be, without the body.
    """

    def with_headers(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API):
            return respond(request)
        bare = request.method == "HEAD"
        request.method = "GET" if bare else request.method
        response = respond(request)
        for name, value in _HEADERS.items():
            response[name] = value
        if bare and response.streaming:
            response.streaming_content = ()
        elif bare:
            response["Content-Length"], response.content = str(len(response.content)), b""
        return response

    return with_headers
