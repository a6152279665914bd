"""R7: age bands, gender, ethnicity, deprivation, learning disability and autism, as the level codes of the publications."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN
from esteem.evidence.records.workbench import Workbench, prepared

Bands = tuple[tuple[int, str], ...]  # (lowest age, level code); a band ends where the next begins

# Five years to a band from 20, as in most tables; single years around 18.
FIVE_YEARS: Bands = (
    (20, "20 to 24"),
    (25, "25 to 29"),
    (30, "30 to 34"),
    (35, "35 to 39"),
    (40, "40 to 44"),
    (45, "45 to 49"),
    (50, "50 to 54"),
    (55, "55 to 59"),
    (60, "60 to 64"),
    (65, "65 to 69"),
    (70, "70 to 74"),
    (75, "75 to 79"),
    (80, "80 to 84"),
    (85, "85 to 89"),
    (90, "90 or over"),
)
CHILDHOOD: Bands = ((0, "0 to 5"), (6, "6 to 10"))
ALL_AGES: Bands = (*CHILDHOOD, (11, "11 to 15"), (16, "16"), (17, "17"), (18, "18"), (19, "19"), *FIVE_YEARS)
CHILDREN: Bands = (*CHILDHOOD, (11, "11 to 14"), (15, "15"), (16, "16"), (17, "17"))
# menh_bbrb names the last band with another word.
BBRB_FIVE_YEARS: Bands = (*FIVE_YEARS[:-1], (90, "90 and over"))
BBRB_ALL_AGES: Bands = (*ALL_AGES[: -len(FIVE_YEARS)], *BBRB_FIVE_YEARS)
FROM_18_FIVE_YEARS: Bands = ((0, "Under 18"), (18, "18 to 19"), *BBRB_FIVE_YEARS)
UNDER_18_18_64_65: Bands = ((0, "Under 18"), (18, "18-64"), (65, "65+"))

_CODES = {
    "White": ("A", "B", "C"),
    "Mixed": ("D", "E", "F", "G"),
    "Asian or Asian British": ("H", "J", "K", "L"),
    "Black or Black British": ("M", "N", "P"),
    "Other Ethnic Groups": ("R", "S"),
    "Not Stated": ("Z",),
}
KNOWN_ETHNICITIES = tuple(sorted(code for codes in _CODES.values() for code in codes))


def age_band(age: ir.IntegerValue, bands: Bands, unknown: str | None = UNKNOWN) -> ir.StringValue:
    """The band of an age in years; `unknown` without an age, or below the first band."""
    branches = [(age >= lowest, label) for lowest, label in sorted(bands, reverse=True)]
    return ibis.cases(*branches, else_=unknown)


def gender(people: ir.Table) -> ir.StringValue:
    """The gender the person states (1-4); where there is none, the registered one (1, 2, 9)."""
    return ibis.cases(
        (people.GenderIDCode.isin(("1", "2", "3", "4")), people.GenderIDCode),
        (people.Gender.isin(("1", "2", "9")), people.Gender),
        else_=UNKNOWN,
    )


def ethnicity(people: ir.Table) -> ir.StringValue:
    """Category code A to S, Z (not stated) or 99 (not known); else UNKNOWN."""
    code = people.NHSDEthnicity
    return ibis.ifelse(code.isin((*KNOWN_ETHNICITIES, "99")), code, UNKNOWN)


def upper_ethnicity(people: ir.Table, labels: dict[str, str]) -> ir.StringValue:
    """The five groups, with the words that a pipeline uses instead of ours in `labels` ("99" and "" name not known and the rest)."""
    code = people.NHSDEthnicity
    branches = [(code.isin(codes), labels.get(group, group)) for group, codes in _CODES.items()]
    return ibis.cases(*branches, (code == "99", labels["99"]), else_=labels[""])


BBRB_ETHNICITY = {"White": "White or White British", "99": "Not Known", "": UNKNOWN}
PUBLICATIONS_ETHNICITY = {"99": "Unknown", "": "Unknown"}


def white_british(people: ir.Table) -> ir.StringValue:
    """White British (A), another known category, missing or invalid (Z, 99), or UNKNOWN."""
    code = people.NHSDEthnicity
    return ibis.cases(
        (code == "A", "White British"),
        (code.isin(("Z", "99")), "Missing/invalid"),
        (code.isin(KNOWN_ETHNICITIES), "Non-white British"),
        else_=UNKNOWN,
    )


DECILES = {
    1: "01 Most deprived",
    **{n: f"{n:02d} More deprived" for n in range(2, 6)},
    **{n: f"{n:02d} Less deprived" for n in range(6, 10)},
    10: "10 Least deprived",
}
MOST_DEPRIVED, OTHER_QUINTILES = "Most deprived quintile", "Other 4 quintiles"


@prepared
def deprivation(work: Workbench) -> ir.Table:
    """LSOA2011, imd_decile, imd_core20 of the 2019 indices: small areas with their level codes."""
    indices = work.require("english_indices_of_dep_v02")
    decile = indices.DECI_IMD
    found = indices.filter(indices.IMD_YEAR == "2019").select(
        LSOA2011=indices.LSOA_CODE_2011,
        imd_decile=ibis.cases(*((decile == n, label) for n, label in DECILES.items()), else_=UNKNOWN),
        imd_core20=ibis.cases((decile.between(1, 2), MOST_DEPRIVED), (decile.between(3, 10), OTHER_QUINTILES), else_=UNKNOWN),
    )
    return found.distinct(on="LSOA2011")


_KEPT = (
    "Person_ID",
    "OrgIDProv",
    "UniqMonthID",
    "RecordNumber",
    "RecordStartDate",
    "RecordEndDate",
    "PatMRecInRP",
    "AgeRepPeriodStart",
    "AgeRepPeriodEnd",
    "PersDeathDate",
    "GenderIDCode",
    "GenderSameAtBirth",
    "NHSDEthnicity",
    "LADistrictAuth",
    "LSOA2011",
    "OrgIDSubICBLocResidence",
)


def with_demographics(work: Workbench, people: ir.Table) -> ir.Table:
    """Rows of MHS001 (the columns _KEPT) with the attributes of R7; one row in, one row out.

    Adds gender, registered_gender (the column Gender: engines do not tell case apart), ethnicity, ethnicity_group (words of menh_bbrb),
    ethnicity_group_short (of menh_publications), white_british, imd_decile, imd_core20, ld_status, autism_status.
    """
    areas, statuses = deprivation(work), _statuses(work)
    joined = people.left_join(areas, "LSOA2011").left_join(statuses, ["RecordNumber"])
    made = {
        "gender": gender(joined),
        "registered_gender": joined.Gender,
        "ethnicity": ethnicity(joined),
        "ethnicity_group": upper_ethnicity(joined, BBRB_ETHNICITY),
        "ethnicity_group_short": upper_ethnicity(joined, PUBLICATIONS_ETHNICITY),
        "white_british": white_british(joined),
        "imd_decile": joined.imd_decile.fill_null(UNKNOWN),
        "imd_core20": joined.imd_core20.fill_null(UNKNOWN),
        "ld_status": joined.ld_status.fill_null(UNKNOWN),
        "autism_status": joined.autism_status.fill_null(UNKNOWN),
    }
    return joined.select(*_KEPT, **made).select(*_KEPT, *made)


@prepared
def _statuses(work: Workbench) -> ir.Table:
    """Learning disability and autism status on the person's own record, one row for each RecordNumber."""
    rows = work.t.MHS005PatInd
    return rows.group_by("RecordNumber").aggregate(ld_status=rows.LDStatus.max(), autism_status=rows.AutismStatus.max())


