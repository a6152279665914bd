"""What the dashboard's indicator sheets hold, where the sheet itself is silent or wrong: units, better titles, notes.

A sheet's `Format:` line gives the unit. Each entry here says why it is overruled, from the data guide (section 3.1) and the workbook's own
Metadata sheet.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Indicator:
    """Facts about one sheet. Empty `unit` or `title`: as the sheet says."""

    unit: str = ""
    statistic: str = ""
    title: str = ""
    notes: tuple[str, ...] = ()


_TWELVE_MONTHS = "Each figure covers the 12 months to the end of the quarter or year that it stands under."
_EATING_DISORDERS = "England and regions: the quarter. STPs and CCGs: the 12 months to the end of the quarter."
_PER_100000 = "rate_per_100000"
_STAFF = Indicator("count", "stock", notes=("Whole-time equivalents.",))

INDICATORS = {
    "CR(vi_a)": Indicator("count", notes=("The sheet says per cent and holds counts.",)),
    "CYP(viii_a)": Indicator("count", notes=("The sheet says per cent and holds counts.",)),
    "HJ(ii_d)": Indicator("count", notes=("The sheet says per cent and holds counts.",)),
    "CR(vii_a)": Indicator(
        _PER_100000,
        "rate",
        "Adult acute stays over 60 days, discharges per 100,000",
        ("Rolling quarter. MHS100: the Format line says number.",),
    ),
    "CR(vii_b)": Indicator(
        _PER_100000,
        "rate",
        "Older adult acute stays over 90 days, discharges per 100,000",
        ("Rolling quarter. MHS103: the Format line says number.",),
    ),
    "CR(iv_b)": Indicator(_PER_100000, "rate", notes=("England only; population base of the 2011 census.",)),
    "CR(iv_c)": Indicator(_PER_100000, "rate", notes=("England only; population base of the 2011 census.",)),
    "CR(iv_d)": Indicator(
        "count",
        notes=("The title in the sheet repeats CR(iv_c) by mistake; the Metadata sheet says what the figures are.",),
    ),
    "CR(v_a)": Indicator("count", notes=("England only.",)),
    "SP(i)": Indicator(_PER_100000, "rate", notes=("Three calendar years. 72Q repeats QKK.", "`*` where an area has few deaths.")),
    "SP(ii_a)": Indicator(_PER_100000, "rate"),
    "SP(ii_b)": Indicator(_PER_100000, "rate"),
    "IAPT(i_a)": Indicator(title="Talking therapies: people who started treatment in the quarter"),
    "CYP(i_a)": Indicator(notes=(_TWELVE_MONTHS,)),
    "PMH(i_a)": Indicator(notes=(_TWELVE_MONTHS,)),
    "PMH(i_b)": Indicator(
        title="Women in contact with perinatal services, share of births in the quarter", notes=("Removed from the dashboard.",)
    ),
    "CYP(ii_a)": Indicator(notes=(_EATING_DISORDERS,)),
    "CYP(ii_b)": Indicator(notes=(_EATING_DISORDERS,)),
    "CYP(iv_a)": Indicator(notes=("NHS Digital took out some quarters because the data were poor.",)),
    "CYP(iv_b)": Indicator(notes=("NHS Digital took out some quarters because the data were poor.",)),
    "IAPT(iii_a)": Indicator(notes=("The title says month; the figures are quarterly.",)),
    "IAPT(iii_b)": Indicator(notes=("The title says month; the figures are quarterly.",)),
    "ES(i)": Indicator(notes=("Quarters add up from April: each figure counts people since the start of the financial year.",)),
    "ES(i)_Target": Indicator(notes=("Target added up from April.",), title="Individual Placement and Support: target number of people"),
    "IAPT(i_a) Targets": Indicator("count", title="Talking therapies access: target number of people in the quarter"),
    "PHSMI(i)": Indicator(
        statistic="stock", notes=("People on the register at the end of the quarter with a full check in the 12 months before.",)
    ),
    "SP(iii_b)": Indicator(notes=("Ended in Q3 2019/20; 72-hour follow-up, CR(viii), took its place.",)),
    "CR(ii_a)": _STAFF,
    "CR(vi)": _STAFF,
    "AC(ii)": _STAFF,
    "MHSB(i)": Indicator("count", "stock", notes=("England and regions only.",)),
    "MHSB(ii)": Indicator(
        "count",
        "stock",
        notes=("England and regions only. Title and id in the sheet repeat MHSB(i); the Metadata sheet says what the figures are.",),
    ),
    "MHF(iii)": Indicator("yes_no", "value", "Mental Health Investment Standard met", ("1 for Y, 0 for N.",)),
}

# Sheets that hold no indicator of their own.
NOT_INDICATORS = ("Metadata", "LKP - Organisation codes", "New 2122 CCG lookups")
SUPERSEDED = ("SP(iii)_FINAL CALC OLD",)

SHEETS = (
    *("CR(vi_a)", "CR(vi_b)", "CR(vii_a)", "CR(vii_b)", "CYP(i_a)", "CYP(i_c)", "CYP(i_b)", "CYP(i_d)", "CYP(ii_a)", "CYP(ii_b)"),
    *("CYP(iii_a)", "CYP(iii_b)", "MHSB(i)", "MHSB(ii)", "CYP(iv_a)", "CYP(iv_b)", "CYP(v)", "CYP(vi)", "CYP(vii)", "CYP(viii_a)"),
    *("CYP(viii_b)", "PMH(i_a)", "PMH(i_b)", "PMH(ii)", "IAPT(i_a)", "IAPT(i_a) Targets", "IAPT(i_b)", "IAPT(ii_a)", "IAPT(ii_b)"),
    *("IAPT(iii_a)", "IAPT(iii_b)", "IAPT(iii_c)", "IAPT(iv)", "EIP(i)", "EIP(i_a)", "EIP(i_b)", "EIP(ii)", "ES(i)_Target", "ES(i)"),
    *("PHSMI(i)", "CR(i)", "CR(i_a)", "CR(i_b)", "CR(i_c)", "CR(i_d)", "CR(ii)", "CR(iii_a)", "CR(iii_b)", "CR(iii_c)", "CR(iv_a)"),
    *("CR(iv_b)", "CR(iv_c)", "CR(iv_d)", "CR(v_a)", "CR(v_b)", "CR(ii_a)", "CR(vi)", "AC(i)", "AC(i_a)", "AC(ii)", "AC(iii)", "HJ(i)"),
    *("HJ(ii_c)", "HJ(ii_d)", "HJ(iii)", "SP(i)", "SP(ii_a)", "SP(ii_b)", "SP(iii_b)", "CR(viii)", "MHF(i)", "MHF(ii_a)", "MHF(iii)"),
)

_UNIT_OF_FORMAT = {"percentage": "proportion", "currency": "pounds", "cost": "pounds", "number": "count", "fte": "count", "text": "yes_no"}


def unit_of(code: str, published_format: str) -> str:
    """Unit of a sheet: from the facts above, else from the first word of its Format line."""
    known = INDICATORS.get(code, Indicator()).unit
    return known or _UNIT_OF_FORMAT.get(published_format.split(" ")[0].split("(")[0].strip().casefold(), "count")


def variant(code: str, financial_year: int, planned: bool) -> tuple[str, str]:
    """(end of the series id, unit when it is another one) of the columns that hold another thing than the sheet's main series."""
    if planned:
        return ".planned", ""
    if code == "IAPT(i_a)":
        return (".share", "proportion") if financial_year < 2019 else (".count", "count")
    if code in ("CR(i_b)", "CR(i_c)") and financial_year == 2017:
        return ".hours", "mean"
    return "", ""
