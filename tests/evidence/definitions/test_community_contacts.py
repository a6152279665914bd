"""Community services for adults: which contacts are the second, and how long people wait for it; on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.community_contacts import FAMILY


def met(day: str, number: int = 1, **fields) -> dict:
    return record(number, CareContDate=day, UniqCareContID=day, AttendStatus="5", ConsMechanismMH="01") | fields


def referred(*contacts: dict, team: str = "A06", **referral) -> dict[str, list[dict]]:
    """Someone of 40 referred on 1 January 2025."""
    made = record(1, ServTeamType=team, AgeServReferRecDate=40, ReferralRequestReceivedDate="2025-01-01") | referral
    return {"MHS001MPI": [person(1, 1)], "MHS101Referral": [made], "MHS201CareContact": list(contacts)}


TWO = (met("2025-02-01"), met("2025-03-02"))
IN_HOSPITAL = {"MHS501HospProvSpell": [record(1, UniqHospProvSpellID="S1")]}
CASES = [  # (rows, seen twice, second contact in the quarter, still waiting)
    (referred(*TWO), 1, 1, None),
    (referred(TWO[0]), None, None, 1),
    (referred(), None, None, 1),
    (referred(TWO[0], TWO[1] | {"AttendStatus": "3"}), None, None, 1),
    (referred(TWO[0], TWO[1] | {"ConsMechanismMH": "05"}), None, None, 1),
    (referred(ServDischDate="2025-03-31"), None, None, None),
    (referred(*TWO, team="A11"), None, None, None),
    (referred(*TWO, team="A14"), 1, 1, None),
    (referred(*TWO, AgeServReferRecDate=17), None, None, None),
    (referred(*TWO, ReferralRequestReceivedDate="2019-03-31"), 1, None, None),
    (referred(*TWO) | IN_HOSPITAL, None, None, None),
]


def test_two_attended_contacts_with_a_core_team_end_the_wait(tmp_path):
    work = workbench(tmp_path, side_by_side(tables for tables, *_ in CASES))
    seen = figures(work, "MHS108", "12M", "bbrb", "Provider")
    waited, waiting = (figures(work, name, "Q", "bbrb", "Provider") for name in ("MHS124", "MHS127"))
    found = [tuple(part.get(f"C{n}") for part in (seen, waited, waiting)) for n in range(len(CASES))]
    assert found == [tuple(expected) for _, *expected in CASES]


def test_days_run_to_the_second_contact_or_to_the_day_after_the_period(tmp_path):
    work = workbench(tmp_path, side_by_side([referred(*TWO), referred()]))
    assert england(work, "Q", "bbrb", "MHS125", "MHS126", "MHS128", "MHS129") == [60, 60, 90, 90]


@pytest.mark.parametrize(("corrected", "people"), [((), 1), (("quirk:mhs108-contact-per-team",), None)])
def test_one_contact_with_two_teams_counts_as_two_unless_put_right(tmp_path, corrected, people):
    tables = referred(TWO[0]) | {"MHS102OtherServiceType": [record(1, ServTeamTypeRefToMH="A08", UniqCareProfTeamID="T2")]}
    assert england(workbench(tmp_path, tables, frozenset(corrected)), "12M", "bbrb", "MHS108") == [people]


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS108", "MHS12[4-9]"))
