"""The JSON search through its public door: what it answers, what it refuses, and that the words are nowhere afterwards."""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from tests.directory.made_up import AT, EDITOR, made_service

from esteem.directory import actions
from esteem.directory.record import CostOption
from esteem.terms.home import home
from esteem.web import directory_search

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/directory/search"


@pytest.fixture
def client():
    services = [
        made_service("Sleep circle", needs=("sleep",), channels=("in_person", "phone")),
        made_service("Sleep clinic", needs=("sleep", "anxiety"), costs=(CostOption("c1", "Fee", 40.0),)),
        made_service("Tidewell friends", needs=("loneliness",)),
    ]
    for service in services:
        actions.keep_service(service, by=EDITOR, at=AT)
    directory_search.reindex()
    return Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)


def asked(client, **parameters):
    answer = client.get(ADDRESS, parameters)
    assert answer.status_code == 200, answer.content[:300]
    return answer.json()


def test_an_answer_holds_what_a_page_needs(client):
    said = asked(client, q="cant slepp im 40", postcode="SS1 1AA")
    assert said["crisis"] == "none" and said["corrected"] == "cant sleep i am 40" and said["understood_needs"][0] == "sleep"
    assert [(one["kind"], one["value"]) for one in said["understood"]] == [("age", "40-40")]
    first = said["results"][0]
    assert "sleep" in first["needs"] and first["why"][0] == "Helps with: Sleep problems"
    assert first["open_now"] in ("open", "closed", "check", "open_days_only")
    assert first["eligibility"]["answer"] in ("yes", "check", "no") and first["eligibility"]["reasons"]


def test_danger_is_told_and_nothing_is_blocked(client):
    assert asked(client, q="i want to die")["crisis"] == "crisis"
    assert asked(client, q="i want to die and cant sleep")["results"]


def test_a_postcode_that_does_not_exist_stands_in_nobodys_way(client):
    said = asked(client, q="sleep", postcode="ZZ99 9ZZ")
    assert said["results"] and "postcode" in said["place_problem"].casefold()


def test_constraints_are_undone_by_parameter(client):
    assert len(asked(client, q="free help with sleep")["results"]) == 1
    assert len(asked(client, q="free help with sleep", undo="cost")["results"]) == 2


@pytest.mark.parametrize(
    "wrong", [{"age": "old"}, {"channel": "pigeon"}, {"need": "plumbing"}, {"when": "someday"}, {"page": "0"}, {"undo": "all"}]
)
def test_a_wrong_parameter_is_named(client, wrong):
    answer = client.get(ADDRESS, {"q": "sleep", **wrong})
    assert answer.status_code == 400
    assert next(iter(wrong)) in json.dumps(answer.json())


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "😭" * 500, "مساعدة في النوم", "'; drop table x; --", "<script>alert(1)</script>", "\u202esleep", "%00%ff"]
)
def test_hostile_words_are_answered(client, text):
    assert asked(client, q=text)["crisis"] in ("none", "signpost", "crisis")


def test_it_is_not_stored_by_browsers(client):
    assert client.get(ADDRESS, {"q": "sleep"})["Cache-Control"] == "no-store"


def test_the_words_are_nowhere_afterwards(client, caplog, tmp_path):
    """1,000 questions with a marker; then no file of the home, no table and no log line holds it."""
    marker = "zqxmarkerzqx"
    with caplog.at_level(logging.DEBUG):
        for number in range(1000):
            client.get(ADDRESS, {"q": f"sleep {marker} {number}", "postcode": "SS1 1AA"} if number % 50 else {"q": marker, "age": "wrong"})
    assert marker not in caplog.text
    files = [path for path in Path(home()).rglob("*") if path.is_file()]
    assert [path for path in files if marker.encode() in path.read_bytes()] == []
    raw = connection.connection
    dump = "\n".join(raw.iterdump()) if isinstance(raw, sqlite3.Connection) else _dumped()
    assert "Sleep circle" in dump and marker not in dump


def _dumped() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return "\n".join(str(cursor.execute(f'select * from "{name}"').fetchall()) for name in tables)


def test_a_changed_store_makes_a_new_index(client):
    before = directory_search.index()
    actions.keep_service(made_service("Another sleep group", needs=("sleep",)), by=EDITOR, at=AT)
    directory_search.reindex()
    assert directory_search.index() is not before
    assert len(asked(client, q="sleep")["results"]) == 3
