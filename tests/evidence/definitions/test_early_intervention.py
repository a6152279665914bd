"""Early intervention in psychosis: both ends of the clock, teams by month, referrals elsewhere, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.early_intervention import FAMILY
from esteem.evidence.verification import verify

TEAM, OTHER = "A14", "A06"


def referred(*more: dict[str, list[dict]], team: str = TEAM, age: int = 20, **referral) -> dict[str, list[dict]]:
    """A referral of 1 February, sent in March; `more` are further tables of the same person."""
    fields = {"PrimReasonReferralMH": "01", "AgeServReferRecDate": age, "ReferralRequestReceivedDate": "2025-02-01"}
    own = {"ServTeamType": team, "UniqCareProfTeamLocalID": team}
    tables = {
        "MHS001MPI": [person(1, 1, AgeRepPeriodEnd=age, NHSDEthnicity="N")],
        "MHS101Referral": [record(1, **(fields | own | referral))],
    }
    for part in more:
        tables |= {name: tables.get(name, []) + rows for name, rows in part.items()}
    return tables


def met(day: str, month: int = 1500, **contact) -> dict[str, list[dict]]:
    """An attended contact with the referral's own team, and the provider's list of teams in that month."""
    fields = {"UniqMonthID": month, "CareContDate": day, "AttendStatus": "5", "ConsMechanismMH": "01", "UniqCareContID": f"C{day}"}
    teams = [record(1, UniqMonthID=month, UniqCareProfTeamLocalID=code, ServTeamTypeMH=code) for code in (TEAM, OTHER)]
    return {"MHS201CareContact": [record(1, **(fields | contact))], "MHS902ServiceTeamDetails": teams}


def coordinated(day: str, **fields) -> dict[str, list[dict]]:
    return {"MHS006MHCareCoord": [record(1, StartDateAssCareCoord=day, **({"CareProfServOrTeamTypeAssoc": TEAM} | fields))]}


def by_case(folder, cases, name: str, corrected=frozenset()) -> list[float | None]:
    found = figures(workbench(folder, side_by_side(cases), corrected), name, "Q", "pubs", "Provider")
    return [found.get(f"C{number}") for number in range(len(cases))]


BOTH = (met("2025-02-10"), coordinated("2025-02-15"))


def test_the_later_of_contact_and_coordinator_stops_the_clock(tmp_path):
    cases = [
        referred(*BOTH),
        referred(met("2025-02-16"), coordinated("2025-02-03")),
        referred(met("2025-02-10")),
        referred(coordinated("2025-02-15")),
        referred(met("2025-01-31"), coordinated("2025-02-15")),
        referred(met("2025-02-10", AttendStatus="3"), coordinated("2025-02-15")),
        referred(met("2025-02-10"), coordinated("2025-02-15", CareProfServOrTeamTypeAssoc=OTHER)),
        referred(met("2025-02-10"), coordinated("2025-02-15", EndDateAssCareCoord="2025-03-01")),
        referred(met("2025-02-10"), coordinated("2025-02-15", UniqMonthID=1499)),
        referred(*BOTH, ServDischDate="2025-02-14"),
        referred(*BOTH, PrimReasonReferralMH="02"),
    ]
    work = workbench(tmp_path, side_by_side(cases))
    soon, late, waiting = (figures(work, name, "Q", "pubs", "Provider") for name in ("EIP23b", "EIP23c", "EIP23d"))
    assert set(soon) == {"C0", "C7"}
    assert set(late) == {"C1"}
    assert set(waiting) == {"C2", "C3", "C4", "C5", "C6", "C8"}


def test_ages_ethnic_groups_and_shares(tmp_path):
    cases = [referred(*BOTH, age=age) for age in (17, 18, 34, 35)]
    work = workbench(tmp_path, side_by_side([*cases, referred(met("2025-03-20"), coordinated("2025-02-03"))]))
    assert england(work, "Q", "pubs", "EIP23a", "EIP23aa", "EIP23ab", "EIP23ac") == [5, 1, 3, 1]
    assert england(work, "Q", "pubs", "EIP23i", "EIP23ia", "EIP23j", "EIP01c") == [80, 100, None, 1]
    assert figures(work, "EIP23b", "Q", "pubs", "England; Ethnicity") == {"Black or Black British": 4}


def test_a_contact_was_with_the_team_of_its_own_month(tmp_path):
    before = record(1, UniqMonthID=1499, RecordStartDate="2025-02-01", RecordEndDate="2025-02-28", UniqCareProfTeamLocalID=OTHER)
    moved = referred(met("2025-02-10", 1499), coordinated("2025-02-15"))
    moved["MHS101Referral"].append(before)
    stayed = referred(met("2025-02-10", 1499), coordinated("2025-02-15"))
    stayed["MHS101Referral"].append(before | {"UniqCareProfTeamLocalID": TEAM})
    by_another = referred(met("2025-02-10", OtherCareProfTeamLocalID="x", UniqOtherCareProfTeamLocalID=OTHER), coordinated("2025-02-15"))
    assert by_case(tmp_path, [moved, stayed, by_another], "EIP23a") == [None, 1, None]


def test_put_right(tmp_path):
    rejected = referred(*BOTH, ReferRejectionDate="2025-02-02")
    elsewhere = side_by_side([referred(met("2025-02-10"), coordinated("2025-02-15"))])
    elsewhere["MHS006MHCareCoord"][0]["OrgIDProv"] = "another"
    assert england(workbench(tmp_path / "a", elsewhere), "Q", "pubs", "EIP23a") == [1]
    assert england(workbench(tmp_path / "b", elsewhere, {"quirk:eip-coordinator-person-only"}), "Q", "pubs", "EIP23a") == [None]
    assert by_case(tmp_path / "c", [rejected], "EIP23a") == [1]
    assert by_case(tmp_path / "d", [rejected], "EIP23a", {"quirk:eip-rejected-referral-counts"}) == [None]


def test_referrals_that_went_elsewhere(tmp_path):
    any_team = coordinated("2025-02-15", CareProfServOrTeamTypeAssoc=OTHER)
    last_month = {"ServTeamTypeRefToMH": TEAM, "UniqMonthID": 1499}
    cases = [
        referred(team=OTHER),
        referred(met("2025-02-10"), any_team, team=OTHER),
        referred(met("2025-02-20"), any_team, team=OTHER),
        referred(met("2025-02-10"), any_team, {"MHS102OtherServiceType": [record(1, **last_month)]}, team=OTHER),
        referred(met("2025-02-10"), any_team),
    ]
    work = workbench(tmp_path, side_by_side(cases))
    found = {name: set(figures(work, name, "Q", "pubs", "Provider")) for name in ("EIP63", "EIP64", "EIP65", "EIP66")}
    assert found == {"EIP63": {"C0", "C1", "C2", "C3"}, "EIP64": {"C1", "C2"}, "EIP65": {"C2"}, "EIP66": {"C1"}}
    assert england(work, "Q", "pubs", "EIP67") == [50]


def test_referrals_received(tmp_path):
    cases = [
        referred(),
        referred(PrimReasonReferralMH="02"),
        referred(UniqMonthID=1499),
        referred(UniqMonthID=1499, ServDischDate="2025-02-20"),
        referred(ReferralRequestReceivedDate="2024-12-31"),
        referred(ReferralRequestReceivedDate="2025-04-01"),
    ]
    work = workbench(tmp_path, side_by_side(cases))
    assert set(figures(work, "MHS32", "Q", "pubs", "Provider")) == {"C0", "C1", "C3"}
    assert set(figures(work, "EIP32", "Q", "pubs", "Provider")) == {"C0", "C3"}


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    checked = [row for pattern in ("EIP*", "MHS32") for row in verify(shared / "oracles" / "mhsds", pattern)]
    not_expected = {"EIP66b", "EIP67b"}  # nobody of 18 to 34 started soon elsewhere, and the oracle lists no row of nothing
    assert {row.expected.measure_id for row in checked} == {name for name, _ in FAMILY.ids} - not_expected
    assert [row for row in checked if not row.equal] == []
