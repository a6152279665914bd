"""Homes and work of adults: which referrals are adult mental health, the newest answer, councils, shares, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_breakdown, find_defined
from esteem.evidence.definitions.mhsds.social_care_outcomes import FAMILY

REFERENCE = {
    "ONS_CHD_GEO_LISTINGS": [
        {"GEOGRAPHY_CODE": code, "ENTITY_CODE": kind, "PARENT_GEOGRAPHY_CODE": parent, "DATE_OF_OPERATION": "2009-04-01"}
        for code, kind, parent in (
            ("E06000033", "E06", "E92000001"),
            ("E07000071", "E07", "E10000012"),
            ("E10000012", "E10", "E92000001"),
            ("E92000001", "E92", ""),
        )
    ],
    "DataDictionaryCodes": [{"ItemName": "PERSON_STATED_GENDER_CODE", "PrimaryCode": code} for code in "129"],
}


def adult(number: int = 1, age: int = 40, people: dict | None = None, **referral) -> dict[str, list[dict]]:
    fields = {"ServTeamType": "A06", "UniqCareProfTeamLocalID": "team", "AgeServReferRecDate": 40} | referral
    return {
        "MHS001MPI": [person(number, number, AgeRepPeriodEnd=age, **(people or {}))],
        "MHS101Referral": [record(number, **fields)],
    }


def with_rows(tables: dict[str, list[dict]], **more: list[dict]) -> dict[str, list[dict]]:
    names = {*tables, *more}
    return {name: tables.get(name, []) + more.get(name, []) for name in names}


def counted(folder, cases, name: str = "AMH03e", corrected=frozenset()) -> list[float | None]:
    work = workbench(folder, REFERENCE | side_by_side(cases), corrected)
    found = figures(work, name, "M", "pubs", "Provider")
    return [found.get(f"C{number}") for number in range(len(cases))]


def ward(name: str, **fields) -> dict[str, list[dict]]:
    spell = {"UniqHospProvSpellID": f"spell of {name}"}
    return {
        "MHS501HospProvSpell": [record(1, **spell)],
        "MHS502WardStay": [record(1, UniqWardStayID=name, **(spell | fields))],
    }


def test_who_is_in_contact_with_adult_services(tmp_path):
    other_team = record(1, ServTeamTypeRefToMH="A06", UniqCareProfTeamID="other")
    cases = [
        (adult(), 1),
        (adult(age=18), 1),
        (adult(age=17), None),
        (adult(age=69), 1),
        (adult(age=70), None),
        (adult(ServDischDate="2025-03-31"), None),
        (adult(ServTeamType="C06"), None),
        (adult(ServTeamType="E04"), None),
        (with_rows(adult(ServTeamType="C06"), MHS102OtherServiceType=[other_team]), 1),
        (with_rows(adult(ServTeamType="C06"), MHS102OtherServiceType=[other_team | {"ReferClosureDate": "2025-03-31"}]), None),
        (adult(ServTeamIntAgeGroup="02"), None),
        (adult(ServTeamIntAgeGroup="02", ReasonOAT="10"), 1),
        (adult(ServTeamType="C06", ReferRejectionDate="2025-03-02"), 1),
        (with_rows(adult(), **ward("young", WardType="01")), None),
        (with_rows(adult(), **ward("adult", WardType="03")), 1),
        (with_rows(adult(), **ward("left", WardType="01", EndDateWardStay="2025-03-20")), 1),
    ]
    assert counted(tmp_path, [tables for tables, _ in cases]) == [people for _, people in cases]


def test_a_team_that_mostly_sees_the_young_is_theirs(tmp_path):
    def team(*ages: int) -> dict[str, list[dict]]:
        tables: dict[str, list[dict]] = {}
        for number, age in enumerate(ages, start=1):
            own = {"AgeServReferRecDate": age, "UniqCareProfTeamLocalID": f"team of {ages}"}
            tables = with_rows(tables, **adult(number, age=max(age, 18), **own))
        return tables

    assert counted(tmp_path, [team(10, 40), team(10, 17, 40), team(2, 2, 40)]) == [2, None, 3]


def test_adult_services_put_right(tmp_path):
    mixed = with_rows(adult(ServTeamType="C06"), MHS102OtherServiceType=[record(1, ServTeamTypeRefToMH="A06")])
    no_team = adult(age=18, UniqCareProfTeamLocalID="", AgeServReferRecDate=17)
    assert counted(tmp_path / "a", [mixed, no_team, adult()]) == [1, 1, 1]
    assert counted(tmp_path / "b", [mixed, no_team, adult()], corrected="all") == [None, None, 1]


def home(day: str, settled: str, kind: str = "OC96", **fields) -> dict:
    return record(1, AccommodationTypeDate=day, AccommodationType=kind, SettledAccommodationInd=settled, **fields)


def test_the_newest_home_of_the_year_counts(tmp_path):
    cases = [
        ([home("2025-01-01", "Y")], 1),
        ([home("2024-04-01", "Y")], 1),
        ([home("2024-03-31", "Y")], None),
        ([home("2025-04-01", "Y")], None),
        ([home("2025-01-01", "Y"), home("2025-02-01", "N")], None),
        ([home("2025-01-01", "Y"), home("2025-02-01", "N", kind="")], 1),
        ([home("2025-01-01", "Y"), home("2025-01-01", "N", UniqMonthID=1499)], 1),
        ([home("2025-01-01", "Y", UniqMonthID=1499), home("2025-01-01", "N")], None),
        ([home("2025-01-01", "Y"), home("2025-01-01", "N")], 1),
    ]
    assert counted(tmp_path, [with_rows(adult(), MHS003AccommStatus=rows) for rows, _ in cases], "AMH14e") == [n for _, n in cases]


def test_work(tmp_path):
    jobs = [("01", 1), ("1", 1), ("02", None), ("", None)]
    rows = [[record(1, EmployStatus=code, EmployStatusRecDate="2025-03-01")] for code, _ in jobs]
    assert counted(tmp_path, [with_rows(adult(), MHS004EmpStatus=each) for each in rows], "AMH17e") == [n for _, n in jobs]


def of_councils() -> dict[str, list[dict]]:
    """1: unitary, man, settled. 2: district of a county, woman. 3: Wales, settled. 4: unitary, gender not listed, settled."""
    tables: dict[str, list[dict]] = {}
    homes = (("E06000033", "1"), ("E07000071", "2"), ("W06000015", "1"), ("E06000033", "X"))
    for number, (district, gender) in enumerate(homes, start=1):
        tables = with_rows(tables, **adult(number, people={"LADistrictAuth": district, "Gender": gender}))
        if number != 2:
            settled = home("2025-01-01", "Y") | {"Person_ID": f"P{number}", "RecordNumber": number}
            tables = with_rows(tables, MHS003AccommStatus=[settled])
    return REFERENCE | tables


def test_councils_and_genders(tmp_path):
    work = workbench(tmp_path, of_councils())
    assert figures(work, "AMH03e", "M", "pubs", "CASSR") == {"E06000033": 2, "E10000012": 1, "UNKNOWN": 1}
    assert figures(work, "AMH03e", "M", "pubs", "England;Gender") == {"1": 2, "2": 1, "X": 1}
    assert figures(work, "AMH14e", "M", "pubs", "CASSR;Provider;Gender") == {"E06000033;PRA;1": 1, "UNKNOWN;PRA;1": 1, "E06000033;PRA;X": 1}
    assert figures(work, "AMH14e%", "M", "pubs") == {"England": 75}


def test_an_unknown_council_has_no_share_as_published(tmp_path):
    shares = {"E06000033": 100, "E10000012": 0, "UNKNOWN": 0}
    assert figures(workbench(tmp_path / "a", of_councils()), "AMH14e%", "M", "pubs", "CASSR") == shares
    right = workbench(tmp_path / "b", of_councils(), {"quirk:ascof-unknown-council-no-share"})
    assert figures(right, "AMH14e%", "M", "pubs", "CASSR") == shares | {"UNKNOWN": 100}


def test_england_by_gender_is_released_as_an_area_is(tmp_path):
    work = workbench(tmp_path, of_councils())
    found = find_defined("AMH03e", "M", "pubs")
    printed = {}
    for name in ("England", "England;Gender"):
        request = Request(found.measure, "M", find_breakdown(found, name))
        levels = compute(work, [request])[request]
        printed |= {level: found.family.publication.text(figure, "count", request.breakdown) for level, figure in levels.items()}
    assert printed == {"England": "4", "1": "*", "2": "*", "X": "*"}


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("AMH03e", "AMH14e*", "AMH17e*"))
