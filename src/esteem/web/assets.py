"""Style sheets and pictures of the site: each under a name that holds the checksum of its bytes, so browsers may keep it for a year.

`static/` holds our own; `static/vendor/` what set-up built from the NHS.UK front end (packaging/front_end.py). Nothing is fetched from
elsewhere, by us or by a browser.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.http import parse_etags

from esteem.terms.problems import Problem

FOLDER = Path(__file__).parent / "static"
ADDRESS = "/assets/"
STYLE_SHEETS = ("vendor/nhsuk.css", "esteem/theme.css", "esteem/shell.css", "esteem/figures.css")  # in the order of the cascade
NEEDED = (*STYLE_SHEETS, "esteem/favicon.svg")
_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file. `address` is what pages link to: /assets/esteem/shell.1f2e3d4c5b6a.css"""

    name: str
    content: bytes

    @cached_property
    def checksum(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]

    @property
    def address(self) -> str:
        stem, dot, extension = self.name.rpartition(".")
        return f"{ADDRESS}{stem}.{self.checksum}{dot}{extension}"

    @cached_property
    def zipped(self) -> bytes:
        return gzip.compress(self.content, 9, mtime=0)

    @property
    def media_type(self) -> str:
        kind = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


@cache
def all_assets() -> dict[str, Asset]:
    """Name -> Asset of every file in `static/`, read once."""
    paths = sorted(path for path in FOLDER.rglob("*") if path.is_file() and path.suffix in (".css", ".svg", ".png", ".ico", ".js"))
    return {name: Asset(name, path.read_bytes()) for path in paths for name in [path.relative_to(FOLDER).as_posix()]}


def address(name: str) -> str:
    """Where pages find the asset `name` ("esteem/shell.css"). Raises Problem `asset-missing` when set-up has not built it."""
    if name in all_assets():
        return all_assets()[name].address
    raise Problem("asset-missing", "Every style sheet that a page names has been built.", name, "Run `make up`, which builds them.")


def insist_on_all() -> None:
    """Raises Problem `asset-missing` for the first file that every page needs and set-up has not built."""
    for name in NEEDED:
        address(name)


@cache
def _by_address() -> dict[str, Asset]:
    return {asset.address: asset for asset in all_assets().values()}


def serve(request: HttpRequest, name: str) -> HttpResponse:
    """One asset. An address with an old checksum is not found: no page of this version names it."""
    asset = _by_address().get(ADDRESS + name)
    if asset is None:
        raise Http404
    tag = f'"{asset.checksum}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(asset.zipped, content_type=asset.media_type, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(asset.content, content_type=asset.media_type)
    response["ETag"], response["Cache-Control"], response["Vary"] = tag, _YEAR, "Accept-Encoding"
    return response


routes = [path(f"{ADDRESS[1:]}<path:name>", serve, name="asset")]
