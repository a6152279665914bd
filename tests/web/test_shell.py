"""The shell of the site: headers, assets, looking back, error pages, secret. Through the public door: requests and answers."""

from __future__ import annotations

import gzip
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from esteem.terms.problems import Problem, Problems
from esteem.web import as_at, assets, secret
from esteem.web.middleware import AsAtAndProblems
from esteem.web.navigation import FOOTER, SECTIONS

PAGES = ("/glossary", "/accessibility", "/no-such-page", "/glossary?as_at=nonsense")
LIMIT_OF_A_PAGE = 150_000  # bytes transferred, style sheets included


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "127.0.0.1"})


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_is_closed_to_other_sites(client, address):
    answer = client.get(address)
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert not answer.cookies


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_nothing_of_another_site_and_runs_nothing(client, address):
    page = client.get(address).content.decode()
    fetched = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert fetched
    assert [one for one in fetched if urlsplit(one).netloc] == []
    assert "<script" not in page and " style=" not in page and "<style" not in page


@pytest.mark.parametrize("address", PAGES)
def test_a_page_can_be_walked_by_landmarks(client, address):
    page = client.get(address).content.decode()
    assert '<html lang="en-GB">' in page
    assert page.index('href="#maincontent"') < page.index("<header") < page.index('id="maincontent"') < page.index("<footer")
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r"<title>[^<]+Esteem</title>", page)
    assert "Figures are real and published; nothing here is advice." in page


def test_doors_stand_on_every_page_and_the_current_one_is_marked(client):
    page = client.get("/glossary").content.decode()
    assert all(f'href="{door.address}"' in page for door in (*SECTIONS, *FOOTER))
    assert re.search(r'href="/glossary" aria-current="page"', page)
    assert 'action="/search"' in page


def test_style_sheets_are_kept_for_a_year_under_the_checksum_of_their_bytes(client):
    page = client.get("/glossary").content.decode()
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    assert len(sheets) == len(assets.STYLE_SHEETS)
    for sheet in sheets:
        answer = client.get(sheet)
        assert answer.status_code == 200 and answer["Content-Type"].startswith("text/css")
        assert "immutable" in answer["Cache-Control"]
        assert client.get(sheet, headers={"if-none-match": answer["ETag"]}).status_code == 304
    stale = re.sub(r"\.[0-9a-f]{12}\.css", ".000000000000.css", sheets[0])
    assert client.get(stale).status_code == 404


