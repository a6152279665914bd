"""Which service a referral or a ward stay belongs to: adult mental health, that of children and young people, or learning disability
and autism (menh_analysis, menh_publications). One may belong to several: any row of a team, ward or professional is enough.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.demographics import people_of_month
from esteem.evidence.definitions.mhsds.rules.states import open_at, open_referrals
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.records.workbench import Workbench, prepared

LEARNING_DISABILITY_TEAMS = ("E01", "E02", "E03", "E04", "B02", "C01")
YOUNG_TEAMS = ("C05", "C06", "C07")
YOUNG_AGE_GROUP = "02"  # the age group a team is meant for
PLACED_ELSEWHERE = ("10", "11", "12", "13", "14", "15")  # reasons of an out-of-area placement
LEARNING_DISABILITY_CARE = ("61", "62", "63")  # intended clinical care of a ward
LEARNING_DISABILITY_TREATMENT, YOUNG_TREATMENT = "700", "711"  # treatment functions
LEARNING_DISABILITY_WARD, YOUNG_WARDS = "05", ("01", "02")
YOUNG_WARD_AGES = ("10", "11", "12")

SERVICES = ("adult", "young", "learning_disability")
SPECIALIST, ADULT_ACUTE, REHABILITATION_OR_ORGANIC, OTHER = 1, 2, 3, 4  # kinds of adult bed; the lowest wins


@prepared
def open_ward_stays(work: Workbench) -> ir.Table:
    """Ward stays of the month that are open at its end."""
    stays = work.t.MHS502WardStay
    return stays.filter((stays.UniqMonthID == work.month_id) & open_at(stays.EndDateWardStay, work.rp_end))


@prepared
def open_teams(work: Workbench) -> ir.Table:
    """Teams of the month neither closed nor rejected by its end: UniqServReqID, team_id, team_type, age_group."""
    teams = service_teams(work)
    still = open_at(teams.closed, work.rp_end) & open_at(teams.ReferRejectionDate, work.rp_end)
    teams = teams.filter((teams.UniqMonthID == work.month_id) & still)
    return teams.select("UniqServReqID", "team_id", "team_type", age_group=teams.ServTeamIntAgeGroup).distinct()


@prepared
def young_teams(work: Workbench) -> ir.Table:
    """team_id of the teams most of whose referrals of the month, open or not, were of people aged 3 to 17."""
    referrals = work.t.MHS101Referral
    referrals = referrals.filter(referrals.UniqMonthID == work.month_id)
    age = referrals.AgeServReferRecDate
    group = ibis.cases((age.between(3, 17), "young"), (age >= 18, "adult"), else_="unknown")
    referrals = referrals.select("UniqServReqID", "Person_ID", group=group)
    teams = service_teams(work)
    teams = teams.filter((teams.UniqMonthID == work.month_id) & teams.team_id.notnull())
    teams = teams.select("UniqServReqID", "Person_ID", "team_id", "team_type")
    rows = referrals.inner_join(teams, ["UniqServReqID", "Person_ID"]).distinct()
    share = rows.group_by("team_id").aggregate(young=(rows.group == "young").sum(), every=rows.count())
    return share.filter(share.young * 2 > share.every).select("team_id")


def has_young_team(work: Workbench, rows: ir.Table) -> ir.Table:
    """Adds `young_caseload`: the row's team is one of young_teams. False without a team id."""
    teams = young_teams(work).select(young_team="team_id")
    joined = rows.left_join(teams, rows.team_id == teams.young_team)
    return joined.mutate(young_caseload=joined.young_team.notnull()).drop("young_team")


def _professionals(work: Workbench, key: str) -> ir.Table:
    """Treatment functions of care professionals assigned at the end of the month, by spell or referral."""
    rows = work.t.MHS503AssignedCareProf
    rows = rows.filter((rows.UniqMonthID == work.month_id) & open_at(rows.EndDateAssCareProf, work.rp_end))
    return rows.select(key, treatment=rows.TreatFuncCodeMH).distinct()


def _is(column: ir.StringValue, codes: str | tuple[str, ...]) -> ir.BooleanValue:
    """True where the code is among these; False, never null, where it is missing."""
    return column.isin((codes,) if isinstance(codes, str) else codes).fill_null(False)


def learning_disability_ward(rows: ir.Table) -> ir.BooleanValue:
    """Whether the ward, or the treatment its professional gives, is for learning disability or autism."""
    care = _is(rows.WardIntendedClinCareMH, LEARNING_DISABILITY_CARE) | _is(rows.treatment, LEARNING_DISABILITY_TREATMENT)
    return care | _is(rows.WardType, LEARNING_DISABILITY_WARD)


def young_ward(rows: ir.Table) -> ir.BooleanValue:
    """Whether the ward, the treatment or the team (`age_group`) is for children and young people."""
    young = _is(rows.treatment, YOUNG_TREATMENT) | _is(rows.WardType, YOUNG_WARDS) | _is(rows.WardAge, YOUNG_WARD_AGES)
    return young | _is(rows.age_group, YOUNG_AGE_GROUP)


