"""Reference tables of an invented place: real areas, the invented providers, and residents in proportion to the people made.

A place of 20,000 people in records stands for some tenth of the real one; its residents are that share of the real residents, so that rates
come out as they are published. Membership of the SNOMED CT reference sets is invented.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from esteem.evidence.invented import contacts as care
from esteem.evidence.invented.columns import same, whole
from esteem.evidence.invented.hospital import BEDS
from esteem.evidence.invented.place import AGES, ETHNICITIES, REGIONS, Area
from esteem.evidence.invented.providers import PROVIDERS, VOLUNTARY
from esteem.evidence.invented.recording import Columns, submission
from esteem.evidence.invented.referrals import TEAMS
from esteem.evidence.invented.world import World
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.schema import mhsds_v6

_SINCE = date(2010, 4, 1)
_CENSUS = date(2021, 3, 21)
_SEX_LETTERS = ("M", "F")
_COUNTIES = {"E10000012": "Essex"}
_REGION_NAMES = {"Y61": "East of England", "Y56": "London"}
_NO_LONGER = ("A03", "A04", "C03")  # kinds of team that ended with version 5


Submissions = list[tuple[int, int]]  # month number and place of the provider in PROVIDERS


def header(submissions: Submissions) -> Columns:
    """MHS000Header: one row for each provider and month that sent records."""
    rows = [(Reporting(month), number) for month, number in submissions]
    return {
        "OrgIDProvider": pa.array([PROVIDERS[number].code for _, number in rows]),
        "UniqMonthID": whole(np.array([month.month_id for month, _ in rows])),
        "UniqSubmissionID": whole(np.array([int(submission(month.month_id, number)) for month, number in rows])),
        "ReportingPeriodStartDate": pa.array([month.start for month, _ in rows]),
        "ReportingPeriodEndDate": pa.array([month.end for month, _ in rows]),
    }


def teams_and_wards(submissions: Submissions) -> dict[str, Columns]:
    """MHS902 and MHS903: what each provider says it has, every month."""
    sent = [(month, PROVIDERS[number].code) for month, number in submissions]
    teams = [(month, code, team) for month, code in sent for team in TEAMS if team not in _NO_LONGER]
    wards = [(month, code, bed) for month, code in sent for bed in BEDS]
    return {
        "MHS902ServiceTeamDetails": {
            "UniqMonthID": pa.array([row[0] for row in teams]),
            "OrgIDProv": pa.array([row[1] for row in teams]),
            "UniqCareProfTeamLocalID": pa.array([row[1] + row[2] for row in teams]),
            "ServTeamTypeMH": pa.array([row[2] for row in teams]),
        },
        "MHS903WardDetails": {
            "UniqMonthID": pa.array([row[0] for row in wards]),
            "OrgIDProv": pa.array([row[1] for row in wards]),
            "UniqWardCode": pa.array([f"{row[1]}W{row[2]}" for row in wards]),
            "SiteIDOfWard": pa.array([f"{row[1]}01" for row in wards]),
        },
    }


def reference_tables(world: World) -> dict[str, Columns]:
    """Every table of `reference_data`."""
    return {
        **_organisations(world.areas),
        **_geography(world.areas),
        "ONS_POPULATION_V2": _population(world),
        "ONS_2021_census": _census(world),
        **_terminology(),
        "calendar_financial_year": _years(),
        "DataDictionaryCodes": _dictionary(),
        "ODSAPISuccessorDetails": {"OrganisationID": pa.array([], pa.string())},
    }


def _table(names: tuple[str, ...], rows: list[tuple]) -> Columns:
    return {name: pa.array([row[n] for row in rows]) for n, name in enumerate(names)}


def _organisations(areas: tuple[Area, ...]) -> dict[str, Columns]:
    boards = {area.icb: area.icb_name for area in areas}
    regions = {REGIONS[code] for code in boards}
    rows = [(one.code, one.name, "LB" if VOLUNTARY in one.kinds else "TR", *[_SINCE] * 3) for one in PROVIDERS]
    rows += [(area.sub_icb, area.name, "CC", *[_SINCE] * 3) for area in areas]
    rows += [(code, name, "ST", *[_SINCE] * 3) for code, name in boards.items()]
    rows += [(code, _REGION_NAMES[code], "CE", *[_SINCE] * 3) for code in sorted(regions)]
    links = [("CCST", area.sub_icb, area.icb, _SINCE) for area in areas]
    links += [("STCE", code, REGIONS[code], _SINCE) for code in boards]
    names = ("ORG_CODE", "NAME", "ORG_TYPE_CODE", "ORG_OPEN_DATE", "BUSINESS_START_DATE", "SYSTEM_CREATED_DATE")
    return {
        "ORG_DAILY": _table(names, rows),
        "ORG_RELATIONSHIP_DAILY": _table(("REL_TYPE_CODE", "REL_FROM_ORG_CODE", "REL_TO_ORG_CODE", "REL_OPEN_DATE"), links),
        "ODSAPIRoleDetails": _table(
            ("OrganisationID", "RoleId", "PrimaryRole", "StartDate", "DateType"),
            [(area.sub_icb, "RO319", 0, _SINCE, "Legal") for area in areas],
        ),
        "ODSAPIOrganisationDetails": _table(
            ("OrganisationID", "Name", "DateType"), [(row[0], row[1], "Legal") for row in rows if row[2] in ("CC", "TR", "LB")]
        ),
    }


def _geography(areas: tuple[Area, ...]) -> dict[str, Columns]:
    small = [(code, area.sub_icb, int(decile)) for area in areas for code, decile in zip(area.codes, area.deciles, strict=True)]
    districts = sorted({code for area in areas for code in area.districts})
    places = [("E92000001", "England", "E92", None, _SINCE)]
    places += [(code, name, "E10", "E92000001", _SINCE) for code, name in _COUNTIES.items()]
    places += [(code, code, code[:3], "E10000012" if code.startswith("E07") else "E92000001", _SINCE) for code in districts]
    same_area = [(area.statistical, area.name, area.sub_icb, area.name, "E38", 1, _SINCE) for area in areas]
    names = ("GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "DH_GEOGRAPHY_CODE", "DH_GEOGRAPHY_NAME", "ENTITY_CODE", "IS_CURRENT", "DATE_OF_OPERATION")
    return {
        "english_indices_of_dep_v02": _table(
            ("LSOA_CODE_2011", "DECI_IMD", "IMD_YEAR"), [(code, decile, "2019") for code, _, decile in small]
        ),
        "POSTCODE": _table(
            ("PCD2", "LSOA11", "CCG", "RECORD_START_DATE"), [(f"XI{n:05d}", code, area, _SINCE) for n, (code, area, _) in enumerate(small)]
        ),
        "ONS_RURAL_URBAN_CLASS_LSOA2011": _table(
            ("LSOA11CD", "RU11IND", "RUC11CD", "RUC11"), [(code, "C1", "C1", "Urban city and town") for code, _, _ in small]
        ),
        "ONS_CHD_GEO_LISTINGS": _table(
            ("GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "ENTITY_CODE", "PARENT_GEOGRAPHY_CODE", "DATE_OF_OPERATION"), places
        ),
        "ONS_CHD_GEO_EQUIVALENTS": _table(names, same_area),
    }


def _population(world: World) -> Columns:
    """Residents by sub-ICB and by small area, sex and age. Small areas share the age mix of their sub-ICB."""
    codes, people, groups = [], [], []
    for area in world.areas:
        codes.append(area.statistical)
        people.append(_rounded(area.residents.reshape(-1) * world.cells.scale))
        groups.append("E38")
        share = area.living / area.living.sum()
        every = _rounded((share[:, None] * area.residents.reshape(1, -1)).reshape(-1) * world.cells.scale).reshape(len(share), -1)
        codes += area.codes
        people += list(every)
        groups += ["E01"] * len(area.codes)
    count, cells = len(codes), 2 * AGES
    return {
        "GEOGRAPHIC_GROUP_CODE": pa.array(np.repeat(groups, cells)),
        "GEOGRAPHIC_SUBGROUP_CODE": pa.array(np.repeat(codes, cells)),
        "GENDER": pa.array(np.tile(np.repeat(_SEX_LETTERS, AGES), count)),
        "AGE_LOWER": pa.array(np.tile(np.arange(AGES, dtype=np.int32), 2 * count)),
        "POPULATION_COUNT": pa.array(np.concatenate(people)),
        "YEAR_OF_COUNT": same("2022", count * cells),
        "RECORD_TYPE": same("E", count * cells),
    }


def _census(world: World) -> Columns:
    numbers = {code: int(number) for number, code in mhsds_v6().codes["census_ethnic_group"].items()}
    groups = np.array([numbers[code] for code in ETHNICITIES], np.int32)
    parts = [_rounded((area.ethnicities[:, None] * area.residents.reshape(1, -1)).reshape(-1) * world.cells.scale) for area in world.areas]
    count, cells = len(world.areas), 2 * AGES
    rows = count * len(groups) * cells
    return {
        "area_type_group_code": same("E38", rows),
        "area_type_code": pa.array(np.repeat([area.statistical for area in world.areas], len(groups) * cells)),
        "ethnic_group_code": pa.array(np.tile(np.repeat(groups, cells), count)),
        "sex_code": pa.array(np.tile(np.repeat(["1", "2"], AGES), count * len(groups))),
        "age_code": pa.array(np.tile(np.arange(AGES, dtype=np.int32), 2 * count * len(groups))),
        "observation": pa.array(np.concatenate(parts)),
        "ons_date": pa.array([_CENSUS] * rows),
    }


def _rounded(people: np.ndarray) -> np.ndarray:
    """Whole people whose running total is never more than half a person from the exact one."""
    return np.diff(np.floor(np.cumsum(people) + 0.5), prepend=0).astype(np.int64)


def _terminology() -> dict[str, Columns]:
    members = [("1853461000000105", care.PROCEDURES[care.INTERVENTION]), ("1853441000000109", care.PROCEDURES[care.ASSESSMENT])]
    day = date(2015, 1, 31)
    return {
        "SNOMED_SCT2_CONCEPT_FULL": _table(("ID", "EFFECTIVETIME", "ACTIVE"), [(code, day, 1) for _, code in members]),
        "SNOMED_SCT2_REFSET_FULL": _table(
            ("ID", "REFSETID", "REFERENCEDCOMPONENTID", "EFFECTIVETIME", "ACTIVE"),
            [(str(n), refset, code, date(2016, 1, 31), 1) for n, (refset, code) in enumerate(members)],
        ),
    }


def _years() -> Columns:
    return _table(
        ("LABEL", "START_DATE", "END_DATE"),
        [(f"{year}/{(year + 1) % 100:02d}", date(year, 4, 1), date(year + 1, 3, 31)) for year in range(2015, 2032)],
    )


def _dictionary() -> Columns:
    said = {"PERSON_STATED_GENDER_CODE": ("gender", ("1", "2", "9")), "ATTENDANCE_STATUS": ("attendance", None)}
    lists = mhsds_v6().codes
    rows = [(item, code, lists[name][code]) for item, (name, only) in said.items() for code in lists[name] if only is None or code in only]
    return _table(("ItemName", "PrimaryCode", "Description"), rows)