def test_a_page_with_its_style_sheets_stays_under_the_limit(client):
    page = client.get("/glossary", headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    sent = len(page.content)
    for address in re.findall(r'(?:rel="stylesheet"|rel="icon") href="([^"]+)"', gzip.decompress(page.content).decode()):
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        assert gzip.decompress(answer.content) == client.get(address).content
        sent += len(answer.content)
    assert sent < LIMIT_OF_A_PAGE


def test_no_style_sheet_names_another_site():
    for asset in assets.all_assets().values():
        text = asset.content.decode()
        named = {one for one in re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}", text) if "www.w3.org" not in one}  # XML names, not fetched
        assert not named, asset.name


def test_a_page_that_has_not_changed_is_not_sent_again(client):
    first = client.get("/glossary")
    assert client.get("/glossary", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_looking_back_is_said_and_kept_by_every_door(client):
    page = client.get("/glossary?as_at=2021-06-01").content.decode()
    assert "1 June 2021" in page
    assert all(f'href="{door.address}?as_at=2021-06-01"' in page for door in SECTIONS)
    assert 'href="/glossary">See today' in page
    assert '<input type="hidden" name="as_at" value="2021-06-01">' in page


@pytest.mark.parametrize("text", ["2021", "01/06/2021", "2021-02-30", "1999-12-31", "<b>", "2021-06-01T00:00"])
def test_a_wrong_day_is_refused_with_what_to_do(client, text):
    answer = client.get("/glossary", {"as_at": text})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Write as_at=2022-03-31 for 31 March 2022" in re.search(r"<h1[^>]*>([^<]*)", page)[1]
    assert "<b>" not in page.replace("&lt;b&gt;", "")


names = st.text("abcdefghij_", min_size=1, max_size=8)
words = st.text(max_size=12)


@given(st.dictionaries(names, words, max_size=4), st.dictionaries(names, words | st.none(), max_size=4), st.dates(date(2000, 1, 1)))
def test_a_link_holds_what_it_was_given_and_the_day(before, given_now, kept):
    first = as_at.link("/measures", None, **before)
    query = parse_qs(urlsplit(as_at.link(first, kept, **given_now)).query, keep_blank_values=True)
    expected = {"as_at": kept.isoformat()} | before | given_now
    if "as_at" not in given_now:
        expected["as_at"] = kept.isoformat()
    assert query == {name: [value] for name, value in expected.items() if value is not None}


def test_a_link_repeats_a_parameter_for_each_item_and_keeps_its_fragment():
    link = as_at.link("/measures/x?where=A#table", date(2022, 3, 31), where=["B", "C"])
    assert link == "/measures/x?where=B&where=C&as_at=2022-03-31#table"
    assert as_at.link("https://other.example/page", date(2022, 3, 31)) == "https://other.example/page"


def test_an_unknown_page_says_first_what_to_do(client):
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert re.search(r"<h1[^>]*>Check the address, or search</h1>", answer.content.decode())


def test_an_unknown_address_of_the_api_answers_in_json(client):
    answer = client.get("/api/v1/no-such-thing")
    assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize(("code", "status"), [("place-unknown", 404), ("not-poolable", 400), ("snapshot-damaged", 503)])
def test_a_problem_becomes_a_page_with_its_words(code, status):
    request = RequestFactory().get("/measures/x")
    request.as_at = None
    wrong = Problem(code, "The rule.", "<found>", "Do this.", file="a.csv", row=7, column="Value")
    answer = AsAtAndProblems(lambda request: None).process_exception(request, Problems([wrong, wrong]))
    page = answer.content.decode()
    assert answer.status_code == status
    assert ">Do this</h1>" in page and "a.csv, row 7, column Value" in page and "&lt;found&gt;" in page and code in page
    assert page.count("esteem-problem") == 2


def test_what_fails_inside_is_a_friendly_page_and_no_trace(client, monkeypatch):
    def fail(*_):
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("esteem.web.pages.about.render", fail)
    client.raise_request_exception = False
    answer = client.get("/glossary")
    page = answer.content.decode()
    assert answer.status_code == 500 and "Try again in a minute" in page
    assert "secret reason" not in page and "Traceback" not in page
    assert "Content-Security-Policy" in answer


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_nothing_can_be_sent(client, method):
    answer = getattr(client, method)("/glossary")
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD"
    assert "Content-Security-Policy" in answer


def test_another_name_for_this_machine_is_refused():
    assert Client(headers={"host": "evil.example"}).get("/glossary").status_code == 400


def test_each_installation_makes_its_own_secret_and_keeps_it(tmp_path, monkeypatch):
    monkeypatch.delenv(secret.VARIABLE, raising=False)
    first = secret.secret_key(tmp_path / "one")
    assert first == secret.secret_key(tmp_path / "one") != secret.secret_key(tmp_path / "two")
    assert (tmp_path / "one" / secret.FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "one").iterdir()] == [secret.FILE_NAME]


def test_a_secret_that_others_can_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv(secret.VARIABLE, raising=False)
    secret.secret_key(tmp_path)
    (tmp_path / secret.FILE_NAME).chmod(0o644)
    with pytest.raises(Problem) as wrong:
        secret.secret_key(tmp_path)
    assert wrong.value.code == "secret-readable"


@pytest.mark.parametrize("weak", ["x", "a" * 60, "django-insecure-" + "k3j4h5g6f7d8s9a0q1w2e3r4t5y6u7i8o9p0" * 2, "CHANGEME" * 9])
def test_a_weak_secret_is_refused_and_not_shown(tmp_path, monkeypatch, weak):
    monkeypatch.setenv(secret.VARIABLE, weak)
    with pytest.raises(Problem) as wrong:
        secret.secret_key(tmp_path)
    assert wrong.value.code == "secret-weak"
    assert weak == "x" or weak not in str(wrong.value)
