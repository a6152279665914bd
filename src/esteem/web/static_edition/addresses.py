"""Addresses of the site and the files that stand for them. Both ways are pure: the same address always has the same file."""

from __future__ import annotations

import hashlib
import posixpath
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from esteem.web.assets import ADDRESS as ASSETS
from esteem.web.downloads.files import TYPES

_LONGEST = 120  # letters of one file name; some systems take no more than 255 bytes, some tools fewer


def normal(link: str, base: str) -> str | None:
    """The address that `link` on page `base` leads to, its query in order and without its fragment; None when it leaves the site."""
    parts = urlsplit(urljoin(base, link))
    if parts.scheme or parts.netloc:
        return None
    query = urlencode(sorted(parse_qsl(parts.query)), quote_via=quote)
    path = quote(unquote(parts.path) or "/", safe="/:@!$&'()*+,;=~-._")
    return f"{path}?{query}" if query else path


def fragment(link: str) -> str:
    """The part of a link from # on, or nothing."""
    found = urlsplit(link).fragment
    return f"#{found}" if found else ""


def path_of(address: str) -> tuple[str, ...]:
    """The parts of an address's path: ("measures", "x") of /measures/x?place=99G."""
    return tuple(unquote(part) for part in urlsplit(address).path.split("/") if part)


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def file_of(address: str) -> str:
    """Where the answer lies in the edition: /measures/x?place=99G is measures/x--place-99g.html, a style sheet keeps its name.

    Only small letters, digits, points, hyphens and underscores; what cannot be written so is told apart by a checksum.
    """
    path = unquote(urlsplit(address).path)
    if path.startswith(ASSETS):
        return path[1:]
    stem, extension = _split(path.strip("/") or "index")
    state = "".join(f"--{name}-{value}" for name, value in sorted(query_of(address).items()))
    *folders, name = stem.split("/")
    return "/".join(_plain(part, address) for part in (*folders, name + state)) + extension


def _split(path: str) -> tuple[str, str]:
    """(path without its extension, extension): of a page .html, of a download its own."""
    stem, dot, extension = path.rpartition(".")
    return (stem, f".{extension}") if dot and extension in TYPES else (path, ".html")


def _plain(name: str, address: str) -> str:
    plain = re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip(".") or "-"
    if plain == name.lower() and len(plain) <= _LONGEST:
        return plain
    return f"{plain[:_LONGEST]}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def relative(target: str, origin: str) -> str:
    """The link from file `origin` to file `target`, as an href."""
    return quote(posixpath.relpath(target, posixpath.dirname(origin) or "."), safe="/.-_~")
