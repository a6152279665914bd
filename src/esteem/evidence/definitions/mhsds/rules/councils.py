"""Councils with social care duties (CASSR) and the registered gender of people, as the social care outcomes are split."""

from __future__ import annotations

import ibis.expr.types as ir

from esteem.evidence.records.workbench import Workbench, prepared

COUNCIL_KINDS = ("E06", "E07", "E08", "E09")  # unitary, district in two tiers, metropolitan district, London borough
LOWER_TIER = "E07"
GENDER_ITEM, GENDER_NOT_KNOWN = "PERSON_STATED_GENDER_CODE", "X"


@prepared
def councils(work: Workbench) -> ir.Table:
    """LADistrictAuth with its `council`: the district itself, where there are two tiers the county above it."""
    places = work.require("ONS_CHD_GEO_LISTINGS")
    ends, begins = places.DATE_OF_TERMINATION, places.DATE_OF_OPERATION
    places = places.filter((ends.isnull() | (ends >= work.rp_end)) & (begins <= work.rp_end))
    above = places.select(county="GEOGRAPHY_CODE").distinct()
    lower = places.filter(places.ENTITY_CODE.isin(COUNCIL_KINDS))
    lower = lower.select(LADistrictAuth="GEOGRAPHY_CODE", kind="ENTITY_CODE", parent="PARENT_GEOGRAPHY_CODE")
    both = lower.inner_join(above, lower.parent == above.county)
    both = both.mutate(council=(both.kind == LOWER_TIER).ifelse(both.county, both.LADistrictAuth))
    return both.group_by("LADistrictAuth").aggregate(council=both.council.max())


def with_council(work: Workbench, people: ir.Table) -> ir.Table:
    """Adds `council`, empty for a district that is not in England or not known."""
    return people.left_join(councils(work), "LADistrictAuth").drop("LADistrictAuth_right")


def with_listed_gender(work: Workbench, people: ir.Table) -> ir.Table:
    """Sets `gender` to the registered one where the data dictionary lists it, else not known (X)."""
    codes = work.require("DataDictionaryCodes")
    codes = codes.filter((codes.ItemName == GENDER_ITEM) & (codes.BusinessEndDate.isnull() | (codes.BusinessEndDate > work.rp_end)))
    codes = codes.select(listed="PrimaryCode").distinct()
    joined = people.left_join(codes, people.registered_gender == codes.listed)
    return joined.mutate(gender=joined.listed.fill_null(GENDER_NOT_KNOWN)).drop("listed")
