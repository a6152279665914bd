"""Names of NHS trusts and other providers as further codes of them: some publications give the name of a provider and no code.

A name stands for a provider when all sources together give it to one code alone. Names of one word (`COMPASS`), names that several codes
share, and names under which figures are already kept as they are, stay names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from esteem.terms.places import Place

_KINDS = ("trust", "provider")
_SHORT_FORMS = {
    r"\bNHS ?FT\b": "NHS FOUNDATION TRUST",
    r"\bNHS FOUNDATION\b(?! TRUST)": "NHS FOUNDATION TRUST",
    r"\bLTD\b": "LIMITED",
    r"^(THE )+": "",
}


def folded(name: str) -> str:
    """A name without what publishers write differently: case, punctuation, `&`, a leading `The`, `NHS FT`, `Ltd`."""
    plain = re.sub(r"['’`]", "", name.upper().replace("&", " AND "))
    words = " ".join(re.findall(r"[^\W_]+", plain))
    for short, full in _SHORT_FORMS.items():
        words = re.sub(short, full, words)
    return words


def codes_of_names(stated: Iterable[Place], codes: Mapping[str, str]) -> dict[str, Place]:
    """Folded name -> the provider it names, with its canonical code; of a provider's spellings the first is heard."""
    named: dict[str, dict[str, Place]] = defaultdict(dict)
    kept_as_names = set()
    for place in stated:
        name = folded(place.name)
        if folded(place.code) == name:
            kept_as_names.add(name)
        elif place.kind in _KINDS and " " in name:
            code = codes.get(place.code, place.code)
            named[name].setdefault(code, Place(code, place.name, place.kind))
    return {name: next(iter(some.values())) for name, some in named.items() if len(some) == 1 and name not in kept_as_names}
