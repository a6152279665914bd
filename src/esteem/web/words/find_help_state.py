"""What a person has told us so far, read from the address of the page and kept in its links: no account, no cookie, nothing stored.

A saved list is part of the address too, as the first eight characters of each service's identifier; so it can be shared and printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

MOST_SAVED = 30
LONGEST_QUERY = 500
WHO = {
    "self": "Me",
    "parent": "My child",
    "carer": "Someone I care for",
    "friend": "A friend or someone in my family",
    "professional": "Someone I work with",
}
WHEN = {
    "now": "Now",
    "today": "Later today",
    "evening": "In the evening",
    "weekend": "At the weekend",
}
CHANNELS = ("in_person", "phone", "text", "online", "home_visit")
ACCESS = {
    "step_free": "Step-free",
    "easy_read": "Easy Read",
    "hearing_loop": "Hearing loop",
    "british_sign_language": "British Sign Language",
    "quiet_space": "A quiet space",
}
GENDERS = {"women": "Women", "men": "Men", "non_binary": "Non-binary people"}
_CODE = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True)
class State:
    """Empty means not said. `off`: names of what was understood from the words and has been undone."""

    q: str = ""
    needs: tuple[str, ...] = ()
    who: str = ""
    age: int | None = None
    young: bool = False  # under 18, the age itself not said
    postcode: str = ""
    when: str = ""
    channels: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    free: bool = False
    language: str = ""
    gender: str = ""
    off: tuple[str, ...] = ()
    page: int = 1
    saved: tuple[str, ...] = ()
    lang: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> State:
        """Whatever cannot be read is taken as not said: a person in need meets no error for a mistyped age."""
        age = query.get("age", "")
        page = query.get("page", "")
        return cls(
            q=query.get("q", "")[:LONGEST_QUERY].strip(),
            needs=tuple(dict.fromkeys(one for one in query.getlist("need") if re.fullmatch(r"[a-z0-9-]{1,60}", one)))[:10],
            who=query.get("who", "") if query.get("who") in WHO else "",
            age=int(age) if re.fullmatch(r"\d{1,3}", age) and int(age) <= 120 else None,
            young=query.get("young") == "yes" and not age,
            postcode=query.get("postcode", "")[:60].strip(),
            when=query.get("when", "") if query.get("when") in WHEN else "",
            channels=tuple(one for one in CHANNELS if one in query.getlist("channel")),
            access=tuple(one for one in ACCESS if one in query.getlist("access")),
            free=query.get("free") == "yes",
            language=query.get("language", "") if re.fullmatch(r"[a-z]{2,3}", query.get("language", "")) else "",
            gender=query.get("gender", "") if query.get("gender") in GENDERS else "",
            off=tuple(dict.fromkeys(one for one in query.getlist("off") if re.fullmatch(r"[a-z_]{1,20}", one)))[:12],
            page=int(page) if re.fullmatch(r"[1-9]\d{0,3}", page) else 1,
            saved=saved_codes(query.get("list", "")),
            lang=query.get("lang", "") if re.fullmatch(r"[a-z]{2,3}", query.get("lang", "")) else "",
        )

    @property
    def asked(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.q or self.needs)

    def but(self, **changed) -> State:
        """The same with these parts changed; the results begin again at their first page unless the page is what changes."""
        return replace(self, **{"page": 1} | changed)

    def saving(self, code: str) -> State:
        return replace(self, saved=tuple(dict.fromkeys([*self.saved, code]))[:MOST_SAVED])

    def dropping(self, code: str) -> State:
        return replace(self, saved=tuple(one for one in self.saved if one != code))

    def parameters(self) -> list[tuple[str, str]]:
        single = (("q", self.q), ("who", self.who), ("age", "" if self.age is None else str(self.age)), ("postcode", self.postcode))
        single += (
            ("when", self.when),
            ("free", "yes" if self.free else ""),
            ("young", "yes" if self.young else ""),
            ("language", self.language),
            ("gender", self.gender),
        )
        many = (("need", self.needs), ("channel", self.channels), ("access", self.access), ("off", self.off))
        pairs = [pair for pair in single if pair[1]] + [(name, one) for name, values in many for one in values]
        return pairs + ([("page", str(self.page))] if self.page > 1 else []) + self.kept()

    def kept(self) -> list[tuple[str, str]]:
        """What goes along to every page, whatever is looked for: the saved list and the language."""
        return [pair for pair in (("list", ".".join(self.saved)), ("lang", self.lang)) if pair[1]]

    def at(self, address: str, whole: bool = True) -> str:
        """`address` with what is known so far; `whole=False` takes the list and the language alone."""
        pairs = self.parameters() if whole else self.kept()
        return f"{address}?{urlencode(pairs)}" if pairs else address


def saved_codes(text: str) -> tuple[str, ...]:
    """The codes of a saved list as it stands in an address."""
    return tuple(dict.fromkeys(_CODE.findall(text.lower())))[:MOST_SAVED]


def code_of(identifier: str) -> str:
    return identifier[:8]
