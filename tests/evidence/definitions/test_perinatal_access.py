"""Perinatal access: who counts, which contacts, and once in each geography, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.perinatal_access import FAMILY


def tables_of_one(of_person: dict, team: str = "C02", **contact) -> dict[str, list[dict]]:
    met = {"CareContDate": "2025-03-05", "UniqCareContID": "C1", "AttendStatus": "5", "ConsMechanismMH": "11"}
    return {
        "MHS001MPI": [person(1, 1, **of_person)],
        "MHS101Referral": [record(1, ServTeamType=team)],
        "MHS201CareContact": [record(1, **met | contact)],
    }


CASES = [
    (tables_of_one({"GenderIDCode": "2"}), 1),
    (tables_of_one({"GenderIDCode": "3"}, "F02"), 1),
    (tables_of_one({"GenderIDCode": "1", "GenderSameAtBirth": "N"}), 1),
    (tables_of_one({"GenderIDCode": "1", "GenderSameAtBirth": "Y"}), None),
    (tables_of_one({"Gender": "2"}), 1),
    (tables_of_one({"GenderIDCode": "X", "Gender": "2"}), None),
    (tables_of_one({"GenderIDCode": "2", "LADistrictAuth": "S12000033"}), None),
    (tables_of_one({"GenderIDCode": "2"}, "A06"), None),
    (tables_of_one({"GenderIDCode": "2"}, ConsMechanismMH="02"), None),
    (tables_of_one({"GenderIDCode": "2"}, AttendStatus="3"), None),
]


def test_who_counts_and_which_contacts(tmp_path):
    work = workbench(tmp_path, side_by_side(tables for tables, _ in CASES))
    found = figures(work, "MHS91", "12M", "bbrb", "Provider")
    assert [found.get(f"C{n}") for n in range(len(CASES))] == [seen for _, seen in CASES]


def test_a_person_seen_by_two_providers_counts_in_each_and_once_in_england(tmp_path):
    tables = tables_of_one({"GenderIDCode": "2", "OrgIDSubICBLocResidence": "7A1", "NHSDEthnicity": "A"})
    there = {"OrgIDProv": "PRB", "RecordNumber": 2, "UniqServReqID": "R2", "UniqCareContID": "C2"}
    for rows in tables.values():
        rows.append(rows[0] | there)
    tables["MHS001MPI"][1]["NHSDEthnicity"] = "M"
    work = workbench(tmp_path, tables)
    assert figures(work, "MHS91", "12M", "bbrb", "Provider") == {"PRA": 1, "PRB": 1}
    assert figures(work, "MHS91", "12M", "bbrb", "ICB of GP Practice or Residence") == {"QA": 1}
    assert figures(work, "MHS91", "12M", "bbrb", "England; Upper Ethnicity") == {"White or White British": 1}


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS91",))
