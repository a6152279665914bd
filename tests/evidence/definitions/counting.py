"""What tests of families share: hand-made rows of one record, counting them, and comparing a family with the oracle."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.evidence.records.small_extract import LIVE

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_breakdown, find_defined
from esteem.evidence.record_model import Family
from esteem.evidence.records.workbench import Workbench
from esteem.evidence.verification import verify


def record(number: int, **fields) -> dict:
    """A row of person `number`'s record of March 2025 at the provider PRA, valid at its end; the referral is R and the number."""
    keys = {"Person_ID": f"P{number}", "OrgIDProv": "PRA", "RecordNumber": number, "UniqMonthID": 1500, "UniqServReqID": f"R{number}"}
    return LIVE | keys | fields


def side_by_side(cases: Iterable[dict[str, list[dict]]]) -> dict[str, list[dict]]:
    """The tables of many small cases as one extract: case 0 becomes the provider C0 with people, records and referrals of its own."""
    together: dict[str, list[dict]] = {}
    for number, tables in enumerate(cases):
        for name, rows in tables.items():
            together.setdefault(name, []).extend(_of_case(number, row) for row in rows)
    return together


def _of_case(number: int, row: dict) -> dict:
    own = {"OrgIDProv": f"C{number}", "RecordNumber": 100 * number + row["RecordNumber"], "Person_ID": f"{row['Person_ID']} of C{number}"}
    return row | own | ({"UniqServReqID": f"{row['UniqServReqID']} of C{number}"} if "UniqServReqID" in row else {})


def at(time: str) -> str:
    """A time of day as the data set keeps it."""
    return f"1970-01-01 {time}:00"


def figures(work: Workbench, name: str, period: str, pipeline: str, breakdown: str = "England") -> dict[str, float]:
    """The measure's values by level."""
    return _figures(work, (name,), period, pipeline, breakdown)[0]


def england(work: Workbench, period: str, pipeline: str, *names: str) -> list[float | None]:
    """The value of each measure for England, none where no row counts."""
    return [values.get("England") for values in _figures(work, names, period, pipeline, "England")]


def _figures(work: Workbench, names: Iterable[str], period: str, pipeline: str, breakdown: str) -> list[dict[str, float]]:
    found = [find_defined(name, period, pipeline) for name in names]
    requests = [Request(each.measure, period, find_breakdown(each, breakdown)) for each in found]
    computed = compute(work, requests)
    return [{level: figure.value for level, figure in computed[request].items()} for request in requests]


def assert_equals_oracle(shared: Path, family: Family, patterns: Iterable[str]) -> None:
    """Every expected row of the measures that fit a pattern is equal, and they are the measures of the family."""
    checked = [row for pattern in patterns for row in verify(shared / "oracles" / "mhsds", pattern)]
    published = {name for name, _ in family.ids if "_" not in name}  # an id with a low line is our own
    assert {row.expected.measure_id for row in checked} == published
    assert [row for row in checked if not row.equal] == []
