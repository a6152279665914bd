"""A small workbook with the dashboard's layout: every sheet hidden but Metadata, figures carried over from the published one."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from esteem.evidence.sources.mental_health_dashboard_indicators import SHEETS

HEADER = ["Region Code", "STP Code", "Org code", "Org name", "Org Type"]
QUARTERS = ["Q3 2021/22", "Q4 2021/22"]
PLACES = {
    "ENG": ("EN", "EN", "ENGLAND", "National"),
    **{code: ("EN", "EN", f"REGION {code}", "Region") for code in ("Y62", "Y63", "Y60", "Y61", "Y56", "Y58", "Y59")},
    "QH8": ("Y61", "E54000026", "MID AND SOUTH ESSEX STP", "STP"),
    "QM7": ("Y61", "E54000025", "HERTFORDSHIRE AND WEST ESSEX STP", "STP"),
    "99G": ("Y61", "QH8", "NHS SOUTHEND CCG", "CCG"),
}
NOT_COLLECTED = "#N/A"
ADDING = ("CR(iii_a)", "EIP(ii)", "CYP(v)", "PHSMI(i)", "CYP(i_a)")
FORMATS = {"EIP(i)": "Percentage", "EIP(ii)": "Currency", "CYP(v)": "Currency", "MHF(iii)": "Text", "CR(viii)": "Percentage"}


def write(
    path: Path, leave_out: tuple[str, ...] = (), headers: dict[str, list[str]] | None = None, more_sheets: tuple[str, ...] = ()
) -> Path:
    """The workbook at `path`, without the sheets of `leave_out`, with other headers where given."""
    book = xlsxwriter.Workbook(str(path))
    _metadata(book.add_worksheet("Metadata"))
    for code in (*SHEETS, *more_sheets):
        if code in leave_out:
            continue
        bare = code.startswith("PMH") or code.endswith(("Targets", "_Target"))
        sheet = book.add_worksheet(code if bare else f"{code}_FINAL CALC")
        sheet.hide()
        _indicator(sheet, code, (headers or {}).get(code, HEADER))
    old = book.add_worksheet("SP(iii)_FINAL CALC OLD")
    old.hide()
    book.close()
    return path


def _metadata(sheet) -> None:
    sheet.write_row(7, 1, ["Code", "Indicator name", "Description"])
    sheet.write_row(8, 1, ["EIP(i)", "% of people who started treatment within 2 weeks of referral - All ages"])
    sheet.write_row(9, 1, ["CR(iv.d)", "Number of Section 136 Place of Safety orders to hospital"])


def _indicator(sheet, code: str, header: list[str]) -> None:
    periods, rows = _content(code)
    if code == "CR(viii)":
        sheet.write(0, 1, "Proportion of discharges from hospital followed up within 72 hours")
    elif code == "CYP(i_a)":
        sheet.write(0, 0, "Title: No of CYP accessing treatment")
    else:
        sheet.write_row(0, 0, ["Title:", f"Title of {code}"])
    sheet.write_row(5, 0, ["Latest Period:", "Q4 2021/22"])
    sheet.write_row(6, 0, ["Format:", FORMATS.get(code, "Percentage" if code in ("IAPT(i_a)", "CR(i_b)") else "Number")])
    sheet.write_row(9, 0, [*header, *periods])
    for index, (place, values) in enumerate(rows.items(), 10):
        region, parent, name, kind = PLACES.get(place, ("Y60", "QHL", f"NHS {place} CCG", "CCG"))
        sheet.write_row(index, 0, [region, parent, place, name, kind])
        for column, value in enumerate(values, 5):
            if value == NOT_COLLECTED:
                sheet.write_formula(index, column, "=NA()", None, "#N/A")
            elif value is not None:
                sheet.write(index, column, value)


def _content(code: str) -> tuple[list[str], dict[str, list]]:
    """(period headers, values by place) of one sheet."""
    if code in ADDING:
        rows = {"ENG": [700, 700], **{place: [100, 100] for place, (_, _, _, kind) in PLACES.items() if kind == "Region"}}
        if code == "CR(iii_a)":
            rows |= {
                "ENG": [51935, 51935],
                **{place: [v, v] for place, v in _OUT_OF_AREA.items()},
                "QH8": [1685, 890],
                "QM7": [NOT_COLLECTED, 5],
                "99G": [None, 270],
                "07G": [400, None],
            }
        return (["2021/22 planned", "2021/22"] if code in ("EIP(ii)", "CYP(v)") else QUARTERS), rows
    return _MIXED.get(code, (QUARTERS, {"ENG": [None, None]}))


_OUT_OF_AREA = {"Y62": 7419, "Y63": 7419, "Y60": 7419, "Y61": 7419, "Y56": 7419, "Y58": 7420, "Y59": 7420}
_IAPT_REGIONS = {place: [0.05, 43000, 43000] for place in _OUT_OF_AREA}
_MIXED = {
    "EIP(i)": ([*QUARTERS, "", "To delete"], {"ENG": [0.7, 0.68], "QH8": ["*", 0.84], "99G": [0.75, 0.67, "QH8", 1]}),
    "IAPT(i_a)": (["Q4 2018/19", "Q1 2019/20", "Q4 2021/22"], {"ENG": [0.0476, 301000, 301000], **_IAPT_REGIONS, "99G": [0.05, 1000, "*"]}),
    "CR(i_b)": (["2015/16 ", "2017/18", "2020/21"], {"ENG": [None, 134.0, 0.9756], "99G": [None, 168, NOT_COLLECTED]}),
    "CYP(iv_b)": (["Q1 2020/21"], {"ENG": [83], "Y59": [1900], "Y61": [40]}),
    "MHF(iii)": (["2020/21"], {"ENG": ["Y"], "99G": ["N"]}),
    "MHSB(i)": (["Q1 2021/22", "End of Q2 Position"], {"ENG": [1000, 900]}),
    "SP(i)": (["2011-2004", "2011-2013", "2018/2020"], {"ENG": [None, 10.1, 10.4], "99G": [None, "*", 12.1]}),
    "CR(viii)": (
        ["Q1 2015/16", "Q2 2015/16", "Q3 2015/16", "Q4 2021/22"],
        {"ENG": [None, None, None, 0.74], "99G": [None, None, None, "*"], "15E": [0.9797, 1.9797, 2.9797, 0.8]},
    ),
    "CR(iv_d)": (["2020/21"], {"ENG": [20153]}),
}
