"""The page of a measure: facts as published, places by name, periods, and the states to design for."""

from __future__ import annotations

import gzip
import html
import json
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from esteem.evidence.definitions import all_measures
from esteem.web import assets
from esteem.web.words.measure_view import age_words

PSYCHOSIS = "/measures/psychosis-treated-within-two-weeks"
HEAVIEST = 150_000  # bytes transferred, style sheets included


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "127.0.0.1"})


def read(client, address: str, status: int = 200) -> str:
    """The words of a page, without its marks."""
    answer = client.get(address)
    assert answer.status_code == status, address
    page = re.sub(r"<svg.*?</svg>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_a_year_adds_up_the_months_as_published(client):
    """NHS England, EIP waiting times: 222 of 291 people in the seven Essex areas in 2018/19."""
    said = read(client, f"{PSYCHOSIS}?place=set-ccgs&over=2018/19")
    assert "222 of 291 people (76%, 71 to 81) started treatment within two weeks" in said
    assert "The standard: at least 60%" in said


@pytest.mark.parametrize("written", ["Southend", "southend ccg", "suothend", "SS1 2AB", "ss12ab"])
def test_a_place_may_be_given_by_name_or_postcode(client, written):
    answer = client.get(PSYCHOSIS, {"place": written, "limits": "off", "as_at": "2022-03-31"})
    if answer.status_code == 302:
        kept = parse_qs(urlsplit(answer["Location"]).query)
        assert kept == {"place": ["99G"], "limits": ["off"], "as_at": ["2022-03-31"]}
    else:
        assert "place=99G" in answer.content.decode()


def test_a_name_of_several_places_offers_those_with_figures(client):
    said = read(client, f"{PSYCHOSIS}?place=london")
    assert "Choose one" in said and "NHS South East London ICB - 72Q" in said
    assert "Transport for London" not in said


def test_a_name_of_no_place_says_what_to_do(client):
    assert "No place found for “xyzzyx”" in read(client, f"{PSYCHOSIS}?place=xyzzyx")
    assert "Search by the name of the council" in read(client, f"{PSYCHOSIS}?place=ZZ1+1ZZ")


def test_codes_joined_by_a_plus_that_came_as_a_space_are_a_group(client):
    assert read(client, f"{PSYCHOSIS}?place=99E+99G") == read(client, f"{PSYCHOSIS}?place=99E%2B99G")


def test_a_period_without_a_figure_names_those_with_one(client):
    assert "Choose one of: " in read(client, f"{PSYCHOSIS}?place=99G&over=1990/91", 400)


def test_places_are_named_as_people_know_them_and_files_keep_the_code(client):
    assert "NHS Southend CCG (99G)" in read(client, f"{PSYCHOSIS}?place=99G")
    rows = client.get(f"{PSYCHOSIS}/figures.csv?place=99G").content.decode("utf-8-sig").splitlines()
    assert ",99G," in rows[1]


def test_what_a_publisher_hid_is_shown_as_hidden_never_as_zero(client):
    said = read(client, "/measures/talking-therapies-recovery?place=14A")
    assert "There is no figure for" in said and "suppressed" in said
    assert " 0.0%" not in said and " 0%" not in said


def test_a_place_without_figures_names_a_larger_place_or_publisher(client):
    said = read(client, "/measures/wellbeing-anxiety?place=99G")
    assert "There is no figure for NHS Southend CCG (99G)" in said


def test_one_period_only_has_a_table_and_says_why_no_chart(client):
    said = read(client, "/measures/deprivation-score?place=E09000004")
    assert "There is one figure only, so there is no chart over time." in said or "Skip to the chart" in said


def test_numbers_of_places_of_different_sizes_are_not_drawn_beside_one_another(client):
    page = client.get("/measures/out-of-area-bed-days?place=set-ccgs").content.decode()
    assert "These are numbers, not shares" in page and 'id="beside-title"' not in page


def test_old_figures_say_so(client):
    assert re.search(r"This figure is \d+ years( and \d+ months?)? old", read(client, f"{PSYCHOSIS}?place=99G"))
    assert "years old" not in read(client, f"{PSYCHOSIS}?place=99G&as_at=2022-04-30")


@given(st.dates(date(2000, 1, 1), date(2025, 1, 1)), st.integers(0, 300))
def test_the_age_of_a_figure_is_counted_in_whole_months(end, months):
    year, month = divmod(end.year * 12 + end.month - 1 + months, 12)
    said = age_words(end, date(year, month + 1, 1))
    numbers = [int(n) for n in re.findall(r"\d+", said)]
    assert bool(said) == (months >= 24)
    if said:
        assert numbers[0] * 12 + (numbers[1] if len(numbers) > 1 else 0) == months


def test_looking_back_hides_later_periods_on_pages(client):
    assert "March 2018, England: " in read(client, f"{PSYCHOSIS}?place=E92000001&as_at=2018-03-31")
    assert "March 2018, England: " in read(client, f"{PSYCHOSIS}/how?place=E92000001&as_at=2018-03-31")
    page = client.get(f"{PSYCHOSIS}?place=E92000001&as_at=2018-03-31").content.decode()
    assert re.findall(r'<th scope="row">([^<]+)</th>', page)[0] == "March 2018"


@pytest.mark.parametrize("part", ["figures", "everywhere"])
def test_looking_back_hides_later_periods_in_files(client, part):
    answer = client.get(f"{PSYCHOSIS}/{part}.json", {"place": "E92000001", "as_at": "2018-03-31"})
    ends = {row["period_end"] for row in json.loads(answer.content)["rows"]}
    assert max(ends) == "2018-03-31"


@pytest.mark.parametrize("name", sorted(all_measures()))
def test_every_measure_opens_and_is_light(client, name):
    answer = client.get(f"/measures/{name}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    styles = sum(len(gzip.compress((assets.FOLDER / sheet).read_bytes())) for sheet in assets.STYLE_SHEETS)
    assert len(answer.content) + styles <= HEAVIEST


def test_a_group_of_places_lists_only_what_can_be_added_up(client):
    page = client.get("/places/set-ccgs").content.decode()
    links = sorted(set(re.findall(r'href="(/measures/[^"]*place=set-ccgs[^"]*)"', page)))
    assert len(links) > 10
    assert {client.get(html.unescape(link)).status_code for link in links[::4]} == {200}
