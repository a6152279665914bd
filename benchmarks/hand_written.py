"""DuckDB SQL as one would write it by hand for two measures and twelve breakdown sets: what benchmarks/records.py compares with.

Written for speed and without the quirks that do not bite on the invented tables (no version 5 months, no anonymous services).
"""

from __future__ import annotations

from pathlib import Path

MONTH = 1500
_PLACES = (("england",), ("provider",), ("sub_icb",), ("icb",), ("region",))
SETS = {
    "MHS30": (
        *_PLACES,
        *(("age_band",), ("gender",), ("ethnicity",), ("imd_decile",), ("ld_status",), ("region", "gender"), ("region", "age_band")),
    ),
    "MHS108": (
        *_PLACES,
        *(("provider", "sub_icb"), ("provider", "icb"), ("provider", "region"), ("sub_icb", "icb"), ("sub_icb", "region")),
        *(("icb", "region"), ("provider", "icb", "region")),
    ),
}
_AREAS = """
areas AS (
  SELECT r.OrganisationID AS sub_icb, i.REL_TO_ORG_CODE AS icb, y.REL_TO_ORG_CODE AS region
  FROM '{reference}/ODSAPIRoleDetails.parquet' r
  LEFT JOIN '{reference}/ORG_RELATIONSHIP_DAILY.parquet' i ON i.REL_TYPE_CODE = 'CCST' AND i.REL_FROM_ORG_CODE = r.OrganisationID
  LEFT JOIN '{reference}/ORG_RELATIONSHIP_DAILY.parquet' y ON y.REL_TYPE_CODE = 'STCE' AND y.REL_FROM_ORG_CODE = i.REL_TO_ORG_CODE
  WHERE r.RoleId = 'RO319' AND r.StartDate <= DATE '2025-03-31' AND (r.EndDate IS NULL OR r.EndDate >= DATE '2025-03-31'))"""
_AGES = (
    *((0, "0 to 5"), (6, "6 to 10"), (11, "11 to 15"), (16, "16"), (17, "17"), (18, "18"), (19, "19")),
    *((age, f"{age} to {age + 4}") for age in range(20, 90, 5)),
    (90, "90 or over"),
)
_AGE_BAND = "CASE {} ELSE 'UNKNOWN' END".format(
    " ".join(f"WHEN p.AgeRepPeriodEnd >= {age} THEN '{words}'" for age, words in reversed(_AGES))
)
_DECILE = """CASE WHEN d.DECI_IMD = 1 THEN '01 Most deprived' WHEN d.DECI_IMD <= 5 THEN printf('%02d More deprived', d.DECI_IMD)
  WHEN d.DECI_IMD <= 9 THEN printf('%02d Less deprived', d.DECI_IMD) WHEN d.DECI_IMD = 10 THEN '10 Least deprived' ELSE 'UNKNOWN' END"""

_MHS30 = (
    "WITH "
    + _AREAS
    + """,
practices AS (
  SELECT Person_ID, arg_max(OrgIDSubICBLocGP, RecordNumber) AS practice FROM '{records}/MHS002GP.parquet'
  WHERE UniqMonthID = 1500 AND GMPReg NOT IN ('V81997', 'V81998', 'V81999') AND EndDateGMPRegistration IS NULL GROUP BY Person_ID),
people AS (
  SELECT p.Person_ID, p.GenderIDCode AS gender, p.NHSDEthnicity AS ethnicity, """
    + _AGE_BAND
    + " AS age_band, "
    + _DECILE
    + """ AS imd_decile, coalesce(s.LDStatus, 'UNKNOWN') AS ld_status,
    coalesce(a.sub_icb, 'UNKNOWN') AS sub_icb, coalesce(a.icb, 'UNKNOWN') AS icb, coalesce(a.region, 'UNKNOWN') AS region
  FROM '{records}/MHS001MPI.parquet' p
  LEFT JOIN practices g USING (Person_ID)
  LEFT JOIN areas a ON a.sub_icb = coalesce(g.practice, p.OrgIDSubICBLocResidence)
  LEFT JOIN '{reference}/english_indices_of_dep_v02.parquet' d ON d.LSOA_CODE_2011 = p.LSOA2011 AND d.IMD_YEAR = '2019'
  LEFT JOIN '{records}/MHS005PatInd.parquet' s USING (RecordNumber)
  WHERE p.UniqMonthID = 1500 AND p.PatMRecInRP),
kept AS MATERIALIZED (
  SELECT c.UniqCareContID AS counted, 'England' AS england, c.OrgIDProv AS provider, p.* EXCLUDE (Person_ID)
  FROM '{records}/MHS201CareContact.parquet' c JOIN people p USING (Person_ID)
  WHERE c.UniqMonthID = 1500 AND c.CareContDate BETWEEN DATE '2025-03-01' AND DATE '2025-03-31' AND c.AttendStatus IN ('5', '6'))
"""
)

