"""Housing, work and crisis plans on record: whose record counts where, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.recorded_circumstances import FAMILY


def records_of_two_people() -> dict[str, list[dict]]:
    """One whose housing another provider recorded, and whose work is over a year old; one with a crisis plan brought up to date."""
    return {
        "MHS001MPI": [person(1, 1), person(2, 2)],
        "MHS101Referral": [record(1), record(2)],
        "MHS003AccommStatus": [record(1, OrgIDProv="PRB", AccommodationType="01", AccommodationTypeDate="2024-04-01")],
        "MHS004EmpStatus": [record(1, EmployStatus="01", EmployStatusRecDate="2024-03-31")],
        "MHS008CarePlanType": [record(2, CarePlanTypeMH="12", CarePlanCreatDate="2023-01-01", CarePlanLastUpdateDate="2025-03-31")],
    }


def test_any_record_counts_for_england_and_the_providers_own_for_a_provider(tmp_path):
    work = workbench(tmp_path, records_of_two_people())
    assert england(work, "M", "analysis", "MHS13", "MHS16", "MHS19") == [1, None, 1]
    assert figures(work, "MHS13", "M", "analysis", "Provider") == {}
    assert figures(work, "MHS19", "M", "analysis", "Provider") == {"PRA": 1}


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS13,MHS16,MHS19",))
