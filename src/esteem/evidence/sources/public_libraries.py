"""Public libraries in the place (Arts Council England, basic data set 2023): addresses, kind, open or closed, parts of the day.

Gives the table `public_libraries`. The day columns hold parts of the day and no clock times; `reporting` is the council that reports the
library, and it alone is right where `authority` differs (Southend).
"""

from __future__ import annotations

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Source, Tidy
from esteem.evidence.sources.lookups import table_of
from esteem.evidence.sources.postcodes import written_postcode
from esteem.terms.problems import Problem

_COUNTIES = ("Essex", "Kent", "Suffolk", "Greater London")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEEDED = ("reporting", "name", "address1", "address2", "address3", "authority", "postcode", "uprn", "type", "operation_23")
_MORE = ("operating_organisation", *DAYS, "hours", "staffed_hours")
PUBLIC_LIBRARIES = pa.schema(
    [(name, pa.string()) for name in ("reporting", "name", "address", "town", "postcode", "uprn", "kind", "operation", "operator", *DAYS)]
    + [("hours", pa.float64()), ("staffed_hours", pa.float64())]
)


def recognise(raw: RawFile) -> Edition | None:
    header = {name.strip().lower() for name in delimited.header(raw)}
    return Edition("Public libraries, 2023", (), "public libraries") if header.issuperset((*_NEEDED, *_MORE)) else None


def near(raw: RawFile) -> Problem | None:
    header = {name.strip().lower() for name in delimited.header(raw)}
    missing = [name for name in (*_NEEDED, *_MORE) if name not in header]
    if not {"statutory_10", "staffed_hours"} & header or not missing:
        return None
    rule = "The list of public libraries has a column for each part of the address and each day."
    return Problem("header-wrong", rule, f"missing: {', '.join(missing)}", "Load the file as published.", raw.name, 1)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    names = tuple(name.strip().lower() for name in delimited.header(raw))
    found: dict[tuple[str, str, str], tuple] = {}
    rejected: list[Rejected] = []
    read = 0
    for line, cells in delimited.records(raw, delimited.header(raw), progress, rejected):
        read += 1
        row = {name: " ".join(cell.replace(" .", " ").split()).strip(" .") for name, cell in zip(names, cells, strict=False)}
        postcode = written_postcode(row["postcode"])
        key = (row["reporting"], row["name"], postcode or "")
        if not row["reporting"] or not row["name"] or (postcode is None and row["type"] != "Mobile Library"):
            rule, remedy = "A library has a council, a name and a postcode.", "Correct the row."
            rejected.append(Rejected(f"row {line}", "postcode", rule, ", ".join(key), remedy))
        elif key in found:
            rejected.append(Rejected(f"row {line}", "name", "Each library stands once.", ", ".join(key), "Nothing.", "repeated"))
        else:
            found[key] = _values(row, postcode or "")
    table = table_of((found[key] for key in sorted(found)), PUBLIC_LIBRARIES)
    return Tidy(tables={"public_libraries": table}, rejected=rejected, rows_read=read, rows_kept=len(found))


def _values(row: dict[str, str], postcode: str) -> tuple:
    parts = [part for part in (row["address1"], row["address2"], row["address3"]) if part and part not in _COUNTIES]
    town = parts.pop() if len(parts) > 1 else ""
    operator = "" if row["operating_organisation"] in ("-", "N/A") else row["operating_organisation"]
    return (
        *(row["reporting"], row["name"], ", ".join(parts), town, postcode, row["uprn"], row["type"], row["operation_23"], operator),
        *(row[day] for day in DAYS),
        *(_hours(row[name]) for name in ("hours", "staffed_hours")),
    )


def _hours(text: str) -> float | None:
    """Hours a week; None for a library that is closed and for what is no number."""
    try:
        return float(text)
    except ValueError:
        return None


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Every row gave a library."""
    return [Check("every row gave a library", tidied.rows_kept == tidied.rows_read, f"{tidied.rows_kept} of {tidied.rows_read}")]


SOURCE = Source(
    id="public_libraries",
    title="Public libraries",
    publisher="Arts Council England",
    licence="Open Government Licence v3.0",
    attribution="Source: Arts Council England, public libraries basic data set 2023, licensed under the Open Government Licence v3.0.",
    homepage="Arts Council England, public libraries in England: basic data set",
    layout=",".join((*_NEEDED, *_MORE)),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="yearly",
)
