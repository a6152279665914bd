"""The columns of every table in a pack or snapshot, and the keys that put its rows in one order."""

from __future__ import annotations

import pyarrow as pa

from esteem.evidence.gazetteer import PLACES
from esteem.evidence.sources.contract import OBSERVATION
from esteem.evidence.sources.lookups import PLACE_CODES, PLACE_LINKS

CELL = ("series", "place", "period_start", "period_end", "breakdown", "category")  # what makes a published cell unique in an edition

OBSERVATIONS = OBSERVATION.append(pa.field("edition", pa.string()))

EDITIONS = pa.schema(
    [
        ("edition", pa.string()),  # source id, colon, first 12 digits of the file's SHA-256
        ("source", pa.string()),
        ("file", pa.string()),
        ("sha256", pa.string()),  # of the file as it lay on disk
        ("content_sha256", pa.string()),  # of the bytes after gzip, so that a file and its .gz are one edition
        ("bytes", pa.int64()),
        ("label", pa.string()),
        ("covers", pa.string()),
        ("status", pa.string()),
        ("published", pa.date32()),
        ("rank", pa.string()),  # the edition's rank as a JSON list
        ("loaded", pa.date32()),  # null for what came with the pack
        ("rows_read", pa.int64()),
        ("rows_kept", pa.int64()),
        ("rejected", pa.int64()),
        ("title", pa.string()),
        ("publisher", pa.string()),
        ("licence", pa.string()),
        ("attribution", pa.string()),
        ("period", pa.string()),
        ("kind", pa.string()),  # "original" or "derived", from the provenance list; empty when not listed
        ("origin", pa.string()),  # where the bytes were found, from the provenance list
        ("homepage", pa.string()),
        ("release_policy", pa.string()),
        ("notes", pa.string()),
        ("checks", pa.int64()),  # comparisons with the publisher's own totals that were made, all passed
    ]
)

SERIES = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("unit", pa.string()),
        ("published_as", pa.string()),
        ("statistic", pa.string()),
        ("rounding", pa.string()),
        ("multiplier", pa.float64()),
        ("notes", pa.list_(pa.string())),
        ("source", pa.string()),
        ("first_period", pa.date32()),  # start of the earliest period
        ("last_period", pa.date32()),  # end of the latest period
        ("checksum", pa.string()),
        ("observations", pa.int64()),
    ]
)

REJECTED = pa.schema(
    [
        ("edition", pa.string()),
        ("source", pa.string()),
        ("file", pa.string()),
        ("row", pa.string()),
        ("column", pa.string()),
        ("rule", pa.string()),
        ("found", pa.string()),
        ("remedy", pa.string()),
        ("kind", pa.string()),
    ]
)

# Tables every snapshot has, even when they hold no row.
SHAPES = {
    "observations": OBSERVATIONS,
    "superseded": OBSERVATIONS,
    "editions": EDITIONS,
    "series": SERIES,
    "rejected": REJECTED,
    "places": PLACES,
    "place_links": PLACE_LINKS,
    "place_codes": PLACE_CODES,
}

# What sources state about places, one part a source; `evidence/gazetteer.py` works the finished tables out from them.
STATED_PLACES = "stated_places"
SPANNING = ("editions", "series", "rejected", "places", "place_links", "place_codes")  # one part each, for all sources

FORMAT = 1  # raised when an older Esteem could not read what this one writes
