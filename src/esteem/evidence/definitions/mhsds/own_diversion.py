"""M33 and M22, our own: from the justice system to liaison and diversion or a place of safety; cross-checks of section 136."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import OWN_SPLITS
from esteem.evidence.definitions.mhsds.publication import OWN
from esteem.evidence.definitions.mhsds.rules.person_attributes import with_people_of_window
from esteem.evidence.definitions.mhsds.rules.states import in_months, within
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

DIVERSION_TEAM, PLACE_OF_SAFETY_TEAM = "D02", "A20"
FROM_JUSTICE = ("E1", "E2", "E3", "E4", "E5", "E6")  # source of referral
SECTION_136 = "20"


def _referrals(work: Workbench, window: Window) -> ir.Table:
    rows = in_months(work.t.MHS101Referral, window)
    rows = work.step(rows.filter(within(rows.ReferralRequestReceivedDate, window)), "referrals received in the period")
    rows = work.step(rows.filter(rows.SourceOfReferralMH.isin(FROM_JUSTICE)), "from police, courts, probation, prison or custody")
    teams = in_months(service_teams(work), window).select("RecordNumber", "UniqServReqID", "team_type")
    rows = rows.inner_join(teams, ["RecordNumber", "UniqServReqID"])
    return with_people_of_window(work, window, rows.select("Person_ID", "UniqServReqID", "team_type", provider=rows.OrgIDProv))


def _section_136(work: Workbench, window: Window) -> ir.Table:
    """Uses of section 136 begun in the period; `no_spell`: the person has no hospital spell of that provider that holds the day."""
    uses = in_months(work.t.MHS401MHActPeriod, window)
    uses = uses.filter((uses.LegalStatusCode == SECTION_136) & within(uses.StartDateMHActLegalStatusClass, window))
    uses = work.step(uses, "uses of section 136 that began in the period")
    uses = uses.select("Person_ID", "OrgIDProv", episode="UniqMHActEpisodeID", begun="StartDateMHActLegalStatusClass").distinct()
    spells = work.t.MHS501HospProvSpell
    spells = spells.select("Person_ID", "OrgIDProv", start="StartDateHospProvSpell", end="DischDateHospProvSpell").distinct()
    pairs = uses.inner_join(spells, ["Person_ID", "OrgIDProv"])
    held = pairs.filter((pairs.start <= pairs.begun) & (pairs.end.isnull() | (pairs.end >= pairs.begun))).select("episode").distinct()
    rows = uses.mutate(no_spell=uses.episode.notin(held.episode), provider=uses.OrgIDProv)
    return with_people_of_window(work, window, rows)


def _contacts(work: Workbench, window: Window) -> ir.Table:
    rows = in_months(work.t.MHS201CareContact, window)
    rows = rows.filter(within(rows.CareContDate, window) & (rows.PlaceOfSafetyInd == "Y"))
    rows = work.step(rows, "contacts in a place of safety, by the indicator on the contact")
    return with_people_of_window(work, window, rows.select("Person_ID", "UniqCareContID", provider=rows.OrgIDProv))


_REFERRED = Cohort("referrals from justice and the teams they go to", _referrals)
_HELD = Cohort("uses of section 136", _section_136)
_CONTACTS = Cohort("contacts in a place of safety", _contacts)
_PERIODS = ("M", "Q", "12M")


def _measure(name: str, title: str, value: Counted) -> RecordMeasure:
    return RecordMeasure(name, title, value, _PERIODS, OWN_SPLITS)


FAMILY = Family(
    name="diversion-and-place-of-safety",
    title="Diversion from custody and places of safety",
    question="How many people come from police, courts and custody to liaison and diversion or to a place of safety?",
    why="Nobody in a mental health crisis belongs in a cell, and offenders who are ill belong in treatment.",
    source="own measures (design page M22 and M33); team D02 or A20, source of referral E1 to E6, legal status 20",
    checked_against="worked cases by hand; no national figure exists",
    publication=OWN,
    quirks=("quirk:place-of-safety-indicator-unused",),
    notes=(
        "The data set cannot tell a police cell: the police publish how many were held there.",
        "quirk:place-of-safety-indicator-unused: OWN22C counts what no publication reads, as a cross-check of MHS83 in both modes.",
    ),
    measures=(
        _measure(
            "OWN33",
            "Referrals from justice to liaison and diversion",
            Counted(_REFERRED, distinct("UniqServReqID"), _.team_type == DIVERSION_TEAM),
        ),
        _measure(
            "OWN33P",
            "People referred from justice to liaison and diversion",
            Counted(_REFERRED, distinct("Person_ID"), _.team_type == DIVERSION_TEAM),
        ),
        _measure(
            "OWN22A",
            "Referrals from justice to a health-based place of safety",
            Counted(_REFERRED, distinct("UniqServReqID"), _.team_type == PLACE_OF_SAFETY_TEAM),
        ),
        _measure("OWN22B", "Uses of section 136 with no hospital spell", Counted(_HELD, distinct("episode"), "no_spell")),
        _measure("OWN22C", "Contacts in a place of safety", Counted(_CONTACTS, distinct("UniqCareContID"))),
    ),
)
