"""Referral spells, clock stops and long waits, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.computing import steps_of
from esteem.evidence.definitions.mhsds.four_week_waits import FAMILY, OF_ADULTS, OF_YOUNG
from esteem.evidence.definitions.mhsds.rules.coded_care import CURRENT_VIEW, assessment_tools

ASSESSMENT_CODE, THERAPY_CODE, CONSULTATION = "99100001", "99200001", "11429006"
TERMS = ((ASSESSMENT_CODE, "1853441000000109"), (THERAPY_CODE, "1853461000000105"), (CONSULTATION, "1853481000000101"))
REFERENCE = {
    "MHS000Header": [
        {"OrgIDProvider": "PRA", "UniqMonthID": 1500, "ReportingPeriodStartDate": "2025-03-01", "ReportingPeriodEndDate": "2025-03-31"},
        {"OrgIDProvider": "PRA", "UniqMonthID": 1499, "ReportingPeriodStartDate": "2025-02-01", "ReportingPeriodEndDate": "2025-02-28"},
    ],
    "SNOMED_SCT2_CONCEPT_FULL": [{"ID": code, "EFFECTIVETIME": "2015-01-31", "ACTIVE": 1} for code, _ in TERMS],
    "SNOMED_SCT2_REFSET_FULL": [
        {"ID": code, "REFSETID": refset, "REFERENCEDCOMPONENTID": code, "EFFECTIVETIME": "2016-01-31", "ACTIVE": 1}
        for code, refset in TERMS
    ],
}


def referred(age: int = 40, received: str = "2025-01-10", team: str = "A06", **referral) -> dict[str, list[dict]]:
    made = record(1, AgeServReferRecDate=age, ReferralRequestReceivedDate=received, ServTeamType=team, UniqCareProfTeamLocalID="T1")
    return {"MHS001MPI": [person(1, 1, RecordStartDate="2025-03-01")], "MHS101Referral": [made | referral]}


def met(day: str, procedure: str = "", attended: str = "5") -> dict[str, list[dict]]:
    made = record(1, UniqCareContID=day, CareContDate=day, AttendStatus=attended, ConsMechanismMH="01")
    return {"MHS201CareContact": [made], "MHS202CareActivity": [record(1, UniqCareContID=day, Procedure=procedure)]}


def scored(day: str, tool: str = "DIALOG") -> dict[str, list[dict]]:
    concept = assessment_tools()[tool][0]
    return {"MHS606CodedScoreAssessmentRefer": [record(1, CodedAssToolType=concept, AssToolCompTimestamp=f"{day} 09:30:00")]}


def planned(created: str, updated: str) -> dict[str, list[dict]]:
    plan = record(1, UniqCarePlanID="CP", CarePlanCreatDate=created, CarePlanLastUpdateDate=updated)
    return {"MHS008CarePlanType": [plan], "MHS009CarePlanAgreement": [record(1, UniqCarePlanID="CP")]}


def indirect(day: str) -> dict[str, list[dict]]:
    return {"MHS204IndirectActivity": [record(1, IndirectActDate=day)]}


def together(*parts: dict[str, list[dict]]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for part in parts:
        for name, rows in part.items():
            found[name] = found.get(name, []) + rows
    return found


HELPED = (met("2025-01-15", f"{THERAPY_CODE}:408730004=385658003"), scored("2025-01-20"))
ADULTS = [  # (rows, clock stop, within four weeks, open and waiting)
    (together(referred(), *HELPED, met("2025-02-07", ASSESSMENT_CODE)), 1, 1, 0),
    (together(referred(), *HELPED, met("2025-02-08", ASSESSMENT_CODE)), 1, 0, 0),
    (together(referred(), *HELPED), 0, 0, 1),  # no assessment
    (
        together(referred(), met("2025-01-15", THERAPY_CODE), met("2025-01-16", ASSESSMENT_CODE), scored("2025-01-20", CURRENT_VIEW)),
        0,
        0,
        1,
    ),
    (together(referred(), met("2025-01-15", CONSULTATION), met("2025-01-16", ASSESSMENT_CODE), scored("2025-01-20")), 0, 0, 1),
    (together(referred(), met("2025-01-15", ASSESSMENT_CODE), scored("2025-01-20"), planned("2025-01-12", "2025-03-01")), 1, 1, 0),
    (together(referred(), met("2025-01-15", ASSESSMENT_CODE), scored("2025-01-20"), planned("2025-01-09", "2025-03-01")), 1, 0, 0),
    (together(referred(), met("2025-01-15", ASSESSMENT_CODE), scored("2025-01-20"), planned("2025-01-12", "")), 0, 0, 1),
    (together(referred(ServDischDate="2025-03-20")), 0, 0, 0),
    (together(referred(ServDischDate="2025-03-28")), 0, 0, 1),  # ended in the last five days: can still be open
    (together(referred(team="C03")), 0, 0, 1),
    (together(referred(team="A11")), None, None, None),
    (together(referred(), {"MHS501HospProvSpell": [record(1, UniqHospProvSpellID="S1")]}), None, None, None),
]
YOUNG = [
    (together(referred(15, team="F01"), *HELPED), 1, 1, 0),  # the young need no assessment
    (together(referred(15, team="F01"), indirect("2025-01-12"), scored("2025-01-20"), planned("2025-01-12", "2025-03-01")), 1, 1, 0),
    (together(referred(15, team="A02")), None, None, None),
    (together(referred(15, team="A18", ClinRespPriorityType="2")), None, None, None),
    (together(referred(15, team="A18", ClinRespPriorityType="3")), 0, 0, 1),
    (together(referred(15, PrimReasonReferralMH="12")), None, None, None),
    (together(referred(15, team="A14", PrimReasonReferralMH="01")), None, None, None),
    (together(referred(15, team="")), 0, 0, 1),  # a referral without a team counts
]


@pytest.mark.parametrize(("cases", "stops", "waiting"), [(ADULTS, "MRS01", "MRS02"), (YOUNG, "MRS08", "MRS09")])
def test_a_clock_stops_when_everything_needed_has_happened(tmp_path, cases, stops, waiting):
    work = workbench(tmp_path, REFERENCE | side_by_side(tables for tables, *_ in cases))
    names = ((stops, "Q"), (f"{stops}a", "Q"), (waiting, "M"))
    found = [figures(work, name, period, "bbrb", "Provider") for name, period in names]
    wanted = [tuple(value or None for value in expected) for _, *expected in cases]
    assert [tuple(part.get(f"C{n}") for part in found) for n in range(len(cases))] == wanted


def again(received: str, **referral) -> dict[str, list[dict]]:
    """A second referral of the same person."""
    return {"MHS101Referral": [referred(received=received)["MHS101Referral"][0] | {"UniqServReqID": "R2"} | referral]}


@pytest.mark.parametrize(("received", "began", "closed", "is_open"), [("2025-02-25", 1, None, 1), ("2025-02-26", 2, 1, 1)])
def test_referrals_up_to_five_days_apart_make_one_spell(tmp_path, received, began, closed, is_open):
    tables = REFERENCE | together(referred(ServDischDate="2025-02-20"), again(received))
    work = workbench(tmp_path, tables)
    assert england(work, "Q", "bbrb", "MRS04", "MRS05") + england(work, "M", "bbrb", "MRS06") == [began, closed, is_open]


def test_waits_are_counted_from_the_start_of_the_spell(tmp_path):
    cases = [referred(received=day) for day in ("2023-03-31", "2023-04-03", "2024-03-31", "2024-04-02", "2025-03-01")]
    work = workbench(tmp_path, REFERENCE | side_by_side(cases))
    assert england(work, "M", "bbrb", "MRS02a", "MRS02c", "MRS02e", "MRS02f") == [1, 2, 3, 60]
    assert england(work, "M", "bbrb", "MRS03", "MRS03a") == [5, 365]


def quirk_cases():
    two_teams = {"MHS102OtherServiceType": [record(1, ServTeamTypeRefToMH="A08", UniqCareProfTeamID="T2")]}
    missed = together(referred(), met("2025-01-15"), met("2025-01-16", THERAPY_CODE, "3"), met("2025-01-17", ASSESSMENT_CODE))
    stale = referred(UniqMonthID=1499)
    young = together(referred(15, team="F01"), met("2025-01-15", CONSULTATION), scored("2025-01-20"))
    plan = together(referred(), met("2025-01-15", ASSESSMENT_CODE), scored("2025-01-20"), planned("2025-01-12", ""))
    return [
        ("quirk:mrs-contact-repeated-per-team", together(referred(), met("2025-02-01"), two_teams), ("MRS15", "Q"), 1, None),
        ("quirk:mrs-coded-dna-counts", together(missed, scored("2025-01-20")), ("MRS01", "Q"), 1, None),
        ("quirk:mrs-cyp-indirect-as-contact", together(referred(15, team="F01"), indirect("2025-02-01")), ("MRS16", "Q"), 1, None),
        ("quirk:mrs-codes-left-out-cmh-only", young, ("MRS08", "Q"), 1, None),
        ("quirk:mrs-care-plan-null-update", plan, ("MRS01", "Q"), None, 1),
        ("quirk:mrs-stale-referral-ends", stale, ("MRS06", "M"), None, 1),
        ("quirk:mrs-open-within-5-days", referred(ServDischDate="2025-03-28"), ("MRS06", "M"), 1, None),
    ]


@pytest.mark.parametrize(("quirk", "tables", "measure", "published", "right"), quirk_cases(), ids=lambda case: str(case)[:40])
def test_quirks_put_right(tmp_path, quirk, tables, measure, published, right):
    name, period = measure
    found = [
        england(workbench(tmp_path / str(len(fix)), REFERENCE | tables, fix), period, "bbrb", name)
        for fix in (frozenset(), frozenset({quirk}))
    ]
    assert found == [[published], [right]]


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MRS*",))


def test_both_pathways_tell_the_steps_they_share(tmp_path):
    work = workbench(tmp_path, REFERENCE | referred())
    adults, young = (steps_of(work, cohort, "Q") for cohort in (OF_ADULTS, OF_YOUNG))
    assert adults[:2] == young[:2] == [("referral records so far, of residents of England", 1), ("never in hospital on that referral", 1)]
    assert [rows for _, rows in adults[2:]] == [1, 1, 1, 1]
    assert [rows for _, rows in young[2:]] == [0, 0, 0, 0]
