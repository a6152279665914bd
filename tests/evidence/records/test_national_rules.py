"""Rules that national measures share, on hand-made rows: one behaviour each."""

from __future__ import annotations

import pytest
from tests.evidence.records.small_extract import LIVE, person, rows, workbench

from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_month, sub_icb_of_record, sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.contacts import CodeSet, attended_direct
from esteem.evidence.definitions.mhsds.rules.counted_once import first_in_each
from esteem.evidence.definitions.mhsds.rules.demographics import ALL_AGES, UNDER_18_18_64_65, age_band, people_of_month
from esteem.evidence.definitions.mhsds.rules.states import live_referrals, lives_in_england, open_referrals
from esteem.evidence.definitions.mhsds.rules.teams import service_teams


def areas(work, table) -> dict:
    key = table.columns[0]
    return {row[key]: (row["sub_icb"], row["icb"], row["region"]) for row in rows(work.extract, table)}


def practice(number: int, record: int, code: str, month: int = 1500, **fields) -> dict:
    return {"Person_ID": f"P{number}", "RecordNumber": record, "UniqMonthID": month, "OrgIDSubICBLocGP": code, "GMPReg": "A1", **fields}


MOVED = {
    "MHS001MPI": [
        person(1, 11, OrgIDSubICBLocResidence="7B1"),
        person(2, 12, OrgIDSubICBLocResidence="7B1"),
        person(3, 13, OrgIDSubICBLocResidence="7B1"),
        person(4, 14, OrgIDSubICBLocResidence="7ZZ"),
        person(5, 5, month=1499, OrgIDSubICBLocResidence="7A1"),
        person(5, 15),
    ],
    "MHS002GP": [
        practice(1, 11, "7A1"),
        practice(2, 12, "7ZZ"),  # not a live code
        practice(3, 13, "7A1", EndDateGMPRegistration="2025-03-02"),
        practice(4, 14, "7A2", GMPReg="V81997"),
    ],
}


def test_the_month_takes_the_practice_and_does_not_fall_back_from_a_dead_code(tmp_path):
    work = workbench(tmp_path, MOVED)
    assert areas(work, sub_icb_of_month(work)) == {
        "P1": ("7A1", "QA", "YA"),
        "P2": ("UNKNOWN", "UNKNOWN", "UNKNOWN"),
        "P3": ("7B1", "QB", "YB"),
        "P4": ("UNKNOWN", "UNKNOWN", "UNKNOWN"),
        "P5": ("UNKNOWN", "UNKNOWN", "UNKNOWN"),
    }


def test_corrected_the_month_falls_back_to_the_home(tmp_path):
    work = workbench(tmp_path, MOVED, frozenset({"quirk:sub-icb-month-no-fallback"}))
    assert areas(work, sub_icb_of_month(work))["P2"] == ("7B1", "QB", "YB")


def test_a_longer_period_falls_back_and_takes_the_newest_row_with_a_live_code(tmp_path):
    work = workbench(tmp_path, MOVED)
    found = areas(work, sub_icb_of_window(work, work.month.window("Q")))
    assert found == {"P1": ("7A1", "QA", "YA"), "P2": ("7B1", "QB", "YB"), "P3": ("7B1", "QB", "YB"), "P5": ("7A1", "QA", "YA")}
    everyone = with_area(work.t.MHS001MPI.select("Person_ID").distinct(), sub_icb_of_window(work, work.month.window("Q")))
    assert areas(work, everyone)["P4"] == ("UNKNOWN", "UNKNOWN", "UNKNOWN")


def test_a_record_has_the_area_stated_on_it(tmp_path):
    work = workbench(tmp_path, MOVED)
    assert {key: area[0] for key, area in areas(work, sub_icb_of_record(work)).items()} == {
        11: "7A1",
        12: "UNKNOWN",
        13: "7B1",
        14: "UNKNOWN",
        5: "7A1",
        15: "UNKNOWN",
    }


def test_demographics_are_the_codes_of_the_publications(tmp_path):
    people = [
        person(1, 11, GenderIDCode="3", Gender="1", NHSDEthnicity="A", LSOA2011="E01000001", AgeRepPeriodEnd=17),
        person(2, 12, GenderIDCode="Z", Gender="2", NHSDEthnicity="99", LSOA2011="E01000002", AgeRepPeriodEnd=18),
        person(3, 13, Gender="X", NHSDEthnicity="-1", AgeRepPeriodEnd=""),
    ]
    statuses = [{"RecordNumber": 11, "UniqMonthID": 1500, "LDStatus": "1", "AutismStatus": "U"}]
    work = workbench(tmp_path, {"MHS001MPI": people, "MHS005PatInd": statuses})
    made = people_of_month(work)
    made = made.mutate(band=age_band(made.AgeRepPeriodEnd, ALL_AGES), group=age_band(made.AgeRepPeriodEnd, UNDER_18_18_64_65))
    names = (
        "gender",
        "ethnicity",
        "ethnicity_group",
        "white_british",
        "imd_decile",
        "imd_core20",
        "ld_status",
        "autism_status",
        "band",
        "group",
    )
    found = [tuple(row[name] for name in names) for row in rows(work.extract, made, "RecordNumber")]
    assert found == [
        ("3", "A", "White or White British", "White British", "01 Most deprived", "Most deprived quintile", "1", "U", "17", "Under 18"),
        ("2", "99", "Not Known", "Missing/invalid", "07 Less deprived", "Other 4 quintiles", "UNKNOWN", "UNKNOWN", "18", "18-64"),
        ("UNKNOWN",) * 10,
    ]


