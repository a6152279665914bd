"""R10: how many people live where, from the newest mid-year estimates and the 2021 census, as rows to add up.

Tables of the Office for National Statistics answer four kinds of breakdown, and each row takes part in its own kind alone: estimates by
sub-ICB (England, areas, age, gender), by council, by small area (deprivation), and the census (ethnicity). So a rate is split by two of
a kind (sub-ICB by age); of two kinds (council by ethnicity) nobody's numbers are known, and there is none.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.areas import live_sub_icbs
from esteem.evidence.definitions.mhsds.rules.demographics import BBRB_ETHNICITY, deprivation, upper_ethnicity, white_british
from esteem.evidence.records.schema import mhsds_v6
from esteem.evidence.records.workbench import Workbench, prepared

_ATTRIBUTES = ("england", "sub_icb", "icb", "region", "local_authority", "ethnicity", "ethnicity_group", "white_british")
_ATTRIBUTES += ("imd_decile", "imd_core20")
_COLUMNS = ("age", "sex", "people", *_ATTRIBUTES)
COUNCILS = ("E06", "E07", "E08", "E09")  # kinds of area: unitary, district, metropolitan district, London borough
_SEXES = {"M": "1", "F": "2"}


@prepared
def residents(work: Workbench) -> ir.Table:
    """One row for each area or group, sex ("1", "2") and single year of age: `people`, and the attributes it can be split by, else null."""
    return ibis.union(_by_sub_icb(work), _by_council(work), _by_small_area(work), _by_ethnicity(work))


def _rows(table: ir.Table) -> ir.Table:
    absent = {column: ibis.null("string") for column in _ATTRIBUTES if column not in table.columns}
    return table.mutate(**absent).select(*_COLUMNS)


def _estimates(work: Workbench, group: str) -> ir.Table:
    """Newest mid-year estimates of one kind of area: area, age, sex, people."""
    rows = work.require("ONS_POPULATION_V2")
    rows = rows.filter((rows.GEOGRAPHIC_GROUP_CODE == group) & (rows.RECORD_TYPE == "E"))
    rows = rows.filter(rows.YEAR_OF_COUNT == rows.YEAR_OF_COUNT.max().as_scalar())
    sex = ibis.cases(*((rows.GENDER == code, ours) for code, ours in _SEXES.items()), else_=None)
    return rows.select(area=rows.GEOGRAPHIC_SUBGROUP_CODE, age=rows.AGE_LOWER, sex=sex, people=rows.POPULATION_COUNT)


def _area_codes(work: Workbench) -> ir.Table:
    """Statistical code of a sub-ICB (`area`) with its organisation code and what lies above it."""
    codes = work.require("ONS_CHD_GEO_EQUIVALENTS")
    codes = codes.filter(codes.IS_CURRENT == 1).select(area=codes.GEOGRAPHY_CODE, sub_icb=codes.DH_GEOGRAPHY_CODE).distinct()
    return codes.inner_join(live_sub_icbs(work), "sub_icb").select("area", "sub_icb", "icb", "region")


def _by_sub_icb(work: Workbench) -> ir.Table:
    joined = _estimates(work, "E38").inner_join(_area_codes(work), "area")
    return _rows(joined.mutate(england=ibis.literal("England")))


def _by_council(work: Workbench) -> ir.Table:
    """Districts, boroughs and unitary councils, where the estimates hold them."""
    rows = ibis.union(*(_estimates(work, group) for group in COUNCILS))
    return _rows(rows.mutate(local_authority=rows.area))


def _by_small_area(work: Workbench) -> ir.Table:
    joined = _estimates(work, "E01").inner_join(deprivation(work).rename(area="LSOA2011"), "area")
    return _rows(joined)


def _by_ethnicity(work: Workbench) -> ir.Table:
    rows = work.require("ONS_2021_census")
    groups = mhsds_v6().codes["census_ethnic_group"]
    code = ibis.cases(*((rows.ethnic_group_code == int(number), code) for number, code in groups.items()), else_=None)
    rows = rows.filter(rows.area_type_group_code == "E38").select(NHSDEthnicity=code, age="age_code", sex="sex_code", people="observation")
    rows = rows.filter(rows.NHSDEthnicity.notnull())
    groups_of = {"ethnicity_group": upper_ethnicity(rows, BBRB_ETHNICITY), "white_british": white_british(rows)}
    return _rows(rows.mutate(ethnicity=rows.NHSDEthnicity, **groups_of))
