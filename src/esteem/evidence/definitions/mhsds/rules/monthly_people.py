"""Whose events of the month count where (menh_analysis): two readings of the same events.

`of_anyone` takes every event, known person or not. `of_known_people` reads England and the sub-ICBs by the person's master row of the
month, and a provider by the row that this provider submitted.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_month, with_area
from esteem.evidence.definitions.mhsds.rules.demographics import UNDER_18_18_64_65, age_band, people_of_month
from esteem.evidence.definitions.mhsds.rules.states import in_months
from esteem.evidence.records.workbench import Workbench, prepared

COUNTS_IN = ("england", "provider", "sub_icb")
_ADDED = ("age", "age_group", "england", "provider", "sub_icb")


@prepared
def _master_rows(work: Workbench) -> ir.Table:
    """Person_ID, age and sub_icb (month variant of R6) of everyone with a master row in the month."""
    people = people_of_month(work)
    people = with_area(people.select("Person_ID", age="AgeRepPeriodEnd"), sub_icb_of_month(work))
    return people.select("Person_ID", "age", "sub_icb")


@prepared
def _provider_rows(work: Workbench) -> ir.Table:
    """Person_ID, OrgIDProv and age on the rows that each provider submitted in the month."""
    people = in_months(work.t.MHS001MPI, work.month.window("M"))
    return people.select("Person_ID", "OrgIDProv", age="AgeRepPeriodEnd").distinct()


def of_anyone(work: Workbench, events: ir.Table) -> ir.Table:
    """Events (Person_ID, OrgIDProv and more) with age, age_group, england, provider; sub_icb only for people with a master row."""
    joined = events.left_join(_master_rows(work), "Person_ID")
    return _placed(joined, events, ibis.literal("England"), joined.OrgIDProv, joined.sub_icb)


def of_known_people(work: Workbench, events: ir.Table) -> ir.Table:
    """Events twice: by the master row for England and sub-ICB, by the provider's own row for the provider. Count distinct things.

    COUNTS_IN tells the rows apart where a split names no area: the two rows may state different ages.
    """
    persons = events.inner_join(_master_rows(work), "Person_ID")
    owns = events.inner_join(_provider_rows(work), ["Person_ID", "OrgIDProv"])
    nowhere = ibis.null("string")
    rows = ibis.union(
        _placed(persons, events, ibis.literal("England"), nowhere, persons.sub_icb),
        _placed(owns, events, nowhere, owns.OrgIDProv, nowhere),
    )
    return rows.mutate(**{f"counts_in_{area}": rows[area].notnull() for area in COUNTS_IN})


def _placed(rows: ir.Table, events: ir.Table, england, provider, sub_icb) -> ir.Table:
    made = {"england": england, "provider": provider, "sub_icb": sub_icb, "age_group": age_band(rows.age, UNDER_18_18_64_65)}
    kept = [column for column in events.columns if column not in _ADDED]
    return rows.mutate(**made).select(*kept, *_ADDED)
