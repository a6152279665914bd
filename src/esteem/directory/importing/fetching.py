"""Getting an answer from a publisher's server, which may be down, slow, huge or hostile.

Only http and https; no password in the address; no host inside a private network (every address the name resolves to is checked, and the
connection goes to the one that was checked, so that a name cannot change its mind); few redirects, each checked again; a limit of time
and of bytes.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from esteem.terms.problems import Problem

MOST_BYTES = 50_000_000
MOST_REDIRECTS = 3
SECONDS = 30.0  # for one answer
SECONDS_IN_ALL = 1800.0  # for a whole feed
_AGENT = "Esteem directory importer (Open Referral UK)"

Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a name. Raises OSError when it has none."""
    return list(dict.fromkeys(found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


class Fetcher:
    """Asks one publisher. `private`: hosts of private networks are allowed (a feed on this machine, a test)."""

    def __init__(self, *, private: bool = False, most_bytes: int = MOST_BYTES, seconds: float = SECONDS, resolve: Resolve = resolve):
        self.private, self.most_bytes, self.seconds, self.resolve = private, most_bytes, seconds, resolve
        self.started = time.monotonic()
        self.client = httpx.Client(timeout=httpx.Timeout(seconds), follow_redirects=False, trust_env=False)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *exception) -> None:
        self.client.close()

    def json(self, address: str) -> Any:
        """The JSON value at an address. Raises Problem `feed-*`."""
        body = self.body(address)
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            rule = "A feed answers with JSON."
            raise Problem("feed-not-json", rule, body[:60].decode("utf-8", "replace"), "Check the address of the feed.", address) from None

    def body(self, address: str) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            answer, body = self._ask(address)
            if answer.is_redirect and (onward := answer.headers.get("location")):
                address = urljoin(address, onward)
                continue
            if answer.status_code != 200:
                remedy = "Try again later, or ask the publisher."
                raise Problem("feed-refused", "A feed answers with status 200.", f"status {answer.status_code}", remedy, address)
            return body
        raise Problem(
            "feed-redirects", f"A feed is found after at most {MOST_REDIRECTS} redirects.", "more", "Use the last address.", address
        )

    def _ask(self, address: str) -> tuple[httpx.Response, bytes]:
        url, host = self._checked(address)
        until = time.monotonic() + self.seconds
        if time.monotonic() - self.started > SECONDS_IN_ALL:
            raise Problem("feed-slow", "A feed is read within half an hour.", "it takes longer", "Ask for a file of it.", address)
        headers = {"Host": host, "Accept": "application/json", "User-Agent": _AGENT}
        name = urlsplit(address).hostname or ""
        try:
            with self.client.stream("GET", url, headers=headers, extensions={"sni_hostname": name}) as answer:
                return answer, self._read(answer, address, until)
        except httpx.HTTPError as failure:
            remedy = "Check the address, or try again later; nothing was changed."
            raise Problem(
                "feed-down", "The publisher's server answers.", f"{type(failure).__name__}: {failure}"[:200], remedy, address
            ) from None

    def _read(self, answer: httpx.Response, address: str, until: float) -> bytes:
        parts, size = [], 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > self.most_bytes:
                found = f"more than {self.most_bytes:,} bytes"
                raise Problem("feed-huge", "One answer of a feed fits in memory.", found, "Ask the publisher for smaller pages.", address)
            if time.monotonic() > until:
                raise Problem("feed-slow", f"An answer comes within {self.seconds:.0f} seconds.", "it took longer", "Try later.", address)
            parts.append(part)
        return b"".join(parts)

    def _checked(self, address: str) -> tuple[str, str]:
        """(address with the checked IP in place of the name, value of the Host header)."""
        remedy = "Give the feed's public address, beginning with https://."
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        except ValueError:
            raise Problem("feed-address-wrong", "A feed has an address on the web.", address[:100], remedy) from None
        if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
            raise Problem("feed-address-wrong", "A feed has an address that begins with http:// or https://.", address[:100], remedy)
        try:
            found = self.resolve(host, port)
        except OSError:
            raise Problem("feed-down", "The name of the server is known.", host, "Check the address.", address[:100]) from None
        if not self.private and (not found or not all(_is_public(ip) for ip in found)):
            remedy = "If you trust it, say so: --allow-private."
            raise Problem("feed-private", "A feed lies on the open web, not inside a private network.", host, remedy, address[:100])
        ip = f"[{found[0]}]" if ":" in found[0] else found[0]
        return urlunsplit((parts.scheme, f"{ip}:{port}", parts.path or "/", parts.query, "")), parts.netloc


def _is_public(ip: str) -> bool:
    address = ipaddress.ip_address(ip.split("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not (mapped or address).is_multicast
