"""Ward stays that ended in the month, in adult acute beds: service and bed as they were on the last day (AMH48a of menh_analysis)."""

from __future__ import annotations

import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.demographics import people_of_month
from esteem.evidence.definitions.mhsds.rules.service_areas import ADULT_ACUTE, kind_of_adult_bed, learning_disability_ward, young_ward
from esteem.evidence.definitions.mhsds.rules.states import in_months, within
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.records.workbench import Workbench, prepared

_WARD = ("WardType", "WardAge", "WardSecLevel", "WardIntendedClinCareMH")
_KEYS = ("Person_ID", "OrgIDProv", "UniqWardStayID", "UniqHospProvSpellID", "UniqServReqID", "ended")


def _lasts(end: ir.DateValue, day: ir.DateValue) -> ir.BooleanValue:
    """No end, or none before the day."""
    return end.isnull() | (end >= day)


def _with_treatment(work: Workbench, stays: ir.Table, key: str) -> ir.Table:
    """Adds `treatment`: what each professional still assigned on the last day treats, matched on the spell or the referral."""
    rows = in_months(work.t.MHS503AssignedCareProf, work.month.window("M"))
    rows = rows.select(**{key: rows[key], "until": rows.EndDateAssCareProf, "treatment": rows.TreatFuncCodeMH}).distinct()
    same = [stays[key] == rows[key], _lasts(rows.until, stays.ended)]
    return stays.left_join(rows, same).select(*stays.columns, "treatment")


def _with_age_group(work: Workbench, stays: ir.Table) -> ir.Table:
    """Adds `age_group` of each team of the month that was neither closed nor rejected by the last day."""
    teams = in_months(service_teams(work), work.month.window("M"))
    teams = teams.select(
        referral="UniqServReqID", team_closed="closed", rejected="ReferRejectionDate", age_group="ServTeamIntAgeGroup"
    ).distinct()
    same = [stays.UniqServReqID == teams.referral, _lasts(teams.team_closed, stays.ended), _lasts(teams.rejected, stays.ended)]
    return stays.left_join(teams, same).select(*stays.columns, "age_group")


@prepared
def ended_adult_acute_stays(work: Workbench) -> ir.Table:
    """Person_ID, OrgIDProv, UniqWardStayID of stays ended in the month, of people with a master row, in adult acute beds."""
    window = work.month.window("M")
    stays = in_months(work.t.MHS502WardStay, window)
    stays = stays.filter(within(stays.EndDateWardStay, window)).semi_join(people_of_month(work), "Person_ID")
    stays = stays.mutate(ended=stays.EndDateWardStay).select(*_KEYS, *_WARD)
    rows = _with_age_group(work, _with_treatment(work, stays, "UniqHospProvSpellID"))
    adult = rows.filter(~learning_disability_ward(rows) & ~young_ward(rows))
    beds = _with_treatment(work, stays.semi_join(adult, "UniqWardStayID"), "UniqServReqID")
    kinds = beds.mutate(kind=kind_of_adult_bed(beds)).group_by("UniqWardStayID").aggregate(kind=lambda t: t.kind.min())
    found = stays.semi_join(kinds.filter(kinds.kind == ADULT_ACUTE), "UniqWardStayID")
    return found.select("Person_ID", "OrgIDProv", "UniqWardStayID").distinct()
