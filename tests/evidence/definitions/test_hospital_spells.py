"""All hospital spells: days of the spell and days in a bed, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.hospital_spells import FAMILY


def two_wards() -> dict[str, list[dict]]:
    """Someone in hospital since February who moved from an acute ward to intensive care on 11 March."""
    wards = (("W1", "200", "2025-02-20", "2025-03-11"), ("W2", "202", "2025-03-11", ""))
    spell = {"UniqHospProvSpellID": "S1"}
    return {
        "MHS001MPI": [person(1, 1, AgeRepPeriodEnd=40)],
        "MHS501HospProvSpell": [record(1, StartDateHospProvSpell="2025-02-20", **spell)],
        "MHS502WardStay": [
            record(1, UniqWardStayID=name, MHAdmittedPatientClass=bed, StartDateWardStay=start, EndDateWardStay=end, **spell)
            for name, bed, start, end in wards
        ],
    }


def test_days_belong_to_the_spell_but_by_bed_to_the_ward(tmp_path):
    work = workbench(tmp_path, two_wards())
    assert england(work, "M", "bbrb", "ADDSTARTM", "ADDACTIVEM", "DISCHM", "BEDDAYSM") == [None, 1, None, 31]
    assert figures(work, "BEDDAYSM", "M", "bbrb", "England; Bed Type") == {"200": 10, "202": 21}


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("ADDSTART*,ADDACTIVE*,BEDDAYS*,DISCH*",))
