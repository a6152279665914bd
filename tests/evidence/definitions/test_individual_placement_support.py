"""Employment support: by team or by code, first contact of a referral, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.individual_placement_support import FAMILY

CODE = "1082621000000104"


def tables_of_one(team: str, procedure: str = "", **referral) -> dict[str, list[dict]]:
    met = record(1, UniqCareContID="C1", CareContDate="2025-03-05", AttendStatus="5", ConsMechanismMH="02")
    return {
        "MHS001MPI": [person(1, 1, AgeRepPeriodEnd=30)],
        "MHS101Referral": [record(1, ServTeamType=team, ReferralRequestReceivedDate="2025-01-10") | referral],
        "MHS201CareContact": [met],
        "MHS202CareActivity": [record(1, UniqCareContID="C1", UniqCareActID="A1", Procedure=procedure)],
    }


CASES = [
    (tables_of_one("D05"), 1),
    (tables_of_one("A06"), None),
    (tables_of_one("A06", CODE), 1),
    (tables_of_one("A06", f"{CODE}\n"), 1),
    (tables_of_one("A06", "772822000:408730004=385658003"), 1),
    (tables_of_one("A06", f"{CODE}:408730004=443390004"), None),
    (tables_of_one("A06", f"{CODE}1"), None),
    (tables_of_one("D05", ReferralRequestReceivedDate="2015-12-31"), None),
]


def test_the_team_or_the_code_makes_it_employment_support(tmp_path):
    work = workbench(tmp_path, side_by_side(tables for tables, _ in CASES))
    found = figures(work, "MHS116", "12M", "bbrb", "Provider")
    assert [found.get(f"C{n}") for n in range(len(CASES))] == [access for _, access in CASES]


def test_another_contact_of_the_referral_does_not_carry_the_code(tmp_path):
    tables = tables_of_one("A06", CODE)
    tables["MHS201CareContact"] = [
        tables["MHS201CareContact"][0] | {"AttendStatus": "3"},
        tables["MHS201CareContact"][0] | {"UniqCareContID": "C2"},
    ]
    assert england(workbench(tmp_path, tables), "12M", "bbrb", "MHS116") == [None]


def test_a_referral_counts_once_at_its_first_contact(tmp_path):
    tables = tables_of_one("D05")
    before = {"RecordNumber": 2, "UniqMonthID": 1499}
    tables["MHS001MPI"].append(tables["MHS001MPI"][0] | before | {"AgeRepPeriodEnd": 29})
    tables["MHS101Referral"].append(tables["MHS101Referral"][0] | before)
    tables["MHS201CareContact"].append(tables["MHS201CareContact"][0] | before | {"CareContDate": "2025-02-05", "UniqCareContID": "C0"})
    work = workbench(tmp_path, tables)
    assert figures(work, "MHS116", "12M", "bbrb", "England; Age Band") == {"25 to 29": 1}


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS116*",))