_MHS108 = (
    "WITH "
    + _AREAS
    + """,
teams AS (
  SELECT RecordNumber, UniqServReqID, ServTeamType AS team FROM '{records}/MHS101Referral.parquet' WHERE UniqMonthID BETWEEN 1489 AND 1500
  UNION ALL
  SELECT RecordNumber, UniqServReqID, ServTeamTypeRefToMH FROM '{records}/MHS102OtherServiceType.parquet'
  WHERE UniqMonthID BETWEEN 1489 AND 1500),
referrals AS (
  SELECT r.RecordNumber, r.UniqServReqID, r.Person_ID, r.OrgIDProv, r.UniqMonthID
  FROM '{records}/MHS101Referral.parquet' r
  SEMI JOIN (SELECT RecordNumber FROM '{records}/MHS001MPI.parquet' WHERE UniqMonthID BETWEEN 1489 AND 1500
             AND (LADistrictAuth LIKE 'E%' OR LADistrictAuth IS NULL OR LADistrictAuth = '')) p USING (RecordNumber)
  JOIN (SELECT RecordNumber, UniqServReqID FROM teams WHERE team IN
        ('A05', 'A06', 'A08', 'A09', 'A12', 'A13', 'A16', 'C03', 'C10', 'A14', 'D05')) t USING (RecordNumber, UniqServReqID)
  ANTI JOIN (SELECT Person_ID, UniqServReqID, (UniqMonthID - 1) // 12 AS year FROM '{records}/MHS501HospProvSpell.parquet') h
    ON h.Person_ID = r.Person_ID AND h.UniqServReqID = r.UniqServReqID AND h.year = (r.UniqMonthID - 1) // 12
  WHERE r.UniqMonthID BETWEEN 1489 AND 1500 AND r.AgeServReferRecDate >= 18),
second AS (
  SELECT r.*, row_number() OVER (PARTITION BY r.Person_ID, r.UniqServReqID
                                 ORDER BY c.CareContDate NULLS FIRST, c.CareContTime NULLS FIRST, c.MHS201UniqID NULLS FIRST) AS place
  FROM referrals r JOIN '{records}/MHS201CareContact.parquet' c USING (RecordNumber, UniqServReqID)
  WHERE c.AttendStatus IN ('5', '6') AND c.ConsMechanismMH IN ('01', '02', '04', '11') AND c.UniqMonthID <= 1500
  QUALIFY place = 2),
practices AS (
  SELECT Person_ID, UniqMonthID, arg_max(OrgIDSubICBLocGP, RecordNumber) AS practice FROM '{records}/MHS002GP.parquet'
  WHERE GMPReg NOT IN ('V81997', 'V81998', 'V81999') AND EndDateGMPRegistration IS NULL GROUP BY Person_ID, UniqMonthID),
kept AS MATERIALIZED (
  SELECT s.Person_ID AS counted, 'England' AS england, s.OrgIDProv AS provider,
    coalesce(a.sub_icb, 'UNKNOWN') AS sub_icb, coalesce(a.icb, 'UNKNOWN') AS icb, coalesce(a.region, 'UNKNOWN') AS region
  FROM second s
  LEFT JOIN (SELECT RecordNumber, OrgIDSubICBLocResidence FROM '{records}/MHS001MPI.parquet') p USING (RecordNumber)
  LEFT JOIN practices g ON g.Person_ID = s.Person_ID AND g.UniqMonthID = s.UniqMonthID
  LEFT JOIN areas a ON a.sub_icb = coalesce(g.practice, p.OrgIDSubICBLocResidence))
"""
)
_QUERIES = {"MHS30": _MHS30, "MHS108": _MHS108}


def query(measure: str, folder: Path) -> str:
    """The whole query: name of the set, level (values joined by ;), figure."""
    parts = []
    for columns in SETS[measure]:
        level = " || ';' || ".join(columns)
        name = " x ".join(columns)
        parts.append(f"SELECT '{name}' AS name, {level} AS level, count(DISTINCT counted) AS n FROM kept GROUP BY {', '.join(columns)}")
    return _QUERIES[measure].format(records=folder / "mhsds", reference=folder / "reference_data") + "\nUNION ALL\n".join(parts)
