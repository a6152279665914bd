"""One page of the site, asked in this process through its WSGI door: the same middleware and the same words as over HTTP."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Reply:
    """`kind` is the media type without its parameters; `location` where a redirect leads, else empty."""

    status: int
    kind: str
    location: str
    body: bytes

    @property
    def is_page(self) -> bool:
        return self.kind == "text/html"


def visit(address: str) -> Reply:
    """The site's answer to GET `address` (path and query). Raises Problem `page-failed` for an answer of 500 or more."""
    from esteem.web.wsgi import application  # starts Django

    told: dict = {}

    def start_response(status: str, headers: list[tuple[str, str]], failure=None) -> None:
        told.update(status=int(status.split()[0]), headers={name.lower(): value for name, value in headers})

    parts = application(_environment(address), start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    if told["status"] >= 500:
        raise Problem(
            "page-failed",
            "Every page that an edition holds can be served.",
            f"{address} answers {told['status']}",
            "Look at the log above for the reason. Nothing was written.",
        )
    headers = told["headers"]
    return Reply(told["status"], headers.get("content-type", "").split(";")[0], headers.get("location", ""), body)


def _environment(address: str) -> dict:
    parts = urlsplit(address)
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, "latin-1") if parts.path.isascii() else parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": _host(),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _host() -> str:
    """A name that the site answers to, whatever it was set to answer to."""
    from django.conf import settings

    return next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
