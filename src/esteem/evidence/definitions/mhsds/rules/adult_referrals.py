"""M29: which open referrals are to adult mental health services (menh_publications)."""

from __future__ import annotations

import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.service_areas import (
    LEARNING_DISABILITY_TEAMS,
    PLACED_ELSEWHERE,
    YOUNG_AGE_GROUP,
    YOUNG_TEAMS,
    has_young_team,
    open_teams,
    open_ward_stays,
    services_of_wards,
)
from esteem.evidence.definitions.mhsds.rules.states import open_at, open_referrals
from esteem.evidence.records.workbench import Workbench, prepared

AGES_OF_THE_YOUNG = (3, 17)
OTHER_TEAMS = (*LEARNING_DISABILITY_TEAMS, *YOUNG_TEAMS)
_REFERRAL = ("UniqServReqID", "Person_ID", "ReasonOAT", "AgeServReferRecDate")


def _ward_stays(work: Workbench) -> ir.Table:
    """UniqServReqID with, for each ward stay of the month, which services it belongs to; nothing known of a stay that has ended."""
    services = services_of_wards(work, True)
    services = services.select("UniqWardStayID", ward_adult="adult", ward_other=services.young | services.learning_disability)
    if work.as_published("quirk:ascof-any-row-enough"):
        stays = work.t.MHS502WardStay
        stays = stays.filter(stays.UniqMonthID == work.month_id)
    else:
        stays = open_ward_stays(work)
    stays = stays.select("UniqHospProvSpellID", "UniqWardStayID").distinct()
    spells = work.t.MHS501HospProvSpell
    spells = spells.filter(spells.UniqMonthID == work.month_id).select("UniqServReqID", "UniqHospProvSpellID").distinct()
    rows = spells.left_join(stays, "UniqHospProvSpellID").select("UniqServReqID", "UniqWardStayID")
    return rows.left_join(services, "UniqWardStayID").select("UniqServReqID", "ward_adult", "ward_other").distinct()


def _teams(work: Workbench) -> ir.Table:
    """Open teams of the referrals; put right, only the team that the referral itself names."""
    if work.as_published("quirk:ascof-any-row-enough"):
        return open_teams(work)
    own = open_referrals(work)
    own = own.filter(open_at(own.ReferRejectionDate, work.rp_end))
    return own.select("UniqServReqID", team_id="UniqCareProfTeamLocalID", team_type="ServTeamType", age_group="ServTeamIntAgeGroup")


@prepared
def adult_referrals(work: Workbench) -> ir.Table:
    """Person_ID and UniqServReqID of the open referrals of the month to adult mental health services.

    A referral is adult when one of its rows is: a row is one of its teams with one of its ward stays (quirk:ascof-any-row-enough).
    """
    rows = open_referrals(work).select(*_REFERRAL).distinct()
    rows = rows.left_join(_ward_stays(work), "UniqServReqID").drop("UniqServReqID_right")
    rows = rows.left_join(_teams(work), "UniqServReqID").drop("UniqServReqID_right")
    rows = has_young_team(work, rows)
    for_young = rows.young_caseload | (rows.age_group == YOUNG_AGE_GROUP).fill_null(False)
    if not work.as_published("quirk:ascof-null-team-is-adult"):
        for_young |= rows.team_id.isnull() & rows.AgeServReferRecDate.between(*AGES_OF_THE_YOUNG).fill_null(False)
    other = rows.team_type.isin(OTHER_TEAMS).fill_null(False) | rows.ward_other.fill_null(False)
    certain = rows.ward_adult.fill_null(False) | rows.ReasonOAT.isin(PLACED_ELSEWHERE).fill_null(False)
    return rows.filter(~other & (certain | ~for_young)).select("Person_ID", "UniqServReqID").distinct()
