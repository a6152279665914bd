"""Names of the districts that the directory knows, and the codes they stand for."""

from __future__ import annotations

DISTRICTS = {
    "southend-on-sea": "E06000033",
    "thurrock": "E06000034",
    "basildon": "E07000066",
    "braintree": "E07000067",
    "brentwood": "E07000068",
    "castle point": "E07000069",
    "chelmsford": "E07000070",
    "colchester": "E07000071",
    "epping forest": "E07000072",
    "harlow": "E07000073",
    "maldon": "E07000074",
    "rochford": "E07000075",
    "tendring": "E07000076",
    "uttlesford": "E07000077",
    "bexley": "E09000004",
}
_ESSEX = tuple(code for code in DISTRICTS.values() if code.startswith("E07"))
_OTHER_NAMES = {
    "southend": ("E06000033",),
    "essex": _ESSEX,
    "greater essex": ("E06000033", "E06000034", *_ESSEX),
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