@pytest.mark.parametrize(("district", "counts"), [("E06000033", True), ("", True), ("W06000015", False), ("S12000036", False)])
def test_england_is_an_english_district_or_none(tmp_path, district, counts):
    work = workbench(tmp_path, {"MHS001MPI": [person(1, 11, LADistrictAuth=district)]})
    people = work.t.MHS001MPI
    assert len(rows(work.extract, people.filter(lives_in_england(people)))) == counts


def referral(name: str, month: int = 1500, **fields) -> dict:
    return LIVE | {"UniqServReqID": name, "Person_ID": "P1", "UniqMonthID": month, **fields}


def test_open_needs_a_row_of_the_month_and_no_discharge_by_its_end(tmp_path):
    referrals = [
        referral("open"),
        referral("ends later", ServDischDate="2025-04-01"),
        referral("ended", ServDischDate="2025-03-31"),
        referral("ended before", 1498, RecordStartDate="2025-01-01", ServDischDate="2025-01-20"),
        referral("superseded", RecordEndDate="2025-03-30"),
        referral("not seen since", 1499, RecordStartDate="2025-02-01"),
    ]
    work = workbench(tmp_path, {"MHS101Referral": referrals})
    found = {row["UniqServReqID"]: (row["is_open"], row["is_closed"]) for row in rows(work.extract, live_referrals(work))}
    assert found == {
        "open": (True, False),
        "ends later": (True, False),
        "ended": (False, True),
        "ended before": (False, True),
        "not seen since": (False, False),
    }
    assert {row["UniqServReqID"] for row in rows(work.extract, open_referrals(work))} == {"open", "ends later", "superseded"}


def test_a_referral_has_its_own_team_from_version_6_and_any_others(tmp_path):
    own = [referral("R1", UniqCareProfTeamLocalID="T1", ServTeamType="A14", ServDischDate="2025-03-20")]
    own += [referral("R0", 1488, UniqCareProfTeamLocalID="T1", ServTeamType="A14")]
    other = [LIVE | {"UniqServReqID": "R1", "UniqMonthID": 1500, "UniqOtherCareProfTeamLocalID": "T2", "ServTeamTypeRefToMH": "A06"}]
    work = workbench(tmp_path, {"MHS101Referral": own, "MHS102OtherServiceType": other})
    found = [
        (r["UniqServReqID"], r["team_id"], r["team_type"], str(r["closed"])) for r in rows(work.extract, service_teams(work), "team_id")
    ]
    assert found == [("R1", "T1", "A14", "2025-03-20"), ("R1", "T2", "A06", "None")]


def test_attended_direct_contacts_follow_the_month_and_the_provider(tmp_path):
    def contact(name, status, mechanism, month=1500, provider="PRA"):
        return {
            "UniqCareContID": name,
            "UniqMonthID": month,
            "OrgIDProv": provider,
            "AttendStatus": status,
            "ConsMechanismMH": mechanism,
        }

    contacts = [
        contact("counts", "5", "01"),
        contact("late but seen", "6", "04"),
        contact("missed", "3", "01"),
        contact("email", "5", "05"),
        contact("video before version 5", "5", "03", 1458),
        contact("email before version 5", "5", "05", 1458),
        contact("chat with nobody known", "5", "10", provider="DFC"),
        contact("face to face with nobody known", "5", "01", provider="DFC"),
    ]
    work = workbench(tmp_path, {"MHS201CareContact": contacts})
    table = work.t.MHS201CareContact
    found = {row["UniqCareContID"] for row in rows(work.extract, table.filter(attended_direct(table)))}
    assert found == {"counts", "late but seen", "video before version 5", "chat with nobody known"}


def test_a_code_set_holds_between_its_months(tmp_path):
    contacts = [{"UniqCareContID": str(month), "UniqMonthID": month, "ConsMechanismMH": "04"} for month in (1498, 1499, 1500)]
    work = workbench(tmp_path, {"MHS201CareContact": contacts})
    table = work.t.MHS201CareContact
    held = CodeSet(("04",), first_month=1499, last_month=1499).holds(table.ConsMechanismMH, table.UniqMonthID)
    assert [row["UniqMonthID"] for row in rows(work.extract, table.filter(held))] == [1499]


def test_a_person_counts_first_in_each_geography(tmp_path):
    contacts = [
        {"Person_ID": "P1", "UniqCareContID": name, "UniqMonthID": 1500, "CareContDate": day, "OrgIDProv": provider}
        for name, day, provider in (("c1", "2025-03-02", "PRA"), ("c2", "2025-03-01", "PRB"), ("c3", "2025-03-05", "PRA"))
    ]
    work = workbench(tmp_path, {"MHS201CareContact": contacts})
    table = work.t.MHS201CareContact.rename(provider="OrgIDProv")
    marked = first_in_each(table, "Person_ID", ("CareContDate", "UniqCareContID"), ("england", "provider"))
    found = {r["UniqCareContID"]: (r["counts_in_england"], r["counts_in_provider"]) for r in rows(work.extract, marked)}
    assert found == {"c1": (False, True), "c2": (True, True), "c3": (False, False)}
