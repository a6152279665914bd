"""R3: the teams a referral went to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.records.workbench import Workbench, prepared

FIRST_MONTH_V6 = 1489  # April 2024: the first team moved into the referral's own row

_SHARED = (
    "Person_ID",
    "OrgIDProv",
    "UniqMonthID",
    "RecordNumber",
    "RecordStartDate",
    "RecordEndDate",
    "UniqServReqID",
    "ServTeamIntAgeGroup",
    "ReferRejectionDate",
    "ReferRejectReason",
    "ReferClosReason",
)


@prepared
def service_teams(work: Workbench) -> ir.Table:
    """R3. One row for each referral, team and month: `team_id`, `team_type`, `closed` (date), `ReferRejectionDate` and the row's keys.

    From version 6 the referral's own row names a team too, with the discharge as its closure. A referral can have several teams: count
    distinct referrals.
    """
    other = work.t.MHS102OtherServiceType
    own = work.t.MHS101Referral
    own = own.filter(own.UniqMonthID >= FIRST_MONTH_V6)
    others = other.select(
        *_SHARED,
        team_id=ibis.coalesce(other.UniqCareProfTeamID, other.UniqOtherCareProfTeamLocalID),
        team_type=other.ServTeamTypeRefToMH,
        closed=other.ReferClosureDate,
    )
    owns = own.select(*_SHARED, team_id=own.UniqCareProfTeamLocalID, team_type=own.ServTeamType, closed=own.ServDischDate)
    return ibis.union(others, owns)
