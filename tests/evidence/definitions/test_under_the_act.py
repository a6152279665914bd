"""People under the Mental Health Act at the end of the month: who counts under which power, by provider and in England, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.records.small_extract import LIVE, person, workbench

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_breakdown, find_defined
from esteem.evidence.definitions.mhsds.under_the_act import FAMILY
from esteem.evidence.verification import verify


def record(number: int, provider: str = "PRA", **fields) -> dict:
    return LIVE | {"Person_ID": f"P{number}", "OrgIDProv": provider, "RecordNumber": number, "UniqMonthID": 1500, **fields}


def referral(number: int, **fields) -> dict:
    return record(number, UniqServReqID=f"R{number}", ServTeamType="A06", ReferralRequestReceivedDate="2025-01-02", **fields)


def power(number: int, status: str, end: str = "", **fields) -> dict:
    return record(
        number,
        UniqMHActEpisodeID=f"E{number}",
        LegalStatusCode=status,
        StartDateMHActLegalStatusClass="2025-03-01",
        EndDateMHActLegalStatusClass=end,
        **fields,
    )


def in_hospital(*numbers: int) -> dict[str, list[dict]]:
    stays = [record(n, UniqServReqID=f"R{n}", UniqHospProvSpellID=f"S{n}", UniqWardStayID=f"W{n}") for n in numbers]
    return {"MHS501HospProvSpell": stays, "MHS502WardStay": stays}


def value(work, name: str, breakdown: str = "England") -> dict[str, float]:
    found = find_defined(name, "M", "analysis")
    request = Request(found.measure, "M", find_breakdown(found, breakdown))
    return {level: figure.value for level, figure in compute(work, [request])[request].items()}


@pytest.fixture
def work(tmp_path):
    """Person 1 detained in hospital. 2: section 3, on a community order. 3: section 136. 4: section 2, no spell. 5: the section
    ended. 6: guardianship, aged 15. 7: section 37 and, on the same record, a holding power. 8: guardianship, referral closed."""
    ages = {1: 70, 2: 40, 3: 16, 4: 30, 5: 30, 6: 15, 7: 50, 8: 50}
    return workbench(
        tmp_path,
        {
            "MHS001MPI": [person(n, n, AgeRepPeriodEnd=age, OrgIDSubICBLocResidence="7A1") for n, age in ages.items()],
            "MHS101Referral": [referral(n) for n in range(1, 8)] + [referral(8, ServDischDate="2025-03-30")],
            "MHS401MHActPeriod": [
                power(1, "03"),
                power(2, "03"),
                power(3, "20"),
                power(4, "02"),
                power(5, "02", "2025-03-31"),
                power(6, "35"),
                power(7, "10"),
                power(7, "05"),
                power(8, "35"),
            ],
            "MHS404CommTreatOrder": [record(2, UniqMHActEpisodeID="E2", MHS404UniqID=2, StartDateCommTreatOrd="2025-02-01")],
            **in_hospital(1, 2, 5, 7),
        },
    )


def test_a_person_counts_under_one_power(work):
    assert value(work, "MHS09") == {"England": 1}
    assert value(work, "MHS10") == {"England": 1}
    assert value(work, "MHS11") == {"England": 2}
    assert value(work, "MHS08") == {"England": 5}  # with guardianship


def test_ages(work):
    assert (value(work, "MHS08a"), value(work, "MHS11a")) == ({"England": 2}, {"England": 1})
    assert (value(work, "MH09c"), value(work, "MH09b")) == ({"England": 1}, {})


def test_places(work):
    assert value(work, "MHS08", "Provider") == {"PRA": 5}
    assert value(work, "MHS11", "Sub ICB - GP Practice or Residence") == {"7A1": 2}


def tables_of_one(team: str = "A06", **ward) -> dict[str, list[dict]]:
    tables = {
        "MHS001MPI": [person(1, 1, AgeRepPeriodEnd=30)],
        "MHS101Referral": [referral(1) | {"ServTeamType": team}],
        "MHS401MHActPeriod": [power(1, "03")],
        **in_hospital(1),
    }
    tables["MHS502WardStay"] = [tables["MHS502WardStay"][0] | ward]
    return tables


@pytest.mark.parametrize(
    ("tables", "services"),
    [
        (tables_of_one(), {"MH09"}),
        (tables_of_one("E01"), {"MH09"}),  # the ward decides, not the team of the referral
        (tables_of_one(WardType="01"), {"MH09"}),
        (tables_of_one(WardType="05"), {"LDA09"}),
        (tables_of_one(WardIntendedClinCareMH="62"), {"LDA09"}),
        (tables_of_one(WardType="03", WardIntendedClinCareMH="51"), {"MH09", "AMH09a"}),
        (tables_of_one(WardType="03", WardIntendedClinCareMH="51", WardSecLevel="2"), {"MH09"}),
    ],
)
def test_the_ward_says_which_service_detains(tmp_path, tables, services):
    work = workbench(tmp_path, tables)
    assert {name for name in ("MH09", "LDA09", "AMH09a") if value(work, name)} == services


def test_beside_an_ended_ward_stay_the_team_decides_too(tmp_path):
    """Held, on a learning disability ward since another stay of the spell ended: the ward's service, and that of the referral's team."""
    tables = tables_of_one(WardType="05")
    tables["MHS401MHActPeriod"] = [power(1, "05")]
    work = workbench(tmp_path / "one", tables)
    assert (value(work, "LDA11"), value(work, "MH11")) == ({"England": 1}, {})
    ended = tables["MHS502WardStay"][0] | {"UniqWardStayID": "W0", "EndDateWardStay": "2025-03-20"}
    tables["MHS502WardStay"].append(ended)
    work = workbench(tmp_path / "two", tables)
    assert (value(work, "LDA11"), value(work, "MH11")) == ({"England": 1}, {"England": 1})


def test_a_provider_counts_what_it_submitted_and_england_the_person(tmp_path):
    """The referral and the spell are of one provider, the Act's record of another: detained in England, at no provider."""
    tables = tables_of_one()
    tables["MHS401MHActPeriod"] = [power(1, "03") | {"OrgIDProv": "PRB", "RecordNumber": 2}]
    work = workbench(tmp_path, tables)
    assert (value(work, "MHS09"), value(work, "MHS09", "Provider")) == ({"England": 1}, {})


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    ids = {name for name, _ in FAMILY.ids}
    checked = verify(shared / "oracles" / "mhsds", ",".join(ids))
    assert {row.expected.measure_id for row in checked} == ids
    assert not [row for row in checked if not row.equal]
