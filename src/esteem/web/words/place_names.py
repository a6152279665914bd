"""Names of NHS areas as people know them. Officially a sub-ICB location bears its board's name and a code: nobody can tell where it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_EARLIER = re.compile(r"Earlier: (NHS .+? CCG)\.")


@lru_cache(maxsize=4)
def told(geography) -> Callable[[str], str]:
    """A function that writes "NHS Southend CCG (99G)" for "NHS Mid and South Essex ICB - 99G" wherever that stands in a text.

    Only locations that follow one clinical commissioning group under its code are renamed; the others keep their official name.
    """
    names = {}
    for place in geography:
        earlier = _EARLIER.findall(place.note) if place.kind == "sub_icb" else []
        if len(earlier) == 1:
            names[place.name] = f"{earlier[0]} ({place.code})"
    if not names:
        return lambda text: text
    pattern = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
    return lambda text: pattern.sub(lambda found: names[found[0]], text)
