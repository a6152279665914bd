"""Which figures of the dashboard are exact and which rounded, as far as its Metadata sheet or the data guide (rule 2, section 3.1) says.

A figure that shows finer digits than its sheet's rounding allows was not rounded, whatever the words say: it carries no flag. Neither does
a sheet about which nobody says anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from esteem.terms import flags as flag

_FIVE, _WHOLE_PER_CENT = 5.0, 0.01
_LOCAL, _BELOW_ENGLAND = frozenset({"STP", "CCG"}), frozenset({"Region", "STP", "CCG"})


@dataclass(frozen=True)
class Rounding:
    """`exact` and `rounded`: kinds of place (`National`, `Region`, `STP`, `CCG`) whose figures are so; `step` of the rounded ones."""

    words: str
    exact: frozenset[str] = frozenset()
    rounded: frozenset[str] = frozenset()
    step: float = _FIVE


_ENGLAND = frozenset({"National"})
_COUNTS = Rounding("England exact; counts below England to the nearest 5", _ENGLAND, _BELOW_ENGLAND)
_COUNTS_BELOW = Rounding(
    "counts below England to the nearest 5; for England nobody says, and most figures are multiples of 5", rounded=_BELOW_ENGLAND
)
_SHARES = Rounding("England exact; per cents below England to whole numbers", _ENGLAND, _BELOW_ENGLAND, _WHOLE_PER_CENT)
_LOCAL_SHARES = Rounding(
    "England exact; per cents of STPs and CCGs to whole numbers in most periods; regions worked out by NHS England from those of STPs",
    _ENGLAND,
    _LOCAL,
    _WHOLE_PER_CENT,
)
_ALL_SHARES = Rounding("to the nearest percentage point, England too", rounded=_BELOW_ENGLAND | _ENGLAND, step=_WHOLE_PER_CENT)
_NATIONAL = Rounding("England exact", _ENGLAND)
_SPENDING = Rounding("unrounded, as each commissioner reported it", _ENGLAND | _BELOW_ENGLAND)
_UNSAID = Rounding("nothing is said of how the figures were rounded")

_OF_SHEET = {
    **dict.fromkeys(("CYP(i_a)", "CYP(i_b)", "CYP(iv_a)", "CYP(iv_b)", "PMH(i_a)", "MHSB(i)"), _COUNTS),
    "IAPT(i_a).count": _COUNTS,
    **dict.fromkeys(("CR(iii_a)", "CR(iii_b)", "CR(vi_a)", "CYP(viii_a)", "ES(i)"), _COUNTS_BELOW),
    "EIP(i)": _SHARES,
    **dict.fromkeys(("IAPT(ii_a)", "IAPT(ii_b)", "IAPT(iii_a)", "IAPT(iii_b)"), _LOCAL_SHARES),
    "CR(viii)": _ALL_SHARES,
    **dict.fromkeys(("CR(iv_a)", "CR(iv_d)"), _NATIONAL),
}
# Costs of placements come from a survey of providers, and are no spending returns.
_NO_RETURN = ("CR(iii_c)",)


def rounding_of(name: str, unit: str) -> Rounding:
    """Rounding of a series, by the sheet's code with the end of the series id (`IAPT(i_a).count`)."""
    spending = unit == "pounds" and not name.startswith(_NO_RETURN)
    return _OF_SHEET.get(name, _SPENDING if spending else _UNSAID)


def rounding_flag(rounding: Rounding, kind: str, value: float) -> str:
    """`exact`, `rounded` or nothing for a figure of a place of this kind."""
    if kind in rounding.exact:
        return flag.EXACT
    steps = value / rounding.step
    return flag.ROUNDED if kind in rounding.rounded and abs(steps - round(steps)) < 1e-6 else ""