@prepared
def services_of_wards(work: Workbench, by_caseload: bool = False) -> ir.Table:
    """UniqWardStayID of the open ward stays of people with a master row, and whether each of SERVICES has it.

    `by_caseload`: stays of teams that mostly see the young are theirs too (menh_publications).
    """
    stays = open_ward_stays(work)
    stays = stays.semi_join(people_of_month(work), "Person_ID").select(
        "UniqWardStayID", "UniqHospProvSpellID", "UniqServReqID", "WardType", "WardAge", "WardIntendedClinCareMH"
    )
    rows = stays.left_join(_professionals(work, "UniqHospProvSpellID"), "UniqHospProvSpellID").drop("UniqHospProvSpellID_right")
    rows = rows.left_join(open_teams(work), "UniqServReqID")
    disability, young = learning_disability_ward(rows), young_ward(rows)
    if by_caseload:
        rows = has_young_team(work, rows.mutate(young=young, disability=disability))
        young, disability = rows.young | rows.young_caseload, rows.disability
    rows = rows.mutate(learning_disability=disability, young=young & ~disability, adult=~young & ~disability)
    return rows.group_by("UniqWardStayID").aggregate(**{service: rows[service].any() for service in SERVICES})


def _wards_of_referrals(work: Workbench) -> ir.Table:
    """One row for each referral with a spell in the month and each of its ward stays: UniqServReqID, ward_<service>.

    A stay that has ended, or a spell without any, gives no service: the team then decides beside the ward that is open.
    """
    spells = work.t.MHS501HospProvSpell
    spells = spells.filter(spells.UniqMonthID == work.month_id).select("UniqServReqID", "UniqHospProvSpellID").distinct()
    stays = work.t.MHS502WardStay
    stays = stays.filter(stays.UniqMonthID == work.month_id).select("UniqHospProvSpellID", "UniqWardStayID").distinct()
    rows = spells.left_join(stays, "UniqHospProvSpellID").left_join(services_of_wards(work), "UniqWardStayID")
    return rows.select("UniqServReqID", *SERVICES).rename({f"ward_{service}": service for service in SERVICES}).distinct()


@prepared
def services_of_referrals(work: Workbench) -> ir.Table:
    """UniqServReqID of the open referrals of the month, and whether each of SERVICES has it. An open ward stay decides before its team."""
    rows = open_referrals(work).select("UniqServReqID", "ReasonOAT").distinct()
    rows = rows.left_join(_wards_of_referrals(work), "UniqServReqID").drop("UniqServReqID_right")
    rows = rows.left_join(open_teams(work), "UniqServReqID")
    ward = {service: rows[f"ward_{service}"].fill_null(False) for service in SERVICES}
    disability_team, young_team = _is(rows.team_type, LEARNING_DISABILITY_TEAMS), _is(rows.team_type, YOUNG_TEAMS)
    meant_for_young = _is(rows.age_group, YOUNG_AGE_GROUP)
    disability = ward["learning_disability"] | disability_team
    elsewhere = disability | young_team | ward["young"]
    rows = rows.mutate(
        learning_disability=disability,
        young=ward["young"] | (~disability & (young_team | meant_for_young)),
        adult=~elsewhere & (ward["adult"] | _is(rows.ReasonOAT, PLACED_ELSEWHERE) | ~meant_for_young),
    )
    return rows.group_by("UniqServReqID").aggregate(**{service: rows[service].any() for service in SERVICES})


def kind_of_adult_bed(rows: ir.Table) -> ir.IntegerValue:
    """SPECIALIST, ADULT_ACUTE and so on, by the ward and the treatment its professional gives."""
    return ibis.cases(
        (rows.WardSecLevel.isin(("1", "2", "3")), SPECIALIST),
        (rows.WardIntendedClinCareMH == "53", REHABILITATION_OR_ORGANIC),
        (rows.treatment.isin(("724", "720")), SPECIALIST),
        (rows.treatment.isin(("715", "725", "727")), REHABILITATION_OR_ORGANIC),
        (rows.treatment.isin(("710", "712", "723")), ADULT_ACUTE),
        (rows.WardType.isin(("03", "06")) & rows.WardIntendedClinCareMH.isin(("51", "52")), ADULT_ACUTE),
        else_=OTHER,
    )


@prepared
def kinds_of_adult_bed(work: Workbench) -> ir.Table:
    """UniqWardStayID of the open ward stays of adult services, and the kind of bed: SPECIALIST, ADULT_ACUTE, and so on."""
    services = services_of_wards(work)
    stays = open_ward_stays(work).semi_join(services.filter(services.adult), "UniqWardStayID")
    stays = stays.select("UniqWardStayID", "UniqServReqID", "WardType", "WardSecLevel", "WardIntendedClinCareMH")
    rows = stays.left_join(_professionals(work, "UniqServReqID"), "UniqServReqID")
    rows = rows.mutate(kind=kind_of_adult_bed(rows))
    return rows.group_by("UniqWardStayID").aggregate(kind=rows.kind.min())
