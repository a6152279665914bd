"""Files in publishers' layouts, made right and then made wrong: what `esteem load` is given by people in a hurry.

The right file is one month of the MHSDS monthly file for a month that the shipped pack does not hold; figures are invented.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.evidence.sources import dashboard_workbook

NAME = "MHSDS Data_JanPerf_2025.csv"
HEADER = (
    "REPORTING_PERIOD_START,REPORTING_PERIOD_END,STATUS,BREAKDOWN,PRIMARY_LEVEL,PRIMARY_LEVEL_DESCRIPTION,"
    "SECONDARY_LEVEL,SECONDARY_LEVEL_DESCRIPTION,MEASURE_ID,MEASURE_NAME,MEASURE_VALUE"
)
SUB_ICB = "Sub ICB - GP Practice or Residence"


def row(breakdown: str, code: str, measure: str, value: str, start: str = "01/01/2025", end: str = "31/01/2025") -> str:
    names = {"MHS01": "People in contact with services", "MHS32": "Referrals starting in the period"}
    return f"{start},{end},Performance,{breakdown},{code},{code},NONE,NONE,{measure},{names[measure]},{value}"


ROWS = (
    row("England", "England", "MHS01", "1905302"),
    row(SUB_ICB, "99G", "MHS01", "4720"),
    row(SUB_ICB, "07G", "MHS01", "3905"),
    row(SUB_ICB, "99G", "MHS32", "*"),
    row("ICB - GP Practice or Residence", "QH8", "MHS32", "1055"),
)


def text(rows=ROWS, header: str = HEADER, end: str = "\r\n") -> str:
    return end.join([header, *rows]) + end


def put(folder: Path, content: str | bytes, name: str = NAME) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def changed(old: str, new: str) -> str:
    assert old in text()
    return text().replace(old, new)


# ------------------------------------------------------------ the same figures in another dress


def _dates(start: str, end: str) -> Callable[[Path], Path]:
    return lambda folder: put(folder, text().replace("01/01/2025", start).replace("31/01/2025", end))


def _zipped(folder: Path) -> Path:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", text())
        archive.writestr("notes.txt", "about these data")
    return put(folder, held.getvalue(), "MHSDS Data_JanPerf_2025.zip")


DRESSES: dict[str, Callable[[Path], Path]] = {
    "line ends of Unix": lambda f: put(f, text(end="\n")),
    "byte order mark": lambda f: put(f, b"\xef\xbb\xbf" + text().encode()),
    "UTF-16": lambda f: put(f, text().encode("utf-16")),
    "Windows-1252": lambda f: put(f, text().replace("QH8,QH8", "QH8,MID\xa0AND SOUTH ESSEX").encode("cp1252")),
    "gzip": lambda f: put(f, gzip.compress(text().encode()), NAME + ".gz"),
    "zip with notes beside": _zipped,
    "ISO dates": _dates("2025-01-01", "2025-01-31"),
    "dates with hyphens": _dates("01-01-2025", "31-01-2025"),
    "short dates": _dates("1/1/2025", "31/1/2025"),
    "two-digit years": _dates("01/01/25", "31/01/25"),
    "spaces around": lambda f: put(f, changed("Performance,", "Performance ,")),
    "counts as text with commas": lambda f: put(f, changed(",4720", ',"4,720"')),
    "quoted line break": lambda f: put(f, changed("Referrals starting in the period", '"Referrals starting\nin the period"')),
    "name escaped": lambda f: put(f, text(), NAME.replace(" ", "%20")),
}

# Marks for a value that is not given, with the flag that must come with the empty value.
MARKS = {
    "*": "suppressed",
    "[c]": "suppressed",
    "-": "not_collected",
    "[x]": "not_collected",
    "NULL": "not_collected",
    "#N/A": "not_collected",
    "N/A": "not_collected",
    "": "unknown",
}


# ------------------------------------------------------------ files that must be refused


@dataclass(frozen=True)
class Bad:
    """A bad file: how it is made, the stable code of its problem, and words that the message must hold."""

    make: Callable[[Path], Path]
    code: str
    words: tuple[str, ...]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _archive(folder: Path, name: str, **members: str) -> Path:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return put(folder, held.getvalue(), name)


BAD: dict[str, Bad] = {
    "a column renamed": Bad(
        lambda f: put(f, changed("MEASURE_VALUE", "VALUE")),
        "header-wrong",
        (NAME, "row 1", "column VALUE", "missing MEASURE_VALUE", "unknown VALUE", "Mental Health Services Monthly Statistics"),
    ),
    "a column missing": Bad(lambda f: put(f, changed(",STATUS,", ",")), "header-wrong", ("row 1", "missing STATUS")),
    "columns in another order": Bad(
        lambda f: put(f, changed("STATUS,BREAKDOWN", "BREAKDOWN,STATUS")), "header-wrong", ("row 1", "column BREAKDOWN", "out of order")
    ),
    "the header cut short": Bad(lambda f: put(f, HEADER[:100] + "\r\n"), "header-wrong", ("row 1", "missing", "MEASURE_VALUE")),
    "no header at all": Bad(lambda f: put(f, "\r\n".join(ROWS)), "file-unknown", ("row 1", "esteem load --layouts")),
    "cut short in the last row": Bad(lambda f: put(f, text()[:-60]), "file-cut-short", (NAME, "row 6", "Download the file again")),
    "a gzip cut short": Bad(
        lambda f: put(f, gzip.compress((text() + text(ROWS * 5000, "")).encode())[:9000], NAME + ".gz"),
        "file-cut-short",
        ("Download the file again",),
    ),
    "zero bytes": Bad(lambda f: put(f, b""), "file-empty", (NAME, "zero bytes")),
    "header and nothing else": Bad(lambda f: put(f, HEADER + "\r\n"), "file-without-rows", (NAME,)),
    "a quoted field that never ends": Bad(
        lambda f: put(f, changed(",NONE,NONE,MHS32", ',"NONE,NONE,MHS32')), "row-quoting", (NAME, "row 5")
    ),
    "an archive without data": Bad(lambda f: _archive(f, "letters.zip", one="dear", two="all"), "file-unknown", ("letters.zip",)),
    "an archive that is none": Bad(lambda f: put(f, b"PK\x03\x04 but no more", "broken.zip"), "file-unknown", ("broken.zip",)),
    "a picture": Bad(lambda f: put(f, b"\x89PNG\r\n\x1a\n" + bytes(200), "chart.png"), "file-unknown", ("chart.png",)),
    "a file under another month's name": Bad(
        lambda f: put(f, text(), "MHSDS Data_FebPerf_2025.csv"),
        "edition-disagrees",
        ("row 2", "REPORTING_PERIOD_END", "February 2025", "January 2025"),
    ),
    "a provisional file": Bad(lambda f: put(f, text(), "MHSDS Data_JanP_2025.csv"), "edition-provisional", ("Performance or Final",)),
    "a workbook without one of its sheets": Bad(
        lambda f: dashboard_workbook.write(_made(f) / "dashboard.xlsx", leave_out=("EIP(i)",)),
        "sheet-missing",
        ("dashboard.xlsx", "EIP(i)"),
    ),
    "a workbook cut short": Bad(
        lambda f: put(f, dashboard_workbook.write(_made(f) / "whole.xlsx").read_bytes()[:4000], "cut.xlsx"), "file-unknown", ("cut.xlsx",)
    ),
    "a date that is none": Bad(
        lambda f: put(f, changed("31/01/2025,Performance,England", "31/13/2025,Performance,England")),
        "date-form",
        (NAME, "row 2", "REPORTING_PERIOD", "31/13/2025"),
    ),
    "a count in words": Bad(
        lambda f: put(f, changed(",4720", ",about 4700")), "row-unreadable", (NAME, "row 3", "MEASURE_VALUE", "about 4700", "--set-aside")
    ),
    "rows that contradict one another": Bad(
        lambda f: put(f, text([*ROWS, row(SUB_ICB, "99G", "MHS01", "4725")])),
        "row-contradictory",
        (NAME, "row 3", "row 7", "99G", "4720", "4725"),
    ),
    "a place that does not exist": Bad(
        lambda f: put(f, text([*ROWS, row(SUB_ICB, "99X", "MHS01", "5")])),
        "place-unknown",
        (NAME, "row 7", "place", "'99X'", "--set-aside"),
    ),
    "a place that had ended": Bad(
        lambda f: put(f, text([*ROWS, row(SUB_ICB, "07N", "MHS01", "5")])),
        "place-ended",
        (NAME, "row 7", "'07N'", "31 March 2020", "72Q"),
    ),
}
