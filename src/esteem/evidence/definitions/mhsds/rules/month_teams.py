"""Kinds of team that the monthly tables of menh_analysis tell apart, and which team gave a contact."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.contacts import FIRST_MONTH_V5, CodeSet
from esteem.evidence.definitions.mhsds.rules.states import in_months, within
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.records.workbench import Workbench, prepared

PERINATAL = CodeSet(("C02",))
CRISIS = (CodeSet(("A02",)), CodeSet(("A03",), None, FIRST_MONTH_V5 - 1))
MEMORY = CodeSet(("A17",))
CORE_COMMUNITY = CodeSet(("A05", "A06", "A08", "A09", "A12", "A13", "A16", "C10"))


def team_flags(team_type: ir.StringValue, month: ir.IntegerValue) -> dict[str, ir.BooleanValue]:
    """perinatal, crisis, memory and core_community: whether a team of this type is one in the month; False without a type."""
    now, before = CRISIS
    found = {
        "perinatal": PERINATAL.holds(team_type, month),
        "crisis": now.holds(team_type, month) | before.holds(team_type, month),
        "memory": MEMORY.holds(team_type, month),
        "core_community": CORE_COMMUNITY.holds(team_type, month),
    }
    return {name: flag.fill_null(False) for name, flag in found.items()}


@prepared
def teams_of_month(work: Workbench) -> ir.Table:
    """R3 for the month alone, whether open, closed or rejected: UniqServReqID, Person_ID, team_id and the flags of `team_flags`."""
    teams = in_months(service_teams(work), work.month.window("M"))
    flags = team_flags(teams.team_type, teams.UniqMonthID)
    return teams.select("UniqServReqID", "Person_ID", "team_id", **flags).distinct()


@prepared
def contacts_of_month(work: Workbench) -> ir.Table:
    """MHS201 rows of the month dated in it."""
    window = work.month.window("M")
    contacts = in_months(work.t.MHS201CareContact, window)
    return contacts.filter(within(contacts.CareContDate, window))


def giving_team(contacts: ir.Table, team_of_referral: ir.StringValue) -> ir.StringValue:
    """The team that gave a contact: the other team it names, else the team of the referral."""
    return ibis.ifelse(contacts.OtherCareProfTeamLocalID.notnull(), contacts.UniqOtherCareProfTeamLocalID, team_of_referral)
