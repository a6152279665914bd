"""Every route stands in doors.csv with who may use it and an example; a new route without a row fails here.

An example may hold `{edition}` or `{asset}`: the first file that the shipped figures came from, a style sheet; `{service}`, `{place}`,
`{organization}`, `{taxonomy}`, `{term}`, `{code}` of an invented service; `{report}`: a report on it; `{token}`: the link of its owner.
`who`: everyone (the only role there is until people sign in). `writes`: yes for an address that takes a form, and then only with the token
that its page gave (CSRF).
"""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve
from tests.directory.feed_services import CHANGED, sadness_group

from esteem.directory.actions import keep_services, make_link, report_wrong
from esteem.directory.needs import scheme, term_id
from esteem.directory.openreferral import taxonomy_id
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.actors import Actor
from esteem.web import assets
from esteem.web.mail import signed
from esteem.web.words.find_help_state import code_of

TABLE = Path(__file__).parent / "doors.csv"
TOKEN, REPORT = "t" * 40, "BCDFGHJK"


def rows() -> list[dict]:
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(autouse=True)
def directory(db, records_loaded):
    """One service and some records, so that the addresses of the directory and of counted figures have something to lead to."""
    team = Actor("person", "directory team")
    keep_services([sadness_group()], by=team, at=CHANGED)
    make_link(sadness_group().id, TOKEN, by=team, at=datetime.now(UTC))
    report_wrong(sadness_group().id, "hours", "", code=REPORT, at=CHANGED)


@cache
def known() -> dict[str, str]:
    edition = open_snapshot("shipped").rows("select edition from editions order by edition limit 1")[0]["edition"]
    service = sadness_group()
    return {
        "edition": quote(edition, safe=""),
        "asset": assets.address("esteem/shell.css"),
        "service": service.id,
        "place": service.locations[0].id,
        "organization": service.organization.id,
        "taxonomy": taxonomy_id(scheme()),
        "term": term_id(service.needs[0]),
        "code": code_of(service.id),
        "report": REPORT,
        "token": signed(TOKEN),
    }


def example(row: dict) -> str:
    return row["example"].format(**known())


def routes(patterns, before: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        here = before + str(pattern.pattern)
        found += [here] if isinstance(pattern, URLPattern) else routes(pattern.url_patterns, here)
    return found


def test_the_table_names_each_route_once_and_no_other():
    assert sorted(row["route"] for row in rows()) == sorted(set(routes(get_resolver().url_patterns)))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["route"] or "home")
def test_each_example_leads_to_its_route(row):
    assert resolve(unquote(urlsplit(example(row)).path)).route == row["route"]
    assert row["who"] == "everyone" and row["writes"] in ("yes", "no")


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["route"] or "home")
def test_everyone_may_read_each_example_and_it_is_closed_to_other_sites(row):
    answer = Client(headers={"host": "127.0.0.1"}).get(example(row))
    assert answer.status_code == 200
    assert list(answer.cookies) == (["csrftoken"] if row["writes"] == "yes" else [])
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    if answer["Content-Type"].startswith("text/html"):
        page = answer.content.decode()
        fetched = re.findall(r'<(?:link|img|script|iframe|object|embed|source|use|form)\b[^>]*?(?:href|src|action|data)="([^"]*)"', page)
        assert fetched and not [one for one in fetched if urlsplit(one).netloc]
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
        scripts = re.findall(r"<script\b[^>]*>", page)
        assert not [one for one in scripts if not re.fullmatch(r'<script src="/assets/esteem/find_help\.[0-9a-f]{12}\.js" defer>', one)]
        assert row["route"].startswith("find-help") or not scripts


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["route"] or "home")
def test_nothing_can_be_sent_but_a_form_with_the_token_of_its_page(row, method):
    answer = getattr(Client(enforce_csrf_checks=True), method)(example(row))
    if row["writes"] == "yes" and method == "post":
        assert answer.status_code == 403
        return
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
