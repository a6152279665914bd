"""What a browser may do with our pages: everything from this site, nothing from elsewhere, no scripts, no frames."""

from __future__ import annotations

import re

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "script-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


HEADERS = {
    "Content-Security-Policy": _written(CONTENT_SECURITY_POLICY),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# Find help keeps pages for when there is no connection and leaves a page fast; its scripts are our own files.
_WITH_OWN_SCRIPTS = CONTENT_SECURITY_POLICY | {
    "script-src": "'self'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
}
FIND_HELP = {"Content-Security-Policy": _written(_WITH_OWN_SCRIPTS), "Referrer-Policy": "no-referrer"}
# What another site may show in a frame of its own: results of find help, and nothing else.
EMBEDDED = {
    "Content-Security-Policy": _written(CONTENT_SECURITY_POLICY | {"frame-ancestors": "*"}),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


# Addresses that take a form. A browser that tells no referrer sends forms from nowhere, which Django refuses: here it tells our own site.
WRITING = re.compile(r"/find-help/(found|crisis/wrong|services/[0-9a-f-]{36}/wrong|confirm/[\w:.=-]+|edit/[\w:.=-]+)")


def of(path: str) -> dict[str, str]:
    """The headers of an answer at this address."""
    if WRITING.fullmatch(path):
        return HEADERS | FIND_HELP | {"Referrer-Policy": "same-origin"}
    if path.startswith("/find-help/embed"):
        return {name: value for name, value in HEADERS.items() if name != "X-Frame-Options"} | EMBEDDED
    return HEADERS | FIND_HELP if path.startswith("/find-help") else HEADERS
