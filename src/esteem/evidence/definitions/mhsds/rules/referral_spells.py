"""Referral spells of M14: a person's overlapping referrals at one provider, joined into one wait, and what happened in it.

Two pathways, adults in community services and children and young people, differ in their referrals and in which events count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.rules.contacts import ANONYMOUS_SERVICES
from esteem.evidence.definitions.mhsds.rules.states import lives_in_england
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.records.workbench import Workbench, prepared

GAP = 5  # days between two referrals that still make one spell
FIRST_START = date(2016, 1, 1)
NEAR_END = 5  # days before the end of the period in which a spell may have ended and still count as open

_REFERRAL = (
    "Person_ID",
    "OrgIDProv",
    "UniqMonthID",
    "RecordNumber",
    "UniqServReqID",
    "ReferralRequestReceivedDate",
    "ServDischDate",
)
_CRITERIA = ("AgeServReferRecDate", "ClinRespPriorityType", "PrimReasonReferralMH")
_TEAM = ("team_type", "team_id", "closed", "rejected", "close_reason", "reject_reason")


@dataclass(frozen=True)
class Pathway:
    """`in_scope`: condition on a referral row with one of its teams (columns _CRITERIA and _TEAM; all of _TEAM null without a team).

    `left_out`: concepts that are no intervention. `assessments_that_help`: assessments that count as an intervention; None where
    assessments are an event of their own. `indirect_contacts`: an indirect activity counts as a contact.
    """

    name: str
    in_scope: Callable[[ir.Table], ir.BooleanValue]
    left_out: tuple[str, ...] = ()
    assessments_that_help: tuple[str, ...] | None = None
    indirect_contacts: bool = False


@prepared
def _referrals_and_teams(work: Workbench) -> ir.Table:
    """Referral records so far, of residents of England, never in hospital on that referral, each with its teams (a row for each)."""
    people = work.t.MHS001MPI
    people = people.filter(lives_in_england(people)).select("RecordNumber")
    referrals = work.t.MHS101Referral
    referrals = referrals.filter(referrals.OrgIDProv.notin(ANONYMOUS_SERVICES)).select(*_REFERRAL, *_CRITERIA)
    referrals = work.step(referrals.semi_join(people, "RecordNumber"), "referral records so far, of residents of England")
    spells = work.t.MHS501HospProvSpell
    spells = spells.filter(spells.UniqHospProvSpellID.notnull()).select("UniqServReqID", "Person_ID")
    referrals = work.step(referrals.anti_join(spells, ["UniqServReqID", "Person_ID"]), "never in hospital on that referral")
    teams = service_teams(work)
    teams = teams.select(
        "RecordNumber",
        "UniqServReqID",
        "team_id",
        "closed",
        team_type=ibis.ifelse(teams.team_type == "C03", "C10", teams.team_type),  # eating disorder teams, old and new code
        rejected="ReferRejectionDate",
        close_reason="ReferClosReason",
        reject_reason="ReferRejectReason",
    )
    joined = referrals.left_join(teams, ["RecordNumber", "UniqServReqID"])
    return joined.select(*_REFERRAL, *_CRITERIA, *_TEAM)


@prepared
def referrals_in_scope(work: Workbench, pathway: Pathway) -> ir.Table:
    """Rows of a pathway: one for each record, referral and different team, with `month_end`, `ended` (a day or null) and `end`.

    `end` is the day the referral ended, at the latest the last day of the month that sent it.
    """
    rows = _referrals_and_teams(work)
    rows = work.step(rows.filter(pathway.in_scope(rows)), f"in scope for {pathway.name}: a row for each team")
    header = work.t.MHS000Header
    months = header.group_by("UniqMonthID").aggregate(month_end=header.ReportingPeriodEndDate.max())
    rows = rows.left_join(months, "UniqMonthID").drop("UniqMonthID_right")
    ended = ibis.coalesce(rows.ServDischDate, rows.rejected, rows.closed)
    rows = rows.mutate(end=ibis.ifelse(ended.isnull() | (ended > rows.month_end), rows.month_end, ended), ended=ended)
    team = [column for column in _TEAM if column != "closed"]
    return rows.select(*_REFERRAL, "month_end", "ended", "end", *team).distinct()


@prepared
def _newest_records(work: Workbench, pathway: Pathway) -> ir.Table:
    """The newest record of each referral, with the end that counts."""
    rows = referrals_in_scope(work, pathway)
    order = [rows.UniqMonthID.desc(), rows.end.desc()]
    rows = rows.mutate(newest=ibis.row_number().over(group_by=["Person_ID", "UniqServReqID"], order_by=order))
    rows = work.step(rows.filter(rows.newest == 0), "the newest record of each referral")
    if not work.as_published("quirk:mrs-stale-referral-ends"):
        last = ibis.literal(work.rp_end)
        running = rows.ended.isnull() | (rows.ended > last)
        rows = rows.mutate(end=ibis.ifelse(running, last, rows.ended), month_end=ibis.ifelse(running, last, rows.month_end))
    return rows


@prepared
def _merged(work: Workbench, pathway: Pathway) -> ir.Table:
    """Spells: Person_ID, OrgIDProv, number, start, end. A spell lasts while referrals overlap, or follow within GAP days."""
    referrals = _newest_records(work, pathway)
    keys = ("Person_ID", "OrgIDProv")
    begins = referrals.select(*keys, day="ReferralRequestReceivedDate", change=ibis.literal(1))
    ends = referrals.select(*keys, day=_days_after(referrals.end, GAP), change=ibis.literal(-1))
    days = ibis.union(begins, ends).group_by(*keys, "day").aggregate(change=_.change.sum())
    days = days.mutate(running=days.change.sum().over(group_by=list(keys), order_by="day", rows=(None, 0)))
    days = days.mutate(closes=(days.running == 0).cast("int64"))
    number = days.closes.sum().over(group_by=list(keys), order_by=days.day.desc(), rows=(None, 0))
    spells = days.mutate(number=number).group_by(*keys, "number").aggregate(start=_.day.min(), last=_.day.max())
    return spells.mutate(end=_days_after(spells.last, -GAP)).drop("last")


def _days_after(day: ir.DateValue, days: int) -> ir.DateValue:
    """A date, by way of a timestamp: some engines make one of a date and an interval."""
    return (day.cast("timestamp") + ibis.interval(days=days)).cast("date")


@prepared
def referral_spells(work: Workbench, pathway: Pathway) -> ir.Table:
    """Spells of a pathway that touch the quarter: spell_id, Person_ID, OrgIDProv, start, end, is_open, is_closed.

    Open: it ends after the period, or in its last NEAR_END days and is still running or has a record of the month. Closed: ended in the
    quarter and not open. A spell can be neither.
    """
    quarter = work.month.window("Q")
    spells = work.step(_merged(work, pathway), "joined into spells at one provider")
    spells = spells.filter((spells.start >= FIRST_START) & (spells.start <= quarter.end) & (spells.end >= quarter.start))
    spells = work.step(spells, "spells since 2016 that touch the quarter")
    spell_id = spells.Person_ID + ";" + spells.OrgIDProv + ";" + spells.number.cast("string")
    spells = spells.mutate(spell_id=spell_id).select("spell_id", "Person_ID", "OrgIDProv", "start", "end")
    referrals = _newest_records(work, pathway)
    referrals = referrals.select("Person_ID", "OrgIDProv", "ServDischDate", "ended", "month_end", received="ReferralRequestReceivedDate")
    both = spells.inner_join(referrals, ["Person_ID", "OrgIDProv"])
    both = both.filter(both.received.between(both.start, both.end))
    running = both.group_by("spell_id").aggregate(running=_is_running(work, both).any())
    spells = spells.left_join(running, "spell_id").drop("spell_id_right")
    near = spells.end.between(quarter.end - timedelta(days=NEAR_END), quarter.end)
    return spells.mutate(
        is_open=(spells.end > quarter.end) | (near & spells.running).fill_null(False),
        is_closed=(spells.end.between(quarter.start, quarter.end) & ~spells.running).fill_null(False),
    )


def _is_running(work: Workbench, both: ir.Table) -> ir.BooleanValue:
    """Whether a referral keeps its spell open at the end of the period."""
    this_month = both.month_end == work.rp_end
    if not work.as_published("quirk:mrs-open-within-5-days"):
        return this_month & (both.ended.isnull() | (both.ended > work.rp_end))
    near = both.end >= work.rp_end - timedelta(days=NEAR_END)
    return this_month & (both.ServDischDate.isnull() | near)
