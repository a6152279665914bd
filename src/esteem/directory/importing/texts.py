"""Text of others, made safe and plain: no markup, no control characters, a bounded length; dates, times and numbers where they are such."""

from __future__ import annotations

import html
import math
import re
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import nh3
import phonenumbers

LONGEST = 10_000
_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/h\d)\b[^>]*>", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[A-Za-z]{2,}")


def own_id(source: str, kind: str, source_id: object) -> str:
    """The identifier that a record of a source always gets here, whatever the source calls it: the second import finds the first."""
    return str(uuid5(NAMESPACE_URL, f"{source}#{kind}#{source_id}"))


def plain(value: Any, longest: int = LONGEST) -> str:
    """Text without markup. None, lists and numbers that are none give an empty text or their own digits."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    text = _BREAKS.sub("\n", str(value))
    if "<" in text or "&" in text:
        text = html.unescape(nh3.clean(html.unescape(text), tags=set()))
    text = _CONTROL.sub("", text.replace("\r\n", "\n"))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]+", " ", text)).strip()[:longest]


def short(value: Any) -> str:
    """One line of text, as for a name."""
    return " ".join(plain(value, 300).split())


def web(value: Any) -> str:
    """An address that a browser may open, https added where a scheme is missing; empty for anything else (`javascript:` and the like)."""
    text = short(value)
    if text and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and "." in host and not parts.username and " " not in text else ""


def email(value: Any) -> str:
    text = short(value).removeprefix("mailto:")
    return text if _EMAIL.fullmatch(text) else ""


def dialled(value: Any) -> str:
    """A telephone number as it is written here; empty when nobody could dial it. Short numbers (111, 116 123) stay as they are."""
    text = short(value).removeprefix("tel:")
    digits = re.sub(r"\D", "", text)
    if 3 <= len(digits) <= 6 and not text.startswith("+"):
        return text
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if number.country_code == 44 else style.INTERNATIONAL)


def number(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def age(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and 0 <= found <= 120 else None


def day(value: Any) -> date | None:
    """A date, also from a date with a time. None for anything else and for years nobody means."""
    try:
        found = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return found if 1900 < found.year < 2200 else None


def clock(value: Any) -> time | None:
    """A time of the day: `09:30`, `09:30:00Z`, `09:30+01:00`, or a whole date and time. An offset is dropped: hours are local here."""
    text = str(value or "").strip()
    if "T" in text:
        text = text.split("T", 1)[1]
    found = re.match(r"(\d{1,2})[:.](\d{2})", text)
    if not found or not (int(found[1]) <= 24 and int(found[2]) < 60):
        return None
    hour = int(found[1])
    return time(23, 59) if hour == 24 else time(hour, int(found[2]))


def moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
