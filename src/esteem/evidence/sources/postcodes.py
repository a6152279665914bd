"""Postcode centroids (ONS National Statistics Postcode Lookup): postcode, latitude, longitude.

Gives the table `postcodes`. The areas of each postcode are added when a pack is put together (`evidence/postcode_areas.py`).
"""

from __future__ import annotations

import re

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Source, Tidy
from esteem.evidence.sources.lookups import table_of
from esteem.terms.problems import Problem

COLUMNS = ("Postcode", "lat", "long")
POSTCODES = pa.schema([("postcode", pa.string()), ("latitude", pa.float64()), ("longitude", pa.float64())])
_FORM = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9][A-Z]{2})")


def written_postcode(text: str) -> str | None:
    """`ss12ab` as `SS1 2AB`; None for text that is no postcode."""
    plain = re.sub(r"[^A-Za-z0-9]", "", text).upper()
    spaced = f"{plain[:-3]} {plain[-3:]}"
    return spaced if _FORM.fullmatch(spaced) else None


def recognise(raw: RawFile) -> Edition | None:
    return Edition("Postcode centroids", (), "postcodes") if delimited.matches(delimited.header(raw), COLUMNS) else None


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, COLUMNS)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    found: dict[str, tuple[float, float]] = {}
    rejected: list[Rejected] = []
    read = 0
    for line, (text, north, east) in ((n, cells[:3]) for n, cells in delimited.records(raw, COLUMNS, progress, rejected)):
        read += 1
        postcode = written_postcode(text)
        try:
            latitude, longitude = float(north), float(east)
        except ValueError:
            postcode = None
        if postcode is None or not (49 <= latitude <= 61 and -9 <= longitude <= 2.1):
            rule = "A row has a postcode, a latitude and a longitude in the British Isles."
            remedy = "Correct the row or download the file again."
            rejected.append(Rejected(f"row {line}", "Postcode", rule, f"{text}, {north}, {east}", remedy))
        elif postcode in found:
            rule = "Each postcode stands once."
            rejected.append(Rejected(f"row {line}", "Postcode", rule, postcode, "Nothing, if the rows are the same.", "repeated"))
        else:
            found[postcode] = (latitude, longitude)
    table = table_of(((p, *at) for p, at in sorted(found.items())), POSTCODES)
    return Tidy(tables={"postcodes": table}, rejected=rejected, rows_read=read, rows_kept=len(found))


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Every row gave a postcode."""
    return [Check("every row gave a postcode", tidied.rows_kept == tidied.rows_read, f"{tidied.rows_kept} of {tidied.rows_read}")]


SOURCE = Source(
    id="postcodes",
    title="Postcode centroids",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    attribution=(
        "Contains OS data © Crown copyright and database right. Contains Royal Mail data © Royal Mail copyright and database right. "
        "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
    ),
    homepage="ONS Open Geography portal, National Statistics Postcode Lookup",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="quarterly",
)
