"""Providers of the invented places. No organisation has these codes or names: what is counted about them is about nobody."""

from __future__ import annotations

from dataclasses import dataclass

ADULT, YOUNG, DISTANT, VOLUNTARY, THERAPIES = "adult", "young", "distant", "voluntary", "therapies"


@dataclass(frozen=True)
class Provider:
    """`areas`: sub-ICBs it serves with `kind` of care; none = all."""

    code: str
    name: str
    kinds: tuple[str, ...]
    areas: tuple[str, ...] = ()


_MID, _NORTH = ("99G", "07G", "06Q", "99E", "99F"), ("06T", "07H")
PROVIDERS = (
    Provider("XI1", "Invented Estuary Partnership Trust", (ADULT,), _MID),
    Provider("XI2", "Invented Colne Vale Partnership Trust", (ADULT,), _NORTH),
    Provider("XI3", "Invented Cray Meadows Trust", (ADULT, YOUNG), ("72Q",)),
    Provider("XI4", "Invented Essex Children's Wellbeing Trust", (YOUNG,), (*_MID, *_NORTH)),
    Provider("XI5", "Invented Faraway Hospitals Trust", (DISTANT,)),
    Provider("8XI06", "Invented Voluntary Partners", (VOLUNTARY,)),
    Provider("XI7", "Invented Estuary Talking Therapies", (THERAPIES,), (*_MID, *_NORTH)),
    Provider("XI8", "Invented Cray Talking Therapies", (THERAPIES,), ("72Q",)),
)
CODES = tuple(provider.code for provider in PROVIDERS)


def serving(kind: str, sub_icb: str) -> int:
    """Place in PROVIDERS of the one that gives this kind of care in the area."""
    return next(n for n, p in enumerate(PROVIDERS) if kind in p.kinds and (not p.areas or sub_icb in p.areas))
