"""M12: people seen by specialist perinatal and maternal mental health services in twelve months (pipeline menh_bbrb)."""

from __future__ import annotations

import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_BBRB, UPPER_ETHNICITY
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.contacts import FACE_TO_FACE_OR_VIDEO, attended
from esteem.evidence.definitions.mhsds.rules.counted_once import GEOGRAPHIES, first_in_each
from esteem.evidence.definitions.mhsds.rules.demographics import with_demographics
from esteem.evidence.definitions.mhsds.rules.states import in_months, lives_in_england
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

PERINATAL_TEAMS = ("C02", "F02")  # specialist perinatal; maternal mental health
_KEY = ("RecordNumber", "UniqServReqID")
_LOCAL_AUTHORITY = Breakdown("LAD/UA", ("local_authority",))


def could_be_pregnant(people: ir.Table) -> ir.BooleanValue:
    """Women and non-binary people; men not registered male at birth; without a stated gender, those registered female."""
    stated = people.GenderIDCode
    trans_man = (stated == "1") & (people.GenderSameAtBirth == "N")
    return stated.isin(("2", "3")) | trans_man | (stated.isnull() & (people.Gender == "2"))


def _contacts(work: Workbench, window: Window) -> ir.Table:
    people = in_months(work.t.MHS001MPI, window)
    people = people.filter(lives_in_england(people) & could_be_pregnant(people))
    teams = in_months(service_teams(work), window)
    referrals = in_months(work.t.MHS101Referral, window).semi_join(teams.filter(teams.team_type.isin(PERINATAL_TEAMS)), list(_KEY))
    referrals = work.step(referrals.select(*_KEY).distinct(), "referrals of the months to a perinatal or maternal team, as submitted")
    contacts = in_months(work.t.MHS201CareContact, window)
    met = FACE_TO_FACE_OR_VIDEO.holds(contacts.ConsMechanismMH, contacts.UniqMonthID)
    contacts = contacts.filter(attended(contacts) & met).select(*_KEY, "UniqCareContID", "CareContDate")
    seen = referrals.inner_join(contacts, list(_KEY)).inner_join(with_demographics(work, people), "RecordNumber")
    seen = work.step(seen, "their attended contacts in person or by video, with residents of England who could be pregnant")
    seen = with_area(
        seen.mutate(provider=seen.OrgIDProv, local_authority=seen.LADistrictAuth.fill_null(UNKNOWN)), sub_icb_of_window(work, window)
    )
    order = ("UniqMonthID", "CareContDate", "UniqCareContID")
    return first_in_each(seen, "Person_ID", order, _GEOGRAPHIES)


_GEOGRAPHIES = (*GEOGRAPHIES, "local_authority")
CONTACTS = Cohort("contacts with perinatal and maternal services", _contacts, _GEOGRAPHIES)

FAMILY = Family(
    name="perinatal-access",
    title="Access to perinatal and maternal mental health services",
    question="How many people were seen by specialist perinatal or maternal mental health services in the last twelve months?",
    why="Mental illness around birth harms mother and child; the national plan promises specialist help to a growing number.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 04_cyp_perinatal (design page M12)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    counterparts={"MHS91": "perinatal-women-in-contact"},
    measures=(
        RecordMeasure(
            "MHS91",
            "People in contact with specialist perinatal services",
            Counted(CONTACTS, distinct("Person_ID")),
            ("12M",),
            (*AREAS_BBRB, UPPER_ETHNICITY, _LOCAL_AUTHORITY),
        ),
    ),
)
