"""Crisis and liaison: which contact answers a referral and how long it took, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, at, england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.crisis_and_liaison import FAMILY


def referral(number: int, team: str = "A02", time: str = "10:00", **fields) -> dict:
    row = {"ServTeamType": team, "ClinRespPriorityType": "4", "AgeServReferRecDate": 40, "ReferralRequestReceivedDate": "2025-03-10"}
    return record(number, **row, ReferralRequestReceivedTime=time and at(time)) | fields


def contact(number: int, day: str, time: str = "", **fields) -> dict:
    return record(number, CareContDate=day, CareContTime=time and at(time), AttendStatus="5", ConsMechanismMH="01", **fields)


def bench(folder, referrals: list[dict], contacts: list[dict], corrected=frozenset(), **of_person):
    people = [person(n, n, **of_person) for n in {int(row["Person_ID"][1:]) for row in referrals}]
    tables = {"MHS001MPI": people, "MHS101Referral": referrals, "MHS201CareContact": contacts}
    return workbench(folder, tables, corrected)


# contacts of a referral received on 10 March at 10:00; answered, answered within four hours
CASES = [
    ([], (None, None)),
    ([contact(1, "2025-03-10", "14:00")], (1, 1)),
    ([contact(1, "2025-03-10", "14:01")], (1, None)),
    ([contact(1, "2025-03-10", "09:59")], (None, None)),
    ([contact(1, "2025-03-10", "09:59"), contact(1, "2025-03-10", "12:00")], (1, 1)),
    ([contact(1, "2025-03-10", "11:00") | {"ConsMechanismMH": "02"}], (None, None)),
    ([contact(1, "2025-03-10", "11:00") | {"AttendStatus": "3"}], (None, None)),
    ([contact(1, "2025-03-10")], (None, None)),  # midnight, before the referral
    ([contact(1, "2025-03-11")], (1, None)),
]


def test_the_first_contact_after_the_referral_answers_it(tmp_path):
    cases = [{"MHS001MPI": [person(1, 1)], "MHS101Referral": [referral(1)], "MHS201CareContact": contacts} for contacts, _ in CASES]
    work = workbench(tmp_path, side_by_side(cases))
    found = [figures(work, name, "M", "bbrb", "Provider") for name in ("CCR118", "CCR119")]
    assert [tuple(values.get(f"C{n}") for values in found) for n in range(len(CASES))] == [answered for _, answered in CASES]
    assert len(figures(work, "CCR117", "M", "bbrb", "Provider")) == len(CASES)


def test_priorities_ages_and_teams(tmp_path):
    referrals = [
        referral(1, ClinRespPriorityType="1"),
        referral(2, ClinRespPriorityType="2", AgeServReferRecDate=17),
        referral(3, "A11", SourceOfReferralMH="H1"),
        referral(4, "A11", SourceOfReferralMH="A1"),
        referral(5, "A06"),
        referral(6, ReferralRequestReceivedDate="2025-02-28"),
    ]
    work = bench(tmp_path, referrals, [contact(2, "2025-03-11", "09:00"), contact(3, "2025-03-10", "11:00")])
    assert england(work, "M", "bbrb", "CCR70", "CCR71", "CCR71a", "CCR71b", "CCR73", "CCR120") == [1, 1, None, 1, 1, 1]
    assert england(work, "M", "bbrb", "CCR117", "PLS121", "PLS122", "PLS123") == [None, 1, 1, 1]
    assert figures(work, "CCR70", "M", "bbrb", "Provider") == {"PRA": 1}


def test_put_right_a_contact_without_a_time_answers_but_is_not_timed(tmp_path):
    work = bench(tmp_path, [referral(1)], [contact(1, "2025-03-10")], {"quirk:uec-null-time-midnight"})
    assert england(work, "M", "bbrb", "CCR118", "CCR119") == [1, None]


def test_put_right_the_next_month_answers_a_referral_of_the_last_day(tmp_path):
    referrals = [referral(1, time="22:00", ReferralRequestReceivedDate="2025-03-31")]
    contacts = [contact(1, "2025-04-01", "01:00") | {"UniqMonthID": 1501}]
    assert england(bench(tmp_path / "published", referrals, contacts), "M", "bbrb", "CCR118") == [None]
    work = bench(tmp_path / "corrected", referrals, contacts, {"quirk:uec-month-boundary"})
    assert england(work, "M", "bbrb", "CCR118", "CCR119") == [1, 1]


def test_put_right_residents_of_wales_do_not_count(tmp_path):
    work = bench(tmp_path, [referral(1)], [], {"quirk:england-filter-absent"}, LADistrictAuth="W06000015")
    assert england(work, "M", "bbrb", "CCR117") == [None]


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("CCR*", "PLS*"))
