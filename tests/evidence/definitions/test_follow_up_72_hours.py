"""Follow-up after discharge: which discharges count, with whom, and what follows them up, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, at, england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.follow_up_72_hours import FAMILY


def tables_of_one(*contacts: dict, bed: str = "200", died: str = "", **spell) -> dict[str, list[dict]]:
    """One discharge on 10 March at noon, of a spell that began on 1 March."""
    stay = {"UniqHospProvSpellID": "S1", "MHAdmittedPatientClass": bed, "MHS502UniqID": 1}
    dates = {"StartDateHospProvSpell": "2025-03-01", "DischDateHospProvSpell": "2025-03-10", "DischTimeHospProvSpell": at("12:00")}
    return {
        "MHS001MPI": [person(1, 1, PersDeathDate=died)],
        "MHS501HospProvSpell": [record(1, **stay, **dates) | spell],
        "MHS502WardStay": [record(1, **stay)],
        "MHS201CareContact": list(contacts),
    }


def contact(day: str, time: str = "", **fields) -> dict:
    return record(1, CareContDate=day, CareContTime=time and at(time), AttendStatus="5", ConsMechanismMH="11") | fields


# tables; eligible, followed up
CASES = [
    (tables_of_one(), (1, 0)),
    (tables_of_one(contact("2025-03-11")), (1, 1)),
    (tables_of_one(contact("2025-03-13")), (1, 1)),
    (tables_of_one(contact("2025-03-14")), (1, 0)),
    (tables_of_one(contact("2025-03-10", "18:00")), (1, 0)),  # the day of discharge does not count
    (tables_of_one(contact("2025-03-11", AttendStatus="3")), (1, 0)),
    (tables_of_one(contact("2025-03-11", ConsMechanismMH="05")), (1, 0)),
    (tables_of_one(bed="203"), (None, None)),
    (tables_of_one(MethOfDischMHHospProvSpell="4"), (None, None)),
    (tables_of_one(DestOfDischHospProvSpell="40"), (None, None)),
    (tables_of_one(DestOfDischHospProvSpell="19"), (1, 0)),
    (tables_of_one(DischDateHospProvSpell="2025-03-28"), (None, None)),  # belongs to April
    (tables_of_one(DischDateHospProvSpell="2025-02-25"), (1, 0)),
    (tables_of_one(died="2025-03-13"), (None, None)),
    (tables_of_one(died="2025-03-14"), (1, 0)),
    (tables_of_one(died="2025-03-09"), (None, None)),  # before the discharge: dead in time, as published
]


def test_which_discharges_count_and_what_follows_them_up(tmp_path):
    work = workbench(tmp_path, side_by_side(tables for tables, _ in CASES))
    found = [figures(work, name, "M", "pubs", "Provider of Responsibility") for name in ("MHS78", "MHS79")]
    assert [tuple(values.get(f"C{n}") for values in found) for n in range(len(CASES))] == [counts for _, counts in CASES]


def referred_on(*receivers: str) -> dict[str, list[dict]]:
    """The discharge of PRA, referred on to each receiver; PRB sees the person the next day."""
    tables = tables_of_one(contact("2025-03-11", OrgIDProv="PRB"))
    tables["MHS105OnwardReferral"] = [record(1, OnwardReferDate="2025-03-05", OrgIDReceiving=receiver) for receiver in receivers]
    tables["MHS000Header"] = [{"OrgIDProvider": code, "UniqMonthID": 1500} for code in ("PRA", "PRB", "PRC", "8VOL")]
    return tables


@pytest.mark.parametrize(
    ("receivers", "corrected", "eligible", "seen"),
    [
        (["PRB01"], [], {"PRB": 1}, {"PRB": 1}),
        (["PRX"], [], {"PRA": 1}, {"PRA": 0}),  # does not submit
        (["PRB", "PRC"], [], {"PRB": 1, "PRC": 1}, {"PRB": 1, "PRC": 1}),
        (["PRB", "PRC"], ["quirk:fu72-any-receiver-follow-up"], {"PRB": 1, "PRC": 1}, {"PRB": 1, "PRC": 0}),
        (["PRB", "PRC"], ["quirk:fu72-rows-summed"], {"PRB": 1}, {"PRB": 1}),
        (["8VOL"], [], {"PRA": 1}, {"PRA": 0}),
        (["8VOL"], ["quirk:fu72-onward-8-codes-dropped"], {"8VOL": 1}, {"8VOL": 0}),
    ],
)
def test_who_is_responsible_after_an_onward_referral(tmp_path, receivers, corrected, eligible, seen):
    work = workbench(tmp_path, referred_on(*receivers), frozenset(corrected))
    found = [figures(work, name, "M", "pubs", "Provider of Responsibility") for name in ("MHS78", "MHS79")]
    assert found == [eligible, seen]


def readmitted() -> dict[str, list[dict]]:
    tables = tables_of_one()
    again = {"UniqHospProvSpellID": "S2", "UniqServReqID": "R2", "StartDateHospProvSpell": "2025-03-12", "DischDateHospProvSpell": ""}
    tables["MHS501HospProvSpell"].append(tables["MHS501HospProvSpell"][0] | again)
    return tables


def died_in_next_month() -> dict[str, list[dict]]:
    tables = tables_of_one()
    tables["MHS001MPI"].append(person(1, 2, 1501, PersDeathDate="2025-03-12"))
    return tables


@pytest.mark.parametrize(
    ("tables", "quirk", "published", "corrected"),
    [
        (readmitted(), "fu72-readmission-is-follow-up", [1, 1, 100], [1, 0, 0]),
        (died_in_next_month(), "fu72-death-reads-next-month", [None, None, None], [1, 0, 0]),
        (tables_of_one(died="2025-03-09"), "fu72-death-before-discharge", [None, None, None], [1, 0, 0]),
        (tables_of_one(contact("2025-03-10", "18:00")), "fu72-calendar-days", [1, 0, 0], [1, 1, 100]),
        (tables_of_one(contact("2025-03-13", "12:01")), "fu72-calendar-days", [1, 1, 100], [1, 0, 0]),
    ],
)
def test_as_published_and_put_right(tmp_path, tables, quirk, published, corrected):
    for name, wanted, chosen in (("published", published, frozenset()), ("corrected", corrected, frozenset({f"quirk:{quirk}"}))):
        work = workbench(tmp_path / name, tables, chosen)
        assert england(work, "M", "pubs", "MHS78", "MHS79", "MHS80") == wanted


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS7[89]", "MHS80"))
