"""Hospital stays of the month: age, distance and bed, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.monthly_hospital import FAMILY


def admissions() -> dict[str, list[dict]]:
    """A man of 40 admitted to a far acute ward, and a girl of 16 admitted with no ward stay."""
    admitted = {"StartDateHospProvSpell": "2025-03-10"}
    ward = {"UniqWardStayID": "W1", "UniqHospProvSpellID": "S1", "StartDateWardStay": "2025-03-10", "WardLocDistanceHome": 50}
    return {
        "MHS001MPI": [person(1, 1, AgeRepPeriodEnd=40), person(2, 2, AgeRepPeriodEnd=16)],
        "MHS101Referral": [record(1), record(2)],
        "MHS501HospProvSpell": [record(n, UniqHospProvSpellID=f"S{n}", **admitted) for n in (1, 2)],
        "MHS502WardStay": [record(1, MHAdmittedPatientClass="202", WardType="03", WardIntendedClinCareMH="51", **ward)],
        "MHS511AbsenceWithoutLeave": [
            {"MHS511UniqID": n, "Person_ID": "P1", "OrgIDProv": "PRA", "UniqMonthID": 1500}
            | {"StartDateMHAbsWOLeave": "2025-03-12", "EndDateMHAbsWOLeave": end}
            for n, end in enumerate(("", "2025-03-12", "2025-03-13"))
        ],
    }


def test_people_stays_and_absences_of_the_month(tmp_path):
    work = workbench(tmp_path, admissions())
    assert england(work, "M", "analysis", "MHS07a", "MHS07b", "MHS07c", "MHS31") == [1, 1, None, 2]
    assert england(work, "M", "analysis", "AMH21", "AMH21a", "MHS22", "AMH22a", "AMH59b", "AMH59c") == [1, 1, 1, 1, None, 1]


def test_admissions_by_the_bed_of_the_ward_that_began_with_them(tmp_path):
    work = workbench(tmp_path, admissions())
    assert figures(work, "MHS27a", "M", "analysis", "England; Bed Type") == {"Adult Acute": 1, "UNKNOWN": 1}


def test_an_ended_stay_counts_by_the_bed_and_the_team_of_its_last_day(tmp_path):
    tables = admissions()
    tables["MHS502WardStay"][0]["EndDateWardStay"] = "2025-03-20"
    (tmp_path / "adult").mkdir()
    assert england(workbench(tmp_path / "adult", tables), "M", "analysis", "AMH48a", "AMH21") == [1, None]
    tables["MHS101Referral"][0]["ServTeamIntAgeGroup"] = "02"
    (tmp_path / "young").mkdir()
    assert england(workbench(tmp_path / "young", tables), "M", "analysis", "AMH48a") == [None]


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS07?,MHS21?,MHS22*,MHS27?,MHS31,AMH21*,AMH22*,AMH48a,AMH59*,CYP21",))
