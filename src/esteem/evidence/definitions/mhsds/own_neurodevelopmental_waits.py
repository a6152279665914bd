"""M35, our own: waits for a first contact after a referral for autism, ADHD or another neurodevelopmental condition."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import OWN_SPLITS
from esteem.evidence.definitions.mhsds.publication import OWN
from esteem.evidence.definitions.mhsds.rules.contacts import attended_direct
from esteem.evidence.definitions.mhsds.rules.person_attributes import with_people_of_window
from esteem.evidence.definitions.mhsds.rules.states import in_months, open_at, within
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, Value, distinct, median, percentile
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

AUTISM, OTHER = ("25", "26"), ("24",)  # reasons: suspected or diagnosed autism; neurodevelopmental other than autism (ADHD)
AUTISM_TEAM, TEAMS = "C01", ("C01", "C04")
THIRTEEN_WEEKS = 91  # days


def _waits(work: Workbench, window: Window) -> ir.Table:
    """Referrals of the month, with days to the first contact, or waited so far."""
    rows = in_months(work.t.MHS101Referral, window)
    teams = in_months(service_teams(work), window)
    teams = teams.filter(teams.team_type.isin(TEAMS)).group_by("RecordNumber", "UniqServReqID")
    teams = teams.aggregate(autism_team=(_.team_type == AUTISM_TEAM).any())
    rows = rows.left_join(teams, ["RecordNumber", "UniqServReqID"]).select(*rows.columns, "autism_team")
    reason = rows.PrimReasonReferralMH
    of_reason = reason.isin((*AUTISM, *OTHER)).fill_null(False)
    rows = work.step(rows.filter(of_reason | rows.autism_team.notnull()), "referrals for a neurodevelopmental reason, or to such a team")
    contacts = work.t.MHS201CareContact
    contacts = contacts.filter(attended_direct(contacts) & (contacts.CareContDate <= window.end))
    firsts = contacts.group_by("Person_ID", "UniqServReqID").aggregate(first=contacts.CareContDate.min())
    rows = rows.left_join(firsts, ["Person_ID", "UniqServReqID"]).select(*rows.columns, "first")
    autism = ibis.cases(
        (rows.PrimReasonReferralMH.isin(AUTISM), True), (rows.PrimReasonReferralMH.isin(OTHER), False), else_=rows.autism_team
    )
    received = rows.ReferralRequestReceivedDate
    rows = rows.select(
        "Person_ID",
        "UniqServReqID",
        provider=rows.OrgIDProv,
        autism=autism.fill_null(False),
        waiting=rows.first.isnull() & open_at(rows.ServDischDate, window.end),
        seen=within(rows.first, window).fill_null(False),
        waited=ibis.literal(window.end).delta(received, unit="day"),
        days=rows.first.delta(received, unit="day"),
    )
    return with_people_of_window(work, window, rows)


_COHORT = Cohort("neurodevelopmental referrals", _waits)


def _group(letter: str, words: str, of) -> list[RecordMeasure]:
    """Waiting, waiting for 13 weeks, its share, seen for the first time, and how long they had waited."""
    waiting = Counted(_COHORT, distinct("UniqServReqID"), of & _.waiting)
    long = Counted(_COHORT, distinct("UniqServReqID"), of & _.waiting & (_.waited >= THIRTEEN_WEEKS))
    seen = of & _.seen
    made: list[tuple[str, str, Value]] = [
        ("", "still waiting for a first contact", waiting),
        ("_13", "still waiting after 13 weeks or more", long),
        ("_13_SHARE", "share of those waiting who have waited 13 weeks or more", Ratio(long, waiting, zero_without_numerator=True)),
        ("_SEEN", "seen for the first time in the month", Counted(_COHORT, distinct("UniqServReqID"), seen)),
        ("_MEDIAN", "median days to that first contact", Counted(_COHORT, median("days"), seen)),
        ("_90TH", "days to that first contact, 90th percentile", Counted(_COHORT, percentile("days", 0.9), seen)),
    ]
    return [RecordMeasure(f"OWN35{letter}{suffix}", f"{words}: {title}", value, ("M",), OWN_SPLITS) for suffix, title, value in made]


FAMILY = Family(
    name="neurodevelopmental-waits",
    title="Waits for autism and ADHD",
    question="How long do people wait to be seen for autism or ADHD?",
    why="Waits of years for an assessment hold back schooling and work, and the help that only a diagnosis opens.",
    source="own measure (design page M35): referral reasons 24 to 26 or teams C01 and C04; 13 weeks as in the national autism statistics",
    checked_against="worked cases by hand; the national autism statistics count otherwise and are not in the oracle",
    publication=OWN,
    notes=("Reason 24 holds ADHD and every other neurodevelopmental condition except autism: the data set does not part them.",),
    measures=(*_group("A", "Autism", _.autism), *_group("N", "ADHD and other neurodevelopmental", ~_.autism)),
)
