"""Hospital sites and public libraries, in the layouts of their publishers."""

import csv
import io

import pytest

from esteem.evidence.sources import hospital_sites, public_libraries
from esteem.evidence.sources.contract import RawFile, silent

SITE = {
    "OrganisationCode": "RAJ01",
    "OrganisationName": "Southend Hospital",
    "Address2": "Prittlewell Chase",
    "City": "Westcliff-on-Sea",
    "County": "Essex",
    "Postcode": "SS00RY",
    "Latitude": "51.553836822509766",
    "Longitude": "6.8863177299499512E-1",
    "ParentODSCode": "RAJ",
    "ParentName": "Southend University Hospital",
}
LIBRARY = {
    "reporting": "Southend",
    "authority": "Essex",
    "name": "Kent  Elms .",
    "address1": "1 Rayleigh Road",
    "address2": "Leigh-on-Sea",
    "address3": "Essex",
    "postcode": "SS95UU",
    "uprn": "100091605712",
    "type": "Static Library",
    "operation_23": "LA",
    "operating_organisation": "-",
    "monday": "AM & PM (continuous)",
    "sunday": "Closed",
    "hours": "48",
    "staffed_hours": "N/A Closed",
}
_LIBRARY_COLUMNS = ("reporting", "name", "address1", "address2", "address3", "authority", "postcode", "uprn", "type", "statutory_10")
LIBRARY_COLUMNS = (*_LIBRARY_COLUMNS, "operation_23", "operating_organisation", *public_libraries.DAYS, "hours", "staffed_hours")


def written(tmp_path, columns, *rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "list.csv"
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    return RawFile(path)


def tidied(source, raw):
    edition = source.recognise(raw)
    assert edition is not None
    return source.tidy(raw, edition, str.strip, silent)


def test_a_site_as_published(tmp_path):
    found = tidied(hospital_sites.SOURCE, written(tmp_path, hospital_sites.COLUMNS, SITE))
    [row] = found.tables["hospital_sites"].to_pylist()
    assert (row["code"], row["address"], row["postcode"], row["parent"]) == ("RAJ01", "Prittlewell Chase", "SS0 0RY", "RAJ")
    assert row["longitude"] == pytest.approx(0.688631773)


@pytest.mark.parametrize(("column", "value"), [("Postcode", "SS0"), ("Longitude", "5.00571"), ("Latitude", ""), ("OrganisationCode", "")])
def test_a_wrong_site_is_set_aside(tmp_path, column, value):
    found = tidied(hospital_sites.SOURCE, written(tmp_path, hospital_sites.COLUMNS, SITE, SITE | {"OrganisationName": "B", column: value}))
    assert ([r.row for r in found.rejected], found.rows_kept) == (["row 3"], 1)


def test_one_code_with_two_names_is_two_rows_and_the_same_row_twice_is_one(tmp_path):
    other = SITE | {"OrganisationName": "Southend Hospital HQ"}
    found = tidied(hospital_sites.SOURCE, written(tmp_path, hospital_sites.COLUMNS, SITE, other, SITE))
    assert (found.rows_kept, [r.kind for r in found.rejected]) == (2, ["repeated"])


def test_a_library_as_published(tmp_path):
    found = tidied(public_libraries.SOURCE, written(tmp_path, LIBRARY_COLUMNS, LIBRARY))
    [row] = found.tables["public_libraries"].to_pylist()
    assert (row["reporting"], row["name"], row["address"], row["town"]) == ("Southend", "Kent Elms", "1 Rayleigh Road", "Leigh-on-Sea")
    assert (row["postcode"], row["operator"], row["hours"], row["staffed_hours"]) == ("SS9 5UU", "", 48, None)


def test_a_library_without_a_postcode_is_set_aside_unless_it_is_on_wheels(tmp_path):
    rows = (LIBRARY | {"postcode": ""}, LIBRARY | {"postcode": "", "type": "Mobile Library", "name": "Mobile 1"})
    found = tidied(public_libraries.SOURCE, written(tmp_path, LIBRARY_COLUMNS, *rows))
    assert (found.rows_kept, [r.row for r in found.rejected]) == (1, ["row 2"])


def test_a_header_with_a_missing_column_is_told(tmp_path):
    columns = [c for c in LIBRARY_COLUMNS if c != "sunday"]
    raw = written(tmp_path, columns, {k: v for k, v in LIBRARY.items() if k != "sunday"})
    assert public_libraries.SOURCE.recognise(raw) is None
    assert "sunday" in public_libraries.SOURCE.near(raw).found
