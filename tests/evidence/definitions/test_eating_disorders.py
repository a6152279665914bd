"""Children's eating disorders: what stops the clock, bands of waits, second contacts, release of ED87e, and the oracle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_breakdown, find_defined
from esteem.evidence.definitions.mhsds.eating_disorders import FAMILY

THERAPY, ONLY_UNTIL_MARCH, ONLY_FROM_APRIL = "51484002", "1111811000000109", "1833251000000107"


def treated(day: str, *codes: str, number: int = 1, name: str = "C1", **contact) -> dict[str, list[dict]]:
    met = record(number, UniqCareContID=name, CareContDate=day, AttendStatus="5", ConsMechanismMH="01") | contact
    given = [record(number, UniqCareContID=name, UniqCareActID=f"{name}{n}", Procedure=code) for n, code in enumerate(codes or (THERAPY,))]
    return {"MHS201CareContact": [met], "MHS202CareActivity": given}


def referred(*contacts: dict[str, list[dict]], number: int = 1, age: int = 15, priority: str = "3", **referral) -> dict[str, list[dict]]:
    fields = {"PrimReasonReferralMH": "12", "AgeServReferRecDate": 15, "ReferralRequestReceivedDate": "2025-02-01", "ServTeamType": "C10"}
    tables = {
        "MHS001MPI": [person(number, number, AgeRepPeriodEnd=age, OrgIDSubICBLocResidence="7A1")],
        "MHS101Referral": [record(number, ClinRespPriorityType=priority, **(fields | referral))],
    }
    return together(tables, *contacts)


def together(*parts: dict[str, list[dict]]) -> dict[str, list[dict]]:
    names = {name for part in parts for name in part}
    return {name: [row for part in parts for row in part.get(name, [])] for name in names}


def by_case(folder, cases, name: str, corrected=frozenset(), period: str = "Q") -> list[float | None]:
    """The measure in each of the cases."""
    found = figures(workbench(folder, side_by_side(cases), corrected), name, period, "pubs", "Provider")
    return [found.get(f"C{number}") for number in range(len(cases))]


STOPS = [
    (treated("2025-03-03"), 1),
    (treated("2025-03-03", AttendStatus="6", ConsMechanismMH="11"), 1),
    (treated("2025-03-03", AttendStatus="3"), None),
    (treated("2025-03-03", ConsMechanismMH="04"), None),
    (treated("2025-03-03", ConsMechanismMH="05"), None),
    (treated("2025-03-03", f"{THERAPY} :408730004=443390004"), 1),
    (treated("2025-03-03", ONLY_UNTIL_MARCH), 1),
    (treated("2025-03-03", ONLY_FROM_APRIL), None),
    (treated("2025-03-03", "718023002"), None),
    (treated("2025-01-31"), None),
]


def test_an_attended_contact_with_a_treatment_code_stops_the_clock(tmp_path):
    cases = [referred(contact) for contact, _ in STOPS]
    assert by_case(tmp_path, cases, "ED87") == [started for _, started in STOPS]
    assert by_case(tmp_path, cases, "ED90") == [None if started else 1 for _, started in STOPS]


OUTSIDE = [
    {"AgeServReferRecDate": 18},
    {"PrimReasonReferralMH": "13"},
    {"ReferralRequestReceivedDate": "2015-12-31"},
    {"ServTeamType": "A18"},
    {"priority": ""},
    {"ServDischDate": "2024-12-31", "ReferralRequestReceivedDate": "2024-12-01"},
]


def test_other_referrals_do_not_count(tmp_path):
    cases = [referred(treated("2025-03-03"), **fields) for fields in OUTSIDE]
    school = referred(treated("2025-03-03"))
    school["MHS102OtherServiceType"] = [record(1, ServTeamTypeRefToMH="F01", ReferClosureDate="2025-02-02")]
    cases.append(school)
    assert by_case(tmp_path, cases, "ED85") == [None] * len(cases)


BANDS = {0: "a", 7: "a", 8: "b", 28: "b", 29: "c", 84: "c", 85: "d"}  # days of a wait -> suffix of its band


@pytest.mark.parametrize(("started", "waiting", "priority"), [("ED87", "ED90", "3"), ("ED86", "ED89", "4")])
def test_bands_of_weeks(tmp_path, started, waiting, priority):
    end = date(2025, 3, 31)
    received = [(end - timedelta(days)).isoformat() for days in BANDS]
    treatment = treated(end.isoformat())
    seen = [referred(treatment, priority=priority, ReferralRequestReceivedDate=day) for day in received]
    unseen = [referred(priority=priority, ReferralRequestReceivedDate=day) for day in received]
    work = workbench(tmp_path, side_by_side([*seen, *unseen]))
    for name, first in ((started, 0), (waiting, len(BANDS))):
        for band in "abcd":
            expected = {f"C{case}": 1 for case, letter in enumerate(BANDS.values(), start=first) if letter == band}
            assert figures(work, name + band, "Q", "pubs", "Provider") == expected
    medians = ("ED91", "ED95") if priority == "3" else ("ED92", "ED96")
    assert england(work, "Q", "pubs", started, waiting, *medians) == [7, 7, 28, 28]


def test_who_turned_18_waits_apart(tmp_path):
    tables = together(referred(age=17), referred(number=2, age=18, ReferralRequestReceivedDate="2025-03-21"))
    names = ("ED88", "ED90", "ED105", "ED106", "ED107")
    assert england(workbench(tmp_path, tables), "12M", "pubs", *names) == [1, 1, 1, 10, 10]


def test_second_contacts(tmp_path):
    cases = [
        referred(treated("2025-03-03"), treated("2025-03-13", name="C2")),
        referred(treated("2025-03-03", THERAPY, "443730003")),
        referred(treated("2025-03-03")),
    ]
    assert by_case(tmp_path / "a", cases, "ED101") == [10, 0, None]
    assert by_case(tmp_path / "b", cases, "ED101", {"quirk:ed-second-activity-is-second-contact"}) == [10, None, None]


def test_put_right(tmp_path):
    talk_type = referred(treated("2025-03-03", ConsMechanismMH="04"))
    in_hospital = referred(treated("2025-03-03"))
    in_hospital["MHS501HospProvSpell"] = [record(1, UniqHospProvSpellID="S1", StartDateHospProvSpell="2025-03-02")]
    assert by_case(tmp_path / "a", [talk_type, in_hospital], "ED85") == [None, 1]
    assert by_case(tmp_path / "b", [talk_type, in_hospital], "ED85", "all") == [1, None]


def test_areas_of_the_year_are_those_of_the_quarter(tmp_path):
    old = {"UniqMonthID": 1491, "RecordStartDate": "2024-06-01"}
    tables = referred(treated("2024-06-20", **old), ReferralRequestReceivedDate="2024-06-03", ServDischDate="2024-06-30")
    tables = {name: [row | old for row in rows] for name, rows in tables.items()}
    area = "Sub ICB - GP Practice or Residence"
    assert figures(workbench(tmp_path / "a", tables), "ED85", "12M", "pubs", area) == {"UNKNOWN": 1}
    assert figures(workbench(tmp_path / "b", tables, "all"), "ED85", "12M", "pubs", area) == {"7A1": 1}


# routine referrals treated within a week, in the weeks up to the fourth, and later; what is printed of the share
SHARES = [(5, 1, 0, "100"), (1, 5, 4, "60"), (4, 4, 0, "*"), (4, 0, 0, "*"), (0, 0, 6, "*")]


def test_the_share_within_four_weeks_is_released_with_the_larger_count(tmp_path):
    cases = []
    for week, month, later, _ in SHARES:
        days = ["2025-02-02"] * week + ["2025-02-20"] * month + ["2025-03-20"] * later
        cases.append(together(*(referred(treated(day, number=n), number=n) for n, day in enumerate(days, start=1))))
    work = workbench(tmp_path, side_by_side(cases))
    found = find_defined("ED87e", "Q", "pubs")
    request = Request(found.measure, "Q", find_breakdown(found, "Provider"))
    share = compute(work, [request])[request]
    for case, (week, month, later, printed) in enumerate(SHARES):
        figure, every = share[f"C{case}"], week + month + later
        assert (figure.value, figure.denominator) == (100 * (week + month) / every, every)
        assert found.family.publication.text(figure, found.measure.value.kind, request.breakdown) == printed


def test_referrals_received_count_to_the_age_of_18(tmp_path):
    cases = [
        referred(AgeServReferRecDate=18),
        referred(AgeServReferRecDate=19),
        referred(UniqMonthID=1499),
        referred(UniqMonthID=1499, ServDischDate="2025-02-20"),
        referred(ReferralRequestReceivedDate="2024-12-31"),
    ]
    assert by_case(tmp_path, cases, "ED32") == [1, None, None, 1, None]


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("ED*",))
