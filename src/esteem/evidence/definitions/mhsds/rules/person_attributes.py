"""What is known of a person over a period, from the newest master row: whom any cohort that carries Person_ID can be split by."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, sub_icb_of_month, sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.demographics import ALL_AGES, DECILES, age_band, with_demographics
from esteem.evidence.definitions.mhsds.rules.states import in_months
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

_GROUPS = ("gender", "ethnicity", "ethnicity_group", "white_british", "imd_decile", "imd_core20", "ld_status", "autism_status")
AREAS_OF_PEOPLE = ("sub_icb", "icb", "region", "local_authority")
ATTRIBUTES = (*_GROUPS, "imd_quintile", "age_band", *AREAS_OF_PEOPLE)
_FIFTHS = {decile: f"{(number + 1) // 2:02d} of 5" for number, decile in DECILES.items()}


def quintile(decile: ir.StringValue) -> ir.StringValue:
    """The fifth that a tenth belongs to: `01 of 5` is the most deprived."""
    return ibis.cases(*((decile == label, fifth) for label, fifth in _FIFTHS.items()), else_=UNKNOWN)


@prepared
def people_of_window(work: Workbench, window: Window) -> ir.Table:
    """Person_ID and ATTRIBUTES, one row for each person with a master row in the months of the window."""
    people = in_months(work.t.MHS001MPI, window)
    people = people.filter(people.PatMRecInRP)
    newest = [ibis.desc("UniqMonthID"), ibis.desc("RecordNumber")]
    people = people.mutate(place=ibis.row_number().over(group_by="Person_ID", order_by=newest))
    people = with_demographics(work, people.filter(people.place == 0).drop("place"))
    district = people.LADistrictAuth
    people = people.select(
        "Person_ID",
        *_GROUPS,
        imd_quintile=quintile(people.imd_decile),
        age_band=age_band(people.AgeRepPeriodEnd, ALL_AGES),
        local_authority=ibis.ifelse(district.isnull() | (district == ""), UNKNOWN, district),
    )
    return with_area(people, sub_icb_of_month(work) if window.kind == "M" else sub_icb_of_window(work, window))


def with_people_of_window(work: Workbench, window: Window, rows: ir.Table, wanted: tuple[str, ...] = ATTRIBUTES) -> ir.Table:
    """Rows that carry Person_ID with the wanted attributes; a person without a master row is UNKNOWN in each."""
    people = people_of_window(work, window)
    people = people.select("Person_ID", *wanted)
    joined = rows.left_join(people, "Person_ID").drop("Person_ID_right")
    return joined.mutate(**{column: joined[column].fill_null(UNKNOWN) for column in wanted})
