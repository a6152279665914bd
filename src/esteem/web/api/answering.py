"""What every answer of the API has in common: known parameters only, an ETag from snapshot and question, pages with a cursor."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Sequence
from datetime import date
from difflib import get_close_matches
from functools import wraps
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from esteem import __version__
from esteem.terms.problems import Problem
from esteem.web import reading

MOST = 1000  # rows of one page
FEW = 100  # rows of a page when nobody says how many
CACHE = "public, no-cache"  # anyone may keep an answer, and asks by its ETag before showing it again


def answered(work: Callable[..., dict]) -> Callable[..., HttpResponse]:
    """Turns `work(request, ...) -> dict` into an endpoint. An answer the asker already has (If-None-Match) is not worked out again."""
    names = tuple(name for name in inspect.signature(work).parameters if name != "request")

    @wraps(work)
    def endpoint(request: HttpRequest, **asked) -> HttpResponse:
        _refuse_unknown(request, names)
        tag = tag_of(request)
        if tag in (known.removeprefix("W/") for known in parse_etags(request.headers.get("If-None-Match", ""))):
            response = HttpResponse(status=304)
        else:
            response = _as_json(work(request, **asked))
        response["ETag"], response["Cache-Control"] = tag, CACHE
        return response

    endpoint.__signature__ = inspect.signature(work, eval_str=True)  # its annotations are names of the module of `work`
    return endpoint


def _refuse_unknown(request: HttpRequest, names: Sequence[str]) -> None:
    """A parameter written wrongly would otherwise be passed over, and the answer be one to another question."""
    for name in request.GET:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            meant = f"Write {near[0]}, if that was meant." if near else f"Parameters here are: {', '.join(names) or 'none'}."
            raise Problem("parameter-wrong", "This address takes only the parameters that it names.", name[:80], meant, column=name[:80])


def tag_of(request: HttpRequest) -> str:
    """The same question over the same snapshot, strategy files and day has the same answer (a sheet says how old its figures are)."""
    strategies = [(found.id, found.path.stat().st_mtime_ns if found.path else 0) for found in reading.strategies().values()]
    return f'"{_checksum(__version__, reading.snapshot().id, strategies, date.today(), request.get_full_path())}"'


def _checksum(*parts) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def _as_json(body: dict) -> HttpResponse:
    response = HttpResponse(json.dumps(body, ensure_ascii=False, allow_nan=False), content_type="application/json")
    if body.get("next"):
        response["Link"] = f'<{body["next"]}>; rel="next"'
    return response


# ---------------------------------------------------------------- pages


def page(request: HttpRequest, rows: Sequence, limit: int, cursor: str) -> dict:
    """`rows` from where `cursor` says, at most `limit`. A cursor belongs to one question over one snapshot. Problem `cursor-wrong`.

    So a reader who follows `next` never gets rows of two snapshots: after a load the next page says to begin again.
    """
    question = sorted(pair for pair in parse_qsl(request.META.get("QUERY_STRING", "")) if pair[0] not in ("cursor", "limit"))
    belongs = _checksum(reading.snapshot().id, request.path, question)[:8]
    start = _start(cursor, belongs, len(rows))
    last = start + limit
    following = urlencode([*question, ("limit", limit), ("cursor", f"{last}-{belongs}")])
    return {
        "snapshot": reading.snapshot().id,
        "total": len(rows),
        "next": f"{request.path}?{following}" if last < len(rows) else None,
        "items": list(rows[start:last]),
    }


def _start(cursor: str, belongs: str, total: int) -> int:
    if not cursor:
        return 0
    number, _, question = cursor.partition("-")
    if question == belongs and number.isascii() and number.isdigit() and len(number) < 10 and int(number) < max(total, 1):
        return int(number)
    raise Problem(
        "cursor-wrong",
        "A cursor continues one question over one snapshot.",
        cursor[:40],
        "Begin again without a cursor, then follow `next` as it stands.",
        column="cursor",
    )
