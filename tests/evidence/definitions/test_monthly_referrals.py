"""Referrals by service and team: who is open, new and closed, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.monthly_referrals import FAMILY


def three_referrals() -> dict[str, list[dict]]:
    """An adult open to a core team, a girl of 17 new to a perinatal team, and one of 70 whose core team closed the referral."""
    rows = (
        (40, {"ServTeamType": "A06", "ReferralRequestReceivedDate": "2024-12-02"}),
        (17, {"ServTeamType": "C02", "ReferralRequestReceivedDate": "2025-03-03"}),
        (70, {"ServTeamType": "A12", "ReferralRequestReceivedDate": "2025-03-03", "ServDischDate": "2025-03-28"}),
    )
    return {
        "MHS001MPI": [person(n, n, AgeRepPeriodEnd=age) for n, (age, _) in enumerate(rows, 1)],
        "MHS101Referral": [record(n, **row) for n, (_, row) in enumerate(rows, 1)],
    }


def test_open_new_and_closed_referrals_by_team(tmp_path):
    work = workbench(tmp_path, three_referrals())
    assert england(work, "M", "analysis", "AMH01", "LDA01", "MH01", "MH01a", "MH01b", "MH01c") == [2, None, 2, 1, 1, None]
    assert england(work, "M", "analysis", "MHS23a", "MHS23d", "MHS32c", "MHS32d", "MHS57", "MHS57b") == [1, 1, 1, 1, 1, 1]
    assert figures(work, "MHS57b", "M", "analysis", "England; Age Group") == {"65+": 1}


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    patterns = ("AMH01", "CYP01", "LDA01", "MH01*", "AMH23", "CYP23", "MHS23?", "MHS32?", "MHS57*")
    assert_equals_oracle(shared, FAMILY, (",".join(patterns),))
