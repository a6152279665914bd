"""First contacts of children and young people, and waits for them, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.young_waits import FAMILY


def met(day: str, **fields) -> dict:
    return record(1, CareContDate=day, AttendStatus="5", ConsMechanismMH="01", AgeCareContDate=15) | fields


def referred(*contacts: dict, district: str = "", **referral) -> dict[str, list[dict]]:
    """Someone of 15 referred on 1 January 2025."""
    made = record(1, AgeServReferRecDate=15, ReferralRequestReceivedDate="2025-01-01") | referral
    return {
        "MHS001MPI": [person(1, 1, LADistrictAuth=district)],
        "MHS101Referral": [made],
        "MHS201CareContact": list(contacts),
    }


CASES = [  # (rows, first contact in the quarter, still waiting)
    (referred(met("2025-02-10"), met("2025-03-10")), 1, None),
    (referred(met("2024-12-31"), met("2025-03-10")), None, None),
    (referred(), None, 1),
    (referred(met("2025-02-10", AttendStatus="3")), None, 1),
    (referred(met("2025-02-10", AgeCareContDate=18)), None, 1),
    (referred(AgeServReferRecDate=18), None, None),
    (referred(ServDischDate="2025-03-31"), None, None),
    (referred(ReferralRequestReceivedDate="2019-03-31"), None, None),
    (referred(district="W06000001"), None, None),
    (referred(district="E06000001"), None, 1),
    (referred(RecordStartDate="2025-03-31"), None, None),
]


def test_who_was_seen_first_and_who_still_waits(tmp_path):
    work = workbench(tmp_path, side_by_side(tables for tables, *_ in CASES))
    seen, waiting = (figures(work, name, "Q", "bbrb", "Provider") for name in ("MHS130", "MHS133"))
    assert [(seen.get(f"C{n}"), waiting.get(f"C{n}")) for n in range(len(CASES))] == [tuple(expected) for _, *expected in CASES]


def test_days_run_to_the_contact_or_to_the_day_after_the_period(tmp_path):
    work = workbench(tmp_path, side_by_side([referred(met("2025-02-10")), referred()]))
    assert england(work, "Q", "bbrb", "MHS131", "MHS132", "MHS134", "MHS135") == [40, 40, 90, 90]


def test_quirks_put_right_keep_the_last_day_and_leave_out_later_months(tmp_path):
    later = met("2025-04-10", UniqMonthID=1501)
    tables = side_by_side([referred(later), referred(RecordStartDate="2025-03-31")])
    found = [england(workbench(tmp_path / fix, tables, fix), "Q", "bbrb", "MHS133") for fix in ("", "all")]
    assert found == [[None], [2]]


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS13[0-5]",))
