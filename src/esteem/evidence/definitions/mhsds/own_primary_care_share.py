"""M34, our own: the share of adults in contact with services who are helped in primary care."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import OWN_SPLITS
from esteem.evidence.definitions.mhsds.publication import OWN
from esteem.evidence.definitions.mhsds.rules.contacts import attended_direct
from esteem.evidence.definitions.mhsds.rules.person_attributes import with_people_of_window
from esteem.evidence.definitions.mhsds.rules.states import in_months, within
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

PRIMARY_CARE_TEAM = "A05"
ADULT = 18
_REFERRAL = ("RecordNumber", "UniqServReqID")


def _adults_seen(work: Workbench, window: Window) -> ir.Table:
    contacts = in_months(work.t.MHS201CareContact, window)
    contacts = contacts.filter(within(contacts.CareContDate, window) & attended_direct(contacts))
    contacts = work.step(contacts, "attended direct contacts of the period")
    ages = work.t.MHS001MPI.select("RecordNumber", age_of_record="AgeRepPeriodEnd")
    contacts = contacts.left_join(ages, "RecordNumber").drop("RecordNumber_right")
    adults = contacts.filter(ibis.coalesce(contacts.AgeCareContDate, contacts.age_of_record) >= ADULT)
    adults = work.step(adults, "of adults, by age at the contact")
    teams = in_months(service_teams(work), window)
    primary = teams.filter(teams.team_type == PRIMARY_CARE_TEAM).select(*_REFERRAL).distinct().mutate(primary=True)
    rows = adults.left_join(primary, list(_REFERRAL)).select("Person_ID", "primary", provider=adults.OrgIDProv)
    return with_people_of_window(work, window, rows.mutate(primary=rows.primary.fill_null(False)))


_SEEN = Cohort("attended contacts of adults", _adults_seen)
_ALL, _PRIMARY = Counted(_SEEN, distinct("Person_ID")), Counted(_SEEN, distinct("Person_ID"), "primary")

FAMILY = Family(
    name="primary-care-share",
    title="Adults helped in primary care",
    question="What share of the adults whom mental health services see are helped by a team in primary care?",
    why="Help near home, by people one knows, without the threshold of a specialist service: the strategy means 40% to have it.",
    source="own measure (design page M34): team type A05, primary care mental health",
    checked_against="worked cases by hand; no national figure exists",
    publication=OWN,
    measures=(
        RecordMeasure("OWN34A", "Adults seen in twelve months", _ALL, ("12M",), OWN_SPLITS),
        RecordMeasure("OWN34B", "Adults seen by a team in primary care", _PRIMARY, ("12M",), OWN_SPLITS),
        RecordMeasure(
            "OWN34",
            "Share of adults seen by a team in primary care",
            Ratio(_PRIMARY, _ALL, zero_without_numerator=True),
            ("12M",),
            OWN_SPLITS,
        ),
    ),
)
