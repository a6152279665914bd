"""Names of the districts that the directory knows, and the codes they stand for."""

from __future__ import annotations

from esteem.directory.served import ESSEX, NAMES

DISTRICTS = {name.lower(): code for code, name in NAMES.items()}
_OTHER_NAMES = {
    "southend": ("E06000033",),
    "essex": ESSEX,
    "greater essex": ("E06000033", "E06000034", *ESSEX),
    "england": ("E92000001",),
    "london borough of bexley": ("E09000004",),
    "everywhere": tuple(DISTRICTS.values()),
}


def codes_of(name: str) -> tuple[str, ...]:
    """Codes of a name or of a code that we know; empty for any other words."""
    key = " ".join(name.lower().replace("council", "").replace("district", "").split())
    if key in DISTRICTS:
        return (DISTRICTS[key],)
    if name.strip().upper() in {*DISTRICTS.values(), "E92000001"}:
        return (name.strip().upper(),)
    return _OTHER_NAMES.get(key, ())
