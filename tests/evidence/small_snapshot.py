"""A snapshot of a few observations, for tests: the views of evidence/snapshots.py over tables made in the test."""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow as pa

from esteem.evidence.geography import Geography
from esteem.evidence.place_links import Link
from esteem.evidence.sources.contract import OBSERVATION
from esteem.terms.periods import parse
from esteem.terms.places import ENGLAND, Place

EDITION = "test:1"
PLACES = (
    Place(ENGLAND, "England", "country"),
    Place("99G", "NHS Southend CCG", "sub_icb"),
    Place("07G", "NHS Thurrock CCG", "sub_icb"),
    Place("99E", "NHS Basildon and Brentwood CCG", "sub_icb"),
    Place("99F", "NHS Castle Point and Rochford CCG", "sub_icb"),
    Place("06Q", "NHS Mid Essex CCG", "sub_icb"),
    Place("06T", "NHS North East Essex CCG", "sub_icb"),
    Place("07H", "NHS West Essex CCG", "sub_icb"),
    Place("QH8", "NHS Mid and South Essex Integrated Care Board", "icb"),
    Place("72Q", "NHS South East London ICB - 72Q", "sub_icb", date(2020, 4, 1)),
    Place("07N", "NHS Bexley CCG", "ccg", None, date(2020, 3, 31)),
    Place("08A", "NHS Greenwich CCG", "ccg", None, date(2020, 3, 31)),
    Place("E09000004", "Bexley", "unitary"),
    Place("E10000012", "Essex", "utla"),
    Place("E07000066", "Basildon", "ltla"),
)
WHOLE = "together with the others of the same kind it is all of it"
LINKS = (
    Link("99G", "QH8", "part_of"),
    Link("07G", "QH8", "part_of"),
    Link("99E", "QH8", "part_of"),
    Link("07N", "72Q", "became", date(2020, 4, 1), None, 1, WHOLE),
    Link("08A", "72Q", "became", date(2020, 4, 1), None, 1, WHOLE),
    Link("E09000004", "72Q", "lies_in"),
    Link("E07000066", "E10000012", "part_of"),
)
EDITIONS = {
    "edition": EDITION,
    "source": "test",
    "publisher": "NHS England",
    "title": "Test publication",
    "label": "first edition",
    "sha256": "a" * 64,
    "licence": "Open Government Licence v3.0",
    "attribution": "Contains test figures",
    "homepage": "",
    "loaded": "2026-11-22",
    "published": None,
    "release_policy": "published",
    "file": "test.csv",
}


def row(series: str, place: str, period: str, value: float | None, *, row: str = "row 1", flags: str = "", **more) -> dict:
    """One observation; `period` in any published form."""
    when = parse(period)
    return {
        "series": series,
        "place": place,
        "vintage": "2021-04",
        "period_start": when.start,
        "period_end": when.end,
        "period_kind": when.kind,
        "breakdown": "all",
        "category": "All",
        "value": value,
        "numerator": None,
        "denominator": None,
        "lower": None,
        "upper": None,
        "flags": flags,
        "source_row": row,
    } | more


def counted(series: str, place: str, period: str, numerator: float, denominator: float, **more) -> dict:
    """A share with its counts."""
    share = numerator / denominator if denominator else None
    return row(series, place, period, share, numerator=numerator, denominator=denominator, **more)


class SmallSnapshot:
    """What `ask` needs of a snapshot: `rows(sql, parameters)` and `geography`."""

    id = "small"
    path = None

    def __init__(self, observations, superseded=(), policy: str = "published", places=PLACES, links=LINKS):
        self._connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        for name, rows in (("observations", observations), ("superseded", superseded)):
            table = pa.Table.from_pylist(list(rows), OBSERVATION)
            table = table.append_column("edition", pa.array([EDITION] * len(table), pa.string()))
            self._connection.register(f"{name}_rows", table)
            self._connection.execute(f"create table {name} as select * from {name}_rows")
        self._connection.execute("create macro observations_as_at(day) as table select * from observations where period_end <= day")
        editions = pa.Table.from_pylist([EDITIONS | {"release_policy": policy}])
        held = pa.table({"code": [p.code for p in places], "name": [p.name for p in places], "kind": [p.kind for p in places]})
        self._connection.register("editions", editions)
        self._connection.register("places", held)
        self.geography = Geography(places, links)

    def rows(self, sql: str, parameters=()) -> list[dict]:
        return self.table(sql, parameters).to_pylist()

    def table(self, sql: str, parameters=()) -> pa.Table:
        return self._connection.execute(sql, list(parameters)).to_arrow_table()
