"""Reference tables: code lists, loneliness by small area, Talking Therapies metadata. No figures, but every row accounted for."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.sources.published import FIXTURES, changed, failed_checks, published_rows, tidied
from tests.evidence.sources.talking_therapies_parquet import written

from esteem.evidence.sources import code_lists, loneliness, publication_metadata
from esteem.evidence.sources.contract import RawFile

LISTS = FIXTURES / "code_lists"
LONELY = FIXTURES / "loneliness" / "lsoa.csv"
METADATA = "data/talking_therapies"


def rows_of(found, table: str) -> list[dict]:
    return found.tables[table].to_pylist()


# Code lists


def test_codes_stay_text_and_months_become_dates():
    found = rows_of(tidied(code_lists.SOURCE, LISTS / "referral_reason.csv"), "code_list_referral_reason")
    first = next(r for r in found if r["code"] == "01")
    assert (first["description"], first["valid_from"], first["valid_to"]) == (
        "(Suspected) First Episode Psychosis",
        date(2021, 10, 1),
        None,
    )


def test_ethnic_categories_keep_letters_and_ended_codes_end():
    found = {r["code"]: r for r in rows_of(tidied(code_lists.SOURCE, LISTS / "ethnicity.csv"), "code_list_ethnicity")}
    assert (found["A"]["broad_group"], found["99"]["description"]) == ("White or White British", "Not Known")
    assert found["T"]["valid_to"] == date(2016, 1, 31)


def test_a_repeated_code_is_kept_once_and_reported():
    found = tidied(code_lists.SOURCE, LISTS / "team_type_category.csv")
    assert {r.kind for r in found.rejected} == {"repeated"}
    assert found.rows_kept + len(found.rejected) == found.rows_read


@given(st.integers(0, 600))
def test_month_numbers_count_from_january_2016(months):
    found = code_lists.month_start(str(1390 + months))
    assert (found.year - 2016) * 12 + found.month - 1 == months
    assert found.day == 1


def test_the_guides_month_numbers():
    assert code_lists.month_start("1500") == date(2025, 3, 1)
    assert code_lists.month_start("1489") == date(2024, 4, 1)


def test_a_month_that_is_no_number_is_reported(tmp_path):
    raw = changed(tmp_path, LISTS / "referral_reason.csv", ",1459,", ",autumn,")
    assert {r.column for r in tidied(code_lists.SOURCE, raw.path).rejected} == {"FirstMonth, LastMonth"}


def test_a_changed_list_is_near(tmp_path):
    raw = changed(tmp_path, LISTS / "ethnicity.csv", "UpperEthnicity", "Upper")
    assert code_lists.SOURCE.recognise(raw) is None
    assert "missing UpperEthnicity" in code_lists.SOURCE.near(raw).found


def test_every_published_list(shared):
    paths = sorted((shared / "data/codelists").glob("*.csv"))
    assert len(paths) == len(code_lists.LISTS)
    for path in paths:
        found = tidied(code_lists.SOURCE, path)
        assert found.rows_read == len(published_rows(path))
        assert found.rows_kept + len(found.rejected) == found.rows_read
        assert failed_checks(code_lists.SOURCE, path) == []


# Loneliness


def test_tenths_are_turned_so_that_one_is_the_most_lonely():
    found = {r["lsoa21"]: r for r in rows_of(tidied(loneliness.SOURCE, LONELY), "loneliness_lsoa")}
    assert (found["E01000466"]["share"], found["E01000466"]["decile_from_most_lonely"]) == (pytest.approx(0.31148154951230953), 1)
    assert found["E01015814"]["decile_from_most_lonely"] == 5


@pytest.mark.parametrize(
    "old, new", [("31.148154951230953,10", "131,10"), ("31.148154951230953,10", "31,11"), ("31.148154951230953", "some")]
)
def test_bad_areas_are_reported(tmp_path, old, new):
    raw = changed(tmp_path, LONELY, old, new)
    found = tidied(loneliness.SOURCE, raw.path)
    assert len(found.rejected) == 1
    assert found.rows_kept == found.rows_read - 1


def test_the_published_areas(shared):
    path = shared / "data/prevention/england_cls_loneliness_lsoa.csv.gz"
    found = tidied(loneliness.SOURCE, path)
    assert found.rows_read == found.rows_kept == 33755
    assert failed_checks(loneliness.SOURCE, path) == []


# Talking Therapies metadata

PROVIDER_COLUMNS = (
    *("org_code", "org_name", "status", "start_date", "end_date", "postcode", "town"),
    *("icb_code", "icb_name", "region_code", "region_name"),
)
PROVIDERS = [
    ("R1L", "Essex Partnership", "Active", "2017-01-25", None, "SS11 7XX", "Wickford", "D7T5G", "NHS Essex", "Y61", "East of England"),
    (
        "AME01",
        "Mind in Bexley (HQ)",
        "Active",
        "2014-10-01",
        None,
        "DA6 8AS",
        "Bexleyheath",
        "QKK",
        "NHS South East London",
        "Y56",
        "London",
    ),
    ("OLD", "An old service", "Inactive", "2002-04-01", "2020-03-31", "", "", "", "", "", ""),
]


def providers_file(tmp_path, rows) -> RawFile:
    """Dates are text in this file, unlike in the others."""
    path = tmp_path / "providers.parquet"
    pq.write_table(pa.table({column: [row[i] for row in rows] for i, column in enumerate(PROVIDER_COLUMNS)}), path)
    return RawFile(path)


def test_providers_become_places_with_dates_and_new_icbs(tmp_path):
    raw = providers_file(tmp_path, PROVIDERS)
    found = tidied(publication_metadata.SOURCE, raw.path)
    places = {p.code: p for p in found.places}
    assert (places["R1L"].kind, places["AME01"].kind, places["OLD"].valid_to) == ("trust", "provider", date(2020, 3, 31))
    assert (places["D7T5G"].kind, places["D7T5G"].valid_from) == ("icb", date(2026, 4, 1))
    assert "QKK" not in places
    assert found.notes == ["OLD An old service: the file gives no ICB."]
    assert len(rows_of(found, "talking_therapies_providers")) == 3


def test_a_provider_with_a_broken_date_is_reported(tmp_path):
    raw = providers_file(tmp_path, [(*PROVIDERS[0][:3], "soon", *PROVIDERS[0][4:]), PROVIDERS[1]])
    found = tidied(publication_metadata.SOURCE, raw.path)
    assert [(r.row, r.column) for r in found.rejected] == [("row 1", "start_date, end_date")]
    assert found.rows_kept == 1


def test_other_parquet_is_not_metadata(tmp_path):
    raw = written(tmp_path / "x.parquet", ("org_code", "org_name", "status", "start_date"), [("a", "b", "c", date(2020, 1, 1))])
    assert publication_metadata.SOURCE.recognise(raw) is None


@pytest.mark.parametrize(
    "name, table, rows",
    [
        ("metadata_measures_annual", "talking_therapies_measures", 174),
        ("metadata_measures_monthly", "talking_therapies_measures", 481),
        ("metadata_variables_annual", "talking_therapies_variables", 559),
        ("metadata_providers", "talking_therapies_providers", 233),
    ],
)
def test_published_metadata(shared, name, table, rows):
    path = shared / METADATA / f"{name}.parquet"
    found = tidied(publication_metadata.SOURCE, path)
    assert len(rows_of(found, table)) == rows == found.rows_read
    assert failed_checks(publication_metadata.SOURCE, path) == []


def test_annual_and_monthly_definitions_share_their_columns(shared):
    annual, monthly = (
        tidied(publication_metadata.SOURCE, shared / METADATA / f"metadata_measures_{n}.parquet") for n in ("annual", "monthly")
    )
    table = "talking_therapies_measures"
    assert annual.tables[table].schema == monthly.tables[table].schema
    assert any(r["measure_id"] == "M001" and r["name"] == "Count_ReferralsReceived" for r in rows_of(monthly, table))


def test_the_new_icb_of_essex_is_known(shared):
    found = tidied(publication_metadata.SOURCE, shared / METADATA / "metadata_providers.parquet")
    assert {p.code: p.name for p in found.places}["D7T5G"] == "NHS Essex"
