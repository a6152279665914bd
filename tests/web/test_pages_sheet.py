"""The sheet and its promises as pages: every promise, each number a link, needs in a few words, days to look back to, what changed."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from esteem.strategy.file import find_strategies, load_strategy
from esteem.web.pages.sheets import looking_back
from esteem.web.words.promises import months_before

STRATEGIES = {name: load_strategy(path) for name, path in find_strategies().items()}


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "127.0.0.1"})


def page_of(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def cards(page: str) -> dict[str, str]:
    return dict(re.findall(r'<article class="promise" id="([A-Z]\d+)">(.*?)</article>', page, flags=re.S))


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_sheet_holds_every_promise_in_its_own_words(client, name):
    found = cards(page_of(client, f"/sheets/{name}"))
    assert list(found) and set(found) == {promise.row for promise in STRATEGIES[name].promises}
    for promise in STRATEGIES[name].promises:
        assert promise.text in found[promise.row]


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_number_on_the_sheet_leads_to_how_it_was_computed(client, name):
    links = re.findall(r'class="promise-value" href="([^"]+)"', page_of(client, f"/sheets/{name}"))
    assert links
    for link in links:
        assert "1. Which file" in page_of(client, link)


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_is_needed_is_said_in_a_few_words_and_in_full_behind(client, name):
    found = cards(page_of(client, f"/sheets/{name}"))
    told = {row: re.sub(r"<[^>]+>", "", card[card.index("Needs: ") :]) for row, card in found.items() if "Needs: " in card}
    assert told and all(len(words.split()) <= 32 and "`" not in words for words in told.values())
    row = next(iter(told))
    behind = page_of(client, f"/sheets/{name}/{row}")
    assert "What is missing" in behind and "From: " in behind and "`" not in behind


def test_cannot_tell_always_says_what_it_needs(client):
    for name in STRATEGIES:
        for row, card in cards(page_of(client, f"/sheets/{name}")).items():
            if "status--cannot-tell" in card or "status--not-yet" in card:
                assert "Needs: " in card, row


def test_a_past_day_is_chosen_in_words_and_stays_in_links(client):
    page = page_of(client, "/sheets/southend-essex-thurrock-2017?as_at=2020-03-31")
    assert '<option value="2020-03-31" selected>31 March 2020</option>' in page
    assert "as at 31 March 2020" in page
    inside = [link for link in re.findall(r'href="(/[^"]*)"', page) if not link.startswith("/assets/")]
    kept = [link for link in inside if "as_at=2020-03-31" in link]
    assert len(kept) > 50
    # One link leads back to today on purpose.
    assert set(inside) - set(kept) == {"/sheets/southend-essex-thurrock-2017"}


def test_a_day_that_ends_no_quarter_can_be_kept():
    days = looking_back(date(2017, 4, 1), date(2018, 1, 15), date(2017, 11, 5))
    assert days == [date(2017, 12, 31), date(2017, 11, 5), date(2017, 9, 30), date(2017, 6, 30)]


@pytest.mark.parametrize("span", ["month", "quarter", "year"])
def test_what_changed_is_told_for_a_month_a_quarter_or_a_year(client, span):
    page = page_of(client, f"/sheets/bexley-2023?since={span}")
    assert re.search(rf'since={span}#changed" aria-current="true">{span}<', page)
    assert "Since " in page or "No status and no figure is another" in page


def test_another_span_is_refused_with_what_to_do(client):
    assert "Choose month, quarter or year" in page_of(client, "/sheets/bexley-2023?since=week", 404)


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.integers(0, 240))
def test_months_before_lead_back_whole_months(day, months):
    earlier = months_before(day, months)
    assert earlier.year * 12 + earlier.month == day.year * 12 + day.month - months
    assert earlier.day <= day.day or months_before(day, 0) == day


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 9, 30), 3, date(2024, 6, 30)),
        (date(2024, 6, 30), 1, date(2024, 5, 31)),
        (date(2024, 1, 15), 3, date(2023, 10, 15)),
    ],
)
def test_the_end_of_a_month_leads_to_the_end_of_a_month(day, months, expected):
    assert months_before(day, months) == expected


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_promise_has_a_page_that_names_its_owner(client, name):
    for promise in STRATEGIES[name].promises:
        page = page_of(client, f"/sheets/{name}/{promise.row}")
        assert promise.text in page and promise.owner in page


def test_a_strategy_file_with_faults_does_not_take_the_other_sheets_away(client, monkeypatch, tmp_path):
    folder = tmp_path / "strategies"
    folder.mkdir()
    (folder / "broken.toml").write_text("id = 'broken'\n", encoding="utf-8")
    monkeypatch.setenv("ESTEEM_HOME", str(tmp_path))
    page = client.get("/sheets").content.decode()
    assert "Mend the strategy file broken" in page and "Bexley" in page
    assert client.get("/sheets/broken").status_code == 404
