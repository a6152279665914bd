"""The districts that this directory serves: Southend, Essex, Thurrock and Bexley. One list, for importers, demonstration and pages."""

from __future__ import annotations

NAMES = {
    "E06000033": "Southend-on-Sea",
    "E06000034": "Thurrock",
    "E07000066": "Basildon",
    "E07000067": "Braintree",
    "E07000068": "Brentwood",
    "E07000069": "Castle Point",
    "E07000070": "Chelmsford",
    "E07000071": "Colchester",
    "E07000072": "Epping Forest",
    "E07000073": "Harlow",
    "E07000074": "Maldon",
    "E07000075": "Rochford",
    "E07000076": "Tendring",
    "E07000077": "Uttlesford",
    "E09000004": "Bexley",
}
ESSEX = tuple(code for code in NAMES if code.startswith("E07"))


def county_of(district: str) -> str:
    """Name of the county or of the council that is both: what an address needs as its larger area."""
    return "Essex" if district in ESSEX else NAMES[district]
