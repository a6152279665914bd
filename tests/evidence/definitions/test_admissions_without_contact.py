"""Acute admissions with and without an earlier contact: which count, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.admissions_without_contact import FAMILY


def admitted(*contact_days: str, bed: str = "200", source: str = "19", ethnicity: str = "A", district: str = "E06000001"):
    """Someone admitted on 11 March 2025; the contacts are with another provider."""
    spell = {"UniqHospProvSpellID": "S1", "StartDateHospProvSpell": "2025-03-11", "SourceAdmMHHospProvSpell": source}
    ward = {"UniqHospProvSpellID": "S1", "MHS502UniqID": 1, "StartDateWardStay": "2025-03-11", "MHAdmittedPatientClass": bed}
    met = {"UniqServReqID": "R2", "AttendStatus": "6", "ConsMechanismMH": "11"}
    return {
        "MHS001MPI": [person(1, 1, NHSDEthnicity=ethnicity, LADistrictAuth=district, OrgIDSubICBLocResidence="7A1")],
        "MHS101Referral": [record(1)],
        "MHS501HospProvSpell": [record(1, **spell)],
        "MHS502WardStay": [record(1, **ward)],
        "MHS201CareContact": [record(2, Person_ID="P1", OrgIDProv="PRB", CareContDate=day, **met) for day in contact_days],
    }


def of_cases(cases) -> dict[str, list[dict]]:
    """Side by side, with a spell id of each case's own."""
    tables = side_by_side(cases)
    for name in ("MHS501HospProvSpell", "MHS502WardStay"):
        for row in tables[name]:
            row["UniqHospProvSpellID"] = f"S1 of {row['OrgIDProv']}"
    return tables


CASES = [  # (rows, admissions, with a contact)
    (admitted(), 1, 0),
    (admitted("2025-03-08"), 1, 1),
    (admitted("2025-03-09"), 1, 0),
    (admitted("2024-03-11"), 1, 1),
    (admitted("2024-03-10"), 1, 0),
    (admitted("2025-03-01", "2025-03-10"), 1, 1),
    (admitted("2025-03-01", bed="212"), None, None),
    (admitted("2025-03-01", source="53"), None, None),
    (admitted("2025-03-01", source=""), None, None),
    (admitted("2025-03-01", district="W06000001"), 1, 1),
]


def test_a_contact_counts_from_three_days_to_a_year_before(tmp_path):
    work = workbench(tmp_path, of_cases(tables for tables, *_ in CASES))
    every, seen = (figures(work, name, "Q", "bbrb", "Provider") for name in ("MHS106", "MHS106a"))
    assert [(every.get(f"C{n}"), seen.get(f"C{n}")) for n in range(len(CASES))] == [tuple(expected) for _, *expected in CASES]


def test_shares_of_admissions(tmp_path):
    work = workbench(tmp_path, of_cases([admitted(), admitted("2025-03-01"), admitted("2025-02-01"), admitted("2025-01-01")]))
    assert england(work, "Q", "bbrb", "MHS106b", "MHS107a", "MHS107b") == [1, 75, 25]


@pytest.mark.parametrize(
    ("quirk", "tables", "published", "right"),
    [
        ("quirk:mhs106-null-source-dropped", admitted(source=""), None, 1),
        ("quirk:mhs106-england-test-in-join", admitted(district="S12000036"), 1, None),
    ],
)
def test_quirks_of_admissions_put_right(tmp_path, quirk, tables, published, right):
    found = [england(workbench(tmp_path / str(len(fix)), tables, fix), "Q", "bbrb", "MHS106") for fix in (frozenset(), frozenset({quirk}))]
    assert found == [[published], [right]]


def test_first_ward_is_the_current_one_unless_put_right(tmp_path):
    tables = admitted(bed="212")
    first = tables["MHS502WardStay"][0] | {"EndDateWardStay": "2025-03-12", "MHAdmittedPatientClass": "200", "MHS502UniqID": 0}
    tables["MHS502WardStay"] = [tables["MHS502WardStay"][0] | {"StartDateWardStay": "2025-03-12"}, first]
    right = frozenset({"quirk:mhs106-open-ward-first"})
    found = [england(workbench(tmp_path / str(len(fix)), tables, fix), "Q", "bbrb", "MHS106") for fix in (frozenset(), right)]
    assert found == [[None], [1]]


def test_contacts_of_a_stay_count_unless_put_right(tmp_path):
    tables = admitted("2025-03-01")
    tables["MHS501HospProvSpell"].append(
        record(2, Person_ID="P1", UniqServReqID="R2", UniqHospProvSpellID="S2", StartDateHospProvSpell="2024-12-01")
    )
    right = frozenset({"quirk:mhs107-inpatient-contacts-kept"})
    found = [england(workbench(tmp_path / str(len(fix)), tables, fix), "Q", "bbrb", "MHS106a") for fix in (frozenset(), right)]
    assert found == [[1], [0]]


@pytest.mark.parametrize(
    ("ethnicity", "level"), [("A", "White British"), ("Z", "Non-white British"), ("99", "Missing/invalid"), ("", "Missing/invalid")]
)
def test_people_who_would_not_state_their_ethnicity_read_as_not_white_british(tmp_path, ethnicity, level):
    work = workbench(tmp_path, admitted(ethnicity=ethnicity))
    assert figures(work, "MHS106", "Q", "bbrb", "England; Ethnicity (White British/Non-White British)") == {level: 1}


def test_a_code_that_is_no_sub_icb_stands_as_it_was_sent(tmp_path):
    tables = admitted()
    tables["MHS002GP"] = [record(1, GMPReg="G1", OrgIDSubICBLocGP="9ZZ")]
    work = workbench(tmp_path, tables)
    sub_icb, icb = "Sub ICB of GP Practice or Residence", "ICB of GP Practice or Residence"
    assert [figures(work, "MHS106", "Q", "bbrb", name) for name in (sub_icb, icb)] == [{"9ZZ": 1}, {"UNKNOWN": 1}]


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS106*", "MHS107*"))