STATUSES = ("1", "2", "3", "4", "5", "U", "X", "Z")  # of learning disability and of autism


def newest_statuses(work: Workbench, rows: ir.Table) -> ir.Table:
    """The newest valid ld_status and autism_status of each Person_ID in rows of MHS005, each on whichever record it stands."""
    found = [
        _newest_status(rows, source, column).mutate(**{other: ibis.null("string")})
        for source, column, other in (("LDStatus", "ld_status", "autism_status"), ("AutismStatus", "autism_status", "ld_status"))
    ]
    columns = ("Person_ID", "ld_status", "autism_status")
    both = ibis.union(*(part.select(*columns) for part in found))
    return both.group_by("Person_ID").aggregate(ld_status=both.ld_status.max(), autism_status=both.autism_status.max())


def _newest_status(rows: ir.Table, source: str, column: str) -> ir.Table:
    rows = rows.filter(rows[source].isin(STATUSES))
    order = [rows.UniqMonthID.desc(), rows.RecordNumber.desc(), rows[source].desc()]
    rows = rows.mutate(place=ibis.row_number().over(group_by="Person_ID", order_by=order))
    return rows.filter(rows.place == 0).select("Person_ID", **{column: rows[source]})


@prepared
def people_of_month(work: Workbench) -> ir.Table:
    """The master row (PatMRecInRP) of each person of the month, with demographics (R7)."""
    people = work.t.MHS001MPI
    return with_demographics(work, people.filter((people.UniqMonthID == work.month_id) & people.PatMRecInRP))
