"""Where a postcode lies, from the pack: what importers need to put a place into its district."""

from __future__ import annotations

from collections.abc import Callable

from esteem.evidence.snapshots import Snapshot
from esteem.evidence.sources.postcodes import written_postcode


def locator(snapshot: Snapshot) -> Callable[[str], tuple[float, float, str] | None]:
    """postcode -> (latitude, longitude, district), None where the pack does not know it. One look for all of them."""
    rows = snapshot.rows("select postcode, latitude, longitude, district from postcodes")
    known = {row["postcode"]: (row["latitude"], row["longitude"], row["district"] or "") for row in rows}

    def locate(postcode: str) -> tuple[float, float, str] | None:
        written = written_postcode(postcode)
        return known.get(written) if written else None

    return locate
