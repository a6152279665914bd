"""Contacts by kind of team: which team gave a contact, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.team_contacts import FAMILY


def contacts_of_two_teams() -> dict[str, list[dict]]:
    """A referral to the core team T1: two contacts of its own, one given by the perinatal team T2, one sent in April's records."""
    rows = (
        {"AttendStatus": "5", "ConsMechanismMH": "01"},
        {"AttendStatus": "3"},
        {"AttendStatus": "9", "ConsMechanismMH": "77", "OtherCareProfTeamLocalID": "T2", "UniqOtherCareProfTeamLocalID": "T2"},
    )
    teams = (("T1", "A06"), ("T2", "C02"))
    return {
        "MHS001MPI": [person(1, 1, AgeRepPeriodEnd=30)],
        "MHS101Referral": [record(1, UniqCareProfTeamLocalID="T1", ServTeamType="A06")],
        "MHS201CareContact": [record(1, CareContDate="2025-03-10", UniqCareContID=f"K{n}", **row) for n, row in enumerate(rows)],
        "MHS902ServiceTeamDetails": [
            {"UniqMonthID": 1500, "OrgIDProv": "PRA", "UniqCareProfTeamLocalID": name, "ServTeamTypeMH": kind} for name, kind in teams
        ],
    }


def test_the_other_team_a_contact_names_gave_it_else_the_team_of_the_referral(tmp_path):
    work = workbench(tmp_path, contacts_of_two_teams())
    found = england(work, "M", "analysis", "MHS29a", "MHS29b", "MHS29d", "MHS30a", "MHS30f", "MHS58")
    assert found == [1, None, 2, None, 1, 1]
    assert figures(work, "MHS29d", "M", "analysis", "Provider; Age Group") == {"PRA;18-64": 2}


def test_codes_that_are_missing_or_not_in_the_list_have_levels_of_their_own(tmp_path):
    work = workbench(tmp_path, contacts_of_two_teams())
    assert figures(work, "MHS29f", "M", "analysis", "England; Attendance") == {"5": 1, "3": 1, "Invalid": 1}
    assert figures(work, "MHS30h", "M", "analysis", "England; ConsMechanismMH") == {"01": 1}


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS29[a-f],MHS30[a-h],MHS58",))
