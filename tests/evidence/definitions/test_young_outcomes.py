"""Outcomes of children and young people: which scores pair and what a change means, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, record
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.young_outcomes import FAMILY

CORS = "718458005"  # Child Outcome Rating Scale: their own view, high is good, a change of 10 is reliable


def closed(scores: list[tuple[str, str]], contacts=("2025-02-03", "2025-03-03"), **referral) -> dict[str, list[dict]]:
    """A referral of a 15-year-old closed on 20 March 2025, with scores of one scale by day."""
    own = {"AgeServReferRecDate": 15, "ReferralRequestReceivedDate": "2025-01-06", "ServDischDate": "2025-03-20", "ServTeamType": "A06"}
    seen = [
        {"UniqCareContID": f"K{n}", "CareContDate": day, "AttendStatus": "5", "ConsMechanismMH": "01"} for n, day in enumerate(contacts)
    ]
    given = [
        {"MHS606UniqID": n, "CodedAssToolType": CORS, "AssToolCompTimestamp": f"{day} 10:00:00", "PersScore": score}
        for n, (day, score) in enumerate(scores)
    ]
    return {
        "MHS001MPI": [person(1, 1)],
        "MHS101Referral": [record(1, **(own | referral))],
        "MHS201CareContact": [record(1, **row) for row in seen],
        "MHS606CodedScoreAssessmentRefer": [record(1, **row) for row in given],
    }


def found(tmp_path, tables) -> list[float]:
    """Referrals seen twice, assessed, paired, improved, deteriorated and unchanged in their own view."""
    values = england(workbench(tmp_path, tables), "M", "bbrb", "MHS110", "MHS111b", "MHS112b", "MHS113a", "MHS113c", "MHS113e")
    return [value or 0 for value in values]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([("2025-02-03", "10"), ("2025-03-10", "20")], [1, 1, 1, 1, 0, 0]),
        ([("2025-02-03", "10"), ("2025-03-10", "19")], [1, 1, 1, 0, 0, 1]),
        ([("2025-02-03", "20"), ("2025-03-10", "10")], [1, 1, 1, 0, 1, 0]),
        ([("2025-02-03", "10"), ("2025-03-02", "30")], [1, 1, 0, 0, 0, 0]),
        ([("2025-02-02", "10"), ("2025-03-10", "30")], [1, 1, 0, 0, 0, 0]),
        ([("2025-02-03", "10"), ("2025-03-21", "30")], [1, 1, 0, 0, 0, 0]),
        ([("2025-02-03", "10"), ("2025-03-10", "41")], [1, 1, 0, 0, 0, 0]),
        ([("2025-02-03", "10"), ("2025-03-10", "ten")], [1, 1, 0, 0, 0, 0]),
        ([], [1, 0, 0, 0, 0, 0]),
    ],
)
def test_the_first_and_last_valid_score_of_a_scale_are_compared(tmp_path, scores, expected):
    assert found(tmp_path, closed(scores)) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"AgeServReferRecDate": 18},
        {"ServDischDate": "2025-04-01"},
        {"ServTeamType": "A14"},
        {"ReferRejectionDate": "2025-01-10"},
        {"contacts": ("2025-02-03",)},
        {"contacts": ("2025-02-03", "2025-03-21")},
    ],
)
def test_referrals_out_of_scope_are_not_counted(tmp_path, change):
    assert found(tmp_path, closed([], **change)) == [0] * 6


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS11[0-5]*",))
