"""How many forms one address may send in an hour: enough for everybody in a library, too few to fill the directory with noise.

Whose address it was is kept nowhere: counted are numbers made from it with a salt that lives in this process for a day, and the counts of
an hour are dropped with the hour. Several processes count each for itself.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from esteem.web import errors, security

AN_HOUR = 60  # forms from one address
_MOST_ADDRESSES = 50_000  # of an hour; what comes from further ones is let through rather than remembered
Clock = Callable[[], datetime]


class Limit:
    """`allows` counts as it answers. Safe between threads."""

    def __init__(self, most: int = AN_HOUR):
        self.most = most
        self._lock = Lock()
        self._day = self._hour = None
        self._salt = b""
        self._counts: dict[bytes, int] = {}

    def allows(self, address: str, at: datetime) -> bool:
        """Whether one more form may come from `address` in the hour of `at`."""
        with self._lock:
            self._turn(at)
            who = hashlib.blake2b(address.encode(), key=self._salt, digest_size=8).digest()
            sent = self._counts.get(who, 0)
            if sent or len(self._counts) < _MOST_ADDRESSES:
                self._counts[who] = sent + 1
            return sent < self.most

    def _turn(self, at: datetime) -> None:
        if at.date() != self._day:
            self._day, self._salt = at.date(), secrets.token_bytes(32)
        if (hour := (at.date(), at.hour)) != self._hour:
            self._hour, self._counts = hour, {}


_limit = Limit()


def limits_sending(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuses a form (429, with the seconds to wait) from an address that has sent too many in this hour. Reading is never limited."""

    def limiting(request: HttpRequest) -> HttpResponse:
        now = datetime.now(UTC)
        if request.method != "POST" or not security.WRITING.fullmatch(request.path) or _limit.allows(_address(request), now):
            return respond(request)
        response = errors.too_many(request)
        response["Retry-After"] = str(3600 - now.minute * 60 - now.second)
        return response

    return limiting


def _address(request: HttpRequest) -> str:
    """The sender's. Behind our own proxy (ESTEEM_HTTPS) it is what the proxy wrote last; otherwise nobody's word is taken for it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        return told or request.META.get("REMOTE_ADDR", "")
    return request.META.get("REMOTE_ADDR", "")
