"""Bed days without leave and days of delay, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.monthly_bed_days import FAMILY


def a_stay_with_leave_and_delays() -> dict[str, list[dict]]:
    """In hospital from 10 March; home from 20 to 22 March; delayed from 24 to 26 March, then for another reason."""
    delays = (("2025-03-24", "2025-03-26", "04"), ("2025-03-27", "", "77"), ("2025-03-23", "2025-03-23", "04"))
    return {
        "MHS001MPI": [person(1, 1)],
        "MHS502WardStay": [record(1, UniqWardStayID="W1", StartDateWardStay="2025-03-10")],
        "MHS509HomeLeave": [record(1, UniqWardStayID="W1", StartDateHomeLeave="2025-03-20", EndDateHomeLeave="2025-03-22")],
        "MHS518ClinReadyForDischarge": [
            record(1, MHS518UniqID=n, UniqHospProvSpellID="S1", ClinReadyforDischDelayReason=reason, AttribToIndic="04")
            | {"StartDateClinReadyforDisch": start, "EndDateClinReadyforDisch": end}
            for n, (start, end, reason) in enumerate(delays)
        ],
    }


def test_leave_is_taken_off_and_a_delay_that_goes_on_keeps_its_first_day(tmp_path):
    work = workbench(tmp_path, a_stay_with_leave_and_delays())
    assert england(work, "M", "analysis", "MHS25", "MHS26") == [22 - 2, 1 + 5]
    assert figures(work, "MHS26", "M", "analysis", "England; Delayed discharge reason") == {"04": 1, "UNKNOWN": 5}


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS25,MHS26",))
