"""Records as plain JSON values and back: what the store keeps of a service, an organisation, a place, and what fingerprints compare.

Defaults are left out, so that a body says only what somebody said; an unknown key does no harm, so that an older program reads a newer
body.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

_READ_TEXT = {date: date.fromisoformat, datetime: datetime.fromisoformat, time: time.fromisoformat}


def to_body(value: Any, without: tuple[str, ...] = ()) -> dict:
    """The JSON values of a record, defaults and the fields named in `without` left out."""
    body = {}
    for name, default in _defaults(type(value)):
        if name in without:
            continue
        held = getattr(value, name)
        if held != default:
            body[name] = _plain(held)
    return body


def from_body(kind: type, body: dict, **others: Any) -> Any:
    """The record of `kind` that `to_body` wrote; `others` are fields kept elsewhere."""
    return _maker(kind)(body, others)


def fingerprint(body: dict) -> str:
    """The same for the same values, in any order of keys."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    def default(f):
        if f.default is not MISSING:
            return f.default
        return f.default_factory() if f.default_factory is not MISSING else MISSING

    return tuple((f.name, default(f)) for f in fields(kind))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return to_body(value)
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date | time) else value


@cache
def _maker(kind: type) -> Callable[..., Any]:
    """A function that makes a record of `kind` from its body.

    A frozen class sets each of its fields through `object.__setattr__`, where an index of 50,000 services would spend most of its time:
    the values are put in place together instead. What is absent is read from the class, where a dataclass keeps its plain defaults.
    """
    hints = get_type_hints(kind)
    readers = tuple((f.name, read) for f in fields(kind) if (read := _reader(hints[f.name])))
    made_anew = tuple((f.name, f.default_factory()) for f in fields(kind) if f.default_factory is not MISSING)
    required = tuple(f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)

    def make(body: dict, others: dict | None = None) -> Any:
        held = dict(body)
        for name, read in readers:
            if name in held:
                held[name] = read(held[name])
        if others:
            held.update(others)
        for name, default in made_anew:
            if name not in held:
                held[name] = default
        for name in required:
            if name not in held:
                raise TypeError(f"{kind.__name__} without {name}")
        record = object.__new__(kind)
        object.__setattr__(record, "__dict__", held)
        return record

    return make


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    """How to read a value of this type; None where it stands as it is."""
    arguments = get_args(hint)
    if hint in _READ_TEXT:
        return _READ_TEXT[hint]
    if is_dataclass(hint):
        return _maker(hint)
    if arguments and type(None) in arguments:
        return _reader(next(a for a in arguments if a is not type(None)))
    if arguments and get_origin(hint) is tuple:
        inner = _reader(arguments[0])
        return (lambda values: tuple([inner(v) for v in values])) if inner else tuple
    return None
