"""M17: what is known of people under the Mental Health Act, from each person's newest master row, and what stands where there is none."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.act_episodes import recent
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, sub_icb_of_month, sub_icb_of_window
from esteem.evidence.definitions.mhsds.rules.demographics import FROM_18_FIVE_YEARS, age_band, newest_statuses, with_demographics
from esteem.evidence.definitions.mhsds.rules.states import in_months, lives_in_england
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

AREAS = ("sub_icb", "icb", "region")
_GROUPS = ("gender", "ethnicity", "ethnicity_group", "imd_decile", "imd_core20", "ld_status", "autism_status", "age_band")
_NOT_STATED = "Missing/invalid"


@prepared
def _newest_people(work: Workbench) -> ir.Table:
    """The newest master row of each person within twelve months, with the groups of R7 and the newest valid disability statuses."""
    people = work.t.MHS001MPI
    people = recent(work, people.filter(people.PatMRecInRP))
    newest = people.group_by("Person_ID").aggregate(UniqMonthID=people.UniqMonthID.max())
    people = with_demographics(work, people.semi_join(newest, ["Person_ID", "UniqMonthID"])).drop("ld_status", "autism_status")
    statuses = newest_statuses(work, in_months(work.t.MHS005PatInd, work.month.window("12M")))
    people = people.left_join(statuses, "Person_ID").drop("Person_ID_right")
    code = people.NHSDEthnicity
    made = people.mutate(
        age=people.AgeRepPeriodEnd,
        age_band=age_band(people.AgeRepPeriodEnd, FROM_18_FIVE_YEARS),
        stratum_age=age_band(people.AgeRepPeriodEnd, FROM_18_FIVE_YEARS, None),
        stratum_sex=people.gender.isin(("1", "2")).ifelse(people.gender, None),
        white_british=ibis.cases((code == "A", "White British"), (code.notin(("99", "-1")), "Non-white British"), else_=_NOT_STATED),
        in_england=lives_in_england(people),
    )
    kept = ("white_british", "age", "stratum_age", "stratum_sex", "in_england")
    return made.select("Person_ID", **{group: made[group].fill_null(UNKNOWN) for group in _GROUPS}, **{c: made[c] for c in kept})


@prepared
def _people_and_areas(work: Workbench, window: Window) -> ir.Table:
    """People with their areas: month variant of R6 for a month, else the longer one.

    In a month, a person without a master row of that month has no sub-ICB and an unknown board and region.
    """
    people = _newest_people(work)
    monthly = window.kind == "M"
    joined = people.left_join(sub_icb_of_month(work) if monthly else sub_icb_of_window(work, window), "Person_ID")
    silent = ("sub_icb",) if monthly and work.as_published("quirk:mha-no-master-row-null-area") else ()
    areas = {area: joined[area] if area in silent else joined[area].fill_null(UNKNOWN) for area in AREAS}
    return joined.mutate(**areas).select(*people.columns, *AREAS)


def with_people(work: Workbench, window: Window, events: ir.Table, silent: tuple[str, ...] = ()) -> ir.Table:
    """Events with the groups and areas of their people, and `provider`.

    Without a master row a person has unknown groups and no area; `silent` names groups that are then missing too.
    """
    people = _people_and_areas(work, window)
    joined = events.left_join(people, "Person_ID")
    absent = (*AREAS, *silent) if work.as_published("quirk:mha-no-master-row-null-area") else ()
    filled = {column: joined[column].fill_null(UNKNOWN) for column in (*_GROUPS, *AREAS) if column not in absent}
    joined = joined.mutate(provider=joined.OrgIDProv, white_british=joined.white_british.fill_null(_NOT_STATED), **filled)
    joined = joined.drop("Person_ID_right")
    if work.as_published("quirk:england-filter-absent"):
        return joined
    return work.step(joined.filter(joined.in_england.fill_null(True)), "of residents of England, or of no known district")
