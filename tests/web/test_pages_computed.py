"""Pages of figures counted from records: both witnesses, the waterfall, the definition, data quality; with records and without."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from esteem.web import reading

BANNER = "Invented people."


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)


@pytest.fixture
def nothing_loaded(tmp_path, monkeypatch):
    monkeypatch.setenv("ESTEEM_HOME", str(tmp_path))


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


def test_every_definition_is_listed_and_found_by_words_or_id(client, nothing_loaded):
    everything, found = page(client, "/computed"), page(client, "/computed?q=psychosis+two+weeks")
    assert everything.count('href="/computed/') > 500 and "EIP23i" in found and "MHS91" not in found
    assert "MHS91" in page(client, "/computed?q=mhs91") and "No measure fits" in page(client, "/computed?q=zebra")


def test_without_records_a_page_gives_the_definition_and_says_how_to_load(client, nothing_loaded):
    said = page(client, "/computed/mhs27")
    assert "esteem load mhsds DIR" in said and "admissions count rows" in said and BANNER not in said
    assert "esteem load mhsds DIR" in page(client, "/data-quality")
    assert "esteem load mhsds DIR" in page(client, "/computed/mhs27/figures.csv", 404)


def test_a_counted_figure_stands_beside_what_is_published_with_the_reasons_why_they_differ(client, records_loaded):
    said = page(client, "/computed/mhs91?place=QH8")
    for words in (BANNER, "Published and counted", "Why these differ", "Another time", "Rows read from each table", "MHS201CareContact"):
        assert words in said, words
    assert 'href="/measures/perinatal-women-in-contact?place=QH8"' in said
    assert "Figures are real and published" not in said


def test_the_page_of_a_published_measure_has_both_witnesses(client, records_loaded):
    said = page(client, "/measures/perinatal-women-in-contact?place=QH8")
    assert "Counted from records" in said and BANNER in said and 'href="/computed/mhs91?place=QH8"' in said
    elsewhere = page(client, "/measures/perinatal-women-in-contact?place=QWO")
    assert "The loaded records give no figure for this place" in elsewhere and "The records loaded here are of invented" not in elsewhere


def test_worked_cases_stand_on_the_page(client, nothing_loaded):
    said = page(client, "/computed/mhs01")
    assert "Worked cases" in said and "A person with two open referrals is one person in contact" in said


def test_the_figures_of_the_page_can_be_kept(client, records_loaded):
    rows = list(csv.DictReader(io.StringIO(client.get("/computed/mhs01/figures.csv?place=QH8").content.decode("utf-8-sig"))))
    assert {row["Measure"] if "Measure" in row else row["measure"] for row in rows} == {"MHS01"}
    flags = [row.get("Flags", row.get("flags", "")) for row in rows]
    assert all("invented" in one for one in flags)
    for extension in ("xlsx", "ods", "json"):
        assert client.get(f"/computed/mhs01/figures.{extension}?place=QH8").status_code == 200
    assert "SELECT" in client.get("/computed/mhs01/spark.sql").content.decode()


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/computed/mhs9999", 404, "counted from records"),
        ("/computed/mhs01?place=ZZZ9", 400, "loaded records hold"),
        ("/computed/mhs01?over=2019-01", 404, "January 2019 is not loaded"),
        ("/computed/mhs01?by=shoe_size", 400, "split by"),
        ("/computed/mhs01?mode=better", 404, "as-published, corrected"),
        ("/computed/mhs01/excel.sql", 404, "duckdb, spark"),
        ("/data-quality/ZZZ9", 404, "loaded records"),
    ],
)
def test_what_cannot_be_shown_is_said(client, records_loaded, address, status, words):
    assert words in page(client, address, status)


def test_data_quality_names_each_provider_and_what_was_left_out_of_its_records(client, records_loaded):
    said = page(client, "/data-quality")
    assert BANNER in said and said.count('href="/data-quality/') >= 4 and "Invented Estuary Partnership Trust" in said
    one = page(client, "/data-quality/XI1")
    assert "Table by table" in one and "MHS101Referral" in one and "left out or doubted" in one


def test_a_page_seen_before_is_not_counted_again(client, records_loaded, monkeypatch):
    address = "/computed/mhs01?place=QH8"
    first = page(client, address)
    reading._remembered.clear()

    def refuse(*_):
        raise AssertionError("counted again")

    monkeypatch.setattr("esteem.evidence.computed_figures.compute", refuse)
    monkeypatch.setattr("esteem.evidence.computed_figures.Counting._work", refuse)
    assert page(client, address) == first


# ---------------------------------------------------------------- the same through the API


def test_the_api_counts_from_records(client, records_loaded):
    answer = client.get("/api/v1/figures", {"measure": "MHS01", "where": "QH8", "witness": "computed", "by": "sex"}).json()
    assert {item["breakdown"] for item in answer["items"]} >= {"Male", "Female"}
    assert all("invented" in item["flags"] and (item["value"] is None or item["value"] % 5 == 0) for item in answer["items"])
    assert "records" in answer["items"][0]["source"] and answer["items"][0]["period"] == "2025-05"


def test_the_api_says_that_no_records_are_loaded(client, nothing_loaded):
    answer = client.get("/api/v1/figures", {"measure": "MHS01", "where": "QH8", "witness": "computed"})
    assert answer.status_code == 404 and answer.json()["code"] == "records-missing"
